import Foundation
import Mail

/// What Amazon SES tells of a mail as JSON in the text (its documentation: "Amazon SNS notification contents").
enum ServiceNotice {
  static func read(_ message: MailMessage) -> DeliveryStatusNotification? {
    guard let notice = notice(message) else { return nil }
    let recipients = (notice.bounce?.bouncedRecipients.map(\.recipient) ?? []) + (notice.delivery?.recipients ?? [])
    guard !recipients.isEmpty else { return nil }
    return DeliveryStatusNotification(
      reportingMTA: nil, recipients: Array(recipients.prefix(DeliveryStatusNotification.mostRecipients)),
      originalMessageID: notice.mail?.commonHeaders?.messageId.map { StatusFields.bare($0) })
  }

  /// Who complained; nil where it is no such notice.
  static func complainers(_ message: MailMessage) -> [MailAddress]? {
    notice(message)?.complaint?.complainedRecipients.compactMap { MailAddress($0.emailAddress) }
  }

  private static func notice(_ message: MailMessage) -> Notice? {
    guard message.header.first("x-amz-sns-message-id") != nil, let text = message.plainText,
      text.utf8.count <= TextBounce.textOctets,
      text.hasPrefix("{\"notificationType\"")
    else { return nil }
    // Long lines were broken on the way; below a rule stands how to unsubscribe.
    let json = text.split(whereSeparator: \.isNewline).prefix { $0 != "--" }.joined()
    return try? JSONDecoder().decode(Notice.self, from: Data(json.utf8))
  }

  private struct Notice: Decodable {
    struct Bounce: Decodable { let bouncedRecipients: [Bounced] }
    struct Delivery: Decodable {
      let recipients: [DeliveryStatusNotification.Recipient]

      enum Keys: CodingKey { case recipients, smtpResponse }

      init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Keys.self)
        let words = try values.decodeIfPresent(String.self, forKey: .smtpResponse)?
          .prefix(octets: DeliveryStatusNotification.longestDiagnostic)
        let status = words.flatMap(EnhancedStatusCode.first)
        let addresses = try values.decode([String].self, forKey: .recipients)
        recipients = addresses.prefix(DeliveryStatusNotification.mostRecipients).map {
          DeliveryStatusNotification.Recipient(
            finalRecipient: MailAddress($0), originalRecipient: nil, action: .delivered,
            status: status, diagnostic: words, remoteMTA: nil)
        }
      }
    }
    struct Complaint: Decodable { let complainedRecipients: [Address] }
    struct Address: Decodable { let emailAddress: String }
    struct Mail: Decodable {
      struct Headers: Decodable { let messageId: String? }
      let commonHeaders: Headers?
    }
    struct Bounced: Decodable {
      let emailAddress: String
      let action: String?
      let status: String?
      let diagnosticCode: String?

      var recipient: DeliveryStatusNotification.Recipient {
        DeliveryStatusNotification.Recipient(
          finalRecipient: MailAddress(emailAddress), originalRecipient: nil,
          action: action.flatMap(DeliveryStatusNotification.Action.init) ?? .failed, status: status,
          diagnostic: diagnosticCode?.prefix(octets: DeliveryStatusNotification.longestDiagnostic), remoteMTA: nil)
      }
    }
    let bounce: Bounce?
    let delivery: Delivery?
    let complaint: Complaint?
    let mail: Mail?
  }
}
