import Foundation

/// What somebody says of absence, but for the child.
package struct AbsenceClaim: Sendable, Hashable, Codable {
  package var word: AbsenceWord
  /// Nil where no day is named.
  package var first: CalendarDay?
  package var last: CalendarDay?
  package var minute: Int?
  package var words: String?

  package init(
    _ word: AbsenceWord, first: CalendarDay? = nil, last: CalendarDay? = nil, minute: Int? = nil, words: String? = nil
  ) {
    self.word = word
    self.first = first
    self.last = last
    self.minute = minute
    self.words = words
  }
}

/// A mail on absence as it was understood: `ziek Sem`, a line a child, or words in which a person says the same.
struct WrittenAbsence: Equatable {
  struct Part: Equatable {
    var claim: AbsenceClaim
    /// Where the child is named.
    var naming: String
    /// Its line begins with the command.
    var isCommand: Bool

    /// Without the children of whom it says that they are well; of recovery that is what it is about.
    fileprivate func namingTheAbsent(_ isNamed: (String) -> Bool) -> Part {
      guard claim.word != .better else { return self }
      var part = self
      part.naming = AbsenceClauses(naming).ofTheAbsent(isNamed)
      return part
    }
  }

  enum Reading: Equatable {
    case parts([Part])
    /// For a person to read.
    case unclear
    case empty
  }

  /// - Parameters:
  ///   - route: what the address says by itself; nil where commands alone count.
  ///   - isAnswer: a name alone says nothing.
  ///   - isNamed: whether a text names a child of the writer.
  static func read(
    subject: String, text: String, route: AbsenceWord?, isAnswer: Bool = false, today: CalendarDay,
    isNamed: (String) -> Bool
  ) -> Reading {
    let lines = Written.withoutClosing(Written.lines(String(text.prefix(SchoolPolicy.longestAbsenceText))))
    let title = subject.prefix(200).trimmingCharacters(in: .whitespaces)
    let reader = AbsenceLineReader(today: today)
    let written = lines.isEmpty ? [title] : lines
    let parts = commands(written, reader).map { $0.namingTheAbsent(isNamed) }
    if var only = parts.first, parts.count == 1, !isNamed(only.naming), isNamed(title) {
      only.naming += " \(title)"
      return .parts([only])
    }
    if !parts.isEmpty { return .parts(Array(parts.prefix(SchoolPolicy.mostReported))) }
    let body = lines.joined(separator: "\n")
    if body.isEmpty && title.isEmpty { return .empty }
    if let head = reader.command(title) {
      guard isAbout(head.word, body) else { return .unclear }
      var claim = reader.claim(head.word, in: "\(head.rest)\n\(body)")
      claim.words = Written.reason(body)
      let part = Part(claim: claim, naming: "\(head.rest)\n\(body)", isCommand: true)
      return .parts([part.namingTheAbsent(isNamed)])
    }
    guard let route, let word = freeWord("\(title)\n\(body)", isAnswer ? nil : route, isNamed) else { return .unclear }
    var claim = reader.claim(word, in: body.isEmpty ? title : body)
    if word == .leave, claim.first == nil { return .unclear }
    claim.words = Written.reason(body)
    let part = Part(claim: claim, naming: "\(title)\n\(body)", isCommand: false)
    return .parts([part.namingTheAbsent(isNamed)])
  }

  /// Whether the first line of a text, or its subject, begins with a command: worth to be looked at, wherever it goes.
  static func isCommand(_ text: String) -> Bool {
    // `Leave Noor, 12-03` asks, though it looks like a greeting.
    let starts = [text.drop(while: \.isWhitespace), Glossary.withoutGreeting(text)]
    return starts.contains { AbsenceWord.leading(Glossary.words($0.prefix { !$0.isNewline }.prefix(100))) != nil }
  }

  /// False where the text below a subject speaks of something else, or denies it.
  private static func isAbout(_ word: AbsenceWord, _ text: String) -> Bool {
    let words = Glossary.words(text)
    if word == .leave { return true }
    let isDenial = words.indices.contains { place in
      Glossary.sickness.contains(words[place]) && isDenied(words[..<place], most: 2)
    }
    return !isDenial && Glossary.elsewhere.isDisjoint(with: words)
  }

