import Foundation

/// The date, and perhaps the hour, behind `tot`: `vrijdag 12 december 2026 17:00`, `12-12`, `2026-12-12`.
enum ClosingDate {
  /// A date without an hour ends with its day; one without a year is the next of its name. Nil where the words are not
  /// all understood, where there is no such day, and where it is not a day of that name.
  static func read(_ words: [String], now: Date, timeZone: TimeZone) -> Date? {
    let words = words.drop { Glossary.untilLeads.contains($0) }.filter { !Glossary.untilFillers.contains($0) }
    let text = words.joined(separator: " ")
    guard let (days, rest) = WrittenDateReader().days(at: text[...], today: CalendarDay(now, in: timeZone)),
      let day = days?.first, day == days?.last, isNamed(words[0], day)
    else { return nil }
    if rest.allSatisfy(\.isWhitespace) { return day.moment(hour: 23, minute: 59, in: timeZone) }
    guard let (time, after) = WrittenTimeReader().time(at: rest), let time, time.end == nil,
      after.allSatisfy(\.isWhitespace)
    else { return nil }
    return day.moment(hour: time.hour, minute: time.minute, in: timeZone)
  }

  /// False for the name of another day of the week.
  private static func isNamed(_ word: String, _ day: CalendarDay) -> Bool {
    guard let place = Glossary.weekdays.firstIndex(where: { $0.contains(word) }) else { return true }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    // Foundation counts from Sunday as 1.
    return calendar.component(.weekday, from: day.start(in: .gmt)) == (place + 1) % 7 + 1
  }
}
