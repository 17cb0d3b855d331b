import Foundation
import Testing

@testable import Printing

@Suite("Letters")
struct LetterTests {
  static func letter(_ body: String) -> Letter {
    Letter(
      sender: "De Skeakel", recipient: ["Aan de ouders van", "Noor de Wit"], date: "24 november 2026",
      subject: "Uw mailadres", body: body)
  }

  static func pages(_ pdf: Data) -> Int {
    String(decoding: pdf, as: UTF8.self).matches(of: /\/Type \/Page\b/).count
  }

  @Test("A letter is a PDF of one page, with its fonts")
  func one() throws {
    let pdf = try #require(Self.letter("Beste ouders,\n\nDe mail komt niet aan. 🙂").pdf())
    #expect(pdf.starts(with: Data("%PDF-".utf8)) && pdf.suffix(10).contains(0x25))
    #expect(Self.pages(pdf) == 1 && String(decoding: pdf, as: UTF8.self).contains("/FontFile"))
  }

  @Test("A long one goes on on further pages, and the longest is cut")
  func long() throws {
    let pdf = try #require(Self.letter(String(repeating: "Een regel.\n", count: 150)).pdf())
    #expect(Self.pages(pdf) >= 3)
    let longest = try #require(Self.letter(String(repeating: "woord ", count: 100_000)).pdf())
    #expect(Self.pages(longest) < 20)
  }
}
