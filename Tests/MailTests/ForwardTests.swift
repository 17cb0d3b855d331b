import Foundation
import Testing

@testable import Mail

@Suite("Forwards")
struct ForwardTests {
  private static func read(_ raw: String) -> ForwardedMessage? {
    ForwardedMessage.read(MailMessage.parse(Data(raw.utf8)))
  }

  static let header = "Van: Anna <a@bad.test>\nDatum: 3 november 2025 10:12\nAan: Bo <bo@ouder.test>\nOnderwerp: Les"
  static let quoted = "\(header)\n\nBeste ouders,\n\nGeen les".split(separator: "\n", omittingEmptySubsequences: false)
    .map { $0.isEmpty ? ">" : "> \($0)" }.joined(separator: "\n")

  @Test(
    "What stands below an original that bears marks is the sender's",
    arguments: [
      (
        "Begin doorgestuurd bericht:\n\n\(quoted)\n>\n\nWij zijn er dan niet.\n\nGroet Bo",
        "Wij zijn er dan niet.\n\nGroet Bo"
      ),
      ("> Begin doorgestuurd bericht:\n>\n\(quoted)\nPS Sem is vrij.", "PS Sem is vrij."),
      ("Hoi,\n\nZie onder.\n\n\(quoted)\n\nPS Sem is vrij.", "Hoi,\n\nZie onder.\n\nPS Sem is vrij."),
      ("Zie onder.\n\n\(quoted)\n\nVerstuurd vanaf mijn iPhone", "Zie onder."),
      ("\(quoted)\n\nDeze e-mail is uitsluitend bestemd voor de geadresseerde en vertrouwelijk.", ""),
      (
        "---------- Doorgestuurd bericht ----------\n\(header)\n\n> Beste ouders,\n>\n> Geen les\n\nJammer!", "Jammer!"
      ),
    ])
  func below(text: String, own: String) {
    let raw = "From: Bo <bo@ouder.test>\nSubject: Fwd: Les\n\n\(text)"
    let read = Self.read(raw)
    #expect(read?.ownText == own)
    #expect(NewText.read(MailMessage.parse(Data(raw.utf8))).text == own)
    #expect(read?.text == "Beste ouders,\n\nGeen les")
  }

  @Test("So it is below an element of HTML", arguments: ["blockquote type=cite", "div class=moz-forward-container"])
  func belowElement(element: String) {
    let html = """
      <\(element)><p>-------- Doorgestuurd bericht --------<br>
      \(Self.header.replacing("<", with: "&lt;").replacing("\n", with: "<br>"))</p><p>Geen les</p>
      </\(element.prefix { $0 != " " })><p>Jammer!</p>
      """
    let read = Self.read("Content-Type: text/html; charset=utf-8\nSubject: Fwd: Les\n\n\(html)")
    #expect(read?.ownText == "Jammer!" && read?.text == "Geen les")
  }

  @Test("In an original without marks, what it quoted itself does not end it")
  func unmarked() {
    let text = "Nee.\n\n> Is er les?\n\nGroet Anna"
    let read = Self.read("Subject: Fwd: Les\n\nZie onder\n\n\(Self.header)\n\n\(text)")
    #expect(read?.ownText == "Zie onder" && read?.text == text)
  }

  @Test("So does nothing that stands below a header alone that an element marks")
  func markedHeader() {
    let html = """
      <div class=OutlookMessageHeader>\(Self.header.replacing("<", with: "&lt;").replacing("\n", with: "<br>"))</div>
      <p>Nee.</p><blockquote type=cite>Is er les?</blockquote><p>Groet Anna</p>
      """
    let read = Self.read("Content-Type: text/html; charset=utf-8\nSubject: Fwd: Les\n\n\(html)")
    #expect(read?.ownText == "" && read?.text.hasSuffix("Groet Anna") == true)
  }

  @Test("Under a subject of the sender's own, a message from elsewhere is a forward with a line above it too")
  func ownSubject() {
    for (subject, isForward) in [("Verlof", true), ("Re: Verlof", false)] {
      let text = "Zie dit\n\n-------- Oorspronkelijk bericht --------\n\(Self.header)\n\nGeen les"
      let read = Self.read("From: Bo <bo@ouder.test>\nTo: info@school.test\nSubject: \(subject)\n\n\(text)")
      #expect((read != nil) == isForward)
    }
  }

  @Test("Where a program shortened the plain text, the forward is read from the HTML")
  func inHTML() {
    let html =
      "<p>Zie dit</p><hr>\(Self.header.replacing("<", with: "&lt;").replacing("\n", with: "<br>"))<br><br>Geen les"
    for (plain, subject, text) in [
      ("Zie dit", "Fwd: Les", "Geen les"), ("Verstuurd vanaf mijn iPhone", "Fwd: Les", "Geen les"),
      ("Zie dit", "Re: Les", nil),
    ] {
      let raw = """
        Subject: \(subject)
        Content-Type: multipart/alternative; boundary=b

        --b
        Content-Type: text/plain

        \(plain)
        --b
        Content-Type: text/html

        \(html)
        --b--
        """
      let read = Self.read(raw)
      #expect(read?.text == text)
      #expect(read?.ownText == text.map { _ in "Zie dit" })
    }
  }

  @Test(
    "Prefixes of subjects",
    arguments: [
      ("Doorgest.: Les", "forward"), ("Doorst.: Les", "forward"), ("Trs: Les", "forward"),
      ("[SPAM] FW: Les", "forward"),
      ("[Externe e-mail] Fwd: Les", "forward"), ("Antw.: Les", "reply"), ("Antwoord: Les", "reply"),
      ("Beantw.: Les", "reply"), ("Reactie: Les", "reply"), ("Ant: Les", "reply"), ("[extern] RE: Les", "reply"),
    ])
  func prefixes(subject: String, kind: String) {
    let read = SubjectLine(subject)
    #expect(read.base == "Les" && read.isForward == (kind == "forward") && read.isReply == (kind == "reply"))
  }

  @Test(
    "A label before no prefix is the subject's",
    arguments: ["[Groep 5] Les", "[x] y: z", "[\(String(repeating: "x", count: 30))] Re: z"])
  func labels(subject: String) { #expect(SubjectLine(subject).base == subject) }
}
