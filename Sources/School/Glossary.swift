import Foundation

/// The words that people write to the gateway, in Dutch, Frisian and English: the one place in the code where they
/// stand. What the gateway says to people stands in `templates/`.
package enum Glossary {
  /// What stands before a teacher's name.
  static let titles: Set<String> = [
    "juf", "juffrouw", "meester", "mevrouw", "mevr", "meneer", "dhr", "master", "miss", "ms", "mrs", "mr", "frou",
    "hear",
  ]

  /// The parts of a teacher's name without the titles before it; a title alone is a name.
  package static func withoutTitle(_ parts: [String]) -> [String] {
    let name = Array(parts.drop { titles.contains($0) })
    return name.isEmpty ? parts : name
  }

  /// The first line that does more than greet; nil where there is none, or where it has more octets than any command.
  package static func firstLine(of text: String, most: Int = 200) -> Substring? {
    let line = withoutGreeting(text).prefix { !$0.isNewline }
    return line.isEmpty || line.utf8.count > most ? nil : line
  }

  /// That line as commands are looked up: without case, accents, quotation marks and punctuation.
  static func command(firstLineOf text: String) -> String? {
    firstLine(of: text).map { plain($0).split { !$0.isLetter && !$0.isNumber }.joined(separator: " ") }
  }

  /// For comparing: lower case, without accents.
  static func plain(_ text: some StringProtocol) -> String {
    // Most text is ASCII, of which this is the same and takes a tenth of the time.
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.lowercased() }
    return text.folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
  }

  /// Letters and digits, word by word, without case and accents.
  static func words(_ text: some StringProtocol) -> [String] {
    let plain = plain(text)
    guard plain.utf8.allSatisfy({ $0 < 0x80 }) else {
      return plain.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
    // By octets, as above.
    let isInWord = { (octet: UInt8) in (0x61...0x7A).contains(octet) || (0x30...0x39).contains(octet) }
    return plain.utf8.split { !isInWord($0) }.map { String(Substring($0)) }
  }
}

/// The first word of a route address.
package enum RouteWord: String, Sendable, Hashable, CaseIterable {
  case news, urgent, mailbox, schoolyard, forward, support, help, noreply
  case calendar, classList, documents, photos, conferences, results, sick, leave, settings, test
  case reply, bounce
  /// What photos of one's children may be used for.
  case consent

  /// Those that a mail may name to people.
  package static let offered = allCases.filter { ![.noreply, .reply, .bounce].contains($0) }

  /// As the gateway writes it.
  package var canonical: String { words[0] }

  /// Nil for a word that is no route in any language; case and accents do not matter.
  package init?(_ word: some StringProtocol) {
    guard let route = Self.byWord[Glossary.plain(word)] else { return nil }
    self = route
  }

  /// Dutch first, then Frisian and English.
  package var words: [String] {
    switch self {
    case .news: ["nieuws", "nijs", "news"]
    case .urgent: ["spoed", "urgent"]
    case .mailbox: ["postvak", "postfak", "mailbox"]
    case .schoolyard: ["schoolplein", "skoalplein", "schoolyard"]
    case .forward: ["doorsturen", "trochstjoere", "forward"]
    case .support: ["support", "steun", "stipe"]
    case .help: ["help", "hulp"]
    case .noreply: ["noreply", "no-reply"]
    case .calendar: ["agenda", "calendar"]
    case .classList: ["klassenlijst", "klasselist", "classlist"]
    case .documents: ["documenten", "dokuminten", "documents"]
    case .photos: ["fotos", "photos"]
    case .conferences: ["gesprekken", "petearen", "conferences"]
    case .results: ["toetsen", "toetsresultaten", "results"]
    case .sick: ["ziek", "siik", "sick"]
    case .leave: ["verlof", "ferlof", "leave"]
    case .settings: ["mijn", "myn", "my"]
    case .test: ["test"]
    case .reply: ["r"]
    case .bounce: ["b"]
    case .consent: ["toestemming", "tastimming", "consent"]
    }
  }

  private static let byWord = Dictionary(
    allCases.flatMap { route in route.words.map { ($0, route) } }, uniquingKeysWith: { first, _ in first })
}

