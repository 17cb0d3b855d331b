import Deliverability
import Foundation
import Mail

/// How the gateway reads one mail, for whoever wants to know why something happened.
struct MailExplanation: Encodable {
  struct Person: Encodable {
    var name: String?
    var address: String?
  }

  struct Forwarded: Encodable {
    var from: Person
    var subject: String
    var date: Date?
    var text: String
    /// Those of an original that is attached as a message.
    var attachments: [File]
  }

  struct Delivery: Encodable {
    var recipient: String?
    /// What the message was sent to, where it became another address on its way.
    var originalRecipient: String?
    var outcome: String
    var reason: String
    var status: String?
    /// The server's words.
    var diagnostic: String?
    var provider: String?
    var actor: String
  }

  struct File: Encodable {
    var name: String
    var mediaType: String
    /// In octets.
    var size: Int
  }

  struct Cut: Encodable {
    var rule: String
    /// Only where it is asked for: mostly it is the school's own mail again.
    var text: String?
  }

  var file: String
  var kind: String
  var from: Person?
  var subject: String
  var date: Date?
  var messageID: String?
  /// What the sender newly wrote; of a forward, the forwarder's own words.
  var text: String
  var forwarded: Forwarded?
  var deliveries: [Delivery]
  /// What DMARC and TLS reports hold.
  var reports: [AuthenticationReport]
  /// The last day of the absence that an automatic answer tells of.
  var awayUntil: Date?
  var attachments: [File]
  /// What was left out of the text, and by which rule.
  var cuts: [Cut]
  var defects: [String]
  /// Where it goes, where a school is given: `thread 12 of 34`, `nieuws.groep5`.
  var route: [String]?
  /// By which method our server proved the sender; nil where it did not, or no authserv-id was given.
  var provenBy: String?

  /// - Parameters:
  ///   - authservID: whose Authentication-Results are believed; nil for none.
  ///   - why: with the text of what was left out.
  init(of raw: Data, file: String, authservID: String?, why: Bool = true) {
    let message = MailMessage.parse(raw)
    // No mail is known as our own here: that takes a school's keys.
    let sort = MailSort.of(message) { _ in false }
    let written = WrittenText(of: message)
    let forward = sort == .person ? written.forwarded : nil
    if sort == .autoReply { awayUntil = Absence.lastDay(message) }
    self.file = file
    kind = sort.kind
    from = message.from.first.map { Person(name: $0.name, address: $0.address.description) }
    subject = message.subject
    date = message.date
    messageID = message.messageID
    text = forward?.ownText ?? written.new.text
    forwarded = forward.map {
      Forwarded(
        from: Person(name: $0.fromName ?? $0.from?.name, address: $0.from?.address.description), subject: $0.subject,
        date: $0.date, text: $0.text, attachments: $0.attachments.map(File.init))
    }
    deliveries = Self.deliveries(sort, message)
    reports = Self.reports(sort, message, raw)
    if sort == .person, let kind = reports.first?.kind { self.kind = kind }
    attachments = message.attachments.map(File.init)
    cuts = written.new.cuts.map { Cut(rule: $0.rule, text: why ? $0.text : nil) }
    defects = message.defects.map(\.description)
    provenBy = Self.proof(message, authservID)
  }

  private static func proof(_ message: MailMessage, _ authservID: String?) -> String? {
    guard let (results, from) = AuthenticationResults.ofSender(message, authservID: authservID) else { return nil }
    if case .aligned(let method) = results.proof(of: from) { return method }
    return nil
  }

  private static func deliveries(_ sort: MailSort, _ message: MailMessage) -> [Delivery] {
    switch sort {
    case .deliveryStatus(let status): status.recipients.map(Delivery.init)
    case .complaint: complaints(message, actor: .school)
    // A report on one mail's failed authentication has the form of a complaint (RFC 6591), about the sending server.
    case .report(.dmarc): complaints(message, actor: .mailAdmin)
    case .autoReply, .challenge:
      // An address that answers nobody names the one it answers for.
      (message.from.contains { MachineSigns.isSilent($0.address) } && !message.replyTo.isEmpty
        ? message.replyTo : message.from).prefix(1).map {
          Delivery(
            recipient: $0.address.description, outcome: sort.kind, reason: "auto-reply",
            provider: Provider.of(domain: $0.address.domain), actor: DeliveryVerdict.Actor.wait.rawValue)
        }
    default: []
    }
  }

  private static func complaints(_ message: MailMessage, actor: DeliveryVerdict.Actor) -> [Delivery] {
    (AbuseReport.read(message)?.recipients ?? []).map {
      Delivery(
        recipient: $0.description, outcome: "complaint", reason: "complaint",
        provider: Provider.of(domain: $0.domain), actor: actor.rawValue)
    }
  }

