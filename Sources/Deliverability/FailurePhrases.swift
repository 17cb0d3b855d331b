/// What servers say when they refuse or return a mail, looked for in the order of `PhraseTable`.
enum FailurePhrases {
  struct Row: Sendable {
    let reason: String
    /// Where the reason's own actor is not the one who can act.
    let actor: DeliveryVerdict.Actor?
    let phrases: [SoughtWords]

    init(reason: String, actor: DeliveryVerdict.Actor? = nil, phrases: [String]) {
      self.reason = reason
      self.actor = actor
      // A short word may well be the beginning of another, but for one; a longer phrase often is one on purpose.
      self.phrases = phrases.map { phrase in
        SoughtWords(phrase, mayGoOn: phrase.utf8.count > 5 && !phrase.hasPrefix("5.") || phrase == "spam")
      }
    }
  }

  typealias Finding = (reason: String, actor: DeliveryVerdict.Actor?)

  /// The reason that the words tell, and who must act where that is not as usual; nil where no phrase is known.
  ///
  /// - Parameter words: in lower case, with single spaces.
  static func find(in words: String) -> Finding? { find(PhraseTable.rows, words) }

  /// The same by bare words, which tell less than most codes.
  static func findBare(in words: String) -> Finding? { find(PhraseTable.bareWords, words) }

  static func isKnown(_ words: String) -> Bool { find(in: words) != nil || findBare(in: words) != nil }

  /// Without what a server puts before the words of another, or of its own rule (Postfix, qmgr(8) and smtpd(8)). Access
  /// is denied to the address itself: Exchange Online says so of one that it does not have.
  static func withoutFrames(_ words: String) -> String {
    words.holds("rejected: access denied")
      ? words : frames.reduce(words) { $0.holds($1) ? $0.replacing($1, with: "") : $0 }
  }

  private static let frames = ["delivery temporarily suspended: ", "recipient address rejected: "]

  private static func find(_ rows: [Row], _ words: String) -> Finding? {
    // An address says nothing of why.
    let said = words.holds("@") ? words.replacing(address.regex, with: "@") : words
    let found = said.withCString { text in rows.first { $0.phrases.contains { $0.isIn(text) } } }
    guard let found else { return nil }
    if found.reason == "unknown-user", words.contains(bareDomain.regex) { return ("unknown-domain", nil) }
    if found.reason == "policy", words.contains(bareAddress.regex) { return ("unknown-user", nil) }
    if found.reason == "policy", said.contains(blockedHost.regex) { return ("blocked-reputation", nil) }
    return (found.reason, found.actor)
  }

  private static let address = Pattern(/[a-z0-9._%+=\/\-!#$&'*?^`{|}~]+@[a-z0-9.\-]+/)
  /// `provider.example does not exist`
  private static let bareDomain = Pattern(/(?:^| )[a-z0-9\-]+(?:\.[a-z0-9\-]+)+ does not exist/)
  /// `client host [192.0.2.1] blocked`, `blocking ip (192.0.2.1`
  private static let blockedHost = Pattern(
    /\d{1,3}(?:\.\d{1,3}){3}[\])]*:? (?:is |was |has been )?(?:block|listed)|block(?:ed|ing) (?:the )?ip\b/)
  /// `550 someone@example.org rejected`, and not a word more.
  private static let bareAddress = Pattern(/(?:^|[245]\d\d )<?[^ <>@]+@[^ <>@]+>?:? rejected\.?$/)
}
