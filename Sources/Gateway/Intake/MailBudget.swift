import Foundation
import School
import Synchronization

/// How many mails of each side are read in an hour of the clock. What is beyond that is left to a person and counted:
/// it is never lost, and never in the way of others.
final class MailBudget: Sendable {
  /// Whose mails are counted together. There are as many sides as accounts, twice, and three.
  enum Side: Hashable {
    /// Proven or not: who writes in somebody's name uses up nothing of theirs.
    case sender(AccountID, isProven: Bool)
    case strangers
    case returns
    /// The school's own mail that comes back as it went out, and reports.
    case machines
  }

  enum Verdict: Equatable {
    case read
    /// - isFirst: nobody was told in this hour.
    case leave(isFirst: Bool)
  }

  private struct Hour {
    var number = 0
    var spent: [Side: Int] = [:]
    /// Of mails whose handling may be undone and tried again, which costs nothing more.
    var verdicts: [InboundID: Verdict] = [:]
  }

  private let hour = Mutex(Hour())

  /// Counts one more mail, until `settle` once however often it is tried.
  func spend(_ side: Side, on mail: InboundID, limit: Int, now: Date) -> Verdict {
    let number = Int(now.timeIntervalSince1970 / 3_600)
    return hour.withLock { hour in
      if hour.number != number { hour = Hour(number: number) }
      if let verdict = hour.verdicts[mail] { return verdict }
      let spent = hour.spent[side, default: 0] + 1
      hour.spent[side] = spent
      let verdict: Verdict = spent <= limit ? .read : .leave(isFirst: spent == limit + 1)
      hour.verdicts[mail] = verdict
      return verdict
    }
  }

  /// What was done with the mail stands.
  func settle(_ mail: InboundID) { hour.withLock { $0.verdicts[mail] = nil } }
}
