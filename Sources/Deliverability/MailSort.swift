import Foundation
import Mail

/// Who or what a mail comes from: decided before anything in it is acted on.
package enum MailSort: Sendable, Hashable {
  case person
  /// RFC 3464, or what a mail server returned in a form of its own.
  case deliveryStatus(DeliveryStatusNotification)
  /// RFC 8098: somebody's client says that a mail was shown.
  case readReceipt
  /// Out of office, and every other automatic answer (RFC 3834).
  case autoReply
  /// A service that wants to know whether a person wrote, before it delivers.
  case challenge
  /// RFC 5965: somebody called a mail of ours spam.
  case complaint
  case report(ReportKind)
  /// RFC 6047: somebody's calendar accepts or declines; the mail may hold words of theirs.
  case calendarReply
  /// What the gateway sent itself, or another school's, or what goes round for other reasons.
  case ownLoop
  /// A mailing list, or a sender of bulk mail.
  case bulk

  /// In the words that `postplein explain` prints.
  package var kind: String {
    switch self {
    case .person, .ownLoop, .bulk: "person"
    case .deliveryStatus(let status): status.isNotice ? "delivery-notice" : "bounce"
    case .readReceipt: "delivery-notice"
    case .autoReply: "auto-reply"
    case .complaint: "complaint"
    case .challenge: "challenge"
    case .report(.dmarc): "dmarc-report"
    case .report(.tls): "tls-report"
    case .calendarReply: "calendar-reply"
    }
  }

  /// Stands in every mail of a gateway like this one, with its domain; no person and no answer carries it.
  package static let gatewayField = "X-Postplein"
  /// More hops than any mail takes that does not go round (RFC 5321, section 6.3).
  static let mostHops = 100

  package enum ReportKind: Sendable, Hashable {
    /// RFC 7489 and RFC 9990: aggregate reports, and those of single failures (RFC 6591).
    case dmarc
    /// RFC 8460.
    case tls
  }

  /// Sorts by the union of the known signals (`MachineSigns`).
  ///
  /// - Parameter isOurs: whether a Message-ID, or the address of a sender, is one of ours.
  package static func of(_ message: MailMessage, isOurs: (MailMark) -> Bool) -> MailSort {
    let signs = MachineSigns(message)
    // Some write their challenge in the form of a bounce.
    if signs.isChallenge { return .challenge }
    if let status = DeliveryStatusNotification.read(message) { return .deliveryStatus(status) }
    if let notice = ServiceNotice.read(message) { return .deliveryStatus(notice) }
    if ServiceNotice.complainers(message) != nil || AbuseReport.junkReported(message) != nil { return .complaint }
    if let refusal = DeliveryStatusNotification.refusal(message) { return .deliveryStatus(refusal) }
    if signs.isReadReceipt { return .readReceipt }
    if let report = reportSort(message) { return report }
    if let id = message.messageID, isOurs(.messageID(id)) { return .ownLoop }
    if message.from.contains(where: { isOurs(.sender($0.address)) }) { return .ownLoop }
    if message.header.first(gatewayField) != nil || hops(message) > mostHops { return .ownLoop }
    if isCalendarReply(message) { return .calendarReply }
    if signs.isBounce { return .deliveryStatus(TextBounce.read(message)) }
    if signs.isAutoReply { return .autoReply }
    return signs.isBulk ? .bulk : .person
  }

  /// By the type of the parts (RFC 6522), whatever the top says: gateways rewrite it.
  private static func reportSort(_ message: MailMessage) -> MailSort? {
    let parts = message.root.ownParts
    let types = Set(parts.map(\.contentType.mediaType))
    if types.contains("message/disposition-notification") { return .readReceipt }
    if let feedback = parts.first(where: { $0.contentType.mediaType == "message/feedback-report" }) {
      let text = feedback.data.map { String(decoding: $0.prefix(4_096), as: UTF8.self).lowercased() } ?? ""
      return text.contains("feedback-type: auth-failure") ? .report(.dmarc) : .complaint
    }
    let reportType = message.root.contentType.parameters["report-type"]?.lowercased()
    if reportType == "tlsrpt" || types.contains("application/tlsrpt+gzip") || types.contains("application/tlsrpt+json")
    {
      return .report(.tls)
    }
    // RFC 7489, section 7.2.1.1 gives the subject and the file their forms.
    let subject = message.subject.lowercased()
    if subject.hasPrefix("report domain:") && subject.contains("submitter:") { return .report(.dmarc) }
    return parts.contains { isAggregateReport($0.fileName ?? "") } ? .report(.dmarc) : nil
  }

  /// `receiver!domain!begin!end.xml.gz`
  private static func isAggregateReport(_ fileName: String) -> Bool {
    let name = fileName.lowercased()
    let parts = name.split(separator: "!")
    return parts.count >= 4 && parts[2].allSatisfy(\.isNumber)
      && [".xml", ".xml.gz", ".gz", ".zip"].contains { name.hasSuffix($0) }
  }

  private static func hops(_ message: MailMessage) -> Int {
    message.header.count { $0.name.lowercased() == "received" }
  }

  private static func isCalendarReply(_ message: MailMessage) -> Bool {
    message.root.ownParts.contains { part in
      guard part.contentType.mediaType == "text/calendar" else { return false }
      if let method = part.contentType.parameters["method"] { return method.lowercased() == "reply" }
      return part.text?.contains("METHOD:REPLY") ?? false
    }
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
