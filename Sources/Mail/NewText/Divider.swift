/// A line that says that the original follows: `-----Oorspronkelijk bericht-----`, `Begin doorgestuurd bericht:`.
struct Divider: Sendable {
  let isForward: Bool
  /// `Doorgestuurd bericht van opa:` may be a person's, if no header block follows.
  var isDashed = true
  /// What stands behind it on the same line, as Yahoo writes its header block.
  let rest: String

  private static let dashes: Set<Character> = ["-", "_", "=", "*", "—", "–", "─", "~", "+", "•", " "]

  static func match(_ line: Line) -> Divider? {
    guard !line.key.isEmpty, line.key.utf8.count <= 2_000 else { return nil }
    let key = line.key
    // A divider begins with dashes, or ends with a colon; nothing else is worth looking up.
    guard let octet = key.utf8.first, !octet.isASCIILetter || key.utf8.last == 0x3A && key.utf8.count <= 120 else {
      return nil
    }
    let start = key.prefix { dashes.contains($0) }
    let core = key.dropFirst(start.count)
    let isDashed = start.filter { $0 != " " }.count >= 2
    let end = core.firstIndex { $0 == "-" || $0 == "—" || $0 == "─" || $0 == "=" || $0 == "_" } ?? core.endIndex
    var words = String(core[..<end]).trimmed
    // `Original-Nachricht` has a dash of its own.
    if !core[end...].hasPrefix("--") { words = String(core).withoutDashes }
    let isColon = words.hasSuffix(":") || words.hasSuffix(" :")
    words = words.trimmed.withoutColon
    if isDashed, core[end...].hasPrefix("--"), isAttribution(words) { return Divider(isForward: false, rest: "") }
    guard isDashed || isColon, let isForward = kind(of: words) else { return nil }
    let tail = core[end...].drop { dashes.contains($0) }
    return Divider(
      isForward: isForward, isDashed: isDashed, rest: tail.isEmpty ? "" : String(line.content.suffix(tail.count)))
  }

  /// A divider without dashes, for a line above a header block.
  static func bare(_ line: Line) -> Divider? {
    guard line.key.utf8.count <= 60 else { return nil }
    let words = line.key.withoutDashes.withoutColon
    if ClientWords.forwardMarkers.contains(words) { return Divider(isForward: true, rest: "") }
    return ClientWords.originalMarkers.contains(words) ? Divider(isForward: false, rest: "") : nil
  }

  /// Whether the line is a rule, as Outlook draws above a header block.
  static func isRule(_ line: Line) -> Bool {
    line.content.utf8.count >= 3
      && line.content.allSatisfy {
        $0 == "_" || $0 == "-" || $0 == "—" || $0 == "─" || $0 == "=" || $0 == " " || $0 == "*"
      }
  }

  private static let forwardBeginnings = ClientWords.forwardMarkers.map { Array("\($0) ".utf8) }

  /// `---- Anna de Vries schreef ----`
  private static func isAttribution(_ words: String) -> Bool {
    let words = words.split(separator: " ")
    return (2...12).contains(words.count) && words.last.map { ClientWords.verbs.contains(String($0)) } ?? false
  }

  private static func kind(of words: String) -> Bool? {
    if ClientWords.forwardMarkers.contains(words) { return true }
    if ClientWords.originalMarkers.contains(words) { return false }
    // `Doorgestuurd bericht van Anna`
    guard words.utf8.count <= 120 else { return nil }
    return forwardBeginnings.contains { words.utf8.starts(with: $0) } ? true : nil
  }
}

extension String {
  fileprivate var withoutDashes: String {
    let dashes: Set<Character> = ["-", "_", "=", "*", "—", "–", "─", "~", "+", "•", " "]
    var rest = self[...]
    while let first = rest.first, dashes.contains(first) { rest = rest.dropFirst() }
    while let last = rest.last, dashes.contains(last) { rest = rest.dropLast() }
    return String(rest)
  }

  fileprivate var withoutColon: String { hasSuffix(":") ? String(dropLast()).trimmed : self }
}
