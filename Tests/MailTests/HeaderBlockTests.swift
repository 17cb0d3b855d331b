import Foundation
import Testing

@testable import Mail

@Suite("The header above an original")
struct HeaderBlockTests {
  private static func forward(_ header: String, subject: String = "Fwd: Gym") -> ForwardedMessage? {
    let raw = "From: Bo <bo@ouder.test>\nSubject: \(subject)\n\nZie dit\n\n\(header)\n\nMorgen gym"
    return ForwardedMessage.read(MailMessage.parse(Data(raw.utf8)))
  }

  private static let many = (1...60).map { "Ouder \($0) <o\($0)@ouder.test>" }

  @Test(
    "A list of receivers goes on for as many lines as it has",
    arguments: [
      "Van: Anna <a@school.test>\nVerzonden: maandag 3 november 2025 10:12\nOnderwerp: Gym\nAan: \(many.joined(separator: ",\n"))",
      "Van: Anna <a@school.test>\nAan: \(many.joined(separator: ";\n"));\nDatum: 3 november 2025 10:12\nOnderwerp: Gym",
      "Onderwerp: Gym\nDatum: 3 november 2025 10:12\nVan: Anna <a@school.test>\nAan: \(many[0])\nCc: \(many.joined(separator: ",\n"))",
      "Van: Anna <a@school.test>\nDatum: 3 november 2025 10:12\nOnderwerp: Gym\nAan: Bo\n<bo@ouder.test>, Els\nde Vos <els@ouder.test>",
      "Van: Anna <a@school.test>\nDatum: 3 november 2025 10:12\nOnderwerp: Gym\nAan: bo@ouder.test\nels@ouder.test; sem@ouder.test",
    ])
  func receivers(header: String) {
    for mark in ["", "> "] {
      let lines = "\(header)\n\nMorgen gym".split(separator: "\n", omittingEmptySubsequences: false)
      let quoted = lines.map { mark + $0 }.joined(separator: "\n").replacing("\(mark)\n", with: mark.trimmed + "\n")
      let raw = "From: Bo <bo@ouder.test>\nSubject: Fwd: Gym\n\nZie dit\n\n\(quoted)"
      let read = ForwardedMessage.read(MailMessage.parse(Data(raw.utf8)))
      #expect(read?.text == "Morgen gym" && read?.ownText == "Zie dit" && read?.subject == "Gym" && read?.date != nil)
    }
    let reply = "Ja hoor\n\n\(header)\n\nMorgen gym"
    #expect(OwnWordsTests.read(reply, subject: "Re: Gym") == "Ja hoor")
  }

  @Test("A subject goes on as far as the mail's own tells it, and the text below it is text")
  func subject() {
    let header = "Van: Anna <a@school.test>\nDatum: 3 november 2025 10:12\nAan: Bo\nOnderwerp: Re: Gym op dinsdag:"
    let long = "Gym op dinsdag: neem schoenen mee, en brood"
    let read = Self.forward("\(header)\nneem schoenen mee,\nen brood", subject: "Fwd: \(long)")
    #expect(read?.subject == "Re: \(long)" && read?.text == "Morgen gym")
    let short = Self.forward("\(header)\nneem laarzen mee", subject: "Fwd: \(long)")
    #expect(short?.text == "neem laarzen mee\n\nMorgen gym")
  }

  static let outlook = "Van: Anna <a@school.test>\nVerzonden: maandag 3 november 2025 10:12\nAan: Bo\nOnderwerp: Gym"

  @Test(
    "A label that the sender typed above it stays",
    arguments: [
      "Het formulier zit erbij.\nBijlage: 1", "Verlof graag.\nDatum: 9 december", "Sem gaat dan\nNaar: de opvang",
      "Verlof.\nReden: tandarts\nDatum: 9 december", "Onderwerp: de wolf", "Bijlage: 1",
      "Cc: de meester", "Van: Bo\nAan: juf Els",
    ])
  func typedLabels(text: String) {
    let header = Self.outlook
    let fields = header.split(separator: "\n")
    for order in [[0, 1, 2, 3], [1, 0, 2, 3], [3, 1, 0, 2]] {
      let header = order.map { fields[$0] }.joined(separator: "\n")
      for between in ["\n", "\n\n", "\n\n____________\n", "\n____________\n"] {
        let mail = "\(text)\(between)\(header)\n\nMorgen gym"
        #expect(OwnWordsTests.read(mail, subject: "Re: Gym") == text, "\(between)\(header)")
      }
    }
    let own = text.replacing("\n", with: "<br>")
    let html = """
      <p>\(own)</p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">\
      \(header.replacing("<", with: "&lt;").replacing("\n", with: "<br>"))</div><p>Morgen gym</p>
      """
    let raw = "Content-Type: text/html; charset=utf-8\r\nSubject: Re: Gym\r\n\r\n\(html)"
    #expect(NewText.read(MailMessage.parse(Data(raw.utf8))).text == text)
  }

  @Test("A header that begins with its date and has empty lines in it is read whole")
  func doubleSpaced() {
    let header = "Datum: 3 november 2025 10:12\n\nVan: Anna <a@school.test>\n\nAan: Bo\n\nOnderwerp: Gym"
    #expect(OwnWordsTests.read("Ja hoor\n\n\(header)\n\nMorgen gym", subject: "Re: Gym") == "Ja hoor")
  }

  @Test("An appointment is an original as well")
  func appointment() {
    #expect(OwnWordsTests.read("Wij komen.\n\n-----Oorspronkelijke afspraak-----\nWaar: school") == "Wij komen.")
  }

  @Test("A header takes no more lines than a named number, and lines that nearly are one cost little")
  func limits() {
    let list = (0..<20_000).map { "o\($0)@ouder.test," }.joined(separator: "\n")
    let lines = ["Van: Anna <a@school.test>", "Datum: 3 november 2025 10:12", "Aan: x,", list]
      .joined(separator: "\n").lines.map { Line($0, limit: 1_000) }
    #expect(HeaderBlock.match(lines, at: 0, subject: "")?.count == HeaderBlock.mostLines)
    for unit in ["Aan: x,\ny@x.test,", "Datum: x\n\nVan: y", "Onderwerp: a\na"] {
      let raw = "Subject: \(String(repeating: "a ", count: 400))\n\n\(String(repeating: unit + "\n", count: 5_000))"
      let message = MailMessage.parse(Data(raw.utf8))
      #expect(!NewText.read(message).text.isEmpty)
      #expect(ForwardedMessage.read(message) == nil)
    }
  }
}
