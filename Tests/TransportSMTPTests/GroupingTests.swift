import Foundation
import Mail
import Testing
import Transport

@testable import TransportSMTP

/// The commands of a mail travel with the message before it (RFC 2920, section 3.1).
@Suite("Mails that come after each other on a connection")
struct GroupingTests {
  /// Sends these over one connection, all at once, the first of them when the others wait.
  private func submit(
    _ locals: [String], to peer: ScriptedPeer, _ message: Data = plainMessage
  ) async throws -> [String: SubmissionResult] {
    let submitter = CurlSubmitter(account: peer.account(), connections: 1, limits: .test)
    let first = Task { try await submitter.submit(plainMessage, envelope: envelope("final-held@b.test")) }
    try await peer.wait(for: "message", count: 1)
    return try await withThrowingTaskGroup(of: (String, SubmissionResult).self) { group in
      for local in locals {
        group.addTask {
          let envelope = try envelope(
            "\(local)@b.test", from: local.hasPrefix("mail550") ? "mail550@s.test" : "s@s.test")
          do throws(TransportError) {
            return (local, .success(try await submitter.submit(message, envelope: envelope)))
          } catch { return (local, .failure(error)) }
        }
      }
      try await Task.sleep(for: .milliseconds(200))
      try peer.release()
      var results: [String: SubmissionResult] = [:]
      for try await (local, result) in group { results[local] = result }
      #expect(try await first.value.isAccepted)
      await submitter.shutdown()
      return results
    }
  }

  private func recipient(_ event: ScriptedPeer.Event) -> String {
    String((event.rcpt ?? "").dropFirst("RCPT TO:<".count).prefix { $0 != "@" })
  }

  @Test("the next one begins with the end of the message where the server can pipeline", arguments: [true, false])
  func together(isOffered: Bool) async throws {
    let peer = try isOffered ? ScriptedPeer() : ScriptedPeer("--lock-step")
    let locals = (0..<20).map { "p\($0)" }
    let results = try await submit(locals, to: peer)
    let messages = try peer.events("message").dropFirst()
    #expect(messages.count == 20 && Set(messages.map(recipient)) == Set(locals))
    // All but the last.
    #expect(messages.map(\.ahead) == Array(repeating: isOffered, count: 19) + [false])
    #expect(messages.allSatisfy { $0.body == plainMessage })
    // Each got the answer to its own.
    for (place, message) in messages.enumerated() {
      let reply = try results[recipient(message)]?.get()
      #expect(reply?.text == "Ok: queued as 1.\(place + 2)")
    }
    #expect(try peer.events("connect").count == 1)
  }

  static let verdicts = [
    "a": 250, "rcpt550": 550, "b": 250, "final452": 452, "c": 250, "data554": 554, "mail550": 550, "d": 250,
    "final550": 550, "rcpt-lines": 550, "final-lines": 250, "final-bare": 250,
  ]

  @Test("a refusal is of one mail, and the next goes on", arguments: [[], ["--ask-refused"], ["--lock-step"]])
  func refusals(options: [String]) async throws {
    let peer = try ScriptedPeer(options: options, certificate: .localhost)
    let results = try await submit(Array(Self.verdicts.keys), to: peer)
    for (local, code) in Self.verdicts { #expect(try results[local]?.get().code == code, "\(local)") }
    let taken = try peer.events("message").dropFirst().map(recipient)
    #expect(Set(taken) == ["a", "b", "c", "d", "final452", "final550", "final-lines", "final-bare"])
    #expect(taken.count == 8)
    #expect(try peer.events("connect").count == 1)
  }

  @Test(
    "a mail whose first commands a server heard before it left goes by another connection, once",
    arguments: [["--close-after", "2"], ["--close-after", "2", "--close-with-421"]])
  func leaves(options: [String]) async throws {
    let peer = try ScriptedPeer(options: options, certificate: .localhost)
    let locals = (0..<7).map { "p\($0)" }
    let results = try await submit(locals, to: peer)
    for local in locals { #expect(try results[local]?.get().isAccepted == true, "\(local)") }
    #expect(try peer.events("message").map(recipient).sorted() == (locals + ["final-held"]).sorted())
  }

  @Test("what was not answered is told of its own message alone")
  func unanswered() async throws {
    let peer = try ScriptedPeer()
    let results = try await submit(["a", "final-close", "b", "rcpt421", "c", "data-close", "d"], to: peer)
    for local in ["a", "b", "c", "d"] { #expect(try results[local]?.get().isAccepted == true, "\(local)") }
    #expect(try results["rcpt421"]?.get().code == 421)
    for local in ["final-close", "data-close"] {
      let error = #expect(throws: TransportError.self) { try results[local]?.get() }
      #expect(error?.kind == .network, "\(local)")
    }
    let taken = try peer.events("message").dropFirst().map(recipient)
    #expect(taken.sorted() == ["a", "b", "c", "d", "final-close"])
  }

  @Test("one that this server cannot take is told so, and keeps no other")
  func letters() async throws {
    let peer = try ScriptedPeer("--no-smtputf8")
    let results = try await submit(["a", "zo\u{EB}", "b"], to: peer)
    let error = #expect(throws: TransportError.self) { try results["zo\u{EB}"]?.get() }
    #expect(error?.kind == .limit)
    for local in ["a", "b"] { #expect(try results[local]?.get().isAccepted == true) }
    #expect(try peer.events("connect").count == 1)
  }

  @Test("nothing waits behind a message that takes long")
  func large() async throws {
    let peer = try ScriptedPeer()
    let message = Data(String(repeating: String(repeating: "x", count: 70) + "\r\n", count: 1_000).utf8)
    let results = try await submit(["a", "b", "c"], to: peer, message)
    #expect(results.values.allSatisfy { (try? $0.get().isAccepted) == true })
    #expect(
      try peer.events("message").allSatisfy {
        $0.ahead == false && ($0.rcpt?.contains("held") == true || $0.body == message)
      })
  }
}
