import Foundation
import Testing

@testable import Mail

@Suite("Text of parts")
struct TextTests {
  private func message(_ type: String, _ octets: [UInt8], encoding: String = "8bit") -> MailMessage {
    MailMessage.parse(
      Data(
        "From: a@b.nl\r\nDate: Mon, 3 Nov 2025 10:12:05 +0100\r\nContent-Type: \(type)\r\nContent-Transfer-Encoding: \(encoding)\r\n\r\n"
          .utf8)
        + Data(octets))
  }

  @Test("What a person reads has lines of its own, however they ended on the way")
  func lineEnds() {
    for text in ["Een\r\n\r\nTwee", "Een\n\nTwee", "Een\r\rTwee"] {
      let raw = Data("Content-Type: text/plain; charset=utf-8\r\n\r\n\(text)".utf8)
      #expect(MailMessage.parse(raw).readableText == "Een\n\nTwee", "\(text.debugDescription)")
    }
  }

  @Test(
    "charsets are decoded whatever their label says",
    arguments: [
      ("text/plain; charset=utf-8", Array("café".utf8), "café", []),
      ("text/plain; charset=iso-8859-1", [0x80, 0x20, 0x93, 0x61, 0x94, 0xE9], "€ “a”é", []),
      ("text/plain; charset=iso-8859-15", [0xA4], "€", []),
      ("text/plain", [0x63, 0x61, 0x66, 0xE9], "café", [.wrongCharset]),
      ("text/plain", Array("café".utf8), "café", []),
      ("text/plain; charset=utf-8", [0x63, 0xE9, 0x20, 0x64], "cé d", [.wrongCharset]),
      (
        "text/plain; charset=utf-8", Array("één ".utf8) + [0xFF] + Array(" twéé".utf8), "één \u{FFFD} twéé",
        [.wrongCharset]
      ),
      ("text/plain; charset=iso-8859-1", Array("één twéé".utf8), "één twéé", [.wrongCharset]),
      ("text/plain; charset=gb2312", [0xC4, 0xE3, 0xBA, 0xC3], "你好", []),
      ("text/plain; charset=iso-2022-jp", [0x1B, 0x24, 0x42, 0x24, 0x22, 0x1B, 0x28, 0x42], "あ", []),
      ("text/plain", [0x1B, 0x24, 0x42, 0x24, 0x22, 0x1B, 0x28, 0x42], "あ", [.wrongCharset]),
      ("text/plain; charset=koi8-r", [0xC4, 0xC1], "да", []),
      ("text/plain; charset=x-nonsense", Array("hoi é".utf8), "hoi é", [.unknownCharset]),
      ("text/plain; charset=utf-7", Array("+ADw-script+AD4-".utf8), "+ADw-script+AD4-", [.refusedCharset]),
      ("text/plain; charset=utf-16le", [0x68, 0, 0x69, 0], "hi", [.nulOctet]),
    ] as [(String, [UInt8], String, [MailDefect.Kind])])
  func charsets(_ type: String, _ octets: [UInt8], _ text: String, _ defects: [MailDefect.Kind]) {
    let message = message(type, octets)
    #expect(message.plainText == text)
    #expect(message.defects.map(\.kind) == defects)
  }

