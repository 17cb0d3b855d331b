import Foundation

extension ForwardedMessage {
  /// The message that this one forwards: attached as `message/rfc822`, or within the text under the header block, the
  /// divider or the attribution of a client. Nil for replies and for all else. Of a forward within a forward the outer
  /// one is told; the inner one stays in its text.
  package static func read(_ message: MailMessage, limits: MIMELimits = .standard) -> ForwardedMessage? {
    read(message, plain: Line.plainLines(of: message, limits), limits)
  }

  /// - Parameter plain: the lines of the plain text, where there is one.
  static func read(_ message: MailMessage, plain: [Line]?, _ limits: MIMELimits) -> ForwardedMessage? {
    let subject = SubjectLine(message.subject)
    let isPlain = plain?.contains { !$0.isBlank } ?? false
    let lines = isPlain ? plain : message.html.map { Line.lines(HTMLTree($0).lines, limits) }
    if let lines, let found = inline(lines, message, subject, limits) { return found }
    // Some programs shorten the plain text to what the sender wrote.
    if subject.isForward, isPlain, let html = message.html,
      let found = inline(Line.lines(HTMLTree(html).lines, limits), message, subject, limits)
    {
      return found
    }
    return attached(message, limits)
  }

  // MARK: Attached

  static func attached(_ message: MailMessage, _ limits: MIMELimits) -> ForwardedMessage? {
    guard let original = message.attachedMessages.first, !SubjectLine(message.subject).isReply,
      message.root.contentType.mediaType != "multipart/report"
    else { return nil }
    return ForwardedMessage(
      from: original.from.first, fromName: original.from.first?.name, subject: original.subject, date: original.date,
      text: original.readableText.withLineFeedsOnly.trimmed, ownText: NewText.read(message, limits: limits).text,
      attachments: original.attachments)
  }

  // MARK: Within the text

  private static func inline(
    _ lines: [Line], _ message: MailMessage, _ subject: SubjectLine, _ limits: MIMELimits
  ) -> ForwardedMessage? {
    guard let (index, original) = firstOriginal(lines, message, subject) else { return nil }
    let end = original.end(in: lines)
    let body = text(lines[original.range.upperBound..<end], depth: original.depth(in: lines))
    let own = NewTextReader.ownText(lines, around: index..<end)
    switch original.kind {
    case .attribution(let attribution):
      guard subject.isForward else { return nil }
      let sender = Sender(attribution: attribution.text)
      return ForwardedMessage(
        from: sender.mailbox, fromName: sender.name, subject: subject.base,
        date: WrittenDate.read(attribution.text), text: body, ownText: own, attachments: [])
    case .header(let block), .divider(_, let block?):
      let sender = Sender(block.fields[.from] ?? "")
      return ForwardedMessage(
        from: sender.mailbox, fromName: sender.name, subject: block.fields[.subject] ?? subject.base,
        date: block.fields[.date].flatMap(WrittenDate.read), text: body, ownText: own, attachments: [])
    case .divider(_, nil), .element: return nil
    }
  }

  /// The first original of the body, where it is a forwarded one. What stands first decides: under the attribution of a
  /// reply, a forward is only quoted.
  private static func firstOriginal(
    _ lines: [Line], _ message: MailMessage, _ subject: SubjectLine
  ) -> (Int, Original)? {
    let base = Line.key(subject.base)
    for index in lines.indices {
      guard let original = Original.match(lines, at: index, subject: base), original.isSure || subject.isForward
      else { continue }
      let isForward = { (block: HeaderBlock) in
        subject.isForward || !subject.isReply && (isQuotedWhole(lines, index) || isSentOn(block, message))
      }
      switch original.kind {
      case .divider(let divider, let block):
        guard let block, block.fields[.from] != nil else { continue }
        return divider.isForward || isForward(block) ? (index, original) : nil
      case .header(let block): return isForward(block) ? (index, original) : nil
      case .attribution: return subject.isForward && lines[index].depth == 0 ? (index, original) : nil
      case .element: continue
      }
    }
    return nil
  }

  /// Whether the block is of a message from elsewhere to the sender, as where a client's forward got another subject:
  /// who answers with another subject writes to whom the block is from, or at least to their domain.
  private static func isSentOn(_ block: HeaderBlock, _ message: MailMessage) -> Bool {
    guard let sender = message.from.first, let writer = Sender(block.fields[.from] ?? "").mailbox?.address,
      let receivers = block.fields[.to]?.lowercased(), writer != sender.address
    else { return false }
    let names = [sender.address.description, sender.name ?? ""].filter { !$0.isEmpty }
    let from = writer.domain.lowercased()
    let domains = (message.to + message.cc).map { $0.address.domain.lowercased() }
    return names.contains { receivers.contains($0.lowercased()) } && !domains.isEmpty
      && !domains.contains { $0 == from || $0.hasSuffix(".\(from)") || from.hasSuffix(".\($0)") }
  }

  /// A header block that itself bears a `>`, with no attribution above: only forwards are quoted so.
  private static func isQuotedWhole(_ lines: [Line], _ index: Int) -> Bool {
    lines[index].depth == 1 && lines[index].mark == nil
  }

