import Foundation

/// Why what staff asks cannot be put to people.
struct OfferProblem: Error, Hashable {
  var reason: RefusalReason
  /// The words that it is about.
  var words: String?
}

/// A help request or poll in a schoolplein item, as it was written: a line `Hulp gevraagd:` or `Stemming:` and a list.
/// Pure: the same text always reads the same.
package struct OfferWords: Sendable, Hashable {
  struct Item: Sendable, Hashable {
    var text: String
    /// Nil where no number stands behind it.
    var places: Int?
  }

  var kind: OfferTerms.Kind
  var question: String?
  var items: [Item]
  /// Whether it was asked to be secret or open; nil where nothing was said.
  var isSecret: Bool?
  /// The words behind `tot`, in lower case.
  var until: [String]?
  /// The text without the lines that are shown otherwise.
  package var intro: String

  /// Nil where there is no such line, or no list behind it: then the item is like any other.
  package init?(subject: String, text: String) {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    var start = 0
    var marker: OfferMarker
    var own: Set<Int> = []
    if let place = lines.indices.first(where: { OfferMarker(lines[$0]) != nil }), let found = OfferMarker(lines[place])
    {
      (marker, start) = (found, place + 1)
      own.insert(place)
    } else if let found = OfferMarker(subject) {
      marker = found
      // The subject stands above the mail.
      marker.question = nil
    } else {
      return nil
    }
    var items: [Item] = []
    for place in lines.indices.dropFirst(start) {
      if let item = Self.item(lines[place], kind: marker.kind) {
        items.append(item)
        own.insert(place)
      } else if marker.takeLine(lines[place]) {
        own.insert(place)
      } else if !items.isEmpty, !lines[place].allSatisfy(\.isWhitespace) {
        break
      }
    }
    // What is said of the closing may also stand below all else.
    for place in lines.indices where place >= start && !own.contains(place) && marker.takeLine(lines[place]) {
      own.insert(place)
    }
    guard !items.isEmpty else { return nil }
    (kind, question, isSecret, until) = (marker.kind, marker.question, marker.isSecret, marker.until)
    self.items = items
    intro = Self.joined(lines.indices.filter { !own.contains($0) }.map { lines[$0] })
  }

  private static func joined(_ lines: [String]) -> String {
    var kept: [String] = []
    for line in lines where !(line.allSatisfy(\.isWhitespace) && kept.last?.allSatisfy(\.isWhitespace) ?? true) {
      kept.append(line)
    }
    return kept.joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
  }

  // MARK: A line of the list

  /// `- Efteling`, `2) Emmen`; of help also `Luizenpluizen maandag (3)` without anything before it.
  private static func item(_ line: String, kind: OfferTerms.Kind) -> Item? {
    let line = line.trimmingCharacters(in: .whitespaces)
    let listed = withoutBullet(line)
    guard kind == .help else { return listed.map { Item(text: $0) } }
    if let counted = withPlaces(listed ?? line) { return counted }
    return listed.map { Item(text: $0) }
  }

  private static func withoutBullet(_ line: String) -> String? {
    let mark = line.prefix { !$0.isWhitespace }
    let rest = line.dropFirst(mark.count).trimmingCharacters(in: .whitespaces)
    guard !rest.isEmpty, let last = mark.last else { return nil }
    if mark.count == 1, "-–—*•·▪◦".contains(last) { return rest }
    guard last == "." || last == ")", (2...3).contains(mark.count) else { return nil }
    let name = mark.dropLast()
    let isNumber = name.allSatisfy { $0.isASCII && $0.isNumber }
    return isNumber || (name.count == 1 && name.allSatisfy { $0.isASCII && $0.isLetter }) ? rest : nil
  }

  /// A number in brackets at the end, perhaps with what it counts: `(3)`, `(3 plekken)`.
  private static func withPlaces(_ line: String) -> Item? {
    guard line.hasSuffix(")"), let open = line.lastIndex(of: "(") else { return nil }
    let text = line[..<open].trimmingCharacters(in: .whitespaces.union([":"]))
    let inside = Glossary.plain(line[line.index(after: open)...].dropLast()).trimmingCharacters(in: .whitespaces)
    let digits = inside.prefix { $0.isASCII && $0.isNumber }
    let word = inside.dropFirst(digits.count).trimmingCharacters(in: .whitespaces)
    guard !text.isEmpty, !digits.isEmpty, word.isEmpty || Glossary.placeWords.contains(word) else { return nil }
    return Item(text: text, places: Int(digits) ?? .max)
  }

  // MARK: What it asks

  /// - Throws: what cannot be done as it was asked; nothing is published then.
  func terms(now: Date, timeZone: TimeZone) throws(OfferProblem) -> OfferTerms {
    guard (kind == .poll ? 2 : 1)...OfferTerms.mostLines ~= items.count else {
      throw OfferProblem(reason: .offerLines, words: nil)
    }
    var seen: Set<String> = []
    for item in items {
      let isNew = seen.insert(Glossary.words(item.text).joined(separator: " ")).inserted
      guard isNew, item.text.count <= OfferTerms.longestLine, 1...OfferTerms.mostPlaces ~= item.places ?? 1 else {
        throw OfferProblem(reason: .offerLine, words: String(item.text.prefix(OfferTerms.longestLine)))
      }
    }
    var closesAt: Date?
    if let until {
      closesAt = ClosingDate.read(until, now: now, timeZone: timeZone)
      guard let date = closesAt, date > now else {
        throw OfferProblem(reason: .offerDate, words: until.joined(separator: " "))
      }
    }
    let lines = items.map { OfferTerms.Line($0.text, places: kind == .help ? $0.places ?? 1 : nil) }
    return OfferTerms(
      kind: kind, question: question.map { String($0.prefix(OfferTerms.longestLine)) }, lines: lines,
      // Of two ways the one on which nothing leaks.
      isSecret: kind == .poll && isSecret ?? true, closesAt: closesAt)
  }
}

