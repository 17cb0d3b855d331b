import Testing
import Transport

@testable import TransportSMTP

@Suite("Replies, and what is said until we are logged in")
struct SMTPOpeningTests {
  static let lines: [(String, Int, Bool, String?, String)] = [
    ("250 2.1.0 Ok\r\n", 250, true, "2.1.0", "Ok"),
    ("250-2.1.0 Ok\r\n", 250, false, "2.1.0", "Ok"),
    ("250\r\n", 250, true, nil, ""), ("250", 250, true, nil, ""), ("250-\r\n", 250, false, nil, ""),
    ("550 5.1.1\r\n", 550, true, "5.1.1", ""),
    ("550 4.1.1 of another class\r\n", 550, true, nil, "4.1.1 of another class"),
    ("550 5.1.1234 too long\r\n", 550, true, nil, "5.1.1234 too long"),
    ("550 5.1 short\r\n", 550, true, nil, "5.1 short"), ("550 5..1 none\r\n", 550, true, nil, "5..1 none"),
    ("550 5.1.x none\r\n", 550, true, nil, "5.1.x none"),
    ("250 a\tb\u{1B}[2Jc\r\n", 250, true, nil, "a b [2Jc"), ("250 caf\u{E9}\r\n", 250, true, nil, "caf\u{E9}"),
  ]

  @Test("reads reply lines", arguments: lines)
  func replyLine(text: String, code: Int, isLast: Bool, enhanced: String?, words: String) throws {
    let line = try #require(SMTPReplyLine(text.utf8))
    #expect(line.code == code && line.isLast == isLast && line.enhancedStatusCode == enhanced && line.text == words)
  }

  @Test("skips what is no reply line", arguments: ["", "\r\n", "25", "25x ok", "250_ok", "hello", " 250 ok", "-50 ok"])
  func noReplyLine(text: String) { #expect(SMTPReplyLine(text.utf8) == nil) }

  private func opening(_ exchange: [(String, [String])], _ security: TransportSecurity) -> SMTPOpening {
    var opening = SMTPOpening(security: security, limits: .test)
    var goesOn = true
    for (command, lines) in exchange {
      if !command.isEmpty { opening.sent(Array((command + "\r\n").utf8)) }
      for line in lines { goesOn = opening.received(Array((line + "\r\n").utf8)) && goesOn }
    }
    #expect(goesOn == (opening.failure == nil))
    return opening
  }

  @Test("keeps the answer to the last command")
  func lastReply() {
    let refused = opening([("", ["220 hi"]), ("EHLO x", ["550-no", "550 5.1.1 way"])], .implicitTLS)
    #expect(refused.command == .hello && !refused.isDone)
    #expect(refused.reply == SMTPReply(code: 550, enhancedStatusCode: "5.1.1", text: "no way"))
    let unanswered = opening([("", ["220 hi"]), ("EHLO x", ["550-no"])], .implicitTLS)
    #expect(unanswered.reply == nil)
  }

  @Test("the lines after AUTH belong to it")
  func login() {
    let opening = opening(
      [
        ("EHLO x", ["250-y", "250 AUTH LOGIN"]), ("AUTH LOGIN", ["334 VXNlcm5hbWU6"]), ("dQ==", ["334 UGFzc3dvcmQ6"]),
        ("cA==", ["235 ok"]),
      ],
      .implicitTLS)
    #expect(opening.command == .login && opening.isDone)
  }

  @Test("what was offered before TLS does not count after it")
  func extensions() {
    let first = ("EHLO x", ["250-y", "250-PIPELINING", "250-size 100", "250 SMTPUTF8"])
    #expect(opening([first], .plain).extensions == [.pipelining, .size, .smtpUTF8])
    let second = ("EHLO x", ["250-y", "250-SIZED", "250 AUTH PLAIN"])
    #expect(opening([first, ("STARTTLS", ["220 go"]), second], .startTLS).extensions == [.login])
  }

  @Test("stops where TLS is on and no login is offered, not before")
  func noLogin() {
    let plain = ("EHLO x", ["250-y", "250 SIZE 1"])
    #expect(opening([plain], .startTLS).failure == nil)
    #expect(opening([plain, ("STARTTLS", ["454 later"]), plain], .startTLS).failure == nil)
    for (exchange, security) in [
      ([plain], TransportSecurity.implicitTLS), ([plain, ("STARTTLS", ["220 go"]), plain], .startTLS),
    ] {
      #expect(opening(exchange, security).failure?.kind == .authentication)
    }
    #expect(opening([("EHLO x", ["250-y", "250 AUTH=LOGIN PLAIN"])], .implicitTLS).failure?.kind == .authentication)
  }

  @Test("text past its limit is cut off, a reply past its limit is none")
  func limits() throws {
    var limits = SubmissionLimits.test
    limits.replyTextOctets = 20
    limits.replyOctets = 200
    var reader = SMTPReplyReader(limits: limits)
    var reply: SMTPReply?
    for line in ["250-0123456789", "250-0123456789", "250-0123456789", "250 0123456789"] {
      reply = try reader.add(Array((line + "\r\n").utf8))
    }
    #expect(reply?.code == 250)
    #expect(reply?.text == "0123456789 012345678")
    let error = #expect(throws: TransportError.self) {
      for _ in 0..<30 { _ = try reader.add(Array("250-0123456789\r\n".utf8)) }
    }
    #expect(error?.kind == .protocolViolation)
  }
}
