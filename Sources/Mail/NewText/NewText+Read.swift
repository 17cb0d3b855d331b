extension NewText {
  /// What the sender of the message newly wrote.
  ///
  /// Where there are both a plain text and HTML, the plain text is read, unless it is empty or no rule finds the quote
  /// in it that the HTML marks.
  package static func read(_ message: MailMessage, limits: MIMELimits = .standard) -> NewText {
    let isForward = SubjectLine(message.subject).isForward
    guard let plain = message.plainText, !plain.trimmed.isEmpty else {
      return message.html.map { read(html: $0, isForward: isForward, limits) } ?? NewText(text: "")
    }
    let result = read(plain: plain, isForward: isForward, limits)
    guard !result.cuts.contains(where: { quoteRules.contains($0.rule) }), let html = message.html,
      html.utf8.contains(UInt8(ascii: "<"))
    else { return result }
    let marked = read(html: html, isForward: isForward, limits)
    return marked.cuts.contains { quoteRules.contains($0.rule) } && !marked.text.isEmpty ? marked : result
  }

  private static let quoteRules: Set<String> = ["quote", "attribution", "header-block", "divider"]

  static func read(plain: String, isForward: Bool, _ limits: MIMELimits) -> NewText {
    var reader = NewTextReader(Line.lines(plain, limits), isForward: isForward)
    return reader.read()
  }

  static func read(html: String, isForward: Bool, _ limits: MIMELimits) -> NewText {
    let lines = Line.lines(HTMLTree(html).lines, limits)
    var reader = NewTextReader(lines, isForward: isForward)
    return reader.read()
  }
}