  /// Each line that begins with a command; lines between them belong to the one before.
  private static func commands(_ lines: [String], _ reader: AbsenceLineReader) -> [Part] {
    var parts: [Part] = []
    for line in lines {
      if let head = reader.command(line) {
        parts.append(Part(claim: reader.claim(head.word, in: head.rest), naming: head.rest, isCommand: true))
      } else if let last = parts.indices.last {
        parts[last].claim.words = Written.reason(
          [parts[last].claim.words, line].compactMap(\.self).joined(separator: "\n"))
      }
    }
    return parts
  }

  /// What words without a command say; nil where that is not plain.
  ///
  /// - Parameter route: what a child's name alone means; nil where it means nothing.
  private static func freeWord(_ text: String, _ route: AbsenceWord?, _ isNamed: (String) -> Bool) -> AbsenceWord? {
    if route == .leave { return .leave }
    let words = Glossary.words(text)
    guard Glossary.elsewhere.isDisjoint(with: words), !AbsenceClauses(text).isDoubtful(isNamed) else { return nil }
    var said: Set<AbsenceWord> = []
    for (place, word) in words.enumerated() {
      let pair = place > 0 ? "\(words[place - 1]) \(word)" : word
      if Glossary.sickness.contains(word) {
        if isDenied(words[..<place], most: 2) { return nil }
        said.insert(.sick)
      } else if Glossary.recovery.contains(word) {
        said.insert(isDenied(words[..<place], most: 4) ? .sick : .better)
      } else if Glossary.lateness.contains(word) || Glossary.lateness.contains(pair) {
        said.insert(.late)
      }
    }
    if said.isEmpty, !Glossary.laterness.isDisjoint(with: words) { said = [.late] }
    if said.isEmpty, isReturn(words), route == nil || isNamed(text), !text.contains("?") { said = [.better] }
    if let route, said.isEmpty, isNamed(text), !text.contains("?") {
      // A child, and hardly anything else: the address says the rest.
      var others = 0
      for word in words where others < 2 && !Glossary.absenceFillers.contains(word) && !isNamed(word) { others += 1 }
      if others < 2 { said = [route] }
    }
    return said.count == 1 ? said.first : nil
  }

  /// `kan weer naar school`, `komt maandag weer`; not where it is denied, hoped or limited.
  private static func isReturn(_ words: [String]) -> Bool {
    let unsure = [Glossary.negation, Glossary.hope, Glossary.doubt, Glossary.but]
    return !Glossary.returning.isDisjoint(with: words) && !Glossary.coming.isDisjoint(with: words)
      && unsure.allSatisfy { $0.isDisjoint(with: words) }
  }

  /// Whether a word is denied by one just before it: `niet ziek`, `niet meer ziek`, `nog niet helemaal beter`.
  private static func isDenied(_ before: ArraySlice<String>, most: Int) -> Bool {
    guard let last = before.last else { return false }
    if Glossary.negation.contains(last) { return true }
    return most > 1 && Glossary.degrees.contains(last) && isDenied(before.dropLast(), most: most - 1)
  }
}

/// Reads one line that may begin with a command.
struct AbsenceLineReader {
  let today: CalendarDay
  private let dates = WrittenDateReader()
  private let times = WrittenTimeReader()
  private let half = /\bhalf\s+(\d{1,2})\b/

  init(today: CalendarDay) { self.today = today }

  /// Nil for a line that begins otherwise.
  func command(_ line: String) -> (word: AbsenceWord, rest: String)? {
    guard line.count <= 1_000, let (word, count) = AbsenceWord.leading(Glossary.words(line)) else { return nil }
    let isPart = { (character: Character) in character.isLetter || character.isNumber }
    var rest = line[...]
    for _ in 0..<count { rest = rest.drop { !isPart($0) }.drop(while: isPart) }
    let naming = String(rest.drop { $0.isWhitespace || ":,;-–.".contains($0) })
    return word == .leave && isGreeting(line, naming) ? nil : (word, naming)
  }

