import Foundation
import Mail
import Testing
import Transport

@testable import TransportSMTP

let plainMessage = Data("Subject: Hallo\r\n\r\nGroep 3 is vrij.\r\n".utf8)

func address(_ text: String) throws -> MailAddress { try #require(MailAddress(text)) }

func envelope(_ recipient: String, from: String? = "school@school.test") throws -> SMTPEnvelope {
  SMTPEnvelope(reversePath: try from.map(address), forwardPath: try address(recipient))
}

/// Submits one message by a submitter of its own.
func submitOnce(
  _ message: Data = plainMessage, to recipient: String = "anna@ouders.test", account: ServerAccount,
  limits: SubmissionLimits = .test
) async throws -> SMTPReply {
  let submitter = CurlSubmitter(account: account, connections: 1, limits: limits)
  let result: SubmissionResult
  do throws(TransportError) {
    result = .success(try await submitter.submit(message, envelope: envelopeOrStop(recipient)))
  } catch { result = .failure(error) }
  await submitter.shutdown()
  return try result.get()
}

private func envelopeOrStop(_ recipient: String) throws(TransportError) -> SMTPEnvelope {
  guard let address = MailAddress(recipient) else { throw TransportError(.limit, "bad test address") }
  return SMTPEnvelope(reversePath: MailAddress("school@school.test"), forwardPath: address)
}

@Suite("What the server says of a message")
struct ReplyTests {
  static let rows: [(String, SMTPReply)] = [
    ("anna", SMTPReply(code: 250, enhancedStatusCode: "2.0.0", text: "Ok: queued as 1.1")),
    ("rcpt550", SMTPReply(code: 550, enhancedStatusCode: "5.1.1", text: "No such user")),
    ("rcpt452", SMTPReply(code: 452, enhancedStatusCode: "4.2.2", text: "Mailbox full")),
    ("rcpt421", SMTPReply(code: 421, enhancedStatusCode: "4.3.2", text: "Shutting down")),
    ("rcpt-plain", SMTPReply(code: 553, text: "Mailbox name not allowed")),
    ("rcpt-lines", SMTPReply(code: 550, enhancedStatusCode: "5.7.1", text: "Refused for two reasons; see the page")),
    ("data554", SMTPReply(code: 554, enhancedStatusCode: "5.5.1", text: "No valid recipients")),
    ("final550", SMTPReply(code: 550, enhancedStatusCode: "5.7.1", text: "Looks like spam")),
    ("final452", SMTPReply(code: 452, enhancedStatusCode: "4.3.1", text: "Disk full")),
    ("final-lines", SMTPReply(code: 250, enhancedStatusCode: "2.0.0", text: "Ok kept queued as ABC123")),
    ("final-bare", SMTPReply(code: 250, text: "")),
    ("final-252", SMTPReply(code: 252, enhancedStatusCode: "2.0.0", text: "will try")),
    ("final-latin1", SMTPReply(code: 250, enhancedStatusCode: "2.0.0", text: "g\u{FFFD}r\u{FFFD}")),
  ]

  @Test("accepted and refused, in one line or many, is a reply", arguments: rows, [[], ["--lock-step"]])
  func replies(row: (String, SMTPReply), options: [String]) async throws {
    let (local, expected) = row
    let peer = try ScriptedPeer(options: options, certificate: .localhost)
    #expect(try await submitOnce(to: "\(local)@ouders.test", account: peer.account()) == expected)
    #expect(try peer.events("connect").count == 1)
  }

  @Test("a refused reverse path is a reply")
  func refusedMail() async throws {
    let peer = try ScriptedPeer()
    let submitter = CurlSubmitter(account: peer.account(), connections: 1, limits: .test)
    let reply = try await submitter.submit(plainMessage, envelope: envelope("a@b.test", from: "mail550@school.test"))
    await submitter.shutdown()
    #expect(reply == SMTPReply(code: 550, enhancedStatusCode: "5.7.1", text: "Sender refused", isOfRecipient: false))
  }

  @Test("a long reply is cut off at the limit", arguments: ["final-long", "final-huge-line"])
  func longReplies(local: String) async throws {
    let peer = try ScriptedPeer()
    let reply = try await submitOnce(to: "\(local)@ouders.test", account: peer.account())
    #expect(reply.code == 250)
    #expect(reply.text.utf8.count > 30)
    #expect(reply.text.utf8.count <= SubmissionLimits.test.replyTextOctets)
  }

  static let failures: [(String, TransportError.Kind)] = [
    ("rcpt-close", .network), ("rcpt-silent", .timeout),
    ("rcpt-300", .protocolViolation), ("data-close", .network), ("data-stall", .timeout), ("final-close", .network),
    ("final-silent", .timeout), ("final-monstrous-line", .protocolViolation), ("final-many-lines", .protocolViolation),
    ("final-endless", .protocolViolation),
  ]

  @Test("no answer, or none that means anything, is an error", arguments: failures, [[], ["--lock-step"]])
  func noAnswer(row: (String, TransportError.Kind), options: [String]) async throws {
    let (local, kind) = row
    let peer = try ScriptedPeer(options: options, certificate: .localhost)
    var limits = SubmissionLimits.test
    limits.answerTimeout = .seconds(2)
    let message = local == "data-stall" ? Data(repeating: UInt8(ascii: "a"), count: 20_000_000) : plainMessage
    let error = await #expect(throws: TransportError.self) {
      try await submitOnce(message, to: "\(local)@ouders.test", account: peer.account(), limits: limits)
    }
    #expect(error?.kind == kind, "\(String(describing: error))")
    #expect(error?.mayHaveSent == !local.hasPrefix("rcpt"))
    // Never sent twice: what became of it is for the caller to decide.
    #expect(try peer.events("message").count <= 1)
    #expect(try peer.events("connect").count == 1)
  }

  @Test(
    "a line that is no answer is skipped",
    arguments: [("--lock-step", TransportError.Kind.timeout), ("--clear", .protocolViolation)])
  func nonsense(option: String, kind: TransportError.Kind) async throws {
    let peer = try ScriptedPeer(option)
    var limits = SubmissionLimits.test
    limits.answerTimeout = .seconds(2)
    let account = peer.account(option == "--clear" ? .plain : .implicitTLS)
    let error = await #expect(throws: TransportError.self) {
      try await submitOnce(to: "rcpt-nonsense@ouders.test", account: account, limits: limits)
    }
    // The answer to DATA is none to RCPT.
    #expect(error?.kind == kind)
    #expect(try peer.events("message").isEmpty)
  }

  @Test(
    "a server that refuses a message before its end is heard, whether it stays or leaves",
    arguments: ["data-early552", "data-early-close"])
  func early(local: String) async throws {
    let peer = try ScriptedPeer()
    let message = Data(repeating: UInt8(ascii: "a"), count: 20_000_000)
    let reply = try await submitOnce(message, to: "\(local)@ouders.test", account: peer.account())
    #expect(reply.code == 552 && reply.enhancedStatusCode == "5.3.4")
  }

  @Test("a message is given up after the whole transfer's time")
  func wholeTransferTimeout() async throws {
    let peer = try ScriptedPeer()
    var limits = SubmissionLimits.test
    limits.transferTimeout = .seconds(1)
    let error = await #expect(throws: TransportError.self) {
      try await submitOnce(to: "final-silent@ouders.test", account: peer.account(), limits: limits)
    }
    #expect(error?.kind == .timeout)
  }
}

