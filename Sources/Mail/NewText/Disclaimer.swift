/// What an organisation has its server put below a text: who may read it, and what it answers for.
///
/// People begin a paragraph in the same words ("De informatie in deze e-mail klopt niet"), so it must also speak as
/// lawyers do, ask nothing, and tell nothing of an `ik`. Only such paragraphs go, and what programs put below them.
struct Disclaimer {
  private let lines: [Line]
  private let paragraphs: [Range<Int>]

  /// - Parameter paragraphs: those of the sender's stretch, but the first, in their order.
  init(_ lines: [Line], _ paragraphs: [Range<Int>]) {
    (self.lines, self.paragraphs) = (lines, paragraphs)
  }

  /// The paragraphs to cut.
  func ranges() -> [Range<Int>] {
    // The last paragraph that the sender may have written.
    let lastOwn = paragraphs.lastIndex { !isPart($0) } ?? -1
    var found: [Range<Int>] = []
    var isOpen = false
    for (place, paragraph) in paragraphs.enumerated() {
      isOpen = isOpen ? isPart(paragraph) : begins(place, isLast: place > lastOwn)
      if isOpen { found.append(paragraph) }
    }
    return found
  }

  private func begins(_ place: Int, isLast: Bool) -> Bool {
    let opens = Tail.begins(lines[paragraphs[place].lowerBound], with: ClientWords.disclaimers)
    guard opens || isLast else { return false }
    var words = Words(lines[paragraphs[place]])
    // A heading: the paragraph below it speaks for it.
    if opens, words.count <= 3, place + 1 < paragraphs.count { words = Words(lines[paragraphs[place + 1]]) }
    guard !words.areOwn else { return false }
    guard opens else {
      return words.nameMail && !words.haveWe && words.legal >= 2 && words.haveLawyers && words.count >= Self.fewest
    }
    return words.legal >= 1 + (isLast ? 0 : 1) + (words.haveWe ? 1 : 0)
  }

  /// Words of one that begins as no other does; in fewer people warn as well.
  private static let fewest = 10

  /// Whether the paragraph may follow one of a disclaimer as a part of it.
  private func isPart(_ paragraph: Range<Int>) -> Bool {
    let lines = lines[paragraph]
    if lines.allSatisfy({ Tail.isDevice($0) || ContactBlock.tellsFact($0) || Divider.isRule($0) }) { return true }
    let words = Words(lines)
    let opens = lines.first.map { Tail.begins($0, with: ClientWords.disclaimers) } ?? false
    return !words.areOwn && (words.legal >= 1 || opens && words.count <= 3)
  }

  /// What the words of a paragraph tell of who wrote them.
  private struct Words {
    let count: Int
    /// How many of the phrases of lawyers they hold.
    let legal: Int
    /// Whether one of them is hardly ever used by others.
    let haveLawyers: Bool
    let haveWe: Bool
    /// They name the mail that they stand in.
    let nameMail: Bool
    /// They ask, tell of an `ik`, or close a mail.
    let areOwn: Bool

    init(_ lines: ArraySlice<Line>) {
      let text = lines.map(\.key).joined(separator: " ")
      let words = Line.words(text)
      count = words.count
      let lawyers = ClientWords.lawyersPhrases.count { text.holds($0) }
      haveLawyers = lawyers > 0
      legal = lawyers + ClientWords.legalPhrases.count { text.holds($0) }
      haveWe = words.contains { ClientWords.we.contains(String($0)) }
      nameMail = ClientWords.thisMail.contains { text.holds($0) }
      areOwn =
        lines.contains { $0.content.hasSuffix("?") || $0.isClosing } || text.holds("? ")
        || lines.first.map { Tail.begins($0, with: ClientWords.requests) } ?? false
        || words.contains { ClientWords.me.contains(String($0)) }
    }
  }
}
