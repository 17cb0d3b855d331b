/// How letters begin and end, in lower case and without accents.
extension Glossary {
  /// A line that begins so greets.
  static let greetings: Set = [
    "beste", "hoi", "hallo", "hey", "hai", "dag", "geachte", "goedemorgen", "goedemiddag", "goedenavond", "goedendag",
    "leave", "dei", "goeie", "goeiemorgen", "goeiemoarn", "dear", "hello", "hi",
  ]
  /// Behind a greeting, beside names: who is greeted, and the hour of the day.
  static let addressees: Set = [
    "allemaal", "iedereen", "ouders", "team", "school", "collega", "collegas", "allegear", "elkenien", "alden",
    "skoalle",
    "all", "everyone", "everybody", "parents", "there", "en", "and", "morgen", "middag", "moarn", "morning",
  ]
  /// Within names.
  static let particles: Set = ["de", "van", "der", "den", "ten", "ter", "te", "fan"]

  /// Whether a line of these words ends a letter: a name follows, and nothing that is asked.
  static func isFarewell(_ words: [String]) -> Bool {
    let line = words.joined(separator: " ")
    return farewells.contains { line == $0 || line.hasPrefix($0 + " ") }
  }

  private static let farewells = [
    "groet", "groeten", "groetjes", "met vriendelijke", "met hartelijke", "vriendelijke", "hartelijke", "mvg", "gr",
    "bedankt", "dank", "alvast", "mei freonlike", "groetnis", "groetenis", "tank", "regards", "kind regards",
    "best regards", "sincerely", "thanks", "thank you",
  ]

  /// Before the number of what is answered: `op nummer 2: leuk`.
  static let numberLeads: Set = [
    "nummer", "nr", "no", "op", "bij", "ad", "reactie", "bericht", "antwoord", "punt", "numer", "by",
    "reaksje", "berjocht", "antwurd", "number", "to", "re", "comment", "item", "answer",
  ]
  /// Before a number that is a name, or an hour.
  static let numbered: Set = ["groep", "groepen", "klas", "lokaal", "om", "group", "room", "class", "at"]

  /// Before or behind what is asked, and nothing by itself.
  static let polite: Set = [
    "graag", "aub", "svp", "alsjeblieft", "alstublieft", "oeps", "sorry", "pardon", "oh", "graach", "asjeblyft",
    "asjebleaft", "please", "oops",
  ]
  /// Before a word that a mail offers.
  static let articles: Set = ["de", "het", "een", "it", "in", "the", "a"]
  /// Between it and a child's name.
  static let childLeads: Set = ["van", "voor", "fan", "foar", "of", "for"]
  /// Limits or turns what stands beside it. In Frisian `net` is a denial; a Dutch "net" is then asked about too.
  static let reservations: Set = [
    "maar", "mits", "niet", "geen", "nooit", "nee", "behalve", "tenzij", "alleen", "uitgezonderd", "als", "zonder",
    "mar",
    "net", "gjin", "nea", "ne", "behalven", "allinne", "allinnich", "as", "sunder", "but", "not", "no", "never",
    "except",
    "unless", "only", "if", "without", "dont",
  ]
  /// Holds such a word, and limits nothing.
  static let noReserves = [
    "doe maar", "doch mar", "geen probleem", "geen bezwaar", "gjin probleem", "gjin beswier", "no problem",
    "no objection",
  ]

  // The words of a yes and a no to a question.

  static let plainYes: Set = ["ja", "jawel", "jazeker", "yes", "jawol"]
  static let plainNo: Set = ["nee", "no", "ne"]

  /// Beside a yes or a no, and nothing more.
  static let assents = slotAssents.union(polite).union(denials).union([
    "akkoord", "klopt", "was", "bin", "bent", "natuurlijk", "zeker", "okee", "top", "super", "nodig", "dank",
    "dankjewel",
    "bedankt", "akkoart", "fansels", "wis", "tank", "sure", "agreed", "thanks", "thank", "you", "am", "it",
    "aangekomen", "ontvangen", "binnen", "oankommen", "untfongen", "arrived", "received", "maar",
    "doe",
    "mar", "doch",
  ])

  /// Whether what stands behind a no turns it into something else: `nee, liever niet` does not.
  static func isMereNo(_ words: [String]) -> Bool {
    words.allSatisfy { !reservations.contains($0) || denials.contains($0) }
  }

  private static let denials: Set = ["niet", "net", "not", "nee", "no", "ne", "geen", "gjin"]
}
