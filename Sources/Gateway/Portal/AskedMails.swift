import Mail
import School
import Store

/// Finds the mail of which somebody asks why they got it.
struct AskedMails: Sendable {
  let store: Store
  let keys: KeyRing
  let view: @Sendable (ThreadID) async throws(StoreError) -> ThreadView?

  /// By the message that is answered; where a client does not tell, the newest that was to be answered so. Nil for one
  /// that went to somebody else.
  func asked(
    by message: MailMessage, about target: ReplyTarget, actor: AccountID
  ) async throws(StoreError) -> DeliveryRecord? {
    switch try await found(by: message) {
    case let delivery?: delivery.recipient == .account(actor) ? delivery : nil
    case nil: try await store.latestDelivery(to: actor, answeredAs: target)
    }
  }

  /// By the message that is answered alone.
  func answered(by message: MailMessage, actor: AccountID) async throws(StoreError) -> DeliveryRecord? {
    let delivery = try await found(by: message)
    return delivery?.recipient == .account(actor) ? delivery : nil
  }

  private func found(by message: MailMessage) async throws(StoreError) -> DeliveryRecord? {
    let ids = message.inReplyTo.reversed() + message.references.reversed()
    for id in ids.prefix(Router.mostReferences) {
      if case .delivery(let delivery) = try await store.answered(messageID: id, keys) { return delivery }
    }
    return nil
  }

  func mail(_ delivery: DeliveryRecord) async throws(StoreError) -> AskedMail {
    AskedMail(
      kind: delivery.kind, thread: try await viewIfAny(delivery.thread), at: delivery.createdAt, facts: delivery.facts)
  }

  private func viewIfAny(_ thread: ThreadID?) async throws(StoreError) -> ThreadView? {
    guard let thread else { return nil }
    return try await view(thread)
  }
}
