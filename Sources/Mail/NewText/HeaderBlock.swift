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

  /// Lines that a block may take: of a class, each receiver may have one.
  static let mostLines = 250
  /// Lines that a subject may take.
  private static let mostSubjectLines = 5

  /// The block that begins at the line `start`, if a label stands there that begins one.
  ///
  /// - Parameter subject: the mail's own, without prefixes, as `Line.key` makes it; empty where there is none.
  static func match(_ lines: [Line], at start: Int, subject: String) -> HeaderBlock? {
    guard start < lines.count, let first = lines[start].label?.kind, first != .cc, first != .other else { return nil }
    var block = HeaderBlock()
    var index = start
    var open: HeaderLabel?
    // How many lines more a subject may have.
    var subjectLines = mostSubjectLines
    let (depth, mark) = (lines[start].depth, lines[start].mark)
    while index < lines.count, index - start < mostLines, lines[index].depth == depth, lines[index].mark == mark {
      let line = lines[index]
      if let (kind, value) = line.label {
        if kind == .from, isBeginning(lines, index, after: start, subject) { break }
        if block.fields[kind] == nil {
          block.fields[kind] = value
        } else if kind == .from, lines[index - 1].isBlank {
          // The header of the next message.
          break
        } else if kind == .from || first != .from, chief.contains(kind) {
          // Told twice: the first is the sender's own `Datum: 4 juni`, and the header begins below it.
          return nil
        }
        open = kind
      } else if line.isBlank {
        guard continues(lines, after: index, block) else { break }
      } else if let kind = open, block.fields[kind]?.isEmpty == true {
        block.fields[kind] = line.content.withoutEmphasis
      } else if Divider.isRule(line) {
        break
      } else if let kind = open,
        isContinuation(lines, index, block) || goesOn(block, kind, with: line, subjectLines > 0 ? subject : "")
      {
        block.fields[kind]? += " " + line.content.withoutEmphasis
        if kind == .subject { subjectLines -= 1 }
      } else {
        break
      }
      index += 1
    }
    while index > start, lines[index - 1].isBlank { index -= 1 }
    block.count = index - start
    return block
  }

  /// Whether the block begins at the line of the sender, where above a blank line somebody wrote `Datum: 4 juni`: it is
  /// sure by itself, and no blank line follows there, as in a header that has them everywhere.
  private static func isBeginning(_ lines: [Line], _ index: Int, after start: Int, _ subject: String) -> Bool {
    index > start && lines[index - 1].isBlank && index + 1 < lines.count && !lines[index + 1].isBlank
      && match(lines, at: index, subject: subject)?.isSure ?? false
  }

  private static let chief: [HeaderLabel] = [.from, .date, .to, .subject]

  /// After one blank line the block goes on where a label follows that was not there yet, and of the
  /// chief ones one is missing: a text may begin with `Bijlage: rooster`.
  private static func continues(_ lines: [Line], after index: Int, _ block: HeaderBlock) -> Bool {
    guard index + 1 < lines.count else { return false }
    let next = lines[index + 1]
    guard let (kind, _) = next.label else { return false }
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

  /// Whether the field goes on with a line, whatever follows: with the next receivers, or the rest of a subject that
  /// the mail's own tells.
  private static func goesOn(_ block: HeaderBlock, _ kind: HeaderLabel, with line: Line, _ subject: String) -> Bool {
    guard let value = block.fields[kind], line.content.utf8.count <= longestLine else { return false }
    switch kind {
    case .from, .replyTo: return isMailboxes(line.content)
    case .to, .cc: return value.last == "," || value.last == ";" || isMailboxes(line.content)
    case .subject:
      guard value.utf8.count + line.content.utf8.count < subject.utf8.count + longestPrefixes, !subject.isEmpty else {
        return false
      }
      return "\(subject) ".hasPrefix(Line.key(SubjectLine("\(value) \(line.content)").base) + " ")
    case .date, .other: return false
    }
  }

  /// In octets: `Re: Fwd: Antw: `.
  private static let longestPrefixes = 60

  /// RFC 5322, section 2.1.1.
  private static let longestLine = 998

  /// `Bo Vos <bo@ouder.test>, els@ouder.test;` and nothing else; a name may have its address on the next line.
  private static func isMailboxes(_ content: String) -> Bool {
    guard content.utf8.contains(0x40) else { return false }
    let mailboxes = content.split { $0 == "," || $0 == ";" }
    return mailboxes.enumerated().allSatisfy { place, mailbox in
      let words = mailbox.split(separator: " ")
      guard words.count <= 6, let last = words.last else { return false }
      if !last.utf8.contains(0x40) { return place > 0 && place == mailboxes.count - 1 }
      return words.count == 1 || last.hasPrefix("<") && last.hasSuffix(">")
    }
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
