/// One line of a body, in the forms that rules look at.
struct Line: Sendable {
  /// As it was written.
  var text: String
  /// How many `>` stand before it, or how many quotes of HTML it stands in.
  var depth: Int
  /// Without quote marks, spaces and invisible characters at the ends.
  var content: String
  /// `content` in lower case, with straight apostrophes and single plain spaces: what tables hold.
  var key: String
  /// Whether an attribution may end here, and what label of a header block stands here: found once, asked often.
  private(set) var closesAttribution = false
  private(set) var label: (kind: HeaderLabel, value: String)?
  var mark: HTMLMark?
  /// Of HTML: whether all its text has a colour of its own.
  var isColoured = false
  /// The rule that cut it.
  var rule: String?

  var isBlank: Bool { content.isEmpty }
  var isOwn: Bool { depth == 0 && rule == nil }

  init(_ text: some StringProtocol, limit: Int) {
    let typed = FlowedText.typedMark(text)
    self.text = typed ?? String(text)
    guard self.text.utf8.count <= limit else {
      (depth, content, key) = (0, self.text.trimmed, "")
      return
    }
    let (depth, start) = typed == nil ? Self.quoteMarks(self.text) : (0, self.text.startIndex)
    let content = self.text[start...].trimmed
    // `>>> link <<<` is decoration, no quote.
    let isDecoration = depth > 1 && content.hasSuffix("<<<")
    self.depth = isDecoration ? 0 : depth
    self.content = isDecoration ? self.text.trimmed : content
    key = Self.key(self.content)
    classify()
  }

  init(_ line: HTMLLine, limit: Int) {
    text = String(repeating: "> ", count: line.depth) + line.text
    depth = line.depth
    content = line.text.trimmed
    key = line.text.utf8.count <= limit ? Self.key(content) : ""
    mark = line.mark
    isColoured = line.isColoured
    classify()
  }

  private mutating func classify() {
    closesAttribution = Attribution.closes(content, key)
    label = HeaderBlock.label(of: content).map { ($0.0, $0.1) }
  }

  /// `Bo van der Vos`, `-bo`, `Groet Bo`, `Met vriendelijke groet,`: capitals but for particles, and nothing said.
  var isName: Bool {
    let words = Self.words(content)
    guard let first = words.first, !".!?".contains(content.last ?? " ") else { return words.isEmpty }
    if words.count == 1 || words.count <= 4 && content.last == "," { return true }
    return first.first?.isUppercase == true && words.allSatisfy { $0.first?.isUppercase == true || $0.count <= 3 }
  }

  /// `Hoi juf`, `Anna,`.
  var isGreeting: Bool {
    let words = Self.words(key)
    guard let first = words.first, words.count <= 4 else { return false }
    return content.last == "," || words.count > 1 && ClientWords.greetings.contains(String(first))
  }

  /// `Groetjes Bo`, `Met vriendelijke groet,`.
  var isClosing: Bool {
    let words = Self.words(key)
    return words.count <= 6 && words.contains { ClientWords.closings.contains(String($0)) }
  }

  /// `1. hoe laat?`, `- waar`.
  var isListed: Bool {
    let first = content.prefix { $0 != " " }
    guard first.count < content.count, let sign = first.last else { return false }
    return ["-", "*", "•"].contains(first)
      || (sign == "." || sign == ")") && (1...2).contains(first.count - 1)
        && first.dropLast().allSatisfy(\.isNumber)
  }

  /// Whether it ends as a sentence does, and is more than the name of a firm: `Bouwbedrijf de Vos B.V.`
  var isSentence: Bool {
    let words = content.split(separator: " ")
    return words.count >= 3 && ".!?".contains(content.last ?? " ") && words.last?.first?.isUppercase == false
  }

  static func lines(_ text: String, _ limits: MIMELimits) -> [Line] {
    var lines: [Line] = []
    let (first, rest) = text.lines(most: limits.textLines)
    for text in first {
      var line = Line(text, limit: limits.lineLength)
      if line.depth == 1, let last = lines.last, line.closesBracket(of: last) { line.becomePlain() }
      lines.append(line)
    }
    // Together: millions of lines would take more room than the mail.
    if let rest {
      var line = Line(rest.replacing("\r\n", with: "\n"), limit: 0)
      // A quote that is longer than that goes on.
      if let last = lines.last, last.depth > 0, line.content.hasPrefix(">") { line.depth = last.depth }
      lines.append(line)
    }
    return lines
  }

