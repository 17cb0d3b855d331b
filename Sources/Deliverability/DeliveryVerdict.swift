/// What a server says of a mail that was not delivered, and who can do something about it: by what its provider means
/// by its codes (`RefusalCodes`), else by its words (`FailurePhrases`), else by the status code (RFC 3463).
package struct DeliveryVerdict: Sendable, Hashable {
  package enum Outcome: String, Sendable, Hashable {
    /// This address cannot work.
    case hard
    /// It may work later.
    case soft
    /// The message or the sending server was refused; the address is innocent.
    case block
    case delivered
  }

  package enum Actor: String, Sendable, Hashable {
    case parent, school, wait
    /// Of the school's mail.
    case mailAdmin = "mail-admin"
    /// Of the parent's provider.
    case recipientAdmin = "recipient-admin"
  }

  package var outcome: Outcome
  /// `unknown-user`, `mailbox-full`, …; `unknown` where the code does not tell.
  package var reason: String
  package var actor: Actor

  /// - Parameters:
  ///   - status: `5.1.1`; nil where the server gave none.
  ///   - words: what the server said, as it said it.
  ///   - provider: whose server it was (`Provider`); nil where that is not known.
  package static func of(
    action: DeliveryStatusNotification.Action, status: String?, words: String? = nil, provider: String? = nil
  ) -> DeliveryVerdict {
    switch action {
    case .delivered, .relayed, .expanded:
      return DeliveryVerdict(outcome: .delivered, reason: "delivered", actor: .wait)
    case .delayed: return softened(verdict(status, words, provider))
    case .failed:
      let verdict = verdict(status, words, provider)
      // Who gave up on a user whom the other server does not know need not try again.
      let isFinal = verdict.reason == "unknown-user" && words != nil
      let isTemporary = status.map { $0.hasPrefix("4") } ?? words?.starts(with: temporaryReply.regex) ?? false
      return isTemporary && !isFinal ? softened(verdict) : verdict
    }
  }

  private static func verdict(_ status: String?, _ words: String?, _ provider: String?) -> DeliveryVerdict {
    let said = words.map { joined($0.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")) } ?? ""
    let withCode = [status, said].compactMap(\.self).joined(separator: " ")
    if let row = RefusalCodes.row(provider: provider, words: withCode), var verdict = byReason[row.reason] {
      if let actor = row.actor { verdict.actor = actor }
      return verdict
    }
    let detail = status?.split(separator: ".").dropFirst().joined(separator: ".") ?? ""
    let found = finding(said, detail)
    guard let found, var verdict = byReason[found.reason] else {
      // Where nobody tells why, only a code says that it is for ever.
      let isForEver = status?.hasPrefix("5") == true || said.contains(permanentReply.regex)
      if isForEver, isAboutSender(said, detail) { return blockedSender }
      return DeliveryVerdict(outcome: isForEver ? .hard : .soft, reason: "unknown", actor: .school)
    }
    if let actor = found.actor { verdict.actor = actor }
    let tellsLittle = verdict.reason.hasPrefix("unknown-") || verdict.reason == "policy"
    return tellsLittle && isAboutSender(said, detail) ? blockedSender : verdict
  }

  /// By what tells most: the words, a code that says what was wrong, bare words, any code, and at last the frame about
  /// the words.
  private static func finding(_ said: String, _ detail: String) -> FailurePhrases.Finding? {
    let meant = FailurePhrases.withoutFrames(said)
    if let found = FailurePhrases.find(in: meant) { return found }
    if tellingDetails.contains(detail), let reason = byDetail[detail] { return (reason, nil) }
    if let found = FailurePhrases.findBare(in: meant) { return found }
    let reply = said.firstMatch(of: tellingReply.regex).flatMap { byReply[String($0.1)] }
    let subject = detail.split(separator: ".").first.flatMap { bySubject[String($0)] }
    if let reason = byDetail[detail] ?? reply ?? subject { return (reason, nil) }
    return FailurePhrases.find(in: said)
  }

  private static let permanentReply = Pattern(/\b5[0-7]\d\b/)
  private static let temporaryReply = Pattern(/\s*4\d\d[ \-]/)
  private static let tellingReply = Pattern(/(?:^|[ :"'(])(5[25]\d)[ \-]/)
  private static let severalLines = Pattern(/([245]\d\d)-(?:([245]\.\d{1,3}\.\d{1,3}) )?/)

  /// A reply of several lines repeats its codes in the midst of its sentences (RFC 5321, section 4.2.1).
  private static func joined(_ said: String) -> String {
    guard said.holds("-"), let first = said.firstMatch(of: severalLines.regex) else { return said }
    let status = first.2.map { "\($0) " } ?? ""
    var rest = said[first.range.upperBound...].replacing("\(first.1)-\(status)", with: "")
    if !status.isEmpty { rest = rest.replacing("\(first.1) \(status)", with: "") }
    return said[..<first.range.lowerBound] + "\(first.1) \(status)" + rest
  }

  /// What was said before a recipient was named, in answer to MAIL at the latest, or by a code of the sender's address,
  /// tells nothing of the recipient's.
  private static func isAboutSender(_ said: String, _ detail: String) -> Bool {
    ["1.7", "1.8"].contains(detail)
      || stagesBeforeRecipient.contains { said.holds($0) }
        && !["rcpt to", "after rcpt"].contains { said.contains($0) }
  }

  /// As Exim, Postfix and sendmail name them.
  private static let stagesBeforeRecipient = [
    "after mail from", "reply to mail from", ">>> mail from", "after initial connection", "after ehlo", "after helo",
    "reply to ehlo", "reply to helo",
  ]

  private static let blockedSender = DeliveryVerdict(outcome: .block, reason: "blocked-reputation", actor: .mailAdmin)

  /// A server that still tries has not judged the address; one that does not find the domain for now has a DNS that
  /// fails; and what hinders the other server may be over soon.
  private static func softened(_ verdict: DeliveryVerdict) -> DeliveryVerdict {
    guard verdict.outcome == .hard || ["system-error", "unknown"].contains(verdict.reason) else { return verdict }
    let reason = verdict.reason == "unknown-domain" ? "network-error" : verdict.reason
    return DeliveryVerdict(outcome: .soft, reason: reason, actor: .wait)
  }

  /// What a reason means for the address, and whose turn it is.
  private static let byReason: [String: DeliveryVerdict] = {
    let table: [(Outcome, Actor, reasons: String)] = [
      (.hard, .school, "unknown-user unknown-domain mailbox-moved"),
      (.soft, .parent, "mailbox-full"),
      (.soft, .school, "mailbox-inactive message-too-big"),
      (
        .block, .mailAdmin,
        "blocked-reputation authentication-failed relaying-denied tls-failed spam-content virus policy malformed"
      ),
      (.block, .wait, "rate-limited"),
      (.soft, .wait, "greylisted delivery-expired network-error"),
      (.soft, .recipientAdmin, "system-error"),
    ]
    return Dictionary(
      table.flatMap { outcome, actor, reasons in
        reasons.split(separator: " ").map {
          (String($0), DeliveryVerdict(outcome: outcome, reason: String($0), actor: actor))
        }
      }, uniquingKeysWith: { first, _ in first })
  }()

  /// Subject and detail: RFC 3463, sections 3.2 to 3.8, with RFC 7372 (`7.20` and on), RFC 7505 (`1.10`,
  /// `7.27`), RFC 7293 (`7.17`) and RFC 8689 (`7.30`).
  private static let byDetail: [String: String] = {
    let table: [(reason: String, details: String)] = [
      ("unknown-user", "1.1 1.0 1.3 1.4 1.5"), ("unknown-domain", "1.2 1.10 4.4 4.3"), ("mailbox-moved", "1.6"),
      ("mailbox-inactive", "2.1"), ("mailbox-full", "2.2"), ("system-error", "2.0 2.4 3.0 3.1 3.2 3.3 3.5"),
      ("message-too-big", "2.3 3.4"), ("network-error", "4.0 4.1 4.2 4.6"), ("rate-limited", "4.5 7.28"),
      ("delivery-expired", "4.7"), ("malformed", "5.0 5.1 5.2 5.3 5.4 5.5 6.0 6.1 6.2 6.3"), ("policy", "7.0 7.1 7.2"),
      ("blocked-reputation", "1.7 1.8 7.25 7.27"), ("mailbox-moved", "7.17 7.18"),
      ("authentication-failed", "7.8 7.9 7.20 7.21 7.22 7.23 7.24 7.26 7.29"), ("tls-failed", "7.4 7.5 7.10 7.30"),
    ]
    return Dictionary(
      table.flatMap { reason, details in details.split(separator: " ").map { (String($0), reason) } },
      uniquingKeysWith: { first, _ in first })
  }()

  /// Those of them that bare words do not outweigh.
  private static let tellingDetails: Set<String> = ["1.1", "1.2", "1.10", "2.1", "2.2", "2.3", "3.4"]

  /// Where the detail is not known: microsoft.com and others make new ones, and only those of an address (RFC 3463,
  /// section 3.2) tell that it cannot work.
  private static let bySubject = ["3": "system-error", "4": "network-error", "6": "malformed", "7": "policy"]

  /// RFC 5321, section 4.2.3, and RFC 7504.
  private static let byReply = [
    "521": "unknown-domain", "551": "mailbox-moved", "552": "mailbox-full", "556": "unknown-domain",
  ]
}
