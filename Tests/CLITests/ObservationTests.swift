import Foundation
import Glibc
import Logging
import TestServers
import Testing

@testable import CLI
@testable import Gateway

/// The socket on which systemd listens.
private final class NotifySocket: Sendable {
  let path: String
  private let descriptor: Int32

  /// - Parameter isAbstract: without a place in the file system, as containers have it.
  init(isAbstract: Bool = false) throws {
    let name = "/tmp/notify-\(UUID().uuidString.prefix(13))"
    path = isAbstract ? "@\(name)" : name
    descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let octets = (isAbstract ? [0] : []) + Array(name.utf8)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: octets) }
    let size = socklen_t(2 + octets.count)
    let isBound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) == 0 }
    }
    guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
  }

  deinit {
    close(descriptor)
    unlink(path)
  }

  /// What was said so far and not read yet, a datagram each.
  func heard() -> [String] {
    var datagrams: [String] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while case let count = recv(descriptor, &buffer, buffer.count, 0), count >= 0 {
      datagrams.append(String(decoding: buffer[..<count], as: UTF8.self))
    }
    return datagrams
  }

  /// Waits until this was said so often.
  func waitFor(_ state: String, count: Int = 1) async throws -> [String] {
    var heard: [String] = []
    for _ in 0..<6_000 {
      heard += self.heard()
      if heard.filter({ $0.contains(state) }).count >= count { return heard }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("\(state) was not said \(count) times: \(heard)")
    return heard
  }
}

@Suite("What the program tells who watches it", .timeLimit(.minutes(6)))
struct ObservationTests {
  @Test("It speaks to the socket that the environment names, in the file system or not", arguments: [false, true])
  func notifier(isAbstract: Bool) throws {
    let socket = try NotifySocket(isAbstract: isAbstract)
    let notifier = try #require(SystemdNotifier(environment: ["NOTIFY_SOCKET": socket.path]))
    #expect(notifier.say("READY=1", "STATUS=Serving") && notifier.say("WATCHDOG=1"))
    #expect(socket.heard() == ["READY=1\nSTATUS=Serving", "WATCHDOG=1"])
  }

  @Test("Where nobody listens nothing is said, and a name that is none is refused")
  func nobody() throws {
    for path in [nil, "", "@", "relative", "/" + String(repeating: "x", count: 200)] {
      #expect(SystemdNotifier(environment: path.map { ["NOTIFY_SOCKET": $0] } ?? [:]) == nil)
    }
    let gone = try #require(SystemdNotifier(environment: ["NOTIFY_SOCKET": "/tmp/notify-nobody"]))
    #expect(!gone.say("READY=1"))
  }

