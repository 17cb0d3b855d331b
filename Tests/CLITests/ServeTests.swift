import Foundation
import TestServers
import Testing

@testable import CLI

@Suite("The program from import to report", .timeLimit(.minutes(6)))
struct ServeTests {
  static let administration = """
    <?xml version="1.0" encoding="UTF-8"?>
    <EDEX>
      <groepen><groep key="g5"><naam>Groep 5</naam></groep></groepen>
      <leerlingen>
        <leerling key="101"><achternaam>Vries</achternaam><voorvoegsel>de</voorvoegsel><roepnaam>Jelle</roepnaam>
          <groep key="g5"/></leerling>
      </leerlingen>
      <leerkrachten>
        <leerkracht key="j1"><achternaam>Boer</achternaam><voorvoegsel>de</voorvoegsel><roepnaam>Anna</roepnaam>
          <emailadres>juf@school.test</emailadres><groepen><groep key="g5"/></groepen></leerkracht>
      </leerkrachten>
    </EDEX>

    """
  static let carers = """
    naam;e-mail;leerlingnummer
    Els de Vries;anna@ouders.test;101
    Jan de Vries;geen adres;101

    """

  static func folder(_ world: MailServers.World, smtpPort: Int? = nil, more: String = "") throws -> SchoolFolder {
    let server = { (port: Int) in
      "{host: localhost, port: \(port), user: school@school.test, password-env: IMAP_PASSWORD, certificates: \(world.ca)}"
    }
    let folder = try SchoolFolder(
      """
      school: {name: De Wilgenhof}
      address: {mode: domain, domain: ouders.school.test, mailbox: school@school.test}
      authentication: {authserv-id: mail.school.test}
      people: {support: [juf@school.test], activation-by-mail: no}
      imap: \(server(world.imaps))
      smtp: \(server(smtpPort ?? world.submissions))
      \(more)
      """)
    try folder.write(administration, to: "school.xml")
    try folder.write(carers, to: "ouders.csv")
    return folder
  }

  static func run(_ arguments: [String], in folder: SchoolFolder, input: String? = nil) async throws -> Binary.Result {
    try await Binary.run(arguments, environment: ["IMAP_PASSWORD": "school-secret"], in: folder.url, input: input)
  }

  static func fill(_ folder: SchoolFolder) async throws {
    let dry = try await run(["import", "edexml", "school.xml"], in: folder)
    #expect(dry.code == 0 && dry.output.contains("--apply"), "\(dry.complaint)")
    let people = try await run(["import", "edexml", "school.xml", "--apply"], in: folder)
    #expect(people.code == 0 && people.output.contains("+ pupil"), "\(people.output)\(people.complaint)")
    let carers = try await run(["import", "carers", "ouders.csv", "--apply"], in: folder)
    #expect(carers.code == 1 && carers.complaint.contains("ouders.csv:3:"), "\(carers.complaint)")
    #expect(carers.output.contains("1 new"))
    let again = try await run(["import", "carers", "ouders.csv", "--apply", "--json"], in: folder)
    #expect(again.output.contains("\"differences\":[]"), "\(again.output)")
  }

  /// News on gym, for group 5.
  static func sendNews(in folder: SchoolFolder) async throws {
    let sent = try await run(
      ["send", "--from", "juf@school.test", "--to", "nieuws.groep5", "--subject", "Gym", "--proven"], in: folder,
      input: "Morgen gym.\n")
    #expect(sent.code == 0, "\(sent.complaint)")
  }

