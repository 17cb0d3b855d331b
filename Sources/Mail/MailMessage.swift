import Foundation

/// An internet message (RFC 5322) as a value. Reading never fails: what is wrong with it stands in `defects`.
package struct MailMessage: Sendable, Hashable {
  package var header = HeaderFields()
  /// The mailboxes of `From`, parsed before encoded words are decoded, so that a name never becomes an address.
  package var from: [NamedAddress] = []
  package var sender: NamedAddress?
  package var replyTo: [NamedAddress] = []
  package var to: [NamedAddress] = []
  package var cc: [NamedAddress] = []
  /// `Return-Path` as the final server wrote it (RFC 5321, section 4.4).
  package var returnPath: ReturnPath?
  /// Decoded, on one line; empty where there is none.
  package var subject = ""
  package var date: Date?
  /// Ids without angle brackets, here and below.
  package var messageID: String?
  package var inReplyTo: [String] = []
  package var references: [String] = []
  package var root: MIMEPart
  /// Defects of this message, those of its attached messages included.
  package var defects: [MailDefect] = []

  package enum ReturnPath: Sendable, Hashable {
    /// `<>`: a bounce, a receipt, an automatic answer (RFC 5321, section 4.5.5).
    case null
    case address(MailAddress)

    package var address: MailAddress? {
      if case .address(let address) = self { address } else { nil }
    }
  }

  package init(root: MIMEPart) { self.root = root }
}
