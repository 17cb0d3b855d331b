import Foundation
import Logging
import Store

/// Puts right what a clock that ran ahead wrote down, when it has been turned back: mail that would wait as long as the
/// clock was wrong.
struct ClockWatch: Sendable {
  static let interval: Duration = .seconds(5)
  /// Clocks are set by less than this all the time, in seconds.
  static let tolerance: TimeInterval = 60

  let gateway: SchoolGateway

  func run() async {
    // The clock may have been turned back while no gateway was there to see it.
    var last = Date.distantFuture
    await gateway.repeatedly(.clock, every: Self.interval, complaint: "mail not brought forward") {
      () async throws(StoreError) in
      try await look(since: &last)
    }
  }

  /// - Parameter last: what the clock showed when it was looked at before.
  func look(since last: inout Date) async throws(StoreError) {
    let now = gateway.now()
    if now < last.addingTimeInterval(-Self.tolerance) {
      let longest = max(RetrySchedule.longestWait, gateway.settings.schoolyard.undoWindow)
      let count = try await gateway.store.bringForward(
        createdAfter: now.addingTimeInterval(Self.tolerance), dueAfter: now.addingTimeInterval(longest), to: now)
      if count > 0 { gateway.log.notice("the clock went back", metadata: ["mails brought forward": "\(count)"]) }
    }
    last = now
  }
}