  /// `Leave juf Anna,` is how a letter begins in Frisian; who asks for leave in English names a day.
  private func isGreeting(_ line: String, _ naming: String) -> Bool {
    guard let first = Glossary.words(line).first, Glossary.greetings.contains(first),
      let next = Glossary.words(naming).first
    else { return false }
    return Glossary.titles.contains(next) || days(in: naming) == nil
  }

  /// The days, the hour and the reason that stand in a text.
  func claim(_ word: AbsenceWord, in text: String) -> AbsenceClaim {
    var claim = AbsenceClaim(word)
    if word == .leave {
      guard let found = days(in: text) else { return claim }
      (claim.first, claim.last) = (found.days?.first, found.days?.last)
      // Days that the calendar does not have are days all the same: they are refused, and not passed on.
      if found.days == nil { (claim.first, claim.last) = (today, today.adding(days: -1)) }
      claim.words = Written.reason(String(found.rest))
      return claim
    }
    claim.first = namedDay(in: text, word)
    if word == .late { claim.minute = minute(in: text) }
    claim.words = Written.reason(text)
    return claim
  }

  /// The first date of a text, else the first day that it names otherwise, and what stands behind it. Nil where it
  /// names none, or several with school days between them: of each of these a request of its own is to be made.
  private func days(in text: String) -> (days: WrittenDays?, rest: Substring)? {
    let starts = Written.starts(of: text)
    for start in starts {
      if let (days, rest) = dates.list(at: start, today: today) { return span(days).map { ($0, rest) } }
      if let found = dates.days(at: start, today: today) { return found }
    }
    var before = ""
    for start in starts {
      let words = Glossary.words(start.prefix(40))
      guard let word = words.first else { continue }
      defer { before = word }
      // `maandag 7` is the 7th, and `goede morgen` a greeting.
      let isMorning = Glossary.tomorrow.contains(word) && Glossary.notTomorrow.contains(before)
      if words.dropFirst().first?.allSatisfy(\.isNumber) == true || isMorning { continue }
      if let day = relative(word, after: today) {
        return others(words.dropFirst(), after: day).map { ($0, start.drop { !$0.isWhitespace }) }
      }
    }
    return nil
  }

  /// Days that follow each other, but for those of a weekend; nil for others.
  private func span(_ days: [CalendarDay]) -> WrittenDays? {
    guard let first = days.first, let last = days.last else { return nil }
    let isWhole = zip(days, days.dropFirst()).allSatisfy { day, next in
      (1...3).first { day.adding(days: $0).weekday < 6 }.map { next <= day.adding(days: $0) } ?? false
    }
    return isWhole ? WrittenDays(first: first, last: last) : nil
  }

  /// `donderdag en vrijdag`, `vrijdag t/m dinsdag`: behind the first day, what joins it to another.
  private func others(_ words: ArraySlice<String>, after first: CalendarDay) -> WrittenDays? {
    let joining = words.prefix(while: Glossary.through.contains)
    let rest = words.dropFirst(joining.count)
    guard !joining.isEmpty, let word = rest.first, let last = relative(word, after: first),
      rest.dropFirst().first?.allSatisfy(\.isNumber) != true
    else { return WrittenDays(first: first, last: first) }
    let isList = joining.allSatisfy(Glossary.between.contains)
    return isList ? span([first, last]) : WrittenDays(first: first, last: last)
  }

  /// - Parameter start: the next such weekday after it is meant.
  private func relative(_ word: String, after start: CalendarDay) -> CalendarDay? {
    if Glossary.today.contains(word) { return today }
    if Glossary.tomorrow.contains(word) { return today.adding(days: 1) }
    if Glossary.dayAfterTomorrow.contains(word) { return today.adding(days: 2) }
    return weekday(word, from: start.adding(days: 1))
  }

  /// The first such weekday, that day among them.
  private func weekday(_ word: String, from day: CalendarDay) -> CalendarDay? {
    guard word.count >= 4, let place = Glossary.weekdays.firstIndex(where: { $0.contains(word) }) else { return nil }
    return (0...6).map { day.adding(days: $0) }.first { $0.weekday == place + 1 }
  }

