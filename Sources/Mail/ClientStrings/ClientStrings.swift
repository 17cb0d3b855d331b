/// What mail clients of one language write around text that is not the sender's own. Data: a new client is a new
/// string in its language's table. All strings are in lower case, with straight apostrophes and single spaces; they are
/// compared with lines in that form (`Line.key`). `Mail.docc/ClientStrings.md` names the sources.
struct ClientStrings: Sendable {
  /// ISO 639-1.
  let language: String
  /// First words of an attribution that tells a date: `op` … schreef. A form whose name comes first needs none.
  var openings: [String] = []
  /// What an attribution says of the writer, the last word of it where there are more: `schreef`.
  var verbs: [String] = []
  /// Who wrote, where a person tells it and no program: `schreef u`. None that is also a name, or that a client
  /// writes: KMail has `you wrote`.
  var pronouns: [String] = []
  /// Labels of the header block above a quoted or forwarded message.
  var labels: [HeaderLabel: [String]] = [:]
  /// What stands between dashes above an original that is answered: `oorspronkelijk bericht`.
  var originalMarkers: [String] = []
  /// What stands above a forwarded message, between dashes or before a colon: `doorgestuurd bericht`.
  var forwardMarkers: [String] = []
  /// How lines begin that a program adds below the text: `verstuurd vanaf mijn`.
  var deviceLines: [String] = []
  /// What such a line asks pardon for.
  var excuses: [String] = []
  /// What ends such a line, in languages whose verb comes last: `gesendet`.
  var lastVerbs: [String] = []
  /// How the lines of a disclaimer begin.
  var disclaimers: [String] = []
  /// What disclaimers say and hardly anybody else: parts of words, or several of them.
  var lawyersPhrases: [String] = []
  /// What they call the mail they stand in.
  var thisMail: [String] = []
  /// How people begin to ask for something, and no disclaimer does.
  var requests: [String] = []
  /// What they say, and others as well.
  var legalPhrases: [String] = []
  /// The first person, which no disclaimer has. None that means something else in another language.
  var me: [String] = []
  /// Its plural, which few have.
  var we: [String] = []
  /// Prefixes of subjects, without the colon.
  var replyPrefixes: [String] = []
  var forwardPrefixes: [String] = []
  /// Twelve entries, all forms of a month in each, without full stops.
  var months: [[String]] = []
  /// Seven or more, full and short, without full stops.
  var weekdays: [String] = []

  static let all: [ClientStrings] = [
    .dutch, .frisian, .english, .german, .french, .spanish, .portuguese, .italian, .catalan, .romanian, .danish,
    .swedish, .norwegian, .finnish, .estonian, .polish, .czech, .slovak, .croatian, .hungarian, .russian, .ukrainian,
    .greek, .turkish, .arabic, .hebrew, .vietnamese, .japanese, .chinese, .korean,
  ]
}

/// What a line of the header block above a quoted message tells.
enum HeaderLabel: Sendable, Hashable {
  case from, date, to, cc, subject, replyTo
  /// Attachments, importance, …: part of the block, told to nobody.
  case other
}

/// The tables of all languages together, for looking up: a Dutch Gmail answers a Frisian Thunderbird, so one mail mixes
/// languages.
enum ClientWords {
  static let openings = Set(ClientStrings.all.flatMap(\.openings))
  static let longestOpening = openings.map { $0.split(separator: " ").count }.max() ?? 1
  static let verbs = Set(ClientStrings.all.flatMap(\.verbs))
  static let pronouns = Set(ClientStrings.all.flatMap(\.pronouns))
  static let originalMarkers = Set(ClientStrings.all.flatMap(\.originalMarkers))
  static let forwardMarkers = Set(ClientStrings.all.flatMap(\.forwardMarkers))
  static let deviceLines = ClientStrings.all.flatMap(\.deviceLines)
  static let excuses = ClientStrings.all.flatMap(\.excuses)
  static let lastVerbs = Set(ClientStrings.all.flatMap(\.lastVerbs))
  static let disclaimers = ClientStrings.all.flatMap(\.disclaimers)
  static let lawyersPhrases = ClientStrings.all.flatMap(\.lawyersPhrases)
  static let legalPhrases = ClientStrings.all.flatMap(\.legalPhrases)
  static let thisMail = ClientStrings.all.flatMap(\.thisMail)
  static let requests = ClientStrings.all.flatMap(\.requests)
  static let me = Set(ClientStrings.all.flatMap(\.me))
  static let we = Set(ClientStrings.all.flatMap(\.we))
  /// Not to print a mail.
  static let pleas = [
    "denk aan het milieu", "denk aan onze natuur", "overweeg het milieu", "please consider the environment",
    "think before you print", "consider the environment",
  ]
  /// Words of the formula that closes a mail.
  static let closings: Set = [
    "groet", "groeten", "groetjes", "groetnis", "gr", "mvg", "liefs", "regards", "sincerely", "cheers", "grüße",
    "grüßen", "gruß", "lg", "cordialement", "saludos", "pozdrawiam", "saygılar",
  ]
  /// In which people answer within a mail; not Frisian `read`, which is English as well.
  static let colours: Set = [
    "kleur", "rood", "rode", "blauw", "blauwe", "groen", "groene", "paars", "oranje", "blau", "grien", "colour",
    "color",
    "red", "blue", "green", "farbe", "rot", "grün",
  ]
  static let greetings: Set = [
    "hoi", "hallo", "hi", "hello", "hey", "hé", "ha", "dag", "beste", "geachte", "lieve", "goedemorgen", "goedemiddag",
    "goedenavond", "goeie", "dear", "leave", "liebe", "lieber", "guten", "bonjour", "merhaba", "cześć", "salam",
  ]
  /// In the links of Gmail's emoji reactions.
  static let reactions = ["campaign=emojireaction"]
  static let postscripts: Set = ["ps", "p.s", "nb", "n.b"]
  /// Scanners of viruses that praise themselves below a mail.
  static let scanners = ["avg.com", "avast.com"]
  static let scans = [
    "deze e-mail is gecontroleerd op virussen", "dit e-mailbericht is gecontroleerd op virussen",
    "this email has been checked for viruses", "diese e-mail wurde von avast",
  ]
  static let weekdays = Set(ClientStrings.all.flatMap(\.weekdays))

  static let labels: [String: HeaderLabel] = {
    var result: [String: HeaderLabel] = [:]
    for table in ClientStrings.all {
      for (label, words) in table.labels { for word in words { result[word] = result[word] ?? label } }
    }
    return result
  }()

  /// 1…12 of a month's name in any language; the first language of the list wins.
  static let months: [String: Int] = {
    var result: [String: Int] = [:]
    for table in ClientStrings.all {
      for (index, names) in table.months.enumerated() { for name in names { result[name] = result[name] ?? index + 1 } }
    }
    return result
  }()
}
