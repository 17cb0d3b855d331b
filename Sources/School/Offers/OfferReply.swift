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

  /// Reads the first line that does more than greet. Text that is no answer is never one.
  ///
  /// - Parameter isOpen: of a closed poll what names an option is a comment, and tells no vote.
  package init(_ text: String, terms: OfferTerms, isOpen: Bool = true) {
    let said = Glossary.withoutGreeting(text)
    let line = said.prefix { !$0.isNewline }
    let isShort = line.count <= Self.longestLine
    let votes = terms.kind == .poll ? VoteReader(terms, isOpen: isOpen) : nil
    let names = { (text: Substring) in votes?.names(text) ?? false }
    if isShort, !names(line) {
      switch CommandWord.ofReceipt(text) {
      // `herstel, ik bedoel 3`: what they have then is not sure.
      case .retract: self = line.contains(where: \.isNumber) ? .unclear : .retract
      case .state: self = .state
      case .close: self = .close
      default:
        let words = Glossary.words(line)
        if let first = words.first, CommandWord.named([first]) == .retract,
          words.dropFirst().allSatisfy(Self.isOfAnswer)
        {
          self = .unclear
        } else {
          self = votes?.read(line, of: text) ?? Self.help(words, line, count: terms.lines.count)
        }
      }
    } else if let votes {
      self = isShort ? votes.read(line, of: text) : votes.words(line, of: text)
    } else {
      self = .comment
    }
  }

  /// Whether the first line is a yes or a no and nothing else.
  static func isMerely(_ text: String) -> Bool {
    guard let line = Glossary.firstLine(of: text) else { return false }
    return Glossary.words(line).allSatisfy { Glossary.yesWords.contains($0) || Glossary.noWords.contains($0) }
  }

  /// What stands behind the answer and below its line; nil for nothing.
  static func note(_ text: String, of kind: OfferTerms.Kind = .help) -> String? {
    let lines = Glossary.withoutGreeting(text).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let behind = lines.first.flatMap { kind == .help ? afterNumbers($0)?.rest : Glossary.parted($0)?.rest } ?? ""
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

  /// A number, or what stands beside numbers.
  static func isOfAnswer(_ word: String) -> Bool {
    word.allSatisfy { $0.isASCII && $0.isNumber }
      || [Glossary.numberFillers, Glossary.ratherWords, Glossary.yesWords, Glossary.noWords, Glossary.orWords]
        .contains { $0.contains(word) }
  }
}
