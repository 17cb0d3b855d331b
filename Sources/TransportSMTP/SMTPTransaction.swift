import Foundation
import Mail
import Transport

/// One mail transaction: MAIL, RCPT, DATA and the message (RFC 5321, section 3.3), the first three at once where the
/// server offers that (RFC 2920): two round trips instead of four. Says what to send, and is told what was answered.
struct SMTPTransaction {
  enum Command: Hashable {
    case reset, mail, recipient, data, message
    /// A dot alone, for a server that asks for the message of a recipient that it refused (RFC 2920, section 3.1).
    case nothing
  }

  /// The server's word on this message: its first refusal, or its answer to the message.
  private(set) var verdict: SMTPReply?
  /// What is still to be said, and what was said and not answered yet.
  private var unsent: [Command]
  private var unanswered: ArraySlice<Command> = []
  private let isPipelined: Bool

  /// - Parameter isReset: whether the transaction before on this connection was broken off, so that RSET comes first.
  init(pipelined: Bool, reset isReset: Bool = false) {
    isPipelined = pipelined
    unsent = (isReset ? [.reset] : []) + [.mail, .recipient, .data]
  }

  var isOver: Bool { unsent.isEmpty && unanswered.isEmpty }
  /// How many replies must come before there is something to send.
  var answersDue: Int { unanswered.count }

  /// What to send now; none where an answer must come first.
  mutating func next() -> [Command] {
    guard unanswered.isEmpty, !unsent.isEmpty else { return [] }
    let commands = isPipelined ? unsent : [unsent.removeFirst()]
    if isPipelined { unsent = [] }
    unanswered = commands[...]
    return commands
  }

  /// The next reply of the server.
  ///
  /// Throws `.protocolViolation` where it means nothing in this place, `.network` where RSET was refused.
  mutating func received(_ reply: SMTPReply) throws(TransportError) {
    guard let command = unanswered.popFirst() else { throw Self.violation(reply) }
    switch (command, reply.code) {
    case (_, 421):
      // The server leaves, and answers no more (RFC 5321, section 3.8).
      verdict = verdict ?? reply
      (unsent, unanswered) = ([], [])
    case (.reset, 400..<600):
      throw TransportError(.network, "The SMTP server will not begin anew on this connection: \(reply.code)")
    case (.nothing, 200..<600): break
    case (.mail, 400..<600):
      var reply = reply
      reply.isOfRecipient = false
      verdict = verdict ?? reply
      unsent = []
    case (_, 400..<600), (.message, 200..<300):
      verdict = verdict ?? reply
      unsent = []
    case (.reset, 200..<300), (.mail, 200..<300), (.recipient, 200..<300): break
    case (.data, 354): unsent = [verdict == nil ? .message : .nothing]
    default: throw Self.violation(reply)
    }
  }

  private static func violation(_ reply: SMTPReply) -> TransportError {
    TransportError(.protocolViolation, "The SMTP server answered \(reply.code) where that means nothing")
  }
}

/// A message on its way.
struct SubmittedMail: Sendable {
  let message: Data
  let envelope: SMTPEnvelope
  private let hasLeadingDot: Bool

  /// Throws `.limit` where the message has a CR or LF that does not stand with the other (RFC 5321, section 2.3.8):
  /// some servers would take that for the end of a line and others not (SMTP smuggling, CVE-2023-51764).
  init(message: Data, envelope: SMTPEnvelope) throws(TransportError) {
    let breaks = message.withUnsafeBytes(LineBreaks.init)
    guard !breaks.hasBareCR, !breaks.hasBareLF else {
      throw TransportError(.limit, "The message has a bare CR or LF")
    }
    (self.message, self.envelope, hasLeadingDot) = (message, envelope, breaks.hasLeadingDot)
  }

  /// The message as it goes over the wire.
  var data: SMTPData { SMTPData(message, hasLeadingDot: hasLeadingDot) }

  /// The octets of these commands. Throws as `SMTPEnvelope.line` does.
  func lines(_ commands: [SMTPTransaction.Command], _ extensions: SMTPExtensions) throws(TransportError) -> [UInt8] {
    var lines = ""
    for command in commands { lines += try envelope.line(command, octets: message.count, extensions: extensions) }
    return Array(lines.utf8)
  }
}

extension SMTPEnvelope {
  /// The command lines of a message of so many octets. Addresses are free of what ends a line or a path
  /// (`MailAddress`).
  ///
  /// Throws `.limit` where an address has other than ASCII letters and the server cannot take that (RFC 6531).
  func line(
    _ command: SMTPTransaction.Command, octets: Int, extensions: SMTPExtensions
  ) throws(TransportError) -> String {
    switch command {
    case .reset: return "RSET\r\n"
    case .mail:
      let needsUTF8 = try needsUTF8(extensions)
      let size = extensions.contains(.size) ? " SIZE=\(octets)" : ""
      return "MAIL FROM:<\(reversePath?.onTheWire ?? "")>\(size)\(needsUTF8 ? " SMTPUTF8" : "")\r\n"
    case .recipient: return "RCPT TO:<\(forwardPath.onTheWire)>\r\n"
    case .data: return "DATA\r\n"
    case .nothing: return ".\r\n"
    case .message: return ""
    }
  }

  private func needsUTF8(_ extensions: SMTPExtensions) throws(TransportError) -> Bool {
    let isASCII = { (path: MailAddress) in path.onTheWire.utf8.allSatisfy { $0 < 0x80 } }
    guard !isASCII(forwardPath) || !(reversePath.map(isASCII) ?? true) else { return false }
    guard extensions.contains(.smtpUTF8) else {
      throw TransportError(.limit, "The SMTP server takes no address with other than ASCII letters (5.6.7)")
    }
    return true
  }
}
