import Foundation

/// A day as people write it in a sentence, often without the year: `5 mei`, `maandag 5 mei 2026`, `May 5th`, `05-05`,
/// `maandag`.
package enum WrittenDay {
  /// The day that the text begins with, at noon in the Netherlands. Without a year it is the next such day after
  /// `near`, or the one of the week before; a weekday or `de 13e` alone is the next one.
  ///
  /// - Parameter needsMonth: whether what tells no month is no day.
  package static func read(_ text: some StringProtocol, near reference: Date, needsMonth: Bool = false) -> Date? {
    var calendar = Calendar(identifier: .gregorian)
    guard let zone = TimeZone(identifier: "Europe/Amsterdam") else { return nil }
    calendar.timeZone = zone
    var day: Int?
    var month: Int?
    var year: Int?
    var weekday: Int?
    var isOrdinal = false
    for word in Line.words(Line.key(String(text))).prefix(6) {
      if let index = weekdays[String(word)] {
        // Another weekday belongs to another date.
        if weekday != nil || day != nil { break }
        weekday = index
      } else if let named = ClientWords.months[String(word)], month == nil {
        month = named
      } else if let number = Int(word.prefix { $0.isNumber }) {
        let numbers = word.split { !$0.isNumber }.compactMap { Int($0) }
        if numbers.count >= 2, day == nil, month == nil {
          (day, month) = (numbers[0], numbers[1])
          if numbers.count > 2 { year = numbers[2] < 100 ? 2000 + numbers[2] : numbers[2] }
        } else if (1970...2199).contains(number), month != nil {
          year = number
        } else if day == nil, (1...31).contains(number) {
          day = number
          isOrdinal = ordinals.contains(word.drop { $0.isNumber })
        } else {
          break
        }
      } else if !fillers.contains(String(word)) {
        break
      }
    }
    if let day, let month { return date(day, month, year, near: reference, calendar) }
    guard !needsMonth, day != nil ? isOrdinal && month == nil : weekday != nil else { return nil }
    let parts = DateComponents(day: day, hour: 12, weekday: day == nil ? weekday : nil)
    return calendar.nextDate(after: reference, matching: parts, matchingPolicy: .nextTime)
  }

  /// Whether the word names a weekday in full.
  package static func isWeekday(_ word: some StringProtocol) -> Bool {
    Line.words(Line.key(String(word))).first.map { weekdays[String($0)] != nil } ?? false
  }

  private static func date(_ day: Int, _ month: Int, _ year: Int?, near reference: Date, _ calendar: Calendar) -> Date?
  {
    guard (1...31).contains(day), (1...12).contains(month) else { return nil }
    let now = calendar.component(.year, from: reference)
    let years = year.map { [$0] } ?? [now, now + 1]
    let dates = years.compactMap { year -> Date? in
      let parts = DateComponents(year: year, month: month, day: day, hour: 12)
      let date = calendar.date(from: parts)
      // The calendar makes 1 March of 29 February: no day of that year.
      return date.flatMap { calendar.component(.day, from: $0) == day ? $0 : nil }
    }
    return year == nil ? dates.first { $0 > reference.addingTimeInterval(-7 * 86_400) } : dates.first
  }

  /// Words that may stand within a date; short weekdays tell nothing alone: "tot zo".
  private static let fillers: Set<String> = [
    "de", "the", "of", "dem", "den", "le", "a.s", "aanstaande", "ma", "di", "wo", "do", "vr", "za", "zo", "mon", "tue",
    "wed", "thu", "fri", "sat", "sun", "moa", "tii", "woa", "ton", "fre", "sne", "snt", "mo", "mi", "fr", "sa", "so",
  ]
  /// What follows a number of its order: `13e`.
  private static let ordinals: Set<Substring> = ["e", "de", "ste", "th", "st", "nd", "rd"]

  /// 1 is Sunday, as Foundation counts.
  private static let weekdays: [String: Int] = {
    var result: [String: Int] = [:]
    let names: [[String]] = [
      ["zondag", "snein", "sunday", "sonntag", "dimanche"], ["maandag", "moandei", "monday", "montag", "lundi"],
      ["dinsdag", "tiisdei", "tuesday", "dienstag", "mardi"],
      ["woensdag", "woansdei", "wednesday", "mittwoch", "mercredi"],
      ["donderdag", "tongersdei", "thursday", "donnerstag", "jeudi"],
      ["vrijdag", "freed", "friday", "freitag", "vendredi"],
      ["zaterdag", "sneon", "saterdei", "saturday", "samstag", "samedi"],
    ]
    for (index, words) in names.enumerated() { for word in words { result[word] = index + 1 } }
    return result
  }()
}
