import Foundation
import Mail

/// Who or what a mail comes from: decided before anything in it is acted on.
package enum MailSort: Sendable, Hashable {
  case person
  case deliveryStatus(DeliveryStatusNotification)
  /// Returned by a mail server in a form of its own.
  case bounce
  /// RFC 8098: somebody's client says that a mail was shown.
  case readReceipt
  /// Out of office, and every other automatic answer (RFC 3834).
  case autoReply
  /// RFC 5965: somebody called a mail of ours spam.
  case complaint
  /// DMARC and TLS reports.
  case report
  /// What the gateway sent itself.
  case ownLoop
  /// A mailing list, or a sender of bulk mail.
  case bulk

  /// In the words that `postplein explain` prints.
  package var kind: String {
    switch self {
    case .person, .ownLoop, .bulk: "person"
    case .deliveryStatus(let status): status.isNotice ? "delivery-notice" : "bounce"
    case .bounce: "bounce"
    case .readReceipt: "delivery-notice"
    case .autoReply: "auto-reply"
    case .complaint: "complaint"
    case .report: "dmarc-report"
    }
  }

  /// Sorts by the union of the known signals. A subject alone never makes a mail automatic: parents write "afwezig"
  /// too.
  ///
  /// - Parameter isOurs: whether a Message-ID, or the address of a sender, is one of ours.
  package static func of(_ message: MailMessage, isOurs: (MailMark) -> Bool) -> MailSort {
    if let status = DeliveryStatusNotification.read(message) { return .deliveryStatus(status) }
    if let report = reportSort(message) { return report }
    if let id = message.messageID, isOurs(.messageID(id)) { return .ownLoop }
    if message.from.contains(where: { isOurs(.sender($0.address)) }) { return .ownLoop }
    let signals = Signals(message)
    if signals.isBounce { return .bounce }
    if signals.isAutoReply { return .autoReply }
    return signals.isBulk ? .bulk : .person
  }

  /// By the type of the parts (RFC 6522), whatever the top says: gateways rewrite it.
  private static func reportSort(_ message: MailMessage) -> MailSort? {
    let types = Set(message.root.allParts.map(\.contentType.mediaType))
    if types.contains("message/disposition-notification") { return .readReceipt }
    if types.contains("message/feedback-report") { return .complaint }
    let reportType = message.root.contentType.parameters["report-type"]?.lowercased()
    if reportType == "tlsrpt" || types.contains("application/tlsrpt+gzip") || types.contains("application/tlsrpt+json")
    {
      return .report
    }
    // RFC 7489, section 7.2.1.1 gives the subject its form.
    let subject = message.subject.lowercased()
    return subject.hasPrefix("report domain:") && subject.contains("submitter:") ? .report : nil
  }
}

/// What may be ours.
package enum MailMark: Sendable, Hashable {
  case messageID(String)
  case sender(MailAddress)
}

extension DeliveryStatusNotification {
  /// It only says that a message is on its way or arrived.
  var isNotice: Bool { recipients.allSatisfy { $0.action != .failed && $0.action != .delayed } }
}

/// The header fields and phrases by which machines are known.
private struct Signals {
  let message: MailMessage
  let subject: String
  let senders: [String]

  init(_ message: MailMessage) {
    self.message = message
    subject = message.subject.lowercased()
    senders = (message.from + [message.sender].compactMap(\.self)).map { $0.address.localPart.lowercased() }
  }

  private func value(_ name: String) -> String? {
    message.header[name]?.trimmingCharacters(in: .whitespaces).lowercased()
  }

  private var hasNullReturnPath: Bool { message.returnPath == .null }

  var isBounce: Bool {
    if message.header.first("X-Failed-Recipients") != nil { return true }
    let isServer = senders.contains { sender in BouncePhrases.senders.contains { sender.hasPrefix($0) } }
    guard isServer || hasNullReturnPath else { return false }
    return isServer && hasNullReturnPath || BouncePhrases.subjects.contains { subject.contains($0) }
  }

  var isAutoReply: Bool {
    if let submitted = value("Auto-Submitted"), !submitted.hasPrefix("no") { return true }
    if let precedence = value("Precedence"), precedence == "auto_reply" { return true }
    if AutoReplySigns.fields.contains(where: { message.header.first($0) != nil }) { return true }
    let suppresses = value("X-Auto-Response-Suppress").map { $0.contains("all") || $0.contains("oof") } ?? false
    let saysPerhaps = AutoReplySigns.doubtfulPrefixes.contains { subject.hasPrefix($0) }
    return hasNullReturnPath || AutoReplySigns.subjectPrefixes.contains { subject.hasPrefix($0) }
      || saysPerhaps && suppresses
  }

  var isBulk: Bool {
    if let precedence = value("Precedence"), ["bulk", "junk", "list"].contains(precedence) { return true }
    // Not X-Loop: services that forward a parent's mail add it.
    return message.header.first("List-Id") != nil
  }
}

/// Facts on returned mail, from the documentation and source of Postfix, Exim, qmail, sendmail and Exchange.
private enum BouncePhrases {
  static let senders = ["mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon", "microsoftexchange"]
  static let subjects = [
    "undeliver", "delivery status notification", "mail delivery failed", "delivery failure", "returned mail",
    "failure notice", "delivery has failed", "returned to sender", "mail delivery system", "warning: message",
    "onbestelbaar", "niet bezorgd", "niet afgeleverd", "unzustellbar", "non remis", "delivery delayed",
  ]
}

/// Facts on automatic answers: RFC 3834, and the fields and subjects that clients and servers use beside it.
private enum AutoReplySigns {
  static let fields = [
    "X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply", "X-AutoReply-From", "X-Mail-Autoreply",
    "X-FC-MachineGenerated", "X-POST-MessageClass", "X-Autogenerated", "X-Cron-Env", "X-Vacation",
  ]
  /// Dutch, Frisian, English, German and French, as clients write them before the answered subject.
  static let subjectPrefixes = [
    "automatisch antwoord:", "afwezigheidsbericht:", "automatysk antwurd:", "automatic reply:", "auto-reply:",
    "autoreply:", "out of office:", "out of office autoreply:", "automatische antwort:", "abwesenheitsnotiz:",
    "réponse automatique :", "réponse automatique:",
  ]
  /// What a parent may write as well ("Afwezig: Noor"): counts beside Exchange's field only.
  static let doubtfulPrefixes = ["afwezig", "niet op kantoor", "auto:", "absent", "vakantie", "net oanwêzich"]
}
