import Foundation
import Testing

@testable import CLI

@Suite("postplein import", .timeLimit(.minutes(6)))
struct ImportCommandTests {
  @Test("A column that is not used is told of, with what may have been meant")
  func unusedColumns() async throws {
    let school = try await SmallSchool()
    try school.folder.write(
      "Naam;E-mail;Leerlingnummer;Tael;Schoenmaat\nEls de Vries;els@ouders.test;p;fy;38\n", to: "ouders.csv")
    let told = try await school.run(["import", "carers", "ouders.csv"])
    #expect(told.code == 0, "\(told.complaint)")
    #expect(told.complaint.contains("column Tael is not used: did you mean taal?"), "\(told.complaint)")
    #expect(told.complaint.contains("column Schoenmaat is not used\n"), "\(told.complaint)")
    let json = try await school.run(["import", "carers", "ouders.csv", "--json"]).output
    let columns = try #require(try SmallSchool.objects(json).first?["unusedColumns"] as? [[String: String]])
    #expect(columns == [["title": "Tael", "near": "taal"], ["title": "Schoenmaat"]])
  }
}
