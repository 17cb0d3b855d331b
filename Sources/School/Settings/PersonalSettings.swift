import Foundation

/// What somebody settles for themselves.
package struct PersonalSettings: Sendable, Hashable, Codable {
  package var language: Language
  package var digest: DigestChoice
  package var quietHours: QuietHours?
  package var stopped: Set<Subscription>

  package init(
    language: Language, digest: DigestChoice, quietHours: QuietHours? = nil, stopped: Set<Subscription> = []
  ) {
    self.language = language
    self.digest = digest
    self.quietHours = quietHours
    self.stopped = stopped
  }

  /// Whether no mail of this kind is wanted.
  package func isStopped(_ subscription: Subscription) -> Bool {
    subscription == .schoolyard ? digest == .off : stopped.contains(subscription)
  }

  /// The same without what changed from one to the other: what was changed since stays.
  func reverting(from before: PersonalSettings, to after: PersonalSettings) -> PersonalSettings {
    var settings = self
    if before.language != after.language { settings.language = before.language }
    if before.digest != after.digest { settings.digest = before.digest }
    if before.quietHours != after.quietHours { settings.quietHours = before.quietHours }
    settings.stopped.formUnion(before.stopped.subtracting(after.stopped))
    settings.stopped.subtract(after.stopped.subtracting(before.stopped))
    return settings
  }
}

/// Mail that somebody can do without. Urgent messages, news, items of the schoolplein and the postvak are none.
package enum Subscription: String, Sendable, Hashable, Codable, CaseIterable {
  /// What others comment on the schoolplein, at once or as a digest.
  case schoolyard
  /// The weekly overview of the agenda.
  case calendar
}

/// A part of each day, in the school's time zone, in which mail that is not urgent waits.
package struct QuietHours: Sendable, Hashable, Codable {
  /// Minutes after midnight, 0 to 1439; the first is within, the last is not. Over midnight where it begins later than
  /// it ends.
  package var from: Int
  package var to: Int

  /// Nil where they are no minutes of a day, or the same.
  package init?(from: Int, to: Int) {
    guard (0..<1_440).contains(from), (0..<1_440).contains(to), from != to else { return nil }
    self.from = from
    self.to = to
  }

  /// The end of the quiet hours in which an instant lies, by the clock on the wall; nil outside of them. An end that
  /// the change to summer time leaves out is the first moment after it.
  package func end(at now: Date, in timeZone: TimeZone) -> Date? {
    var calendar = Calendar(identifier: .iso8601)
    calendar.timeZone = timeZone
    let clock = calendar.dateComponents([.hour, .minute], from: now)
    let minute = (clock.hour ?? 0) * 60 + (clock.minute ?? 0)
    guard from < to ? (from..<to).contains(minute) : minute >= from || minute < to else { return nil }
    return calendar.nextDate(
      after: now, matching: DateComponents(hour: to / 60, minute: to % 60, second: 0), matchingPolicy: .nextTime)
  }
}

extension Account {
  package var settings: PersonalSettings {
    PersonalSettings(language: language, digest: digest, quietHours: quietHours, stopped: stopped)
  }

  /// Until when a mail to this account waits; nil where it goes now. What answers their own mail goes at once: they are
  /// awake.
  package func waits(_ lane: Lane, _ facts: NoticeFacts, now: Date, timeZone: TimeZone) -> Date? {
    guard lane != .urgent, facts.isAnswer != true else { return nil }
    return quietHours?.end(at: now, in: timeZone)
  }
}

extension NoticeKind {
  /// What `stop` in answer to a mail of this kind ends; nil for what cannot be stopped.
  package var subscription: Subscription? {
    switch self {
    case .schoolyardComment, .digest: .schoolyard
    case .calendarWeek: .calendar
    default: nil
    }
  }
}
