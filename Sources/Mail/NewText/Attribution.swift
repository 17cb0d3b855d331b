/// The line (or lines: clients wrap it) above a quote that tells who wrote it and when:
/// `Op ma 3 nov 2025 om 10:12 schreef Anna <anna@school.nl>:`.
struct Attribution: Sendable {
  /// On one line, as it was written.
  let text: String
  /// How many lines it takes.
  let count: Int
  /// Told so much (an address, a time) that a quote without `>` may follow.
  let isSure: Bool
  /// It begins with a date or the word before one, not with a name.
  var startsWithDate = false
  /// It names an address, or the HTML says what it is: people's own words seldom do.
  var isOfClient = false

  /// More than this is prose.
  private static let longest = 400
  private static let mostLines = 6

  /// An attribution that begins with the line at `start`, or within it at `offset`.
  static func match(_ lines: [Line], at start: Int, from offset: String.Index? = nil) -> Attribution? {
    if lines[start].mark == .attribution {
      let count = lines[start...].prefix { $0.mark == .attribution }.count
      let text = lines[start..<start + count].map(\.content).joined(separator: " ")
      return Attribution(text: text, count: count, isSure: true, startsWithDate: true, isOfClient: true)
    }
    guard let found = candidate(lines, at: start, from: offset) else { return nil }
    for later in start + 1..<max(start + 1, start + found.count) {
      guard candidate(lines, at: later) != nil else { continue }
      // Of two beginnings the later is the right one: above it stands the sender's own text.
      if !isWrapped(lines[start..<later], before: lines[later..<start + found.count]) { return nil }
    }
    return found
  }

  /// Whether the lines are the wrapped beginning of an attribution that could begin with the next as well: they end
  /// amid its address, or tell of the day or the address what those below do not.
  private static func isWrapped(_ lines: ArraySlice<Line>, before below: ArraySlice<Line>) -> Bool {
    guard let last = lines.last, !lines.contains(where: \.isBlank) else { return false }
    if last.content.last == "<" { return true }
    let (facts, rest) = (Facts(of: lines), Facts(of: below))
    // Of a day alone people tell as well; but `Op ma 3 nov.` goes on with `2025 om 10:12 schreef …`.
    let isDated = facts.hasTime || facts.hasYear || rest.words.first?.first?.isNumber == true
    if facts.hasCalendarDay, !rest.hasCalendarDay, isDated { return facts.words.count <= 16 }
    return facts.hasAddress && !rest.hasAddress && (rest.startsWithDate || rest.verb == 0) && facts.words.count <= 8
      && last.content.utf8.contains(0x3C)
  }

  private static func candidate(_ lines: [Line], at start: Int, from offset: String.Index? = nil) -> Attribution? {
    let first = lines[start]
    // Cheapest first: hardly any line begins an attribution.
    guard !first.isBlank, !first.key.isEmpty, first.key.utf8.count <= longest + 100,
      lines[start..<min(start + mostLines, lines.count)].contains(where: \.closesAttribution)
    else { return nil }
    var text = offset.map { String(first.content[$0...]) } ?? first.content
    var key = offset == nil ? first.key : Line.key(text)
    var index = start
    // One that begins with a name is short.
    let opensWithDate = Facts.opensWithDate(Line.words(key.prefix(60)))
    let (mostLines, longest) = opensWithDate ? (mostLines, longest) : (3, 250)
    while true {
      if lines[index].closesAttribution, let found = check(text, key, lines, start: start, end: index) { return found }
      if lines[index].content.hasSuffix(":") && index > start + 1 { return nil }
      index += 1
      guard index < lines.count, index - start < mostLines, text.utf8.count < longest,
        lines[index].depth == first.depth, lines[index].mark == first.mark, lines[index].rule == nil
      else { return nil }
      if lines[index].isBlank { continue }
      // Above a line that opens one itself stands the sender's own text.
      if !opensWithDate, Facts.opensSurely(lines[index].key) { return nil }
      text += " " + lines[index].content
      key += " " + lines[index].key
    }
  }

  /// Where an attribution begins within a line, glued to what the sender wrote or to a device line:
  /// `Verstuurd vanaf mijn iPhoneOp 04.08.2026 om 09:03 heeft …`.
  static func glued(_ lines: [Line], at index: Int) -> (String.Index, Attribution)? {
    let content = lines[index].content
    guard content.utf8.count <= 500, content.utf8.contains(0x3A),
      content.utf8.contains(where: { $0 >= 0x30 && $0 <= 0x39 })
    else { return nil }
    for start in content.indices.dropFirst() where content[start].isUppercase {
      let rest = content[start...]
      guard let space = rest.prefix(12).firstIndex(of: " "), ClientWords.openings.contains(rest[..<space].lowercased()),
        let next = Line.words(Line.key(String(rest[space...].prefix(40)))).first,
        next.first?.isNumber == true || ClientWords.weekdays.contains(String(next))
          || ClientWords.months[String(next)] != nil,
        let found = match(lines, at: index, from: start), found.isSure
      else { continue }
      return (start, found)
    }
    return nil
  }

