import Foundation

/// What became of the school's mail in a stretch of time, for who answers the questions about it.
package struct DeliverabilityReport: Sendable, Hashable {
  package var since: Date
  package var until: Date
  package var total: DeliveryTally
  /// The oldest first, without gaps.
  package var periods: [Period]
  /// The one with most mail first.
  package var providers: [ProviderLine]
  /// Families with trouble first.
  package var families: [FamilyLine]

  package init(
    since: Date, until: Date, total: DeliveryTally, periods: [Period], providers: [ProviderLine],
    families: [FamilyLine]
  ) {
    self.since = since
    self.until = until
    self.total = total
    self.periods = periods
    self.providers = providers
    self.families = families
  }

  /// An hour, a day or a week of the school's time zone.
  package struct Period: Sendable, Hashable {
    package var start: Date
    package var tally: DeliveryTally

    package init(start: Date, tally: DeliveryTally) {
      self.start = start
      self.tally = tally
    }
  }

  /// All mail to one provider.
  package struct ProviderLine: Sendable, Hashable {
    /// `outlook-consumer`, `kpn`, …; nil for all domains whose provider is not known.
    package var provider: String?
    package var tally: DeliveryTally
    /// Why mails failed or were put off, the most frequent first.
    package var reasons: [ReasonCount]
    /// Since when all mail there waits; nil where none does.
    package var heldSince: Date?

    package init(provider: String?, tally: DeliveryTally, reasons: [ReasonCount], heldSince: Date? = nil) {
      self.provider = provider
      self.tally = tally
      self.reasons = reasons
      self.heldSince = heldSince
    }
  }

  package struct ReasonCount: Sendable, Hashable {
    /// `mailbox-full`, …
    package var reason: String
    /// Whose turn it is.
    package var actor: String
    package var count: Int

    package init(reason: String, actor: String, count: Int) {
      self.reason = reason
      self.actor = actor
      self.count = count
    }
  }

  package struct FamilyLine: Sendable, Hashable {
    package var family: Family
    /// One an account, in the family's order.
    package var members: [Member]

    package init(family: Family, members: [Member]) {
      self.family = family
      self.members = members
    }

    package var reach: Reach {
      let works = members.filter { $0.standing.state == .working }.count
      if works == members.count { return .whole }
      if works > 0 { return .part }
      return members.contains { $0.standing.state == .doubtful } ? .doubtful : .none
    }
  }

  /// How far a family's mail arrives, the worst first.
  package enum Reach: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    /// No address works.
    case none
    /// No address works well.
    case doubtful
    /// One parent's does, another's does not.
    case part
    case whole

    package static func < (left: Self, right: Self) -> Bool {
      allCases.firstIndex(of: left) ?? 0 < allCases.firstIndex(of: right) ?? 0
    }
  }

  /// One account of a family.
  package struct Member: Sendable, Hashable {
    package var account: AccountID
    /// With what an activation without answer tells.
    package var standing: AddressStanding
    /// Nil for one that was never asked to answer.
    package var activation: Activation?
    package var tally: DeliveryTally
    package var lastAccepted: Date?
    /// When they last wrote, or answered JA.
    package var lastAnswered: Date?

    package init(
      account: AccountID, standing: AddressStanding, activation: Activation? = nil, tally: DeliveryTally,
      lastAccepted: Date? = nil, lastAnswered: Date? = nil
    ) {
      self.account = account
      self.standing = standing
      self.activation = activation
      self.tally = tally
      self.lastAccepted = lastAccepted
      self.lastAnswered = lastAnswered
    }
  }
}
