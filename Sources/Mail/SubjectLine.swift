/// The subject without the prefixes that clients put before it, and which they were.
package struct SubjectLine: Sendable, Hashable {
  /// The subject as it was first written; empty where there is none.
  package let base: String
  package let isReply: Bool
  package let isForward: Bool

  package init(_ subject: String) {
    var rest = subject.unfolded[...]
    var isReply = false
    var isForward = false
    while let (kind, after) = Self.prefix(of: rest) {
      switch kind {
      case .reply: isReply = true
      // `Re: Fwd: …` answers a forward; only the outermost prefix tells what this message is.
      case .forward: isForward = isForward || !isReply
      case .label: break
      }
      rest = after
    }
    base = String(rest).trimmed
    self.isReply = isReply && !isForward
    self.isForward = isForward
  }

  /// Neither words nor a prefix.
  package var isEmpty: Bool { base.isEmpty && !isReply && !isForward }

  /// For an answer: one `Re: ` before the subject (RFC 5322, section 3.6.5).
  package var replySubject: String { base.isEmpty ? "Re:" : "Re: \(base)" }

  private enum Kind { case reply, forward, label }

  private static func prefix(of text: Substring) -> (Kind, Substring)? {
    let text = text.drop { $0 == " " }
    if text.first == "[",
      let external = ["[EXTERN]", "[EXTERNAL]", "[EXT]"].first(where: { text.prefix(10).uppercased().hasPrefix($0) })
    {
      return (.label, text.dropFirst(external.count))
    }
    // `[SPAM] FW:`, but not `[Groep 5] gym`.
    if text.first == "[", let end = text.prefix(longestLabel).firstIndex(of: "]") {
      return kind(of: text[text.index(after: end)...].drop { $0 == " " })
    }
    return kind(of: text)
  }

  /// In characters, with its brackets.
  private static let longestLabel = 24

  private static func kind(of text: Substring) -> (Kind, Substring)? {
    guard let colon = text.prefix(16).firstIndex(where: { $0 == ":" || $0 == "：" }) else { return nil }
    // `Re[2]:`, `Re(3):`, `RE :`
    let start = text[..<colon].prefix { !"[(^ ".contains($0) }
    let count = text[start.endIndex..<colon]
    // `Antw.:`
    let word = (start.last == "." ? start.dropLast() : start).lowercased()
    guard count.allSatisfy({ "[]()^ ".contains($0) || $0.isNumber }) else { return nil }
    let after = text[text.index(after: colon)...]
    if replies.contains(word) { return (.reply, after) }
    return forwards.contains(word) ? (.forward, after) : nil
  }

  private static let replies = Set(ClientStrings.all.flatMap(\.replyPrefixes))
  private static let forwards = Set(ClientStrings.all.flatMap(\.forwardPrefixes))
}