  @Test(
    "It pings twice in the time that systemd allows, where systemd asks this very process",
    arguments: [
      (["WATCHDOG_USEC": "2000000"], Duration.seconds(1)),
      (["WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "7"], .seconds(1)),
      (["WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "8"], nil), (["WATCHDOG_USEC": "soon"], nil), ([:], nil),
    ] as [([String: String], Duration?)])
  func interval(environment: [String: String], interval: Duration?) {
    let environment = environment.merging(["NOTIFY_SOCKET": "/tmp/x"]) { $1 }
    #expect(SystemdNotifier(environment: environment, processID: 7)?.watchdogInterval == interval)
  }

  @Test("The watchdog waits for all schools, and pings only while all parts come round")
  func watchdog() async throws {
    let socket = try NotifySocket()
    let environment = ["NOTIFY_SOCKET": socket.path, "WATCHDOG_USEC": "40000"]
    let schools = ServedSchools(["a", "b"])
    let notifier = try #require(SystemdNotifier(environment: environment))
    let watching = Task {
      await Watchdog(notifier: notifier, schools: schools, log: Logger(label: "") { _ in SwiftLogNoOpLogHandler() })
        .watch()
    }
    defer { watching.cancel() }
    let vitals = Vitals()
    // Longer than a busy machine takes over this test.
    vitals.beat(.mailbox, within: .seconds(3_600))
    schools.note("a", .serving(vitals))
    try await Task.sleep(for: .milliseconds(300))
    #expect(socket.heard().isEmpty, "one school has not been tried yet")
    schools.note("b", .failed)
    let said = try await socket.waitFor("WATCHDOG=1", count: 3)
    #expect(said.first == "READY=1\nSTATUS=Serving 1 of 2 schools")
    vitals.beat(.dispatch, within: .zero)
    try await Task.sleep(for: .milliseconds(100))
    _ = socket.heard()
    try await Task.sleep(for: .milliseconds(200))
    #expect(socket.heard().isEmpty && vitals.late == [.dispatch], "a part that hangs is told by silence")
    vitals.beat(.dispatch, within: .seconds(3_600))
    _ = try await socket.waitFor("WATCHDOG=1", count: 2)
  }

  @Test("It is not ready while no school is served, and says so; nor is one that fails later taken for served")
  func notReady() async throws {
    let socket = try NotifySocket()
    let environment = ["NOTIFY_SOCKET": socket.path, "WATCHDOG_USEC": "40000"]
    let schools = ServedSchools(["a"])
    let notifier = try #require(SystemdNotifier(environment: environment))
    let watching = Task {
      await Watchdog(notifier: notifier, schools: schools, log: Logger(label: "") { _ in SwiftLogNoOpLogHandler() })
        .watch()
    }
    defer { watching.cancel() }
    schools.note("a", .failed)
    _ = try await socket.waitFor("STATUS=Serving 0 of 1 school")
    try await Task.sleep(for: .milliseconds(300))
    #expect(socket.heard().isEmpty, "neither ready nor alive")
    schools.note("a", .serving(Vitals()))
    let said = try await socket.waitFor("WATCHDOG=1")
    #expect(said.first == "READY=1\nSTATUS=Serving 1 of 1 school")
    schools.note("a", .failed)
    _ = try await socket.waitFor("STATUS=Serving 0 of 1 school")
  }

  @Test("A served school answers Prometheus, says that it is ready to systemd and others, and that it stops")
  func served() async throws {
    let socket = try NotifySocket()
    try await MailServers.run { servers in
      let port = try freePort()
      let folder = try ServeTests.folder(servers.world, more: "observation: {port: \(port)}\n")
      try await ServeTests.fill(folder)
      let environment = [
        "IMAP_PASSWORD": "school-secret", "NOTIFY_SOCKET": socket.path, "WATCHDOG_USEC": "200000",
      ]
      let gateway = try RunningProgram(["serve", "."], environment: environment, in: folder.url)
      defer { gateway.kill() }
      let said = try await socket.waitFor("WATCHDOG=1", count: 2)
      #expect(said.first?.hasPrefix("READY=1") == true)
      let sent = try await ServeTests.run(
        ["send", "--from", "juf@school.test", "--to", "nieuws.groep5", "--subject", "Gym", "--proven"], in: folder,
        input: "Morgen gym.\n")
      #expect(sent.code == 0, "\(sent.complaint)")
      let accepted = "postplein_mails_total{outcome=\"accepted\",provider=\"other\"} 2"
      // A mail is counted when the server has it, and waits until that is written.
      let none = "postplein_outbox_waiting_mails{lane=\"bulk\"} 0\n"
      let text = try await Self.page(port, "metrics") { $0.contains(accepted) && $0.contains(none) }
      for line in [
        accepted, "postplein_imap_connected 1",
        "postplein_received_total{as=\"posted\"} 1", "postplein_imap_reconnects_total 0",
      ] { #expect(text.contains(line + "\n"), "\(line) is not in\n\(text)") }
      #expect(!text.contains("@") && !text.contains("school.test"), "nothing personal")
      try Self.check(byPrometheus: text)
      #expect(try await Self.page(port, "readyz") { $0 == "ok\n" } == "ok\n")
      #expect(try await Self.page(port, "healthz") { $0 == "ok\n" } == "ok\n")
      let head = try Self.output("/usr/bin/curl", ["-sI", "--max-time", "5", "http://127.0.0.1:\(port)/healthz"])
      #expect(head.hasPrefix("HTTP/1.1 200") && head.contains("Content-Length: 3\r\n"), "\(head)")
      try await unwritable(port, folder, servers)
      try await servers.perform(.kill, .imap)
      let unready = try await Self.page(port, "readyz") { $0 != "ok\n" }
      #expect(unready == "the mailbox is not reached\n")
      // The kernel keeps ten datagrams for who does not read them.
      _ = socket.heard()
      let stopped = try await gateway.stop()
      #expect(stopped.code == 0)
      _ = try await socket.waitFor("STOPPING=1")
    }
  }

  /// A mail that cannot be written down lies in the inbox, as on a full disk.
  private func unwritable(_ port: Int, _ folder: SchoolFolder, _ servers: MailServers) async throws {
    let messages = folder.url.appending(path: "store/messages")
    let aside = folder.url.appending(path: "store/aside")
    try FileManager.default.moveItem(at: messages, to: aside)
    try Data().write(to: messages)
    let mail = Data("From: els@ouders.test\r\nSubject: Hoi\r\n\r\nHoi\r\n".utf8)
    try await servers.deliver(mail, from: "els@ouders.test", to: "school@school.test")
    #expect(try await Self.page(port, "readyz") { $0 != "ok\n" } == "the store cannot be written\n")
    let waiting = "postplein_intake_waiting_mails 1\n"
    #expect(try await Self.page(port, "metrics") { $0.contains(waiting) }.contains(waiting))
    let text = try await Self.page(port, "metrics") { !$0.contains("postplein_intake_lag_seconds 0\n") }
    #expect(!text.contains("postplein_intake_lag_seconds 0\n"))
    try FileManager.default.removeItem(at: messages)
    try FileManager.default.moveItem(at: aside, to: messages)
    #expect(try await Self.page(port, "readyz") { $0 == "ok\n" } == "ok\n")
  }

  /// Asked by curl until it is as awaited.
  private static func page(_ port: Int, _ path: String, until holds: (String) -> Bool) async throws -> String {
    var page = ""
    for _ in 0..<200 {
      page = try output("/usr/bin/curl", ["-s", "--max-time", "5", "http://127.0.0.1:\(port)/\(path)"])
      if holds(page) { return page }
      try await Task.sleep(for: .milliseconds(100))
    }
    return page
  }

  /// By the parser of Prometheus's own client library, which is not our code.
  private static func check(byPrometheus text: String) throws {
    let program = """
      import sys
      from prometheus_client.parser import text_string_to_metric_families as families
      for family in families(sys.stdin.read()):
          assert family.documentation, family.name
          for sample in family.samples: print(family.type, sample.name, sample.value)
      """
    let samples = try output("/usr/bin/python3", ["-c", program], input: text)
    let lines = samples.split(separator: "\n")
    #expect(lines.count == text.split(separator: "\n").filter { !$0.hasPrefix("#") }.count, "\(samples)")
    #expect(lines.contains { $0.hasPrefix("gauge postplein_store_bytes ") && !$0.hasSuffix(" 0.0") }, "\(samples)")
  }

  private static func output(_ program: String, _ arguments: [String], input: String = "") throws -> String {
    let (process, output, standardInput) = (Process(), Pipe(), Pipe())
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardOutput = output
    process.standardInput = standardInput
    try process.run()
    try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    return String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
  }

  private func freePort() throws -> Int { try SilentServer().port }
}
