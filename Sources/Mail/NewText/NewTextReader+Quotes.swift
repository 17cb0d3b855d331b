/// What the sender quoted, and what they answered between its lines.
extension NewTextReader {
  /// A quoted line that a client wrapped without a new `>`: it stands between quoted lines, no blank line about it, and
  /// the line above was too long for its first word. What begins in small letters below the end of a sentence may be an
  /// answer, unless the client surely wrapped so elsewhere.
  mutating func joinLostWraps() {
    let wraps = lines.indices.dropFirst().dropLast().filter { lines[$0].isOwn && isLostWrap($0) }
    let sure = wraps.filter { lines[$0 - 1].content.last != "." }
    for index in sure.isEmpty ? [] : wraps { lines[index].depth = lines[index - 1].depth }
  }

  private func isLostWrap(_ index: Int) -> Bool {
    let (above, line) = (lines[index - 1], lines[index])
    guard above.depth > 0, lines[index + 1].depth > 0, line.mark == nil, above.mark == nil,
      let word = line.content.split(separator: " ").first
    else { return false }
    // Below a question stands an answer.
    guard above.content.last != "?" else { return false }
    if line.key.drop(while: { "(<".contains($0) }).hasPrefix("http") { return true }
    // Sentences begin with a capital.
    return above.content.last.map { !"!:".contains($0) } ?? false && word.first?.isUppercase != true
      && Self.wrapWidths.contains(above.text.count + word.count)
  }

  /// A line and the word that had no room in it: a shorter line needed no wrap, a longer one was not wrapped.
  private static let wrapWidths = 69...110

  mutating func cutQuotes() {
    let quoted = quoteBlocks().filter { !isTypedList($0) }
    guard let first = quoted.first else { return }
    var answers: [(block: Int, hasQuoteBelow: Bool)] = []
    for (position, block) in quoted.enumerated() {
      let end = position + 1 < quoted.count ? quoted[position + 1].lowerBound : lines.count
      if lines[block.upperBound..<end].contains(where: { $0.isOwn && !$0.isBlank }) {
        answers.append((position, position + 1 < quoted.count))
      }
    }
    // One text below all quotes answers the whole; texts between quotes answer what stands right above them.
    // So does a text below a quote that no attribution announces, with text above it too; but not below a forward.
    let isTyped =
      !isForward && hasOwnText(before: first.lowerBound) && lines[..<first.lowerBound].last { !$0.isBlank }?.rule == nil
    let isBetween = answers.count > 1 || answers.first?.hasQuoteBelow == true || isTyped
    let kept = isBetween ? answers.map { answeredParagraph(quoted[$0.block]) } : []
    for block in quoted {
      for index in block where !kept.contains(where: { $0.contains(index) }) && lines[index].rule == nil {
        lines[index].rule = "quote"
      }
    }
  }

  /// Whether the sender began to write below the line that tells of the original, and went on within it: a few lines,
  /// none of which begins another, then the marks of a quote, and text and marks again.
  func isAnsweredWithin(_ original: Original) -> Bool {
    let start = original.range.upperBound
    guard let quote = lines[start...].prefix(Self.mostLinesAbove).firstIndex(where: { $0.depth > 0 }),
      (start..<quote).allSatisfy({ Original.match(lines, at: $0, subject: subject) == nil }),
      let answer = lines[quote...].firstIndex(where: { $0.depth == 0 && !$0.isBlank })
    else { return false }
    return Original.match(lines, at: answer, subject: subject) == nil && lines[answer...].contains { $0.depth > 0 }
  }

  /// Of what somebody writes between an attribution and its quote.
  private static let mostLinesAbove = 8

  /// `Hoi juf, de maten:` and lines with `>` below it, above all that tells of an original: a list that somebody typed.
  private func isTypedList(_ block: Range<Int>) -> Bool {
    guard let above = lines[..<block.lowerBound].last(where: { !$0.isBlank }), above.isOwn,
      above.content.last == ":", lines[block].allSatisfy({ $0.mark == nil }),
      let below = lines[block.upperBound...].first(where: { !$0.isBlank }), below.depth == 0,
      let rule = below.rule, Self.originalRules.contains(rule)
    else { return false }
    return !lines[..<block.lowerBound].contains { $0.rule.map(Self.originalRules.contains) ?? false }
  }

  /// Whether the sender may have answered in another colour within an original that bears no marks.
  var namesColour: Bool {
    !isForward && lines.contains { $0.rule == "quote" && $0.depth == 0 }
      && lines.contains { line in
        line.isOwn && Line.words(line.key).contains { ClientWords.colours.contains(String($0)) }
      }
  }

  /// Who answers within an original that Outlook does not mark, does so in another colour, and says so above it. Each
  /// stays with the line that it answers.
  mutating func keepColouredAnswers() {
    guard lines.contains(where: \.isColoured), namesColour else { return }
    let quoted = lines.indices.filter { lines[$0].rule == "quote" && lines[$0].depth == 0 && !lines[$0].isBlank }
    // Of some originals all text has a colour.
    guard quoted.count(where: { lines[$0].isColoured }) * 2 <= quoted.count else { return }
    var question: Int?
    for index in quoted {
      guard lines[index].isColoured else {
        question = index
        continue
      }
      if let asked = question {
        (lines[asked].rule, lines[asked].text) = (nil, "> \(lines[asked].text)")
        if asked > 0, lines[asked - 1].isBlank { lines[asked - 1].rule = nil }
      }
      (lines[index].rule, question, hasColouredAnswers) = (nil, nil, true)
    }
  }

  private static let originalRules: Set<String> = ["attribution", "header-block", "divider"]

  /// Runs of quoted lines; blank lines and lines cut between them belong to the run.
  private func quoteBlocks() -> [Range<Int>] {
    var blocks: [Range<Int>] = []
    for index in lines.indices where lines[index].depth > 0 && lines[index].rule == nil {
      if let last = blocks.last, lines[last.upperBound..<index].allSatisfy({ $0.isBlank }) {
        blocks[blocks.count - 1] = last.lowerBound..<(index + 1)
      } else {
        blocks.append(index..<(index + 1))
      }
    }
    return blocks
  }

  /// The last paragraph of a quote.
  private func answeredParagraph(_ block: Range<Int>) -> Range<Int> {
    var end = block.upperBound
    while end > block.lowerBound, lines[end - 1].isBlank { end -= 1 }
    var start = end
    while start > block.lowerBound, !lines[start - 1].isBlank { start -= 1 }
    return start..<end
  }
}