  @Test("Who was imported gets what is sent in, the report says so, and SIGTERM ends it within five seconds")
  func day() async throws {
    try await MailServers.run { servers in
      let folder = try Self.folder(servers.world)
      try await Self.fill(folder)
      let check = try await Self.run(["check", "."], in: folder)
      #expect(check.code == 0, "\(check.output)")
      let gateway = try RunningProgram(
        ["serve", ".", "--log-format", "json"], environment: ["IMAP_PASSWORD": "school-secret"], in: folder.url)
      defer { gateway.kill() }
      try await Self.sendNews(in: folder)
      try await servers.waitForMail(to: "anna@ouders.test") { $0.contains("Subject: Gym") }
      var report = ""
      for _ in 0..<600 where !report.contains("1 accepted") {
        report = try await Self.run(["report"], in: folder).output
        try await Task.sleep(for: .milliseconds(100))
      }
      #expect(report.contains("accepted  Els de Vries <anna@ouders.test>"), "\(report)")
      let threads = try await Self.run(["threads"], in: folder).output
      #expect(threads.contains("news “Gym” by Anna de Boer, for Groep 5"), "\(threads)")

      let stopped = try await gateway.stop()
      #expect(stopped.code == 0)
      #expect(stopped.took < RunningProgram.promptly, "\(stopped.took)")
      for line in stopped.log.split(separator: "\n") {
        #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) != nil, "\(line)")
      }
      #expect(stopped.log.contains("serving") && !stopped.log.contains("ouders.test"), "\(stopped.log)")
    }
  }

  @Test("A log that cannot be written, as on a full disk, holds up no mail")
  func fullLog() async throws {
    try await MailServers.run { servers in
      let folder = try Self.folder(servers.world)
      try await Self.fill(folder)
      let gateway = try RunningProgram(
        ["serve", "."], environment: ["IMAP_PASSWORD": "school-secret"], in: folder.url,
        standardError: URL(filePath: "/dev/full"))
      defer { gateway.kill() }
      try await Self.sendNews(in: folder)
      try await servers.waitForMail(to: "anna@ouders.test") { $0.contains("Subject: Gym") }
      #expect(try await gateway.stop(SIGHUP).code == 0, "the end of its terminal is as SIGTERM")
    }
  }

  @Test("Where IMAP is led to a port without TLS its log holds lines of JSON alone")
  func cleanLog() async throws {
    try await MailServers.run { servers in
      let folder = try Self.folder(servers.world)
      let yaml = folder.url.appending(path: "postplein.yaml")
      let text = try String(contentsOf: yaml, encoding: .utf8)
      try folder.write(
        text.replacing("port: \(servers.world.imaps)", with: "port: \(servers.world.imap)"), to: "postplein.yaml")
      try await Self.fill(folder)
      let gateway = try RunningProgram(
        ["serve", ".", "--log-format", "json"], environment: ["IMAP_PASSWORD": "school-secret"], in: folder.url)
      defer { gateway.kill() }
      for _ in 0..<600 where try !gateway.logged().contains("tls") { try await Task.sleep(for: .milliseconds(100)) }
      let log = try await gateway.stop().log
      #expect(log.contains("tls"), "\(log)")
      for line in log.split(separator: "\n") {
        #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) != nil, "\(line)")
      }
    }
  }

  @Test("A server that says nothing at all does not keep it from ending within five seconds, and nothing is lost")
  func silentServer() async throws {
    try await MailServers.run { servers in
      let silent = try SilentServer()
      let folder = try Self.folder(servers.world, smtpPort: silent.port)
      try await Self.fill(folder)
      let gateway = try RunningProgram(
        ["serve", "."], environment: ["IMAP_PASSWORD": "school-secret"], in: folder.url)
      defer { gateway.kill() }
      try await Self.sendNews(in: folder)
      try await silent.waitForConnection()
      let stopped = try await gateway.stop()
      #expect(stopped.code == 0)
      #expect(stopped.took < RunningProgram.promptly, "\(stopped.took)")
      #expect(try await Self.run(["report"], in: folder).output.contains("1 waiting"))
    }
  }

