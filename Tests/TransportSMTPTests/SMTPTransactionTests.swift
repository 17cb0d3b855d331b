import Foundation
import Mail
import Testing
import Transport

@testable import TransportSMTP

@Suite("A mail transaction")
struct SMTPTransactionTests {
  typealias Command = SMTPTransaction.Command
  static let group: [Command] = [.mail, .recipient, .data]

  /// What was sent, a group at a time, and the verdict; replies come in order.
  private func run(
    _ codes: [Int], pipelined: Bool, reset: Bool = false
  ) throws -> (sent: [[Command]], verdict: Int?, isOver: Bool) {
    var transaction = SMTPTransaction(pipelined: pipelined, reset: reset)
    var sent: [[Command]] = []
    var codes = codes[...]
    while !transaction.isOver {
      let commands = transaction.next()
      if !commands.isEmpty { sent.append(commands) }
      guard let code = codes.popFirst() else { break }
      try transaction.received(SMTPReply(code: code, text: "\(code)"))
    }
    #expect(codes.isEmpty, "not all was read")
    return (sent, transaction.verdict?.code, transaction.isOver)
  }

  @Test("waits for each answer, or where the server offers it only for those of the group")
  func groups() throws {
    let one = try run([250, 250, 354, 250], pipelined: false)
    #expect(one.sent == [[.mail], [.recipient], [.data], [.message]] && one.verdict == 250 && one.isOver)
    let many = try run([250, 250, 354, 250], pipelined: true)
    #expect(many.sent == [Self.group, [.message]] && many.verdict == 250 && many.isOver)
    let reset = try run([250, 250, 250, 354, 250], pipelined: true, reset: true)
    #expect(reset.sent == [[.reset] + Self.group, [.message]] && reset.verdict == 250)
  }

  static let rows: [(codes: [Int], pipelined: Bool, sent: [[Command]], verdict: Int)] = [
    ([550], false, [[.mail]], 550),
    ([250, 452], false, [[.mail], [.recipient]], 452),
    ([250, 250, 554], false, [[.mail], [.recipient], [.data]], 554),
    ([250, 250, 354, 552], false, [[.mail], [.recipient], [.data], [.message]], 552),
    ([550, 503, 503], true, [group], 550),
    ([250, 550, 554], true, [group], 550),
    ([250, 250, 451], true, [group], 451),
    ([250, 251, 354, 450], true, [group, [.message]], 450),
    // The message of a refused recipient is a dot alone, whatever is said of it.
    ([250, 550, 354, 554], true, [group, [.nothing]], 550),
    ([250, 550, 354, 250], true, [group, [.nothing]], 550),
    // After 421 nothing more is answered.
    ([421], true, [group], 421),
    ([250, 421], true, [group], 421),
    ([550, 421], true, [group], 550),
    ([250, 250, 354, 421], true, [group, [.message]], 421),
  ]

  @Test("a refusal of MAIL says nothing of the recipient", arguments: [([552], false), ([250, 552], true)])
  func refusalOfMail(codes: [Int], isOfRecipient: Bool) throws {
    var transaction = SMTPTransaction(pipelined: true)
    _ = transaction.next()
    for code in codes { try transaction.received(SMTPReply(code: code, text: "too large")) }
    #expect(transaction.verdict?.isOfRecipient == isOfRecipient)
  }

  @Test("the first refusal is the verdict, and no message follows it", arguments: rows)
  func refusals(codes: [Int], pipelined: Bool, sent: [[Command]], verdict: Int) throws {
    let ran = try run(codes, pipelined: pipelined)
    #expect(ran.sent == sent && ran.verdict == verdict && ran.isOver)
  }

  @Test(
    "an answer that means nothing there is a violation",
    arguments: [[334], [250, 354], [250, 250, 250], [250, 250, 300], [250, 250, 354, 354], [150], [600], [0]])
  func violations(codes: [Int]) {
    for pipelined in [false, true] {
      let error = #expect(throws: TransportError.self) { try run(codes, pipelined: pipelined) }
      #expect(error?.kind == .protocolViolation)
    }
    #expect(throws: TransportError.self) { try run([550], pipelined: true, reset: true) }
  }

  private func lines(_ envelope: SMTPEnvelope, _ extensions: SMTPExtensions) throws -> [String] {
    try [.mail, .recipient].map { try envelope.line($0, octets: 7, extensions: extensions) }
  }

  @Test("addresses with other than ASCII letters: the domain as A-labels, the local part by SMTPUTF8 or not at all")
  func letters() throws {
    #expect(
      try lines(envelope("a@b.test"), [.size, .smtpUTF8])
        == ["MAIL FROM:<school@school.test> SIZE=7\r\n", "RCPT TO:<a@b.test>\r\n"])
    #expect(
      try lines(envelope("a@b\u{FC}cher.test", from: nil), [])
        == ["MAIL FROM:<>\r\n", "RCPT TO:<a@xn--bcher-kva.test>\r\n"])
    #expect(
      try lines(envelope("zo\u{EB}@b.test"), .smtpUTF8)
        == ["MAIL FROM:<school@school.test> SMTPUTF8\r\n", "RCPT TO:<zo\u{EB}@b.test>\r\n"])
    let error = #expect(throws: TransportError.self) { try lines(envelope("zo\u{EB}@b.test"), .size) }
    #expect(error?.kind == .limit)
  }

  @Test("a message is stuffed the same in pieces of any size")
  func pieces() throws {
    for text in ["", ".", "..", ".\r\n", "a\r\n.b\r\n..c", "\r\n.\r\n\r\n.", "a.\r\nb.\r\n"] {
      for size in 1...9 {
        // A slice, whose indices do not begin at nought.
        var data = try SubmittedMail(message: Data("xy\(text)".utf8).dropFirst(2), envelope: envelope("b@b.test")).data
        var wire: [UInt8] = []
        while let piece = data.next(size) { wire += piece }
        #expect(
          wire == Array(WireTests.stuffed(Data(text.utf8))) + Array(".\r\n".utf8), "\(text.debugDescription) \(size)")
      }
    }
  }
}
