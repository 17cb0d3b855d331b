import Foundation
import Testing

@testable import Mail

/// A reader that stalls is ended by the time limit, which is no measurement.
@Suite("Hostile mail", .timeLimit(.minutes(6)))
struct HostileMailTests {
  /// Reads everything there is to read.
  private func readAll(_ raw: Data, limits: MIMELimits = .standard) -> MailMessage {
    let message = MailMessage.parse(raw, limits: limits)
    _ = NewText.read(message)
    _ = ForwardedMessage.read(message)
    _ = message.attachments
    _ = message.root.allParts.count
    _ = message.fingerprint
    _ = SubjectLine(message.subject)
    return message
  }

  private func kinds(_ message: MailMessage) -> Set<MailDefect.Kind> { Set(message.defects.map(\.kind)) }

  @Test("10,000 multiparts in one another stop at the depth limit")
  func deepMultiparts() {
    var raw = "From: a@b.nl\r\n"
    for level in 0..<10_000 { raw += "Content-Type: multipart/mixed; boundary=\"b\(level)\"\r\n\r\n--b\(level)\r\n" }
    let message = readAll(Data((raw + "\r\nhoi\r\n").utf8))
    #expect(kinds(message).contains(.tooDeep))
  }

  @Test("10,000 attached messages in one another stop at the depth limit")
  func deepMessages() {
    let raw = String(repeating: "Content-Type: message/rfc822\r\n\r\n", count: 10_000) + "Subject: x\r\n\r\nhoi\r\n"
    let message = readAll(Data(raw.utf8))
    #expect(kinds(message).contains(.tooDeep))
  }

  @Test("of 100,000 parts the first thousand are read")
  func manyParts() {
    let raw =
      "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + String(repeating: "--b\r\n\r\nx\r\n", count: 100_000)
      + "--b--\r\n"
    let message = readAll(Data(raw.utf8))
    #expect(kinds(message).contains(.tooManyParts))
    #expect(message.root.allParts.count == MIMELimits.standard.parts)
  }

  @Test("a boundary of one quote mark, which crashes libetpan, is read")
  func quoteMarkBoundary() {
    let message = readAll(
      Data("Content-Type: multipart/mixed; boundary=\"\\\"\"\r\n\r\n--\"\r\n\r\nhoi\r\n--\"--\r\n".utf8))
    #expect(message.plainText?.trimmed == "hoi")
  }

  @Test(
    "a multipart without its boundary shows its text",
    arguments: ["multipart/mixed", "multipart/mixed; boundary=other", "multipart/alternative; boundary=\"\""])
  func missingBoundary(_ type: String) {
    let message = readAll(Data("From: a@b.nl\r\nContent-Type: \(type)\r\n\r\n--b\r\nhoi juf\r\n--b--\r\n".utf8))
    #expect(kinds(message).contains(.missingBoundary))
    #expect(message.plainText?.contains("hoi juf") == true)
  }

  @Test("10,000 header fields: a thousand are kept")
  func manyFields() {
    let raw = "From: a@b.nl\r\n" + (0..<10_000).map { "X-\($0): y\r\n" }.joined() + "\r\nhoi\r\n"
    let message = readAll(Data(raw.utf8))
    #expect(message.header.count == MIMELimits.standard.headerFields)
    #expect(kinds(message).contains(.tooManyFields))
    #expect(message.plainText?.trimmed == "hoi")
  }

  @Test("a field of 10 MB is cut, the rest is read")
  func longField() {
    let raw = "Subject: " + String(repeating: "x", count: 10 << 20) + "\r\nFrom: a@b.nl\r\n\r\nhoi\r\n"
    let message = readAll(Data(raw.utf8))
    #expect(kinds(message).contains(.fieldTooLong))
    #expect(message.from.first?.address == MailAddress("a@b.nl"))
    #expect(message.subject.utf8.count <= MIMELimits.standard.fieldBytes)
  }

  @Test("a list of 100,000 addresses is cut")
  func manyAddresses() {
    let raw = "To: " + (0..<100_000).map { "a\($0)@b.nl" }.joined(separator: ",\r\n ") + "\r\n\r\nhoi\r\n"
    let message = readAll(Data(raw.utf8))
    #expect(message.to.count <= MIMELimits.standard.addresses)
    #expect(message.to.first == NamedAddress(address: MailAddress("a0@b.nl")!))
  }

  @Test("a line of 10 MB is text")
  func longLine() {
    let message = readAll(Data(("From: a@b.nl\r\n\r\n" + String(repeating: "hoi ", count: 2_500_000)).utf8))
    #expect(kinds(message).contains(.textTooLong))
    #expect(message.plainText?.hasPrefix("hoi hoi") == true)
  }

