import Foundation

/// A day, or the first and the last of some.
struct WrittenDays: Equatable {
  var first: CalendarDay
  var last: CalendarDay
}

/// Reads the date that a line begins with: `12-12-2026`, `za 12 dec`, `21 t/m 25 december 2026`, `2026-12-12`.
struct WrittenDateReader {
  /// As it is written: what is not said is nil.
  private struct Parts {
    var day: Int
    var month: Int?
    var year: Int?
  }

  private let numeric = /^(\d{1,2})[-\/.](\d{1,2})(?:[-\/.](\d{4}|\d{2}))?(?=[\s,;:]|$)/
  private let international = /^(\d{4})-(\d{1,2})-(\d{1,2})(?=[\s,;:]|$)/
  private let named = /^(\d{1,2})(?:e|de|ste|st|nd|rd|th|\.)?\s+(\p{L}{3,10})\.?(?:,?\s+(\d{4}))?(?=[\s,;:]|$)/
  private let english = /^(\p{L}{3,10})\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?(?=[\s,;:]|$)/
  private let span = /^(\d{1,2})\s*(?:-|–|—)\s*(?=\d{1,2}\s+\p{L}{3})/
  private let bare = /^(\d{1,2})(?=\s)/
  private let listed = /^(\d{1,2})(?=[\s,])/
  private let and = /^(?:\s*,\s*(?:(?:en|and)\s+)?|\s+(?:en|and|&|\+)\s+)/.ignoresCase()
  private let word = /^([^\s,]+)(?:,\s*|\s+)/

  /// How many days of a list are read.
  static let mostListed = 10

  /// What stands there, and what stands behind it. Nil where the text begins with no date; `days` is nil for one that
  /// the calendar does not have.
  func days(at text: Substring, today: CalendarDay) -> (days: WrittenDays?, rest: Substring)? {
    let start = withoutWeekday(withoutPreposition(text))
    // `21-25 december`; but `18-11 Gym` is the 18th of November.
    if let match = start.firstMatch(of: span), let day = Int(match.1),
      let (last, rest) = parts(at: start[match.range.upperBound...])
    {
      return (resolve(Parts(day: day), last, today), rest)
    }
    if let (first, rest) = parts(at: start) {
      if let until = afterUntil(rest), let (last, rest) = parts(at: withoutWeekday(until)) {
        return (resolve(first, last, today), rest)
      }
      return (resolve(first, nil, today), rest)
    }
    // `21 t/m 25 december`: the first has no month of its own.
    guard let match = start.firstMatch(of: bare), let day = Int(match.1),
      let until = afterUntil(start[match.range.upperBound...]), let (last, rest) = parts(at: withoutWeekday(until))
    else { return nil }
    return (resolve(Parts(day: day), last, today), rest)
  }

  /// Two days or more that are named one by one: `9 en 10 december`, `vr 11-12 en ma 14-12`. Nil where there are fewer,
  /// or where they are not in the order of the calendar.
  func list(at text: Substring, today: CalendarDay) -> (days: [CalendarDay], rest: Substring)? {
    var items: [Parts] = []
    // Behind the last that has its month: `12 december, 10 kinderen` is one day.
    var end: (count: Int, rest: Substring)?
    var next: Substring? = withoutPreposition(text)
    while let start = next.map(withoutWeekday), items.count < Self.mostListed {
      if let (item, rest) = parts(at: start) {
        items.append(item)
        end = (items.count, rest)
        next = afterAnd(rest)
      } else if let match = start.firstMatch(of: listed), let day = Int(match.1) {
        items.append(Parts(day: day))
        next = afterAnd(start[match.range.upperBound...])
      } else {
        break
      }
    }
    guard let end, end.count > 1 else { return nil }
    var days: [CalendarDay] = []
    for (place, item) in items.prefix(end.count).enumerated() {
      // What is not said stands at the next that says it.
      let said = items[place..<end.count].first { $0.month != nil }
      guard let month = item.month ?? said?.month,
        let day = self.next(item.day, month, item.year ?? said?.year, days.last ?? today),
        days.last.map({ $0 < day }) ?? true
      else { return nil }
      days.append(day)
    }
    return (days, end.rest)
  }

  private func afterAnd(_ text: Substring) -> Substring? {
    text.firstMatch(of: and).map { text[$0.range.upperBound...] }
  }

  private func parts(at text: Substring) -> (Parts, Substring)? {
    if let match = text.firstMatch(of: international), let year = Int(match.1), let month = Int(match.2),
      let day = Int(match.3)
    {
      return (Parts(day: day, month: month, year: year), text[match.range.upperBound...])
    }
    if let match = text.firstMatch(of: numeric), let day = Int(match.1), let month = Int(match.2) {
      let year = match.3.flatMap { Int($0) }.map { $0 < 100 ? 2000 + $0 : $0 }
      return (Parts(day: day, month: month, year: year), text[match.range.upperBound...])
    }
    if let match = text.firstMatch(of: named), let day = Int(match.1), let month = month(match.2) {
      return (Parts(day: day, month: month, year: match.3.flatMap { Int($0) }), text[match.range.upperBound...])
    }
    if let match = text.firstMatch(of: english), let month = month(match.1), let day = Int(match.2) {
      return (Parts(day: day, month: month, year: match.3.flatMap { Int($0) }), text[match.range.upperBound...])
    }
    return nil
  }

