/// The business card that programs put below a text without the `-- ` of a signature: name, trade, address, telephone,
/// website.
///
/// A parent may well write such facts themselves ("ons nieuwe adres is:"), or tell of a firm, so a block goes only
/// where it ends the sender's text, tells at least three kinds of facts, one of which only businesses tell, holds no
/// sentence, no line announces it by a colon, and it is signed: by a name and a trade, a closing above it, a picture,
/// or the sender's own name or address. The name below a closing ("Met vriendelijke groet,") stays: it is the sender's.
enum ContactBlock {
  private enum Fact: Hashable {
    case telephone, address, mail
    // What a business tells, and a parent who writes about themselves does not.
    case fax, website, registration, image

    var isCommercial: Bool {
      switch self {
      case .telephone, .address, .mail: false
      case .fax, .website, .registration, .image: true
      }
    }
  }

  private static let mostLines = 20
  private static let longestLine = 90
  private static let mostWords = 9

  /// Where the block begins that ends the stretch; nil where there is none.
  ///
  /// - Parameter sender: who wrote the mail.
  static func start(_ lines: [Line], in stretch: Range<Int>, of sender: NamedAddress?) -> Int? {
    let texts = stretch.filter { !lines[$0].isBlank }
    guard let last = texts.last else { return nil }
    var facts: Set<Fact> = []
    var first = last
    var firstFact: Int?
    for index in texts.reversed().prefix(mostLines) {
      guard isShort(lines[index]) else { break }
      let found = self.facts(lines[index])
      guard !found.isEmpty || !endsLikeSentence(lines[index]) else { break }
      // Two paragraphs above the last fact: the sender's own.
      if found.isEmpty, let firstFact, isApart(lines, index, firstFact) { break }
      if !found.isEmpty { firstFact = index }
      facts.formUnion(found)
      first = index
    }
    guard let firstFact, facts.count >= 3, facts.contains(where: \.isCommercial) else { return nil }
    // A name and a trade above the facts; of a firm that somebody tells of there is one line.
    let isPersons = texts.count { first <= $0 && $0 < firstFact } >= 2
    guard
      isPersons || facts.contains(.image)
        || texts.prefix(while: { $0 < firstFact }).suffix(4).contains(where: { closes(lines[$0]) })
        || texts.suffix(mostLines).contains(where: { names(sender, lines[$0]) })
    else { return nil }
    return begin(lines, texts.filter { $0 >= first }, firstFact, above: texts.last { $0 < first })
  }

  private static func closes(_ line: Line) -> Bool {
    line.isClosing || line.content.last == "," && Line.words(line.key).count <= 6
  }

  /// Whether the line tells the sender's own address, website or last name.
  private static func names(_ sender: NamedAddress?, _ line: Line) -> Bool {
    guard let sender, isShort(line) else { return false }
    let key = line.key
    if key.contains(sender.address.description.lowercased())
      || key.contains("www.\(sender.address.domain.lowercased())")
    {
      return true
    }
    let name = sender.name.flatMap { Line.words(Line.key($0)).last }
    return name.map { $0.count >= 3 && Line.words(key).contains($0) } ?? false
  }

  /// Whether an empty line stands between the line and the fact.
  private static func isApart(_ lines: [Line], _ index: Int, _ fact: Int) -> Bool {
    lines[index..<fact].contains { $0.isBlank }
  }

  private static func begin(_ lines: [Line], _ texts: [Int], _ firstFact: Int, above: Int?) -> Int? {
    var texts = texts[...]
    // A closing and the name below it stay.
    if let closing = texts.prefix(while: { $0 < firstFact }).last(where: { lines[$0].content.hasSuffix(",") }) {
      texts = texts.drop { $0 <= closing }
      if let name = texts.first, name < firstFact { texts = texts.dropFirst() }
    } else if let above, lines[above].content.hasSuffix(","), let name = texts.first, name < firstFact {
      texts = texts.dropFirst()
    }
    guard let start = texts.first else { return nil }
    let before = lines[..<start].last { !$0.isBlank && $0.isOwn }
    let isAnnounced = before.map { $0.content.last == ":" && $0.content.dropLast().last?.isLetter == true } ?? false
    return isAnnounced ? nil : start
  }