  @Test("past the size limit the rest is not read")
  func tooLong() {
    var limits = MIMELimits()
    limits.messageBytes = 1_000
    limits.decodedBytes = 500
    let message = readAll(
      Data(("From: a@b.nl\r\n\r\n" + String(repeating: "hoi\r\n", count: 1_000)).utf8), limits: limits)
    #expect(kinds(message).isSuperset(of: [.messageTooLong, .decodedTooLong]))
    #expect(message.root.data?.count == 500)
  }

  @Test(
    "base64 is read however it is broken",
    arguments: [
      "SGFsbG8sIGp1Zg==", "SGFs\r\nbG8s\r\nIGp1Zg==\r\n", "SGFsbG8sIGp1Zg", "SGFsbG8sIGp1Zg=",
      "SGFs bG8s\r\n\r\n*IGp1Zg==\r\n", "SGFsbG8sIGp1Zg==\r\n=\r\n", "SGFsbG8sIGp1Zg==\r\nVerzonden\r\n",
      "*SGFsbG8sIGp1Zg\r\n-",
      "SGFsbG8sIGp1Zg==\r\nA",
    ])
  func brokenBase64(_ encoded: String) {
    let message = readAll(base64Mail(encoded))
    #expect(message.attachments.map { String(decoding: $0.data, as: UTF8.self) } == ["Hallo, juf"])
  }

  @Test("a file in base64 is cut at the limit, and what comes after it is empty")
  func tooLongBase64() {
    var limits = MIMELimits()
    limits.decodedBytes = 500
    let file = Data(repeating: 7, count: 400).base64EncodedString()
    let message = readAll(base64Mail(file, file, file), limits: limits)
    #expect(kinds(message).contains(.decodedTooLong))
    #expect(message.attachments.map(\.data.count) == [400, 100, 0])
  }

  private func base64Mail(_ files: String...) -> Data {
    let type = "Content-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return Data(
      ("From: a@b.nl\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        + files.map { "--b\r\n\(type)\($0)\r\n" }.joined() + "--b--\r\n").utf8)
  }

  @Test("NULs, bare CR and bare LF are defects, and no reason to lose text")
  func controlCharacters() {
    let message = readAll(Data("From: a@b.nl\r\nSubject: x\r\n\r\nhoi\u{0} daar\rjuf\nAnna\r\n".utf8))
    #expect(kinds(message).isSuperset(of: [.nulOctet, .bareLineBreak]))
    #expect(message.plainText?.contains("hoi daar") == true)
    #expect(message.plainText?.contains("Anna") == true)
  }

  @Test(
    "no octets, only line breaks and no header give defects",
    arguments: ["", "\r\n\r\n", "hallo juf\r\nwat gaan we doen?\r\n"])
  func noHeader(_ raw: String) {
    let message = readAll(Data(raw.utf8))
    #expect(!message.defects.isEmpty)
    #expect(message.from.isEmpty)
    #expect(
      (message.plainText ?? "").trimmed
        == raw.replacingOccurrences(of: "\r\n", with: raw.contains("juf") ? "\r\n" : "").trimmed)
  }

  @Test("two From fields: the first counts, with a defect")
  func twoSenders() {
    let message = readAll(Data("From: a@b.nl\r\nFrom: c@d.nl\r\n\r\nhoi\r\n".utf8))
    #expect(message.from.map(\.address) == [MailAddress("a@b.nl")!])
    #expect(message.defects.contains(MailDefect(.duplicateField, "From")))
  }

  @Test(
    "encoded words never make an address",
    arguments: [
      "=?utf-8?q?boss=40school.nl?= <x@evil.example>", "=?utf-8?q?=3Cboss=40school.nl=3E?= <x@evil.example>",
      "\"=?utf-8?q?boss=40school.nl=2C?=\" <x@evil.example>",
      "=?utf-8?b?Ym9zc0BzY2hvb2wubmwNCkJjYzogYUBiLm5s?= <x@evil.example>",
    ])
  func encodedWords(_ from: String) {
    let message = readAll(Data("From: \(from)\r\n\r\nhoi\r\n".utf8))
    #expect(message.from.map(\.address) == [MailAddress("x@evil.example")!])
    #expect(message.from.first?.name?.contains("\n") == false)
  }

  @Test("100,000 elements in one another and unclosed tags are read as text")
  func deepHTML() {
    for unit in ["<div>", "<b>", "<blockquote type=cite>", "<table><tr><td>", "</p>", "<a href=x", "<!--", "&#x"] {
      let html = "<p>hoi</p>" + String(repeating: unit, count: 100_000) + "juf"
      let raw = "From: a@b.nl\r\nContent-Type: text/html\r\n\r\n\(html)\r\n"
      let message = readAll(Data(raw.utf8))
      #expect(NewText.read(message).text.hasPrefix("hoi"))
    }
  }

