import Deliverability
import Foundation
import Mail
import School

/// Reads what there is to see of a mail to `test`, or of the one that it brings as an attachment.
struct LoopTestReader: Sendable {
  let gateway: SchoolGateway
  let message: MailMessage

  func test() -> LoopTest {
    if let header = forwarded {
      return LoopTest(isForwarded: true, signs: signs(SpamSigns.read(header)))
    }
    return LoopTest(isForwarded: false, signs: signs(own), isEncrypted: isEncrypted, delay: delay)
  }

  private func signs(_ signs: [SpamSigns.Sign]) -> [LoopTest.Sign] {
    signs.map { LoopTest.Sign(word: $0.word, detail: $0.detail) }
  }

  /// The header of an attached message, whatever type the client gave it.
  private var forwarded: HeaderFields? {
    if let attached = message.attachedMessages.first { return attached.header }
    let file = message.attachments.first { $0.fileName.lowercased().hasSuffix(".eml") }
    return file.map { MailMessage.parse($0.data.prefix(MIMELimits.standard.headerBytes)).header }
  }

  /// Only what our own server says of it: the field of anybody else may be forged.
  private var own: [SpamSigns.Sign] {
    gateway.settings.authservID.map { SpamSigns.own(message.header, authservID: $0) } ?? []
  }

  /// By the newest Received field, which our server wrote (RFC 3848: `ESMTPS`, `ESMTPSA`).
  private var isEncrypted: Bool? {
    guard let received = message.header.first("Received")?.unfoldedValue.lowercased() else { return nil }
    return received.contains("with esmtps") || received.contains("with lmtps") || received.contains("tls")
  }

  private var delay: Int? {
    message.date.map { max(0, Int(min(gateway.now().timeIntervalSince($0), 86_400 * 365))) }
  }
}
