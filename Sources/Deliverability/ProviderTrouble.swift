import Foundation

/// What one provider did with the mails of the last half hour. A value; who keeps it says what time it is.
package struct ProviderTrouble: Sendable {
  package struct Refusal: Sendable, Hashable {
    package var at: Date
    package var reason: String
    package var words: String
    /// It came back by mail.
    package var isReturned: Bool
  }

  /// How far back it looks, in seconds.
  package static let window: TimeInterval = 30 * 60
  /// Refusals that make an alarm, where they are a larger share of all that was tried than is usual.
  package static let alarmFrom = 5
  /// The share that makes an alarm where nothing is known of what is usual; else so many times the usual share, but
  /// never less than the least nor more than the most.
  static let share = 0.5
  static let timesUsual = 3.0
  static let leastShare = 0.2
  static let mostShare = 0.9
  /// The most outcomes that are kept.
  static let most = 2_000

  private var accepted: [Date] = []
  private var refusals: [Refusal] = []

  package init() {}

  package mutating func accept(at now: Date) {
    accepted.append(now)
    forget(now)
  }

  /// - Parameter isReturned: it came back by mail: our own server had taken it, which counts no longer.
  package mutating func refuse(reason: String, words: String, isReturned: Bool = false, at now: Date) {
    refusals.append(Refusal(at: now, reason: reason, words: words, isReturned: isReturned))
    forget(now)
    if isReturned, !accepted.isEmpty { accepted.removeFirst() }
  }

  private mutating func forget(_ now: Date) {
    let since = now.addingTimeInterval(-Self.window)
    accepted = accepted.filter { $0 > since }.suffix(Self.most)
    refusals = refusals.filter { $0.at > since }.suffix(Self.most)
  }

  /// Whether there are so many refusals that their share matters.
  package var mayAlarm: Bool { refusals.count >= Self.alarmFrom }

  /// The first refusal for the most common cause, and how many there were of all; nil while there is no reason for an
  /// alarm.
  ///
  /// - Parameter usual: the share of mails to this provider that fails in other weeks; nil where too few were sent.
  package func alarm(usual: Double?) -> (first: Refusal, count: Int)? {
    let share = Double(refusals.count) / Double(max(1, refusals.count + accepted.count))
    let limit = usual.map { min(Self.mostShare, max(Self.leastShare, $0 * Self.timesUsual)) } ?? Self.share
    guard mayAlarm, share >= limit else { return nil }
    let byReason = Dictionary(grouping: refusals, by: \.reason)
    let common = byReason.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.value.first
    return common.map { ($0, refusals.count) }
  }
}
