import Foundation
import School
import Store
import TestServers
import Testing

@testable import CLI

@Suite("What an administrator is told", .timeLimit(.minutes(6)))
struct OperatorTests {
  @Test(
    "Root on another user's folder is told to be that user, whatever the command",
    .enabled(if: geteuid() == 0),
    arguments: [["check", "--offline", "."], ["serve", "."], ["digest"], ["activation", "send", SmallSchool.parent]])
  func otherOwner(command: [String]) async throws {
    let school = try await SmallSchool()
    for place in ["", "mail-password"] {
      #expect(chown(school.folder.url.appending(path: place).path, 65_534, 65_534) == 0)
    }
    let result = try await school.run(command)
    let told = result.output + result.complaint
    #expect(result.code == 78 && told.contains("runuser -u nobody") && !told.contains("chown"), "\(told)")
  }

  @Test("check names by its key each address that nobody of the staff has")
  func nobodysAddresses() async throws {
    let school = try await SmallSchool(
      """
      people: {support: [drik@school.test], urgent: [dirk@school.test, weg@school.test], mail-admins: [els@ouders.test]}
      broadcast: {check: approval, approvers: [dirk@school.test, ict@school.test]}
      absence: {desk: [administratie@school.test], head: [dirck@school.test]}

      """)
    let result = try await school.run(["check", "--offline", "--json", "."])
    #expect(result.code == 0, "\(result.output)")
    let warnings = try SmallSchool.objects(result.output).filter {
      $0["status"] as? String == "warning" && ($0["subject"] as? String)?.contains(".") == true
    }
    #expect(
      warnings.map { $0["subject"] as? String } == [
        "people.urgent", "people.support", "people.mail-admins", "broadcast.approvers", "absence.head",
      ], "\(result.output)")
    #expect(warnings[1]["advice"] as? String == "did you mean dirk@school.test?")
    #expect((warnings[0]["message"] as? String)?.hasPrefix("weg@school.test") == true)
  }

  @Test(
    "A backup into the school's own store, or below it, is refused", arguments: ["store", "store/b/c", "templates"])
  func backupIntoStore(place: String) async throws {
    let school = try await SmallSchool()
    let before = try school.listing
    let result = try await school.run(["store", "backup", place])
    #expect(result.code == 65 && result.complaint.contains("school's own"), "\(result.complaint)")
    #expect(try school.listing == before)
    let link = school.folder.url.appending(path: "link")
    try FileManager.default.createSymbolicLink(
      at: link, withDestinationURL: school.folder.url.appending(path: "store"))
    #expect(try await school.run(["store", "backup", "link/x"]).code == 65)
    #expect(try await school.run(["store", "backup", "storefront"]).code == 0)
  }

  @Test("An activation mail goes to a parent who did not answer yet, and to nobody else")
  func activation() async throws {
    let school = try await SmallSchool()
    let staff = try await school.run(["activation", "send", SmallSchool.teacher])
    #expect(staff.code == 65 && staff.complaint.contains("is no parent's"), "\(staff.complaint)")
    #expect(try await school.run(["activation", "send", SmallSchool.parent]).code == 0)
    let els = try #require(try await school.store.directory().account(address: SmallSchool.parent)).id
    _ = try await school.store.commit(
      Outcome(
        inbound: nil, label: "x", decision: Decision(changes: [.setActivation(els, .active)]), at: Date())
    ) { "\($0)@school.nl" }
    let active = try await school.run(["activation", "send", SmallSchool.parent])
    #expect(active.code == 65 && active.complaint.contains("is active already"), "\(active.complaint)")
    #expect(try await school.run(["activation"]).output.hasPrefix("active since"))
    let working = try await school.run(["addresses", "reactivate", SmallSchool.parent])
    #expect(working.code == 0 && working.output.hasPrefix("nothing was wrong with els@"), "\(working.output)")
  }

  @Test("What cannot be read is told with its name and the reason")
  func reasons() async throws {
    let school = try await SmallSchool()
    let place = school.folder.url.path
    let unread: [[String]] = [
      ["import", "carers", place], ["import", "edexml", place], ["explain", place],
      ["send", "--from", SmallSchool.teacher, "--to", "nieuws", "--subject", "x", "--attach", place],
    ]
    for command in unread {
      let told = try await school.run(command, input: "x")
      #expect(
        told.code == 74 && told.complaint.contains("\(place) cannot be read: Is a directory"), "\(told.complaint)")
    }
    let missing = try await school.run(["import", "carers", "nope.csv"])
    #expect(missing.code == 74 && missing.complaint.contains("nope.csv cannot be read: No such file"))
    try school.folder.write("Subject: a\n\nHoi", to: "a.eml")
    for more in [[], ["--school", place]] {
      if !more.isEmpty { _ = try SchoolSecret.loadOrMake(folder: school.folder.url) }
      let some = try await school.run(["explain", "--json", "a.eml", "nope", "a.eml"] + more)
      #expect(some.code == 74 && some.output.split(separator: "\n").count == 2, "\(some)")
    }
  }

  @Test("A configuration that is not there, is no file, is too long or no text is told as such")
  func configurations() async throws {
    let folder = try SchoolFolder()
    let file = folder.url.appending(path: "postplein.yaml")
    let told = {
      try await Binary.run(["check", "--offline", folder.url.path], environment: SchoolFolder.environment).output
    }
    try Data(repeating: 0x20, count: SchoolConfiguration.longest + 1).write(to: file)
    #expect(try await told().contains("is larger than 1 MB"))
    try Data([0xFF, 0xFE, 0xFA]).write(to: file)
    #expect(try await told().contains("is no text in UTF-8"))
    try FileManager.default.removeItem(at: file)
    #expect(try await told().contains("The configuration is not there"))
    try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
    #expect(try await told().contains("cannot be read: Is a directory"))
  }

  @Test("Results of a pupil whom nobody knows cannot be erased", arguments: [[], ["--apply"]])
  func eraseNobody(more: [String]) async throws {
    let school = try await SmallSchool()
    let nobody = try await school.run(["store", "erase-results", "4444"] + more)
    #expect(nobody.code == 1 && nobody.complaint.contains("no such pupil"), "\(nobody.complaint)")
    #expect(try await school.run(["store", "erase-results", "p"] + more).code == 0)
  }

  @Test("An export is its owner's alone, and one that fails on a full disk leaves nothing that keeps from the next")
  func export() async throws {
    let school = try await SmallSchool()
    let mail = "From: \(SmallSchool.parent)\r\n\r\n" + String(repeating: "Hoi allemaal.\r\n", count: 30_000)
    _ = try await school.store.record(Data(mail.utf8), from: nil, at: Date())
    // As a full disk: no file may grow beyond 200 blocks of 512 octets.
    let full = Process()
    full.executableURL = URL(filePath: "/bin/sh")
    full.arguments = [
      "-c", "trap '' XFSZ; ulimit -f 200; exec \"$0\" store export \(SmallSchool.parent) data", Binary.url.path,
    ]
    full.currentDirectoryURL = school.folder.url
    full.environment = Binary.inherited.merging(SchoolFolder.environment) { $1 }
    full.standardError = FileHandle.nullDevice
    try full.run()
    full.waitUntilExit()
    #expect(full.terminationStatus == 74)
    let data = school.folder.url.appending(path: "data")
    #expect(!FileManager.default.fileExists(atPath: data.path))
    let again = try await school.run(["store", "export", SmallSchool.parent, "data"])
    #expect(again.code == 0, "\(again.complaint)")
    let rights = { (place: String) in
      try FileManager.default.attributesOfItem(atPath: data.appending(path: place).path)[.posixPermissions] as? Int
    }
    #expect(try rights("data.json") == 0o600 && rights("messages") == 0o700)
  }

  @Test("Times are those of the school's zone")
  func zone() async throws {
    let school = try await SmallSchool()
    let at = Date(timeIntervalSince1970: 1_800_000_000)
    let author = try #require(try await school.store.directory().account(address: SmallSchool.teacher)).id
    _ = try await school.store.commit(
      Outcome(
        inbound: nil, label: "posted", messageID: "1@x", route: "nieuws",
        decision: Decision(changes: [
          .openThread(kind: .news, subject: "Gym", author: author, audience: .school, members: [], about: nil),
          .addEntry(thread: .new, author: author, body: MessageBody(text: "x"), origin: nil),
        ]), at: at)
    ) { "\($0)@school.nl" }
    for command in [["threads"], ["threads", "show", "1"]] {
      let shown = try await school.run(command, environment: ["TZ": "Pacific/Auckland"]).output
      #expect(shown.contains("2027-01-15 09:00:00"), "\(shown)")
    }
  }
}

extension SmallSchool {
  fileprivate var listing: [String] {
    get throws { try FileManager.default.subpathsOfDirectory(atPath: folder.url.path).sorted() }
  }
}
