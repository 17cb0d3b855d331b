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
  /// Instead of names: all of one's children, where they are two, or so many.
  static let both: Set = ["beide", "beiden", "allebei", "alletwa", "allebeide", "both"]
  static let allOf: Set = ["alle", "al", "all"]
  static let counts: [Int: Set<String>] = [
    2: ["twee", "2", "twa", "two"], 3: ["drie", "3", "trije", "three"], 4: ["vier", "4", "fjouwer", "four"],
    5: ["vijf", "5", "fiif", "five"], 6: ["zes", "6", "seis", "six"],
  ]
  /// What may follow that.
  static let behindAll: Set = [
    "kinderen", "kids", "jongens", "meisjes", "meiden", "dochters", "zoons", "zonen", "bern", "jonges", "famkes",
    "children", "boys", "girls", "zijn", "hebben", "komen", "blijven", "ziek", "te", "beter", "weer", "binne", "hawwe",
    "siik", "wer", "are", "have", "de", "sick", "late", "better", "dus", "graag", "aub",
  ]
  /// Between the names of children; and around an hour.
  static let between: Set<String> = ["en", "and"]
  /// From one day to another, word by word: `t/m`, `tot en met`, `oant en mei`.
  static let through = untilWords.union(untilLeads).union(["t", "m"])
  static let hourly: Set<String> = ["om", "rond", "uur", "half", "oere", "at", "around", "tegen"]
}

// What the head says of leave.
extension Glossary {
  static let grants: Set = [
    "akkoord", "toegekend", "goedgekeurd", "toegestaan", "verleend", "akkoart", "takend", "goedkard", "tastien",
    "agreed", "approved", "granted", "allowed", "agree", "approve",
  ]
  /// Beside them, and nothing that limits them.
  static let grantFillers: Set = [
    "ik", "wij", "we", "ga", "gaan", "ben", "er", "hier", "hiermee", "hierbij", "mee", "natuurlijk", "uiteraard",
    "zeker", "helemaal", "graag", "dit", "dat", "is", "het", "verlof", "wordt", "heb", "de", "aanvraag", "uw", "jullie",
    "prima", "ja", "hoor", "van", "harte", "en", "wat", "fijn", "leuk", "verdrietig", "gecondoleerd", "condoleances",
    "gefeliciteerd", "gefelisiteard", "kondolearre", "sterkte", "veel", "plezier", "succes", "gean", "bin", "hjirmei",
    "fansels", "it", "ferlof", "wurdt", "jo", "i", "am", "the", "leave", "of", "course", "yes",
    "condolences", "congratulations", "my", "your", "request", "with", "this", "hereby", "fully",
  ]
  /// Of those, what is for who asked.
  static let sympathies: Set = [
    "gecondoleerd", "condoleances", "gefeliciteerd", "gefelisiteard", "kondolearre", "sterkte", "plezier", "succes",
    "harte", "condolences", "congratulations", "verdrietig",
  ]
  static let rejections: Set = [
    "afgewezen", "afgekeurd", "geweigerd", "ofwiisd", "ofkard", "wegere", "rejected", "refused", "denied", "declined",
  ]
  /// The same, behind a word that denies.
  static let denied: Set = grants.union(["toestemming", "tastimming", "permission", "toekennen", "verlenen"])
  /// Between a denial and its verdict.
  static let denialBridges: Set = [
    "mee", "hiermee", "ermee", "hier", "er", "mei", "hjirmei", "with", "to", "this", "it",
  ]
  /// Before a word that denies, at the end of what is said: `dat mag helaas niet`.
  static let permits: Set = ["mag", "kan", "gaat", "mei", "kin", "giet"]
  static let permitFillers: Set = [
    "helaas", "dit", "dat", "het", "ik", "echt", "jammer", "genoeg", "dus", "zo", "spitich", "it",
  ]
  static let because: Set = ["door", "wegens", "vanwege", "omdat", "want", "volgens", "fanwege", "troch"]
  /// Leaves it open, or makes it hang on something else.
  static let undecided: Set = [
    "nog", "misschien", "eerst", "overleg", "tenzij", "maar", "alleen", "behalve", "mits", "als", "of", "wanneer",
    "wel", "pas", "waarschijnlijk", "noch", "miskien", "earst", "oerlis", "mar", "allinne", "as", "wol", "yet",
    "maybe", "first", "unless", "but", "only", "except", "if", "or", "whether", "until", "probably",
  ]
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
