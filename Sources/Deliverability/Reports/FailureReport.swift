import Foundation
import Mail

/// What a receiver tells of one mail that failed DMARC (RFC 6591).
package struct FailureReport: Sendable, Hashable, Codable {
  package var sourceIP: String?
  /// `dmarc`, `dkim`, `spf`, …
  package var failure: String?
  package var domain: String?
  /// `delivered`, `spam`, `policy`, `reject`, `other`.
  package var result: String?
  /// Of the mail that failed, without angle brackets.
  package var originalMessageID: String?

  /// Nil where the message is no such report.
  static func read(_ message: MailMessage) -> FailureReport? {
    let part = message.root.allParts.first { $0.contentType.mediaType == "message/feedback-report" }
    guard let data = part.flatMap({ $0.data ?? $0.text.map { Data($0.utf8) } }) else { return nil }
    let fields = StatusFields.blocks(data.prefix(DeliveryStatusNotification.statusOctets))
    func value(_ name: String) -> String? { fields.lazy.compactMap { $0[name] }.first { !$0.isEmpty } }
    guard value("feedback-type")?.lowercased() == "auth-failure" else { return nil }
    let original = OriginalMessage(message, ReportText(message))
    return FailureReport(
      sourceIP: value("source-ip"), failure: value("auth-failure")?.lowercased(),
      domain: value("reported-domain")?.lowercased(), result: value("delivery-result")?.lowercased(),
      originalMessageID: original.messageID ?? value("message-id").map(StatusFields.bare))
  }
}
