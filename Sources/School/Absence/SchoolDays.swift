import Foundation

/// On which days there is school: no weekends, and none that the school's calendar says is free.
struct SchoolDays: Sendable {
  let policy: SchoolPolicy
  let freeDays: [ClosedRange<CalendarDay>]

  /// Days that are looked through for the next one; no holiday is longer.
  static let horizon = 100

  func isSchoolDay(_ day: CalendarDay) -> Bool { day.weekday <= 5 && !freeDays.contains { $0.contains(day) } }

  /// The first school day after a day; the day after it where none comes.
  func next(after day: CalendarDay) -> CalendarDay {
    (1...Self.horizon).lazy.map { day.adding(days: $0) }.first(where: isSchoolDay) ?? day.adding(days: 1)
  }

  /// The day that a report is for when it says none: today, until the day is over.
  func current(at now: Date) -> CalendarDay { day(at: now, until: policy.absence.endMinute) }

  /// The day from which a child is back that somebody now says is better.
  func back(at now: Date) -> CalendarDay { day(at: now, until: policy.absence.reportMinute) }

  private func day(at now: Date, until minute: Int) -> CalendarDay {
    let today = CalendarDay(now, in: policy.timeZone)
    return isSchoolDay(today) && now < today.moment(minute, in: policy.timeZone) ? today : next(after: today)
  }
}

extension CalendarDay {
  /// 1 for Monday to 7 for Sunday (ISO 8601).
  var weekday: Int {
    let days = Int((start(in: .gmt).timeIntervalSince1970 / 86_400).rounded(.down))
    // 1 January 1970 was a Thursday.
    return (days + 3) % 7 + 1
  }

  /// A time of the day in minutes after midnight; the start of the day for one that the clock skips.
  func moment(_ minute: Int, in zone: TimeZone) -> Date {
    moment(hour: minute / 60, minute: minute % 60, in: zone) ?? start(in: zone)
  }
}

extension SchoolEvent {
  /// The days on which it says that the whole school is free; nil for another event, and for one that says when on its
  /// day that begins.
  package var freeDays: ClosedRange<CalendarDay>? {
    guard audience == .school, !isCancelled, case .days(let first, let last) = details.time, first <= last else {
      return nil
    }
    let words = Glossary.plain(details.title).split { !$0.isLetter }.map(String.init)
    // `Kerstvakantie begint om 12.00 uur`: until then there is school.
    let isPart = details.title.contains(/[0-9](?:[:.][0-9]{2}|\s*(?:u|uur|oere)\b)/.ignoresCase())
    guard !isPart, Glossary.partOfDayWords.isDisjoint(with: words) else { return nil }
    let isFree = words.contains { word in
      Glossary.freeDayWords.contains(word) || Glossary.freeDayEndings.contains { word.hasSuffix($0) }
    }
    return isFree ? first...last : nil
  }
}