  /// The original's lines, without the quote marks and the indentation that the forward put before all of them.
  private static func text(_ lines: ArraySlice<Line>, depth: Int) -> String {
    let base = depth + (Original.isQuoted(lines, deeperThan: depth) ? 1 : 0)
    guard let first = lines.firstIndex(where: { !$0.isBlank }), let last = lines.lastIndex(where: { !$0.isBlank })
    else { return "" }
    var stripped = lines[first...last].map { $0.withoutQuoteMarks(base) }
    let indent = stripped.filter { !$0.trimmed.isEmpty }.map { $0.prefix { $0 == " " || $0 == "\t" }.count }.min() ?? 0
    if indent > 0 { stripped = stripped.map { String($0.dropFirst(indent)) } }
    while let last = stripped.last, last.trimmed.isEmpty || isEnd(last) { stripped.removeLast() }
    return stripped.joined(separator: "\n")
  }

  /// `----- Einde doorgestuurd bericht -----`
  private static func isEnd(_ line: String) -> Bool {
    line.hasPrefix("---")
      && Line.key(line).withoutRules.split(separator: " ").dropFirst().joined(separator: " ").isForwardMarker
  }
}

extension String {
  fileprivate var withoutRules: String { trimmingCharacters(in: CharacterSet(charactersIn: "-_= ")) }
  fileprivate var isForwardMarker: Bool { ClientWords.forwardMarkers.contains(self) }
}

extension Line {
  /// The text without the first `count` quote marks and the space after them.
  fileprivate func withoutQuoteMarks(_ count: Int) -> String {
    var rest = text[...]
    for _ in 0..<min(count, depth) {
      rest = rest.drop { $0 == " " || $0 == "\u{FEFF}" }
      guard rest.first == ">" else { break }
      rest = rest.dropFirst()
      if rest.first == " " { rest = rest.dropFirst() }
    }
    // Apple and Outlook for Mac put a mark of no width before the first word.
    return rest.first == "\u{FEFF}" ? String(rest.dropFirst()) : String(rest)
  }
}

extension NewTextReader {
  /// The sender's words above and below an original: device lines and signatures go.
  static func ownText(_ lines: [Line], around original: Range<Int>) -> String {
    var reader = NewTextReader(lines, isForward: false, isAnswer: false)
    for index in original { reader.lines[index].rule = "forward" }
    reader.isNote = true
    return reader.read().text
  }
}

/// Who wrote an original, as clients tell it: `Anna <anna@school.nl>`, `Anna [mailto:anna@school.nl]`,
/// `anna@school.nl<mailto:anna@school.nl>`.
struct Sender: Sendable {
  var name: String?
  var mailbox: NamedAddress?

  init(_ value: String) {
    var text = value.replacingOccurrences(of: "mailto:", with: "")
    // `[x@y]`, `(x@y)`
    for (open, close) in [("[", "]"), ("(", ")")] where text.contains(open) && text.contains("@") {
      text = text.replacingOccurrences(of: open, with: "<").replacingOccurrences(of: close, with: ">")
    }
    // `Anna <anna@school.nl> Namens Bert`: the first address counts.
    var address: MailAddress?
    var name = text
    if let open = text.firstIndex(of: "<") {
      let inner = text[text.index(after: open)...].prefix { $0 != ">" && $0 != "<" }
      address = MailAddress(String(inner.filter { !$0.isWhitespace }))
      name = String(text[..<open])
    }
    if address == nil,
      let word = text.split(whereSeparator: { " <>,;\"'".contains($0) }).first(where: { $0.contains("@") })
    {
      address = MailAddress(String(word))
      if let range = name.range(of: word) { name.removeSubrange(range) }
    }
    set(name, address)
  }

  /// The sender in an attribution: the name between the date or the verb and the address.
  init(attribution: String) {
    self.init("")
    let open = attribution.firstIndex(of: "<")
    let inner = open.map { attribution[attribution.index(after: $0)...].prefix { $0 != ">" } } ?? ""
    let address = MailAddress(String(inner).replacingOccurrences(of: "mailto:", with: ""))
    let before = open.map { String(attribution[..<$0]) } ?? attribution
    var words: [Substring] = []
    for word in before.split(separator: " ").reversed() {
      let key = Line.words(Line.key(String(word))).first.map(String.init) ?? ""
      if key.isEmpty || ClientWords.verbs.contains(key) || key.contains(where: \.isNumber)
        || Self.particles.contains(key)
      {
        if words.isEmpty, key.isEmpty || ClientWords.verbs.contains(key) || Self.particles.contains(key) {
          if key.isEmpty, word.contains(where: { "\"«»“”".contains($0) }) { continue }
          if open == nil { continue }
        }
        if key.isEmpty { continue }
        break
      }
      words.insert(word, at: 0)
    }
    set(words.joined(separator: " "), address)
  }

  /// Words between a date and a name.
  private static let particles: Set<String> = [
    "heeft", "ha", "a", "uhr", "am", "pm", "het", "volgende", "von", "from", "via",
  ]

  private mutating func set(_ name: String, _ address: MailAddress?) {
    let marks = CharacterSet(charactersIn: "\"'«»“”„ ,;:*<>\u{A0}\u{FEFF}\t")
    let clean = name.trimmingCharacters(in: marks)
    let isAddress = clean.isEmpty || address?.description.lowercased() == clean.lowercased()
    self.name = isAddress ? nil : clean
    mailbox = address.map { NamedAddress(name: self.name, address: $0) }
  }
}