  @Test("A tag of 100,000 attributes is not given to libxml2, however its quotes stand; what is around it is read")
  func attributes() {
    let attributes = (1...100_000).map { " a\($0)=1" }.joined()
    for tag in ["<a\(attributes)>", "<a x=\">\"\(attributes)>", "<a \"=\"\(attributes)>", "<a x='>\(attributes)'>"] {
      #expect(TagScan.firstTooLong(Array("<p>hoi</p>\(tag)".utf8)) == 10, "\(tag.prefix(20))")
      let raw = "From: a@b.nl\r\nContent-Type: text/html\r\n\r\n<p>hoi</p>\(tag)juf</a>\r\n"
      let text = NewText.read(readAll(Data(raw.utf8))).text
      #expect(text.hasPrefix("hoi") && text.contains("juf"))
    }
    let usual = "<p style=\"\(String(repeating: "margin: 0; ", count: 300))\" title='een > twee'>\(attributes)</p><b>"
    #expect(TagScan.firstTooLong(Array(usual.utf8)) == nil)
  }

  @Test(
    "lists that begin at any number are read",
    arguments: ["9223372036854775807", "-9223372036854775808", "99999999999999999999", "x", ""])
  func listNumbers(_ start: String) {
    let html = "<ol start=\"\(start)\"><li>a<li>b</ol>"
    let message = readAll(Data("From: a@b.nl\r\nContent-Type: text/html\r\n\r\n\(html)\r\n".utf8))
    #expect(NewText.read(message).text.contains(". b"))
  }

  @Test("a million empty lines, behind our footer too, cost little and little room")
  func emptyLines() {
    let lines = String(repeating: "\n", count: 1_000_000)
    let text = readAll(Data("From: a@b.nl\r\n\r\nhoi\n\(NewText.footerMarker)x\(lines)".utf8))
    #expect(NewText.read(text).text == "hoi")
    let parts = String(repeating: "--b\r\nContent-Type: text/plain\r\n\r\n\(lines)\r\n", count: 10)
    _ = readAll(Data("From: a@b.nl\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\(parts)--b--\r\n".utf8))
  }

  @Test("a paragraph of half a million flowing lines costs little", arguments: ["yes", "no"])
  func flowed(_ deletes: String) {
    let type = "Content-Type: text/plain; format=flowed; delsp=\(deletes)"
    let message = readAll(Data("\(type)\r\n\r\n\(String(repeating: "a \r\n", count: 500_000))".utf8))
    #expect(message.plainText?.hasPrefix(deletes == "yes" ? "aaa" : "a a a") == true)
  }

  @Test("a line of 50,000 links costs little", arguments: ["", "é"])
  func links(_ text: String) {
    let html = text + String(repeating: "<a href=\"http://x.nl\">y</a> ", count: 50_000)
    let message = readAll(Data("Content-Type: text/html; charset=utf-8\r\n\r\n\(html)\r\n".utf8))
    #expect(message.readableText.hasPrefix(text + "y <http://x.nl>"))
  }

  @Test("a subject of labels costs little")
  func labels() {
    let message = readAll(Data("Subject: \(String(repeating: "[EXT]", count: 13_000))\u{E9}\r\n\r\nhoi".utf8))
    #expect(SubjectLine(message.subject).base.utf8.count < 100)
  }

  @Test("a thousand files are looked for in a page of a million octets")
  func contentIDs() {
    let page = "--b\r\nContent-Type: text/html\r\n\r\n\(String(repeating: "cid:y ", count: 200_000))\r\n"
    let files = (0..<900).map { "--b\r\nContent-Type: image/png\r\nContent-ID: <x\($0)>\r\n\r\nx\r\n" }.joined()
    let raw = "Content-Type: multipart/related; boundary=b\r\n\r\n\(page)\(files)--b--\r\n"
    #expect(readAll(Data(raw.utf8)).attachments.count == 900)
  }

  @Test("lines that nearly are attributions cost little")
  func nearlyAttributions() {
    for line in [
      "Op ma 3 nov 2025 om 10:12 schreef", "On Mon, Nov 3, 2025 at 10:12 AM <a@b.nl>", "Van: a", "> > > >",
      "Van: a@b.nl\nDatum:", "On On On On On 1:", "a@b.nl schreef:",
    ] {
      let raw = "From: a@b.nl\r\n\r\n" + String(repeating: line + "\n", count: 1_000)
      _ = readAll(Data(raw.utf8))
    }
  }
}
