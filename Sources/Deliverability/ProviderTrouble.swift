import Foundation

/// What one provider did with the mails of the last half hour. A value; who keeps it says what time it is.
package struct ProviderTrouble: Sendable {
  package struct Refusal: Sendable, Hashable {
    package var at: Date
    package var reason: String
    package var words: String
  }

  /// How far back it looks, in seconds.
  package static let window: TimeInterval = 30 * 60
  /// Refusals that make an alarm, where they are at least half of all that was tried: some refusals are usual.
  package static let alarmFrom = 5
  /// The most outcomes that are kept.
  static let most = 2_000

  private var accepted: [Date] = []
  private var refusals: [Refusal] = []

  package init() {}

  package mutating func accept(at now: Date) {
    accepted.append(now)
    forget(now)
  }

  package mutating func refuse(reason: String, words: String, at now: Date) {
    refusals.append(Refusal(at: now, reason: reason, words: words))
    forget(now)
  }

  private mutating func forget(_ now: Date) {
    let since = now.addingTimeInterval(-Self.window)
    accepted = accepted.filter { $0 > since }.suffix(Self.most)
    refusals = refusals.filter { $0.at > since }.suffix(Self.most)
  }

  /// The first refusal for the most common cause, and how many there were of all; nil while there is no reason for an
  /// alarm.
  package var alarm: (first: Refusal, count: Int)? {
    guard refusals.count >= Self.alarmFrom, refusals.count >= accepted.count else { return nil }
    let byReason = Dictionary(grouping: refusals, by: \.reason)
    let common = byReason.max { ($0.value.count, $1.key) < ($1.value.count, $0.key) }?.value.first
    return common.map { ($0, refusals.count) }
  }
}
