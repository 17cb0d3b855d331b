import Foundation
import Mail
import School
import Testing

@testable import Gateway

/// RFC 3834, section 3.1.5: an automatic answer names what it answers, so that it joins it in the writer's mail client.
@Suite("What is answered to a mail names that mail", .timeLimit(.minutes(6)))
struct AnswersTests {
  private typealias P = PlayedSchool

  @Test("of a parent who reports an absence, and of nobody else who is told of it")
  func receipt() async throws {
    let school = try await P()
    try await school.write(P.els, "ziek", "", "ziek Noor\nkoorts")
    let receipt = try #require(school.inboxes[P.els]?.last)
    #expect(receipt.inReplyTo == ["1@client.test"] && receipt.references == ["1@client.test"])
    #expect(!receipt.subject.hasPrefix("Re:"))
    let told = school.inboxes.filter { $0.key != P.els }.values.joined()
    #expect(!told.isEmpty && told.allSatisfy { $0.inReplyTo.isEmpty })
  }

  @Test("of a teacher whose command is refused, and of somebody whom the school does not know")
  func refusals() async throws {
    let school = try await P()
    try await school.write(P.els, "nieuws", "Feest", "Kom allemaal")
    #expect(school.inboxes[P.els]?.last?.inReplyTo == ["1@client.test"])
    try await school.write(P.stranger, "postvak.anna", "Vraag", "Wie bent u?")
    #expect(school.inboxes[P.stranger]?.last?.inReplyTo == ["2@client.test"])
  }

  @Test("of whom it seems to be from, where they are asked whether it is")
  func question() async throws {
    let school = try await P()
    try await school.write(P.anna, "nieuws", "Feest", "Kom allemaal", proven: false)
    #expect(school.inboxes[P.anna]?.last?.inReplyTo == ["1@client.test"])
    #expect(school.inboxes.count == 1)
  }
}