  /// Today or tomorrow, where the text says so, and of who is better a weekday. Of several, absence begins on the
  /// first, and who is better comes on the last; the day on which a sick child hopes to be back is no day of absence.
  private func namedDay(in text: String, _ word: AbsenceWord) -> CalendarDay? {
    var found: [CalendarDay] = []
    for (number, clause) in AbsenceClauses(text).all.enumerated() {
      let words = Glossary.words(clause.text)
      let isReturn = word != .better && !Glossary.returning.union(Glossary.hope).isDisjoint(with: words)
      // Not so `sinds maandag beter`, `was vrijdag ziek`.
      let isOfReturn =
        word == .better && [Glossary.past, Glossary.since, Glossary.sickness].allSatisfy { $0.isDisjoint(with: words) }
      for (place, said) in words.enumerated() {
        if Glossary.today.contains(said) { found.append(today) }
        let isGreeting =
          place == 0 && number == 0
          ? Written.isGreeting(text) : place > 0 && Glossary.notTomorrow.contains(words[place - 1])
        if Glossary.tomorrow.contains(said), !isGreeting, !isReturn { found.append(today.adding(days: 1)) }
        if isOfReturn, let day = weekday(said, from: today) { found.append(day) }
      }
    }
    return word == .better ? found.max() : found.min()
  }

  /// In minutes after midnight.
  private func minute(in text: String) -> Int? {
    if let match = Glossary.plain(text).firstMatch(of: half), let hour = Int(match.1), (1...24).contains(hour) {
      return (hour - 1) * 60 + 30
    }
    for start in Written.starts(of: text) {
      if let time = times.time(at: start)?.time { return time.hour * 60 + time.minute }
    }
    return nil
  }
}

/// Small things about written text.
enum Written {
  static func lines(_ text: String) -> [String] {
    text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }

  /// Without the end of the letter, where people write their own name.
  static func withoutClosing(_ lines: [String]) -> [String] {
    let end = lines.indices.dropFirst().first { place in
      let words = Glossary.words(lines[place])
      return words.count <= 6 && Glossary.isFarewell(words)
    }
    return end.map { Array(lines[..<$0]) } ?? lines
  }

  /// What a command says beyond the child, and beyond the hour where that was read. Nil where nothing is left.
  static func withoutNames(_ text: String?, _ pupils: [Pupil], hours: Bool) -> String? {
    guard let text else { return nil }
    let names = pupils.flatMap { Glossary.words($0.name).map(Array.init) }
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    let words = (lines.first ?? "").split(whereSeparator: \.isWhitespace)
    let rest = words.drop { word in
      let plain = Glossary.words(word).joined()
      let isName = names.contains { EditDistance.between(Array(plain), $0) <= ($0.count < 3 ? 0 : 1) }
      return plain.isEmpty || isName || Glossary.between.contains(plain)
        || (hours && (plain.contains(where: \.isNumber) || Glossary.hourly.contains(plain)))
    }
    if !lines.isEmpty { lines[0] = rest.joined(separator: " ") }
    return reason(lines.joined(separator: "\n"))
  }

  /// Nil where nothing is said; cut where it is too long.
  static func reason(_ text: String) -> String? {
    let reason = text.trimmingCharacters(in: .whitespacesAndNewlines.union(CharacterSet(charactersIn: ":,;-–.")))
    return reason.isEmpty ? nil : String(reason.prefix(SchoolPolicy.longestReason))
  }

  /// The text from each of its words on; so many are looked at.
  static func starts(of text: String, most: Int = 100) -> [Substring] {
    text.indices.lazy.filter { place in
      !text[place].isWhitespace && (place == text.startIndex || text[text.index(before: place)].isWhitespace)
    }.prefix(most).map { text[$0...] }
  }

  /// `Morgen, ` and `Moarn!` greet.
  static func isGreeting(_ text: String) -> Bool {
    text.drop { !$0.isLetter }.drop(while: \.isLetter).first.map { ",!.\n".contains($0) } ?? false
  }
}