@Suite("What goes over the wire")
struct WireTests {
  /// RFC 5321, section 4.5.2: a dot is put before each line that starts with one.
  static func stuffed(_ message: Data) -> Data {
    var wire = Data()
    var isLineStart = true
    for byte in message {
      if isLineStart, byte == UInt8(ascii: ".") { wire.append(byte) }
      wire.append(byte)
      isLineStart = byte == UInt8(ascii: "\n")
    }
    if !wire.isEmpty, !wire.suffix(2).elementsEqual("\r\n".utf8) { wire.append(contentsOf: "\r\n".utf8) }
    return wire
  }

  static let small = [
    "", "\r\n", ".", "..", ".\r\n", "..\r\n", ".\r\n.\r\n", "a", "a\r\n", "a\r\n.", "a\r\n..", "a\r\n.\r\n",
    ".a\r\n.b\r\n..c\r\n", "Subject: x\r\n\r\n.\r\n.\r\n\r\n.\r\nlast", "a\r\n\r\n", "a\r\n.\r\nQUIT\r\n.\r\n",
    "\r\n.\r\n\r\n.", "a.\r\nb.\r\n", "a .\r\n. b\r\n",
  ].map { Data($0.utf8) }

  /// Dots at line starts at every place around the borders of pieces and TLS records.
  static let atBorders: [Data] = [16_384, 65_536, 131_072].flatMap { border in
    (-6...3).flatMap { shift in
      ["\r\n.\r\n", "\r\n..a\r\n.", "\r\n", "\r\n.\r\n.\r\n.\r\n"].map { end in
        Data("Subject: x\r\n\r\n".utf8) + Data(repeating: UInt8(ascii: "x"), count: border + shift - 14)
          + Data(end.utf8)
      }
    }
  }