  /// Whether an attribution may end with a line of this content and key: by a colon, by an address, or by the verb, for
  /// Zoho and others write no colon: `On … john@example.com wrote ----`.
  static func closes(_ content: String, _ key: String) -> Bool {
    guard !key.isEmpty, key.utf8.count <= longest + 100 else { return false }
    let end = content.unicodeScalars.last { $0 != "*" && $0 != "_" && $0 != " " && $0 != "|" }
    if end == ":" || end == "：" || end == ">" || holdsGluedQuote(content) { return true }
    return endsWithVerb(key)
  }

  /// Whether the last word that holds a letter is a verb.
  private static func endsWithVerb(_ key: String) -> Bool {
    var rest = key.utf8[...]
    while let last = rest.last {
      let start = rest.lastIndex(of: 0x20).map { rest.index(after: $0) } ?? rest.startIndex
      let word = rest[start...]
      // Octets of letters that are not ASCII count as such.
      if word.contains(where: { $0.isASCIILetter || $0 >= 0x80 }) {
        return ClientWords.verbs.contains(String(Substring(word)))
      }
      guard last != 0x20 || start > rest.startIndex || rest.count > 1, start > rest.startIndex else { return false }
      rest = rest[..<rest.index(before: start)]
    }
    return false
  }

  /// `wrote:> Hi`: the quote began on the attribution's own line.
  private static func holdsGluedQuote(_ content: String) -> Bool {
    guard content.utf8.contains(0x3E) else { return false }
    return content.holds(":>") || content.holds(": >")
  }

  private static func endsWithVerb(_ words: [Substring]) -> Bool {
    words.last.map { ClientWords.verbs.contains(String($0)) } ?? false
  }

  private static func check(_ text: String, _ key: String, _ lines: [Line], start: Int, end: Int) -> Attribution? {
    var key = key
    while let first = key.first, "-—_* |>".contains(first) { key.removeFirst() }
    guard key.utf8.count <= longest else { return nil }
    let facts = Facts(key)
    // Prose; but a school may be called "Hoera!", and its name then stands before its address.
    guard facts.hasAddress && facts.startsWithDate || !key.utf8.contains(where: { $0 == 0x3F || $0 == 0x21 }) else {
      return nil
    }
    let quoteFollows = lines[(end + 1)...].first { !$0.isBlank }.map { $0.depth > lines[start].depth } ?? false
    // `Op 3 november schreef u:` is no program's, for it knows the name.
    guard facts.hasAddress || quoteFollows || !facts.isOfPronoun else { return nil }
    // A dash line such as Outlook's header block has labels, no verb.
    let isSure: Bool
    let isBare = endsWithVerb(facts.words) && facts.startsWithOpening && facts.hasAddress && facts.hasTime
    if facts.hasColon || isBare, facts.verb != nil, facts.startsWithDate, facts.hasDate {
      // `Op dinsdag om 10.30 uur schreef de juf:` is people's own.
      guard facts.hasAddress || facts.hasDay && (facts.hasTime || facts.hasYear) || quoteFollows,
        facts.words.count <= 32
      else {
        return nil
      }
      guard end == start || facts.hasAddress || quoteFollows || facts.wordsAfterVerb <= 6 else { return nil }
      isSure = true
    } else if facts.hasColon, facts.startsWithDate, facts.hasDate, facts.hasAddress, facts.endsWithAddress {
      isSure = true
    } else if facts.hasColon, facts.verb != nil, facts.words.count <= 24 {
      let verbIsLast = facts.wordsAfterVerb == 0
      let tells = facts.hasAddress || facts.hasDay && facts.hasTime
      guard end - start <= 2,
        tells && (verbIsLast || facts.hasDate || facts.words.count <= 8)
          || quoteFollows && verbIsLast && facts.words.count <= 8
      else { return nil }
      isSure = tells
    } else if quoteFollows, facts.words.count <= 14, facts.hasNumericDate, facts.hasAddress, key.hasSuffix(">") {
      isSure = false
    } else if facts.hasColon, quoteFollows, facts.words.count <= 8, facts.startsWithOpening,
      facts.hasAddress
    {
      isSure = false
    } else {
      return nil
    }
    return Attribution(
      text: text, count: end - start + 1, isSure: isSure, startsWithDate: facts.startsWithDate,
      isOfClient: facts.hasAddress || end + 1 < lines.count && isAddress(lines[end + 1]))
  }

  /// `<anna@school.nl>`, wrapped to a line of its own behind the colon.
  private static func isAddress(_ line: Line) -> Bool {
    line.content.hasPrefix("<") && line.content.hasSuffix(">") && line.content.utf8.contains(0x40)
      && !line.content.contains(" ")
  }

