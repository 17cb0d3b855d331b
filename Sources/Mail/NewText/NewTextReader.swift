/// Sorts the lines of a body into the sender's own and the rest. Each step marks lines with the rule that cuts them:
///
/// 1. what a mail of ours said to its reader alone (`PrivatePart`), and the footer of our own templates, from its
///    marker on;
/// 2. where originals begin (attribution, header block, divider, HTML element): those lines, and all that follows where
///    the quote bears no `>`;
/// 3. signatures, device lines and disclaimers at the end of the sender's stretches;
/// 4. quoted lines: kept are paragraphs that the sender answered between the lines.
///
/// In doubt a line stays: losing what a parent wrote is worse than showing some of the school's own words again.
struct NewTextReader {
  var lines: [Line]
  /// Whether the subject says that this message forwards another.
  let isForward: Bool
  /// Whether the header says that it answers one.
  let isAnswer: Bool
  /// Who wrote the mail, where that is known.
  var sender: NamedAddress?
  /// The mail's, as `HeaderBlock` wants it.
  var subject = ""
  /// Whether answers were found within an original that bears no marks.
  var hasColouredAnswers = false
  /// Whether the lines are those above a forwarded message: there a signature often stands alone.
  var isNote = false

  init(_ lines: [Line], isForward: Bool, isAnswer: Bool) {
    self.lines = lines
    self.isForward = isForward
    self.isAnswer = isAnswer
  }

  mutating func read() -> NewText {
    cutPrivateParts()
    cutFooter()
    splitGlued()
    cutOriginals()
    cutBanners()
    cutTails()
    joinLostWraps()
    cutQuotes()
    keepColouredAnswers()
    keepTypedSignature()
    return result()
  }

  // MARK: Originals

  /// Gives an attribution that is glued to other text a line of its own.
  private mutating func splitGlued() {
    for index in lines.indices.reversed() where lines[index].isOwn && lines[index].mark == nil {
      guard let (start, _) = Attribution.glued(lines, at: index),
        Attribution.match(lines, at: index)?.startsWithDate != true
      else { continue }
      let content = lines[index].content
      let rest = Line(content[start...], limit: .max)
      lines[index] = Line(content[..<start], limit: .max)
      lines.insert(rest, at: index + 1)
    }
  }

  private mutating func cutOriginals() {
    var index = 0
    // Found when first asked for: hardly any mail needs it.
    var lastSure: Int?
    while index < lines.count {
      guard lines[index].isOwn, let original = Original.match(lines, at: index, subject: subject),
        original.isSure || isForward
      else {
        index += 1
        continue
      }
      let next = Original.nextText(lines, after: max(original.range.upperBound - 1, index - 1))
      let isMarked = next.map { lines[$0].depth > 0 } ?? false
      switch original.kind {
      case .attribution(let attribution):
        // `Op 3 november 2025 schreef de directeur het volgende:` in a mail that answers nothing is its sender's own.
        guard attribution.isOfClient || isAnswer || isForward || isMarked else {
          index += 1
          continue
        }
        // So is one that nothing marks, above one that is surely a client's.
        if !attribution.isOfClient, !isMarked, !isForward {
          let last = lastSure ?? lastSureOriginal()
          lastSure = last
          guard index >= last else {
            index += 1
            continue
          }
        }
        cut(original.range, rule: "attribution")
        if !isMarked, attribution.isSure || isForward, hasOwnText(before: index) || isForward || next == nil,
          isForward || !isAnsweredWithin(original)
        {
          index = cutText(of: original)
          continue
        }
      case .header, .divider(_, .some):
        cut(original.range, rule: "header-block")
        let mayAnswerBelow = isMarked && !isForward
        if !mayAnswerBelow,
          hasOwnText(before: index) || isForward || isForwardDivider(original)
        {
          index = cutText(of: original)
          continue
        }
      case .divider(let divider, nil):
        cut(original.range, rule: "divider")
        if !isMarked, hasOwnText(before: index) || divider.isForward {
          index = cutText(of: original)
          continue
        }
      case .element:
        if hasOwnText(before: index) || isForward { return cutRest(from: index, rule: "quote") }
        index += 1
        continue
      }
      index = max(index + 1, original.range.upperBound)
    }
  }

