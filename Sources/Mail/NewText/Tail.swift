/// What programs and habits put below a text: signatures, device lines, disclaimers, footers of lists.
enum Tail {
  /// The lines to cut from a stretch of the sender's lines, with the rule of each.
  ///
  /// - Parameters:
  ///   - isBelowQuote: whether anything is quoted above it.
  ///   - sender: who wrote the mail.
  static func cuts(
    _ lines: [Line], in stretch: Range<Int>, isBelowQuote: Bool, of sender: NamedAddress?
  ) -> [(Range<Int>, String)] {
    var cuts: [(Range<Int>, String)] = []
    var end = stretch.upperBound
    if let start = signature(lines, stretch) {
      cuts += signed(lines, start..<end).map { ($0, "signature") }
      end = start
    }
    if let start = listFooter(lines, stretch.lowerBound..<end) {
      cuts.append((start..<end, "list-footer"))
      end = start
    }
    // The first of a mail is never a program's.
    let paragraphs = Array(paragraphs(lines, stretch.lowerBound..<end).dropFirst(isBelowQuote ? 0 : 1))
    var printed = paragraphs.filter { isPrinted(lines[$0]) }
    printed += Disclaimer(lines, paragraphs.filter { !printed.contains($0) }).ranges()
    cuts += printed.map { ($0, "disclaimer") }
    let devices = (stretch.lowerBound..<end).filter { index in
      // Of one that names no product, nothing of the same paragraph follows.
      device(lines[index]).map { device in
        device == .product || index + 1 == end || lines[index + 1].isBlank || isDevice(lines[index + 1])
      } ?? false
    }
    cuts += devices.map { ($0..<($0 + 1), "device-line") }
    let isProgram = { (index: Int) in devices.contains(index) || printed.contains { $0.contains(index) } }
    while end > stretch.lowerBound, lines[end - 1].isBlank || isProgram(end - 1) { end -= 1 }
    if let start = ContactBlock.start(lines, in: stretch.lowerBound..<end, of: sender)
      ?? dashedName(lines, stretch.lowerBound..<end)
    {
      cuts.append((start..<end, "signature"))
    }
    return cuts
  }

  /// `-- ` (RFC 3676, section 4.3); without its space, which many clients lose, only where it is the one such line and
  /// little follows that reads like a signature.
  private static func signature(_ lines: [Line], _ stretch: Range<Int>) -> Int? {
    let dashes = stretch.filter { index in
      guard lines[index].key == "--" else { return false }
      let text = lines[index].text.filter { $0 != "\u{A0}" }
      return text.hasPrefix("--") && text.count <= 3
    }
    return dashes.first { index in
      lines[index].text.filter { $0 != "\u{A0}" } == "-- "
        || dashes.count == 1 && stretch.upperBound - index <= 15 && isCard(lines, (index + 1)..<stretch.upperBound)
    }
  }

  /// Nothing in it is asked, listed or added, and no sentence said; but what programs put below it may be.
  private static func isCard(_ lines: [Line], _ stretch: Range<Int>) -> Bool {
    let paragraphs = paragraphs(lines, stretch)
    let printed = Disclaimer(lines, paragraphs).ranges() + paragraphs.filter { isPrinted(lines[$0]) }
    return paragraphs.filter { !printed.contains($0) }.allSatisfy { paragraph in
      !isAdded(lines[paragraph])
        && lines[paragraph].allSatisfy {
          !$0.isListed && (!$0.isSentence || ContactBlock.tellsFact($0) || isDevice($0))
        }
    }
  }

  /// Below the dashes of a signature all but what the sender added there.
  private static func signed(_ lines: [Line], _ stretch: Range<Int>) -> [Range<Int>] {
    let added = paragraphs(lines, stretch.dropFirst()).filter { isAdded(lines[$0]) }
    guard !added.isEmpty else { return [stretch] }
    return stretch.filter { index in !added.contains { $0.contains(index) } }
      .map { $0..<($0 + 1) }
  }

  /// A postscript, or a paragraph that asks something and is no card's: `Vragen? Bel 058-1234567`.
  private static func isAdded(_ paragraph: ArraySlice<Line>) -> Bool {
    if let word = paragraph.first.flatMap({ Line.words($0.key).first }), ClientWords.postscripts.contains(String(word))
    {
      return true
    }
    return paragraph.contains { $0.content.last == "?" } && !paragraph.contains(where: ContactBlock.tellsFact)
  }

  /// `-Abe Koning`: a dash and at once the full name, alone in the last paragraph; the habit of Usenet's signatures. A
  /// first name alone stays, as a person's closing.
  private static func dashedName(_ lines: [Line], _ stretch: Range<Int>) -> Int? {
    guard let last = stretch.last(where: { !lines[$0].isBlank }), last > stretch.lowerBound, lines[last - 1].isBlank,
      lines[last].content.hasPrefix("-"),
      // Below `Liefs,` stands the sender's own.
      lines[..<last].last(where: { !$0.isBlank })?.content.last != ","
    else { return nil }
    let words = lines[last].content.dropFirst().split(separator: " ", omittingEmptySubsequences: false)
    let isName =
      (2...4).contains(words.count) && words.first?.first?.isUppercase == true
      && words.last?.first?.isUppercase == true
      && words.allSatisfy { $0.allSatisfy { $0.isLetter || $0 == "-" || $0 == "." } }
    return isName ? last : nil
  }

