import Foundation
import School
import Store
import Testing

@testable import CLI

@Suite("import results", .timeLimit(.minutes(6)))
struct ImportResultsTests {
  static let file = """
    leerlingnummer;vak;toets;datum;score;opmerking
    1003;Rekenen;M5;15-1-2026;987654;Geheime noot
    1003;Lezen;M5;16-1-2026;B;
    9999;Lezen;M5;16-1-2026;A;
    """

  private func school() async throws -> (folder: SchoolFolder, store: Store) {
    let folder = try SchoolFolder()
    try folder.write(Self.file, to: "toetsen.csv")
    let store = try await Store.open(folder: folder.url.appending(path: "store"), access: .shared)
    let carer = { (id: String, address: String, authority: ParentalAuthority) in
      RosterChange.putCarer(
        RosterCarer(
          id: CarerID(id), name: "Els", address: address, language: nil, authority: [PupilID("1003"): authority]))
    }
    try await store.apply(
      [
        .putPupil(Pupil(id: PupilID("1003"), name: "Noor", groups: [])), carer("a", "els@ouders.test", .full),
        carer("b", "frank@ouders.test", .full), carer("c", "oom@ouders.test", .onRequest),
      ], defaultLanguage: .dutch)
    return (folder, store)
  }

  private func run(_ arguments: [String], in folder: SchoolFolder) async throws -> Binary.Result {
    try await Binary.run(
      arguments, environment: SchoolFolder.environment.merging(["POSTPLEIN_SCHOOL": folder.url.path]) { $1 })
  }

  @Test("Shows first, does it with --apply, tells bad rows by line; the same again is nothing, and no score is printed")
  func takes() async throws {
    let (folder, store) = try await school()
    let csv = folder.url.appending(path: "toetsen.csv").path
    let dry = try await run(["import", "results", csv], in: folder)
    #expect(dry.code == 1 && dry.output.contains("+ 1003 Rekenen M5, 2026-01-15\n"), "\(dry)")
    #expect(dry.output.contains("2 new, 0 corrected, 0 taken back, 0 unchanged\nnothing was changed yet"))
    #expect(try await store.testResults().isEmpty)
    #expect(try await store.waitingDeliveries() == 0)

    let done = try await run(["import", "results", csv, "--apply"], in: folder)
    #expect(done.code == 1 && done.output.contains("applied; 2 mails tell that there is something new"), "\(done)")
    #expect(try await store.testResults(of: PupilID("1003")).map { $0[.score] } == ["987654", "B"])
    #expect(try await store.waitingDeliveries() == 2)
    let again = try await run(["import", "results", csv, "--apply", "--json"], in: folder)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(again.output.utf8)) as? [String: Any])
    #expect(object["unchanged"] as? Int == 2 && object["announcements"] as? Int == 0)
    #expect((object["problems"] as? [[String: Any]])?.first?["line"] as? Int == 4)
    for result in [dry, done, again] {
      for secret in ["987654", "Geheime noot", "els@"] { #expect(!"\(result)".contains(secret)) }
    }

    let back = try await run(["import", "results", csv, "--take-back", "--apply"], in: folder)
    #expect(back.output.contains("0 new, 0 corrected, 2 taken back"))
    #expect(try await store.testResults().isEmpty)
  }

  @Test("A file that is none is refused as data, one that is not there as input")
  func refused() async throws {
    let (folder, _) = try await school()
    try folder.write("naam;score\nNoor;9", to: "fout.csv")
    #expect(try await run(["import", "results", folder.url.appending(path: "fout.csv").path], in: folder).code == 65)
    #expect(try await run(["import", "results", "/nergens.csv"], in: folder).code == 74)
  }

  @Test("store forgets results of who left after two years at least, and of one pupil when it is told to")
  func forgets() async throws {
    let (folder, store) = try await school()
    let csv = folder.url.appending(path: "toetsen.csv").path
    _ = try await run(["import", "results", csv, "--apply"], in: folder)
    for days in ["729", "36601", "999999999999"] {
      #expect(try await run(["store", "expire", "results", "--days", days, "--apply"], in: folder).code == 64)
    }
    let early = try await run(["store", "expire", "results", "--days", "730", "--apply"], in: folder)
    #expect(early.output.hasPrefix("0 results"))
    let counted = try await run(["store", "erase-results", "1003"], in: folder)
    #expect(counted.output.hasPrefix("2 results would go"))
    let erased = try await run(["store", "erase-results", "1003", "--apply"], in: folder)
    #expect(erased.code == 0 && erased.output.hasPrefix("2 results are erased"))
    #expect(try await store.keptResults(of: PupilID("1003")).isEmpty)
    #expect(try await store.waitingDeliveries() == 0)
  }
}
