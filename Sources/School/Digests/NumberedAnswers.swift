import Foundation

/// What an answer says of the numbered items of a mail: `2: Leuk!` and on a later line `4: ja`.
struct NumberedAnswers: Equatable {
  struct Part: Equatable {
    /// From 1; nil for words before the first number.
    var number: Int?
    var text: String
  }

  /// In their order; each number once, with all that was said under it.
  var parts: [Part] = []

  /// A line that begins with a number and `:` or `)` begins the answer to that item. `8:30` is a time and no number.
  init(_ text: String) {
    var part = Part(number: nil, text: "")
    var places: [Int?: Int] = [:]
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let head = Self.head(line) {
        add(part, &places)
        part = head
      } else {
        part.text += "\n" + line
      }
    }
    add(part, &places)
  }

  /// - Parameter places: where each number stands among the parts: a mail may have a hundred thousand.
  private mutating func add(_ part: Part, _ places: inout [Int?: Int]) {
    var part = part
    part.text = part.text.trimmingCharacters(in: .whitespacesAndNewlines)
    if let place = places[part.number] {
      parts[place].text += "\n" + part.text
    } else if part.number != nil || !part.text.isEmpty {
      places[part.number] = parts.count
      parts.append(part)
    }
  }

  private static func head(_ line: Substring) -> Part? {
    let digits = line.drop { $0 == " " }.prefix { $0.isASCII && $0.isNumber }
    let rest = line.drop { $0 == " " }.dropFirst(digits.count).drop { $0 == " " }
    guard let number = Int(digits), number > 0, let mark = rest.first, mark == ":" || mark == ")" else { return nil }
    if mark == ":", rest.dropFirst().first?.isNumber == true { return nil }
    return Part(number: number, text: String(rest.dropFirst()))
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
