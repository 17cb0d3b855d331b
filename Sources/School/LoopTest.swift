/// What was seen of a mail to the route `test`; nothing personal.
package struct LoopTest: Sendable, Hashable, Codable {
  package struct Sign: Sendable, Hashable, Codable {
    /// The key of its wording in the templates: `safe-sender`, `spf-fail`, …
    package var word: String
    /// A score, a result: `7`, `softfail`.
    package var detail: String?

    package init(word: String, detail: String? = nil) {
      self.word = word
      self.detail = detail
    }
  }

  /// Whether they are about a mail that was forwarded as an attachment.
  package var isForwarded: Bool
  package var signs: [Sign]
  /// Whether the mail came over an encrypted connection; nil where our server does not tell.
  package var isEncrypted: Bool?
  /// Seconds from its Date until it was read; nil where it has none.
  package var delay: Int?

  package init(isForwarded: Bool, signs: [Sign], isEncrypted: Bool? = nil, delay: Int? = nil) {
    self.isForwarded = isForwarded
    self.signs = signs
    self.isEncrypted = isEncrypted
    self.delay = delay
  }
}
