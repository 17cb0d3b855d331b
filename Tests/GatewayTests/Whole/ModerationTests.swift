import Foundation
import Mail
import School
import Store
import TestServers
import Testing

@testable import Gateway

@Suite("Moderation, on real servers", .serialized, .timeLimit(.minutes(6)))
struct WholeModerationTests {
  typealias R = RunningGateway

  @Test("A reported comment is taken away: its author is told, it leaves the digest, and the store knows who did it")
  func reported() async throws {
    try await R.run(undo: 0) { school in
      try await school.write(R.anna, to: "schoolplein.groep5@\(R.domain)", "Kerst", "Wie bakt er taart?")
      let item = try await school.mail(to: R.els, with: "Wie bakt er taart?")
      try await school.answer(item, as: R.els, "Anna kan niet bakken.")
      let comment = try await school.mail(to: R.anna, with: "Anna kan niet bakken.")
      let other = try await school.mail(to: R.fatima, with: "Wie bakt er taart?")
      try await school.answer(other, as: R.fatima, "report\nnot about the item")
      let report = try await school.mail(to: R.bas, with: "Gemeld: Kerst")
      #expect(report.readableText.contains("Wie bakt er taart?") && report.from.first?.name == "De Wilgenhof")
      _ = try await school.mail(to: R.fatima, with: "Your report has been passed on")
      try await school.answer(comment, as: R.anna, "weg")
      let told = try await school.mail(to: R.els, with: "Weggehaald: Kerst")
      #expect(told.readableText.contains("Anna kan niet bakken."))
      let made = try await DigestClock(gateway: school.gateway).makeDue(regardlessOfHour: true)
      #expect(made == 0, "nothing waits for a digest any more")
      let thread = try #require(try await school.store.threads(kind: .schoolyard, limit: 1).first)
      let entry = try #require(try await school.store.entries(of: thread.thread.id).last)
      let anna = try await school.store.directory().account(address: R.anna)?.id
      let removal = try await school.store.removals(of: thread.thread.id)[entry.id]
      #expect(entry.isRetracted && removal?.by == anna)
      try await school.answer(comment, as: R.anna, "weg")
      _ = try await school.mail(to: R.anna, with: "Niet gelukt")
    }
  }

  @Test("Where the school approves what parents open, nobody gets it before akkoord, and its author is told")
  func approval() async throws {
    let approving = { (settings: inout SchoolSettings) in
      settings.people.parentsMayOpenSchoolyard = true
      settings.schoolyard.approvesParentItems = true
    }
    try await R.run(settings: approving) { school in
      try await school.write(R.els, to: "schoolplein.groep5@\(R.domain)", "Speelafspraak", "Wie speelt woensdag?")
      let question = try await school.mail(to: R.anna, with: "Akkoord? Speelafspraak")
      _ = try await school.mail(to: R.els, with: "Wacht op de school")
      #expect(try await school.mails(to: R.fatima, count: 0, with: "Wie speelt woensdag?").isEmpty)
      try await school.answer(question, as: R.anna, "akkoord")
      _ = try await school.mail(to: R.fatima, with: "Wie speelt woensdag?")
      _ = try await school.mail(to: R.els, with: "Akkoord: Speelafspraak")
      let late = try await school.mail(to: R.bas, with: "Akkoord? Speelafspraak")
      try await school.answer(late, as: R.bas, "weg")
      _ = try await school.mail(to: R.bas, with: "Niet gelukt")
    }
  }
}
