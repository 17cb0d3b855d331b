import Testing
import Transport

@testable import TransportSMTP

@Suite("The dialogue")
struct SMTPDialogueTests {
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

  private func dialogue(_ exchange: [(String, [String])], _ security: TransportSecurity) -> (SMTPDialogue, Bool) {
    var dialogue = SMTPDialogue(security: security, limits: .test)
    var goesOn = true
    for (command, lines) in exchange {
      if !command.isEmpty { dialogue.sent(Array((command + "\r\n").utf8)) }
      for line in lines { goesOn = dialogue.received(Array((line + "\r\n").utf8)) && goesOn }
    }
    return (dialogue, goesOn)
  }

  @Test("keeps the answer to the last command, and nothing after QUIT")
  func lastReply() {
    let (quit, _) = dialogue(
      [
        ("", ["220 hi"]), ("MAIL FROM:<a@b>", ["250 ok"]), ("RCPT TO:<c@d>", ["550-no", "550 5.1.1 way"]),
        ("QUIT", ["221 bye"]),
      ],
      .implicitTLS)
    #expect(quit.command == .recipient)
    #expect(quit.reply == SMTPReply(code: 550, enhancedStatusCode: "5.1.1", text: "no way"))
    let (unanswered, _) = dialogue([("MAIL FROM:<a@b>", ["250 ok"]), ("RCPT TO:<c@d>", ["550-no"])], .implicitTLS)
    #expect(unanswered.reply == nil)
  }

  @Test("the lines after AUTH belong to it")
  func login() {
    let (dialogue, _) = dialogue(
      [
        ("EHLO x", ["250-y", "250 AUTH LOGIN"]), ("AUTH LOGIN", ["334 VXNlcm5hbWU6"]), ("dQ==", ["334 UGFzc3dvcmQ6"]),
        ("cA==", ["235 ok"]),
      ],
      .implicitTLS)
    #expect(dialogue.command == .login && dialogue.hasLoggedIn)
  }

  @Test("stops where TLS is on and no login is offered, not before")
  func noLogin() {
    let plain = ("EHLO x", ["250-y", "250 SIZE 1"])
    #expect(dialogue([plain], .startTLS).1)
    #expect(dialogue([plain, ("STARTTLS", ["454 later"]), plain], .startTLS).1)
    for (exchange, security) in [
      ([plain], TransportSecurity.implicitTLS), ([plain, ("STARTTLS", ["220 go"]), plain], .startTLS),
    ] {
      let (stopped, goesOn) = dialogue(exchange, security)
      #expect(!goesOn && stopped.refusal == .noLoginOffered)
    }
    #expect(!dialogue([("EHLO x", ["250-y", "250 AUTH=LOGIN PLAIN"])], .implicitTLS).1)
  }

  @Test("text past its limit is cut off, a reply past its limit ends the transfer")
  func limits() {
    var limits = SubmissionLimits.test
    limits.replyTextOctets = 20
    limits.replyOctets = 200
    var dialogue = SMTPDialogue(security: .implicitTLS, limits: limits)
    for line in ["250-0123456789", "250-0123456789", "250-0123456789", "250 0123456789"] {
      let goesOn = dialogue.received(Array((line + "\r\n").utf8))
      #expect(goesOn)
    }
    #expect(dialogue.reply?.code == 250)
    #expect(dialogue.reply?.text == "0123456789 012345678")
    let more = (0..<30).map { _ in dialogue.received(Array("250-0123456789\r\n".utf8)) }
    #expect(more.first == true && more.last == false && dialogue.refusal == .replyTooLong)
  }
}
