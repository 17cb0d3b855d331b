import Foundation
import Mail

/// What the SMTP dialogue says of a message before its data: RFC 5321, section 2.3.1. One recipient a transaction.
package struct SMTPEnvelope: Sendable, Hashable {
  /// `MAIL FROM`; nil is the null reverse path `<>`.
  package var reversePath: MailAddress?
  /// `RCPT TO`.
  package var forwardPath: MailAddress

  package init(reversePath: MailAddress?, forwardPath: MailAddress) {
    self.reversePath = reversePath
    self.forwardPath = forwardPath
  }
}

/// The server's last word on one transaction: RFC 5321, section 4.2, with the enhanced code of RFC 3463 where given.
package struct SMTPReply: Sendable, Hashable {
  package var code: Int
  /// `5.1.1`; nil where the server gives none.
  package var enhancedStatusCode: String?
  /// All lines joined by a space, without the codes.
  package var text: String
  /// False where MAIL was refused, before the server knew for whom the message is: it says nothing of them.
  package var isOfRecipient: Bool

  package init(code: Int, enhancedStatusCode: String? = nil, text: String, isOfRecipient: Bool = true) {
    self.code = code
    self.enhancedStatusCode = enhancedStatusCode
    self.text = text
    self.isOfRecipient = isOfRecipient
  }

  package var isAccepted: Bool { (200..<300).contains(code) }
  package var isTemporary: Bool { (400..<500).contains(code) }
  package var isPermanent: Bool { (500..<600).contains(code) }
}

/// The port through which mail leaves.
package protocol MailSubmitter: Sendable {
  /// Submits one message, which has CRLF line ends only, to one recipient, and returns what the server said of it,
  /// whether it accepted or refused. Waits for a free connection; safe to call from many tasks at once.
  ///
  /// - Throws: `TransportError` where no server gave an answer about this message.
  func submit(_ message: Data, envelope: SMTPEnvelope) async throws(TransportError) -> SMTPReply

  /// Logs in and out again, for `postplein check`.
  func verifyLogin() async throws(TransportError)
}
