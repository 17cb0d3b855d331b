import Foundation
import TestServers
import Testing
import Transport

@testable import CLI
@testable import Store

@Suite("postplein check", .timeLimit(.minutes(6)))
struct CheckTests {
  private let templates = URL(filePath: #filePath).appending(path: "../../../templates").standardizedFileURL

  /// Accounts of the servers that a test started.
  private func folder(
    _ world: MailServers.World, imapPort: Int? = nil, smtpPort: Int? = nil, host: String = "localhost",
    authority: String? = nil
  ) throws -> SchoolFolder {
    let server = { (port: Int) in
      """
        host: \(host)
        port: \(port)
        user: school@school.test
        password-env: IMAP_PASSWORD
        certificates: \(authority ?? world.ca)

      """
    }
    return try SchoolFolder(
      """
      school: {name: De Wilgenhof}
      address: {mode: domain, domain: ouders.school.test}
      authentication: {authserv-id: mail.school.test}
      people: {support: [juf@school.test]}
      imap:
      \(server(imapPort ?? world.imaps))
      smtp:
      \(server(smtpPort ?? world.submissions))
      """)
  }

  private func check(_ folder: SchoolFolder, password: String = "school-secret") async -> [CheckLine] {
    await SchoolCheck(
      folder: folder.url, templates: templates, environment: ["IMAP_PASSWORD": password], asksServers: true
    ).run()
  }

  @Test("All is well on real servers, and each failure says what to do")
  func servers() async throws {
    try await MailServers.run { servers in
      let world = servers.world
      let good = await check(try folder(world))
      #expect(good.map(\.status) == Array(repeating: .ok, count: 7), "\(good.map(\.text))")
      #expect(Check.exitCode(good) == nil)

      let wrongPassword = await check(try folder(world), password: "wrong").suffix(2)
      #expect(wrongPassword.map(\.status) == [.failed, .failed])
      for line in wrongPassword { #expect(line.advice?.contains("password are right") == true, "\(line.text)") }
      #expect(wrongPassword.map(\.isTemporary) == [false, false])

      let otherAuthority = await check(try folder(world, authority: world.untrustedCA)).suffix(2)
      #expect(otherAuthority.map(\.status) == [.failed, .failed])
      for line in otherAuthority { #expect(line.advice?.contains(".certificates") == true, "\(line.text)") }

      let clear = await check(try folder(world, imapPort: world.imap, smtpPort: world.submission)).suffix(2)
      #expect(clear.map(\.status) == [.failed, .failed], "\(clear.map(\.text))")

      try await servers.perform(.stop, .smtp)
      let half = await check(try folder(world))
      #expect(half.filter { $0.status == .failed }.map(\.subject) == ["smtp"])
      #expect(Check.exitCode(half) == Exit.unavailable)
    }
  }

  @Test("A store that is damaged or newer, and a secret that others can read, are found without the servers")
  func files() async throws {
    let folder = try SchoolFolder()
    let check = SchoolCheck(
      folder: folder.url, templates: templates, environment: SchoolFolder.environment, asksServers: false)
    var lines = await check.run()
    #expect(!lines.contains { $0.status == .failed }, "\(lines.map(\.text))")
    let store = folder.url.appending(path: "store")
    try FileManager.default.createDirectory(at: store, withIntermediateDirectories: true)
    try Data("no database at all, but long enough to have a header of its own".utf8)
      .write(to: store.appending(path: "postplein.sqlite"))
    try folder.write(String(repeating: "ab", count: 32), to: "secret", rights: 0o644)
    lines = await check.run()
    let failed = lines.filter { $0.status == .failed }
    #expect(failed.map(\.subject) == ["secret", "store"], "\(lines.map(\.text))")
    #expect(failed.compactMap(\.advice).count == 2)
    #expect(Check.exitCode(lines) == Exit.failed)
  }

  @Test("A store that others on the machine can reach, and a disk that is nearly full, are told of")
  func folderOfStore() async throws {
    let folder = try SchoolFolder()
    let store = folder.url.appending(path: "store")
    let check = { (rights: Int) throws in
      try FileManager.default.createDirectory(at: store, withIntermediateDirectories: true)
      try FileManager.default.setAttributes([.posixPermissions: rights], ofItemAtPath: store.path)
      return FolderCheck(place: store, messageSize: 64 << 20).lines
    }
    #expect(
      try check(0o700) == [] && FolderCheck(place: folder.url.appending(path: "none"), messageSize: 1).lines == [])
    #expect(try check(0o755).map(\.status) == [.warning])
    let writable = try check(0o777)
    #expect(writable.map(\.status) == [.failed] && writable[0].advice == "chmod 700 \(store.path)")
    let room = FolderCheck(place: store, messageSize: 64 << 20)
    #expect(room.roomLine(nil) == nil && room.roomLine(FolderCheck.leastRoom) == nil)
    #expect(room.roomLine(64 << 20)?.status == .warning)
    let full = room.roomLine(64 << 20 - 1)
    #expect(full?.status == .failed && full?.isTemporary == true && full?.message.hasPrefix("63 MB") == true)
  }

  @Test("A store of the version before is no reason not to serve it")
  func oldStore() async throws {
    let folder = try SchoolFolder()
    let store = folder.url.appending(path: "store")
    try FileManager.default.createDirectory(at: store, withIntermediateDirectories: true)
    try Schema.make(version: "answers in private", at: store.appending(path: "postplein.sqlite").path)
    try folder.write(String(repeating: "ab", count: 32), to: "secret")
    let lines = await SchoolCheck(
      folder: folder.url, templates: templates, environment: SchoolFolder.environment, asksServers: false
    ).run()
    #expect(!lines.contains { $0.status == .failed }, "\(lines.map(\.text))")
    #expect(lines.first { $0.subject == "store" }?.message.contains("older version") == true)
  }

  @Test("A template of the school's own that is broken or overrides nothing is found, and so are missing templates")
  func templateProblems() async throws {
    let folder = try SchoolFolder()
    let own = folder.url.appending(path: "templates/nl")
    try FileManager.default.createDirectory(at: own, withIntermediateDirectories: true)
    try folder.write("{{#open}}", to: "templates/nl/news.txt.mustache")
    try folder.write("Hallo", to: "templates/nl/newz.txt.mustache")
    let check = { (templates: URL?) in
      await SchoolCheck(
        folder: folder.url, templates: templates, environment: SchoolFolder.environment, asksServers: false
      ).run().filter { $0.status == .failed }
    }
    let broken = await check(templates)
    #expect(Set(broken.map(\.subject)) == ["templates"])
    #expect(broken.contains { $0.message.contains("nl/news.txt.mustache:1") }, "\(broken.map(\.text))")
    #expect(broken.contains { $0.message.contains("newz.txt") })
    #expect(await check(nil).map(\.subject) == ["templates"])
    let elsewhere = await check(URL(filePath: "/nonexistent"))
    #expect(elsewhere.map(\.message) == ["/nonexistent is not there"], "\(elsewhere.map(\.text))")
    #expect(elsewhere.first?.advice?.contains("--templates") == true)
  }

  @Test("The exit code is that of the gravest failure")
  func exitCodes() {
    let temporary = CheckLine.failed("imap", "", advice: "", isTemporary: true)
    let permanent = CheckLine.failed("smtp", "", advice: "")
    let configuration = CheckLine.failed("configuration", "", advice: "")
    #expect(Check.exitCode([.ok("imap", ""), .warning("people", "", advice: "")]) == nil)
    #expect(Check.exitCode([.ok("imap", ""), temporary]) == Exit.unavailable)
    #expect(Check.exitCode([temporary, permanent]) == Exit.failed)
    #expect(Check.exitCode([permanent, configuration, temporary]) == Exit.configuration)
  }

  @Test("Every kind of transport error has its own advice")
  func advice() {
    let account = ServerAccount(host: "h", port: 1, security: .startTLS, userName: "", password: "")
    let kinds: [TransportError.Kind] = [
      .network, .timeout, .certificate, .tls, .authentication, .protocolViolation, .refused, .notFound, .limit,
    ]
    let advice = kinds.compactMap { CheckLine.failed("imap", TransportError($0, ""), account: account).advice }
    #expect(Set(advice).count == kinds.count)
  }
}

@Suite("The command as it is run", .timeLimit(.minutes(6)))
struct CommandLineTests {
  @Test(
    "Wrong arguments exit with 64, help with 0",
    arguments: [
      (["check"], 64), (["chek", "x"], 64), (["check", "--no-such-option", "x"], 64), (["--help"], 0),
      (["check", "--help"], 0), (["serve", "--log-level", "loud", "x"], 64),
      (["serve", "--log-format", "xml", "x"], 64),
    ] as [([String], Int32)])
  func usage(arguments: [String], code: Int32) async throws {
    let result = try await Binary.run(arguments)
    #expect(result.code == code)
    #expect(!(result.output + result.complaint).isEmpty)
  }

  @Test("A command that is misspelt is told with what may have been meant")
  func misspelt() async throws {
    let result = try await Binary.run(["chekc", "x"])
    #expect(result.code == 64 && result.complaint.contains("did you mean check?"), "\(result.complaint)")
    #expect(Postplein.unknownCommand("check") == nil && Postplein.unknownCommand("--help") == nil)
    #expect(Postplein.unknownCommand("zwembad") == nil)
  }

  @Test("The exit codes stand in the help")
  func documentedCodes() async throws {
    let help = try await Binary.run(["--help"]).output
    for code in ["0", "1", "64", "65", "69", "74", "78"] { #expect(help.contains(" \(code) "), "\(code)") }
  }

  @Test("check exits with 78 for a wrong configuration, 69 for a server that is not there, 0 where all is well")
  func checkCodes() async throws {
    let none = try await Binary.run(["check", "/nonexistent"])
    #expect(none.code == 78)
    #expect(none.output.contains("FAIL configuration"))
    let folder = try SchoolFolder(SchoolFolder.least.replacing(/host: .*/, with: "host: 127.0.0.1\n  port: 1"))
    let unreachable = try await Binary.run(["check", folder.url.path], environment: SchoolFolder.environment)
    #expect(unreachable.code == 69, "\(unreachable.output)")
    let offline = try await Binary.run(
      ["check", "--offline", "--json", folder.url.path, folder.url.path], environment: SchoolFolder.environment)
    #expect(offline.code == 0)
    let lines = offline.output.split(whereSeparator: \.isNewline)
    #expect(lines.count == 14)
    for line in lines {
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      #expect(object?["school"] as? String == folder.url.path)
      #expect(object?["status"] is String)
    }
  }

  @Test("where libvips cannot be loaded, check says what to install")
  func pictures() async throws {
    let folder = try SchoolFolder()
    // The loader takes the first of that name, and finds it to be no library.
    try Data().write(to: folder.url.appending(path: "libvips.so.42"))
    let environment = SchoolFolder.environment.merging(["LD_LIBRARY_PATH": folder.url.path]) { $1 }
    let check = try await Binary.run(["check", "--offline", folder.url.path], environment: environment)
    // The gateway serves all the same: what it starts with must not keep it from that.
    #expect(check.code == 0)
    #expect(check.output.contains("WARN pictures"), "\(check.output)")
    #expect(check.output.contains("libvips42"))
  }

  @Test("check --keys prints the documented example")
  func keys() async throws {
    let result = try await Binary.run(["check", "--keys"])
    #expect(result.code == 0)
    #expect(result.output == ConfigurationExample.text)
  }
}
