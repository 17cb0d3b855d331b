import Foundation
import School
import Testing

@testable import Store

@Suite("Absence in the store")
struct AbsenceStoreTests {
  typealias F = StoreFixture
  static let zone = TimeZone(identifier: "Europe/Amsterdam") ?? .gmt
  static let today = CalendarDay(F.now, in: zone)

  static func report(_ reporter: AccountID, _ words: String? = "Geheime koorts") -> AbsenceReport {
    AbsenceReport(pupil: PupilID("p1"), kind: .sick, first: today, last: nil, words: words, reporter: reporter)
  }

  static func state(_ school: F, from day: CalendarDay = today) async throws -> AbsenceState {
    try await school.store.absence(from: day, boardAt: .distantPast, zone: zone)
  }

  @Test("What was reported is there after a crash, is explained, ended, settled, and names its mail's children")
  func changes() async throws {
    let school = try await F()
    let els = try await school.account("els@ouders.test")
    let anna = try await school.account("anna@school.test")
    var missed = AbsenceReport(
      pupil: PupilID("p1"), kind: .unexplained, first: Self.today, last: Self.today, reporter: nil, askedBy: anna)
    let facts = AbsenceFacts(.noted, at: F.now)
    var notice = Notice(.absenceReceipt, to: .account(els), replyTarget: .absence)
    notice.facts.absence = facts
    let done = try await school.commit(
      Decision(changes: [.absence(.report(Self.report(els))), .absence(.report(missed))], notices: [notice]))
    try await school.reopen()
    let state = try await Self.state(school)
    #expect(state.absences.map(\.report) == [Self.report(els), missed] && state.absences.first?.at == F.now)
    let delivery = try #require(done.deliveries.first)
    #expect(try await school.store.delivery(delivery)?.replyTarget == .absence(delivery))
    let id = state.absences[1].id
    try await school.commit(
      Decision(changes: [
        .absence(.explain(id, .late, minute: 555, words: "Trein", by: els)), .absence(.phone(id)),
        .absence(.end(state.absences[0].id, last: Self.today)), .absence(.settle(state.absences[0].id, .withdrawn)),
      ]), after: 60)
    let later = try await Self.state(school).absences
    (missed.kind, missed.minute, missed.words, missed.reporter) = (.late, 555, "Trein", els)
    #expect(later[1].report == missed && later[1].phonedAt == F.now + 60)
    #expect(later[0].report.status == .withdrawn && later[0].report.last == Self.today)
    #expect(try await Self.state(school, from: Self.today.adding(days: 30)).absences.isEmpty)
    #expect(try await school.store.verification().isSound)
  }

  @Test("Of two decisions on one revision the second is stale")
  func stale() async throws {
    let school = try await F()
    let els = try await school.account("els@ouders.test")
    let basis = try await Self.state(school).revision
    let decision = Decision(changes: [.absence(.report(Self.report(els)))], basis: basis)
    #expect(try await !school.commit(decision).isStale)
    #expect(try await school.commit(decision).isStale)
    #expect(try await Self.state(school).absences.count == 1)
  }

  @Test("The board forgets why children were away weeks ago")
  func words() async throws {
    let school = try await F()
    let els = try await school.account("els@ouders.test")
    try await school.commit(Decision(changes: [.absence(.report(Self.report(els)))]))
    try await school.commit(Decision(changes: [.absence(.board(dropsWordsBefore: Self.today))]))
    #expect(try await Self.state(school).absences.first?.report.words == "Geheime koorts")
    try await school.commit(
      Decision(changes: [.absence(.board(dropsWordsBefore: Self.today.adding(days: 1)))]), after: 9)
    #expect(try await Self.state(school).absences.first?.report.words == nil)
    #expect(try await school.store.lastDone(.absenceBoard, now: F.now) == F.now + 9)
  }

  @Test("Leave that one parent asked for is in the other's export once it was granted")
  func leave() async throws {
    let school = try await F()
    let els = try await school.account("els@ouders.test")
    let frank = try await school.account("frank@ouders.test")
    var leave = Self.report(els)
    (leave.kind, leave.status) = (.leave, .asked)
    try await school.commit(Decision(changes: [.absence(.report(leave))]))
    #expect(try await school.store.person(els).absences.map(\.kind) == [.leave])
    #expect(try await school.store.person(frank).absences.isEmpty)
    let id = try #require(try await Self.state(school).absences.first?.id)
    try await school.commit(Decision(changes: [.absence(.settle(id, .stands))]))
    #expect(try await school.store.person(frank).absences.map(\.kind) == [.leave])
  }

  @Test("It is exported to the child's parents, each with their own words; erased by person; kept for five years")
  func upkeep() async throws {
    let school = try await F()
    let els = try await school.account("els@ouders.test")
    let anna = try await school.account("anna@school.test")
    var group = Notice(.absenceGroup, to: .account(anna), replyTarget: .absence)
    var item = try #require(Self.item(els))
    item.words = "Geheime koorts"
    group.facts.absence = AbsenceFacts(.addition, items: [item], at: F.now)
    let sent = try await school.commit(
      Decision(changes: [.absence(.report(Self.report(els)))], notices: [group, group])
    ).deliveries
    try await school.store.record([
      DeliveryOutcome(delivery: sent[0], at: F.now, result: .accepted(ServerWords(code: 250, text: "ok")))
    ])
    let frank = try await school.account("frank@ouders.test")
    #expect(try await school.store.person(els).absences.first?.words == "Geheime koorts")
    let other = try #require(try await school.store.person(frank).absences.first)
    #expect(other.pupil == "Noor" && other.words == nil && !other.isTheirs)
    #expect(try await school.store.person(anna).absences.isEmpty)
    _ = try await school.store.erase(els, at: F.now)
    let kept = try #require(try await Self.state(school).absences.first?.report)
    #expect(kept.reporter == nil && kept.words == nil && kept.kind == .sick)
    #expect(try await school.store.delivery(sent[0]) == nil, "the teacher's mail with her words is gone")
    let waiting = try #require(try await school.store.delivery(sent[1]))
    #expect(waiting.facts.absence?.items.first?.words == "…", "that the child is away the teacher must still hear")
    let octets = (try? Data(contentsOf: school.folder.appending(path: "postplein.sqlite"))) ?? Data()
    #expect(octets.range(of: Data("Geheime koorts".utf8)) == nil)
    for (days, count) in [(1_820, 0), (1_830, 1)] {
      let later = F.now + Double(days) * 86_400
      let report = try await school.store.expire(
        .absence, before: later - 1_827 * 86_400, at: later, applies: true)
      #expect(report.rows == count)
    }
  }

  /// As a decision makes it.
  static func item(_ by: AccountID) -> AbsenceFacts.Item? {
    let json = """
      {"pupil": "p1", "name": "Noor", "kind": "sick", "first": {"year": 2026, "month": 11, "day": 18}, "by": \(by)}
      """
    return try? JSONDecoder().decode(AbsenceFacts.Item.self, from: Data(json.utf8))
  }
}
