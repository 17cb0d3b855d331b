/// Where, in a body, the original begins that the sender answers or forwards.
struct Original: Sendable {
  enum Kind: Sendable {
    case attribution(Attribution)
    case header(HeaderBlock)
    /// A divider, with a header block where there is one.
    case divider(Divider, HeaderBlock?)
    /// An element of HTML from which on all is quoted.
    case element
  }

  let kind: Kind
  /// The lines that tell of it; the original's text follows.
  let range: Range<Int>
  /// False for labels in the sender's own lines that tell nothing that only programs tell: somebody may have typed
  /// them.
  var isSure = true

  /// What begins at the line `index`, whatever its depth.
  ///
  /// - Parameter subject: the mail's own, as `HeaderBlock` wants it.
  static func match(_ lines: [Line], at index: Int, subject: String) -> Original? {
    let line = lines[index]
    guard !line.isBlank else { return nil }
    if let divider = Divider.match(line) { return afterDivider(divider, lines, index, subject) }
    if Divider.isRule(line), let next = nextText(lines, after: index), next - index <= 3,
      lines[next].depth == line.depth,
      let below = match(lines, below: next, subject) ?? shortHeader(lines, at: next, subject)
    {
      return Original(kind: below.kind, range: index..<below.range.upperBound)
    }
    return match(lines, below: index, subject)
  }

  /// Right below a rule a sender and one field more will do, also on one line: `From: Bob Date: Thu, 24 Mar 2016`.
  private static func shortHeader(_ lines: [Line], at index: Int, _ subject: String) -> Original? {
    guard lines[index].label?.kind == .from else { return nil }
    var block = HeaderBlock.match(lines, at: index, subject: subject)
    if block?.fields.count == 1 {
      block = HeaderBlock.onOneLine(lines[index].content, least: 2)
      block?.count = 1
    }
    guard let block, block.hasSender, block.fields[.date] ?? block.fields[.subject] ?? block.fields[.to] != nil else {
      return nil
    }
    return Original(kind: .header(block), range: index..<(index + block.count))
  }

  private static func match(_ lines: [Line], below index: Int, _ subject: String) -> Original? {
    if let block = HeaderBlock.match(lines, at: index, subject: subject), block.isSure {
      let isMarked = lines[index].depth > 0 || lines[index].mark != nil && lines[index].mark != .signature
      return Original(
        kind: .header(block), range: index..<(index + block.count), isSure: isMarked || block.isOfClient)
    }
    if let divider = Divider.bare(lines[index]), let next = nextText(lines, after: index), next - index <= 3,
      let block = HeaderBlock.match(lines, at: next, subject: subject), block.isSure
    {
      return Original(kind: .divider(divider, block), range: index..<(next + block.count))
    }
    if let attribution = Attribution.match(lines, at: index) {
      return Original(kind: .attribution(attribution), range: index..<(index + attribution.count))
    }
    return lines[index].mark == .restIsQuote ? Original(kind: .element, range: index..<index) : nil
  }

  private static func afterDivider(_ divider: Divider, _ lines: [Line], _ index: Int, _ subject: String) -> Original {
    if let block = HeaderBlock.onOneLine(divider.rest) {
      return Original(kind: .divider(divider, block), range: index..<(index + 1))
    }
    guard let next = nextText(lines, after: index), next - index <= 3,
      let block = HeaderBlock.match(lines, at: next, subject: subject)
    else {
      return Original(kind: .divider(divider, nil), range: index..<(index + 1), isSure: divider.isDashed)
    }
    return Original(kind: .divider(divider, block), range: index..<(next + block.count))
  }

  /// The deepest of the lines that tell of it: MailMate quotes the header block, but not the line above it.
  func depth(in lines: [Line]) -> Int { lines[range].map(\.depth).max() ?? 0 }

  /// Where a forwarded original ends: below what bears marks the sender's own words begin; else all the rest is its.
  func end(in lines: [Line]) -> Int {
    let depth = depth(in: lines)
    guard let first = lines[range.upperBound...].firstIndex(where: { !$0.isBlank }),
      // A header that is not quoted itself may stand above a quote.
      let last = lines[first...].lastIndex(where: { $0.depth >= max(depth, 1) }), lines[first].depth >= max(depth, 1),
      depth > 0 || Self.isQuoted(lines[first...last], deeperThan: 0)
    else { return lines.count }
    return last + 1
  }

  /// Whether nearly all lines bear the mark of a quote.
  static func isQuoted(_ lines: ArraySlice<Line>, deeperThan depth: Int) -> Bool {
    let texts = lines.filter { !$0.isBlank }
    let marked = texts.count { $0.depth > depth }
    return marked > 0 && marked * 10 >= texts.count * 9
  }

  static func nextText(_ lines: [Line], after index: Int) -> Int? {
    lines[(index + 1)...].firstIndex { !$0.isBlank }
  }
}

extension HeaderBlock {
  /// Yahoo's block, all on one line: `Van: Anna <anna@school.nl>Aan: … Verzonden: … Onderwerp: …`.
  static func onOneLine(_ text: String, least: Int = 3) -> HeaderBlock? {
    guard let (first, _) = label(of: text) else { return nil }
    var starts: [(HeaderLabel, String.Index, String.Index)] = []
    for colon in text.indices where text[colon] == ":" {
      // The longest label that ends here, up to three words.
      var start = colon
      var found: (HeaderLabel, String.Index)?
      while start > text.startIndex, text.distance(from: start, to: colon) < 20 {
        start = text.index(before: start)
        let name = Line.key(String(text[start..<colon]))
        // Labels begin with a capital; `GMT+1Onderwerp:` has nothing before it.
        if text[start].isUppercase, let label = ClientWords.labels[name] { found = (label, start) }
      }
      if let found, !starts.contains(where: { $0.0 == found.0 }) { starts.append((found.0, found.1, colon)) }
    }
    guard starts.count >= least, starts.first?.0 == first else { return nil }
    var block = HeaderBlock()
    for (position, entry) in starts.enumerated() {
      let end = position + 1 < starts.count ? starts[position + 1].1 : text.endIndex
      block.fields[entry.0] = String(text[text.index(after: entry.2)..<end]).trimmed
    }
    return block
  }
}