  @Test("every message arrives with the right bytes", arguments: [TransportSecurity.implicitTLS, .startTLS])
  func bytes(security: TransportSecurity) async throws {
    let peer = security == .implicitTLS ? try ScriptedPeer() : try ScriptedPeer("--starttls")
    let submitter = CurlSubmitter(account: peer.account(security), connections: 1, limits: .test)
    let messages = Self.small + Self.atBorders
    for message in messages {
      #expect(try await submitter.submit(message, envelope: envelope("a@b.test")).code == 250)
    }
    await submitter.shutdown()
    let received = try peer.events("message").map(\.body)
    #expect(received.count == messages.count)
    for (message, body) in zip(messages, received) {
      // A Bool, lest the test print a hundred thousand differences.
      let isRight = body == Self.stuffed(message)
      #expect(
        isRight,
        "\(message.count) octets, got \(body?.count ?? 0): \(String(decoding: message.suffix(20), as: UTF8.self).debugDescription)"
      )
    }
    #expect(try peer.events("connect").count == 1)
  }

  @Test("a slice of a larger Data is sent from its own start")
  func slice() async throws {
    let peer = try ScriptedPeer()
    _ = try await submitOnce((Data("skip".utf8) + plainMessage).dropFirst(4), account: peer.account())
    #expect(try peer.events("message").map(\.body) == [plainMessage])
  }

  @Test("the envelope is as given; no reverse path is <>")
  func envelopes() async throws {
    let peer = try ScriptedPeer()
    let submitter = CurlSubmitter(account: peer.account(), connections: 1, limits: .test, heloName: "mail.school.test")
    _ = try await submitter.submit(plainMessage, envelope: envelope("a@b.test", from: nil))
    _ = try await submitter.submit(plainMessage, envelope: envelope("\"a@x\"@b.test", from: "s+k-1=a@school.test"))
    await submitter.shutdown()
    let messages = try peer.events("message")
    let size = plainMessage.count
    #expect(messages.map(\.mail) == ["MAIL FROM:<> SIZE=\(size)", "MAIL FROM:<s+k-1=a@school.test> SIZE=\(size)"])
    #expect(messages.map(\.rcpt) == ["RCPT TO:<a@b.test>", "RCPT TO:<\"a@x\"@b.test>"])
    #expect(try peer.events("command").first?.line == "EHLO mail.school.test")
  }

  @Test(
    "a bare CR or LF never leaves",
    arguments: ["a\nb\r\n", "a\r\n.\n", "\n", "\r", "a\r", "a\r\r\n", "a\rb", "a\n\r\n", "a\r\n\n"])
  func bareLineEnds(text: String) async throws {
    let peer = try ScriptedPeer()
    let error = await #expect(throws: TransportError.self) {
      try await submitOnce(Data(text.utf8), account: peer.account())
    }
    #expect(error?.kind == .limit)
  }
}
