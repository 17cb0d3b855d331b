import Foundation
import School
import Testing

@testable import Gateway

@Suite("Reading the file of test results")
struct ResultFileTests {
  static let pupils = Dictionary(
    uniqueKeysWithValues: ["1001", "1003"].map { (PupilID($0), Pupil(id: PupilID($0), name: "Noor", groups: [])) })
  static let today = CalendarDay(year: 2026, month: 11, day: 25)

  static func read(_ text: String) throws -> ResultFileReader.Result {
    try ResultFileReader.read(Data(text.utf8), pupils: pupils, today: try #require(today))
  }

  @Test("Columns are known by many names, whatever their order, case and signs; what is not known is left alone")
  func columns() throws {
    let files = [
      """
      Leerlingnummer;Naam;Vak;Toets;Afnamedatum;Vaardigheidsscore;Niveau;Groepsgemiddelde;Opmerking;Leerkracht
      1003;Iemand anders;Rekenen;M5;15-1-2026;212,5;III;205;"Ga zo door; mooi";Anna de Boer
      """,
      """
      note,teacher,Group average,Level,SCORE,test date,Test,Subject,pupil-number
      Ga zo door; mooi,Anna de Boer,205,III,"212,5",2026-01-15,M5,Rekenen,1003
      """,
    ]
    for file in files {
      let read = try Self.read(file)
      let result = try #require(read.results.first)
      #expect(read.problems.isEmpty && read.results.count == 1)
      #expect(result.pupil == PupilID("1003") && result.day.text == "2026-01-15")
      let parts = TestResult.Part.allCases.map { result[$0] }
      #expect(parts == ["Rekenen", "M5", "212,5", "III", "205", "Ga zo door; mooi", "Anna de Boer"])
    }
    let raw = try Self.read("leerlingcode;toets;datum;score;vaardigheidsscore\n1001;Lezen;1-2-2026;31;188")
    #expect(raw.results[0][.score] == "188" && raw.results[0][.subject] == "Lezen" && raw.results[0][.test].isEmpty)
  }

  @Test("A pupil is never found by a name; each bad row is told by its line, without what stands in it")
  func problems() throws {
    let long = String(repeating: "x", count: 1_001)
    let read = try Self.read(
      """
      leerlingnummer;vak;datum;score;opmerking
      1001;Rekenen;15-1-2026;212;
      Noor;Rekenen;15-1-2026;geheim;
      ;Rekenen;15-1-2026;geheim;
      1001;;15-1-2026;geheim;
      1001;Lezen;gisteren;geheim;
      1001;Lezen;26-11-2026;geheim;
      1001;Lezen;31-2-2026;geheim;
      1001;Lezen;15-1-2026;;
      1001;Lezen;16-1-2026;geheim;\(long)
      1001;Lezen;16-1-2026;123456789012345678901;
      1001;rekenen;15-1-2026;213;
      1001;Rekenen;15-1-2026;212;
      1003;Rekenen;15-1-2026
      1003;Rekenen;15-1-2026;;alleen een opmerking
      """)
    #expect(read.results.map { $0[.score] } == ["212", ""] && read.results[1][.note] == "alleen een opmerking")
    #expect(read.problems.map(\.line) == [3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14])
    #expect(read.problems.allSatisfy { !$0.reason.contains("geheim") && !$0.reason.contains("xxx") })
    #expect(read.problems.first { $0.line == 12 }?.reason.contains("line 2") == true, "two that contradict each other")
  }

  @Test(
    "A file without what it takes is refused as a whole",
    arguments: [
      "", "leerlingnummer;naam;telefoon\n1001;x;y", "naam;vak;datum;score\nNoor;Rekenen;15-1-2026;212",
      "leerlingnummer;vak;score\n1001;Rekenen;212", "leerlingnummer;datum;score\n1001;15-1-2026;212",
      "leerlingnummer;vak;datum\n1001;Rekenen;15-1-2026", "\0\0\0",
    ])
  func refused(text: String) { #expect(throws: ImportFailure.self) { try Self.read(text) } }

  @Test("The plan tells what would change by number and test, and no score")
  func text() throws {
    let read = try Self.read("leerlingnummer;vak;toets;datum;score\n1001;Rekenen;M5;15-1-2026;987")
    let plan = ResultsPlan.of(read.results, against: [:])
    #expect(plan.text == "+ 1001 Rekenen M5, 2026-01-15\n1 new, 0 corrected, 0 taken back, 0 unchanged")
    let known = [PupilID("1001"): [read.results[0].key: read.results[0]]]
    let other = try Self.read("leerlingnummer;vak;toets;datum;score\n1001;Rekenen;M5;15-1-2026;654").results
    #expect(ResultsPlan.of(other, against: known).text.hasPrefix("~ 1001 Rekenen M5, 2026-01-15: score\n"))
  }
}
