import Foundation
import Mail

/// Somebody called a mail of ours spam (ARF, RFC 5965), as Outlook.com's JMRP, Yahoo and others tell the sender.
package struct AbuseReport: Sendable, Hashable {
  /// Who complained; providers often black it out.
  package var recipients: [MailAddress]
  /// Of the mail that is complained of, without angle brackets.
  package var originalMessageID: String?

  /// Nil where the message is no such report.
  package static func read(_ message: MailMessage) -> AbuseReport? {
    if let complainers = ServiceNotice.complainers(message) {
      return AbuseReport(recipients: complainers, originalMessageID: nil)
    }
    if let original = junkReported(message) {
      return AbuseReport(
        recipients: original.header[junkField].flatMap(MailAddress.init).map { [$0] } ?? [],
        originalMessageID: original.messageID)
    }
    let parts = message.root.allParts
    guard let part = parts.first(where: { $0.contentType.mediaType == "message/feedback-report" }) else { return nil }
    let data = part.data ?? part.text.map { Data($0.utf8) } ?? Data()
    let fields = StatusFields.blocks(data.prefix(DeliveryStatusNotification.statusOctets))
    let told = ["original-rcpt-to", "removal-recipient", "redacted-address"]
      .compactMap { name in fields.lazy.compactMap { $0[name] }.first }
      .compactMap { MailAddress(StatusFields.bare($0)) }
    let original = OriginalMessage(message, ReportText(message))
    return AbuseReport(
      recipients: told.isEmpty ? original.recipients : [told[0]], originalMessageID: original.messageID)
  }

  /// The mail that somebody reported, as Outlook.com's Junk Mail Reporting Program passes it on; nil where it is none.
  static func junkReported(_ message: MailMessage) -> MailMessage? {
    guard message.from.map(\.address.canonical) == ["staff@hotmail.com"] else { return nil }
    return message.attachedMessages.first { $0.header.first(junkField) != nil }
  }

  /// Who complained.
  private static let junkField = "X-HmXmrOriginalRecipient"
}