  @Test("flowed lines are joined, quotes and signatures kept apart")
  func flowed() {
    let text = "een lange \nregel\n>> een \n>> quote \n> andere\n-- \nnaam\n van mij"
    #expect(
      FlowedText.unfolded(text, deletesSpace: false) == "een lange regel\n>> een quote \n> andere\n-- \nnaam\nvan mij")
    #expect(FlowedText.unfolded("woor \nden", deletesSpace: true) == "woorden")
    #expect(FlowedText.unfolded("", deletesSpace: false) == "")
  }

  @Test(
    "the body is chosen from alternative, related and mixed",
    arguments: [
      ("mixed", ["text/plain|een", "image/png|x", "text/plain|twee"], "een\n\ntwee\n", nil),
      ("alternative", ["text/plain|een", "text/html|<p>een</p>"], "een\n", "<p>een</p>\n"),
      ("related", ["text/html|<p>een</p>", "image/png|x"], nil, "<p>een</p>\n"),
      ("signed", ["text/plain|een", "application/pkcs7-signature|x"], "een\n", nil),
      ("report", ["text/plain|een", "message/delivery-status|Status: 5.1.1"], "een\n", nil),
      ("digest", ["text/plain|een"], nil, nil),
    ] as [(String, [String], String?, String?)])
  func bodies(_ subtype: String, _ parts: [String], _ plain: String?, _ html: String?) {
    var raw = "From: a@b.nl\r\nContent-Type: multipart/\(subtype); boundary=b\r\n\r\n"
    for part in parts {
      let halves = part.split(separator: "|")
      raw += "--b\r\nContent-Type: \(halves[0])\r\n\r\n\(halves[1])\r\n\r\n"
    }
    let message = MailMessage.parse(Data((raw + "--b--\r\n").utf8))
    #expect(message.plainText?.replacingOccurrences(of: "\r\n", with: "\n") == plain)
    #expect(message.html?.replacingOccurrences(of: "\r\n", with: "\n") == html)
  }

  @Test(
    "file names are read from every encoding, and are never paths",
    arguments: [
      ("attachment; filename=\"brief.pdf\"", "brief.pdf"),
      ("attachment; filename*=UTF-8''%C3%A9%C3%A9n.pdf", "één.pdf"),
      ("attachment; filename=\"=?utf-8?Q?=C3=A9=C3=A9n=2Epdf?=\"", "één.pdf"),
      ("attachment; filename*0*=UTF-8''%C3%A9; filename*1=\"n.pdf\"", "én.pdf"),
      ("attachment; filename=\"../../etc/passwd\"", "passwd"),
      ("attachment; filename=\"C:\\\\temp\\\\x.exe\"", "x.exe"),
      ("attachment; filename=\"..\"", "attachment"),
      ("attachment; filename=\"a\u{202E}fdp.exe\"", "afdp.exe"),
      (
        "attachment; filename=\"\(String(repeating: "x", count: 5_000)).pdf\"",
        String(repeating: "x", count: 196) + ".pdf"
      ),
    ])
  func fileNames(_ disposition: String, _ name: String) {
    let raw = "Content-Type: application/pdf\r\nContent-Disposition: \(disposition)\r\n\r\nx"
    let message = MailMessage.parse(Data(raw.utf8))
    #expect(message.attachments.map(\.fileName) == [name])
  }

  @Test("HTML becomes what a reader sees")
  func html() {
    let html = """
      <p>Hallo <b>juf</b>,</p><p style="display: none">weg</p><ol start=3><li>drie<li>vier</ol>
      <table><tr><td>ma</td><td>di</td></tr><tr><td>1</td></tr></table><pre>a  b\nc</pre>
      <a href="https://x.example/a">hier</a> <a href="https://x.example">x.example</a> &eacute;&nbsp;&lt;ja&gt;
      <script>nee()</script><img alt="👍" src=x>
      """
    #expect(
      HTMLTree(html).text
        == "Hallo juf,\n\n3. drie\n4. vier\n\nma di\n1\n\na  b\nc\n\nhier <https://x.example/a> x.example é <ja> 👍")
  }

  @Test("return paths: null, an address, none")
  func returnPaths() {
    let path = { (line: String) in MailMessage.parse(Data("\(line)From: a@b.nl\r\n\r\nx".utf8)).returnPath }
    #expect(path("Return-Path: <>\r\n") == .null)
    #expect(path("Return-Path: <b.key@school.nl>\r\n") == .address(MailAddress("b.key@school.nl")!))
    #expect(path("") == nil)
  }

  @Test("header fields keep their order and fold away")
  func header() {
    let raw =
      "Received: een\r\n\tvia twee\r\nX-A: 1\r\nreceived: drie\r\nSubject: =?iso-8859-1?q?caf=E9_?=\r\n =?utf-8?b?w6k=?=\r\n\r\nx"
    let header = MailMessage.parse(Data(raw.utf8)).header
    #expect(header.all("Received").map(\.value) == ["een via twee", "drie"])
    #expect(header.first("subject")?.value == "café é")
    #expect(header["X-B"] == nil)
    #expect(header.withoutTrace.map(\.name) == ["X-A", "Subject"])
  }

  @Test(
    "message ids are read with and without brackets",
    arguments: [
      ("<a@b> <c@d>", ["a@b", "c@d"]), ("a@b", ["a@b"]), ("<a\r\n @b>", ["a@b"]), ("no id here", []), ("<a@b", ["a@b"]),
      ("", []),
    ])
  func messageIDs(_ value: String, _ ids: [String]) { #expect(MessageIDs.read(value) == ids) }
}

