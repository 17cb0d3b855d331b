import Foundation

/// The words that are written about absence, without accents, in Dutch, Frisian and English.
extension Glossary {
  /// In the title of a whole day: there is no school.
  static let freeDayWords: Set<String> = [
    "vrij", "vrije", "frij", "frije", "studiedag", "studiedei", "holiday", "holidays", "closed", "ticht", "dicht",
    "feestdag", "vacation",
  ]
  /// Beside them: not the whole day is free.
  static let partOfDayWords: Set<String> = [
    "begint", "beginnen", "start", "vanaf", "middag", "smiddags", "middags", "ochtend", "ochtends", "begjint", "fanof",
    "middei", "middeis", "moarns", "starts", "begins", "from", "afternoon", "morning",
  ]
  static let freeDayEndings = ["vakantie", "fakansje", "studiedag", "studiedagen", "vakanties"]

  /// Says that a child is sick.
  static let sickness: Set<String> = [
    "ziek", "zieke", "zieken", "ziekmelding", "ziekgemeld", "koorts", "griep", "grieperig", "buikgriep", "verkouden",
    "buikpijn", "hoofdpijn", "keelpijn", "oorpijn", "misselijk", "overgeven", "overgegeven", "gespuugd", "spuugt",
    "braken", "braakt", "diarree", "waterpokken", "corona", "siik", "sike", "siikmelding", "koarts", "pineholle",
    "sick", "ill", "fever", "flu", "vomiting", "unwell", "headache",
  ]
  static let lateness: Set<String> = ["te laat", "te let", "late", "delayed", "verlaat"]
  /// Says the same where nothing else is said.
  static let laterness: Set<String> = ["later", "letter"]
  static let recovery: Set<String> = ["beter", "better", "opgeknapt", "opknapt", "recovered"]
  /// Before a word: that it is not so.
  static let negation: Set<String> = ["niet", "net", "not", "geen", "gjin", "no", "nooit"]
  /// Between a denial and its word.
  static let degrees: Set<String> = [
    "meer", "echt", "helemaal", "erg", "mear", "hielendal", "longer", "really", "fully", "quite", "yet", "weer", "wer",
    "heel", "zo",
  ]
  /// What stands beside a child's name and says no more than that it does not come.
  static let absenceFillers: Set<String> = [
    "komt", "kan", "vandaag", "niet", "is", "blijft", "thuis", "hij", "zij", "ze", "naar", "school", "helaas",
    "afwezig",
    "afmelden", "afmelding", "melden", "melding", "groep", "hallo", "beste", "goedemorgen", "hoi", "dag", "juf",
    "meester", "en", "mijn", "onze", "zoon", "dochter", "kind", "de", "van", "der", "den", "te", "voor", "hjoed", "net",
    "bliuwt", "thus", "nei", "skoalle", "ofmelde", "myn", "us", "soan", "bern", "not", "coming", "today", "at", "home",
    "stays", "absent", "to", "will", "be", "my", "our", "son", "daughter", "child", "hello", "dear", "good", "morning",
    "morgen", "goede", "moarn",
  ]
  /// What is neither, and for a person to read.
  static let elsewhere: Set<String> = [
    "tandarts", "dokter", "huisarts", "ziekenhuis", "afspraak", "orthodontist", "begrafenis", "uitvaart", "verhuizing",
    "toskedokter", "sikehus", "ofspraak", "begraffenis", "dentist", "doctor", "hospital", "appointment", "funeral",
    "vrij", "frij",
  ]
  /// Behind a command without a name: it is about how one reports, or what was reported, and no report.
  static let reporting: Set<String> = [
    "app", "formulier", "portaal", "website", "site", "knop", "systeem", "link", "wachtwoord", "inloggen", "lukt",
    "lukte", "gelukt", "werkt", "werkte", "doorgeven", "vraag", "ontvangen", "bevestiging", "webside", "wachtwurd",
    "ynlogge", "slagget", "wurket", "trochjaan", "fraach", "befestiging", "form", "portal", "button", "system",
    "password", "login", "works", "working", "question", "received", "confirmation",
  ]

  /// Beside a day: that the child is back then.
  static let returning: Set<String> = ["weer", "terug", "wer", "werom", "back", "again"]
  /// Beside them: to school.
  static let coming: Set<String> = ["school", "skoalle", "komt", "komme", "coming", "comes"]
  static let hope: Set<String> = ["hopelijk", "hoop", "hopen", "hooplik", "hoopje", "hopefully", "hope"]
  /// Beside a weekday: that it was.
  static let since: Set<String> = ["sinds", "sunt", "since", "afgelopen", "ofrune", "foarige"]
  /// Beside `beter`: that nobody knows.
  static let doubt: Set<String> = [
    "denk", "misschien", "als", "wanneer", "zodra", "miskien", "tink", "maybe", "perhaps", "if", "when",
  ]
  /// Beside sickness: that it was, unless it goes on.
  static let past: Set<String> = [
    "gisteren", "eergisteren", "vorige", "was", "had", "geweest", "juster", "wie", "hie", "yesterday", "last",
  ]
  static let stillness: Set<String> = [
    "nog", "sinds", "blijft", "vandaag", "vannacht", "sunt", "bliuwt", "hjoed", "fannacht", "still", "since", "today",
    "stays", "tonight", "night", "nacht", "geworden", "wurden", "became",
  ]
  /// Who is sick, where it is no child of the writer's.
  static let writerIs: Set<String> = [
    "ik ben", "ben ik", "ik was", "ik bin", "bin ik", "i am", "i was", "am i", "wij zijn", "we are",
  ]
  static let relatives: Set<String> = [
    "opa", "oma", "papa", "mama", "vader", "moeder", "zus", "zusje", "broer", "broertje", "pake", "beppe", "heit",
    "mem", "suske", "broerke", "teacher", "grandma", "grandpa", "father", "mother", "dad", "mom", "mum", "sister",
    "brother",
  ]
  /// Says of a child that it comes, or of school that it goes on.
  static let wellness: Set<String> = [
    "wel", "gewoon", "gezond", "meenemen", "meegeven", "huiswerk", "wol", "gewoan", "sun", "fine", "well", "homework",
  ]
  static let but: Set<String> = ["maar", "mar", "but"]