  @Test("Two schools that want the same mailbox or port are refused at the start, and so is one given twice")
  func notApart() async throws {
    let one = try SchoolFolder(SchoolFolder.least + "observation: {port: 9001}\n")
    let same = try SchoolFolder()
    let other = try SchoolFolder(
      SchoolFolder.least.replacing("Ouders@School.nl", with: "ouders@elders.nl")
        .replacing("imap.school", with: "imap.elders") + "observation: {port: 9001}\n")
    let run = { (folders: [String]) in
      try await Binary.run(["serve"] + folders, environment: SchoolFolder.environment)
    }
    let mailbox = try await run([one.url.path, same.url.path])
    #expect(mailbox.code == 78 && mailbox.complaint.contains("have the same imap.host"), "\(mailbox.complaint)")
    let port = try await run([one.url.path, other.url.path])
    #expect(port.code == 78 && port.complaint.contains("have the same observation.port"), "\(port.complaint)")
    let twice = try await run([one.url.path, one.url.path + "/."])
    #expect(twice.code == 64 && twice.complaint.contains("is given twice"), "\(twice.complaint)")
  }

  @Test("A log tells schools apart whose folders have the same name")
  func labels() throws {
    let given = try ServedFolders(["/a/school", "/b/school", "/b/wilg"])
    #expect(given.folders.map(given.label) == ["/a/school", "/b/school", "wilg"])
  }

  @Test("One school that is wrong says so at once; among many it is left out and the others are served")
  func manySchools() async throws {
    let wrong = try SchoolFolder("school: {}\n")
    let alone = try await Binary.run(["serve", wrong.url.path])
    #expect(alone.code == 78 && alone.complaint.contains("school.name is missing"), "\(alone.complaint)")
    try await MailServers.run { servers in
      let folder = try Self.folder(servers.world)
      try await Self.fill(folder)
      let gateway = try RunningProgram(
        ["serve", wrong.url.path, folder.url.path], environment: ["IMAP_PASSWORD": "school-secret"], in: folder.url)
      defer { gateway.kill() }
      try await Self.sendNews(in: folder)
      try await servers.waitForMail(to: "anna@ouders.test") { $0.contains("Subject: Gym") }
      let stopped = try await gateway.stop()
      #expect(stopped.code == 0 && stopped.took < RunningProgram.promptly)
      #expect(stopped.log.contains("school not served"))
    }
  }
}

@Suite("A school whose store is not there", .timeLimit(.minutes(6)))
struct LostStoreTests {
  private let commands: [[String]] = [
    ["import", "edexml", "school.xml", "--apply"], ["digest"], ["store", "expire", "raw", "--days", "9", "--apply"],
    ["send", "--from", "juf@school.nl", "--to", "nieuws", "--subject", "x"], ["serve", "."], ["threads"],
  ]

  private static func runner(in folder: SchoolFolder) -> ([String]) async throws -> Binary.Result {
    { try await Binary.run($0, environment: SchoolFolder.environment, in: folder.url, input: "") }
  }

  @Test("Its secret says that there was one: no command puts an empty one in its place, and all say what to do")
  func lost() async throws {
    let folder = try SchoolFolder()
    try folder.write(ServeTests.administration, to: "school.xml")
    let run = Self.runner(in: folder)
    #expect(try await run(["import", "edexml", "school.xml", "--apply"]).code == 0, "the first makes both")
    let (store, unmounted) = (folder.url.appending(path: "store"), folder.url.appending(path: "elsewhere"))
    try FileManager.default.moveItem(at: store, to: unmounted)
    // Nothing there; what a disk is mounted on; what a full disk leaves of a copy.
    for isFolder in [false, true] {
      if isFolder {
        try FileManager.default.createDirectory(at: store, withIntermediateDirectories: false)
        try Data().write(to: store.appending(path: "postplein.sqlite"))
      }
      for command in commands {
        let result = try await run(command)
        #expect(result.code == 69 && result.complaint.contains("no store"), "\(command): \(result.complaint)")
      }
      let check = try await run(["check", "--offline", "."])
      #expect(check.code == 1 && check.output.contains("mount its disk"), "\(check.output)")
    }
    try FileManager.default.removeItem(at: store)
    try FileManager.default.moveItem(at: unmounted, to: store)
    #expect(try await run(["check", "--offline", "."]).code == 0)
    #expect(try await run(["digest"]).code == 0)
    // To begin anew.
    try FileManager.default.moveItem(at: store, to: unmounted)
    try FileManager.default.removeItem(at: folder.url.appending(path: "secret"))
    #expect(try await run(["import", "edexml", "school.xml", "--apply"]).code == 0)
  }

