import Foundation

/// What the first line of an answer to a help request or poll says.
package enum OfferReply: Sendable, Hashable {
  /// These tasks, or this one option.
  case take([Int])
  /// These tasks; none named: all that they have.
  case giveBack([Int])
  /// Takes back the latest answer.
  case retract
  case state
  case close
  /// It means to answer, and could mean more than one thing, or nothing that there is.
  case unclear
  /// Anything else: words for all to read.
  case comment

  /// Longer first lines are words to people, in characters.
  static let longestLine = 200

  /// Reads the first line that is not empty. Text that is no answer is never one.
  package init(_ text: String, terms: OfferTerms) {
    let line = text.split(whereSeparator: \.isNewline).first { !$0.allSatisfy(\.isWhitespace) }
    guard let line, line.count <= Self.longestLine else {
      self = .comment
      return
    }
    let words = Glossary.words(line)
    let option = terms.kind == .poll ? OptionMatch(words, among: terms.lines.map(\.text)) : .none
    switch CommandWord(firstLineOf: String(line)) {
    case .retract where option == .none: self = .retract
    case .state where option == .none: self = .state
    case .close where option == .none: self = .close
    default:
      self =
        terms.kind == .help
        ? Self.help(words, line, count: terms.lines.count)
        : Self.vote(words, line, option, options: terms.lines.map(\.text))
    }
  }

  /// Whether the first line is a yes or a no and nothing else.
  static func isMerely(_ text: String) -> Bool {
    guard let line = Glossary.firstLine(of: text) else { return false }
    return Glossary.words(line).allSatisfy { Glossary.yesWords.contains($0) || Glossary.noWords.contains($0) }
  }

  /// What stands behind the answer and below its line; nil for nothing.
  static func note(_ text: String) -> String? {
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .drop { $0.allSatisfy(\.isWhitespace) }
    let behind = lines.first.flatMap(afterNumbers)?.rest ?? ""
    let note = ([behind] + lines.dropFirst()).joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
    return note.isEmpty ? nil : String(note.prefix(OfferTerms.longestNote))
  }

  // MARK: What a mail offers, in the language of its reader

  package static func take(_ number: Int, of kind: OfferTerms.Kind, _ language: Language) -> String {
    switch (kind, language) {
    case (.help, _): "\(language == .english ? "yes" : "ja") \(number)"
    case (.poll, .dutch): "stem \(number)"
    case (.poll, .frisian): "stim \(number)"
    case (.poll, .english): "vote \(number)"
    }
  }

  package static func giveBack(_ number: Int, _ language: Language) -> String { "\(decline(language)) \(number)" }

  package static func decline(_ language: Language) -> String { language == .english ? "no" : "nee" }

  // MARK: Help

  private static func help(_ words: [String], _ line: Substring, count: Int) -> OfferReply {
    let whole = claim(words, line, count: count)
    guard whole == .comment, let (numbers, _) = afterNumbers(line) else { return whole }
    return claim(Glossary.words(numbers), numbers, count: count)
  }

  /// `ja 2, maar pas om 10 uur`: an answer with its numbers, and words behind it. Nil where the line is one or the
  /// other; `ja 2, 3 kinderen komen` could mean two things.
  private static func afterNumbers(_ line: Substring) -> (numbers: Substring, rest: Substring)? {
    guard
      let match = line.firstMatch(
        of: /^([^,;.]*[0-9])(?:\s*[,;.]\s*|\s+(?=(?:maar|mar|but)\b))([^0-9\s].*)$/.ignoresCase())
    else { return nil }
    let words = Glossary.words(match.1)
    // A task that is given back has no note: words behind that are a comment, which is read.
    guard let first = words.first, Glossary.yesWords.contains(first), !Glossary.words(match.2).allSatisfy(isOfAnswer)
    else { return nil }
    return (match.1, match.2)
  }

  private static func claim(_ words: [String], _ line: Substring, count: Int) -> OfferReply {
    var numbers: [Int] = []
    var (says, denies, doubts, prefers) = (false, false, false, false)
    for (word, next) in zip(words, words.dropFirst() + [""]) {
      if Glossary.orWords.contains(word) {
        doubts = true
      } else if Glossary.ratherWords.contains(word) {
        // `toch niet` is a no.
        prefers = prefers || !Glossary.noWords.contains(next)
      } else if Glossary.yesWords.contains(word) {
        says = true
      } else if Glossary.noWords.contains(word) {
        denies = true
      } else if word.allSatisfy({ $0.isASCII && $0.isNumber }) {
        numbers.append(Int(word) ?? .max)
      } else if !Glossary.numberFillers.contains(word) {
        return .comment
      }
    }
    guard says || denies || !numbers.isEmpty else { return .comment }
    guard !(says && denies), !doubts, !hasNumberWithin(line), numbers.allSatisfy({ 1...count ~= $0 }) else {
      return .unclear
    }
    numbers = Set(numbers).sorted()
    // `nee, toch 2`: no to one, and yes to the other.
    if denies, prefers, !numbers.isEmpty { return .unclear }
    if denies { return .giveBack(numbers) }
    if numbers.isEmpty { return count == 1 ? .take([1]) : .unclear }
    return .take(numbers)
  }

  /// `2-5`, `2.5`, `8:30`: no list of numbers.
  private static func hasNumberWithin(_ line: Substring) -> Bool { line.contains(/[0-9][-–.:\/][0-9]/) }

  // MARK: Votes

  private static func vote(
    _ words: [String], _ line: Substring, _ whole: OptionMatch, options: [String]
  ) -> OfferReply {
    let lead = Glossary.voteLeads.map { $0.split(separator: " ").map(String.init) }
      .filter { words.starts(with: $0) }.max { $0.count < $1.count }
    let named = lead.map { Array(words.dropFirst($0.count)) } ?? words
    if named.count == 1, named[0].allSatisfy({ $0.isASCII && $0.isNumber }) {
      let number = Int(named[0]).flatMap { 1...options.count ~= $0 ? $0 : nil }
      // An option may itself be called by a number.
      switch (number, whole) {
      case (let number?, .none): return .take([number])
      case (let number?, .one(let option)) where number == option || lead != nil: return .take([number])
      case (nil, .one(let option)): return .take([option])
      default: return .unclear
      }
    }
    switch whole {
    case .one(let option): return .take([option])
    case .several: return .unclear
    case .none: break
    }
    if lead != nil, case .one(let option) = OptionMatch(named, among: options), !named.isEmpty {
      return .take([option])
    }
    let isNumbers = !words.isEmpty && words.allSatisfy(isOfAnswer)
    // Who began to vote must not find it among the comments.
    return lead != nil || isNumbers ? .unclear : .comment
  }

  /// A number, or what stands beside numbers.
  private static func isOfAnswer(_ word: String) -> Bool {
    word.allSatisfy { $0.isASCII && $0.isNumber }
      || [Glossary.numberFillers, Glossary.ratherWords, Glossary.yesWords, Glossary.noWords, Glossary.orWords]
        .contains { $0.contains(word) }
  }
}

