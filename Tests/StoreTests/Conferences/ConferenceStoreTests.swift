import Foundation
import School
import Testing

@testable import Store

@Suite("Conferences in the store")
struct ConferenceStoreTests {
  static let start = StoreFixture.now + 20 * 86_400
  static let plan = ConferencePlan(
    windows: [.init(start: start, end: start + 1_800)], minutes: 10,
    desks: [.init(name: "Anna", teachers: [StaffID("s1")], groups: [StoreFixture.group], room: "lokaal 5")],
    closesAt: start - 86_400)

  /// A plan of Anna, with a conversation for each of the two parents.
  static func opened(_ school: StoreFixture) async throws -> ConferenceState {
    let anna = try await school.account("anna@school.test")
    let parents = [try await school.account("els@ouders.test"), try await school.account("frank@ouders.test")]
    let talks = parents.map { NewTalk(household: $0, parties: [$0], pupil: PupilID("p1"), desk: 0) }
    let done = try await school.commit(
      Decision(
        changes: [.conference(.open(plan, organiser: anna, talks: talks))],
        notices: [Notice(.conferencePlan, to: .account(anna), replyTarget: .conference(.newPlan))]))
    let delivery = try #require(try await school.store.delivery(done.deliveries[0]))
    guard case .conference(.plan(let id)) = delivery.replyTarget else { throw CancellationError() }
    return try #require(try await school.store.conference(id))
  }

  private func change(_ school: StoreFixture, _ changes: [ConferenceChange], after seconds: TimeInterval = 1)
    async throws
  {
    try await school.commit(Decision(changes: changes.map { .conference($0) }), after: seconds)
  }

  @Test("What was planned, wished and promised is there after a crash, as a state would have it")
  func life() async throws {
    let school = try await StoreFixture()
    let state = try await Self.opened(school)
    let (els, frank) = (state.talks[0], state.talks[1])
    #expect(state.conference.plan == Self.plan && state.talks.map(\.parties.count) == [1, 1])
    #expect(try await school.store.conference(of: els.id)?.conference.id == state.conference.id)
    let changes: [ConferenceChange] = [
      .wish(els.id, slots: [2, 0]), .propose(frank.id, slot: 1), .decline(frank.id),
      .promise(els.id, slot: 2, ConferenceReason(.wish, rank: 1)), .done(state.conference.id, .assigned),
    ]
    try await change(school, changes)
    try await school.reopen()
    let kept = try #require(try await school.store.conference(state.conference.id))
    let expected = state.applying(changes, at: StoreFixture.now + 1)
    #expect(kept.talks == expected.talks && kept.conference == expected.conference)
    #expect(kept.desks == [.init(desk: 0, changedAt: StoreFixture.now + 1)])
    let more: [ConferenceChange] = [
      .promise(els.id, slot: 0, ConferenceReason(.picked)), .release(els.id, ConferenceReason(.cancelled)),
      .leaveOut(frank.id, ConferenceReason(.full)), .wait(els.id, slots: [1]), .toldDesk(state.conference.id, desk: 0),
    ]
    try await change(school, more, after: 2)
    let after = try #require(try await school.store.conference(state.conference.id))
    #expect(after.talks == expected.applying(more, at: StoreFixture.now + 2).talks)
    #expect(after.desks == [.init(desk: 0, changedAt: StoreFixture.now + 2, toldAt: StoreFixture.now + 2)])
    let promises = try await school.store.promises(of: els.id)
    #expect(promises.map(\.slot) == [2, 0, nil] && promises.map(\.reason.kind) == [.wish, .picked, .cancelled])
  }

  @Test("No slot is given twice, whatever is decided; a decision on an older revision changes nothing")
  func once() async throws {
    let school = try await StoreFixture()
    let state = try await Self.opened(school)
    try await change(school, [.promise(state.talks[0].id, slot: 1, ConferenceReason(.picked))])
    await #expect(throws: StoreError.self) {
      try await change(school, [.promise(state.talks[1].id, slot: 1, ConferenceReason(.picked))])
    }
    let late = Decision(
      changes: [.conference(.promise(state.talks[1].id, slot: 0, ConferenceReason(.picked)))], basis: state.revision)
    #expect(try await !school.commit(late).isStale)
    #expect(try await school.commit(late).isStale)
  }

  @Test("Those that are over or withdrawn are not looked after; in time they are given up")
  func expiry() async throws {
    let school = try await StoreFixture()
    let state = try await Self.opened(school)
    #expect(try await school.store.conferences(endingAfter: StoreFixture.now).count == 1)
    #expect(try await school.store.conferences(endingAfter: Self.plan.endsAt).isEmpty)
    try await change(school, [.promise(state.talks[0].id, slot: 1, ConferenceReason(.picked))])
    try await change(school, [.done(state.conference.id, .withdrawn)])
    #expect(try await school.store.conferences(endingAfter: StoreFixture.now).isEmpty)
    #expect(try await school.store.verification().faults.isEmpty)
    _ = try await school.store.expire(.threads, before: Self.plan.endsAt, at: Self.plan.endsAt, applies: true)
    #expect(try await school.store.conference(state.conference.id) != nil)
    _ = try await school.store.expire(.threads, before: Self.plan.endsAt + 1, at: Self.plan.endsAt + 1, applies: true)
    #expect(try await school.store.conference(state.conference.id) == nil)
    #expect(try await school.store.verification().faults.isEmpty)
  }

  @Test("A person's part is exported, and erased; the other parent's stays")
  func person() async throws {
    let school = try await StoreFixture()
    let state = try await Self.opened(school)
    let els = try await school.account("els@ouders.test")
    try await change(
      school,
      [.wish(state.talks[0].id, slots: [2]), .promise(state.talks[0].id, slot: 2, ConferenceReason(.wish, rank: 1))])
    let record = try await school.store.person(els)
    #expect(record.conferences.map(\.wishes) == [[Self.plan.slots[2]]])
    #expect(record.conferences.first?.promises.map(\.start) == [Self.plan.slots[2]])
    _ = try await school.store.erase(els, at: StoreFixture.now + 10)
    #expect(try await school.store.person(els).conferences.isEmpty)
    #expect(try await school.store.conference(state.conference.id)?.talks.map(\.id) == [state.talks[1].id])
    #expect(try await school.store.verification().faults.isEmpty)
  }
}