  /// A rule, and below it a few lines with the address of a list.
  private static func listFooter(_ lines: [Line], _ stretch: Range<Int>) -> Int? {
    guard let index = stretch.last(where: { isUnderscores(lines[$0]) }), stretch.upperBound - index <= 9 else {
      return nil
    }
    let below = lines[(index + 1)..<stretch.upperBound]
    let isList = below.contains {
      $0.key.contains("mailing list") || $0.key.contains("lists.") || $0.key.contains("list-")
        || $0.key.contains("listinfo")
    }
    return isList ? index : nil
  }

  private static func isUnderscores(_ line: Line) -> Bool {
    line.content.count >= 2 && line.content.allSatisfy { $0 == "_" }
  }

  private static func isPrinted(_ paragraph: ArraySlice<Line>) -> Bool {
    isPlea(paragraph) || isScan(paragraph) || isReaction(paragraph)
  }

  /// Below an emoji, Gmail tells whose it is, with a link to itself.
  private static func isReaction(_ paragraph: ArraySlice<Line>) -> Bool {
    paragraph.count <= 3 && paragraph.contains { line in ClientWords.reactions.contains { line.key.contains($0) } }
  }

  /// `Denk aan het milieu voordat u deze mail afdrukt`; not what people say so of something else.
  private static func isPlea(_ paragraph: ArraySlice<Line>) -> Bool {
    paragraph.first.map { begins($0, with: ClientWords.pleas) } ?? false
      && paragraph.contains { $0.key.contains("print") || $0.key.contains("afdruk") }
  }

  /// `Virusvrij.www.avg.com`, with the links around it: the address of a scanner, and nothing that a person says.
  private static func isScan(_ paragraph: ArraySlice<Line>) -> Bool {
    let isScanners = { (line: Line) in ClientWords.scanners.contains { line.key.contains($0) } }
    return paragraph.contains(where: isScanners)
      && paragraph.allSatisfy { line in
        line.key.hasPrefix("<#") || begins(line, with: ClientWords.scans)
          || isScanners(line) && Line.words(line.key).count <= 3
      }
  }

  /// A rule ends a paragraph as well.
  private static func paragraphs(_ lines: [Line], _ stretch: Range<Int>) -> [Range<Int>] {
    let starts = stretch.filter { index in
      !lines[index].isBlank
        && (index == stretch.lowerBound || lines[index - 1].isBlank || Divider.isRule(lines[index - 1]))
    }
    return starts.enumerated().map { place, start in
      let next = place + 1 < starts.count ? starts[place + 1] : stretch.upperBound
      return start..<(lines[start..<next].firstIndex { $0.isBlank } ?? next)
    }
  }

  static func begins(_ line: Line, with beginnings: [String]) -> Bool {
    let key = line.key.drop { "*_-=\"([| ".contains($0) }
    return beginnings.contains { key.hasPrefix($0) }
  }

  /// `Verstuurd vanaf mijn iPhone`: a line of its own and short.
  static func isDevice(_ line: Line) -> Bool { device(line) != nil }

  private enum Device {
    case product
    /// `Verstuurd vanaf mijn luie stoel`.
    case joke
  }

  private static func device(_ line: Line) -> Device? {
    guard !line.isBlank, line.key.utf8.count <= 200 else { return nil }
    guard mayBeDevice(line.key) else { return nil }
    var key = line.key.drop { "*_-—–[(<| ".contains($0) }
    // The address of a link does not count, but a program put it there.
    let link = key.firstIndex(of: "<")
    if let link { key = key[..<link] + key[link...].drop { $0 != ">" }.dropFirst() }
    if let excuse = ClientWords.excuses.first(where: key.hasSuffix) { key = key.dropLast(excuse.count) }
    let words = key.split(separator: " ")
    // `… mit WEB.DE Mail gesendet.`
    let isSent = Line.words(key).last.map { ClientWords.lastVerbs.contains(String($0)) } ?? false
    guard words.count <= (isSent ? 12 : 9), key.last != "?" else { return nil }
    var found: Device?
    for start in ClientWords.deviceLines where found != .product {
      guard key.hasPrefix(start) else {
        // Japanese and Turkish put the device first.
        if start.unicodeScalars.contains(where: { $0.value >= 0x2E80 }), key.hasSuffix(start) { found = .product }
        continue
      }
      // `Verzonden met groet` is a person's: programs name a product.
      let products = Line.words(key.dropFirst(start.count))
      if products.isEmpty || link != nil || products.contains(where: isProduct) || isKind(products.map { String($0) }) {
        found = .product
      } else if isPossessive(start) || isSent {
        found = .joke
      }
    }
    return found
  }

  /// `Verstuurd vanaf mijn`, but not `verzonden door mijn`: that may be a person, as in `Von meinem Mann`.
  private static func isPossessive(_ start: String) -> Bool {
    let words = start.split(separator: " ").map(String.init)
    return words.last.map(possessives.contains) ?? false && !words.contains(where: agents.contains)
  }

