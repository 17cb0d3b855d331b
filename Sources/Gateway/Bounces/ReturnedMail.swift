import Deliverability
import Foundation
import Mail
import School
import Store

/// Finds the delivery that a bounce, an automatic answer or a read receipt is about. Only an unguessable key counts:
/// the address it came back to, or the Message-ID of what was returned; so nobody's standing is changed by a forgery.
struct ReturnedMail: Sendable {
  let gateway: SchoolGateway

  func outcomes(_ mail: ReceivedMail) async throws(StoreError) -> [DeliveryOutcome] {
    guard let id = delivery(of: mail), let record = try await gateway.store.delivery(id) else { return [] }
    return [DeliveryOutcome(delivery: record.id, at: gateway.now(), result: result(mail))]
  }

  /// By VERP key, else by the Message-ID of the returned message, else by what the mail answers.
  private func delivery(of mail: ReceivedMail) -> DeliveryID? {
    let message = mail.message
    let addresses = DeliveredTo.addresses(message) + message.to.map(\.address)
    for address in addresses {
      if case .bounce(let key) = gateway.settings.scheme.route(to: address), let id = gateway.keys.readBounceKey(key) {
        return id
      }
    }
    var messageIDs: [String] = []
    if case .deliveryStatus(let status) = mail.sort { messageIDs += [status.originalMessageID].compactMap(\.self) }
    if mail.sort == .bounce { messageIDs += message.root.allParts.compactMap(\.returnedMessageID) }
    messageIDs += message.inReplyTo + message.references.reversed()
    return messageIDs.lazy.compactMap(gateway.delivery(messageID:)).first
  }

  private func result(_ mail: ReceivedMail) -> DeliveryOutcome.Result {
    switch mail.sort {
    case .deliveryStatus(let status): return result(status)
    case .bounce: return .bounced(ServerWords(text: mail.message.subject))
    case .readReceipt: return .noted(word: "read-receipt", ServerWords(text: ""))
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

extension MIMEPart {
  /// The Message-ID of an attached message.
  fileprivate var returnedMessageID: String? {
    if case .message(let message) = content { message.messageID } else { nil }
  }
}
