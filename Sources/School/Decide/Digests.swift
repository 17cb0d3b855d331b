import Foundation

/// A comment that waits for somebody's digest.
package struct DigestLine: Sendable, Hashable {
  package var entry: EntryID
  /// When it was written.
  package var at: Date
  /// For whom its thread is.
  package var audience: Audience?

  package init(entry: EntryID, at: Date, audience: Audience? = .school) {
    self.entry = entry
    self.at = at
    self.audience = audience
  }
}

/// The digests that are due: for each account that has something waiting since before the last moment at which its
/// digest goes out. Comments that can still be taken back wait for the next one.
package func digestsDue(
  _ waiting: [AccountID: [DigestLine]], directory: Directory, policy: SchoolPolicy, now: Date,
  regardlessOfHour: Bool = false
) -> [Decision] {
  waiting.keys.sorted().compactMap { account in
    guard let choice = directory.accounts[account]?.digest else { return nil }
    let moment = regardlessOfHour ? now : policy.lastDigest(of: choice, before: now)
    guard let moment else { return nil }
    let ripe = (waiting[account] ?? []).filter { $0.at <= moment && $0.at.addingTimeInterval(policy.undoWindow) <= now }
    guard !ripe.isEmpty else { return nil }
    // What may be read is judged now.
    let entries = ripe.filter { line in line.audience.map { directory.mayRead(account, $0) } ?? false }
      .map(\.entry).sorted()
    return Decision(
      changes: [.takeFromDigest(account, entries: ripe.map(\.entry).sorted())],
      notices: entries.isEmpty
        ? []
        : [
          Notice(
            .digest, to: .account(account), lane: .bulk, replyTarget: .digest,
            facts: NoticeFacts(count: entries.count, digestEntries: entries))
        ])
  }
}

extension SchoolPolicy {
  /// The last moment at which digests of this kind went out. Nil for who wants none; who wants everything at once but
  /// has something waiting, having changed their mind, gets it with the daily ones.
  func lastDigest(of choice: DigestChoice, before now: Date) -> Date? {
    guard choice != .off else { return nil }
    return last(weekday: choice == .weekly ? digestWeekday : nil, hour: digestHour, before: now)
  }

  /// The last moment before an instant that had this hour in the school's time zone.
  ///
  /// - Parameter weekday: 1 for Monday to 7 for Sunday (ISO 8601); nil for any.
  func last(weekday: Int?, hour: Int, before now: Date) -> Date? {
    var calendar = Calendar(identifier: .iso8601)
    calendar.timeZone = timeZone
    var moment = DateComponents(hour: hour, minute: 0, second: 0)
    // Foundation counts from Sunday as 1, also in the ISO calendar.
    if let weekday { moment.weekday = weekday % 7 + 1 }
    return calendar.nextDate(after: now, matching: moment, matchingPolicy: .nextTime, direction: .backward)
  }
}