  /// `>:` or `> wrote:`, where a wrapped attribution left its address open on the line above.
  private func closesBracket(of above: Line) -> Bool {
    guard closesAttribution, depth == 1, above.depth == 0, content.utf8.count <= 40,
      let open = above.content.lastIndex(of: "<"), !above.content[open...].contains(">")
    else { return false }
    return content == ":"
      || content.hasSuffix(":") && ClientWords.verbs.contains(Self.words(key).last.map(String.init) ?? "")
  }

  /// The `>` before it is no quote mark.
  private mutating func becomePlain() {
    depth = 0
    content = text.trimmed
    key = Self.key(content)
    classify()
  }

  static func lines(_ lines: [HTMLLine], _ limits: MIMELimits) -> [Line] {
    lines.enumerated().map { Line($1, limit: $0 < limits.textLines ? limits.lineLength : 0) }
  }

  /// Spaces may stand between quote marks, and Outlook for Mac puts U+FEFF after them.
  private static func quoteMarks(_ text: String) -> (Int, String.Index) {
    let scalars = text.unicodeScalars
    var depth = 0
    var end = scalars.startIndex
    var index = end
    while index < scalars.endIndex {
      let scalar = scalars[index]
      index = scalars.index(after: index)
      if scalar == ">" {
        depth += 1
        end = index
      } else if scalar != " " && scalar != "\u{FEFF}" && scalar != "\u{A0}" && scalar != "\u{200B}" {
        break
      }
    }
    return (depth, end)
  }

  static func key(_ content: String) -> String {
    if content.utf8.allSatisfy({ $0 < 0x80 && $0 != 0x60 }) { return asciiKey(content) }
    var result = String.UnicodeScalarView()
    var atSpace = false
    for scalar in content.lowercased().unicodeScalars {
      switch scalar {
      case "\u{200B}"..."\u{200F}", "\u{202A}"..."\u{202E}", "\u{2060}"..."\u{2069}", "\u{FEFF}", "\u{AD}": continue
      // Vowel marks of Arabic and its stretched lines: written or not, the word is the same.
      case "\u{640}", "\u{64B}"..."\u{652}": continue
      case "\u{2018}", "\u{2019}", "\u{2BC}", "\u{B4}", "`":
        if atSpace { result.append(" ") }
        atSpace = false
        result.append("'")
      case _ where scalar.properties.isWhitespace: atSpace = !result.isEmpty
      default:
        if atSpace { result.append(" ") }
        atSpace = false
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// The same for ASCII, as nearly all lines are, many times as fast.
  private static func asciiKey(_ content: String) -> String {
    String(unsafeUninitializedCapacity: content.utf8.count) { octets in
      var count = 0
      var atSpace = false
      for octet in content.utf8 {
        if octet == 0x20 || (0x09...0x0D).contains(octet) {
          atSpace = count > 0
        } else {
          if atSpace {
            octets[count] = 0x20
            count += 1
          }
          atSpace = false
          octets[count] = octet.lowered
          count += 1
        }
      }
      return count
    }
  }

  /// The words of a key, without the punctuation around them.
  static func words(_ key: some StringProtocol) -> [Substring] {
    Substring(key).split(separator: " ").compactMap { word in
      let scalars = word.unicodeScalars
      guard let first = scalars.firstIndex(where: { !punctuation.contains($0) }),
        var last = scalars.lastIndex(where: { !punctuation.contains($0) })
      else { return nil }
      // `napisał(a)` keeps its brackets.
      let next = scalars.index(after: last)
      if next < scalars.endIndex, scalars[next] == ")", scalars[first...last].contains("(") { last = next }
      return Substring(scalars[first...last])
    }
  }

  private static let punctuation = Set<Unicode.Scalar>(",.:;\"'*()<>[]«»„“”|-".unicodeScalars)
}
