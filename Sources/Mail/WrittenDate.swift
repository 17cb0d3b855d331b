import Foundation

/// A date as a client writes it for people, in any language of the tables: `woensdag 27 oktober 2021 09:31`,
/// `Wed, Oct 27, 2021 at 9:31 AM`, `28/10/2021 12:46`, `2021-10-27 09:31 GMT+2`.
enum WrittenDate {
  /// The instant. Without a zone it is the local time of Dutch schools, Europe/Amsterdam; without a time, noon.
  /// Of `03/04/2021` the day comes first, unless that gives no date or `AM`/`PM` shows an American writer.
  static func read(_ text: String) -> Date? { Parts(text).date }

  /// Whether the text tells a year and a time of the day.
  static func tellsTime(_ text: String) -> Bool {
    let parts = Parts(text)
    return parts.year != nil && parts.hour != nil
  }

  private struct Parts {
    var year: Int?
    var month: Int?
    var day: Int?
    /// Day and month as numbers, in the order written.
    var numbers: (Int, Int)?
    var hour: Int?
    var minute = 0
    var second = 0
    var isPM: Bool?
    var offset: Int?

    init(_ text: String) {
      let key = Line.key(String(text.prefix(300)))
      for word in key.split(whereSeparator: { " ,()<>".contains($0) }) { take(word) }
    }

    mutating func take(_ word: Substring) {
      let bare = word.trimmingCharacters(in: CharacterSet(charactersIn: ".:;'\"[]"))
      guard let first = bare.first else { return }
      if first.isNumber { return takeNumber(bare) }
      if let named = ClientWords.months[bare], month == nil, !ClientWords.weekdays.contains(bare) || day != nil {
        month = named
      }
      switch bare {
      case "am", "a.m", "vm", "π.μ": isPM = hour == nil ? isPM : false
      case "pm", "p.m", "nm", "μ.μ": isPM = hour == nil ? isPM : true
      case "z", "gmt", "utc": if hour != nil { offset = offset ?? 0 }
      case "cet", "mez", "wet": offset = bare == "wet" ? 0 : 60
      case "cest", "mesz", "eet", "oez": offset = 120
      case "eest", "oesz": offset = 180
      case "est": offset = -300
      case "edt", "cst": offset = bare == "edt" ? -240 : -360
      case "pst": offset = -480
      case "pdt": offset = -420
      default: takeZone(bare)
      }
    }

    private mutating func takeZone(_ word: String) {
      guard hour != nil, let sign = word.firstIndex(where: { $0 == "+" || $0 == "-" || $0 == "−" }) else { return }
      let prefix = word[..<sign]
      guard prefix.isEmpty || prefix == "gmt" || prefix == "utc" else { return }
      let digits = word[sign...].filter(\.isNumber)
      guard let number = Int(digits), digits.count <= 4 else { return }
      let minutes = digits.count <= 2 ? number * 60 : number / 100 * 60 + number % 100
      offset = word[sign] == "+" ? minutes : -minutes
    }

    private mutating func takeNumber(_ word: String) {
      let numbers = word.split { !$0.isNumber }.compactMap { Int($0.prefix(6)) }
      let marks = word.filter { !$0.isNumber && !$0.isLetter }
      if word.contains("t"), let split = word.firstIndex(of: "t"), word[..<split].count == 10 {
        takeNumber(String(word[..<split]))
        return takeNumber(String(word[word.index(after: split)...]))
      }
      if let sign = marks.first, numbers.count >= 3, "/-.".contains(sign), hour == nil || day == nil {
        return takeDate(numbers)
      }
      if marks.hasPrefix(":") || numbers.count >= 2 && (marks.hasPrefix(".") && hour == nil || word.contains("h")) {
        return takeTime(numbers, word)
      }
      guard numbers.count == 1, let number = numbers.first else { return takeNamed(word, numbers) }
      if number >= 1970, number < 2200 {
        year = year ?? number
      } else if day == nil, (1...31).contains(number) {
        day = number
      } else if word.contains("h"), hour == nil {
        hour = number
      }
    }

    /// `17-feb.-2015`
    private mutating func takeNamed(_ word: String, _ numbers: [Int]) {
      guard let name = word.split(whereSeparator: { !$0.isLetter }).first, let named = ClientWords.months[String(name)],
        numbers.count == 2
      else { return }
      (day, month, year) = (numbers[0], named, numbers[1])
    }

    private mutating func takeDate(_ numbers: [Int]) {
      if numbers[0] > 31 {
        (year, month, day) = (numbers[0], numbers[1], numbers[2])
      } else {
        self.numbers = (numbers[0], numbers[1])
        year = numbers[2] < 100 ? 2000 + numbers[2] : numbers[2]
      }
    }

    private mutating func takeTime(_ numbers: [Int], _ word: String) {
      guard hour == nil, let first = numbers.first, first < 24 else { return }
      hour = first
      minute = numbers.count > 1 ? numbers[1] : 0
      second = numbers.count > 2 ? numbers[2] : 0
      if word.hasSuffix("pm") { isPM = true }
      if word.hasSuffix("am") { isPM = false }
    }

    var date: Date? {
      var (day, month) = (day, month)
      if let (first, second) = numbers {
        let isAmerican = second > 12 || isPM != nil && first <= 12
        (day, month) = isAmerican ? (second, first) : (first, second)
      }
      guard let day, let month, let year, (1...31).contains(day), (1...12).contains(month),
        (1970...2199).contains(year),
        minute < 60, second < 62
      else { return nil }
      var calendar = Calendar(identifier: .gregorian)
      guard let zone = offset.map({ TimeZone(secondsFromGMT: $0 * 60) }) ?? TimeZone(identifier: "Europe/Amsterdam")
      else { return nil }
      calendar.timeZone = zone
      var hour = self.hour ?? 12
      if isPM == true, hour < 12 { hour += 12 }
      if isPM == false, hour == 12 { hour = 0 }
      return calendar.date(
        from: DateComponents(year: year, month: month, day: day, hour: hour, minute: minute, second: second))
    }
  }
}
