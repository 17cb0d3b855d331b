import Foundation

/// What became of an urgent message's mails so far.
package struct UrgentOutcome: Sendable, Hashable {
  package var entry: ThreadEntry
  package var tally: DeliveryTally
  /// Whose servers have not taken it, in order of their ids.
  package var notAccepted: [AccountID]

  package init(entry: ThreadEntry, tally: DeliveryTally, notAccepted: [AccountID]) {
    self.entry = entry
    self.tally = tally
    self.notAccepted = notAccepted
  }
}

extension SchoolPolicy {
  /// How long the receipt of an urgent message waits for the slowest server, in seconds.
  static let urgentPatience: TimeInterval = 60
  /// How long it waits at least: the school's own server may take all, and return what the next one refuses.
  static let urgentSettling: TimeInterval = 10
  /// Parents that one receipt names; the rest are counted.
  package static let mostToPhone = 500

  package static func isReceiptDue(_ outcome: UrgentOutcome, now: Date) -> Bool {
    now.timeIntervalSince(outcome.entry.at) >= (outcome.tally.waiting == 0 ? urgentSettling : urgentPatience)
  }
}

/// Tells who sent an urgent message which servers took it, and whom to phone.
package func urgentReceipt(_ outcome: UrgentOutcome) -> Decision {
  Decision(notices: [
    Notice(
      .urgentReceipt, to: .account(outcome.entry.author), lane: .urgent, thread: .existing(outcome.entry.thread),
      entry: .existing(outcome.entry.id), replyTarget: .support,
      facts: NoticeFacts(
        accounts: Array(outcome.notAccepted.prefix(SchoolPolicy.mostToPhone)), urgent: outcome.tally))
  ])
}
