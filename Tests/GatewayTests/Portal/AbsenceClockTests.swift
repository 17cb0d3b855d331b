import Foundation
import School
import Testing

@testable import Gateway

@Suite("The board of a morning on which no gateway was there", .timeLimit(.minutes(6)))
struct AbsenceClockTests {
  typealias P = PlayedSchool

  @Test("It is made when the gateway is back, with what waited in the inbox, and not before that is read")
  func late() async throws {
    let school = try await P()
    // The day before, the board was made.
    try await AbsenceClock(gateway: school.gateway).doDue()
    // Thursday, half past ten.
    try await school.pass(16 * 3_600 + 44 * 60)
    let gateway = school.gateway
    let clock = Task { await AbsenceClock(gateway: gateway).run() }
    try await Task.sleep(for: .milliseconds(300))
    try await school.write(P.els, "ziek", "", "ziek Noor")
    try await school.write(P.shared, "ziek", "", "te laat Sanne 9:15")
    #expect(school.inboxes[P.dirk, default: []].isEmpty)
    school.gateway.vitals.noteInboxRead()
    for _ in 0..<600 where school.inboxes[P.dirk, default: []].isEmpty {
      try await Task.sleep(for: .milliseconds(50))
      try await school.collect()
    }
    clock.cancel()
    await clock.value
    let boards = school.inboxes[P.dirk, default: []]
    #expect(boards.count == 1)
    let text = try #require(boards.first).readableText
    #expect(text.contains("Noor") && text.contains("Sanne"))
  }
}
