import Foundation
import Testing

@testable import Mail

@Suite("Composing")
struct OutgoingMessageTests {
  static let plain = OutgoingMessage(
    from: NamedAddress(name: "Juf Anneloes, groep 5 – Dé School", address: MailAddress("ouders+r.k3y@school.test")!),
    to: [NamedAddress(name: "Sietske \"Sies\" Jansen", address: MailAddress("sietske@example.org")!)],
    replyTo: NamedAddress(address: MailAddress("ouders+r.k3y@school.test")!),
    subject: "Schoolreisje: wie gaat er mee naar het Openluchtmuseum in Arnhem? Één begeleider per groep is genoeg",
    date: Date(timeIntervalSince1970: 1_793_610_000), timeZone: TimeZone(identifier: "Europe/Amsterdam")!,
    messageID: "m1.abcdefghij@school.test", inReplyTo: "parent@example.org",
    references: (1...30).map { "ref\($0).0123456789012345678901234567890123456789@example.org" },
    extraFields: [
      .init("List-Id", "<nieuws.groep5.school.test>"), .init("Auto-Submitted", "auto-generated"),
      .init(
        "List-Unsubscribe",
        "<https://school.test/u/\(String(repeating: "x", count: 120))>, <mailto:a@school.test?subject=uit>"),
    ],
    text: "Hoi,\n\nMorgen gaan we op reis.\n\nGroetjes,\nJuf Anneloes\n")

  private func lines(_ data: Data) -> [String] {
    String(decoding: data, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
  }

  private func expectCleanLines(_ data: Data) {
    var previous: UInt8 = 0
    var width = 0
    for octet in data {
      #expect(octet != 0x0A || previous == 0x0D)
      #expect(previous != 0x0D || octet == 0x0A)
      #expect(octet < 0x80 && octet != 0)
      width = octet == 0x0A ? 0 : width + 1
      if width > 999 { Issue.record("a line of more than 998 octets") }
      previous = octet
    }
    #expect(previous == 0x0A)
  }

  @Test("a file of any size comes back whole", arguments: [0, 1, 56, 57, 58, 58_367, 58_368, 58_369, 200_000])
  func files(_ size: Int) {
    var message = Self.plain
    message.attachments = [
      OutgoingAttachment(
        fileName: "a.bin", mediaType: "application/octet-stream", data: Data((0..<size).map { UInt8($0 * 7 & 0xFF) }))
    ]
    let octets = message.composed()
    expectCleanLines(octets)
    let read = MailMessage.parse(octets)
    #expect(read.attachments.map(\.data) == message.attachments.map(\.data))
    #expect(!lines(octets).contains { $0.utf8.count > 78 && !$0.contains(" ") })
  }

  @Test("a plain message says what it was given, in short CRLF lines")
  func plainMessage() {
    let data = Self.plain.composed()
    expectCleanLines(data)
    let read = MailMessage.parse(data)
    #expect(read.from == [Self.plain.from])
    #expect(read.to == Self.plain.to)
    #expect(read.subject == Self.plain.subject)
    #expect(read.date == Self.plain.date)
    #expect(read.messageID == Self.plain.messageID)
    #expect(read.inReplyTo == ["parent@example.org"])
    #expect(read.references == Self.plain.references)
    #expect(read.header["List-Unsubscribe"]?.hasSuffix(">, <mailto:a@school.test?subject=uit>") == true)
    #expect(read.root.data == Data(Self.plain.text.string.replacingOccurrences(of: "\n", with: "\r\n").utf8))
    #expect(read.defects == [])
    #expect(lines(data).contains("Date: Mon, 02 Nov 2026 10:00:00 +0100"))
  }

  @Test("HTML, inline images and files stand in related, alternative and mixed; the same message gives the same octets")
  func everything() {
    var message = Self.plain
    message.text = "Één, twéé\n\(String(repeating: "lang ", count: 400))\nslot  \n.\nFrom hier\n"
    message.html = "<p>Één</p><img src=\"cid:foto1\">"
    message.attachments = [
      OutgoingAttachment(
        fileName: "foto.jpg", mediaType: "image/jpeg", data: Data((0...255).map { UInt8($0) }), contentID: "foto1"),
      OutgoingAttachment(
        fileName: "brief schoolreis – één.pdf", mediaType: "application/pdf", data: Data(repeating: 7, count: 5000)),
      OutgoingAttachment(fileName: "../../etc/passwd", mediaType: "message/rfc822", data: Data("x".utf8)),
    ]
    let data = message.composed()
    expectCleanLines(data)
    #expect(data == message.composed())
    let read = MailMessage.parse(data)
    #expect(
      read.root.allParts.map(\.contentType.mediaType) == [
        "multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/jpeg",
        "application/pdf", "application/octet-stream",
      ])
    #expect(read.root.allParts.compactMap(\.fileName) == ["foto.jpg", "brief schoolreis – één.pdf", "passwd"])
    #expect(read.root.allParts[5].data == message.attachments[0].data)
    #expect(read.root.allParts[5].contentID == "foto1")
    #expect(read.root.allParts[2].data == Data(message.text.string.replacingOccurrences(of: "\n", with: "\r\n").utf8))
    #expect(lines(data).contains { $0.contains("filename*") })
    #expect(lines(data).contains { $0.hasPrefix("\tname=") && $0.contains("=?UTF-8?b?") })
  }
}