@Suite("Subjects and dates")
struct SubjectAndDateTests {
  @Test(
    "prefixes of replies and forwards are told and taken away",
    arguments: [
      ("Re: Museum", "Museum", true, false), ("Antw: Re: RE: Museum", "Museum", true, false),
      ("Fwd: Museum", "Museum", false, true), ("FW: Re: Museum", "Museum", false, true),
      ("Re: Fwd: Museum", "Museum", true, false), ("Doorst: Museum", "Museum", false, true),
      ("WG: AW: Museum", "Museum", false, true), ("TR : Museum", "Museum", false, true),
      ("Re[2]: Museum", "Museum", true, false), ("[EXTERN] Re: Museum", "Museum", true, false),
      ("Museum: wie gaat mee?", "Museum: wie gaat mee?", false, false), ("Re:", "", true, false),
      ("", "", false, false),
      ("Betreft: ziek", "Betreft: ziek", false, false),
    ])
  func subjects(_ subject: String, _ base: String, _ isReply: Bool, _ isForward: Bool) {
    let line = SubjectLine(subject)
    #expect(line.base == base)
    #expect(line.isReply == isReply)
    #expect(line.isForward == isForward)
  }

  @Test("an answer's subject has one prefix")
  func replySubject() { #expect(SubjectLine("Antw: RE: Fwd: Museum").replySubject == "Re: Museum") }

  @Test(
    "written dates become instants",
    arguments: [
      ("ma 3 nov 2025 om 10:12", "2025-11-03T09:12:00Z"), ("maandag 3 november 2025 10:12", "2025-11-03T09:12:00Z"),
      ("Mon, 3 Nov 2025 10:12:05 +0100", "2025-11-03T09:12:05Z"),
      ("Wed, Oct 27, 2021 at 9:31 PM", "2021-10-27T19:31:00Z"),
      ("28/10/2021 12:46", "2021-10-28T10:46:00Z"), ("10/28/2021 12:46", "2021-10-28T10:46:00Z"),
      ("2021-10-28 12:46", "2021-10-28T10:46:00Z"), ("17-feb.-2015, om 13:18", "2015-02-17T12:18:00Z"),
      ("moandei 3 novimber 2025 10:12", "2025-11-03T09:12:00Z"),
      ("26. Oktober 2021 um 14:25:08 OESZ", "2021-10-26T11:25:08Z"),
      ("Tuesday, November 2, 2021, 09:26:50 AM GMT+1", "2021-11-02T08:26:50Z"), ("morgen", nil), ("", nil),
      ("99/99/2021 25:61", nil),
    ])
  func dates(_ text: String, _ instant: String?) {
    let expected = instant.flatMap { ISO8601DateFormatter().date(from: $0) }
    #expect(WrittenDate.read(text) == expected)
  }

  @Test("Date is written with the offset of the zone at that moment")
  func dateField() {
    let zone = TimeZone(identifier: "Europe/Amsterdam")!
    #expect(
      InternetDate.string(Date(timeIntervalSince1970: 1_751_360_400), in: zone) == "Tue, 01 Jul 2025 11:00:00 +0200")
    #expect(
      InternetDate.string(Date(timeIntervalSince1970: 0), in: TimeZone(secondsFromGMT: -12_600)!)
        == "Wed, 31 Dec 1969 20:30:00 -0330")
  }

  @Test("A text is cut at so many octets, and never within a scalar")
  func prefix() {
    for (text, octets, wanted) in [
      ("abc", 3, "abc"), ("abcd", 3, "abc"), ("één", 2, "é"), ("één", 3, "é"), ("één", 1, ""), ("😀x", 3, ""),
      ("😀x", 4, "😀"), ("e\u{301}x", 2, "e"), ("abc", 0, ""),
    ] {
      #expect(text.prefix(octets: octets) == wanted, "\(text) \(octets)")
    }
  }
}
