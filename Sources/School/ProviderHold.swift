import Foundation

/// A provider that refuses the school's mail: what goes there waits, but for urgent mail and a probe now and then.
package struct ProviderHold: Sendable, Hashable {
  /// `outlook-consumer`, `kpn`, …
  package var provider: String
  /// When the first mail was refused for this cause.
  package var since: Date
  package var reason: String
  package var words: String
  /// Refusals until the alarm.
  package var count: Int
  /// When the last probe went; nil for none yet.
  package var probedAt: Date?
  /// The refusals came back by mail: our own server takes what goes there all the same, so a probe that it takes says
  /// nothing before some time has passed without its return.
  package var isByReturns: Bool

  /// How long a probe that was taken must stay away, in seconds, where refusals come back by mail.
  package static let returnTime: TimeInterval = 900
  /// Between two probes, in seconds; also how long a mail waits that meets the hold.
  package static let probeInterval: TimeInterval = 600

  package init(
    provider: String, since: Date, reason: String, words: String, count: Int, probedAt: Date? = nil,
    isByReturns: Bool = false
  ) {
    self.provider = provider
    self.since = since
    self.reason = reason
    self.words = words
    self.count = count
    self.probedAt = probedAt
    self.isByReturns = isByReturns
  }
}
