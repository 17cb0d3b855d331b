import Foundation
import Testing
import Transport

@testable import TransportIMAP

@Suite("Waiting for mail, and servers that stop", .timeLimit(.minutes(6)))
struct WaitTests {
  /// Without a look at the server of its own: what is told is told by IDLE, or found by polling.
  private static let calm = {
    var limits = IMAPLimits()
    limits.glance = limits.idleDelay
    return limits
  }()

  /// What is told comes at once, and would else come after a minute; a machine may be busy.
  private static let soon = Duration.seconds(15)

  private func connect(_ server: DovecotServer, _ limits: IMAPLimits = calm) async throws -> any IMAPSession {
    try await EtpanConnector(account: server.account(), limits: limits).connect(folder: "INBOX")
  }

  private func wait(_ session: any IMAPSession) -> Task<ContinuousClock.Instant, any Error> {
    Task {
      try await session.waitForChange(limit: .seconds(60), pollInterval: .seconds(60))
      return .now
    }
  }

  @Test("IDLE wakes at once on new mail, which is then listed, time after time")
  func newMail() async throws {
    let server = try DovecotServer()
    let session = try await connect(server)
    for round in 1...3 {
      let waiting = wait(session)
      try await Task.sleep(for: .milliseconds(300))
      try server.deliver(message("nieuw \(round)"))
      let delivered = ContinuousClock.now
      let woken = try await waiting.value
      #expect(woken - delivered < Self.soon)
      #expect(try await session.list() == Array(1...UInt32(round)))
    }
    await session.close()
  }

  @Test("mail that came between listing and waiting wakes as well")
  func mailBefore() async throws {
    let server = try DovecotServer()
    let session = try await connect(server)
    #expect(try await session.list().isEmpty)
    try server.deliver(message("tussendoor"))
    let start = ContinuousClock.now
    #expect(try await wait(session).value - start < Self.soon)
    #expect(try await session.list().count == 1)
    await session.close()
  }

  @Test("mail of which the server told in answer to another command wakes as well, once")
  func mailDuringCommands() async throws {
    let server = try DovecotServer(.init(messages: [message("eerste")]))
    let session = try await connect(server)
    let first = try #require(try await session.list().first)
    try server.deliver(message("tweede"))
    // Dovecot tells of the second one in its answers to these.
    _ = try await session.fetch(first)
    try await session.createFolder("Verwerkt")
    try await session.move(first, to: "Verwerkt")
    let start = ContinuousClock.now
    #expect(try await wait(session).value - start < Self.soon)
    #expect(try await session.list().count == 1)
    let waiting = wait(session)
    try await Task.sleep(for: .seconds(1))
    try server.deliver(message("derde"))
    #expect(try await waiting.value - start > .seconds(1), "it was told of the second mail before")
    await session.close()
  }

  @Test("closing wakes a waiting IDLE and ends the session")
  func closeWakes() async throws {
    let server = try DovecotServer()
    let session = try await connect(server)
    let waiting = wait(session)
    try await Task.sleep(for: .milliseconds(300))
    let closing = ContinuousClock.now
    await session.close()
    #expect(try await waiting.value - closing < Self.soon)
    try await session.waitForChange(limit: .seconds(60), pollInterval: .seconds(60))
    let error = await #expect(throws: TransportError.self) { try await session.fetch(1) }
    #expect(error?.kind == .network)
  }

  @Test("cancelling wakes, whether waiting already or not yet, and leaves the session usable")
  func cancelWakes() async throws {
    let server = try DovecotServer(.init(messages: [message("een")]))
    let session = try await connect(server)
    for pause in [0, 300] {
      let waiting = wait(session)
      try await Task.sleep(for: .milliseconds(pause))
      let cancelling = ContinuousClock.now
      waiting.cancel()
      #expect(try await waiting.value - cancelling < Self.soon)
    }
    #expect(try await session.list().count == 1)
    await session.close()
  }

  @Test("IDLE is renewed while nothing happens, still wakes after that, and ends at its limit")
  func renewal() async throws {
    let server = try DovecotServer()
    var limits = Self.calm
    limits.idleRenewal = .milliseconds(200)
    let session = try await connect(server, limits)
    let waiting = wait(session)
    try await Task.sleep(for: .seconds(1))
    try server.deliver(message("nieuw"))
    let delivered = ContinuousClock.now
    #expect(try await waiting.value - delivered < Self.soon)
    let start = ContinuousClock.now
    try await session.waitForChange(limit: .milliseconds(700), pollInterval: .seconds(60))
    #expect((Duration.milliseconds(700)...Self.soon).contains(ContinuousClock.now - start))
    await session.close()
  }

