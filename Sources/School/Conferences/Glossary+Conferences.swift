/// The words of conferences, without accents and in lower case.
extension Glossary {
  // What staff write in a plan.

  static let minuteWords: Set = ["minuten", "minuut", "min", "minuten", "minutes", "minute"]
  /// Beside them.
  static let minuteFillers: Set = [
    "van", "gesprek", "gesprekken", "per", "elk", "ieder", "duur", "duurt", "duren", "tijd", "fan", "petear",
    "petearen", "eltse", "each", "of", "conversation", "conferences", "conference", "slots", "slot", "a", "een",
  ]
  static let closingLeads: Set = [
    "wensen", "wens", "sluit", "sluiten", "opgeven", "kan", "kunnen", "reageren", "antwoorden", "aanmelden", "winsken",
    "slut", "opjaan", "kin", "wishes", "wish", "closes", "answers", "reply",
  ]
  static let directPhrases: Set = [
    "direct", "direct kiezen", "wie het eerst komt", "wie het eerst komt die het eerst maalt", "direkt",
    "direkt kieze", "wa it earst komt", "first come first served", "first come", "direct choice",
  ]
  static let allGroups: Set = ["alle groepen", "iedere groep", "elke groep", "alle groepen fan skoalle", "all groups"]
  static let roomWords: Set = [
    "lokaal", "kamer", "zaal", "ruimte", "aula", "hal", "kantoor", "lokaal:", "keamer", "seal", "romte", "room",
    "hall", "office",
  ]

  // What parents answer.

  static let swapWords: Set = [
    "ruil", "ruilen", "wissel", "wisselen", "verzet", "verzetten", "wikselje", "ruilje",
    "ferset", "swap", "change", "move",
  ]
  static let cancelWords: Set = ["afzeggen", "annuleren", "annuleer", "afmelden", "ofsizze", "cancel"]
  static let waitWords: Set = ["wachtlijst", "wacht", "wachtlist", "waiting", "waitlist", "wait"]
  static let declinePhrases: Set = [
    "nee", "geen gesprek", "nee geen gesprek", "niet nodig", "wij komen niet", "ik kom niet", "gjin petear", "ne",
    "no", "no conversation", "not needed",
  ]
  /// Says no, and not to what.
  static let bareNo: Set = ["nee", "niet nodig", "ne", "no", "not needed"]
  static let proposalPhrases: Set = [
    "akkoord", "akkoart", "voorstel", "ja", "ja graag", "foarstel", "oke", "ok", "prima", "agree", "proposal", "yes",
    "ja akkoord",
  ]
  static let proposalWords: Set = ["voorstel", "foarstel", "proposal"]
  /// Beside it, and nothing else: it is taken. "Een voorstel" asks for one.
  static let proposalFillers = slotAssents.subtracting([
    "een", "in", "a", "zou", "zouden", "wil", "willen", "liever", "liefst",
  ]).union(articles.subtracting(["een", "in", "a"])).union([
    "met", "neem", "nemen", "kies", "jullie", "uw", "akkoord", "accepteer", "nim", "nimme", "mei", "jo", "akkoart",
    "take", "accept", "your", "with",
  ])
  /// Around a word that gives a time back: `helaas moet ik afzeggen`.
  static let cancelFillers: Set = [
    "helaas", "sorry", "ik", "wij", "we", "moet", "moeten", "wil", "willen", "graag", "het", "dit", "ons", "mijn",
    "gesprek", "de", "afspraak", "toch", "spitich", "wy", "mat", "moatte", "wol", "wolle", "it", "petear", "dochs",
    "unfortunately", "i", "must", "have", "to", "want", "the", "this", "our", "my", "conversation", "appointment",
  ]
  /// A letter with a word that begins so may mean to change something.
  static let changeStems = [
    "voorstel", "afzeg", "afgezeg", "afmeld", "annule", "verzet", "ruil", "wissel", "verplaats", "verschuif",
    "foarstel",
    "ofsiz", "ferset", "wiksel", "ferpleats", "propos", "cancel", "reschedul", "swap", "postpone",
  ]
  /// Any time will do: which, they must say, or say nothing.
  static let anyTime = [
    "maakt niet uit", "maakt mij niet uit", "maakt me niet uit", "maakt ons niet uit", "altijd goed", "alles is goed",
    "alle tijden", "makket net ut", "makket my net ut", "makket us net ut", "any time", "anytime", "doesn t matter",
    "does not matter", "don t mind",
  ]
  static let halfWords: Set = ["half", "healwei"]
  static let quarterWords: Set = ["kwart", "kertier", "quarter"]
  /// Behind a quarter: minutes from the hour that follows.
  static let quarters: [String: Int] = [
    "over": 15, "voor": -15, "oer": 15, "foar": -15, "past": 15, "to": -15,
  ]
  /// From one to twelve.
  static let hourNames: [[String]] = [
    ["een", "ien", "one"], ["twee", "twa", "two"], ["drie", "trije", "three"], ["vier", "fjouwer", "four"],
    ["vijf", "fiif", "five"], ["zes", "seis", "six"], ["zeven", "san", "seven"], ["acht", "eight"],
    ["negen", "njoggen", "nine"], ["tien", "tsien", "ten"], ["elf", "alve", "eleven"], ["twaalf", "tolve", "twelve"],
  ]
  /// Beside a time.
  static let slotFillers: Set = [
    "om", "op", "graag", "liever", "liefst", "het", "of", "en", "dan", "anders", "voor", "wens", "keuze", "naar",
    "eerste", "tweede", "derde", "vierde", "vijfde", "a", "e", "om", "leafst", "graach", "as", "oars", "nei", "foar",
    "kar", "earste", "twadde", "tredde", "at", "on", "or", "and", "then", "else", "to", "for", "first", "second",
    "third", "choice", "wish", "please", "list", "lijst",
  ]
  /// Beside a time: not just then.
  static let timeLimits: Set = [
    "na", "vanaf", "tot", "tussen", "rond", "ongeveer", "voor", "later", "eerder", "liever", "nei", "fanof", "oant",
    "tusken", "foar", "letter", "earder", "leaver", "after", "before", "until", "between", "around", "earlier",
    "rather",
  ]
  /// Around a time: that it is wished.
  static let slotAssents = voteFillers.union([
    "kan", "kunnen", "kom", "komen", "komt", "past", "schikt", "doen", "helemaal", "fijn", "ook", "oke", "ok", "kinne",
    "komme", "past", "skikt", "can", "come", "works", "suits", "fine", "perfect",
  ])
  /// Behind `afzeggen`: something else is asked for.
  static let alternatives: Set = [
    "andere", "ander", "anders", "liever", "verzetten", "ruilen", "oare", "oars", "leaver", "other", "another",
    "rather",
    "instead", "move", "swap",
  ]
  /// What stands for a day beside a date, Monday first.
  static func shortDays(_ language: Language) -> [String] {
    switch language {
    case .dutch: ["ma", "di", "wo", "do", "vr", "za", "zo"]
    case .frisian: ["mo", "ti", "wo", "to", "fr", "so", "si"]
    case .english: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    }
  }

