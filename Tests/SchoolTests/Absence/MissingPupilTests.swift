import Foundation
import Testing

@testable import School

@Suite("The board, and children whom a teacher misses")
struct MissingPupilTests {
  typealias S = SmallSchool
  typealias D = AbsenceDecisionTests

  static func absent(_ state: SchoolState) -> AbsenceState {
    state.absence ?? AbsenceState(revision: Revision(subject: "", number: 0))
  }

  static func board(_ state: SchoolState, at now: Date) -> Decision? {
    absenceBoard(absent(state), directory: S.directory, policy: S.policy, now: now)
  }

  @Test("At 08:20 each teacher of an absent child has their list, and the desk the board, by group and without why")
  func board() throws {
    var doctor = D.report(D.sanne, .late, by: S.deVries)
    doctor.minute = 555
    let state = D.state([D.report(), doctor, D.report(PupilID("p2"), .leave, by: S.deVries)])
    let decision = try #require(Self.board(state, at: D.at(8, 20)))
    #expect(
      decision.readers(of: .absenceBoard) == [S.dirk] && decision.readers(of: .absenceGroup) == [S.anna, S.bas, S.cor])
    let desk = try #require(D.facts(decision, .absenceBoard, to: S.dirk))
    #expect(desk.items.map(\.group) == ["Groep 5", "Groep 5", "Groep 7"] && desk.items.allSatisfy { $0.words == nil })
    let anna = try #require(D.facts(decision, .absenceGroup, to: S.anna))
    #expect(anna.items.map(\.name) == ["Noor", "Sanne de Vries"] && anna.items.first?.words == "geheim")
    #expect(anna.pupils.isEmpty, "all of her children are away")
    #expect(
      D.facts(decision, .absenceGroup, to: S.cor)?.items.first?.words == nil, "why there is leave was for the head")
    #expect(decision.changes == [.absence(.board(dropsWordsBefore: D.today.adding(days: -30)))])
  }

  @Test("Not before its time, not twice, not at the weekend, on no free day, and not in the evening")
  func notDue() {
    #expect(Self.board(D.state(), at: D.at(8, 19)) == nil)
    #expect(Self.board(D.state(boardAt: D.at(8, 21)), at: D.at(9)) == nil)
    #expect(Self.board(D.state(boardAt: D.at(8, 21, days: -1)), at: D.at(9)) != nil)
    #expect(Self.board(D.state(boardAt: D.at(8, 21, days: 9)), at: D.at(9)) != nil, "its clock ran ahead")
    #expect(Self.board(D.state(), at: D.at(9, 0, days: 3)) == nil)
    #expect(Self.board(D.state(free: [D.today...D.today]), at: D.at(9)) == nil)
    #expect(Self.board(D.state(), at: D.at(18)) == nil)
  }

  @Test("Made late it tells the same; when school is over nobody is told of nobody, and no child is missed any more")
  func lateBoard() throws {
    let state = D.state([D.report()], boardAt: D.at(8, 20, days: -1))
    let noon = try #require(Self.board(state, at: D.at(14, 59)))
    #expect(noon.readers(of: .absenceBoard) == [S.dirk])
    #expect(D.facts(noon, .absenceGroup, to: S.anna)?.pupils == ["Sanne de Vries"])
    let evening = try #require(Self.board(state, at: D.at(17, 59)))
    #expect(evening.readers(of: .absenceBoard) == [S.dirk] && evening.readers(of: .absenceGroup) == [S.anna, S.bas])
    #expect(D.facts(evening, .absenceGroup, to: S.anna)?.pupils == [])
    let nobody = try #require(Self.board(D.state(), at: D.at(16)))
    #expect(nobody.notices.isEmpty && nobody.changes.count == 1)
    #expect(Self.board(D.state(), at: D.at(14))?.readers(of: .absenceBoard) == [S.dirk])
  }

  @Test("A sickness stands on the board until somebody says better, for 14 days at most")
  func standing() {
    var report = D.report()
    for (ago, isOn) in [(0, true), (13, true), (14, false)] {
      report.first = D.today.adding(days: -ago)
      #expect(Self.absent(D.state([report])).items(on: D.today, S.directory).isEmpty != isOn)
    }
    report.last = D.today.adding(days: -1)
    #expect(Self.absent(D.state([report])).items(on: D.today, S.directory).isEmpty)
  }

  @Test("A teacher misses a child: the parents with authority are asked, and nobody else")
  func missed() throws {
    let decision = D.decide(S.anna, "afwezig Noor", at: D.at(9))
    let report = try #require(D.reports(decision).first)
    #expect(report.kind == .unexplained && report.askedBy == S.anna && report.reporter == nil)
    #expect(
      decision.readers(of: .absentQuestion) == [S.els, S.frank] && decision.readers(of: .absentState) == [S.anna])
    #expect(decision.notices.filter { $0.kind == .absentQuestion }.allSatisfy { $0.lane == .urgent })
    // Known already: nobody is asked.
    let known = D.decide(S.anna, "afwezig Noor", in: D.state([D.report()]), at: D.at(9))
    #expect(
      known.changes.isEmpty && known.readers(of: .absentQuestion).isEmpty
        && known.readers(of: .absenceGroup) == [S.anna])
  }

  static func question() -> (facts: AbsenceFacts, state: SchoolState) {
    let decision = D.decide(S.anna, "afwezig Noor", at: D.at(9))
    var facts = D.facts(decision, .absentQuestion, to: S.els) ?? AbsenceFacts(.question, at: S.now)
    facts.assign([AbsenceID(1)])
    return (
      facts, D.state([D.report(D.noor, .unexplained, by: nil, asked: S.anna)], boardAt: D.at(8, 20), answered: facts)
    )
  }

  @Test(
    "A parent's answer, by a tap or in their own words, goes to the teachers at once",
    arguments: [
      ("ziek", AbsenceKind.sick, nil), ("te laat 9:40", .late, nil), ("anders", .other, nil),
      ("Hij heeft koorts", .sick, "Hij heeft koorts"),
      ("Wat?! Hij is gewoon gegaan!", .other, "Wat?! Hij is gewoon gegaan!"),
    ])
  func answered(text: String, kind: AbsenceKind, words: String?) throws {
    let decision = D.decide(
      S.els, text, act: .answer(.absence(DeliveryID(1))), in: Self.question().state, at: D.at(9, 5))
    guard case .absence(.explain(AbsenceID(1), let found, _, let why, S.els)) = try #require(decision.changes.first)
    else {
      return #expect(Bool(false), "\(decision.changes)")
    }
    #expect(found == kind && why == words)
    #expect(
      decision.readers(of: .absentState) == [S.anna, S.bas, S.dirk] && decision.readers(of: .absenceTold) == [S.frank])
    #expect(D.facts(decision, .absentState, to: S.anna)?.items.first?.words == words)
    #expect(D.facts(decision, .absentState, to: S.dirk)?.items.first?.words == nil)
  }

  @Test("A plain report answers the question too")
  func plain() {
    let decision = D.decide(S.frank, "ziek Noor", in: Self.question().state, at: D.at(9, 5))
    #expect(D.reports(decision).isEmpty && decision.readers(of: .absentState) == [S.anna, S.bas, S.dirk])
  }

  @Test("Nobody answers: the teachers and the desk are told to phone, once")
  func phone() throws {
    var state = Self.absent(Self.question().state)
    state.absences[0].at = D.at(9)
    let phone = { (now: Date) in phoneParents(state, directory: S.directory, policy: S.policy, now: now) }
    #expect(phone(D.at(9, 14)) == nil)
    let decision = try #require(phone(D.at(9, 15)))
    #expect(decision.changes == [.absence(.phone(AbsenceID(1)))])
    #expect(decision.readers(of: .absentState) == [S.anna, S.bas, S.dirk])
    #expect(D.facts(decision, .absentState, to: S.anna)?.parents == ["Els", "Frank"])
    state.absences[0].phonedAt = D.at(9, 15)
    #expect(phone(D.at(10)) == nil)
  }

  @Test("The child is there after all: who was asked is told at once")
  func present() throws {
    var facts = try #require(D.facts(D.decide(S.anna, "afwezig Noor", at: D.at(9)), .absentState, to: S.anna))
    facts.assign([AbsenceID(1)])
    var state = Self.question().state
    state.absence?.answered = facts
    let decision = D.decide(S.anna, "herstel", act: .answer(.absence(DeliveryID(1))), in: state, at: D.at(9, 5))
    #expect(decision.changes == [.absence(.settle(AbsenceID(1), .withdrawn))])
    #expect(decision.readers(of: .absenceTold) == [S.els, S.frank])
  }

  @Test("Staff ask who is away, note a phone call, and are not taken for parents")
  func staff() throws {
    let list = try #require(D.facts(D.decide(S.anna, ""), .absenceGroup, to: S.anna))
    #expect(list.stage == .list && list.pupils == ["Noor", "Sanne de Vries"])
    #expect(D.decide(S.dirk, "").readers(of: .absenceBoard) == [S.dirk])
    let call = D.decide(S.dirk, "ziek Noor")
    #expect(D.reports(call).map(\.reporter) == [S.dirk] && call.readers(of: .absenceTold) == [S.els, S.frank])
    #expect(D.decide(S.anna, "ziek Piet Snot").refusal == nil)
    let words = D.decide(S.anna, "Er is iets geks met de lijst")
    #expect(words.readers(of: .mailboxMessage) == [S.dirk], "what staff write is not lost either")
  }
}
