import Foundation

/// An account that mail does not reach well, and why.
package struct UnreachedAccount: Sendable, Hashable, Codable {
  package var account: AccountID
  package var failure: AddressFailure

  package init(account: AccountID, failure: AddressFailure) {
    self.account = account
    self.failure = failure
  }
}

extension SchoolPolicy {
  /// When support gets the weekly report: Monday (1) at 8, in the school's time zone.
  static let reportWeekday = 1
  static let reportHour = 8
  /// Accounts that one report names; the rest are counted.
  package static let mostUnreached = 200

  /// Whether a weekly report is due.
  ///
  /// - Parameter last: when the last one was made.
  package func isReportDue(last: Date, now: Date) -> Bool {
    self.last(weekday: Self.reportWeekday, hour: Self.reportHour, before: now).map { $0 > last } ?? false
  }
}

/// Tells support of the families that mail does not reach well, with what to do for each. Nothing is sent where all are
/// reached.
package func weeklyReport(_ families: [DeliverabilityReport.FamilyLine], policy: SchoolPolicy) -> Decision {
  let troubled = families.filter { $0.reach != .whole }
  let unreached = troubled.flatMap(\.members).compactMap { member in
    member.standing.state == .working
      ? nil : member.standing.failure.map { UnreachedAccount(account: member.account, failure: $0) }
  }
  let facts = NoticeFacts(count: troubled.count, unreached: Array(unreached.prefix(SchoolPolicy.mostUnreached)))
  return Decision(
    changes: [.markDone(.weeklyReport)],
    notices: unreached.isEmpty
      ? [] : policy.supportDesk.map { Notice(.weeklyReport, to: .account($0), replyTarget: .support, facts: facts) })
}