  private func month(_ text: Substring) -> Int? {
    let plain = Glossary.plain(text)
    return Glossary.months.firstIndex { $0.contains { $0.hasPrefix(plain) } }.map { $0 + 1 }
  }

  // MARK: Small words

  /// `zaterdag`, `za`, `za.` before a date.
  private func withoutWeekday(_ text: Substring) -> Substring {
    guard let match = text.firstMatch(of: word) else { return text }
    let plain = Glossary.plain(match.1.drop { !$0.isLetter }.prefix { $0.isLetter })
    let isDay =
      plain.count >= 2
      && Glossary.weekdays.joined().contains { $0 == plain || (plain.count <= 3 && $0.hasPrefix(plain)) }
    return isDay ? text[match.range.upperBound...] : text
  }

  private func withoutPreposition(_ text: Substring) -> Substring {
    guard let match = text.firstMatch(of: word), Glossary.from.contains(Glossary.plain(match.1)) else { return text }
    return text[match.range.upperBound...]
  }

  /// What stands behind `t/m` and the like; nil where no such word stands there.
  func afterUntil(_ text: Substring) -> Substring? {
    let rest = text.drop { $0 == " " || $0 == "," }
    guard let match = rest.firstMatch(of: word), Glossary.until.contains(Glossary.plain(match.1)) else { return nil }
    return rest[match.range.upperBound...]
  }

  // MARK: What is not said

  private func resolve(_ first: Parts, _ last: Parts?, _ today: CalendarDay) -> WrittenDays? {
    guard let month = first.month ?? last?.month else { return nil }
    guard let last else { return next(first.day, month, first.year, today).map { WrittenDays(first: $0, last: $0) } }
    guard let lastMonth = last.month else { return nil }
    // Over the turn of the year the later date is of the next one.
    let turns = (lastMonth, last.day) < (month, first.day)
    let firstYear = first.year ?? last.year.map { turns ? $0 - 1 : $0 }
    guard let start = next(first.day, month, firstYear, today),
      let end = CalendarDay(year: last.year ?? (turns ? start.year + 1 : start.year), month: lastMonth, day: last.day)
    else { return nil }
    return WrittenDays(first: start, last: end)
  }

  /// Without a year: the next such day, today included; of 29 February, the next that there is.
  private func next(_ day: Int, _ month: Int, _ year: Int?, _ today: CalendarDay) -> CalendarDay? {
    if let year { return CalendarDay(year: year, month: month, day: day) }
    return (today.year...today.year + 4).lazy.compactMap { CalendarDay(year: $0, month: month, day: day) }
      .first { $0 >= today }
  }
}

/// A time of the day, or the first and the last.
struct WrittenTime: Equatable {
  var hour: Int
  var minute: Int
  var end: (hour: Int, minute: Int)?

  static func == (left: Self, right: Self) -> Bool {
    (left.hour, left.minute, left.end?.hour, left.end?.minute)
      == (right.hour, right.minute, right.end?.hour, right.end?.minute)
  }
}

/// Reads the time behind a date: `19:00-20:30`, `19.00 uur`, `van 19 tot 20 uur`, `19u30`.
struct WrittenTimeReader {
  private let one = /^(\d{1,2})(?:[:.uUhH](\d{2}))?\s*(uur|oere|hours|hrs|u|h)?(?=[\s,;:–—-]|$)/.ignoresCase()
  private let word = /^(-|–|—|[^\s\d,]+)\s*/

  /// Nil where no time stands there: a number alone is none.
  func time(at text: Substring) -> (time: WrittenTime?, rest: Substring)? {
    var start = text.drop { " ,;:|".contains($0) }
    if let match = start.firstMatch(of: word), Glossary.from.contains(Glossary.plain(match.1)) || match.1 == "-" {
      start = start[match.range.upperBound...]
    }
    guard let first = clock(at: start) else { return nil }
    let gap = first.rest.drop { $0 == " " }
    if let match = gap.firstMatch(of: word), Glossary.until.contains(Glossary.plain(match.1)),
      let last = clock(at: gap[match.range.upperBound...]), last.isCertain
    {
      let time = WrittenTime(hour: first.hour, minute: first.minute, end: (last.hour, last.minute))
      return (time, last.rest)
    }
    return first.isCertain ? (WrittenTime(hour: first.hour, minute: first.minute), first.rest) : nil
  }

  private func clock(at text: Substring) -> (hour: Int, minute: Int, isCertain: Bool, rest: Substring)? {
    guard let match = text.firstMatch(of: one), let hour = Int(match.1), (0...23).contains(hour) else { return nil }
    let minute = match.2.flatMap { Int($0) }
    guard (0...59).contains(minute ?? 0) else { return nil }
    return (hour, minute ?? 0, minute != nil || match.3 != nil, text[match.range.upperBound...])
  }
}
