import Foundation
import Mail

/// What a mail server reports of a message that was sent through it (RFC 3464), as far as it can be read.
package struct DeliveryStatusNotification: Sendable, Hashable {
  /// RFC 3464, section 2.3.3.
  package enum Action: String, Sendable, Hashable {
    case failed, delayed, delivered, relayed, expanded
  }

  package struct Recipient: Sendable, Hashable {
    package var finalRecipient: MailAddress?
    package var originalRecipient: MailAddress?
    package var action: Action
    /// RFC 3463: `5.1.1`.
    package var status: String?
    /// The other server's words, without their type.
    package var diagnostic: String?
    package var remoteMTA: String?
    /// Nobody else was asked: the reporting server, which `remoteMTA` then names, judged by itself.
    package var isReportersOwn = false
  }

  package var reportingMTA: String?
  package var recipients: [Recipient]
  /// The one that it is about: the first that failed, else the first. Ours have a transaction a recipient.
  package var about: Recipient? { recipients.first { $0.action == .failed } ?? recipients.first }
  /// Of the message that is reported on, from the part of it that came back; without angle brackets.
  package var originalMessageID: String?

  /// The most recipients that are read of one report, and the most octets of a status part.
  static let mostRecipients = 100
  static let statusOctets = 256 << 10
  /// The most of a server's words that is kept, in octets.
  static let longestDiagnostic = 1_000

  /// Nil where the message holds no delivery status (RFC 3464; RFC 6533 for addresses beyond ASCII).
  package static func read(_ message: MailMessage) -> DeliveryStatusNotification? {
    // What is attached was said to somebody else: who passes on a bounce is a person. But servers wrap theirs.
    let parts = MachineSigns(message).isByServer ? message.root.allParts : message.root.ownParts
    let types: Set<String> = ["message/delivery-status", "message/global-delivery-status"]
    guard let status = parts.first(where: { types.contains($0.contentType.mediaType) }),
      let data = status.data ?? status.text.map({ Data($0.utf8) })
    else { return nil }
    return read(data, of: message)
  }

  /// A mailbox that refuses a mail in the form of a disposition notification (RFC 5429, section 2.2), as Dovecot does
  /// where a mailbox is full or a Sieve script says `reject`; nil for one that says that a mail was shown or deleted.
  static func refusal(_ message: MailMessage) -> DeliveryStatusNotification? {
    let type = "message/disposition-notification"
    guard let part = message.root.ownParts.first(where: { $0.contentType.mediaType == type }),
      let data = part.data ?? part.text.map({ Data($0.utf8) }),
      let fields = StatusFields.blocks(data.prefix(statusOctets)).first,
      let disposition = fields["disposition"]?.lowercased(), disposition.hasPrefix("automatic-action"),
      ["deleted", "denied", "failed"].contains(where: { disposition.hasSuffix($0) })
    else { return nil }
    let original = OriginalMessage(message, ReportText(message))
    var report = ReportText(message)
    report.returnedSubject = original.subject
    guard let words = report.words, ReturnPhrases.refusals.contains(where: { words.lowercased().holds($0) }) else {
      return nil
    }
    var recipient = report.failure(
      of: fields.typed("final-recipient").flatMap { MailAddress(StatusFields.bare($0)) }, lines: report.lines[...])
    recipient.action = .failed
    return DeliveryStatusNotification(
      reportingMTA: nil, recipients: [recipient], originalMessageID: original.messageID)
  }

  /// - Parameter data: the fields of the status part; of a mangled report they may stand within the text.
  static func read(_ data: Data, of message: MailMessage) -> DeliveryStatusNotification? {
    let blocks = StatusFields.blocks(data.prefix(statusOctets))
    let reportingMTA = blocks.first?.typed("reporting-mta")
    var recipients = Array(blocks.compactMap(Recipient.init).prefix(mostRecipients))
    guard !recipients.isEmpty else { return nil }
    let original = OriginalMessage(message, ReportText(message))
    // Made once, and only where somebody asks.
    let text = recipients.contains { $0.originalRecipient != nil } ? message.readableText.lowercased() : ""
    recipients = recipients.map { $0.named(message, original, reportingMTA, text) }
    for index in recipients.indices {
      recipients[index].diagnostic = recipients[index].diagnostic.map { ReportText.without(original.subject, $0) }
    }
    let isExchange = reportingMTA.flatMap(Provider.of(words:)) == "m365-tenant"
    for index in recipients.indices where isExchange && isOwnJudgement(recipients[index]) {
      (recipients[index].remoteMTA, recipients[index].isReportersOwn) = (reportingMTA, true)
    }
    // Postfix says in its text alone which command was refused.
    if recipients.count == 1, Self.refusedSender(message.readableText) {
      recipients[0].diagnostic?.append(" (in reply to MAIL FROM command)")
    }
    // Some tell why in the text alone.
    if recipients.contains(where: { $0.diagnostic == nil }) {
      var report = ReportText(message)
      report.returnedSubject = original.subject
      let told = report.failures(excluding: [])
      for index in recipients.indices where recipients[index].diagnostic == nil {
        let own = told.first { $0.finalRecipient == recipients[index].finalRecipient }
        let words = (own ?? (told.count == 1 ? told.first : nil))?.diagnostic ?? report.words
        recipients[index].diagnostic = words
        recipients[index].status = Recipient.status(recipients[index].status, words)
      }
    }
    return DeliveryStatusNotification(
      reportingMTA: reportingMTA, recipients: recipients,
      originalMessageID: original.messageID)
  }
}

