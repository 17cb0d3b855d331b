import Foundation
import Testing

@testable import Mail

@Suite("Mail within a wrapper: winmail.dat and opaque signatures")
struct WrappedTests {
  /// TNEF as Outlook writes it ([MS-OXTNEF] 2.1.3), with one file.
  private func tnef(body: String?, file: (name: String, data: String)) -> Data {
    func attribute(_ level: UInt8, _ id: UInt32, _ data: [UInt8]) -> [UInt8] {
      let sum = data.reduce(UInt16(0)) { $0 &+ UInt16($1) }
      return [level] + little(id) + little(UInt32(data.count)) + data + [UInt8(sum & 0xFF), UInt8(sum >> 8)]
    }
    func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 0xFF) } }
    var octets: [UInt8] = [0x78, 0x9F, 0x3E, 0x22, 0x01, 0x00]
    octets += attribute(1, 0x0008_9006, little(0x10000))
    octets += attribute(1, 0x0006_9007, little(1252) + little(0))
    octets += attribute(1, 0x0007_8008, Array("IPM.Microsoft Mail.Note\0".utf8))
    if let body { octets += attribute(1, 0x0002_800C, Array(body.utf8)) }
    octets += attribute(2, 0x0006_9002, [UInt8](repeating: 0, count: 14))
    octets += attribute(2, 0x0001_8010, Array("\(file.name)\0".utf8))
    octets += attribute(2, 0x0006_800F, Array(file.data.utf8))
    return Data(octets)
  }

  private func mail(text: String?, _ type: String, _ wrapped: Data) -> MailMessage {
    var raw = "From: a@b.nl\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    if let text { raw += "--b\r\nContent-Type: text/plain\r\n\r\n\(text)\r\n" }
    raw += "--b\r\nContent-Type: \(type)\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    raw +=
      wrapped.base64EncodedString(options: [.lineLength76Characters, .endLineWithCarriageReturn]) + "\r\n--b--\r\n"
    return MailMessage.parse(Data(raw.utf8))
  }

  private let type = "application/ms-tnef; name=winmail.dat"

  @Test("files in winmail.dat are the mail's files")
  func files() throws {
    let message = mail(text: "Hierbij het formulier.", type, tnef(body: nil, file: ("formulier.pdf", "%PDF")))
    #expect(message.plainText?.trimmed == "Hierbij het formulier.")
    let file = try #require(message.attachments.first)
    #expect(message.attachments.count == 1)
    #expect(file.fileName == "formulier.pdf")
    #expect(file.mediaType == "application/pdf")
    #expect(file.data == Data("%PDF".utf8))
  }

  @Test("text in winmail.dat counts where there is no other")
  func body() {
    let data = tnef(body: "Noor is ziek.", file: ("a.txt", "x"))
    #expect(mail(text: nil, type, data).plainText?.trimmed == "Noor is ziek.")
    #expect(mail(text: "Zie bijlage.", type, data).plainText?.trimmed == "Zie bijlage.")
  }

  @Test("a name that is a path is none")
  func paths() {
    let message = mail(text: nil, type, tnef(body: nil, file: ("..\\..\\etc\\passwd", "x")))
    #expect(message.attachments.map(\.fileName) == ["passwd"])
    #expect(message.defects.contains { $0.kind == .unsafeFileName })
  }

  @Test("a broken winmail.dat stays a file, with a defect")
  func broken() {
    let whole = tnef(body: "Noor is ziek.", file: ("a.txt", "x"))
    for length in stride(from: 0, to: whole.count, by: 7) {
      let message = mail(text: "hoi", type, whole.prefix(length))
      #expect(message.plainText?.trimmed == "hoi")
      // What ends between two attributes is whole.
      let isWhole = TNEF(whole.prefix(length), limits: .standard) != nil
      #expect(length == 0 || isWhole || message.attachments.map(\.fileName) == ["winmail.dat"])
    }
    var changed = whole
    changed[20] ^= 0xFF
    #expect(mail(text: nil, type, changed).defects.contains { $0.kind == .malformedPart })
  }

  @Test("winmail.dat with a file's attribute before the file, or one twice, stays a file: it would never be freed")
  func repeated() throws {
    let whole = tnef(body: "hoi", file: ("brief.txt", "Beste ouders"))
    let title = whole.count - 12 - 11 - 10 - 11
    let (head, file) = (whole.prefix(title - 14 - 11), whole[(title - 14 - 11)...])
    #expect(TNEF(head + file, limits: .standard)?.files.count == 1)
    #expect(TNEF(head + file + file, limits: .standard)?.files.count == 2)
    #expect(TNEF(head + file.dropFirst(14 + 11), limits: .standard) == nil)
    #expect(TNEF(whole + file.dropFirst(14 + 11), limits: .standard) == nil)
    #expect(TNEF(head.prefix(6) + head.dropFirst(6) + head.dropFirst(6), limits: .standard) == nil)
  }

  /// Made by `openssl smime -sign -nodetach` with a throwaway key; the certificate is not in it.
  @Test("what an opaque signature wraps is read", arguments: ["smime-der", "smime-ber"])
  func signed(_ name: String) throws {
    let file = try #require(Bundle.module.url(forResource: "Fixtures/wrapped/\(name)", withExtension: "p7m"))
    let message = mail(text: nil, "application/pkcs7-mime; smime-type=signed-data", try Data(contentsOf: file))
    #expect(NewText.read(message).text == "Noor kan morgen mee.")
  }

  @Test("octets that are no signed data stay a file")
  func unsigned() {
    let message = mail(text: nil, "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", Data("0123".utf8))
    #expect(message.attachments.map(\.fileName) == ["smime.p7m"])
  }
}
