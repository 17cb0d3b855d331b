import Deliverability
import Foundation
import Mail
import School
import Store

/// Finds the delivery that a bounce, an automatic answer or a read receipt is about. Only an unguessable key counts:
/// the address it came back to, or the Message-ID of what was returned; so nobody's standing is changed by a forgery.
struct ReturnedMail: Sendable {
  let gateway: SchoolGateway

  /// How long after it was sent a mail can come back without a key or Message-ID that tells which it was: five days of
  /// trying are usual (RFC 5321, section 4.5.4.1), and one for the way back.
  static let longestWayBack: TimeInterval = 6 * 86_400

  func outcomes(_ mail: ReceivedMail) async throws(StoreError) -> [DeliveryOutcome] {
    guard let record = try await delivery(of: mail) else { return [] }
    return [DeliveryOutcome(delivery: record.id, at: gateway.now(), result: result(mail))]
  }

  /// By VERP key; else by the Message-ID of the returned message, or by what the mail answers; else, for a bounce, by
  /// the address that failed and the time. A false key is a forgery, and nothing more is asked of it.
  private func delivery(of mail: ReceivedMail) async throws(StoreError) -> DeliveryRecord? {
    let message = mail.message
    for address in DeliveredTo.addresses(message) + message.to.map(\.address) {
      guard case .bounce(let key) = gateway.settings.scheme.route(to: address) else { continue }
      guard let id = gateway.keys.readBounceKey(key) else { return nil }
      return try await gateway.store.delivery(id)
    }
    for id in messageIDs(mail).compactMap(gateway.delivery(messageID:)) {
      if let record = try await gateway.store.delivery(id) { return record }
    }
    guard case .deliveryStatus(let status) = mail.sort, message.returnPath == .null,
      let failed = status.recipients.first?.finalRecipient
    else { return nil }
    let now = gateway.now()
    return try await gateway.store.latestDelivery(
      to: failed.description, after: now.addingTimeInterval(-Self.longestWayBack))
  }

  private func messageIDs(_ mail: ReceivedMail) -> [String] {
    var ids: [String] = []
    if case .deliveryStatus(let status) = mail.sort { ids += [status.originalMessageID].compactMap(\.self) }
    if case .complaint = mail.sort { ids += [AbuseReport.read(mail.message)?.originalMessageID].compactMap(\.self) }
    return ids + mail.message.inReplyTo + mail.message.references.reversed()
  }

  private func result(_ mail: ReceivedMail) -> DeliveryOutcome.Result {
    switch mail.sort {
    case .deliveryStatus(let status): return result(status)
    case .readReceipt: return .noted(word: "read-receipt", ServerWords(text: ""))
    case .complaint: return .noted(word: "complaint", ServerWords(text: ""))
    case .challenge: return .noted(word: "challenge", ServerWords(text: ""))
    default: return .noted(word: "auto-reply", ServerWords(text: ""))
    }
  }

  /// One transaction a recipient, so the first recipient is ours.
  private func result(_ status: DeliveryStatusNotification) -> DeliveryOutcome.Result {
    let failed = status.recipients.first { $0.action == .failed }
    guard let recipient = failed ?? status.recipients.first else {
      return .noted(word: "report", ServerWords(text: ""))
    }
    let words = ServerWords(
      enhancedStatusCode: recipient.status, text: recipient.diagnostic ?? recipient.action.rawValue)
    switch recipient.action {
    case .failed: return .bounced(words)
    case .delayed: return .noted(word: "delayed", words)
    case .delivered, .relayed, .expanded: return .noted(word: recipient.action.rawValue, words)
    }
  }
}