  @Test("A secret that is lost is not made anew once mails went out by it, and all say what to do")
  func lostSecret() async throws {
    let folder = try SchoolFolder()
    try folder.write(ServeTests.administration, to: "school.xml")
    let run = Self.runner(in: folder)
    let secret = folder.url.appending(path: "secret")
    #expect(try await run(["import", "edexml", "school.xml", "--apply"]).code == 0)
    // Between its store and its secret the very first command may have died.
    try FileManager.default.removeItem(at: secret)
    #expect(try await run(["check", "--offline", "."]).code == 0)
    #expect(try await run(["digest"]).code == 0)
    let made = try Data(contentsOf: secret)

    try folder.write(ServeTests.carers, to: "carers.csv")
    _ = try await run(["import", "carers", "carers.csv", "--apply"])
    #expect(try await run(["activation", "send", "anna@ouders.test"]).code == 0)
    try FileManager.default.removeItem(at: secret)
    for command in [["serve", "."], ["digest"], ["import", "edexml", "school.xml", "--apply"]] {
      let result = try await run(command)
      #expect(result.code == 69 && result.complaint.contains("openssl rand"), "\(command): \(result.complaint)")
      #expect(!FileManager.default.fileExists(atPath: secret.path))
    }
    let check = try await run(["check", "--offline", "."])
    #expect(check.code == 1 && check.output.contains("put it back from a backup"), "\(check.output)")
    try made.write(to: secret)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret.path)
    #expect(try await run(["check", "--offline", "."]).code == 0)
    #expect(try await run(["digest"]).code == 0)
  }
}

/// The built `postplein` while it runs. Its log goes to a file, which no reader can hold up.
final class RunningProgram: Sendable {
  struct Stopped: Sendable {
    let code: Int32
    let took: Duration
    let log: String
  }

  /// Five seconds, and what a busy machine adds.
  static let promptly = Duration.seconds(8)

  private let process: Process
  private let log: URL

  /// - Parameter standardError: instead of the log's file.
  init(_ arguments: [String], environment: [String: String], in folder: URL, standardError: URL? = nil) throws {
    log = folder.appending(path: "log-\(UUID().uuidString)")
    try Data().write(to: log)
    process = Process()
    process.executableURL = Binary.url
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = Binary.inherited.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: standardError ?? log)
    try process.run()
  }

  /// A signal that ends it, and what came of that.
  func stop(_ signal: Int32 = SIGTERM) async throws -> Stopped {
    let begun = ContinuousClock.now
    Foundation.kill(process.processIdentifier, signal)
    while process.isRunning, ContinuousClock.now - begun < .seconds(20) {
      try await Task.sleep(for: .milliseconds(10))
    }
    let took = ContinuousClock.now - begun
    kill()
    let code = process.terminationReason == .exit ? process.terminationStatus : -1
    return Stopped(code: code, took: took, log: try logged())
  }

  func logged() throws -> String { try String(contentsOf: log, encoding: .utf8) }

  func kill() {
    if process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }
}

/// Takes connections and never says a word.
final class SilentServer: Sendable {
  struct NoConnection: Error {}

  let port: Int
  private let descriptor: Int32

  init() throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isListening = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 && listen(descriptor, 16) == 0 && getsockname(descriptor, $0, &size) == 0
      }
    }
    guard isListening else { throw POSIXError(.EADDRNOTAVAIL) }
    self.descriptor = descriptor
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  deinit { close(descriptor) }

  /// Until somebody connects: they then wait for a greeting.
  func waitForConnection() async throws {
    for _ in 0..<1_000 {
      var look = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      if poll(&look, 1, 0) > 0 { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw NoConnection()
  }
}