  @Test("without IDLE it polls: returns after the interval, and new mail is listed then")
  func polling() async throws {
    let server = try DovecotServer(.init(capability: "IMAP4rev1 SASL-IR LITERAL+ NAMESPACE UIDPLUS MOVE"))
    let session = try await connect(server)
    let start = ContinuousClock.now
    try server.deliver(message("nieuw"))
    try await session.waitForChange(limit: .seconds(60), pollInterval: .milliseconds(300))
    #expect((Duration.milliseconds(300)...Self.soon).contains(ContinuousClock.now - start))
    #expect(try await session.list().count == 1)
    let waiting = wait(session)
    try await Task.sleep(for: .milliseconds(200))
    let closing = ContinuousClock.now
    await session.close()
    #expect(try await waiting.value - closing < Self.soon)
  }

  @Test("the longer the silence, or the answer took, the seldomer the server is asked, until IDLE is as soon")
  func pauses() {
    let limits = IMAPLimits()
    for (silence, answer, pause) in [
      (0, 0, 10), (1_000, 1, 10), (5_000, 2, 25), (99_000, 2, 495), (0, 20, 180), (1_000, 50, 450),
    ] {
      #expect(limits.pause(after: .milliseconds(silence), answeredIn: .milliseconds(answer)) == .milliseconds(pause))
    }
    #expect(limits.pause(after: .milliseconds(100_000), answeredIn: .zero) == nil)
    #expect(limits.pause(after: .zero, answeredIn: .milliseconds(60)) == nil)
  }

  @Test("after a message was fetched the next is noticed without IDLE and before any interval")
  func attention() async throws {
    let server = try DovecotServer(
      .init(
        capability: "IMAP4rev1 SASL-IR LITERAL+ NAMESPACE UIDPLUS MOVE", messages: [message("eerste")]))
    let session = try await connect(server, IMAPLimits())
    let first = try #require(try await session.list().first)
    _ = try await session.fetch(first)
    let start = ContinuousClock.now
    let waiting = wait(session)
    try await Task.sleep(for: .milliseconds(200))
    try server.deliver(message("tweede"))
    #expect(try await waiting.value - start < .seconds(20))
    #expect(try await session.list().count == 2)
    await session.close()
  }

  @Test(
    "a server killed in IDLE or between commands is a network error, and so is what follows", arguments: [true, false])
  func killed(inIdle: Bool) async throws {
    let server = try DovecotServer()
    let session = try await connect(server)
    let waiting = inIdle ? wait(session) : nil
    try await Task.sleep(for: .milliseconds(300))
    server.signalAll(SIGKILL)
    if let waiting {
      let error = await #expect(throws: TransportError.self) { try await waiting.value }
      #expect(error?.kind == .network)
    }
    for _ in 0..<2 {
      let error = await #expect(throws: TransportError.self) { try await session.list() }
      #expect(error?.kind == .network)
    }
    await session.close()
  }

  @Test("a server that stops answering in a session is a timeout, and closing does not wait for it")
  func frozen() async throws {
    let server = try DovecotServer(.init(messages: [message("een")]))
    var limits = Self.calm
    limits.silence = .seconds(1)
    let session = try await connect(server, limits)
    let idle = try await connect(server, limits)
    server.signalAll(SIGSTOP)
    let start = ContinuousClock.now
    let error = await #expect(throws: TransportError.self) { try await session.list() }
    #expect(error?.kind == .timeout)
    let after = await #expect(throws: TransportError.self) { try await session.fetch(1) }
    #expect(after?.kind == .network)
    await session.close()
    await idle.close()
    #expect(ContinuousClock.now - start < Self.soon)
  }

  @Test("a session that is dropped without closing ends its connection")
  func dropped() async throws {
    let server = try DovecotServer()
    for _ in 0..<5 { _ = try await connect(server) }
    for _ in 0..<300 where server.log.components(separatedBy: "Connection closed").count < 6 {
      try await Task.sleep(for: .milliseconds(100))
    }
    #expect(server.log.components(separatedBy: "Connection closed").count >= 6)
  }

}
