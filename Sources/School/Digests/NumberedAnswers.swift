import Foundation

/// What an answer says of the numbered items of a mail: `2: Leuk!` and on a later line `4. ja`.
struct NumberedAnswers: Equatable {
  struct Part: Equatable {
    /// From 1; nil for words before the first number.
    var number: Int?
    var text: String
    /// Something in it may be the answer to another item.
    var isDoubtful = false
  }

  /// In their order; each number once, with all that was said under it.
  var parts: [Part] = []
  private var isList = NumberedListSigns()

  /// A line that begins with a number and `:` or `)` begins the answer to that item, and so does one of the mail's own
  /// numbers with `.` or a dash. `8:30` is a time and no number.
  ///
  /// - Parameter numbers: those of the mail that is answered.
  init(_ text: String, of numbers: Set<Int> = []) {
    var part = Part(number: nil, text: "")
    var places: [Int?: Int] = [:]
    for line in Glossary.withoutGreeting(text).split(separator: "\n", omittingEmptySubsequences: false) {
      if let head = NumberedHead(line), head.begins(numbers) {
        isList.see(head, after: part)
        add(part, &places)
        part = Part(number: head.number, text: String(head.rest))
      } else {
        part.text += "\n" + line
        part.isDoubtful = part.isDoubtful || Self.isDoubtful(line, numbers)
      }
      part.isDoubtful = part.isDoubtful || NumberedHead.isWithin(part.number == nil ? "" : line, numbers)
    }
    add(part, &places)
    // Nobody knows where the list begins and ends.
    if isList.found { for place in parts.indices { parts[place].isDoubtful = true } }
  }

  /// - Parameter places: where each number stands among the parts: a mail may have a hundred thousand.
  private mutating func add(_ part: Part, _ places: inout [Int?: Int]) {
    var part = part
    part.text = part.text.trimmingCharacters(in: .whitespacesAndNewlines)
    if let place = places[part.number] {
      parts[place].text += "\n" + part.text
      parts[place].isDoubtful = parts[place].isDoubtful || part.isDoubtful
    } else if part.number != nil || !part.text.isEmpty {
      places[part.number] = parts.count
      parts.append(part)
    }
  }

  /// A line that begins with a number in another way: `3 - ja` where there is no third, `2 niet gelezen`.
  private static func isDoubtful(_ line: Substring, _ numbers: Set<Int>) -> Bool {
    if NumberedHead(line) != nil { return !numbers.isEmpty }
    let line = line.drop { !$0.isLetter && !$0.isNumber }
    let digits = line.prefix { $0.isASCII && $0.isNumber }
    let rest = line.dropFirst(digits.count)
    guard let number = Int(digits), numbers.contains(number), rest.contains(where: \.isLetter) else { return false }
    return rest.first?.isLetter != true && !NumberedHead.isCount(rest)
  }
}

/// A number with a mark, by which a line or a clause begins.
struct NumberedHead {
  var number: Int
  var mark: Character
  var rest: Substring

  private static let marks: Set<Character> = [":", ")", ".", "-", "–", "—"]

  /// At the beginning of a line, perhaps behind a bullet, or words such as `nummer` and `op`.
  init?(_ line: Substring) {
    let isBullet = { (one: Character) in one.isWhitespace || "-–•*#(".contains(one) }
    var line = line.drop(while: isBullet)
    for _ in 0..<2 {
      let word = line.prefix(while: \.isLetter)
      guard !word.isEmpty, word.count <= 10, Glossary.numberLeads.contains(Glossary.plain(word)) else { break }
      line = line.dropFirst(word.count).drop { $0 == "." || isBullet($0) }
    }
    self.init(startOf: line)
  }

  private init?(startOf line: Substring) {
    let digits = line.prefix { $0.isASCII && $0.isNumber }
    let behind = line.dropFirst(digits.count)
    let marked = behind.drop { $0 == " " }
    guard let number = Int(digits), number > 0, let mark = marked.first, Self.marks.contains(mark) else { return nil }
    let next = marked.dropFirst().first
    // `8:30`, `2.5` and `2-3` are counts, and so is `2 - 3`; `2-jarigen` is a word.
    if mark != ")", Self.isCount(behind) { return nil }
    if "-–—".contains(mark), behind.first == mark, next?.isLetter == true { return nil }
    (self.number, self.mark, rest) = (number, mark, marked.dropFirst())
  }

