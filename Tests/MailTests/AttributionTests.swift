import Foundation
import Testing

@testable import Mail

@Suite("The line above a quote begins where the sender's words end")
struct AttributionTests {
  static let attributions = [
    "Juf Anna <ouders@school.test> schreef op 03-11-2025 10:12:",
    "Juf Anna (groep 5) schreef op 2025-11-03 10:12:",
    "Juf Anna <ouders@school.test> schreef:",
    "Juf Anna <ouders@school.test>, 3 Kas 2025 Pzt, 10:12 tarihinde şunu yazdı:",
    "Op ma 3 nov. 2025 om 10:12 schreef Juf Anna <ouders@school.test>:",
    "Op ma 3 nov. 2025 om 10:12 schreef Juf Anna (groep 5) <\nouders@school.test>:",
    "On Mon, Nov 3, 2025 at 10:12 AM Juf Anna <ouders@school.test> wrote:",
  ]

  @Test(
    "Last lines that begin as dates do, or end with a comma, are the sender's",
    arguments: [
      "Op woensdag kan ik.\n\nGroet Bo", "Zo is het prima.\n\nLiefs,\nEls", "Ja graag.\n\nGroet,\nJan",
      "3 plaatsen in de auto", "Bel maar op\n06-87654321", "1. Ja\n2. nee\n3. geen noten",
      "May we bring his sister\n\nThanks, April", "Hoi juf,\n\nSem komt.\n\nDinsdag neem ik taart mee.\n\nGroetjes Els",
      "Dinsdag 9 december 9.15 uur schikt,\nGroetjes,", "Op 9 december om 9.15 uur zijn wij er,\nBo,",
      "Woensdag 15.30 uur is goed,", "Op 9 december kan ik niet!\nMvg,", "Am Dienstag passt es.\n\nGruß Bo",
    ])
  func lastLines(text: String) {
    for attribution in Self.attributions {
      let mail = "\(text)\n\n\(attribution)\n\n> Beste ouders,\n>\n> Morgen gym"
      #expect(OwnWordsTests.read(mail, subject: "Re: Gym") == text, "\(attribution)")
    }
  }

  @Test("So they are where a client wrote no empty line", arguments: [0, 1, 3])
  func noEmptyLine(attribution: Int) {
    let mail = "Op 9 december kan ik rijden!\nJan,\n\(Self.attributions[attribution])\n> Morgen gym"
    #expect(OwnWordsTests.read(mail, subject: "Re: Gym") == "Op 9 december kan ik rijden!\nJan,")
  }

  @Test(
    "However a client wraps it, all of it goes",
    arguments: [
      "Op ma 3 nov. 2025 om 10:12\nJuf Anna <ouders@school.test> schreef:",
      "Op ma 3 nov. 2025 om 10:12 schreef Juf Anna\n<ouders@school.test>:",
      "Op ma 3 nov.\n2025 om 10:12 schreef Juf Anna <ouders@school.test>:",
      "On Mon, Nov 3, 2025,\nJuf Anna <ouders@school.test> wrote:",
      "Juf Anna <ouders@school.test>\nschreef:", "Juf Anna <ouders@school.test>\nschreef op 03-11-2025 10:12:",
      "Juf Anna <\nouders@school.test> schreef op 03-11-2025 10:12:",
      "Juf Anna <ouders@school.test>, 3 Kas 2025 Pzt, 10:12\ntarihinde şunu yazdı:",
      "Juf Anna <ouders@school.test>, 3 Kas 2025 Pzt,\n10:12 tarihinde şunu yazdı:",
      "Juf Anna <\nouders@school.test>, 3 Kas 2025 Pzt, 10:12 tarihinde\nşunu yazdı:",
    ])
  func wrapped(attribution: String) {
    let mail = "Ja hoor\n\nGroet,\nJan\n\n\(attribution)\n\n> Beste ouders,\n>\n> Morgen gym"
    #expect(OwnWordsTests.read(mail, subject: "Re: Gym") == "Ja hoor\n\nGroet,\nJan")
  }

  @Test("No line that the HTML marks as an attribution belongs to one that it does not")
  func marked() {
    for mark in ["class=gmail_attr", "id=reply-intro"] {
      let html = """
        <p>Op woensdag kan ik.</p><div \(mark)>Juf Anna schreef op 2025-11-03 10:12:</div>
        <blockquote type=cite>Morgen gym</blockquote>
        """
      let raw = "Content-Type: text/html; charset=utf-8\r\nSubject: Re: Gym\r\n\r\n\(html)"
      #expect(NewText.read(MailMessage.parse(Data(raw.utf8))).text == "Op woensdag kan ik.")
    }
  }
}