  static let today: Set<String> = ["vandaag", "hjoed", "today"]
  static let tomorrow: Set<String> = ["morgen", "moarn", "tomorrow"]
  static let dayAfterTomorrow: Set<String> = ["overmorgen", "oermoarn"]
  /// Before the word for tomorrow: a greeting, or this morning.
  static let notTomorrow: Set<String> = ["goede", "goeie", "goe", "deze", "dizze", "van", "fan", "good", "elke"]

  /// Between a command and the child's name.
  static let own: Set<String> = [
    "mijn", "onze", "zoon", "dochter", "myn", "us", "soan", "my", "our", "son", "daughter",
  ]
  /// Between the names of children; and around an hour.
  static let between: Set<String> = ["en", "and"]
  /// From one day to another, word by word: `t/m`, `tot en met`, `oant en mei`.
  static let through = untilWords.union(untilLeads).union(["t", "m"])
  static let hourly: Set<String> = ["om", "rond", "uur", "half", "oere", "at", "around", "tegen"]
}

/// The first word of what is written about a child's absence.
package enum AbsenceWord: String, Sendable, Hashable, Codable, CaseIterable {
  case sick, late, better, leave
  /// Of a teacher: the child is not there, and nobody said why.
  case missing
  /// To the question why: something else.
  case other

  /// The words that a line begins with, the longest first, and how many they are.
  static func leading(_ words: [String]) -> (word: AbsenceWord, count: Int)? {
    for count in [2, 1] where words.count >= count {
      let phrase = words.prefix(count).joined(separator: " ")
      if let word = byPhrase[phrase] { return (word, count) }
    }
    return nil
  }

  private static let byPhrase = [String: AbsenceWord](
    uniqueKeysWithValues: allCases.flatMap { word in word.phrases.map { ($0, word) } })

  private var phrases: [String] {
    switch self {
    case .sick: ["ziek", "ziekmelding", "siik", "siikmelding", "sick", "ill"]
    case .late: ["te laat", "te let", "late"]
    case .better: ["beter", "weer beter", "better", "wer better", "well again"]
    case .leave: ["verlof", "ferlof", "leave"]
    case .missing: ["afwezig", "ofwezich", "absent", "missing"]
    case .other: ["anders", "oars", "other"]
    }
  }

  /// The word that a mail offers, in the language of its reader.
  package func offered(in language: Language) -> String {
    switch (self, language) {
    case (.sick, .dutch): "ziek"
    case (.sick, .frisian): "siik"
    case (.sick, .english): "sick"
    case (.late, .dutch): "te laat"
    case (.late, .frisian): "te let"
    case (.late, .english): "late"
    case (.better, .dutch): "beter"
    case (.better, _): "better"
    case (.leave, .dutch): "verlof"
    case (.leave, .frisian): "ferlof"
    case (.leave, .english): "leave"
    case (.missing, .dutch): "afwezig"
    case (.missing, .frisian): "ôfwêzich"
    case (.missing, .english): "absent"
    case (.other, .dutch): "anders"
    case (.other, .frisian): "oars"
    case (.other, .english): "other"
    }
  }

  /// What kind of absence it reports; nil for the end of one.
  var kind: AbsenceKind? {
    switch self {
    case .sick: .sick
    case .late: .late
    case .leave: .leave
    case .other: .other
    case .missing: .unexplained
    case .better: nil
    }
  }
}

/// The head's answer to a request for leave.
package enum LeaveAnswer: Sendable, Hashable {
  case granted(words: String?)
  case rejected(reason: String?)

  private static let rejections = ["afgewezen", "niet akkoord", "ofwiisd", "net akkoart", "rejected", "not approved"]

  /// `akkoord` or a plain yes grants, what begins with `afgewezen` and a plain no do not; what stands behind that, and
  /// below, is for the parent.
  package init?(_ text: String) {
    let verdict = WrittenVerdict(text)
    if let verdict, verdict.isApproved {
      self = .granted(words: verdict.words.map { String($0.prefix(SchoolPolicy.longestReason)) })
      return
    }
    let lines = Glossary.withoutGreeting(text).split(whereSeparator: \.isNewline)
      .filter { !$0.allSatisfy(\.isWhitespace) }
    guard let line = lines.first else { return nil }
    let words = line.split(whereSeparator: \.isWhitespace)
    let plain = words.map { Glossary.plain($0).filter(\.isLetter) }
    guard let found = Self.rejections.first(where: { plain.joined(separator: " ").hasPrefix($0) }) else {
      guard let verdict else { return nil }
      self = .rejected(reason: verdict.words)
      return
    }
    let rest = words.dropFirst(found.split(separator: " ").count).joined(separator: " ")
    let below = Written.withoutClosing(lines.map(String.init)).dropFirst()
    let reason = ([rest] + below).joined(separator: "\n")
      .trimmingCharacters(in: .whitespacesAndNewlines.union(CharacterSet(charactersIn: ":-–")))
    self = .rejected(reason: reason.isEmpty ? nil : String(reason.prefix(SchoolPolicy.longestReason)))
  }

  package static func rejection(in language: Language) -> String {
    switch language {
    case .dutch: "afgewezen: "
    case .frisian: "ôfwiisd: "
    case .english: "rejected: "
    }
  }
}
