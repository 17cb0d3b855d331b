import Foundation

/// What somebody asks of their own settings.
package enum SettingsRequest: Sendable, Hashable {
  /// To see them; also for words that are no command.
  case show
  /// In lower case.
  case changeAddress(String)
  case change(SettingsChange)
  /// All reply addresses given out so far become worthless.
  case newKeys
  /// All that is kept of them.
  case myData

  package var level: AuthorityLevel {
    switch self {
    case .show, .change, .newKeys: .person
    case .changeAddress, .myData: .challenged
    }
  }
}

package enum SettingsChange: Sendable, Hashable {
  case language(Language)
  case digest(DigestChoice)
  /// Nil for none.
  case quietHours(QuietHours?)
  case stop(Set<Subscription>)
  case start(Set<Subscription>)

  func applied(to settings: PersonalSettings) -> PersonalSettings {
    var settings = settings
    switch self {
    case .language(let language): settings.language = language
    case .digest(let choice): settings.digest = choice
    case .quietHours(let hours): settings.quietHours = hours
    case .stop(let kinds):
      if kinds.contains(.schoolyard) { settings.digest = .off }
      settings.stopped.formUnion(kinds.subtracting([.schoolyard]))
    case .start(let kinds):
      if kinds.contains(.schoolyard), settings.digest == .off { settings.digest = .daily }
      settings.stopped.subtract(kinds)
    }
    return settings
  }
}

extension SettingsRequest {
  /// Reads the first line that does more than greet; all of it must be the command, but for case, accents, punctuation
  /// and what is only polite. An address command is read by `AddressedCommand`.
  package init?(firstLineOf text: String) {
    guard let line = Glossary.firstLine(of: text) else { return nil }
    self.init(line)
  }

  /// Reads one line.
  init?(_ line: Substring) {
    let polite = { (word: Substring) in Glossary.polite.contains(word.filter(\.isLetter)) }
    let plain = Glossary.plain(line)
    let said = Glossary.withoutPoliteness(plain.split(whereSeparator: \.isWhitespace)[...]).drop(while: polite)
    if let hours = QuietWords.read(said.joined(separator: " ")) {
      self = .change(.quietHours(hours.isEmpty ? nil : hours[0]))
      return
    }
    let words = Glossary.offered(plain)
    let all = words.joined(separator: " ")
    if SettingsWords.newKeys.contains(all) {
      self = .newKeys
    } else if SettingsWords.myData.contains(all) {
      self = .myData
    } else if let change = Self.change(words) {
      self = .change(change)
    } else {
      return nil
    }
  }

  /// Whether the text is `stop` and nothing else: more could be a comment.
  ///
  /// - Parameter isOffer: it answers a request or a poll, where `afmelden` gives back what one took.
  static func isStop(_ text: String, isOffer: Bool = false) -> Bool {
    let word = Glossary.plain(text.trimmingCharacters(in: .whitespacesAndNewlines))
    return SettingsWords.stop.contains(word) && !(isOffer && Glossary.noWords.contains(word))
  }

  /// A digest is answered by a choice of digest too, where it says nothing else.
  package static func inAnswerToDigest(_ text: String) -> SettingsRequest? {
    guard let line = onlyLine(text) else { return nil }
    if isStop(line) { return .change(.stop([.schoolyard])) }
    guard case .change(.digest(let choice)) = SettingsRequest(line[...]) else { return nil }
    return .change(.digest(choice))
  }

  package static func inAnswerToCalendar(_ text: String) -> SettingsRequest? {
    onlyLine(text).map { isStop($0) } == true ? .change(.stop([.calendar])) : nil
  }

  /// Between greeting and farewell, without what is only polite; nil where there are more.
  private static func onlyLine(_ text: String) -> String? {
    guard text.utf8.count <= 1_000 else { return nil }
    let lines = Written.withoutClosing(Written.lines(String(Glossary.withoutGreeting(text))))
    return lines.count == 1 ? Glossary.offered(lines[0]).joined(separator: " ") : nil
  }

  private static func change(_ words: [String]) -> SettingsChange? {
    guard let first = words.first else { return nil }
    let rest = Array(words.dropFirst())
    if SettingsWords.language.contains(first) {
      return rest.count == 1 ? SettingsWords.languages[rest[0]].map { .language($0) } : nil
    }
    if let kinds = SettingsWords.subscriptions(rest) {
      if SettingsWords.stop.contains(first) { return .stop(kinds) }
      if SettingsWords.start.contains(first) { return .start(kinds) }
    }
    let isPrefixed = SettingsWords.digest.contains(first) || RouteWord(first) == .schoolyard
    let choice = isPrefixed ? rest : words
    return choice.count == 1 ? SettingsWords.digests[choice[0]].map { .digest($0) } : nil
  }
}

/// `stil 20:00-07:00`, `stil van 20 tot 7 uur`, `stil uit`.
enum QuietWords {
  /// The hours, or none for `stil uit`; nil for another line.
  static func read(_ plain: String) -> [QuietHours]? {
    let pattern = /^\W*(\p{L}+)\s*:?\s*(.*?)\W*$/
    guard let match = plain.firstMatch(of: pattern), SettingsWords.quiet.contains(String(match.1)) else { return nil }
    if SettingsWords.off.contains(String(match.2)) { return [] }
    let times =
      /^(?:\p{L}+ )?(\d{1,2})(?:[:.](\d{2}))?(?: uur)?\s*(?:-|–|tot|oant|to|until|til)\s*(\d{1,2})(?:[:.](\d{2}))?(?: ?(?:uur|oere))?$/
    guard let read = String(match.2).firstMatch(of: times),
      let from = minutes(read.1, read.2), let to = minutes(read.3, read.4)
    else { return nil }
    return QuietHours(from: from, to: to).map { [$0] }
  }

  private static func minutes(_ hour: Substring, _ minute: Substring?) -> Int? {
    guard let hour = Int(hour), let minute = Int(minute ?? "0"), hour <= 24, minute < 60 else { return nil }
    let minutes = hour * 60 + minute
    return minutes <= 1_440 ? minutes % 1_440 : nil
  }
}