extension DeliveryStatusNotification {
  /// Exchange Online names the server that it asked, or says `->` before what that one said (Microsoft Learn, "Email
  /// non-delivery reports in Exchange Online").
  private static func isOwnJudgement(_ recipient: Recipient) -> Bool {
    recipient.remoteMTA == nil && recipient.action == .failed
      && recipient.diagnostic.map { !$0.holds("->") && !$0.holds("FQDN=") } ?? false
  }

  private static func refusedSender(_ text: String) -> Bool {
    // A regular expression takes longer than all else in a report.
    text.holds("MAIL") && text.contains(StatusPatterns.refusedSender.regex)
  }
}

extension DeliveryStatusNotification.Recipient {
  /// Whose server refused.
  package var provider: String? {
    if isReportersOwn, let provider = remoteMTA.flatMap(Provider.of(words:)) { return provider }
    return Provider.of(recipient: finalRecipient ?? originalRecipient, words: diagnostic, remoteMTA: remoteMTA)
  }

  fileprivate init?(_ fields: StatusFields) {
    let told = fields["action"].flatMap { word in
      DeliveryStatusNotification.Action(rawValue: String(word.lowercased().prefix { $0.isLetter }))
    }
    // Without an action, a status that refuses says as much.
    let refuses = fields["status"].map { $0.hasPrefix("5") } ?? false
    guard let action = told ?? (refuses && fields["final-recipient"] != nil ? .failed : nil) else { return nil }
    // A bare number is the exit code of a program (`x-unix; 71`).
    let diagnostic = fields.typed("diagnostic-code").flatMap {
      $0.contains(where: \.isLetter) ? $0.prefix(octets: DeliveryStatusNotification.longestDiagnostic) : nil
    }
    self.init(
      finalRecipient: fields.typed("final-recipient").flatMap { MailAddress(StatusFields.bare($0)) },
      originalRecipient: fields.typed("original-recipient").flatMap { MailAddress(StatusFields.bare($0)) },
      action: action, status: Self.status(fields["status"], diagnostic), diagnostic: diagnostic,
      remoteMTA: fields.typed("remote-mta"))
  }

