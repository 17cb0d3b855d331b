import Deliverability
import Foundation
import Mail
import School
import Store

/// Finds the delivery that a bounce, an automatic answer or a read receipt is about: by an unguessable key, which is in
/// the address it came back to or in the Message-ID of what was returned. Without one only a proven server counts that
/// knows of the address; so nobody's standing is changed by a forgery.
struct ReturnedMail: Sendable {
  let gateway: SchoolGateway

  /// How long after it was sent a mail can come back without a key or Message-ID that tells which it was: five days of
  /// trying are usual (RFC 5321, section 4.5.4.1), and one for the way back.
  static let longestWayBack: TimeInterval = 6 * 86_400

  /// Nil where more came without a key than is read in an hour.
  func outcomes(_ mail: ReceivedMail) async throws(StoreError) -> [DeliveryOutcome]? {
    let result = result(mail)
    if let record = try await keyed(mail) {
      let directory = try await gateway.store.directory()
      let wentElsewhere = directory.wentToFormerAddress(record)
      let address = wentElsewhere ? nil : directory.address(of: record)
      await gateway.providers.note(record.id, result, address, gateway)
      gateway.count(result, to: address)
      return [
        DeliveryOutcome(
          delivery: record.id, at: gateway.now(), result: result,
          sign: wentElsewhere ? nil : .of(result, record, address))
      ]
    }
    guard try await MailReader(gateway: gateway).mayRead(mail, of: .returns) else { return nil }
    guard case .bounced(let words) = result, let record = try await recent(mail) else { return [] }
    // Anybody can write such a mail: of most it only counts that it came.
    let address = try await gateway.store.directory().address(of: record)
    let counts = mail.proof.isProven && isServer(mail.message, of: address)
    return [
      DeliveryOutcome(
        delivery: record.id, at: gateway.now(), result: counts ? result : .noted(word: "returned", words),
        sign: counts ? .of(result, record, address) : nil)
    ]
  }

  /// Whether it is in the name of a server that knows of the address: of its own domain, of a known provider, or of the
  /// school's. These names nobody else gets at a provider (RFC 2142, section 5); on a domain of one's own anybody has
  /// them.
  func isServer(_ message: MailMessage, of address: MailAddress?) -> Bool {
    guard message.from.count == 1, let from = message.from.first?.address,
      ["mailer-daemon", "postmaster"].contains(from.localPart.lowercased())
    else { return false }
    let scheme = gateway.settings.scheme
    let known = [address?.domain, scheme.domain, scheme.mailbox.domain].compactMap(\.self)
    return Provider.of(domain: from.domain) != nil
      || known.contains { Alignment.isAligned(from.domain, with: $0) }
  }

  /// By VERP key; else by the Message-ID of the returned message, or by what the mail answers.
  private func keyed(_ mail: ReceivedMail) async throws(StoreError) -> DeliveryRecord? {
    if let key = bounceKey(mail) {
      guard let id = gateway.keys.readBounceKey(key) else { return nil }
      return try await gateway.store.delivery(id)
    }
    for id in messageIDs(mail).compactMap(gateway.keys.delivery(messageID:)) {
      if let record = try await gateway.store.delivery(id) { return record }
    }
    return nil
  }

  private func bounceKey(_ mail: ReceivedMail) -> String? {
    for address in DeliveredTo.addresses(mail.message) + mail.message.to.map(\.address) {
      if case .bounce(let key) = gateway.settings.scheme.route(to: address) { return key }
    }
    return nil
  }

  /// By the address that failed and the time. A mail with a false key is a forgery: nothing more is asked of it.
  private func recent(_ mail: ReceivedMail) async throws(StoreError) -> DeliveryRecord? {
    guard bounceKey(mail) == nil, case .deliveryStatus(let status) = mail.sort,
      let failed = status.about?.finalRecipient
    else { return nil }
    return try await gateway.store.latestDelivery(
      to: failed.description, after: gateway.now().addingTimeInterval(-Self.longestWayBack))
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

  private func result(_ status: DeliveryStatusNotification) -> DeliveryOutcome.Result {
    guard let recipient = status.about else {
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