  /// A line of a card is short, and nothing is asked or exclaimed in it.
  private static func isShort(_ line: Line) -> Bool {
    line.content.utf8.count <= longestLine && !line.content.utf8.contains { $0 == 0x3F || $0 == 0x21 }
      && line.content.split(separator: " ").count <= mostWords
  }

  private static func endsLikeSentence(_ line: Line) -> Bool { line.content.last == "." || line.content.last == ":" }

  // MARK: Facts

  /// Whether the line tells what a card tells: a telephone, an address, a website, …
  static func tellsFact(_ line: Line) -> Bool { !facts(line).isEmpty }

  private static func facts(_ line: Line) -> Set<Fact> {
    var found: Set<Fact> = []
    let key = line.key
    // No fact is told without a digit, an address or a picture.
    guard key.utf8.contains(where: { (0x30...0x39).contains($0) || $0 == 0x40 || $0 == 0x2E || $0 == 0x5B }) else {
      return []
    }
    let words = Line.words(key.replacing("|", with: " ").replacing("*", with: " "))
    if key.hasPrefix("[image:") || key.hasPrefix("![") || key.hasPrefix("[cid:") { found.insert(.image) }
    if words.contains(where: registrations.contains) { found.insert(.registration) }
    if words.contains(where: faxes.contains) { found.insert(.fax) }
    if words.contains(where: isWebsite) { found.insert(.website) }
    if words.contains(where: { $0.contains("@") && $0.contains(".") }) { found.insert(.mail) }
    if isTelephone(line.content, words) { found.insert(.telephone) }
    if isAddress(words) { found.insert(.address) }
    return found
  }

  private static let faxes: Set<Substring> = ["fax", "f", "telefax"]
  /// Numbers that a business must tell: Dutch, Belgian and German registers, tax and bank.
  private static let registrations: Set<Substring> = [
    "kvk", "k.v.k", "kvknr", "btw", "btwnr", "vat", "ust-idnr", "hrb", "iban", "bic", "siret", "agb-code", "big-nummer",
  ]

  private static func isWebsite(_ word: Substring) -> Bool {
    word.hasPrefix("www.") || word.hasPrefix("http://") || word.hasPrefix("https://")
  }

  /// Nine digits or more with little else between, or fewer after a label.
  private static func isTelephone(_ content: String, _ words: [Substring]) -> Bool {
    let digits = content.count { $0.isASCII && $0.isNumber }
    guard digits >= 7, digits <= 24 else { return false }
    let isLabelled = words.first.map { telephones.contains($0) } ?? false
    return isLabelled || digits >= 9 && content.count { $0.isLetter } <= 12 && content.contains { "+0(".contains($0) }
  }

  private static let telephones: Set<Substring> = [
    "t", "m", "tel", "telefoon", "tilefoan", "mobiel", "mobyl", "mob", "gsm", "phone", "mobile", "bel", "cell",
    "telefon", "tél", "fax",
  ]

  /// A postcode: `8911 AB`, `4694EG`; or a street with its number and a place behind a comma.
  private static func isAddress(_ words: [Substring]) -> Bool {
    for (index, word) in words.enumerated() {
      let digits = word.prefix { $0.isASCII && $0.isNumber }
      guard digits.count == 4 else { continue }
      let rest = word.dropFirst(4)
      let letters = rest.isEmpty && index + 1 < words.count ? words[index + 1] : rest
      if letters.count == 2, letters.allSatisfy({ $0.isASCII && $0.isLetter }) { return true }
    }
    return false
  }
}
