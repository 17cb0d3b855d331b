import Deliverability
import Foundation
import Mail

/// libFuzzer's own entry (compiler-rt, FuzzerInterface.h), for programs that have a `main` already.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Runs libFuzzer. `POSTPLEIN_FUZZ_TARGET` says which reader gets the octets: `parser`, `reply`, `forward`, `tnef`,
/// `bounce`.
/// `deploy/fuzz` builds and starts it.
@main
enum Fuzz {
  static func main() {
    var count = CommandLine.argc
    var arguments = CommandLine.unsafeArgv
    exit(runDriver(&count, &arguments) { testOneInput($0, $1) })
  }
}

private func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let octets = start.map { Data(bytes: $0, count: count) } ?? Data()
  switch target {
  case "reply": readReply(octets)
  case "forward": readForward(octets)
  case "tnef": readTNEF(octets)
  case "bounce": readBounce(octets)
  default: readAll(octets)
  }
  return 0
}

private let target = ProcessInfo.processInfo.environment["POSTPLEIN_FUZZ_TARGET"] ?? "parser"

/// A whole message: everything the gateway and `explain` read of one.
private func readAll(_ octets: Data) {
  let message = MailMessage.parse(octets)
  precondition(message.subject.utf8.count <= MIMELimits.standard.fieldBytes * 3)
  precondition(message.root.allParts.count <= MIMELimits.standard.parts + 1)
  for file in message.attachments { precondition(!file.fileName.contains("/") && !file.fileName.isEmpty) }
  _ = MailSort.of(message) { _ in false }
  _ = AuthenticationResults.read(message.header, authservID: "mx.example.nl")
  _ = WrittenText(of: message)
}

/// What a server returned: as text, as a delivery status, or as a report; by the first octet.
private func readBounce(_ octets: Data) {
  let kinds = [
    "text/plain", "multipart/report; boundary=b", "text/html", "application/gzip", "message/feedback-report",
  ]
  let kind = kinds[Int(octets.first ?? 0) % kinds.count]
  let header = "Return-Path: <>\r\nFrom: MAILER-DAEMON@x.test\r\nContent-Type: \(kind)\r\n\r\n"
  let message = MailMessage.parse(Data(header.utf8) + octets.dropFirst())
  if case .deliveryStatus(let status) = MailSort.of(message, isOurs: { _ in false }) {
    precondition(status.recipients.count <= 100)
    for recipient in status.recipients {
      _ = DeliveryVerdict.of(
        action: recipient.action, status: recipient.status, words: recipient.diagnostic, provider: recipient.provider)
      if let address = recipient.finalRecipient { _ = AddressCorrection.likely(for: address) }
    }
  }
  _ = AuthenticationReport.read(message)
  _ = AuthenticationReport.read(file: octets.dropFirst())
  _ = SpamSigns.read(message.header)
}

/// A body of a reply, plain where the first octet is even, HTML where it is odd: no word of it may be lost.
private func readReply(_ octets: Data) {
  let message = mail(octets, subject: "Re: Gymles")
  let read = NewText.read(message)
  guard message.html == nil, let plain = message.plainText else { return }
  let letters = { (text: String) in text.unicodeScalars.count { $0.properties.isAlphabetic } }
  let kept = letters(read.text) + read.cuts.reduce(0) { $0 + letters($1.text) }
  precondition(kept >= letters(plain), "words lost")
}

private func readForward(_ octets: Data) {
  let subjects = ["Fwd: Gymles", "Doorst: Gymles", "Gymles", "Re: Gymles"]
  let message = mail(octets, subject: subjects[Int(octets.first ?? 0) / 2 % subjects.count])
  _ = ForwardedMessage.read(message)
  _ = WrittenText(of: message)
}

/// Properties of a `winmail.dat`, of the message and of a file, under checksums that hold: so they reach libytnef.
private func readTNEF(_ octets: Data) {
  func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  func attribute(_ level: UInt8, _ id: Int, _ data: [UInt8]) -> [UInt8] {
    [level] + little(id, 4) + little(data.count, 4) + data + little(data.reduce(0) { $0 + Int($1) }, 2)
  }
  let half = octets.count / 2
  var tnef: [UInt8] = [0x78, 0x9F, 0x3E, 0x22, 0x01, 0x00]
  tnef += attribute(1, 0x0008_9006, little(0x10000, 4))
  tnef += attribute(1, 0x0006_9003, Array(octets.prefix(half)))
  tnef += attribute(2, 0x0006_9002, [UInt8](repeating: 0, count: 14))
  tnef += attribute(2, 0x0001_8010, Array("a.txt\0".utf8))
  tnef += attribute(2, 0x0006_9005, Array(octets.dropFirst(half)))
  let head = "From: a@b.nl\r\nContent-Type: application/ms-tnef\r\nContent-Transfer-Encoding: base64\r\n\r\n"
  _ = MailMessage.parse(Data(head.utf8) + Data(tnef).base64EncodedData()).attachments
}

private func mail(_ octets: Data, subject: String) -> MailMessage {
  let isHTML = (octets.first ?? 0) % 2 == 1
  let head =
    "From: a@b.nl\r\nSubject: \(subject)\r\nContent-Type: text/\(isHTML ? "html" : "plain"); charset=utf-8\r\n\r\n"
  return MailMessage.parse(Data(head.utf8) + octets.dropFirst())
}