  /// Whether what stands behind a number makes it one of a time, a day, or of so many.
  static func isCount(_ behind: Substring) -> Bool {
    let marked = behind.drop { $0 == " " }
    let next = marked.dropFirst()
    if let mark = marked.first, marks.contains(mark) {
      if next.first?.isNumber == true { return true }
      if "-–—".contains(mark), next.drop(while: { $0 == " " }).first?.isNumber == true { return true }
    }
    let word = Glossary.plain(behind.drop { $0 == " " || $0 == "." }.prefix(while: \.isLetter))
    return Glossary.months.contains { $0.contains(word) }
  }

  /// Without `:` or `)`, only a number of the mail begins an answer.
  func begins(_ numbers: Set<Int>) -> Bool { mark == ":" || mark == ")" || numbers.contains(number) }

  /// Whether a line goes on to another of these numbers: `1: lekker! 2: niet gelezen`.
  static func isWithin(_ line: Substring, _ numbers: Set<Int>) -> Bool {
    var before: (Character, Character) = ("1", "1")
    var places = line.indices.dropFirst(0)[...]
    // The line's own number is none.
    if let head = NumberedHead(line) { places = line.indices[head.rest.startIndex...] }
    for place in places {
      defer { before = (before.1, line[place]) }
      let isWord = before.1.isLetter || before.1.isNumber
      guard line[place].isASCII, line[place].isNumber, !isWord, !(".:-/,".contains(before.1) && before.0.isNumber),
        let head = NumberedHead(startOf: line[place...]), numbers.contains(head.number),
        head.rest.contains(where: { $0.isLetter || $0.isNumber })
      else { continue }
      let word = line[..<place].suffix(12).split { !$0.isLetter }.last.map { Glossary.plain($0) }
      if head.mark != ":", let word, Glossary.numbered.contains(word) { continue }
      return true
    }
    return false
  }
}

/// Whether the numbers of an answer are those of a list within it: `3: ik neem mee:` and below it `1. taart`.
private struct NumberedListSigns: Equatable {
  var found = false
  private var marks: Set<Character> = []
  private var highest = 0
  private var rises = true

  mutating func see(_ head: NumberedHead, after part: NumberedAnswers.Part) {
    marks.insert(head.mark)
    rises = rises && head.number > highest
    highest = max(highest, head.number)
    let last = part.text.last { !$0.isWhitespace }
    found = found || (marks.count > 1 && !rises) || (part.number != nil && last == ":")
  }
}

/// `herstel`, or `herstel 2 en 4`, in answer to a receipt that numbers what was posted.
struct NumberedRetraction: Equatable {
  /// Empty for all.
  var numbers: Set<Int>

  init?(firstLineOf text: String) {
    guard let line = Glossary.firstLine(of: text) else { return nil }
    if let numbers = Self.numbers(line) {
      self.numbers = numbers
    } else if let (head, rest) = Glossary.parted(line), !rest.contains(where: \.isNumber),
      let numbers = Self.numbers(head)
    {
      self.numbers = numbers
    } else if CommandWord.ofReceipt(text) == .retract, !line.contains(where: \.isNumber) {
      numbers = []
    } else {
      return nil
    }
  }

  /// Nil where the line says anything else.
  private static func numbers(_ line: Substring) -> Set<Int>? {
    let words = Glossary.withoutPoliteness(line.split { !$0.isLetter && !$0.isNumber }[...])
    let isNumber = { (word: Substring) in word.allSatisfy(\.isNumber) }
    let isAnd = { (word: Substring) in ["en", "and"].contains(Glossary.plain(word)) }
    let rest = words.drop { !isNumber($0) }
    guard CommandWord.named(words.prefix(words.count - rest.count).joined(separator: " ")) == .retract,
      rest.allSatisfy({ isNumber($0) || isAnd($0) })
    else { return nil }
    return Set(rest.compactMap { Int($0) })
  }
}
