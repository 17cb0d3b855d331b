import Deliverability
import Foundation
import Mail
import School
import Store

/// All that happened between the school and one person's address.
package struct TimelineReader: Sendable {
  let store: Store

  package init(store: Store) { self.store = store }

  /// - Parameter limit: so many mails and answers at most.
  /// - Returns: the oldest first.
  package func timeline(of account: AccountID, limit: Int) async throws(StoreError) -> [TimelineEvent] {
    let address = try await store.directory().accounts[account].flatMap { MailAddress($0.mailAddress) }
    let history = try await store.history(of: account, limit: limit)
    var events = history.mails.flatMap { Self.events($0, address) }
    events += history.answers.map { TimelineEvent(at: $0.at, happening: .answered, subject: $0.subject) }
    events += history.advisedAt.map { TimelineEvent(at: $0, happening: .advised) }
    if let activation = history.activation, activation.state == .active, let since = activation.since {
      events.append(TimelineEvent(at: since, happening: .activated))
    }
    // What happened at one instant stays in the order of its causes.
    return events.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
  }

  private static func events(_ mail: AccountHistory.Mail, _ address: MailAddress?) -> [TimelineEvent] {
    let delivery = mail.delivery
    let event = { (at: Date, happening: TimelineEvent.Happening) in
      TimelineEvent(
        at: at, happening: happening, delivery: delivery.id, kind: delivery.kind, subject: mail.subject)
    }
    let first = event(delivery.createdAt, delivery.status == .withheld ? .withheld : .queued)
    return [first]
      + mail.events.reversed().map { said in
        let verdict = said.verdict(for: address)
        return event(
          said.at,
          .server(
            word: said.outcome, said: said.words.said, reason: verdict?.reason, actor: verdict?.actor.rawValue))
      }
  }
}

extension MessageReport.Event {
  /// Refusals in our own dialogue and returned mail, by one judgement; nil for what is no failure.
  package func verdict(for recipient: MailAddress?) -> DeliveryVerdict? {
    let actions: [String: DeliveryStatusNotification.Action] = [
      "refused": .failed, "bounced": .failed, "deferred": .delayed, "delayed": .delayed,
    ]
    return actions[outcome].map { words.verdict(for: recipient, action: $0) }
  }
}
