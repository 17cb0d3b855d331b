import Foundation
import Testing

@testable import School

@Suite("What herstel takes back of conferences")
struct ConferenceRetractionTests {
  typealias S = SmallSchool

  private func stages(_ decision: Decision, _ account: AccountID) -> [ConferenceFacts.Stage] {
    decision.facts(to: account).map(\.stage)
  }

  @Test("A place on the waiting list goes, and the slot stays; the mail that is answered says which is meant")
  func waiting() throws {
    var played = try PlayedPlan("direct")
    played.invite()
    played.answer(S.deVries, "Sanne 15:30, Tim 15:40")
    let booked = try #require(played.answer(S.els, "15:40").facts(to: S.els).first)
    let waiting = try #require(played.answer(S.els, "wachtlijst 15:30").facts(to: S.els).first)
    #expect(waiting.stage == .waiting)

    let unsure = played.answer(S.els, "herstel")
    #expect(stages(unsure, S.els) == [.whichBack] && unsure.changes.isEmpty)
    #expect(unsure.facts(to: S.els).first?.retractions == [.slot, .wait])

    var other = played
    #expect(stages(other.answer(S.els, "herstel", to: booked), S.els) == [.cancelled], "the mail that told of the time")
    #expect(try other.talk(S.els, "p3").waits != nil)

    #expect(stages(played.answer(S.els, "herstel", to: waiting), S.els) == [.state])
    #expect(try played.talk(S.els, "p3").waits == nil && played.talk(S.els, "p3").slot == 1)
    // One thing is left: nobody asks.
    #expect(stages(played.answer(S.els, "herstel"), S.els) == [.cancelled])
  }

  @Test("A word behind it says what is meant, as the taps do", arguments: Language.allCases)
  func named(language: Language) throws {
    var played = try PlayedPlan("direct")
    played.invite()
    played.answer(S.els, "15:40")
    played.answer(S.els, "wachtlijst 15:30")
    var slot = played
    #expect(stages(slot.answer(S.els, ConferenceRetraction.slot.offered(in: language)), S.els) == [.cancelled])
    #expect(stages(played.answer(S.els, ConferenceRetraction.wait.offered(in: language)), S.els) == [.state])
    #expect(try played.talk(S.els, "p3").slot == 1 && played.talk(S.els, "p3").waits == nil)
    let nothing = played.answer(S.els, ConferenceRetraction.wish.offered(in: language))
    #expect(nothing.changes.isEmpty && stages(nothing, S.els) == [.cleared])
  }

  @Test("A wish is taken back, and what a proposal promised for the other child stays")
  func wish() throws {
    var played = try PlayedPlan()
    played.invite()
    played.answer(S.deVries, "voorstel")
    let wished = try #require(played.answer(S.deVries, "Tim 15:50").facts(to: S.deVries).last)
    #expect(wished.stage == .wished)
    let slot = try played.talk(S.deVries, "p1").slot
    #expect(stages(played.answer(S.deVries, "herstel"), S.deVries) == [.whichBack])
    #expect(stages(played.answer(S.deVries, "herstel", to: wished), S.deVries) == [.cleared])
    #expect(try played.talk(S.deVries, "p2").wishes.isEmpty && slot != nil && played.talk(S.deVries, "p1").slot == slot)
    // The time that Tim had before he wished another.
    #expect(stages(played.answer(S.deVries, "herstel"), S.deVries) == [.booked])
  }
}