/// Which of the options some words name: by all of their text, a part of it in whole words, or with a typing error.
enum OptionMatch: Equatable {
  case none
  /// From 1.
  case one(Int)
  case several

  init(_ words: [String], among options: [String]) {
    let named = words.joined(separator: " ")
    let texts = options.map { Glossary.words($0) }
    if let whole = texts.firstIndex(of: words) {
      self = .one(whole + 1)
      return
    }
    guard named.count >= 2 else {
      self = .none
      return
    }
    let distances = texts.map { Self.distance(named, words.count, to: $0) }
    let parts = distances.indices.filter { distances[$0] == 0 }
    let near = distances.indices.filter { distances[$0].map { $0 <= Self.allowance(named) } ?? false }
    switch parts.isEmpty ? near.count : parts.count {
    case 0: self = .none
    case 1: self = .one((parts.first ?? near[0]) + 1)
    default: self = .several
    }
  }

  /// Letters that may be wrong: none in a short word, which is soon another one.
  private static func allowance(_ text: String) -> Int { text.count < 5 ? 0 : text.count < 10 ? 1 : 2 }

  /// To the nearest stretch of as many words, with the same numbers in it; nil where there is none.
  private static func distance(_ named: String, _ count: Int, to text: [String]) -> Int? {
    guard count <= text.count, named.count <= OfferReply.longestLine else { return nil }
    let digits = named.filter(\.isNumber)
    return (0...(text.count - count)).compactMap { start in
      let stretch = text[start..<(start + count)].joined(separator: " ")
      guard stretch.filter(\.isNumber) == digits, abs(stretch.count - named.count) <= 2 else { return nil }
      return EditDistance.between(Array(named), Array(stretch))
    }.min()
  }
}
