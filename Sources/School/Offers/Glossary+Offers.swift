/// The words of help requests and polls, without accents and in lower case; of several words, each alone.
extension Glossary {
  static let helpMarkers = [
    "hulp gevraagd", "hulp nodig", "hulpvraag", "help frege", "help gefrege", "help nedich", "helpfraach",
    "help wanted",
    "help needed", "help request",
  ]
  static let pollMarkers = ["stemming", "peiling", "stimming", "poll", "vote", "ballot"]
  static let secretWords: Set = [
    "geheim", "geheime", "anoniem", "anonieme", "anonym", "anonime", "secret", "anonymous",
  ]
  static let openWords: Set = ["open", "openbaar", "openbare", "iepen", "iepenbier", "iepenbiere", "public"]
  /// What stands before a closing date.
  static let untilWords: Set = ["tot", "t/m", "tm", "oant", "o/m", "until", "till", "through", "by"]
  /// What may stand between that and the date: `tot en met`. In Frisian that has the name of a Dutch month in it.
  static let untilLeads: Set = ["en", "met", "mei", "and", "including", "uiterlijk"]
  static let untilFillers: Set = ["om", "op", "at", "on", "the", "de"]
  /// A line that says no more than this, and a closing date, is about the closing.
  static let closingLines: Set = [
    "", "stemmen kan", "stemmen", "stem", "reageren kan", "reageer", "antwoorden kan", "opgeven kan",
    "geef u op",
    "aanmelden kan", "u kunt stemmen", "u kunt reageren", "u kunt u opgeven", "sluit", "stimme kin", "stim",
    "reagearje kin",
    "opjaan kin", "jo kinne stimme", "you can vote", "vote", "reply", "sign up", "closes",
  ]
  static let placeWords: Set = [
    "plek", "plekken", "plaats", "plaatsen", "plak", "plakken", "place", "places", "spot", "spots", "x", "keer", "kear",
    "ouder", "ouders", "alden", "alder", "parent", "parents", "personen", "persoanen", "persons", "people", "man",
  ]

  // Answers
  static let yesWords: Set = ["ja", "jawel", "graag", "yes"]
  static let noWords: Set = ["nee", "niet", "ne", "net", "no", "not", "afmelden", "ofmelde"]
  /// Between and before numbers: `ja, 2 en 3`, `nummer 2`.
  static let numberFillers: Set = [
    "en", "and", "nummer", "nr", "number", "taak", "task", "optie", "opsje", "option",
  ]
  /// Beside a number: this one, and not what was said before.
  static let ratherWords: Set = ["toch", "dochs", "liever", "leaver", "rather", "instead"]
  /// Between numbers of which only one is meant.
  static let orWords: Set = ["of", "or"]
  /// What a vote may begin with.
  static let voteLeads = [
    "ik stem voor", "ik stem op", "ik stem", "wij stemmen voor", "wij stemmen op", "wij stemmen", "ik kies voor",
    "ik kies",
    "wij kiezen voor", "wij kiezen", "mijn stem is", "stem op", "stem voor", "stem", "keuze", "optie", "nummer", "nr",
    "ja",
    "ik stim foar", "ik stim op", "ik stim", "wy stimme op", "wy kieze", "stim op", "stim", "kar", "opsje",
    "i vote for",
    "we vote for", "vote for", "vote", "i choose", "option", "number", "choice", "yes",
  ]
  /// Beside the option in a sentence that votes for it. None limits or turns what it says.
  static let voteFillers: Set = [
    "ik", "wij", "we", "me", "mij", "mijn", "ons", "onze", "stem", "stemmen", "kies", "kiezen", "keuze", "ga", "gaan",
    "gaat", "ben", "zijn", "is", "voor", "op", "naar", "uit", "wat", "betreft", "lijkt", "vind", "vinden", "vindt",
    "zou",
    "zouden", "heeft", "hebben", "voorkeur", "de", "het", "een", "dat", "dit", "die", "wel", "heel", "erg", "echt",
    "super",
    "leuk", "leuks", "leuke", "leukst", "leukste", "beste", "best", "goed", "goede", "mooi", "mooiste", "gezellig",
    "gezelligst", "handigst", "prima", "graag", "liefst", "liever", "willen", "wil", "hoor", "ja", "jawel", "idee",
    "en",
    "met", "optie", "nummer", "nr", "hoi", "hallo", "wy", "my", "myn", "us", "liket", "aardich", "aardichst",
    "moai", "moaist", "stim", "stimme", "kar", "kieze", "graach", "leafst", "leaver", "foar", "nei", "ek", "it", "yn",
    "in",
    "tige", "hiel", "wolle", "opsje", "i", "vote", "votes", "for", "choose", "pick", "go", "going", "with", "would",
    "like",
    "love", "prefer", "seems", "sounds", "looks", "think", "nice", "nicest", "great", "good", "fun", "most", "the", "a",
    "an", "our", "us", "to", "please", "favourite", "favorite", "choice", "option", "number", "yes", "and", "idea",
  ]
  /// Of the words of an option those by which nobody knows it.
  static let optionFillers: Set = [
    "de", "het", "een", "van", "voor", "in", "op", "bij", "naar", "met", "en", "of", "te", "ter", "aan", "om", "uur",
    "it",
    "fan", "foar", "yn", "by", "nei", "mei", "oan", "oere", "the", "a", "an", "for", "at", "on", "to", "with", "and",
    "or",
  ]
  /// Behind the digits of a number.
  static let ordinals: Set = ["e", "de", "ste", "st", "nd", "rd", "th"]
  /// Beside an option: that one would rather have it.
  static let preferences: Set = [
    "stem", "stemmen", "kies", "kiezen", "keuze", "voorkeur", "lijkt", "liefst", "liever", "graag", "leukst", "leukste",
    "stim", "stimme", "kar", "kieze", "liket", "leafst", "leaver", "graach", "vote", "choose", "prefer", "choice",
    "favourite", "favorite",
  ]
  /// From where on a line takes leave, and says nothing more of what is asked.
  static let thanks: Set = [
    "dank", "dankjewel", "dankuwel", "bedankt", "groet", "groeten", "groetjes", "gr", "mvg", "tank", "tanke",
    "groetnis",
    "thanks", "thank", "regards",
  ]
}