  /// What a line says that an attribution says.
  private struct Facts {
    let words: [Substring]
    var verb: Int?
    var hasColon = false
    var hasAddress = false
    var endsWithAddress = false
    var hasTime = false
    var hasYear = false
    var hasNumericDate = false
    var hasMonth = false
    var hasDayOfMonth = false
    var startsWithDate = false
    var startsWithOpening = false

    var hasDate: Bool { hasTime || hasYear || hasNumericDate || hasMonth }
    var hasCalendarDay: Bool { hasNumericDate || hasMonth && hasDayOfMonth }
    /// A day of the calendar; of a weekday or a time alone people tell as well.
    var hasDay: Bool { hasCalendarDay || hasYear && hasTime }
    /// The verb's subject is a pronoun.
    var isOfPronoun: Bool {
      guard let verb else { return false }
      return words[max(0, verb - 1)..<min(words.count, verb + 2)].contains { ClientWords.pronouns.contains(String($0)) }
    }
    var wordsAfterVerb: Int { verb.map { words.count - 1 - $0 } ?? words.count }

    init(of lines: ArraySlice<Line>) { self.init(lines.map(\.key).joined(separator: " ")) }

    init(_ key: String) {
      let end = key.last { $0 != "*" && $0 != "_" && $0 != " " && $0 != "|" }
      hasColon = end == ":" || end == "：" || Attribution.holdsGluedQuote(key)
      words = Line.words(key)
      // `<a@b.nl>wrote:`
      let parts = words.flatMap { $0.split { $0 == "<" || $0 == ">" } }
      verb = words.lastIndex { ClientWords.verbs.contains(String($0)) }
      if verb == nil, parts.contains(where: { ClientWords.verbs.contains(String($0)) }) || Self.hasPhrase(key) {
        verb = words.count - 1
      }
      hasAddress = parts.contains { $0.utf8.contains(0x40) && $0.utf8.contains(0x2E) }
      let last = words.last?.split { $0 == "<" || $0 == ">" }.last ?? ""
      endsWithAddress = last.utf8.contains(0x40)
      for word in words { note(word) }
      startsWithOpening = Self.hasOpening(words)
      startsWithDate = Self.opensWithDate(words)
    }

    private static func hasOpening(_ words: [Substring]) -> Bool {
      guard let first = words.first, firstWords.contains(String(first)) else { return false }
      return (1...max(1, ClientWords.longestOpening)).contains { count in
        ClientWords.openings.contains(words.prefix(count).joined(separator: " "))
      }
    }

    private static let firstWords = Set(ClientWords.openings.map { String($0.prefix { $0 != " " }) })

    /// `Op ma`, `On 3`: an opening and a date behind it.
    static func opensSurely(_ key: String) -> Bool {
      let first = key.prefix { $0 != " " }
      guard firstWords.contains(String(first)), let next = Line.words(key.dropFirst(first.count).prefix(40)).first
      else {
        return false
      }
      return next.first?.isNumber == true || ClientWords.weekdays.contains(String(next))
        || ClientWords.months[String(next)] != nil
    }

    /// Whether the words begin with a date, or the word before one.
    static func opensWithDate(_ words: [Substring]) -> Bool {
      guard let first = words.first else { return false }
      return first.first?.isNumber == true || ClientWords.weekdays.contains(String(first))
        || ClientWords.months[String(first)] != nil || hasOpening(words)
    }

    /// Verbs of several words, and of languages that write no spaces.
    private static func hasPhrase(_ key: String) -> Bool {
      phrases.contains { key.holds($0) }
    }

    private static let phrases = ClientWords.verbs.filter {
      $0.contains(" ") || $0.unicodeScalars.contains { $0.value >= 0x2E80 }
    }

    private mutating func note(_ word: Substring) {
      guard word.first?.isNumber == true else {
        if ClientWords.months[String(word)] != nil { hasMonth = true }
        return
      }
      let digits = word.prefix { $0.isNumber }
      let rest = word.dropFirst(digits.count)
      let after = rest.dropFirst().prefix { $0.isNumber }
      if (1...31).contains(Int(digits) ?? 0), rest.allSatisfy(\.isLetter) { hasDayOfMonth = true }
      if digits.count == 4, rest.isEmpty, digits.hasPrefix("19") || digits.hasPrefix("20") { hasYear = true }
      guard let separator = rest.first else { return }
      if digits.count <= 2, after.count == 2, separator == ":" || separator == "." || separator == "h" {
        hasTime = true
      }
      if "/-.年".contains(separator), (1...2).contains(after.count),
        rest.dropFirst(1 + after.count).first == separator || digits.count == 4
      {
        hasNumericDate = true
      }
      // `3-nov-2025`
      if "/-.".contains(separator), ClientWords.months[String(rest.dropFirst().prefix { $0.isLetter })] != nil {
        (hasMonth, hasDayOfMonth) = (true, true)
      }
    }
  }
}
