import Foundation

/// How answers are read as people write them: a greeting before, what is asked, a mark, and more words.
extension Glossary {
  /// A text from where it does more than greet; all of it where nothing else is said.
  static func withoutGreeting(_ text: some StringProtocol) -> Substring {
    let whole = Substring(text).drop(while: \.isWhitespace)
    var rest = whole
    for _ in 0..<3 {
      guard let end = endOfGreeting(rest) else { break }
      rest = rest[end...].drop { $0.isWhitespace || $0.isNewline }
    }
    return rest.prefix(4_000).contains { $0.isLetter || $0.isNumber } ? rest : whole
  }

  /// Behind `Hallo,`, `Beste juf Anna!`, and a line that is no more than that; nil where the text begins otherwise.
  private static func endOfGreeting(_ text: Substring) -> Substring.Index? {
    let line = text.prefix { !$0.isNewline }.prefix(80)
    let head = line.prefix { !",!;:?".contains($0) }
    let words = head.split(whereSeparator: \.isWhitespace)
    guard let first = words.first, words.count <= 6, greetings.contains(plain(first.filter(\.isLetter))) else {
      return nil
    }
    let isMarked = line[head.endIndex...].first == ","
    let isAddressed = words.dropFirst().enumerated().allSatisfy { place, word in
      guard word.allSatisfy({ $0.isLetter || ".-'’".contains($0) }) else { return false }
      // `Dag van de Leraar` greets nobody.
      return isAddressee(word) && !(place == 0 && particles.contains(plain(word))) || isMarked && words.count <= 3
    }
    guard isAddressed else { return nil }
    return text[head.endIndex...].firstIndex { $0.isNewline || $0.isLetter || $0.isNumber } ?? text.endIndex
  }

  private static func isAddressee(_ word: Substring) -> Bool {
    word.first?.isUppercase == true || addressees.contains(plain(word.filter(\.isLetter)))
      || particles.contains(plain(word)) || titles.contains(plain(word.filter(\.isLetter)))
  }

  /// A line up to its first mark, and what stands behind that; nil where no mark parts it near its beginning.
  static func parted(_ line: Substring) -> (head: Substring, rest: Substring)? {
    var before: Character?
    for place in line.prefix(80).indices {
      let mark = line[place]
      if ",!;:.".contains(mark) || ("-–—".contains(mark) && before == " ") {
        let rest = line[line.index(after: place)...].drop { !$0.isLetter && !$0.isNumber }
        return (line[..<place], rest)
      }
      before = mark
    }
    return nil
  }

  /// Without what is only polite at either end: `herstel aub`, `sorry, graag foto 1`.
  static func withoutPoliteness(_ words: [String]) -> [String] {
    var words = words[...]
    while let last = words.last, polite.contains(last) || abbreviated(words) {
      words = words.dropLast(polite.contains(last) ? 1 : 3)
    }
    return Array(words.drop(while: polite.contains))
  }

  /// A line as the words that a mail offers are looked up: without what is polite, an article, and the name of one of
  /// these children: `graag de toetsen van Noor`.
  static func offered(_ line: some StringProtocol, children: [String] = []) -> [String] {
    var words = withoutPoliteness(Self.words(line))
    let names = children.flatMap { name -> [[String]] in
      let parts = Self.words(name)
      return [parts, Array(parts.prefix(1))]
    }
    let isName = { (name: [String]) in
      !name.isEmpty && words.count > name.count && words.suffix(name.count) == name[...]
    }
    if let name = names.filter(isName).max(by: { $0.count < $1.count }) {
      words.removeLast(name.count)
      if words.count > 1, let last = words.last, childLeads.contains(last) { words.removeLast() }
      words = withoutPoliteness(words)
    }
    if words.count > 1, let first = words.first, articles.contains(first) { words.removeFirst() }
    return words
  }

  /// The same of the first line that does more than greet; empty where that is longer than any command.
  static func offered(firstLineOf text: String, children: [String] = []) -> [String] {
    firstLine(of: text).map { offered($0, children: children) } ?? []
  }

  /// The same behind what was written in capitals and with accents.
  static func withoutPoliteness(_ words: ArraySlice<Substring>) -> ArraySlice<Substring> {
    var words = words
    while let last = words.last, polite.contains(plain(last).filter(\.isLetter)) { words.removeLast() }
    return words
  }

  /// `a.u.b.`, `s.v.p.`
  private static func abbreviated(_ words: ArraySlice<String>) -> Bool {
    ["aub", "svp"].contains(words.suffix(3).joined()) && words.suffix(3).allSatisfy { $0.count == 1 }
  }