  /// `een mobiel apparaat`, `the mobile mail app`; not `de mail`.
  private static func isKind(_ words: [String]) -> Bool {
    let rest = words.filter { !kinds.contains($0) && !indefinite.contains($0) && !possessives.contains($0) }
    let isDefinite = !rest.isEmpty
    return rest.allSatisfy(definite.contains) && words.count { kinds.contains($0) } >= (isDefinite ? 2 : 1)
  }

  /// Whether the first word begins any device line; of lines that are not ASCII nothing is said.
  private static func mayBeDevice(_ key: String) -> Bool {
    let octets = key.utf8.drop { !$0.isASCIILetter && $0 < 0x80 }
    guard octets.first.map({ $0 < 0x80 }) ?? false else { return !octets.isEmpty }
    return firstWords.contains(String(Substring(octets.prefix { $0 != 0x20 })))
  }

  private static let firstWords = Set(ClientWords.deviceLines.map { String($0.prefix { $0 != " " }) })

  /// Long names also within a word: `iPhone-omról`. Short ones would be found in people's own words.
  private static func isProduct(_ word: Substring) -> Bool {
    names.contains(String(word)) || names.contains { $0.count > 5 && word.contains($0) }
  }

  /// `Verstuurd vanaf mijn …`: what follows is a device, or a joke on that.
  private static let possessives: Set<String> = ["my", "mijn", "myn", "mon", "meinem", "mi", "mio", "min", "meu"]

  private static let agents: Set<String> = ["door", "by", "von"]

  /// Names of products, one of which most device lines hold.
  private static let names: Set<String> = [
    "iphone", "ipad", "ipod", "android", "samsung", "galaxy", "outlook", "blackberry", "huawei", "windows",
    "xiaomi", "redmi", "nokia", "sony", "xperia", "htc", "lg", "motorola", "oneplus", "oppo", "yahoo", "aol", "gmx",
    "web.de", "proton", "fairphone", "pixel", "smartphone", "smartphon", "mac", "kpn", "ziggo", "t-mobile", "vodafone",
    "ios", "superhuman", "polymail", "tutanota", "zoho", "thunderbird", "k-9", "bluemail", "aquamail", "typemail",
    "protonmail", "fairemail", "typeapp", "gmail", "edison", "canary", "onet",
  ]
  /// What a product is: of a device line where nothing else stands there. `Verstuurd via de mail` is a person's.
  private static let kinds: Set<String> = [
    "mail", "phone", "telefoon", "tablet", "mobiel", "mobiele", "mobile", "mobilen", "handy", "portable", "mobil",
    "device", "toestel",
    "apparaat", "watch", "box", "spark", "telefon", "móvil", "téléphone", "tel", "aplicativo", "app", "play", "orange",
    "3", "front", "hey", "nine",
  ]
  private static let indefinite: Set<String> = ["a", "an", "een", "un", "une", "einem", "einer", "meiner", "en"]
  private static let definite: Set<String> = ["de", "het", "the", "der", "dem", "la", "le", "el", "it"]

  static func isBanner(_ line: Line) -> Bool {
    let key = line.key.drop { "*_-—–[(<|! ".contains($0) }
    return banners.contains { key.hasPrefix($0) }
  }

  /// People warn in the same words, but seldom of who is outside.
  ///
  /// - Parameter paragraph: its lines.
  static func isWarning(_ paragraph: ArraySlice<Line>) -> Bool {
    let key = paragraph.first.map { $0.key.drop { "*_-—–[(<|! ".contains($0) } } ?? ""
    guard warnings.contains(where: { key.hasPrefix($0) }) else { return false }
    let hold = { (words: [String]) in paragraph.contains { line in words.contains { line.key.contains($0) } } }
    return hold(outside) || hold(senders) && hold(dangers)
  }

  /// Beginnings of the warnings that Exchange and its administrators put above mail from outside.
  private static let banners = [
    "external email", "external sender", "warning: external", "you don't often get email from",
    "some people who received this message", "deze e-mail is afkomstig van buiten", "u ontvangt niet vaak e-mail van",
    "je ontvangt niet vaak e-mail van", "sie erhalten nicht häufig e-mails von", "external]",
    "this email originated from outside", "vous n'obtenez pas souvent d'e-mail",
  ]
  private static let warnings = [
    "caution:", "caution :", "warning: this email", "let op: deze e-mail", "let op! deze e-mail", "let op! deze mail",
    "let op: dit bericht",
    "achtung: diese e-mail", "attention: this email",
  ]
  private static let outside = [
    "van buiten", "buiten de organisatie", "buiten onze", "buiten uw", "externe afzender", "externe e-mail", "external",
    "outside", "außerhalb",
  ]
  /// Of whom people speak as well, but not of what to beware of with them.
  private static let senders = ["afzender", "sender", "absender"]
  private static let dangers = [
    "link", "bijlage", "attachment", "klik", "click", "klick", "anhang", "anhäng", "onbekend", "unknown", "unbekannt",
    "herken", "recogni",
  ]
}
