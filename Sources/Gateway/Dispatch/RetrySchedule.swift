import Foundation

/// When a message that was refused for now is tried again (RFC 5321, section 4.5.4.1: at growing intervals, for days).
package enum RetrySchedule {
  /// After so many attempts, in seconds; the last one goes on.
  static let intervals: [TimeInterval] = [300, 900, 1_800, 3_600, longestWait]
  /// Between two attempts, in seconds; a provider that is held is tried sooner.
  static let longestWait: TimeInterval = 7_200
  /// From the first moment that the message could go.
  static let patience: TimeInterval = 3 * 86_400
  /// Attempts that a message has at least, some eight hours of them: it may have waited longer than the patience for a
  /// server that was away, or for a gateway that was.
  static let leastAttempts = 8

  /// The moment of the next attempt, or nil when it has been tried long enough.
  ///
  /// - Parameter attempts: made so far, at least one.
  static func next(afterAttempts attempts: Int, firstDue: Date, now: Date) -> Date? {
    let next = now.addingTimeInterval(intervals[min(max(attempts, 1), intervals.count) - 1])
    return attempts < leastAttempts || next.timeIntervalSince(firstDue) <= patience ? next : nil
  }
}

/// How long to stay away from a server that does not answer at all: one second, doubled each time, at most a minute.
package struct Backoff: Sendable {
  private var failures = 0

  package init() {}

  package mutating func wait() -> Duration {
    failures += 1
    return .seconds(min(60, 1 << min(failures - 1, 6)))
  }

  package mutating func reset() { failures = 0 }
}