  /// Whether words limit or turn what stands before them: `maar`, `alleen`, `niet`.
  static func reserves(_ text: some StringProtocol) -> Bool {
    let said = words(text).joined(separator: " ")
    let left = noReserves.reduce(said) { $0.replacing($1, with: "") }
    return left.split(separator: " ").contains { reservations.contains(String($0)) }
  }

  /// The sentences and their parts of a short answer, without how its writer takes leave; none of a longer one.
  static func parts(ofShort text: String, most: Int) -> [[String]] {
    guard text.utf8.count <= 1_000 else { return [] }
    let lines = Written.withoutClosing(Written.lines(String(withoutGreeting(text))))
    let parts = lines.flatMap { line in line.split { ",.!?:;–—".contains($0) } }.map { words($0) }
      .filter { !$0.isEmpty }
    let said = parts.prefix { !isFarewell($0) }
    return said.reduce(0) { $0 + $1.count } <= most ? Array(said) : []
  }
}

extension CommandWord {
  /// The command of the first line that does more than greet, and what stands behind it on that line: all of the line,
  /// or what a mark parts from more words.
  static func leading(_ text: some StringProtocol) -> (word: CommandWord, rest: Substring)? {
    let line = Glossary.withoutGreeting(text).prefix { !$0.isNewline }
    if line.utf8.count <= 200, let word = named(line) { return (word, line.suffix(0)) }
    guard let (head, rest) = Glossary.parted(line), let word = named(head), word.leads(rest) else { return nil }
    return (word, rest)
  }

  /// "Help, mijn kind is gevallen" is for a person, and a yes is read by `WrittenYesNo`.
  private func leads(_ rest: Substring) -> Bool {
    switch self {
    case .help, .yes, .state, .newActivation, .changeAddress: false
    // `akkoord, maar alleen op maandag` grants something else.
    case .approve: !Glossary.reserves(rest)
    case .retract, .notMe, .seen, .reject, .close: true
    }
  }

  /// In answer to a receipt: its command, or the word that takes back where that stands apart at either end of a short
  /// answer. "Herstel van de schommel duurt nog een week" is a letter.
  package static func ofReceipt(_ text: String) -> CommandWord? {
    if let (word, _) = leading(text) { return word }
    let parts = Glossary.parts(ofShort: text, most: 20)
    return [parts.first, parts.last].contains { $0.map { named($0) } == .retract } ? .retract : nil
  }
}

/// A yes or a no to a question that asks for one.
enum WrittenYesNo {
  case yes, no

  /// Words of a line that is no more than a yes or a no.
  static let mostWords = 6

  /// The first line that does more than greet begins with the word, and nothing in it limits or turns that; what stands
  /// below it is not looked at.
  init?(_ text: String) {
    let line = Glossary.withoutGreeting(text).prefix { !$0.isNewline }
    let words = Glossary.words(line.prefix(200))
    guard let first = words.first, words.count <= Self.mostWords, !line.contains(where: { $0 == "?" || $0.isNumber })
    else { return nil }
    let rest = words.dropFirst().joined(separator: " ")
    if Glossary.plainYes.contains(first), !Glossary.reserves(rest) {
      self = .yes
    } else if Glossary.plainNo.contains(first), Glossary.isMereNo(Array(words.dropFirst())) {
      self = .no
    } else {
      return nil
    }
  }
}

extension WrittenYesNo {
  /// What a line says beyond its yes or no, for who must read it; nil for `ja hoor, prima` and the like.
  static func words(beside text: String) -> Substring? {
    let line = Glossary.withoutGreeting(text).prefix { !$0.isNewline }
    let behind = line.drop { !$0.isLetter }.drop { $0.isLetter }
    let rest = behind.drop { !$0.isLetter && !$0.isNumber }
    let isMere = Glossary.words(rest.prefix(200)).allSatisfy { Glossary.assents.contains($0) }
    return isMere ? nil : rest
  }
}

/// Whether a colleague, support or the head agrees, and what they write with it: `akkoord`, `niet akkoord`, or a plain
/// yes or no.
struct WrittenVerdict {
  var isApproved: Bool
  /// What stands behind the word, and below its line; nil for nothing.
  var words: String?
  /// A yes or no has more words beside it.
  var saysMore = false

  init?(_ text: String) {
    let rest: Substring
    switch CommandWord.leading(text) {
    case (.approve, let behind)?: (isApproved, rest) = (true, behind)
    case (.reject, let behind)?: (isApproved, rest) = (false, behind)
    default:
      guard let answer = WrittenYesNo(text) else { return nil }
      let beside = WrittenYesNo.words(beside: text)
      (isApproved, rest, saysMore) = (answer == .yes, beside ?? "", beside != nil)
    }
    let lines = Written.withoutClosing(Written.lines(String(Glossary.withoutGreeting(text))))
    words = Written.reason(([String(rest)] + lines.dropFirst()).joined(separator: "\n"))
  }
}
