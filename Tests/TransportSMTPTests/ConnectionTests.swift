import Foundation
import Mail
import Testing
import Transport

@testable import TransportSMTP

@Suite("Connecting and logging in")
struct LoginTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var options: [String] = []
    var security = TransportSecurity.implicitTLS
    var host = "localhost"
    var password = ScriptedPeer.password
    var certificate = Certificate.localhost
    var trusted: Certificate? = .localhost
    var kind: TransportError.Kind
  }

  static let rows = [
    Row(testDescription: "untrusted", certificate: .untrusted, kind: .certificate),
    Row(
      testDescription: "untrusted, STARTTLS", options: ["--starttls"], security: .startTLS, certificate: .untrusted,
      kind: .certificate),
    Row(testDescription: "not the system's", trusted: nil, kind: .certificate),
    Row(testDescription: "expired", certificate: .expired, trusted: .expired, kind: .certificate),
    Row(testDescription: "another host's", certificate: .otherHost, trusted: .otherHost, kind: .certificate),
    Row(testDescription: "a name where an address is asked for", host: "127.0.0.1", kind: .certificate),
    Row(testDescription: "no file", trusted: Certificate(certificate: "/none.pem", key: ""), kind: .certificate),
    Row(testDescription: "clear text on the TLS port", options: ["--clear"], kind: .tls),
    Row(testDescription: "ended in the handshake", options: ["--reset-handshake"], kind: .network),
    Row(testDescription: "no STARTTLS", options: ["--starttls", "--no-starttls"], security: .startTLS, kind: .tls),
    Row(
      testDescription: "STARTTLS refused", options: ["--starttls", "--starttls-reply", "502 5.5.1 No"],
      security: .startTLS, kind: .tls),
    Row(
      testDescription: "STARTTLS not now", options: ["--starttls", "--starttls-reply", "454 4.7.0 Later"],
      security: .startTLS, kind: .network),
    Row(testDescription: "wrong password", password: "verkeerd", kind: .authentication),
    Row(
      testDescription: "wrong password by LOGIN", options: ["--auth", "LOGIN"], password: "x", kind: .authentication),
    Row(testDescription: "login not now", options: ["--auth-reply", "454 4.7.0 Later"], kind: .network),
    Row(testDescription: "login: 421", options: ["--auth-reply", "421 4.7.0 Bye"], kind: .network),
    Row(testDescription: "no login offered", options: ["--auth", ""], kind: .authentication),
    Row(testDescription: "no mechanism of ours", options: ["--auth", "GSSAPI"], kind: .authentication),
    Row(testDescription: "greeting 421", options: ["--greeting", "421 4.3.2 Busy"], kind: .network),
    Row(testDescription: "greeting 554", options: ["--greeting", "554 No SMTP here"], kind: .protocolViolation),
    Row(testDescription: "greeting of another protocol", options: ["--greeting", "* OK IMAP4rev1"], kind: .timeout),
    Row(testDescription: "silent", options: ["--silent"], kind: .timeout),
    Row(testDescription: "a bad host name", host: "localhost/x", kind: .notFound),
  ]

  @Test("what goes wrong has its kind, and no message leaves", arguments: rows)
  func failures(row: Row) async throws {
    let peer = try ScriptedPeer(options: row.options, certificate: row.certificate)
    let account = peer.account(row.security, host: row.host, password: row.password, trusting: row.trusted)
    var limits = SubmissionLimits.test
    limits.connectTimeout = .seconds(3)
    let submitter = CurlSubmitter(account: account, connections: 1, limits: limits)
    let sent = await #expect(throws: TransportError.self) {
      try await submitter.submit(plainMessage, envelope: envelope("anna@ouders.test"))
    }
    let checked = await #expect(throws: TransportError.self) { try await submitter.verifyLogin() }
    await submitter.shutdown()
    #expect(sent?.kind == row.kind, "\(String(describing: sent))")
    #expect(checked?.kind == row.kind, "\(String(describing: checked))")
    #expect(sent?.message.contains(row.password) == false)
    #expect(try peer.loggedEvents("command").allSatisfy { $0.line?.hasPrefix("MAIL") == false })
    #expect(try peer.loggedEvents("login").allSatisfy { $0.right == false || row.options.contains("--auth-reply") })
  }

  @Test("nobody listening is a network error")
  func refused() async throws {
    // Bound, and not listened on: nobody else can come to listen there meanwhile.
    let (socket, port) = try boundSocket()
    defer { close(socket) }
    let account = ServerAccount(host: "127.0.0.1", port: port, security: .startTLS, userName: "a", password: "b")
    let error = await #expect(throws: TransportError.self) { try await submitOnce(account: account) }
    #expect(error?.kind == .network)
  }

  @Test("a relay on loopback is spoken to in clear text, and gets no login, also where it offers one")
  func relay() async throws {
    let peer = try ScriptedPeer("--clear")
    let submitter = CurlSubmitter(account: peer.account(.plain), connections: 1, limits: .test)
    #expect(try await submitter.submit(plainMessage, envelope: envelope("a@b.test")).code == 250)
    #expect(try await submitter.submit(plainMessage, envelope: envelope("c@b.test")).code == 250)
    try await submitter.verifyLogin()
    await submitter.shutdown()
    #expect(try peer.loggedEvents("login").isEmpty)
  }

  @Test(
    "nothing is said in clear text to another machine",
    arguments: [
      "192.0.2.1", "relay.school.nl", "127.0.0.1.nl", "127.1", "localhost.school.nl", "::2", "127.0.0.300",
      "0127.0.0.1", "+127.0.0.1", "127.0.0.", "127..0.1",
    ])
  func otherMachine(host: String) async throws {
    let account = ServerAccount(host: host, port: 25, security: .plain, userName: "", password: "")
    let error = await #expect(throws: TransportError.self) { try await submitOnce(account: account) }
    #expect(error?.kind == .tls)
  }

  @Test("an unknown host is a temporary error")
  func unknownHost() async throws {
    let account = ServerAccount(
      host: "nergens.invalid", port: 465, security: .implicitTLS, userName: "a", password: "b")
    let error = await #expect(throws: TransportError.self) { try await submitOnce(account: account) }
    #expect(error?.isTemporary == true)
  }

  @Test(
    "logs in by PLAIN and LOGIN, by implicit TLS and STARTTLS",
    arguments: ["PLAIN LOGIN", "PLAIN", "LOGIN", "GSSAPI CRAM-MD5 LOGIN PLAIN"],
    [TransportSecurity.implicitTLS, .startTLS])
  func mechanisms(offered: String, security: TransportSecurity) async throws {
    let peer = try ScriptedPeer(
      options: ["--auth", offered] + (security == .startTLS ? ["--starttls"] : []), certificate: .localhost)
    #expect(try await submitOnce(account: peer.account(security)).code == 250)
    let logins = try peer.events("login")
    #expect(logins.map(\.right) == [true])
    #expect(logins.first?.mechanism == (offered == "LOGIN" ? "LOGIN" : "PLAIN"))
  }

  @Test("verifyLogin logs in anew, sends nothing and quits", arguments: [TransportSecurity.implicitTLS, .startTLS])
  func verifyLogin(security: TransportSecurity) async throws {
    let peer = security == .implicitTLS ? try ScriptedPeer() : try ScriptedPeer("--starttls")
    let submitter = CurlSubmitter(account: peer.account(security), connections: 1, limits: .test)
    _ = try await submitter.submit(plainMessage, envelope: envelope("a@b.test"))
    try await submitter.verifyLogin()
    _ = try await submitter.submit(plainMessage, envelope: envelope("a@b.test"))
    await submitter.shutdown()
    #expect(try peer.events("login").map(\.right) == [true, true, true])
    #expect(try peer.events("message").map(\.connection) == [1, 3])
    try await peer.wait(for: "quit", count: 3)
  }
}

