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

  /// By the newest Received field that tells of a network, which our server wrote: one of LMTP is of the way within it.
  /// Nil where it names no protocol.
  private var isEncrypted: Bool? {
    let received = message.header.all("Received").lazy.map { $0.unfoldedValue.lowercased() }
    guard let crossing = received.first(where: { $0.hasPrefix("from ") && !$0.contains(" with lmtp") }) else {
      return nil
    }
    if crossing.contains("version=tls") { return true }
    let types = crossing.components(separatedBy: " with ").dropFirst().map { $0.prefix { $0.isLetter || $0.isNumber } }
    return types.lazy.compactMap { Self.usesTLS[String($0)] }.first
  }

  /// By the mail transmission types of RFC 3848 and RFC 6531.
  private static let usesTLS = [
    "smtp": false, "esmtp": false, "esmtpa": false, "utf8smtp": false, "utf8smtpa": false,
    "esmtps": true, "esmtpsa": true, "utf8smtps": true, "utf8smtpsa": true,
  ]

  private var delay: Int? {
    message.date.map { max(0, Int(min(gateway.now().timeIntervalSince($0), 86_400 * 365))) }
  }
}