  /// Where the last original begins that no person typed: with an address, marks of a quote, or an element; 0 where
  /// there is none.
  private func lastSureOriginal() -> Int {
    lines.indices.last { index in
      guard lines[index].rule == nil, let original = Original.match(lines, at: index, subject: subject) else {
        return false
      }
      guard case .attribution(let attribution) = original.kind else { return original.isSure }
      let next = Original.nextText(lines, after: max(original.range.upperBound - 1, index))
      return attribution.isOfClient || next.map { lines[$0].depth > lines[index].depth } ?? false
    } ?? 0
  }

  /// Whether an attribution announces a quote, and no line bears the mark of one.
  var hasUnmarkedQuote: Bool {
    !isForward && lines.contains { $0.rule == "attribution" } && !lines.contains { $0.depth > 0 }
  }

  private func isForwardDivider(_ original: Original) -> Bool {
    if case .divider(let divider, _) = original.kind { divider.isForward } else { false }
  }

  func hasOwnText(before index: Int) -> Bool {
    lines[..<index].contains { $0.isOwn && !$0.isBlank && !Tail.isDevice($0) }
  }

  private mutating func cut(_ range: Range<Int>, rule: String) {
    for index in range where lines[index].rule == nil { lines[index].rule = rule }
  }

  private mutating func cutRest(from index: Int, rule: String) { cut(index..<lines.count, rule: rule) }

  /// Cuts what the original says, and tells where it ends.
  private mutating func cutText(of original: Original) -> Int {
    let end = isForward ? original.end(in: lines) : lines.count
    cut(original.range.upperBound..<end, rule: "quote")
    return end
  }

  // MARK: Footer, banners and tails

  /// With its marks, whatever stands between: a paragraph of it that is answered would stand without them. Within a
  /// quote the sender's own lines stay, also where the end of it is gone.
  private mutating func cutPrivateParts() {
    // How deep the part began that is open.
    var begun: Int?
    for index in lines.indices where begun != nil || lines[index].text.holds(PrivatePart.begin) {
      if let begun, begun > 0, lines[index].depth == 0 { continue }
      var (kept, rest) = ("", lines[index].text[...])
      while let mark = rest.range(of: begun == nil ? PrivatePart.begin : PrivatePart.end) {
        if begun == nil { kept += rest[..<mark.lowerBound] }
        begun = begun == nil ? lines[index].depth : nil
        rest = rest[mark.upperBound...]
      }
      if begun == nil { kept += rest }
      var line = Line(kept, limit: .max)
      (line.mark, line.depth) = (lines[index].mark, lines[index].depth)
      if line.isBlank { lines[index].rule = "private" } else { lines[index] = line }
    }
  }

  private mutating func cutFooter() {
    var inFooter = false
    // Of blank lines after each other, all are followed by the same.
    var isAsked = false
    for index in lines.indices {
      if !lines[index].isBlank { isAsked = false }
      if lines[index].mark == .footer {
        lines[index].rule = "footer"
      } else if lines[index].depth > 0 {
        inFooter = false
      } else if lines[index].isBlank {
        if inFooter, !isAsked, followsQuote(index) { inFooter = false }
        isAsked = true
      } else if lines[index].content.hasPrefix(NewText.footerMarker.trimmed) {
        inFooter = true
      }
      if inFooter { lines[index].rule = "footer" }
    }
  }

  private func followsQuote(_ index: Int) -> Bool {
    Original.nextText(lines, after: index).map { Original.match(lines, at: $0, subject: subject)?.isSure ?? false }
      ?? false
  }

  /// Warnings that mail systems put above a text.
  private mutating func cutBanners() {
    guard let first = lines.firstIndex(where: { $0.isOwn && !$0.isBlank }) else { return }
    let end = lines[first...].firstIndex { $0.isBlank } ?? lines.count
    // Where the banner runs into the text, only its first line goes.
    let range = first..<(end - first > 4 ? first + 1 : end)
    if !Tail.isBanner(lines[first]) {
      // A text that is nothing else was written by somebody.
      let hasMore = lines[range.upperBound...].contains { $0.isOwn && !$0.isBlank }
      guard hasMore, Tail.isWarning(lines[first..<end]) else { return }
    }
    cut(range, rule: "banner")
  }