func loopback(_ port: Int) -> sockaddr_in {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
  address.sin_port = in_port_t(port).bigEndian
  return address
}

/// A loopback socket on a free port.
func boundSocket() throws -> (socket: Int32, port: Int) {
  let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  var address = loopback(0)
  var size = socklen_t(MemoryLayout<sockaddr_in>.size)
  let bound = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(socket, $0, size) == 0 && getsockname(socket, $0, &size) == 0
    }
  }
  try #require(bound)
  return (socket, Int(UInt16(bigEndian: address.sin_port)))
}

@Suite("Connections")
struct ConnectionTests {
  @Test("one connection serves many messages, and quits at shutdown")
  func reuse() async throws {
    let peer = try ScriptedPeer()
    let submitter = CurlSubmitter(account: peer.account(), connections: 4, limits: .test)
    for _ in 0..<20 { _ = try await submitter.submit(plainMessage, envelope: envelope("a@b.test")) }
    await submitter.shutdown()
    #expect(try peer.events("connect").count == 1)
    #expect(try peer.events("login").count == 1)
    #expect(try peer.events("message").count == 20)
    try await peer.wait(for: "quit", count: 1)
  }

  @Test("300 messages over 8 connections arrive once each, with their bytes and envelope")
  func many() async throws {
    let peer = try ScriptedPeer()
    let submitter = CurlSubmitter(account: peer.account(), connections: 8, limits: .test)
    func body(_ number: Int) -> Data {
      Data("Subject: \(number)\r\n\r\n.\(String(repeating: "x", count: number * 37))\r\n".utf8)
    }
    try await withThrowingTaskGroup(of: SMTPReply.self) { group in
      for number in 0..<300 {
        group.addTask {
          try await submitter.submit(
            body(number), envelope: envelope("p\(number)@ouders.test", from: "v\(number)@s.test"))
        }
      }
      for try await reply in group { #expect(reply.code == 250) }
    }
    await submitter.shutdown()
    let messages = try peer.events("message")
    #expect(messages.count == 300)
    #expect(Set(messages.compactMap(\.rcpt)).count == 300)
    for message in messages {
      let number = try #require(message.rcpt.flatMap { Int($0.dropFirst("RCPT TO:<p".count).prefix { $0.isNumber }) })
      #expect(message.mail?.hasPrefix("MAIL FROM:<v\(number)@s.test>") == true)
      #expect(message.body == WireTests.stuffed(body(number)))
    }
    #expect(try peer.events("connect").count == 8)
  }

  @Test("one slow answer holds up no other connection")
  func slowAnswers() async throws {
    let peer = try ScriptedPeer()
    let submitter = CurlSubmitter(account: peer.account(), connections: 4, limits: .test)
    try await withThrowingTaskGroup(of: SMTPReply.self) { group in
      for _ in 0..<4 {
        group.addTask { try await submitter.submit(plainMessage, envelope: envelope("final-held@b.test")) }
      }
      // All are waiting for their answer before any has it.
      try await peer.wait(for: "message", count: 4)
      try peer.release()
      for try await reply in group { #expect(reply.isAccepted) }
    }
    await submitter.shutdown()
  }

  @Test("three commands go at once where the server offers that, else one")
  func pipelining() async throws {
    for isOffered in [true, false] {
      let peer = try isOffered ? ScriptedPeer() : ScriptedPeer("--lock-step")
      for local in ["a", "rcpt550"] { _ = try await submitOnce(to: "\(local)@b.test", account: peer.account()) }
      let ahead = try peer.events("command").filter { $0.ahead == true }.compactMap { $0.line?.prefix(4) }
      #expect(ahead == (isOffered ? ["MAIL", "RCPT", "MAIL", "RCPT"] : []))
    }
  }

  @Test("after a refusal the connection serves the next message", arguments: [[], ["--lock-step"], ["--ask-refused"]])
  func refusals(options: [String]) async throws {
    let peer = try ScriptedPeer(options: options, certificate: .localhost)
    let submitter = CurlSubmitter(account: peer.account(), connections: 1, limits: .test)
    for (local, code) in [("a", 250), ("rcpt550", 550), ("b", 250), ("data554", 554), ("final452", 452), ("c", 250)] {
      #expect(try await submitter.submit(plainMessage, envelope: envelope("\(local)@b.test")).code == code)
    }
    let refused = try await submitter.submit(plainMessage, envelope: envelope("d@b.test", from: "mail550@s.test"))
    #expect(refused.code == 550)
    #expect(try await submitter.submit(plainMessage, envelope: envelope("e@b.test")).code == 250)
    await submitter.shutdown()
    #expect(try peer.events("connect").count == 1)
    #expect(try peer.events("message").count == 5)
    #expect(try peer.events("nothing").allSatisfy { $0.octets == 0 })
  }

  @Test("a refusal is heard though the server left before it answered the rest")
  func leavesRefused() async throws {
    let peer = try ScriptedPeer("--leave-refused")
    let submitter = CurlSubmitter(account: peer.account(), connections: 1, limits: .test)
    let refused = try await submitter.submit(plainMessage, envelope: envelope("d@b.test", from: "mail550@s.test"))
    #expect(refused.code == 550)
    #expect(try await submitter.submit(plainMessage, envelope: envelope("e@b.test")).code == 250)
    await submitter.shutdown()
  }

  @Test("a server that refuses RSET is left for a new connection", arguments: ["502 5.5.1 No", "421 4.7.0 Bye"])
  func refusedReset(reply: String) async throws {
    let peer = try ScriptedPeer("--rset-reply", reply)
    let submitter = CurlSubmitter(account: peer.account(), connections: 1, limits: .test)
    #expect(try await submitter.submit(plainMessage, envelope: envelope("rcpt550@b.test")).code == 550)
    #expect(try await submitter.submit(plainMessage, envelope: envelope("e@b.test")).code == 250)
    await submitter.shutdown()
    #expect(try peer.events("connect").count == 2)
  }

  @Test("a refusal does not keep the next message from going")
  func afterRefusal() async throws {
    let peer = try ScriptedPeer()
    let submitter = CurlSubmitter(account: peer.account(), connections: 1, limits: .test)
    for (local, code) in [("a", 250), ("rcpt550", 550), ("b", 250), ("rcpt421", 421), ("c", 250), ("final452", 452)] {
      #expect(try await submitter.submit(plainMessage, envelope: envelope("\(local)@b.test")).code == code)
    }
    await submitter.shutdown()
    #expect(try peer.events("message").count == 4)
  }

  @Test(
    "a server that closes connections after a message, with or without a word, costs none",
    arguments: [
      ["--close-after", "1"], ["--close-after", "1", "--close-with-421"], ["--idle-reply", "421 4.7.0 Enough"],
    ])
  func closedWhileIdle(options: [String]) async throws {
    let peer = try ScriptedPeer(options: options, certificate: .localhost)
    let submitter = CurlSubmitter(account: peer.account(), connections: 1, limits: .test)
    for _ in 0..<4 {
      #expect(try await submitter.submit(plainMessage, envelope: envelope("a@b.test")).code == 250)
      try await Task.sleep(for: .milliseconds(150))
    }
    await submitter.shutdown()
    #expect(try peer.events("message").map(\.connection) == [1, 2, 3, 4])
  }

  @Test("a server that closes at once after a message is asked again on a new connection")
  func closedAtOnce() async throws {
    let peer = try ScriptedPeer("--close-after", "1")
    let submitter = CurlSubmitter(account: peer.account(), connections: 1, limits: .test)
    for _ in 0..<4 { #expect(try await submitter.submit(plainMessage, envelope: envelope("a@b.test")).code == 250) }
    await submitter.shutdown()
    #expect(try peer.events("message").count == 4)
  }

  @Test("an idle connection is closed by us, and a later message opens another")
  func idle() async throws {
    let peer = try ScriptedPeer()
    var limits = SubmissionLimits.test
    limits.idleTimeout = .milliseconds(300)
    let submitter = CurlSubmitter(account: peer.account(), connections: 2, limits: limits)
    _ = try await submitter.submit(plainMessage, envelope: envelope("a@b.test"))
    try await peer.wait(for: "quit", count: 1)
    _ = try await submitter.submit(plainMessage, envelope: envelope("a@b.test"))
    await submitter.shutdown()
    #expect(try peer.events("message").map(\.connection) == [1, 2])
  }

  @Test("a connection past its age takes no new message")
  func age() async throws {
    let peer = try ScriptedPeer()
    var limits = SubmissionLimits.test
    limits.connectionAge = .seconds(1)
    let submitter = CurlSubmitter(account: peer.account(), connections: 1, limits: limits)
    _ = try await submitter.submit(plainMessage, envelope: envelope("a@b.test"))
    try await Task.sleep(for: .milliseconds(2200))
    _ = try await submitter.submit(plainMessage, envelope: envelope("a@b.test"))
    await submitter.shutdown()
    #expect(try peer.events("message").map(\.connection) == [1, 2])
  }
}

@Suite("Cancelling and shutting down")
struct ShutdownTests {
  @Test("a message that waits is taken back when its task is cancelled; one under way is finished")
  func cancellation() async throws {
    let peer = try ScriptedPeer()
    let submitter = CurlSubmitter(account: peer.account(), connections: 1, limits: .test)
    let running = Task { try await submitter.submit(plainMessage, envelope: envelope("final-held@b.test")) }
    try await peer.wait(for: "message", count: 1)
    let waiting = Task { try await submitter.submit(plainMessage, envelope: envelope("waits@b.test")) }
    try await Task.sleep(for: .milliseconds(50))
    waiting.cancel()
    running.cancel()
    let error = await #expect(throws: TransportError.self) { try await waiting.value }
    #expect(error?.isTemporary == true)
    try peer.release()
    #expect(try await running.value.code == 250)
    await submitter.shutdown()
    #expect(try peer.events("message").count == 1)
  }

  @Test("a task that was cancelled before it waits for a connection sends nothing")
  func cancelledBefore() async throws {
    let peer = try ScriptedPeer()
    let submitter = CurlSubmitter(account: peer.account(), connections: 1, limits: .test)
    let running = Task { try await submitter.submit(plainMessage, envelope: envelope("final-held@b.test")) }
    try await peer.wait(for: "message", count: 1)
    let cancelled = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await submitter.submit(plainMessage, envelope: envelope("a@b.test"))
    }
    await #expect(throws: TransportError.self) { try await cancelled.value }
    try peer.release()
    _ = try await running.value
    await submitter.shutdown()
    #expect(try peer.events("message").count == 1)
  }

  @Test("shutdown finishes what is under way, fails what waits, and what comes later")
  func shutdown() async throws {
    let peer = try ScriptedPeer()
    let submitter = CurlSubmitter(account: peer.account(), connections: 1, limits: .test)
    let running = Task { try await submitter.submit(plainMessage, envelope: envelope("final-held@b.test")) }
    try await peer.wait(for: "message", count: 1)
    let waiting = Task { try await submitter.submit(plainMessage, envelope: envelope("waits@b.test")) }
    try await Task.sleep(for: .milliseconds(50))
    async let once: Void = submitter.shutdown()
    async let again: Void = submitter.shutdown()
    await #expect(throws: TransportError.stopped) { try await waiting.value }
    try peer.release()
    #expect(try await running.value.code == 250)
    await once
    await again
    await #expect(throws: TransportError.stopped) {
      try await submitter.submit(plainMessage, envelope: envelope("late@b.test"))
    }
    #expect(try peer.events("message").count == 1)
    try await peer.wait(for: "quit", count: 1)
  }

  @Test("shutdown ends in bounded time, whatever the server does not say", arguments: ["final-silent", "data-stall"])
  func boundedShutdown(local: String) async throws {
    let peer = try ScriptedPeer()
    var limits = SubmissionLimits.test
    limits.shutdownGrace = .milliseconds(300)
    let submitter = CurlSubmitter(account: peer.account(), connections: 1, limits: limits)
    let message = local == "data-stall" ? Data(repeating: UInt8(ascii: "a"), count: 20_000_000) : plainMessage
    let running = Task { try await submitter.submit(message, envelope: envelope("\(local)@b.test")) }
    try await Task.sleep(for: .milliseconds(500))
    let start = ContinuousClock.now
    await submitter.shutdown()
    #expect(start.duration(to: .now) < .seconds(10))
    let error = await #expect(throws: TransportError.self) { try await running.value }
    #expect(error?.message == TransportError.stopped.message)
  }

  @Test("a server that does not answer QUIT does not hold up shutdown")
  func silentQuit() async throws {
    let peer = try ScriptedPeer("--silent-quit")
    let submitter = CurlSubmitter(account: peer.account(), connections: 1, limits: .test)
    _ = try await submitter.submit(plainMessage, envelope: envelope("a@b.test"))
    let start = ContinuousClock.now
    await submitter.shutdown()
    #expect(start.duration(to: .now) < .seconds(20))
  }
}
