import Foundation
import Gateway
import Testing
import Transport

@testable import CLI

@Suite("A school's configuration")
struct ConfigurationTests {
  private func load(
    _ yaml: String = SchoolFolder.least, environment: [String: String] = SchoolFolder.environment
  ) throws -> SchoolConfiguration {
    let folder = try SchoolFolder(yaml)
    return try SchoolConfiguration.load(folder: folder.url, environment: environment)
  }

  private func problems(
    _ yaml: String, environment: [String: String] = SchoolFolder.environment
  ) throws -> [ConfigurationProblem] {
    let error = try #require(throws: ConfigurationError.self) { try load(yaml, environment: environment) }
    return error.problems
  }

  @Test("The least that a school must say is enough, and the rest has its documented value")
  func least() throws {
    let school = try load()
    #expect(school.settings.name == "De Wilgenhof")
    #expect(school.settings.language == .dutch)
    #expect(school.settings.timeZone.identifier == "Europe/Amsterdam")
    #expect(school.settings.scheme.mode == .subaddress)
    #expect(school.settings.scheme.mailbox.domain == "school.nl")
    #expect(school.settings.limits == SchoolSettings.Limits())
    #expect(school.settings.folders == SchoolSettings.Folders())
    #expect(school.settings.sending == SchoolSettings.Sending())
    #expect(school.settings.people == SchoolSettings.People())
    #expect(
      school.imap
        == ServerAccount(
          host: "imap.school.nl", port: 993, security: .implicitTLS, userName: "ouders", password: "imap-geheim"))
    #expect(school.smtp.port == 465)
    #expect(school.smtp.password == "smtp-geheim")
    #expect(school.heloName == nil)
  }

  @Test("Every key that is given reaches the settings")
  func everything() throws {
    let yaml = """
      school: {name: De Wilgenhof, language: fy, time-zone: Europe/Berlin, phone: "0512 34 56 78"}
      address: {mode: domain, domain: Ouders.School.nl, mailbox: bureau@school.nl}
      imap: {host: 127.0.0.1, port: 143, security: starttls, user: 12345, password-env: IMAP_PASSWORD,
        certificates: ca.pem, inbox: IN, handled-folder: A, attention-folder: B/C, poll-seconds: 5, keep-days: 30}
      smtp: {host: smtp.school.nl, port: 587, security: starttls, user: u, password-env: IMAP_PASSWORD,
        connections: 8, messages-per-minute: 30, helo-name: mail.school.nl}
      authentication: {authserv-id: mail.school.nl}
      people: {urgent-roles: [dir], urgent: [An@school.nl], support: bo@school.nl, urgent-desk: [cy@school.nl],
        parents-may-open-schoolyard: true}
      schoolyard: {undo-seconds: 60, digest-hour: 0, digest-weekday: 7, moderators: [Cor@school.nl]}
      broadcast: {check: approval, undo-seconds: 90, approvers: [An@school.nl, bo@school.nl]}
      absence: {desk: bo@school.nl, head: [Cy@school.nl], report-until: "08:00", board: "08:10", school-ends: "14:30"}
      limits: {attachment-megabytes: 1, attachments-megabytes: 2, attachments: 3, message-megabytes: 4, attempts: 5,
        mails-per-hour: 6, strangers-per-hour: 7}
      """
    let folder = try SchoolFolder(yaml)
    try folder.write("-----BEGIN CERTIFICATE-----\n", to: "ca.pem")
    let school = try SchoolConfiguration.load(folder: folder.url, environment: SchoolFolder.environment)
    let settings = school.settings
    #expect(settings.language == .frisian)
    #expect(settings.timeZone.identifier == "Europe/Berlin")
    #expect(school.settings.phone == "0512 34 56 78")
    #expect(settings.scheme.domain == "ouders.school.nl")
    #expect(settings.scheme.mailbox.description == "bureau@school.nl")
    #expect(school.imap.userName == "12345")
    #expect(school.imap.security == .startTLS)
    #expect(school.imap.trustedCertificatesFile?.hasSuffix("/ca.pem") == true)
    #expect(settings.folders.inbox == "IN")
    #expect(settings.folders.attention == "B/C")
    #expect(settings.folders.keepDays == 30)
    #expect(settings.folders.pollInterval == .seconds(5))
    #expect(settings.sending.connections == 8)
    #expect(settings.sending.messagesPerMinute == 30)
    #expect(school.heloName == "mail.school.nl")
    #expect(settings.authservID == "mail.school.nl")
    #expect(settings.people.urgentRoles == ["DIR"])
    #expect(settings.people.urgentSenders == ["an@school.nl"])
    #expect(settings.people.supportDesk == ["bo@school.nl"])
    #expect(settings.people.urgentDesk == ["cy@school.nl"])
    #expect(settings.people.parentsMayOpenSchoolyard)
    #expect(settings.schoolyard.undoWindow == 60)
    #expect(settings.schoolyard.digestHour == 0 && settings.schoolyard.moderators == ["cor@school.nl"])
    #expect(settings.schoolyard.digestWeekday == 7)
    #expect(settings.broadcast.check == .approval && settings.broadcast.undoWindow == 90)
    #expect(settings.broadcast.approvers == ["an@school.nl", "bo@school.nl"])
    #expect(settings.absence.desk == ["bo@school.nl"] && settings.absence.head == ["cy@school.nl"])
    #expect(settings.absence.reportMinute == 480 && settings.absence.boardMinute == 490)
    #expect(settings.absence.endMinute == 870)
    #expect(settings.limits.fileOctets == 1 << 20)
    #expect(settings.limits.filesOctets == 2 << 20)
    #expect(settings.limits.files == 3)
    #expect(school.imapLimits.messageSize == 4 << 20)
    #expect(settings.limits.attempts == 5)
    #expect(settings.limits.mailsPerHour == 6 && settings.limits.strangersPerHour == 7)
  }

  @Test("Approval by one person alone is refused: nobody approves their own", arguments: ["", ", approvers: [a@b.nl]"])
  func approvers(list: String) {
    #expect {
      try load(SchoolFolder.least + "broadcast: {check: approval\(list)}\n")
    } throws: {
      "\($0)".contains("name two at least")
    }
  }

  @Test("Times of the day are read as such, and in their order", arguments: ["25:00", "8.20", "820", "07:00", "15:00"])
  func times(board: String) {
    #expect {
      try load(SchoolFolder.least + "absence: {board: \"\(board)\"}\n")
    } throws: {
      "\($0)".contains("absence.board")
        && ("\($0)".contains("a time of the day") || "\($0)".contains("in the order of the day"))
    }
  }

  @Test("Support answers urgent messages where no desk is given, and mode domain makes its own address")
  func fallbacks() throws {
    let yaml = SchoolFolder.least.replacingOccurrences(
      of: "mode: subaddress\n  mailbox: Ouders@School.nl", with: "mode: domain\n  domain: ouders.school.nl")
    let school = try load(yaml + "people: {support: [bo@school.nl]}\n")
    #expect(school.settings.people.urgentDesk == ["bo@school.nl"])
    #expect(school.settings.scheme.mailbox.description == "school@ouders.school.nl")
  }

  /// A line of the least configuration, what stands there instead, and the key, line and advice of its one problem.
  struct Wrong: Sendable, CustomTestStringConvertible {
    let line: String
    let instead: String
    let key: String?
    let number: Int?
    let advice: String

    init(_ line: String, _ instead: String, _ key: String?, _ number: Int?, _ advice: String) {
      (self.line, self.instead, self.key, self.number, self.advice) = (line, instead, key, number, advice)
    }

    var testDescription: String { instead }
  }

  static let wrong: [Wrong] = [
    Wrong("  name: De Wilgenhof", "  name:", "school.name", 1, "add it to the section school"),
    Wrong("  name: De Wilgenhof", "  name: De Wilgenhof\n  langage: nl", "school.langage", 3, "school.language?"),
    Wrong("  name: De Wilgenhof", "  name: De Wilgenhof\n  port: 1", "school.port", 3, "imap.port?"),
    Wrong(
      "  name: De Wilgenhof", "  name: De Wilgenhof\n  xyzzy: 1", "school.xyzzy", 3, "take one of: school.language"),
    Wrong("  name: De Wilgenhof", "  name: De Wilgenhof\n  language: Dutch", "school.language", 3, "one of nl, fy, en"),
    Wrong("  name: De Wilgenhof", "  name: De Wilgenhof\n  time-zone: Mars", "school.time-zone", 3, "Europe/Amsterdam"),
    Wrong("  name: De Wilgenhof", "  name: [a]", "school.name", 2, "a text of one line"),
    Wrong("  name: De Wilgenhof", "  name: \"a\\nb\"", "school.name", 2, "a text of one line"),
    Wrong("  mode: subaddress", "  mode: plus", "address.mode", 4, "subaddress, domain, plain"),
    Wrong("  mode: subaddress", "  mode: domain", "address.domain", 3, "give the domain"),
    Wrong("  mode: subaddress", "  mode: plain\n  domain: a.nl", "address.domain", 5, "remove it"),
    Wrong("  mailbox: Ouders@School.nl", "", "address.mailbox", 3, "ouders@school.nl"),
    Wrong("  mailbox: Ouders@School.nl", "  mailbox: ouders", "address.mailbox", 5, "a mail address"),
    Wrong("  host: imap.school.nl", "  host: imaps://school.nl/", "imap.host", 7, "a host name"),
    Wrong("  host: imap.school.nl", "  host: a\n  port: 70000", "imap.port", 8, "1 to 65535"),
    Wrong("  host: imap.school.nl", "  host: a\n  port: imaps", "imap.port", 8, "1 to 65535"),
    Wrong("  host: imap.school.nl", "  host: a\n  security: none", "imap.security", 8, "tls, starttls"),
    Wrong("  host: imap.school.nl", "  host: a\n  password: geheim", "imap.password", 8, "password-env"),
    Wrong("  host: imap.school.nl", "  host: a\n  password-file: b", "imap.password-file", 8, "give one of the two"),
    Wrong("  host: imap.school.nl", "  host: a\n  certificates: ca.pem", "imap.certificates", 8, "PEM file"),
    Wrong("  host: imap.school.nl", "  host: a\n  certificates: /dev/null", "imap.certificates", 8, "authority's"),
    Wrong("  host: imap.school.nl", "  host: a\n  inbox: Postplein/Verwerkt", "imap.handled-folder", 6, "of its own"),
    Wrong("  host: imap.school.nl", "  host: a\n  host: b", "host", nil, "keep one of the two"),
    Wrong("  password-env: IMAP_PASSWORD", "", "imap.password-file", 6, "give password-file, or password-env"),
    Wrong("  password-env: IMAP_PASSWORD", "  password-env: OTHER", "imap.password-env", 9, "set OTHER"),
    Wrong("  password-env: IMAP_PASSWORD", "  password-env: geheim!", "imap.password-env", 9, "name of an environment"),
    Wrong("  password-file: mail-password", "  password-file: none", "smtp.password-file", 13, "make it"),
    Wrong("  password-file: mail-password", "  password-file: .", "smtp.password-file", 13, "a file of its own"),
    Wrong("school:", "people: {support: [bo]}\nschool:", "people.support", 1, "a list of mail addresses"),
    Wrong("school:", "people: bo@school.nl\nschool:", "people", 1, "put its keys below it"),
    Wrong("school:", "schol: {}\nschool:", "schol", 1, "did you mean school?"),
    Wrong("school:", "\tschool:", nil, 1, "never tabs"),
    Wrong("school:", "school: [", nil, nil, "mend the line"),
  ]

  @Test("What is wrong is told by key and line, with what to do", arguments: wrong)
  func wrongValues(_ wrong: Wrong) throws {
    let yaml = SchoolFolder.least.replacing(wrong.line, with: wrong.instead, maxReplacements: 1)
    #expect(yaml != SchoolFolder.least)
    let problems = try problems(yaml)
    let problem = try #require(problems.first { $0.key == wrong.key })
    #expect(problem.advice.contains(wrong.advice), "\(problem.advice)")
    if let number = wrong.number { #expect(problem.line == number) }
    #expect(problems.count == 1, "\(problems)")
  }

  @Test("A relay on this machine needs no login, and none of another machine goes without TLS")
  func relay() throws {
    let others = """
      school: {name: De Wilgenhof}
      address: {mode: subaddress, mailbox: ouders@school.nl}
      imap: {host: imap.school.nl, user: ouders, password-env: IMAP_PASSWORD}

      """
    let relay = try load(others + "smtp: {host: 127.0.0.1, port: 25, security: none}\n").smtp
    #expect(relay == ServerAccount(host: "127.0.0.1", port: 25, security: .plain, userName: "", password: ""))
    for (smtp, key) in [
      ("{host: smtp.school.nl, security: none}", "smtp.security"), ("{security: none}", "smtp.host"),
      ("{host: 127.0.0.1, security: none, user: u}", "smtp.user"),
      ("{host: 127.0.0.1, security: none, password-env: IMAP_PASSWORD}", "smtp.password-env"),
      ("{host: 127.0.0.1, security: none, certificates: ca.pem}", "smtp.certificates"),
      ("{host: 127.0.0.1, password-env: IMAP_PASSWORD}", "smtp.user"),
    ] {
      #expect(try problems(others + "smtp: \(smtp)\n").map(\.key) == [key], "\(smtp)")
    }
    let mailbox = others.replacing("user: ouders,", with: "security: none,")
    #expect(try problems(mailbox + "smtp: {host: 127.0.0.1, security: none}\n").map(\.key).contains("imap.security"))
  }

  @Test("All problems are told at once, in the order of the file, and no value with them")
  func allAtOnce() throws {
    let problems = try problems(
      "school: {naam: x}\naddress: {mode: sesame}\nimap: {port: 0, password: sesame}\nlimits: {attempts: sesame}\n",
      environment: [:])
    let keys = problems.compactMap(\.key)
    for key in [
      "school.name", "school.naam", "address.mode", "imap.host", "imap.port", "imap.user", "imap.password",
      "imap.password-file", "smtp.host", "smtp.user", "smtp.password-file", "limits.attempts",
    ] {
      #expect(keys.contains(key), "\(key)")
    }
    #expect(Set(keys).count == keys.count)
    #expect(problems.map { $0.line ?? 0 } == problems.map { $0.line ?? 0 }.sorted())
    #expect(!"\(ConfigurationError(file: URL(filePath: "/x"), problems: problems))".contains("sesame"))
  }

  @Test(
    "A file that is not there, empty, no list of sections or no UTF-8 is said to be so", arguments: ["", "- a", "a"])
  func noConfiguration(_ yaml: String) throws {
    #expect(try !problems(yaml).isEmpty)
    let folder = try SchoolFolder()
    try FileManager.default.removeItem(at: folder.url.appending(path: "postplein.yaml"))
    let error = try #require(throws: ConfigurationError.self) {
      try SchoolConfiguration.load(folder: folder.url, environment: [:])
    }
    #expect(error.problems.count == 1)
    try Data([0xFF, 0xFE, 0x00]).write(to: folder.url.appending(path: "postplein.yaml"))
    let unreadable = try #require(throws: ConfigurationError.self) {
      try SchoolConfiguration.load(folder: folder.url, environment: [:])
    }
    #expect(unreadable.problems.map(\.advice) == ["save it as UTF-8"])
  }

  @Test(
    "A file with a password must be the gateway's alone, and hold one line",
    arguments: [
      (0o600, "geheim", true), (0o400, "geheim\n", true), (0o640, "geheim", false), (0o604, "geheim", false),
      (0o660, "geheim", false), (0o600, "", false), (0o600, "\n", false), (0o600, "een\ntwee", false),
      (0o600, String(repeating: "x", count: 5_000), false),
    ])
  func passwordFile(rights: Int, content: String, isGood: Bool) throws {
    let folder = try SchoolFolder(password: content, rights: rights)
    let load = { try SchoolConfiguration.load(folder: folder.url, environment: SchoolFolder.environment) }
    if isGood {
      #expect(try load().smtp.password == "geheim")
    } else {
      let error = try #require(throws: ConfigurationError.self) { try load() }
      #expect(error.problems.map(\.key) == ["smtp.password-file"])
      #expect(!"\(error)".contains("geheim"))
    }
  }

  @Test("The documented example is what the keys say, and a school can start from it")
  func example() throws {
    let file = URL(filePath: #filePath).appending(path: "../../../deploy/postplein.example.yaml").standardizedFileURL
    let text = try String(contentsOf: file, encoding: .utf8)
    #expect(text == ConfigurationExample.text, "write it anew: postplein check --keys > deploy/postplein.example.yaml")
    #expect(try load(text).settings.name == "De Wilgenhof")
    for key in ConfigurationKeys.all {
      #expect(text.contains("  \(key.word): ") || text.contains("  #\(key.word): "), "\(key.path)")
    }
  }

  @Test("Each key of the example is one when its # is taken away")
  func wholeExample() throws {
    let text = ConfigurationExample.text.replacing(/(?m)^  #(?=[a-z])/, with: "  ")
      .replacing("  password-env", with: "  #password-env").replacing("  domain:", with: "  #domain:")
      .replacing("  certificates:", with: "  #certificates:")
    let school = try load(text)
    #expect(school.settings.phone == "0512 34 56 78")
    #expect(school.settings.authservID == "mail.school.nl")
    #expect(school.settings.limits == SchoolSettings.Limits())
  }

  @Test("No key has two definitions, and each belongs to a documented section")
  func keys() {
    let paths = ConfigurationKeys.all.map(\.path)
    #expect(Set(paths).count == paths.count)
    let sections = Set(ConfigurationKeys.sections.map(\.name))
    #expect(Set(ConfigurationKeys.all.map(\.section)) == sections)
    for key in ConfigurationKeys.all { #expect(!key.exampleText.isEmpty && key.doc.hasSuffix("."), "\(key.path)") }
  }

  @Test(
    "The nearest word is offered, a far one is not",
    arguments: [
      ("imap.prot", "imap.port"), ("imap.hots", "imap.host"), ("imap.HOST", "imap.host"), ("imap.zzzz", nil),
      ("imap.x", nil),
    ])
  func spelling(word: String, expected: String?) {
    #expect(Spelling.nearest(to: word, among: ["imap.host", "imap.port", "imap.user"]) == expected)
  }
}

@Suite("The secret behind reply keys")
struct SchoolSecretTests {
  @Test("It is made once, for nobody else to read, and stays the same")
  func made() throws {
    let folder = try SchoolFolder()
    #expect(try !SchoolSecret.exists(folder: folder.url))
    _ = try SchoolSecret.loadOrMake(folder: folder.url)
    let file = folder.url.appending(path: "secret")
    let first = try String(contentsOf: file, encoding: .utf8)
    #expect(first.count == 65)
    let rights = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
    #expect(rights == 0o600)
    _ = try SchoolSecret.loadOrMake(folder: folder.url)
    #expect(try String(contentsOf: file, encoding: .utf8) == first)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(Set(names) == ["postplein.yaml", "mail-password", "secret"])
  }

  @Test(
    "One that others can read, or that is damaged, is refused and never replaced",
    arguments: [
      (0o644, String(repeating: "ab", count: 32)), (0o600, String(repeating: "ab", count: 31)), (0o600, "secret"),
      (0o600, ""), (0o600, String(repeating: "zz", count: 32)),
    ])
  func refused(rights: Int, content: String) throws {
    let folder = try SchoolFolder()
    try folder.write(content, to: "secret", rights: rights)
    #expect(throws: ConfigurationProblem.self) { _ = try SchoolSecret.loadOrMake(folder: folder.url) }
    #expect(try String(contentsOf: folder.url.appending(path: "secret"), encoding: .utf8) == content)
  }

  @Test("Where the folder cannot be written in, it says so")
  func unwritable() throws {
    let nowhere = URL(filePath: "/nonexistent-\(UUID().uuidString)")
    #expect(throws: ConfigurationProblem.self) { _ = try SchoolSecret.loadOrMake(folder: nowhere) }
  }
}
