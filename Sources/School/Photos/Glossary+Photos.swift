/// The words of photos and consent, without accents, in Dutch, Frisian and English.
extension Glossary {
  static let photoWords: [PhotoWord: Set<String>] = [
    .photo: ["foto", "fotos", "photo", "photos", "picture", "pictures"],
    .all: ["alle", "alles", "allemaal", "allegear", "all", "everything"],
    .remove: [
      "weg", "verwijder", "verwijderen", "zonder", "fuort", "sunder", "remove", "delete", "without",
    ],
    .notPictured: ["nietinbeeld"],
    .ask: ["vraag", "freegje", "freegjen", "ask"],
    .album: ["album"],
  ]

  /// Of several words, as one.
  static let photoPhrases = [
    ("niet in beeld", "nietinbeeld"), ("net yn byld", "nietinbeeld"), ("not pictured", "nietinbeeld"),
    ("t/m", "tm"), ("tot en met", "tm"),
  ]
  static let photoFillers: Set<String> = ["en", "and", "nummer", "nr", "number", "graag", "please", "stjoer", "stuur"]
  /// Around a photo that is asked for.
  static let photoRequests: Set<String> = [
    "mag", "mogen", "kan", "kunt", "kunnen", "zou", "wil", "willen", "ik", "wij", "we", "u", "jullie", "mij", "me",
    "ons",
    "groot", "groter", "sturen", "krijgen", "hebben", "hoi", "hallo", "mei", "kin", "wolle", "wy", "jo", "my", "us",
    "grut",
    "stjoere", "krije", "ha", "may", "can", "could", "i", "you", "have", "get", "send", "large", "larger",
  ]
  static let photoThrough: Set<String> = ["-", "–", "—", "tm", "oant", "tot", "to", "through"]

  static let consentAnswers: [String: ConsentAnswer] = [
    "ja": .given, "jawel": .given, "akkoord": .given, "yes": .given, "ok": .given,
    "nee": .refused, "niet": .refused, "ne": .refused, "net": .refused, "no": .refused,
    "intrekken": .withdrawn, "ynluke": .withdrawn, "withdraw": .withdrawn,
  ]
  /// Turns from one choice to another within a line.
  static let contrasts: Set<String> = ["wel", "wol", "verder", "otherwise"]
  static let consentAll: Set<String> = ["alles", "alle", "allemaal", "allegear", "all", "everything"]
  static let consentPurposes: [String: ConsentPurpose] = [
    "groep": .group, "groepsalbum": .group, "groepe": .group, "group": .group,
    "school": .school, "skoalle": .school, "schoolalbum": .school,
    "nieuwsbrief": .newsletter, "nijsbrief": .newsletter, "newsletter": .newsletter,
    "website": .website, "webside": .website, "site": .website,
  ]

  static func word(_ purpose: ConsentPurpose, _ language: Language) -> String {
    let words: (String, String, String) =
      switch purpose {
      case .group: ("groep", "groep", "group")
      case .school: ("school", "skoalle", "school")
      case .newsletter: ("nieuwsbrief", "nijsbrief", "newsletter")
      case .website: ("website", "webside", "website")
      }
    return language == .dutch ? words.0 : language == .frisian ? words.1 : words.2
  }

  static func word(_ answer: ConsentAnswer, _ language: Language) -> String {
    let words: (String, String, String) =
      switch answer {
      case .given: ("ja", "ja", "yes")
      case .refused: ("nee", "nee", "no")
      case .withdrawn: ("intrekken", "ynlûke", "withdraw")
      }
    return language == .dutch ? words.0 : language == .frisian ? words.1 : words.2
  }

  /// Of lines that end a mail, before a name.
  static let closingWords: Set<String> = ["groet", "groeten", "groetjes", "groetnis", "regards"]
  static let farewellWords: Set<String> = [
    "groet", "groeten", "groetjes", "vriendelijke", "met", "hartelijke", "lieve", "groetnis", "freonlike", "mei",
    "regards", "kind", "best", "love", "en", "and",
  ]
}

extension RouteWord {
  /// As a mail in this language offers it.
  package func word(in language: Language) -> String {
    let words = words
    let place = language == .dutch ? 0 : language == .frisian ? 1 : 2
    return words.indices.contains(place) ? words[place] : words[0]
  }
}
