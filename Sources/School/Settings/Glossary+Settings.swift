/// The words of `mijn`, without accents, in Dutch, Frisian and English.
enum SettingsWords {
  static let language: Set<String> = ["taal", "language"]
  static let languages: [String: Language] = [
    "nederlands": .dutch, "nederlansk": .dutch, "hollansk": .dutch, "dutch": .dutch, "nl": .dutch,
    "fries": .frisian, "frysk": .frisian, "frisian": .frisian, "fy": .frisian,
    "engels": .english, "ingelsk": .english, "english": .english, "en": .english,
  ]
  static let digest: Set<String> = ["overzicht", "oersjoch", "digest"]
  static let digests: [String: DigestChoice] = [
    "direct": .direct, "daalks": .direct, "meteen": .direct,
    "dagoverzicht": .daily, "deioersjoch": .daily, "daily": .daily,
    "weekoverzicht": .weekly, "wykoersjoch": .weekly, "weekly": .weekly,
    "uit": .off, "ut": .off, "off": .off,
  ]
  static let quiet: Set<String> = ["stil", "stille", "quiet"]
  static let off: Set<String> = ["uit", "ut", "off"]
  static let stop: Set<String> = ["stop", "stopje", "unsubscribe", "afmelden"]
  static let start: Set<String> = ["start", "begjin"]
  static let newKeys: Set<String> = ["nieuwe sleutels", "nije kaaien", "new keys"]
  static let myData: Set<String> = ["mijn gegevens", "myn gegevens", "my data"]
  static let why: Set<String> = ["waarom", "werom kriich ik dit", "why"]

  /// What `stop` and `start` are said of: all where nothing is named; nil for what is no such thing.
  static func subscriptions(_ words: [String]) -> Set<Subscription>? {
    if words.isEmpty { return Set(Subscription.allCases) }
    let named = words.map { word -> Subscription? in
      switch RouteWord(word) {
      case .schoolyard: .schoolyard
      case .calendar: .calendar
      default: nil
      }
    }
    return named.contains(nil) ? nil : Set(named.compactMap(\.self))
  }
}

/// What the mails offer to write, in the language of their reader.
package enum SettingsOffer: String, Sendable, Hashable, CaseIterable {
  case dutch, frisian, english, direct, daily, weekly, off, quiet, notQuiet, newKeys, myData, stopSchoolyard,
    stopCalendar, startCalendar

  package func words(in language: Language) -> String {
    let (dutch, frisian, english) = all
    return switch language {
    case .dutch: dutch
    case .frisian: frisian
    case .english: english
    }
  }

  private var all: (String, String, String) {
    switch self {
    case .dutch: ("taal nederlands", "taal nederlânsk", "language dutch")
    case .frisian: ("taal fries", "taal frysk", "language frisian")
    case .english: ("taal engels", "taal ingelsk", "language english")
    case .direct: ("direct", "daalks", "direct")
    case .daily: ("dagoverzicht", "deioersjoch", "daily")
    case .weekly: ("weekoverzicht", "wykoersjoch", "weekly")
    case .off: ("uit", "út", "off")
    case .quiet: ("stil 20:00-07:00", "stil 20:00-07:00", "quiet 20:00-07:00")
    case .notQuiet: ("stil uit", "stil út", "quiet off")
    case .newKeys: ("nieuwe sleutels", "nije kaaien", "new keys")
    case .myData: ("mijn gegevens", "myn gegevens", "my data")
    case .stopSchoolyard: ("stop schoolplein", "stop skoalplein", "stop schoolyard")
    case .stopCalendar: ("stop agenda", "stop agenda", "stop calendar")
    case .startCalendar: ("start agenda", "start agenda", "start calendar")
    }
  }
}

extension CommandWord {
  /// `waarom` and nothing else. With a question mark, or more words, it is a question to whoever wrote the mail.
  package static func isWhy(_ text: String) -> Bool {
    // Of most mails the text is longer, and takes time to trim and to fold.
    guard text.utf8.count < 200 else { return false }
    let words = text.trimmingCharacters(in: .whitespacesAndNewlines)
    // Without its circumflex it is Frisian for `herstel`.
    return SettingsWords.why.contains(Glossary.plain(words)) || words.lowercased() == "wêrom"
  }
}
