import Foundation
import TestRandom
import Testing

@testable import Mail

@Suite("Text of which much is shared")
struct BodyTextTests {
  private func composed(_ text: BodyText) -> Data {
    var message = OutgoingMessageTests.plain
    message.text = text
    return message.composed()
  }

  private func body(_ data: Data) -> [Substring] {
    String(decoding: data, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
      .drop { !$0.isEmpty }.dropFirst().map(\.self)
  }

  @Test("each message has its own words between the shared ones")
  func example() {
    let (before, after) = (SharedText("Beste "), SharedText(",\n\nMorgen gaan we naar het bos – echt waar.\n"))
    let texts = ["Anna", "Zoë"].map { name in
      BodyText([.shared(before), .own(name), .shared(after)])
    }
    #expect(
      texts.map(\.string) == ["Anna", "Zoë"].map { "Beste \($0),\n\nMorgen gaan we naar het bos – echt waar.\n" })
    #expect(
      body(composed(texts[1])) == [
        "Beste Zo=C3=AB=", ",", "", "Morgen gaan we naar het bos =E2=80=93 echt waar.", "",
      ])
  }

  @Test("whatever the pieces, they come back as one text, in lines of at most 76 octets with no blank at the end")
  func anyPieces() {
    var random = SeededRandom(seed: 20)
    let some = ["", " ", "\t", "\n", " \n", "\n ", "=", "é", "a", ".", "From ", "=_", "\r\n", "\r"]
    for round in 0..<2_000 {
      // Quoted-printable is chosen by what is shared.
      var pieces: [BodyText.Piece] = []
      pieces.append(
        .shared(SharedText(round % 3 == 0 ? "= \n" : "Beste ouders – \(String(repeating: "x", count: 60))")))
      for _ in 0..<random.below(8) {
        let words = (0..<random.below(4)).map { _ in
          random.below(3) == 0 ? String(repeating: "x", count: random.below(90)) : random.one(of: some)
        }.joined()
        pieces.append(random.below(2) == 0 ? .shared(SharedText(words)) : .own(words))
      }
      let data = composed(BodyText(pieces))
      let lines = body(data)
      #expect(
        lines.allSatisfy { $0.utf8.count <= 76 && !" \t".contains($0.last ?? "x") && $0.first != "." }, "\(pieces)")
      let whole = pieces.map(\.text.withLineFeedsOnly).joined().withLineFeeds
      #expect(MailMessage.parse(data).plainText == whole.replacing("\n", with: "\r\n"), "\(pieces)")
    }
  }

  @Test("what is shared decides for quoted-printable alone; else the whole text is looked at")
  func encodings() {
    func encoding(_ pieces: [BodyText.Piece]) -> String? {
      let field = "Content-Transfer-Encoding: "
      let lines = String(decoding: composed(BodyText(pieces)), as: UTF8.self).split(separator: "\r\n")
      return lines.first { $0.hasPrefix(field) }.map { String($0.dropFirst(field.count)) }
    }
    let plain = BodyText.Piece.shared(SharedText("Hallo allemaal, "))
    #expect(encoding([plain, .own("Anna")]) == "7bit")
    #expect(encoding([plain, .own("Zoë")]) == "quoted-printable")
    #expect(encoding([plain, .shared(SharedText("é")), .own("Anna")]) == "quoted-printable")
    #expect(encoding([.shared(SharedText("Привет всем")), .own("Anna")]) == "base64")
  }
}
