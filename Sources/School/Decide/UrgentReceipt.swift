import Foundation

/// What became of an urgent message's mails so far.
package struct UrgentOutcome: Sendable, Hashable {
  /// What its sender was told before.
  package struct Told: Sendable, Hashable {
    /// By the last receipt.
    package var at: Date
    /// Whom any of them names.
    package var accounts: Set<AccountID>

    package init(at: Date, accounts: Set<AccountID>) {
      self.at = at
      self.accounts = accounts
    }
  }

  package var entry: ThreadEntry
  /// Nil where the message names none.
  package var audience: Audience?
  package var tally: DeliveryTally
  /// Whose servers have not taken it or gave it back, in order of their ids, without those who were named before.
  package var notAccepted: [AccountID]
  /// Nil before the first receipt.
  package var told: Told?

  package init(
    entry: ThreadEntry, audience: Audience?, tally: DeliveryTally, notAccepted: [AccountID], told: Told? = nil
  ) {
    self.entry = entry
    self.audience = audience
    self.tally = tally
    self.notAccepted = notAccepted
    self.told = told
  }
}

extension SchoolPolicy {
  /// How long the receipt of an urgent message waits for the slowest server, in seconds.
  static let urgentPatience: TimeInterval = 60
  /// How long it waits at least: the school's own server may take all, and return what the next one refuses.
  static let urgentSettling: TimeInterval = 10
  /// Parents that one receipt names, and children; the rest are counted.
  package static let mostToPhone = 500

  /// Mails that come back after a receipt are told together, at most once a minute.
  package static func isReceiptDue(_ outcome: UrgentOutcome, now: Date) -> Bool {
    if let told = outcome.told {
      return !outcome.notAccepted.isEmpty && now.timeIntervalSince(told.at) >= urgentPatience
    }
    return now.timeIntervalSince(outcome.entry.at) >= (outcome.tally.waiting == 0 ? urgentSettling : urgentPatience)
  }
}

/// Tells who sent an urgent message which servers took it, and whom to phone: also for the children of whom the school
/// has nobody's address. A second receipt names those alone whose mail came back since.
package func urgentReceipt(_ outcome: UrgentOutcome, directory: Directory) -> Decision {
  var facts = NoticeFacts(
    count: outcome.notAccepted.count, since: outcome.told?.at, urgent: outcome.tally)
  facts.accounts = Array(outcome.notAccepted.prefix(SchoolPolicy.mostToPhone))
  if outcome.told == nil {
    let pupils = outcome.audience.map { directory.pupilsWithoutAddress(in: $0).map(\.id) } ?? []
    facts.count = pupils.count
    facts.pupils = Array(pupils.prefix(SchoolPolicy.mostToPhone))
  }
  return Decision(notices: [
    Notice(
      .urgentReceipt, to: .account(outcome.entry.author), lane: .urgent, thread: .existing(outcome.entry.thread),
      entry: .existing(outcome.entry.id), replyTarget: .support, facts: facts)
  ])
}