extension OutgoingMessageTests {
  @Test("the octets stay what they were, whoever writes them")
  func octets() {
    let message = OutgoingMessage(
      from: NamedAddress(name: "Juf, groep 5", address: MailAddress("a@school.test")!),
      to: [NamedAddress(name: "Siéts", address: MailAddress("b@example.org")!)],
      subject: "Één", date: Date(timeIntervalSince1970: 0), timeZone: .gmt, messageID: "m@school.test",
      text: "7 bits\n.\n",
      html: "<p>é=_ \(String(repeating: "x", count: 80))</p> \n\t\nslot",
      calendar: .init(method: "REQUEST", text: "ééé\r\nééé\r\n"))
    let expected = """
      From: "Juf, groep 5" <a@school.test>
      To: =?UTF-8?b?U2nDqXRz?= <b@example.org>
      Subject: =?UTF-8?b?w4nDqW4=?=
      Date: Thu, 01 Jan 1970 00:00:00 +0000
      Message-ID: <m@school.test>
      MIME-Version: 1.0
      Content-Type: multipart/alternative; boundary="BOUNDARY"

      --BOUNDARY
      Content-Type: text/plain; charset=utf-8
      Content-Transfer-Encoding: 7bit

      7 bits
      .

      --BOUNDARY
      Content-Type: text/html; charset=utf-8
      Content-Transfer-Encoding: quoted-printable

      <p>=C3=A9=3D_ xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx=
      xxxxxxxxxxxxxxxxxxx</p>=20
      =09
      slot

      --BOUNDARY
      Content-Type: text/calendar; charset=utf-8; method=REQUEST
      Content-Transfer-Encoding: base64

      w6nDqcOpDQrDqcOpw6kNCg==

      --BOUNDARY--

      """
    let lines = lines(message.composed())
    let boundary = lines.first { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) } ?? ""
    #expect(lines.joined(separator: "\n").replacing(boundary, with: "BOUNDARY") == expected)
  }

  @Test(
    "line breaks in a value start no field",
    arguments: ["a\r\nBcc: x@y.nl", "a\nBcc: x@y.nl", "a\rBcc: x@y.nl", "é\r\nBcc: x@y.nl"])
  func injection(_ value: String) {
    var message = Self.plain
    message.subject = value
    message.from.name = value
    message.messageID = "\(value)@b"
    message.inReplyTo = value
    message.references = [value]
    message.extraFields = [.init("X-A", value), .init("X-B\r\nBcc", "x@y.nl"), .init("X C", "x")]
    message.attachments = [
      OutgoingAttachment(fileName: value, mediaType: "text/\(value)", data: Data(), contentID: value)
    ]
    message.html = "<p>x</p>"
    let read = MailMessage.parse(message.composed())
    #expect(read.header.first("Bcc") == nil)
    #expect(read.header.first("X C") == nil)
    #expect(read.root.allParts.allSatisfy { $0.header.first("Bcc") == nil })
  }

  @Test(
    "a name is atoms or a quoted string, and comes back as it was",
    arguments: [
      ("Anna Juf", "Anna Juf"), ("O'Neil-Bos", "O'Neil-Bos"), ("A.B. Jansen", "\"A.B. Jansen\""),
      ("Anna Juf (De Wilgenhof)", "\"Anna Juf (De Wilgenhof)\""), ("Jan \"de\" \\ Boer", #""Jan \"de\" \\ Boer""#),
      ("jan@school.test", "\"jan@school.test\""), ("Bos, Sanne", "\"Bos, Sanne\""),
    ])
  func names(name: String, written: String) {
    let message = OutgoingMessage(
      from: NamedAddress(name: name, address: MailAddress("a@school.test")!),
      to: [NamedAddress(name: "Ouder", address: MailAddress("b@example.org")!)], subject: "Hallo", date: .now,
      timeZone: .gmt, messageID: "1@school.test", text: "Hallo")
    let data = message.composed()
    #expect(lines(data).first == "From: \(written) <a@school.test>")
    #expect(MailMessage.parse(data).from == [message.from])
  }

  @Test("lines of quoted-printable have at most 76 octets, whatever stands at their end")
  func quotedPrintableWidth() {
    for end in ["", " ", "\t", "  ", "é", "=", " é", "= "] {
      for width in 66...80 {
        var message = Self.plain
        message.text = "é\n\(String(repeating: "x", count: width))\(end)\nslot\n"
        let data = message.composed()
        let body = lines(data).drop { !$0.isEmpty }
        #expect(lines(data).contains("Content-Transfer-Encoding: quoted-printable"))
        #expect(body.allSatisfy { $0.utf8.count <= 76 && $0.last != " " && $0.last != "\t" }, "\(width) \(end)")
        #expect(
          MailMessage.parse(data).plainText == message.text.string.replacing("\n", with: "\r\n"), "\(width) \(end)")
      }
    }
  }

  @Test(
    "text of any kind comes back as it was",
    arguments: [
      "", "x", "hoi\r\nwat\rleuk\n", "=_ --=_x\n", "😀 ".padding(toLength: 3_000, withPad: "😀 ", startingAt: 0),
      "\u{C}x\n", ".\n..\nFrom x\n",
      String(repeating: "a", count: 5_000),
    ])
  func texts(_ text: String) {
    var message = Self.plain
    message.text = BodyText(text)
    message.html = BodyText(text)
    let read = MailMessage.parse(message.composed())
    #expect(read.plainText == text.withLineFeeds.replacingOccurrences(of: "\n", with: "\r\n"))
    #expect(read.html == read.plainText)
  }
}
