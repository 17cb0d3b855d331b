/// The header that clients copy above a message they quote or forward: `Van: … Verzonden: … Aan: … Onderwerp: …`, in
/// any order and language, labels in bold, in capitals, with the value on the next line, or wrapped.
struct HeaderBlock: Sendable {
  var fields: [HeaderLabel: String] = [:]
  /// Lines it takes.
  var count = 0

  /// Enough to be no list that somebody typed: a sender, and two more of date, receiver and subject.
  var isSure: Bool {
    guard hasSender else { return false }
    let others = [HeaderLabel.date, .to, .subject].filter { fields[$0] != nil }.count
    return others >= 2
  }

  /// Whether a sender is told: `Van: 10.00 uur` tells none.
  var hasSender: Bool {
    fields[.from].map { $0.first?.isNumber != true || Self.holdsAddress($0) } ?? false
  }

  /// Whether the values tell what programs tell, and a list that somebody typed does not: an address of the sender or
  /// the receiver, or a subject and the minute.
  var isOfClient: Bool {
    let people = [HeaderLabel.from, .to, .replyTo].compactMap { fields[$0] }
    return people.contains(where: Self.holdsAddress)
      || fields[.subject] != nil && fields[.date].map(WrittenDate.tellsTime) ?? false
  }

  private static func holdsAddress(_ value: String) -> Bool {
    value.split(separator: "@").dropFirst().contains { $0.utf8.contains(0x2E) }
  }

  /// The block that begins at the line `start`, if any label stands there.
  static func match(_ lines: [Line], at start: Int) -> HeaderBlock? {
    guard start < lines.count, lines[start].label != nil else { return nil }
    var block = HeaderBlock()
    var index = start
    var open: HeaderLabel?
    let depth = lines[start].depth
    while index < lines.count, index - start < 40, lines[index].depth == depth {
      let line = lines[index]
      if let (kind, value) = line.label {
        // A second sender begins the header of the next message.
        if kind == .from, block.fields[.from] != nil { break }
        if block.fields[kind] == nil { block.fields[kind] = value }
        open = kind
      } else if line.isBlank {
        guard continues(lines, after: index, block) else { break }
      } else if let kind = open, block.fields[kind]?.isEmpty == true {
        block.fields[kind] = line.content.withoutEmphasis
      } else if let kind = open, isContinuation(lines, index, block) {
        block.fields[kind]? += " " + line.content.withoutEmphasis
      } else {
        break
      }
      index += 1
    }
    while index > start, lines[index - 1].isBlank { index -= 1 }
    block.count = index - start
    return block
  }

  /// After one blank line the block goes on where a label follows that was not there yet, and of the
  /// chief ones one is missing: a text may begin with `Bijlage: rooster`.
  private static func continues(_ lines: [Line], after index: Int, _ block: HeaderBlock) -> Bool {
    guard index + 1 < lines.count else { return false }
    let next = lines[index + 1]
    guard let (kind, _) = next.label else { return false }
    let chief: [HeaderLabel] = [.from, .date, .to, .subject]
    return block.fields[kind] == nil && chief.contains { block.fields[$0] == nil }
  }

  /// A wrapped value: a label that was not there yet follows within three lines, none of them blank.
  private static func isContinuation(_ lines: [Line], _ index: Int, _ block: HeaderBlock) -> Bool {
    for next in lines[(index + 1)...].prefix(3) {
      if next.isBlank { return false }
      if let (kind, _) = next.label { return block.fields[kind] == nil }
    }
    return false
  }

  static func label(of content: some StringProtocol) -> (HeaderLabel, String)? {
    // A colon, or the first octet of the wide one.
    guard content.utf8.prefix(120).contains(where: { $0 == 0x3A || $0 == 0xEF }) else { return nil }
    guard let colon = content.prefix(40).firstIndex(where: { $0 == ":" || $0 == "：" }) else { return nil }
    let name = Line.key(String(content[..<colon]).withoutEmphasis)
    guard let label = ClientWords.labels[name] else { return nil }
    return (label, String(content[content.index(after: colon)...]).withoutEmphasis)
  }
}

extension String {
  /// Without the `*`, `_` and `|` that stand for bold and for table cells, and without spaces, at both ends.
  var withoutEmphasis: String {
    let marks: Set<Character> = ["*", "_", "|", " ", "\t", "\u{A0}", "\u{FEFF}"]
    var rest = self[...]
    while let first = rest.first, marks.contains(first) { rest = rest.dropFirst() }
    while let last = rest.last, marks.contains(last) { rest = rest.dropLast() }
    return String(rest)
  }
}