  private mutating func cutTails() {
    for index in lines.indices where lines[index].isOwn && lines[index].mark == .signature {
      lines[index].rule = "signature"
    }
    let quote = lines.firstIndex { $0.depth > 0 } ?? lines.count
    for stretch in ownStretches() {
      let cuts = Tail.cuts(lines, in: stretch, isBelowQuote: stretch.lowerBound > quote, of: sender)
      for (range, rule) in cuts { cut(range, rule: rule) }
    }
  }

  /// Some people type in the signature that the client put there: where nothing else is left but a greeting, it stays,
  /// but for what programs and cards tell. A name alone is no text.
  private mutating func keepTypedSignature() {
    let left = Array(lines.lazy.filter { $0.rule == nil && !$0.isBlank }.prefix(2))
    guard left.isEmpty || left.count == 1 && left[0].isGreeting else { return }
    let signed = lines.indices.filter { lines[$0].rule == "signature" && lines[$0].depth == 0 }
    let facts = signed.filter { ContactBlock.tellsFact(lines[$0]) }
    let own = signed.filter { !facts.contains($0) && !Tail.isDevice(lines[$0]) && lines[$0].key != "--" }
    let isSaid = own.contains { index in
      facts.isEmpty && !isForward && !isNote && left.isEmpty
        ? !lines[index].isBlank && !lines[index].isName : lines[index].isSentence
    }
    guard isSaid else { return }
    for index in own { lines[index].rule = nil }
  }

  /// The runs of lines that are the sender's so far.
  private func ownStretches() -> [Range<Int>] {
    var stretches: [Range<Int>] = []
    var start: Int?
    for index in lines.indices {
      if lines[index].isOwn {
        start = start ?? index
      } else if let begun = start {
        stretches.append(begun..<index)
        start = nil
      }
    }
    if let begun = start { stretches.append(begun..<lines.count) }
    return stretches
  }

  // MARK: Result

  private func result() -> NewText {
    let text = shown(lines.filter { $0.rule == nil })
    if text.isEmpty, !isForward, let kept = wrappedBody() { return kept }
    return NewText(text: text, cuts: cuts())
  }

  /// A quote's container can wrap the whole body: where nothing else is left and nothing told of an original, it stays.
  private func wrappedBody() -> NewText? {
    guard lines.contains(where: { $0.rule == "quote" }),
      !lines.contains(where: { ["attribution", "header-block", "divider"].contains($0.rule) })
    else { return nil }
    let own = lines.filter { $0.rule == "quote" || $0.rule == nil }
    guard own.contains(where: { $0.mark != nil || $0.depth == 0 }) else { return nil }
    return NewText(text: shown(own), cuts: cuts().filter { $0.rule != "quote" })
  }

  private func shown(_ lines: [Line]) -> String {
    var result: [String] = []
    for line in lines {
      if line.isBlank, line.depth == 0, result.last?.isEmpty ?? true, result.count > 1 || result.isEmpty { continue }
      result.append(line.isBlank && line.depth == 0 ? "" : line.text)
    }
    while result.last?.isEmpty == true { result.removeLast() }
    // An indented first line keeps its indentation.
    return result.joined(separator: "\n")
  }

  private func cuts() -> [NewText.Cut] {
    var cuts: [NewText.Cut] = []
    var open: (rule: String, lines: [String])?
    for line in lines {
      if let rule = open?.rule, rule == line.rule {
        open?.lines.append(line.text)
      } else if let rule = line.rule {
        if let done = open { cuts.append(.init(rule: done.rule, text: done.lines.joined(separator: "\n"))) }
        open = (rule, [line.text])
      } else if let done = open {
        cuts.append(.init(rule: done.rule, text: done.lines.joined(separator: "\n")))
        open = nil
      }
    }
    if let done = open { cuts.append(.init(rule: done.rule, text: done.lines.joined(separator: "\n"))) }
    return cuts
  }
}