/// The line that makes an item a help request or poll: `Geheime stemming (tot 12 december): waar gaan we heen?`
struct OfferMarker: Sendable, Hashable {
  var kind: OfferTerms.Kind
  var question: String?
  var isSecret: Bool?
  var until: [String]?

  /// Nil where the line says anything else before its colon, or has none and says anything else at all.
  init?(_ line: String) {
    let (head, rest) = Self.split(line.trimmingCharacters(in: .whitespaces.union(["*", "_"])))
    var words = Self.words(head)
    guard head.count <= 120 else { return nil }
    var before: [String] = []
    while let first = words.first, Glossary.secretWords.contains(first) || Glossary.openWords.contains(first) {
      before.append(words.removeFirst())
    }
    let text = words.joined(separator: " ")
    let isMarker = { (marker: String) in text == marker || text.hasPrefix(marker + " ") }
    if let found = Glossary.helpMarkers.first(where: isMarker) {
      kind = .help
      words.removeFirst(Self.words(found).count)
    } else if let found = Glossary.pollMarkers.first(where: isMarker) {
      kind = .poll
      words.removeFirst(Self.words(found).count)
    } else {
      return nil
    }
    guard take(before), take(words) else { return nil }
    let asked = rest?.trimmingCharacters(in: .whitespaces.union(["*", "_"])) ?? ""
    question = asked.isEmpty || takeLine(asked) ? nil : asked
  }

  /// Takes a line that says nothing but secret, open, or until when: `tot 12 december`, but not `tot maandag!`.
  mutating func takeLine(_ line: String) -> Bool {
    var words = Self.words(line)
    guard !words.isEmpty, line.count <= 120 else { return false }
    if let place = words.firstIndex(where: { Glossary.untilWords.contains($0) }) {
      guard line.contains(where: \.isNumber) else { return false }
      let lead = words[..<place].joined(separator: " ")
      if Glossary.closingLines.contains(lead) { words.removeFirst(place) }
    }
    return take(words)
  }

  /// False, and nothing taken, where a word is neither.
  private mutating func take(_ words: [String]) -> Bool {
    var taken = self
    var rest = words[...]
    while let word = rest.popFirst() {
      if Glossary.secretWords.contains(word) {
        taken.isSecret = true
      } else if Glossary.openWords.contains(word) {
        taken.isSecret = false
      } else if Glossary.untilWords.contains(word), !rest.isEmpty, taken.until == nil {
        let date = rest.prefix { !Glossary.secretWords.contains($0) && !Glossary.openWords.contains($0) }
        taken.until = Array(date)
        rest = rest.dropFirst(date.count)
      } else {
        return false
      }
    }
    self = taken
    return true
  }

  /// By white space, without brackets and punctuation at either end; `t/m`, `17:00` and `12-12` stay whole.
  private static func words(_ text: some StringProtocol) -> [String] {
    Glossary.plain(text).split { $0.isWhitespace || "()[],;".contains($0) }
      .map { $0.trimmingCharacters(in: CharacterSet(charactersIn: ".:!?–-")) }.filter { !$0.isEmpty }
  }

  /// At the first colon that is not within an hour.
  private static func split(_ line: String) -> (head: Substring, rest: Substring?) {
    var place = line.startIndex
    while let colon = line[place...].firstIndex(of: ":") {
      let after = line.index(after: colon)
      let isHour = line[..<colon].last?.isNumber == true && line[after...].first?.isNumber == true
      if !isHour { return (line[..<colon], line[after...]) }
      place = after
    }
    return (line[...], nil)
  }
}