  /// Also of a file that holds nothing else, as a receiver's website gives it.
  private static func reports(_ sort: MailSort, _ message: MailMessage, _ raw: Data) -> [AuthenticationReport] {
    if case .report = sort { return AuthenticationReport.read(message) }
    return message.from.isEmpty && AuthenticationReport.isPackedOrReport(raw)
      ? AuthenticationReport.read(file: raw) : []
  }

}

extension MailExplanation.Delivery {
  fileprivate init(_ recipient: DeliveryStatusNotification.Recipient) {
    let address = recipient.finalRecipient ?? recipient.originalRecipient
    let provider = recipient.provider
    let verdict = DeliveryVerdict.of(
      action: recipient.action, status: recipient.status, words: recipient.diagnostic, provider: provider)
    self.init(
      recipient: address?.description,
      originalRecipient: recipient.originalRecipient == address ? nil : recipient.originalRecipient?.description,
      outcome: verdict.outcome.rawValue, reason: verdict.reason,
      status: recipient.status, diagnostic: recipient.diagnostic,
      provider: provider,
      actor: verdict.actor.rawValue)
  }
}

extension MailExplanation {
  /// For reading.
  ///
  /// - Parameter why: with what was left out, and by which rule.
  func readable(why: Bool) -> String {
    var lines = ["\(file): \(kind)"]
    func add(_ name: String, _ value: String?) {
      if let value, !value.isEmpty { lines.append("  \(name): \(value)") }
    }
    add("from", from?.readable)
    add("subject", subject)
    add("date", date?.formatted(.iso8601))
    add("sender proven by", provenBy)
    add("goes to", route?.joined(separator: ", "))
    add("away until", awayUntil?.formatted(.iso8601.year().month().day()))
    for delivery in deliveries { add("delivery", delivery.readable) }
    for report in reports { lines += report.readable.map { "  \($0)" } }
    for file in attachments { add("attachment", file.readable) }
    add("defects", defects.joined(separator: "; "))
    lines += Self.block("new text", text)
    if let forwarded {
      add("forwarded from", forwarded.from.readable)
      add("forwarded subject", forwarded.subject)
      add("forwarded date", forwarded.date?.formatted(.iso8601))
      for file in forwarded.attachments { add("forwarded attachment", file.readable) }
      lines += Self.block("forwarded text", forwarded.text)
    }
    if why {
      for cut in cuts { lines += Self.block("left out, \(cut.rule)", cut.text ?? "") }
    } else if !cuts.isEmpty {
      add("left out", "\(cuts.map(\.rule).joined(separator: ", ")) (--why shows it)")
    }
    return lines.joined(separator: "\n")
  }

  private static func block(_ title: String, _ text: String) -> [String] {
    ["  \(title):"] + text.split(separator: "\n", omittingEmptySubsequences: false).map { "    | \($0)" }
  }
}

extension MailExplanation.File {
  fileprivate init(_ attachment: Attachment) {
    self.init(name: attachment.fileName, mediaType: attachment.mediaType, size: attachment.data.count)
  }

  fileprivate var readable: String { "\(name) (\(mediaType), \(size) octets)" }
}

extension MailExplanation.Person {
  fileprivate var readable: String {
    [name, address.map { "<\($0)>" }].compactMap(\.self).joined(separator: " ")
  }
}

extension MailExplanation.Delivery {
  fileprivate var readable: String {
    let words = [recipient, outcome, reason, status, provider, diagnostic].compactMap(\.self).joined(separator: ", ")
    return "\(words); \(Output.turn(actor))"
  }
}

extension AuthenticationReport {
  fileprivate var kind: String {
    if case .tls = self { "tls-report" } else { "dmarc-report" }
  }

  /// Its sum, and a line for each server.
  fileprivate var readable: [String] {
    switch self {
    case .aggregate(let report):
      [
        "\(report.organisation) on \(report.domain) (\(report.policy ?? "no policy")): \(report.passed) of \(report.total) passed"
      ]
        + report.rows.map { row in
          let checks = row.checks.joined(separator: ", ")
          return "  \(row.sourceIP): \(row.count) \(row.passed ? "passed" : "failed"), \(row.disposition) (\(checks))"
        }
    case .failure(let report):
      [
        "\(report.failure ?? "?") failed for \(report.domain ?? "?") from \(report.sourceIP ?? "?"): \(report.result ?? "?")"
      ]
    case .tls(let report):
      report.policies.map { policy in
        let failures = policy.failures.map { "\($0.type) \($0.count)" }.joined(separator: ", ")
        return
          "\(report.organisation) on \(policy.domain): TLS \(policy.succeeded) succeeded, \(policy.failed) failed \(failures)"
      }
    }
  }
}
