import Foundation
import Testing

@testable import CLI

@Suite("Conferences rehearsed for families that nobody knows", .timeLimit(.minutes(6)))
struct ConferencesTests {
  private struct Rehearsal: Decodable, Equatable {
    let conversations, placed, several, gapMinutes, wished, firstWishes: Int
  }

  private func rehearse(_ arguments: String...) async throws -> Rehearsal {
    let result = try await Binary.run(["conferences", "rehearse", "--json"] + arguments)
    return try JSONDecoder().decode(Rehearsal.self, from: Data(result.output.utf8))
  }

  @Test("Everybody has a slot where there are enough, without waiting; the same seed gives the same")
  func enough() async throws {
    let found = try await rehearse("--families", "20", "--children", "35", "--teachers", "4", "--slots", "16")
    #expect(found.conversations == 35 && found.placed == 35 && found.several > 3 && found.gapMinutes == 0)
    #expect(found.wished > 0 && found.firstWishes > 0)
    #expect(try await rehearse("--families", "20", "--children", "35", "--teachers", "4", "--slots", "16") == found)
  }

  @Test("Where there are too few, each desk is full; what cannot be is refused")
  func tooFew() async throws {
    let found = try await rehearse("--families", "20", "--children", "20", "--teachers", "2", "--slots", "6")
    #expect(found.conversations == 20 && found.placed == 12)
    let refused = try await Binary.run(["conferences", "rehearse", "--families", "5", "--children", "3"])
    #expect(refused.code == 64 && refused.complaint.contains("Children"))
  }
}