  /// A program, a file or a name within the reporting machine is no address that anybody wrote to.
  fileprivate func named(_ message: MailMessage, _ original: OriginalMessage, _ reportingMTA: String?, _ text: String)
    -> Self
  {
    if let finalRecipient, finalRecipient.domain.contains(".") {
      // Of two addresses that the text tells people, the one beyond the reporting machine is theirs.
      guard let originalRecipient, originalRecipient != finalRecipient,
        reportingMTA?.lowercased() == finalRecipient.domain.lowercased(),
        text.holds("address: \(originalRecipient)".lowercased())
      else { return self }
      var named = self
      named.finalRecipient = originalRecipient
      return named
    }
    let failed = message.header["X-Failed-Recipients"].flatMap { MailAddress($0.trimmingCharacters(in: .whitespaces)) }
    var named = self
    named.finalRecipient =
      originalRecipient ?? failed ?? (original.recipients.count == 1 ? original.recipients[0] : finalRecipient)
    return named
  }

  /// What the refusing server said itself, right behind its reply code, tells more than what the reporting one made of
  /// it; so does any code where the other is `X.0.0`.
  fileprivate static func status(_ reported: String?, _ diagnostic: String?) -> String? {
    let reported = reported.flatMap(EnhancedStatusCode.first)
    guard let diagnostic else { return reported }
    if let match = diagnostic.firstMatch(of: StatusPatterns.behindReplyCode.regex) {
      return String(match.1)
    }
    guard let reported else { return EnhancedStatusCode.first(in: diagnostic) }
    return reported.hasSuffix(".0.0") ? EnhancedStatusCode.first(in: diagnostic) ?? reported : reported
  }
}

/// One group of fields of a status part (RFC 3464, section 2.1): names in lower case, the first of each name.
struct StatusFields {
  private var values: [String: String] = [:]

  subscript(name: String) -> String? { values[name] }

  /// `rfc822; someone@example.org` without its type.
  func typed(_ name: String) -> String? {
    guard let value = values[name] else { return nil }
    guard let semicolon = value.firstIndex(of: ";") else { return value }
    return value[value.index(after: semicolon)...].trimmingCharacters(in: .whitespaces)
  }

  /// Without angle brackets, and without quote marks about the whole; those of a local part stay.
  static func bare(_ address: String) -> String {
    let bare = address.trimmingCharacters(in: CharacterSet(charactersIn: "<> "))
    return bare.hasPrefix("\"") && bare.hasSuffix("\"") ? String(bare.dropFirst().dropLast()) : bare
  }

  static func blocks(_ data: Data) -> [StatusFields] {
    var blocks = [StatusFields()]
    var name: String?
    for line in String(decoding: data, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    {
      if line.allSatisfy(\.isWhitespace) {
        name = nil
        if !(blocks.last?.values.isEmpty ?? true) { blocks.append(StatusFields()) }
      } else if line.first == " " || line.first == "\t" {
        // A field goes on (RFC 5322, section 2.2.3).
        if let name { blocks[blocks.count - 1].values[name]? += " " + line.trimmingCharacters(in: .whitespaces) }
      } else if let colon = line.firstIndex(of: ":") {
        let field = line[..<colon].trimmingCharacters(in: .whitespaces).lowercased()
        let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        // Some servers leave out the empty line between recipients.
        if field == "final-recipient", blocks[blocks.count - 1].values["final-recipient"] != nil {
          blocks.append(StatusFields())
        }
        name = blocks[blocks.count - 1].values[field] == nil ? field : nil
        if let name { blocks[blocks.count - 1].values[name] = value }
      }
    }
    return blocks
  }
}

/// `class.subject.detail` (RFC 3463).
package enum EnhancedStatusCode {
  /// The first one in a text.
  static func first(in text: String) -> String? {
    text.firstMatch(of: StatusPatterns.code.regex).map { String($0.0) }
  }
}

private enum StatusPatterns {
  static let refusedSender = Pattern(/in\s+reply\s+to\s+MAIL\s+FROM/)
  static let code = Pattern(/\b[245]\.\d{1,3}\.\d{1,3}\b/)
  static let behindReplyCode = Pattern(/^["'(\s]*[245]\d\d[- ](?:[245]\d\d[- ])?([245]\.\d{1,3}\.\d{1,3})\b/)
}
