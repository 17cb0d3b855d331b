import Foundation
import Testing

@testable import Printing

@Suite("Printed tables")
struct PrintedTableTests {
  static func table(_ count: Int, cell: String = "06 12 34 56 78") -> PrintedTable {
    PrintedTable(
      title: "Klassenlijst Groep 5", note: "De Wilgenhof, 24 november 2026",
      columns: ["Kind", "Ouder", "Telefoon", "E-mail"].map { PrintedTable.Column(title: $0, width: 40) },
      rows: (0..<count).map { [["Kind \($0)", "Els", cell, ""], ["", "Frank", "", ""]] },
      footer: "Geef deze lijst niet door.", made: Date(timeIntervalSince1970: 1_795_020_400))
  }

  @Test("The same table gives the same octets, with its fonts, whenever it is made")
  func same() throws {
    let pdf = try #require(Self.table(12).pdf())
    #expect(pdf.starts(with: Data("%PDF-".utf8)) && LetterTests.pages(pdf) == 1)
    #expect(String(decoding: pdf, as: UTF8.self).contains("/FontFile"))
    #expect(Self.table(12).pdf() == pdf && Self.table(13).pdf() != pdf)
    #expect(try LetterTests.pages(#require(Self.table(0).pdf())) == 1)
  }

  @Test("A long one goes on on further pages; the longest, and the longest cell, are cut")
  func long() throws {
    #expect(try LetterTests.pages(#require(Self.table(60).pdf())) > 1)
    let longest = try LetterTests.pages(#require(Self.table(PrintedTable.mostRows).pdf()))
    #expect(try LetterTests.pages(#require(Self.table(PrintedTable.mostRows + 200).pdf())) == longest)
    let wide = Self.table(1, cell: String(repeating: "woord ", count: 100_000))
    #expect(try LetterTests.pages(#require(wide.pdf())) == 1)
  }
}