  /// Monday is 0; nil for a word that names no day.
  static func weekday(_ word: String) -> Int? {
    if let day = weekdays.firstIndex(where: { $0.contains(word) }) { return day }
    if let day = shortDays(.frisian).firstIndex(of: word) { return day }
    guard word.count >= 3 else { return nil }
    return weekdays.firstIndex { $0.contains { $0.hasPrefix(word) } }
  }
}

/// The words that a mail on conferences offers, in the language of its reader.
package enum ConferenceWord: String, Sendable, Hashable, CaseIterable {
  case takeProposal, noTalk, giveBack, callOff

  package func offered(in language: Language) -> String {
    switch (self, language) {
    case (.takeProposal, .dutch): "voorstel"
    case (.takeProposal, .frisian): "foarstel"
    case (.takeProposal, .english): "proposal"
    case (.noTalk, .dutch): "geen gesprek"
    case (.noTalk, .frisian): "gjin petear"
    case (.noTalk, .english): "no conversation"
    case (.giveBack, .dutch): "afzeggen"
    case (.giveBack, .frisian): "ôfsizze"
    case (.giveBack, .english): "cancel"
    case (.callOff, .dutch): "vervalt"
    case (.callOff, .frisian): "ferfalt"
    case (.callOff, .english): "cancelled"
    }
  }

  /// With the child's name behind it, where there are several.
  package static func giveBack(_ label: String?, _ language: Language) -> String {
    [Self.giveBack.offered(in: language), label].compactMap(\.self).joined(separator: " ")
  }

  package static func wait(_ label: String?, _ language: Language) -> String {
    let word =
      switch language {
      case .dutch: "wachtlijst"
      case .frisian: "wachtlist"
      case .english: "waiting list"
      }
    return [word, label].compactMap(\.self).joined(separator: " ")
  }
}
