import Foundation
import Testing

@testable import Mail

@Suite("What stands between quoted lines")
struct QuoteTests {
  static let attribution = "Op ma 3 nov. 2025 om 10:12 schreef Juf Anna <ouders@school.test>:"
  static let question = "> Kunt u voor woensdag laten weten of uw kind meegaat naar de boerderij?"

  @Test(
    "An answer right below a long line is no rest of it",
    arguments: [
      "Ja", "ja hoor", "https://kaart.test/boerderij", "nee, hij is dan bij zijn vader",
      "Ja, en ik kan rijden als dat moet.",
    ])
  func answers(answer: String) {
    for below in [">\n> Groet", "> Groet"] {
      let mail = "\(Self.attribution)\n> Beste ouders,\n>\n\(Self.question)\n\(answer)\n\(below)"
      #expect(OwnWordsTests.read(mail, subject: "Re: Uitje") == "\(Self.question)\n\(answer)")
    }
  }

  @Test("An answer below a line that no client would have left so long is none either")
  func flowed() {
    let line = "> " + String(repeating: "Wij gaan met de klas naar de boerderij ", count: 3) + "en terug"
    let mail = "\(Self.attribution)\n> Beste ouders,\n>\n\(line)\nleuk\n> Groet"
    #expect(OwnWordsTests.read(mail, subject: "Re: Uitje") == "\(line)\nleuk")
  }

  @Test("Text above and right below an attribution stays where answers follow between the lines")
  func begunBelow() {
    let quote = "> Beste ouders,\n>\n> Wie kan rijden?\n\nIk wel\n\n> Groet"
    let mail = "Hoi juf,\n\n\(Self.attribution)\n\nZie hieronder:\n\n\(quote)"
    let read = "Hoi juf,\n\nZie hieronder:\n\n> Wie kan rijden?\n\nIk wel"
    #expect(OwnWordsTests.read(mail, subject: "Re: Uitje") == read)
    // What the original quoted itself.
    let nested =
      "Hoi juf,\n\n\(Self.attribution)\n\nNee hoor.\n\nOp 2 nov. 2025 om 9:15 schreef Bo <bo@ouder.test>:\n\(quote)"
    #expect(OwnWordsTests.read(nested, subject: "Re: Uitje") == "Hoi juf,")
  }

  @Test(
    "Where the plain text has lost the marks of the quote, the HTML tells what was answered",
    arguments: [
      ("<div>Zie onder</div>", "<p>Ik wel</p>", "Zie onder\n\n> Wie kan rijden?\n\nIk wel"),
      ("", "<p>Ik wel</p>", "> Wie kan rijden?\n\nIk wel"), ("<div>Zie onder</div>", "", "Zie onder"),
    ])
  func unmarked(above: String, answer: String, text: String) {
    let attribution = Self.attribution.replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    let html = """
      \(above)<blockquote type=cite>\(attribution)<br><br></blockquote>
      <blockquote type=cite><p>Beste ouders</p><p>Wie kan rijden?</p></blockquote>\(answer)
      <blockquote type=cite><p>Groet</p></blockquote>
      """
    let plain = [above, "<p>\(Self.attribution)", "Beste ouders", "Wie kan rijden?", answer, "Groet"]
      .map { $0.replacing("<div>", with: "").replacing("</div>", with: "") }
      .map { $0.replacing("<p>", with: "").replacing("</p>", with: "") }.joined(separator: "\n\n")
    let part = { (type: String, text: String) in "--b\nContent-Type: text/\(type); charset=utf-8\n\n\(text)\n" }
    let raw = """
      Subject: Re: Uitje
      Content-Type: multipart/alternative; boundary=b

      \(part("plain", plain))\(part("html", html))--b--
      """
    #expect(NewText.read(MailMessage.parse(Data(raw.utf8))).text == text)
  }

  @Test(
    "Answers in another colour within an Outlook original stay where the sender tells of them",
    arguments: [
      ("Zie in rood hieronder.", "Zie in rood hieronder.\n\n> Wie kan rijden?\nIk wel\n\n> Tot hoe laat?\ntwee uur"),
      ("Zie hieronder.", "Zie hieronder."),
    ])
  func coloured(own: String, text: String) {
    let lines = [
      ("Beste ouders,", false), ("&nbsp;", false), ("Wie kan rijden?", false), ("Ik wel", true), ("&nbsp;", false),
      ("Tot hoe laat?", false), ("twee uur", true), ("&nbsp;", false), ("Groet", false),
    ]
    let header = HeaderBlockTests.outlook.replacing("<", with: "&lt;").replacing("\n", with: "<br>")
    let rule = "border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"
    let all = "<p>\(own)</p><div style='\(rule)'>\(header)</div><p style='color:#212121'>Beste ouders</p>"
    #expect(NewText.read(MailMessage.parse(Data("Content-Type: text/html\nSubject: Re: x\n\n\(all)".utf8))).text == own)
    for open in ["<span style='color:red'>", "<font color=blue>", "<span style=\"color: rgb(200, 38, 19)\">"] {
      let body = lines.map { "<p class=MsoNormal>\($1 ? open : "<span style='color:black'>")\($0)</p>" }.joined()
      let html = "<p>\(own)</p><div style='\(rule)'>\(header)</div>\(body)"
      let raw = "Content-Type: text/html; charset=utf-8\nSubject: Re: Uitje\n\n\(html)"
      #expect(NewText.read(MailMessage.parse(Data(raw.utf8))).text == text)
    }
  }

  @Test("The rest of a line that a client wrapped goes with it")
  func wraps() {
    let quote = """
      > Op woensdag gaan wij met de hele klas en alle ouders naar de grote oude
      boerderij
      > van de familie Vos. Neem laarzen mee, want daar ligt erg veel modder nu.
      ook op het pad
      > Groet
      """
    #expect(OwnWordsTests.read("Leuk\n\n\(Self.attribution)\n\n\(quote)", subject: "Re: Uitje") == "Leuk")
  }

  @Test("Lines with > that the sender announces are their own list, not so below an attribution")
  func typedList() {
    let list = "Hoi juf, de maten:\n\n> Bo 128\n> Els 140"
    let quote = "\(Self.attribution)\n\n> Welke maten hebben zij?"
    #expect(OwnWordsTests.read("\(list)\n\n\(quote)", subject: "Re: Uitje") == list)
    let answered = "\(Self.attribution)\n\nDit bedoel ik:\n\n> Bo 128\n\n\(quote)"
    #expect(!OwnWordsTests.read(answered, subject: "Re: Uitje").contains("Welke"))
  }

  @Test("In flowed text a stuffed > is the sender's (RFC 3676, section 4.4)")
  func stuffed() {
    let fields = ["Content-Type: text/plain; charset=utf-8; format=flowed"]
    let mail = "De maten\n\n > Bo 128\n > Els 140\n\n\(Self.attribution)\n> Welke maten?"
    let read = OwnWordsTests.read(mail, subject: "Re: Uitje", fields: fields)
    #expect(read == "De maten\n\n> Bo 128\n> Els 140")
  }
}
