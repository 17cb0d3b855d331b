import Foundation
import School

/// What advice is given on: why mail to an address fails. What is said of it is for the templates.
package struct AdviceContext: Sendable, Hashable {
  package var failure: AddressFailure
  package var language: Language
  /// Whose address it is, and their children; empty where nobody is told.
  package var names: [String]
  package var pupils: [String]
  package var address: String
  /// What the address most likely should be; nil where nothing is near.
  package var correction: String?
  /// The address that the school's mail comes from, for lists of safe senders.
  package var sender: String
  package var schoolName: String
  package var schoolPhone: String?

  package init(
    failure: AddressFailure, language: Language, names: [String], pupils: [String], address: String,
    correction: String?, sender: String, schoolName: String, schoolPhone: String?
  ) {
    self.failure = failure
    self.language = language
    self.names = names
    self.pupils = pupils
    self.address = address
    self.correction = correction
    self.sender = sender
    self.schoolName = schoolName
    self.schoolPhone = schoolPhone
  }

  /// Names of reasons, actors and providers as templates know them. A provider without steps of its own is `other`.
  static let reasons = [
    "unknown-user", "mailbox-moved", "mailbox-inactive", "unknown-domain", "mailbox-full", "message-too-big",
    "blocked-reputation", "rate-limited", "authentication-failed", "relaying-denied", "tls-failed", "spam-content",
    "virus", "policy", "malformed", "greylisted", "delivery-expired", "network-error", "system-error", "unknown",
    // Accepted, and never answered.
    "perhaps-spam",
  ]
  static let actors = ["parent", "school", "mail-admin", "recipient-admin", "wait"]
  static let providers = [
    "outlook-consumer", "m365-tenant", "gmail", "google-workspace", "yahoo", "icloud", "kpn", "ziggo", "other",
  ]
  static let signs = [
    "safe-sender", "blocked-sender", "spam-filter", "not-spam", "allowed-by-admin", "blocked-by-admin",
    "allowed-by-rule", "spam-by-rule", "released", "high-confidence", "phishing", "spoof", "impersonation", "bulk",
    "malware", "file-type", "outbound-spam", "spam-level", "bulk-level", "spf-pass", "spf-fail", "dkim-pass",
    "dkim-fail",
    "dmarc-pass", "dmarc-fail", "compauth-pass", "compauth-fail", "filter-spam", "filter-clean", "nothing-found",
  ]
  static let names = Set((reasons + actors + providers).map(camel) + ["failed", "turn", "at", "names", "pupils"])
    .union(signs.map(camel)).union([
      "forwarded", "signs", "detail", "encrypted", "unencrypted", "delay", "minutes", "seconds",
    ])
    .union(["correction", "sender", "words", "known", "advice", "others"])

  /// `unknown-user` as templates name it: `unknownUser`.
  static func camel(_ word: String) -> String {
    let words = word.split(separator: "-")
    return words.dropFirst().reduce(String(words.first ?? "")) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
  }

  var values: [String: Any] {
    let provider = failure.provider.map { Self.providers.contains($0) ? $0 : "other" } ?? "other"
    let reason = Self.reasons.contains(failure.reason) ? failure.reason : "unknown"
    var values: [String: Any] = [
      "failed": [Self.camel(reason): true], "turn": [Self.camel(failure.actor): true],
      "at": [Self.camel(provider): true, "known": provider != "other"], "address": address, "sender": sender,
      "school": schoolName,
      "language": language.rawValue,
    ]
    if !failure.words.isEmpty { values["words"] = failure.words }
    if !names.isEmpty { values["names"] = names.joined(separator: ", ") }
    if !pupils.isEmpty { values["pupils"] = pupils.joined(separator: ", ") }
    values["correction"] = correction
    values["phone"] = schoolPhone
    return values
  }
}

/// The words of advice.
package struct RenderedAdvice: Sendable, Hashable {
  /// What happened, whose turn it is, and the steps.
  package var text: String
  /// To read out on the phone.
  package var phoneLine: String
  /// For the pupil's bag.
  package var letterSubject: String
  package var letterBody: String
}

extension Templates {
  /// What was seen of a mail to `test`.
  package func render(_ test: LoopTest, language: Language) -> String {
    var values: [String: Any] = ["forwarded": test.isForwarded, "language": language.rawValue]
    values["signs"] = test.signs.map { sign in
      var values: [String: Any] = [AdviceContext.camel(sign.word): true]
      if let detail = sign.detail, !detail.isEmpty { values["detail"] = detail }
      return values
    }
    if let isEncrypted = test.isEncrypted { values[isEncrypted ? "encrypted" : "unencrypted"] = true }
    if let delay = test.delay { values["delay"] = ["minutes": delay / 60, "seconds": delay % 60] }
    return paragraphs(render("loop-test-lines.txt", values, language))
  }

  /// `Hotmail en Outlook.com`
  package func providerName(_ context: AdviceContext) -> String {
    render("provider-cap.txt", context.values, context.language).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// On one line: whose address, why mail to it fails, what to do.
  package func todo(_ context: AdviceContext) -> String { line("todo.txt", context.values, context.language) }

  /// The same without whose it is.
  func steps(_ context: AdviceContext) -> String { line("steps.txt", context.values, context.language) }

  /// A template without line ends or gaps.
  func line(_ name: String, _ values: [String: Any], _ language: Language) -> String {
    render(name, values, language).split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// Pure, as `render`.
  package func render(_ context: AdviceContext) -> RenderedAdvice {
    func part(_ name: String) -> String { paragraphs(render(name, context.values, context.language)) }
    let letter = part("letter.txt").split(separator: "\n", maxSplits: 1).map(String.init)
    return RenderedAdvice(
      text: part("advice.txt"), phoneLine: part("phone-line.txt").replacing("\n", with: " "),
      letterSubject: letter.first ?? "", letterBody: (letter.dropFirst().first ?? "").trimmingCharacters(in: .newlines))
  }

  /// Sections that say nothing leave no gaps.
  private func paragraphs(_ text: String) -> String {
    var lines: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let isBlank = line.allSatisfy(\.isWhitespace)
      if isBlank, lines.last.map({ $0.isEmpty }) ?? true { continue }
      lines.append(isBlank ? "" : line)
    }
    return lines.joined(separator: "\n").trimmingCharacters(in: .newlines)
  }
}