/// The words that do something when the first line of an answer says them.
package enum CommandWord: String, Sendable, Hashable, CaseIterable {
  case retract, yes, notMe, seen, help, newActivation, changeAddress, approve, reject, state, close

  /// Reads the first line that does more than greet: the command is all of it, but for case, accents, punctuation and
  /// what is only polite; or a mark follows it, and more words.
  package init?(firstLineOf text: String) {
    guard let (word, _) = Self.leading(text) else { return nil }
    self = word
  }

  /// The command that these words are, and nothing else.
  static func named(_ text: some StringProtocol) -> CommandWord? { named(Glossary.words(text)) }

  static func named(_ words: [String]) -> CommandWord? {
    byWords[words.joined(separator: " ")] ?? byWords[Glossary.withoutPoliteness(words).joined(separator: " ")]
  }

  private var words: [String] {
    switch self {
    case .retract: ["herstel", "herstellen", "werom", "weromhelje", "undo", "retract"]
    case .yes: ["ja", "jawel", "ja dat klopt", "yes"]
    case .notMe: ["dit was ik niet", "dat was ik niet", "dit wie ik net", "dat wie ik net", "this was not me"]
    case .seen: ["gezien", "gelezen", "sjoen", "lezen", "seen", "read"]
    case .help: ["help", "hulp"]
    case .newActivation: ["nieuwe activatie", "nije aktivaasje", "new activation"]
    case .changeAddress:
      [
        "adres", "nieuw adres", "mijn nieuwe adres", "mijn nieuwe adres is", "nij adres", "myn nije adres is",
        "address",
        "new address", "my new address is",
      ]
    case .approve: ["akkoord", "akkoart", "approve", "approved"]
    case .state: ["stand", "tussenstand", "stan", "tuskenstan", "state", "status"]
    case .close: ["sluiten", "sluit", "slute", "slut", "close"]
    case .reject: ["niet akkoord", "net akkoart", "reject", "not approved", "weg", "fuort", "remove"]
    }
  }

  /// The word that a mail offers, in the language of its reader.
  package func offered(in language: Language) -> String {
    switch (self, language) {
    case (.retract, .dutch): "herstel"
    case (.retract, .frisian): "werom"
    case (.retract, .english): "undo"
    case (.yes, .english): "YES"
    case (.yes, _): "JA"
    case (.notMe, .dutch): "DIT WAS IK NIET"
    case (.notMe, .frisian): "DIT WIE IK NET"
    case (.notMe, .english): "THIS WAS NOT ME"
    case (.seen, .dutch): "gezien"
    case (.seen, .frisian): "sjoen"
    case (.seen, .english): "seen"
    case (.help, _): "help"
    case (.newActivation, .dutch): "nieuwe activatie"
    case (.newActivation, .frisian): "nije aktivaasje"
    case (.newActivation, .english): "new activation"
    case (.changeAddress, .english): "address"
    case (.changeAddress, _): "adres"
    case (.approve, .dutch): "akkoord"
    case (.approve, .frisian): "akkoart"
    case (.approve, .english): "approve"
    case (.reject, .dutch): "niet akkoord"
    case (.reject, .frisian): "net akkoart"
    case (.reject, .english): "reject"
    case (.state, .dutch): "stand"
    case (.state, .frisian): "stân"
    case (.state, .english): "state"
    case (.close, .dutch): "sluiten"
    case (.close, .frisian): "slute"
    case (.close, .english): "close"
    }
  }

  private static let byWords = Dictionary(
    allCases.flatMap { command in command.words.map { ($0, command) } }, uniquingKeysWith: { first, _ in first })
}

/// A command word with a mail address behind it: `nieuw adres els@ziggo.nl`.
package struct AddressedCommand: Sendable, Hashable {
  package var word: CommandWord
  /// In lower case; whether it is an address at all is not looked at.
  package var address: String

  package init?(firstLineOf text: String) {
    guard let line = Glossary.firstLine(of: text, most: 500) else { return nil }
    let words = line.split(whereSeparator: \.isWhitespace)
    let addresses = words.filter { $0.contains("@") }
    guard addresses.count == 1, words.last == addresses.first,
      let word = CommandWord.named(words.dropLast().joined(separator: " "))
    else { return nil }
    self.word = word
    address = addresses[0].lowercased().trimmingCharacters(in: CharacterSet(charactersIn: "<>()[]\"'.,;:"))
  }
}
