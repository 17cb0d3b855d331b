extension NewText {
  /// What the sender of the message newly wrote.
  ///
  /// Where there are both a plain text and HTML, the plain text is read, unless it is empty or the quote is not found
  /// or not marked in it that the HTML marks: Exchange drops the marks, and with them what answers between the lines
  /// are known by.
  package static func read(_ message: MailMessage, limits: MIMELimits = .standard) -> NewText {
    read(message, plain: Line.plainLines(of: message, limits), limits)
  }

  /// - Parameter plain: the lines of the plain text, where there is one.
  static func read(_ message: MailMessage, plain: [Line]?, _ limits: MIMELimits) -> NewText {
    let subject = SubjectLine(message.subject)
    let isAnswer = subject.isReply || !message.inReplyTo.isEmpty || !message.references.isEmpty
    let isForward = subject.isForward
    guard let plain, plain.contains(where: { !$0.isBlank }) else {
      return message.html.map { read(html: $0, isForward: isForward, isAnswer: isAnswer, of: message, limits).0 }
        ?? NewText(text: "")
    }
    var reader = NewTextReader(plain, isForward: isForward, isAnswer: isAnswer)
    (reader.sender, reader.subject) = (message.from.first, Line.key(subject.base))
    let result = reader.read()
    let isFound = result.cuts.contains { quoteRules.contains($0.rule) }
    guard !isFound || reader.hasUnmarkedQuote || reader.namesColour, let html = message.html,
      html.utf8.contains(UInt8(ascii: "<"))
    else {
      return result
    }
    let (marked, hasMarks) = read(html: html, isForward: isForward, isAnswer: isAnswer, of: message, limits)
    let isBetter = hasMarks || !isFound && marked.cuts.contains { quoteRules.contains($0.rule) }
    return isBetter && !marked.text.isEmpty ? marked : result
  }

  fileprivate static let quoteRules: Set<String> = ["quote", "attribution", "header-block", "divider"]

  private static func read(html: String, isForward: Bool, isAnswer: Bool, of message: MailMessage, _ limits: MIMELimits)
    -> (NewText, hasMarks: Bool)
  {
    var reader = NewTextReader(
      Line.lines(HTMLTree(html).lines, limits), isForward: isForward, isAnswer: isAnswer)
    (reader.sender, reader.subject) = (message.from.first, Line.key(SubjectLine(message.subject).base))
    let result = reader.read()
    return (result, reader.hasColouredAnswers || reader.lines.contains { $0.rule == "quote" && $0.depth > 0 })
  }
}

/// What a person wrote in a message, and what they forwarded with it: both readers over the same lines.
package struct WrittenText: Sendable, Hashable {
  package let new: NewText
  /// Nil for replies and all else that forwards nothing.
  package let forwarded: ForwardedMessage?

  package init(of message: MailMessage, limits: MIMELimits = .standard) {
    let plain = Line.plainLines(of: message, limits)
    new = NewText.read(message, plain: plain, limits)
    // What stands first decides: a body that opens its original by an attribution answers, and forwards nothing.
    let answers = new.cuts.first { NewText.quoteRules.contains($0.rule) }?.rule == "attribution"
    forwarded =
      answers && !SubjectLine(message.subject).isForward
      ? ForwardedMessage.attached(message, limits) : ForwardedMessage.read(message, plain: plain, limits)
  }
}

extension Line {
  /// The lines of the message's plain text; nil where it has none.
  static func plainLines(of message: MailMessage, _ limits: MIMELimits) -> [Line]? {
    message.plainText.map { lines($0, limits) }
  }
}
