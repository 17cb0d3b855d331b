import Foundation
import Mail
import School
import Store
import TestServers
import Testing

@testable import Gateway

@Suite("Messages to the whole school, on real servers", .serialized, .timeLimit(.minutes(6)))
struct WholeBroadcastTests {
  typealias R = RunningGateway

  static func undo(_ seconds: TimeInterval) -> (inout SchoolSettings) -> Void {
    { $0.broadcast.undoWindow = seconds }
  }

  static func byApproval(_ settings: inout SchoolSettings) {
    settings.broadcast.check = .approval
    settings.broadcast.approvers = [R.anna, R.bas]
  }

  @Test("Herstel within the window, and nobody gets it; without it, all get it afterwards")
  func undo() async throws {
    try await R.run(settings: Self.undo(3)) { school in
      try await school.write(R.anna, to: "nieuws@\(R.domain)", "Verkeerd", "Dit is een vergissing.")
      let receipt = try await school.mail(to: R.anna, with: "Wordt zo verstuurd: Verkeerd")
      let link = try #require(receipt.html?.firstMatch(of: /mailto:([^?"]+)\?subject=herstel&amp;body=herstel/))
      try await school.write(R.anna, to: String(link.1), "herstel", "herstel")
      _ = try await school.mail(to: R.anna, with: "Uw bericht is teruggehaald")
      let start = ContinuousClock.now
      try await school.write(R.anna, to: "nieuws@\(R.domain)", "Goed", "Dit is goed.")
      _ = try await school.mail(to: R.els, with: "Dit is goed.")
      #expect(ContinuousClock.now - start > .seconds(2), "not before the window has passed")
      #expect(try await school.mails(to: R.els, count: 0, with: "vergissing").isEmpty)
      let late = try await school.mail(to: R.anna, with: "Wordt zo verstuurd: Goed")
      try await school.answer(late, as: R.anna, "herstel")
      _ = try await school.mail(to: R.anna, with: "terughalen")
    }
  }

  @Test("A second pair of eyes: it waits for a colleague's akkoord, niet akkoord ends it; urgent waits for nobody")
  func approval() async throws {
    try await R.run(settings: Self.byApproval) { school in
      try await school.write(R.anna, to: "nieuws@\(R.domain)", "Studiedag", "Maandag is er geen school.")
      _ = try await school.mail(to: R.anna, with: "Wacht op een collega: Studiedag")
      let question = try await school.mail(to: R.bas, with: "Akkoord? Studiedag")
      #expect(question.readableText.contains("Maandag is er geen school."))
      #expect(question.readableText.contains("Anna de Boer wil dit bericht mailen"))
      try await school.write(R.anna, to: "spoed@\(R.domain)", "Gaslek", "De school is dicht.")
      _ = try await school.mail(to: R.els, with: "De school is dicht.")
      #expect(try await school.mails(to: R.els, count: 0, with: "geen school").isEmpty, "it waits")

      // The key in the hands of somebody else, and without proof, approves nothing.
      let key = try #require(question.replyTo.first?.address.description)
      try await school.writeFromOutside(R.bas, to: key, "Re: Studiedag", "akkoord")
      _ = try await school.mail(to: R.bas, with: "Bent u dit?")
      #expect(try await school.mails(to: R.els, count: 0, with: "geen school").isEmpty)

      try await school.answer(question, as: R.bas, "Akkoord!")
      _ = try await school.mail(to: R.els, with: "Maandag is er geen school.")
      for told in [R.anna, R.bas] { _ = try await school.mail(to: told, with: "Bas Visser gaf akkoord") }
      try await school.answer(question, as: R.bas, "weg")
      _ = try await school.mail(to: R.bas, with: "Studiedag")

      try await school.write(R.bas, to: "nieuws@\(R.domain)", "Feest", "Wij gaan naar Parijs.")
      let second = try await school.mail(to: R.anna, with: "Akkoord? Feest")
      try await school.answer(second, as: R.anna, "niet akkoord")
      _ = try await school.mail(to: R.bas, with: "Anna de Boer gaf geen akkoord")
      let feest = try #require(try await school.store.threads(kind: .news, limit: 1).first)
      #expect(try await school.store.entries(of: feest.thread.id).map(\.isRetracted) == [true])
      #expect(try await school.mails(to: R.els, count: 0, with: "Parijs").isEmpty)
    }
  }

  @Test("Events for the whole school wait for a colleague too, and stand in nobody's calendar before")
  func approvedEvents() async throws {
    try await R.run(settings: Self.byApproval) { school in
      let day = WholeCalendarTests.written
      try await school.write(R.anna, to: "agenda@\(R.domain)", "Agenda", "\(day) Zomerfeest, plein")
      let receipt = try await school.mail(to: R.anna, with: "wacht op een collega")
      #expect(receipt.readableText.contains("akkoord geeft: Bas Visser"))
      let question = try await school.mail(to: R.bas, with: "Akkoord? Zomerfeest")
      #expect(question.readableText.contains("Zomerfeest, plein (nieuw)"))
      try await school.write(R.els, to: "agenda@\(R.domain)", "agenda", "")
      _ = try await school.mail(to: R.els, with: "niets in de agenda")
      try await school.answer(receipt, as: R.anna, "vervalt")
      _ = try await school.mail(to: R.anna, with: "wacht nog op akkoord")

      try await school.answer(question, as: R.bas, "akkoord")
      let invitation = try await school.mail(to: R.els, with: "Zomerfeest")
      #expect(try WholeCalendarTests.object(invitation, method: "REQUEST").events.map(\.summary) == ["Zomerfeest"])
      let approved = try await school.mail(to: R.anna, with: "Bas Visser gaf akkoord")
      try await school.answer(receipt, as: R.anna, "herstel")
      _ = try await school.mail(to: R.anna, with: "Terughalen kan niet meer")

      // A change waits as well, and what stands goes on standing.
      try await school.answer(approved, as: R.anna, "vervalt")
      let off = try await school.mail(to: R.bas, with: "Zomerfeest, plein (gaat niet door)")
      try await school.write(R.anna, to: "agenda@\(R.domain)", "Agenda", "\(day) Zomerfeest, hal")
      _ = try await school.mail(to: R.anna, with: "wacht nog op akkoord van een collega")
      try await school.answer(off, as: R.bas, "akkoord")
      _ = try await school.mail(to: R.els, with: "gaat niet door")

      try await school.write(R.anna, to: "agenda@\(R.domain)", "Agenda", "\(day) Kermis")
      let second = try await school.mail(to: R.bas, with: "Akkoord? Kermis")
      try await school.answer(second, as: R.bas, "niet akkoord")
      _ = try await school.mail(to: R.anna, with: "Bas Visser gaf geen akkoord")
      let events = try await school.store.events(endingAfter: Date(), zone: WholeCalendarTests.zone)
      #expect(events.map(\.details.title) == ["Zomerfeest"] && events[0].isCancelled)
      #expect(try await school.mails(to: R.els, count: 0, with: "Kermis").isEmpty)
    }
  }
}
