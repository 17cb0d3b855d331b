/// What the sender of a message newly wrote: without what they quoted, signatures of programs and our own footer.
package struct NewText: Sendable, Hashable {
  /// What a rule took out.
  package struct Cut: Sendable, Hashable {
    /// The rule's name, for support: `quote`, `attribution`, `header-block`, `signature`, …
    package let rule: String
    package let text: String

    package init(rule: String, text: String) {
      self.rule = rule
      self.text = text
    }
  }

  /// Plain text, lines by `\n`, no empty lines at either end.
  package let text: String
  /// In their order in the message.
  package let cuts: [Cut]

  package init(text: String, cuts: [Cut] = []) {
    self.text = text
    self.cuts = cuts
  }

  /// Starts the first line of the footer of every text that the gateway sends: from such a line on, nothing is the
  /// sender's own. A horizontal bar (U+2015) and a space, which nobody types at the start of a line.
  package static let footerMarker = "\u{2015} "
  /// The class of the element that holds the footer in HTML.
  package static let footerClass = "postplein-footer"
}
