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

  @Test("A dry run says that too many would go, as --apply does")
  func tooManyRemovals() async throws {
    let school = try await SmallSchool()
    let pupils = { (count: Int) in
      let elements = (1...count).map { "<leerling key=\"\($0)\"><achternaam>A\($0)</achternaam></leerling>" }
      return "<EDEX><leerlingen>\(elements.joined())</leerlingen></EDEX>"
    }
    try school.folder.write(pupils(20), to: "all.xml")
    try school.folder.write(pupils(2), to: "few.xml")
    let filled = try await school.run(["import", "edexml", "all.xml", "--apply", "--allow-removals"])
    #expect(filled.code == 0, "\(filled.complaint)")
    for arguments in [[], ["--apply"], ["--json"]] {
      let refused = try await school.run(["import", "edexml", "few.xml"] + arguments)
      #expect(refused.code == 65 && refused.complaint.contains("add --allow-removals"), "\(refused.complaint)")
      #expect(!refused.output.contains("do it with --apply"))
      guard arguments == ["--json"] else { continue }
      let shown = try #require(try SmallSchool.objects(refused.output).first)
      #expect((shown["refusal"] as? String)?.contains("would go") == true && shown["applied"] as? Bool == false)
    }
    #expect(try await school.run(["import", "edexml", "few.xml", "--allow-removals"]).code == 0)
  }
}
