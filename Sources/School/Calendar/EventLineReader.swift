import Foundation

/// Reads one line as an event: a date or two, a time or two, a title, and behind its last comma a place.
struct EventLineReader {
  enum Reading: Equatable {
    case event(WrittenEvent)
    case problem(EventProblem)
  }

  /// In characters.
  static let longestLine = 1_000
  static let longestTitle = 200
  static let longestNote = 4_000

  let now: Date
  let zone: TimeZone
  private let dates = WrittenDateReader()
  private let times = WrittenTimeReader()
  // Regular expressions are compiled where they stand: once for all lines.
  private let number = /^(\d{1,3})\s*[:)]\s+/
  private let cancelledNumber = /^(\d{1,3})$/
  private let looksLikeDate = /^\d{1,4}[-\/.]\d{1,2}(?!\d)/

  init(now: Date, zone: TimeZone) {
    self.now = now
    self.zone = zone
  }

  /// Nil for a line that is about no event.
  func read(_ line: some StringProtocol) -> Reading? {
    guard line.count <= Self.longestLine else { return nil }
    let written = line.trimmingCharacters(in: .whitespacesAndNewlines)
    var rest = written[...].drop { "-*•> \t".contains($0) }
    var place: Int?
    if let match = rest.firstMatch(of: number) {
      place = Int(match.1)
      rest = rest[match.range.upperBound...]
    }
    let (body, isCancelled) = Self.withoutCancellation(rest)
    rest = body
    guard let (days, afterDays) = dates.days(at: rest, today: CalendarDay(now, in: zone)) else {
      if isCancelled { return cancelled(rest, number: place, written) }
      let isDate = rest.firstMatch(of: looksLikeDate) != nil
      return isDate ? .problem(EventProblem(written, .unreadable)) : nil
    }
    guard let days else { return .problem(EventProblem(written, .unreadable)) }
    let (time, atTitle) = times.time(at: afterDays) ?? (timeWithin(afterDays, days), afterDays)
    var (when, afterTime) = (eventTime(days, time), atTitle)
    if let time, let later = laterEnd(days, time, atTitle) { (when, afterTime) = later }
    guard let when else { return .problem(EventProblem(written, .noSuchTime)) }
    let (title, room) = Self.titleAndPlace(afterTime, isWholeDay: time == nil)
    guard isCancelled || !title.isEmpty else { return .problem(EventProblem(written, .unreadable)) }
    if let reason = WrittenEvents.problem(when, now: now, zone: zone), !isCancelled {
      return .problem(EventProblem(written, reason))
    }
    return .event(
      WrittenEvent(
        number: place, title: title, details: EventDetails(title: title, place: room, time: when),
        isCancelled: isCancelled, line: written))
  }

  /// `Kerstvakantie begint om 12.00 uur`: of one day the time that its title names with `om` or `uur`.
  private func timeWithin(_ title: Substring, _ days: WrittenDays) -> WrittenTime? {
    guard days.first == days.last else { return nil }
    for start in Written.starts(of: String(title), most: 40) {
      guard let found = times.time(at: start), let time = found.time else { continue }
      let words = Glossary.plain(start[..<found.rest.startIndex]).split { !$0.isLetter }.map(String.init)
      if words.contains(where: { Glossary.hours.contains($0) || Glossary.from.contains($0) }) { return time }
    }
    return nil
  }

  /// `vervalt`, `2 vervalt`, `Kerstviering vervalt`: what is meant is found by its number or title.
  private func cancelled(_ rest: Substring, number: Int?, _ written: String) -> Reading {
    let title = String(rest)
    if let match = title.firstMatch(of: cancelledNumber) {
      return .event(
        WrittenEvent(number: Int(match.1), title: "", details: nil, isCancelled: true, line: written))
    }
    return .event(WrittenEvent(number: number, title: title, details: nil, isCancelled: true, line: written))
  }

  /// `12-12-2026 19:00 t/m 13-12-2026 9:00`: the end has a date of its own. Nil where no such thing follows.
  private func laterEnd(
    _ days: WrittenDays, _ time: WrittenTime, _ text: Substring
  ) -> (EventTime?, Substring)? {
    guard time.end == nil, days.first == days.last, let until = dates.afterUntil(text),
      let (last, afterDays) = dates.days(at: until, today: days.first), let (end, rest) = times.time(at: afterDays),
      let end, end.end == nil
    else { return nil }
    guard let last else { return (nil, rest) }
    let closing = WrittenTime(hour: time.hour, minute: time.minute, end: (end.hour, end.minute))
    return (eventTime(WrittenDays(first: days.first, last: last.first), closing), rest)
  }

  private func eventTime(_ days: WrittenDays, _ time: WrittenTime?) -> EventTime? {
    guard let time else { return days.last < days.first ? nil : .days(first: days.first, last: days.last) }
    guard let start = days.first.moment(hour: time.hour, minute: time.minute, in: zone) else { return nil }
    guard let (hour, minute) = time.end else { return days.first == days.last ? .moments(start: start, end: nil) : nil }
    // Until after midnight.
    let isNext = days.first == days.last && (hour, minute) < (time.hour, time.minute)
    let lastDay = isNext ? days.first.adding(days: 1) : days.last
    guard let end = lastDay.moment(hour: hour, minute: minute, in: zone), end > start else { return nil }
    return .moments(start: start, end: end)
  }

  // MARK: Words

  private static let marks = CharacterSet.whitespaces.union(CharacterSet(charactersIn: ".,;:-–—|!()\"“”"))

  private static func titleAndPlace(_ text: Substring, isWholeDay: Bool) -> (title: String, place: String?) {
    var rest = text.trimmingCharacters(in: marks)
    if isWholeDay {
      let plain = Glossary.plain(rest)
      if let words = Glossary.wholeDay.first(where: { plain.hasPrefix($0) }) {
        rest = String(rest.dropFirst(words.count)).trimmingCharacters(in: marks)
      }
    }
    guard let comma = rest.lastIndex(of: ",") else { return (String(rest.prefix(longestTitle)), nil) }
    let place = rest[rest.index(after: comma)...].trimmingCharacters(in: .whitespaces)
    let title = rest[..<comma].trimmingCharacters(in: .whitespaces)
    return (String(title.prefix(longestTitle)), place.isEmpty ? nil : String(place.prefix(longestTitle)))
  }

  /// The line without the words that call it off, which stand first or last.
  private static func withoutCancellation(_ text: Substring) -> (Substring, Bool) {
    let line = text.trimmingCharacters(in: marks)
    let plain = Glossary.plain(line)
    guard plain.count == line.count else { return (text, false) }
    for phrase in Glossary.cancelled.map(Glossary.plain) {
      if plain == phrase { return ("", true) }
      if plain.hasSuffix(" \(phrase)") {
        return (line.dropLast(phrase.count).trimmingCharacters(in: marks)[...], true)
      }
      if plain.hasPrefix("\(phrase) ") || plain.hasPrefix("\(phrase):") {
        return (line.dropFirst(phrase.count).trimmingCharacters(in: marks)[...], true)
      }
    }
    return (text, false)
  }
}
