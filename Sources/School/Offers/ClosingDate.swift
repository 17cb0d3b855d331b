import Foundation

/// Reads the date, and perhaps the hour, behind `tot`: `vrijdag 12 december 2026 17:00`, `12-12`, `2026-12-12`.
struct ClosingDate {
  private var day: Int?
  private var month: Int?
  private var year: Int?
  private var weekday: Int?
  private var hour: (Int, Int)?

  /// A date without an hour ends with its day; one without a year is the next of its name. Nil where the words are not
  /// all understood, where there is no such day, and where it is not a day of that name.
  static func read(_ words: [String], now: Date, timeZone: TimeZone) -> Date? {
    var reading = ClosingDate()
    let words = words.drop { Glossary.untilLeads.contains($0) }.filter { !Glossary.untilFillers.contains($0) }
    for (place, word) in words.enumerated() {
      let isHour = place + 1 < words.count && Glossary.hourWords.contains(words[place + 1])
      guard reading.take(word, isHour: isHour) else { return nil }
    }
    return reading.instant(now, timeZone)
  }

  private mutating func take(_ word: String, isHour: Bool) -> Bool {
    if isHour, let number = Int(word), hour == nil {
      hour = (number, 0)
      return true
    }
    if let place = Glossary.weekdays.firstIndex(where: { $0.contains(word) }), weekday == nil {
      weekday = place + 1
      return true
    }
    if let place = Glossary.months.firstIndex(where: { $0.contains(word) }), month == nil {
      month = place + 1
      return true
    }
    return Glossary.hourWords.contains(word) ? hour != nil : takeNumbers(word)
  }

  private mutating func takeNumbers(_ word: String) -> Bool {
    let parts = word.split(omittingEmptySubsequences: false) { ":.-/".contains($0) }.map { Int($0) }
    guard parts.allSatisfy({ $0 != nil }), word.utf8.count <= 10 else { return false }
    let numbers = parts.compactMap(\.self)
    let isTime = word.contains(":") || (word.contains(".") && numbers.count == 2 && month != nil)
    switch numbers.count {
    case 1 where day == nil && numbers[0] <= 31: day = numbers[0]
    case 1 where year == nil: year = numbers[0]
    case 2 where isTime && hour == nil: hour = (numbers[0], numbers[1])
    case 2 where day == nil && month == nil: (day, month) = (numbers[0], numbers[1])
    case 3 where day == nil && month == nil && year == nil:
      (day, month, year) = numbers[0] > 31 ? (numbers[2], numbers[1], numbers[0]) : (numbers[0], numbers[1], numbers[2])
    default: return false
    }
    return true
  }

  private func instant(_ now: Date, _ timeZone: TimeZone) -> Date? {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = timeZone
    guard let day, let month, (0...23).contains(hour?.0 ?? 0), (0...59).contains(hour?.1 ?? 0) else { return nil }
    let thisYear = calendar.component(.year, from: now)
    let years = year.map { [$0 < 100 ? $0 + 2000 : $0] } ?? [thisYear, thisYear + 1]
    let found = years.compactMap { year -> Date? in
      let (hour, minute) = hour ?? (23, 59)
      let parts = DateComponents(year: year, month: month, day: day, hour: hour, minute: minute)
      guard let date = calendar.date(from: parts) else { return nil }
      let back = calendar.dateComponents([.year, .month, .day], from: date)
      guard back.year == year, back.month == month, back.day == day else { return nil }
      return date
    }
    guard let date = found.first(where: { $0 > now }) ?? (year == nil ? nil : found.first) else { return nil }
    // Foundation counts from Sunday as 1.
    let isOfThatName = weekday.map { $0 % 7 + 1 == calendar.component(.weekday, from: date) } ?? true
    return isOfThatName ? date : nil
  }
}
