import Foundation

/// Reads answers to a poll: a vote only where no more than one option can be meant and nothing else is said of it.
struct VoteReader {
  private let options: [String]
  private let isSecret: Bool
  private let isOpen: Bool
  /// Of each option the words by which it is known.
  private let known: [Set<String>]

  /// Words of an answer that may name an option with a typing error.
  static let mostNear = 1_000

  init(_ terms: OfferTerms, isOpen: Bool) {
    options = terms.lines.map(\.text)
    self.isOpen = isOpen
    isSecret = terms.isSecret
    known = options.map { option in
      let words = Glossary.words(option)
      let telling = words.filter { !Glossary.optionFillers.contains($0) }
      return Set(telling.isEmpty ? words : telling)
    }
  }

  /// - Parameters:
  ///   - line: the first that does more than greet.
  ///   - text: all of the answer.
  func read(_ line: Substring, of text: String) -> OfferReply {
    if isOpen, let vote = vote(line) { return .take([vote]) }
    switch named(line) {
    case .take(let lines): return .take(lines)
    case let reply: return reply == .unclear ? .unclear : words(line, of: text)
    }
  }

  /// Words that are no vote: a comment, unless they would tell one. What names an option of a secret poll is never
  /// posted; of an open one what seems to vote.
  func words(_ line: Substring, of text: String) -> OfferReply {
    guard isOpen else { return .comment }
    if isSecret { return tells(text) ? .unclear : .comment }
    return mentions(Glossary.words(line)).isNone || !seemsToVote(line) ? .comment : .unclear
  }

  /// Whether an option is named anywhere, or a number. A telephone number below one's name tells nothing.
  private func tells(_ text: String) -> Bool {
    let lines = Written.lines(text)
    let said = Written.withoutClosing(lines)
    return !mentions(said.lazy.flatMap { Glossary.words($0) }).isNone
      || mentions(lines.dropFirst(said.count).lazy.flatMap { Glossary.words($0) }).meant != nil
  }

  /// Whether the line is the name of options and nothing else.
  func names(_ line: Substring) -> Bool { OptionMatch(Glossary.words(line), among: options) != .none }

  private func seemsToVote(_ line: Substring) -> Bool {
    let words = Glossary.words(line)
    let begins = words.first.flatMap(Self.number) != nil
    let mentions = mentions(words)
    let isBare = !mentions.isStray && mentions.others.allSatisfy(Glossary.orWords.contains)
    return begins || isBare || !Glossary.preferences.isDisjoint(with: words)
      || Glossary.parted(line).map { vote($0.head) != nil } ?? false
  }

  // MARK: One option

  /// The option of a line that says no more than how one votes, and behind a mark, or thanks, words that say nothing of
  /// an option and limit nothing.
  private func vote(_ line: Substring) -> Int? {
    guard !line.contains("?") else { return nil }
    if let only = only(Glossary.words(line)) { return only }
    let words = Glossary.words(line)
    if let end = words.firstIndex(where: Glossary.thanks.contains), isApart(words[end...]) {
      return only(Array(words[..<end]))
    }
    guard let (head, rest) = Glossary.parted(line), isApart(Glossary.words(rest)[...]) else { return nil }
    if case .take(let lines) = named(head) { return lines.first }
    return only(Glossary.words(head))
  }

  private func isApart(_ words: ArraySlice<String>) -> Bool {
    mentions(words).isNone && !Glossary.reserves(words.joined(separator: " "))
  }

  /// The one option that all telling words name: by its number, its text, or both.
  private func only(_ words: [String]) -> Int? {
    let mentions = mentions(words)
    return mentions.isStray || !mentions.others.isEmpty || mentions.meant?.count != 1 ? nil : mentions.meant?.first
  }

  private struct Mentions {
    /// The options that each naming word may mean; nil where none is named.
    var meant: Set<Int>?
    /// There is a number that is none of an option.
    var isStray = false
    /// Words that name nothing and are not of how one votes.
    var others: [String] = []

    var isNone: Bool { meant == nil && !isStray }
  }

  private func mentions(_ words: some Sequence<String>) -> Mentions {
    var mentions = Mentions()
    for (place, word) in words.enumerated() {
      var found = Set(known.indices.filter { known[$0].contains(word) }.map { $0 + 1 })
      if let number = Self.number(word) {
        if options.indices.contains(number - 1) { found.insert(number) }
        if found.isEmpty { mentions.isStray = true }
      } else if found.isEmpty, !Glossary.voteFillers.contains(word) {
        found = place < Self.mostNear ? near(word) : []
        if found.isEmpty { mentions.others.append(word) }
      }
      if !found.isEmpty { mentions.meant = mentions.meant?.intersection(found) ?? found }
    }
    return mentions
  }

  /// `2`, `2e`, `2nd`; 0 for what begins with digits and is no number of an option.
  private static func number(_ word: String) -> Int? {
    let digits = word.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty else { return nil }
    // `06 12345678`
    if digits.first == "0" { return 0 }
    let rest = word.dropFirst(digits.count)
    return rest.isEmpty || Glossary.ordinals.contains(String(rest)) ? Int(digits) ?? 0 : 0
  }

  /// The options of which a word is one, with a typing error.
  private func near(_ word: String) -> Set<Int> {
    let most = OptionMatch.allowance(word)
    guard most > 0, word.count <= 40 else { return [] }
    let letters = Array(word)
    let isNear = { (other: String) in
      abs(other.count - letters.count) <= most && EditDistance.between(letters, Array(other)) <= most
    }
    return Set(known.indices.filter { known[$0].contains(where: isNear) }.map { $0 + 1 })
  }

  // MARK: By its beginning

  /// A number or an option's text, perhaps with words before it that vote; and what began to vote so.
  private func named(_ line: Substring) -> OfferReply {
    let words = Glossary.words(line)
    let whole = OptionMatch(words, among: options)
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
    let isNumbers = !words.isEmpty && words.allSatisfy(OfferReply.isOfAnswer)
    // Who began to vote must not find it among the comments.
    return lead != nil || isNumbers ? .unclear : .comment
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
  static func allowance(_ text: String) -> Int { text.count < 5 ? 0 : text.count < 10 ? 1 : 2 }

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
