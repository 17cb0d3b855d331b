import Foundation
import School
import Testing

@testable import Store

@Suite("Help requests and polls in the store")
struct OfferStoreTests {
  static let terms = OfferTerms(
    kind: .help, question: "Wie?", lines: [.init("Taart", places: 1), .init("Koffie", places: 2)],
    closesAt: StoreFixture.now + 86_400)

  /// A help request of Anna.
  static func opened(_ school: StoreFixture) async throws -> ThreadID {
    let anna = try await school.account("anna@school.test")
    let done = try await school.commit(
      Decision(changes: [
        .openThread(
          kind: .schoolyard, subject: "Kerst", author: anna, audience: .group(StoreFixture.group), members: [],
          about: nil),
        .addEntry(thread: .new, author: anna, body: MessageBody(text: "Hulp gevraagd:"), origin: nil),
        .offer(.open(terms)),
      ]))
    return try #require(done.thread)
  }

  @Test("What was answered is there after a crash, in order of arrival; answering twice keeps the place")
  func answers() async throws {
    let school = try await StoreFixture()
    let id = try await Self.opened(school)
    let (els, frank) = (try await school.account("els@ouders.test"), try await school.account("frank@ouders.test"))
    try await school.commit(Decision(changes: [.offer(.answer(id, els, line: 1, note: nil))]), after: 1)
    try await school.commit(Decision(changes: [.offer(.answer(id, frank, line: 1, note: "Na tien uur"))]), after: 2)
    try await school.commit(Decision(changes: [.offer(.answer(id, els, line: 1, note: "Zonder noten"))]), after: 3)
    try await school.reopen()
    let state = try #require(try await school.store.offer(id))
    #expect(state.offer.terms == Self.terms && state.offer.openedAt == StoreFixture.now)
    #expect(
      state.answers == [
        OfferAnswer(account: els, line: 1, note: "Zonder noten", at: StoreFixture.now + 1),
        OfferAnswer(account: frank, line: 1, note: "Na tien uur", at: StoreFixture.now + 2),
      ])
    try await school.commit(Decision(changes: [.offer(.withdraw(id, els, line: 1)), .offer(.remind(id))]), after: 4)
    #expect(try await school.store.offer(id)?.answers.map(\.account) == [frank])
    #expect(try await school.store.openOffers().first?.remindedAt == StoreFixture.now + 4)
    try await school.commit(Decision(changes: [.offer(.close(id))]), after: 5)
    #expect(try await school.store.openOffers().isEmpty)
    #expect(try await school.store.offer(id)?.offer.closedAt == StoreFixture.now + 5)
    #expect(try await school.store.offer(ThreadID(id.rawValue + 1)) == nil)
  }

  @Test("Of two decisions on one revision the second is stale and changes nothing; its mail can be decided anew")
  func stale() async throws {
    let school = try await StoreFixture()
    let id = try await Self.opened(school)
    let (els, frank) = (try await school.account("els@ouders.test"), try await school.account("frank@ouders.test"))
    let basis = try #require(try await school.store.offer(id)).revision
    let decision = { (account: AccountID) in
      Decision(changes: [.offer(.answer(id, account, line: 1, note: nil))], basis: basis)
    }
    #expect(try await !school.commit(decision(els), messageID: "a@x", route: "offer").isStale)
    #expect(try await school.commit(decision(frank), messageID: "b@x", route: "offer").isStale)
    let state = try #require(try await school.store.offer(id))
    #expect(state.answers.map(\.account) == [els] && state.revision.number == basis.number + 1)
    var again = decision(frank)
    again.basis = state.revision
    #expect(try await !school.commit(again, messageID: "b@x", route: "offer").wasDone)
  }

  @Test("What the clock shall do is not asked of an item that its organiser took back")
  func retracted() async throws {
    let school = try await StoreFixture()
    let id = try await Self.opened(school)
    #expect(try await school.store.openOffers().map(\.id) == [id])
    let entry = try #require(try await school.store.entries(of: id).first)
    #expect(try await school.store.offer(id)?.isHidden == false)
    try await school.commit(Decision(changes: [.retractEntry(entry.id)]))
    #expect(try await school.store.openOffers().isEmpty)
    #expect(try await school.store.offer(id)?.isHidden == true)
  }

  @Test("It is exported and erased per person, verified, and ends with its thread")
  func upkeep() async throws {
    let school = try await StoreFixture()
    let id = try await Self.opened(school)
    let (anna, els) = (try await school.account("anna@school.test"), try await school.account("els@ouders.test"))
    let frank = try await school.account("frank@ouders.test")
    let table = Notice(.offerState, to: .account(anna), thread: .existing(id), replyTarget: .offer)
    let tables = try await school.commit(
      Decision(
        changes: [
          .offer(.answer(id, els, line: 2, note: "Na tien uur")), .offer(.answer(id, frank, line: 0, note: nil)),
        ], notices: [table, table])
    ).deliveries
    try await school.store.record([
      DeliveryOutcome(delivery: tables[0], at: StoreFixture.now, result: .accepted(ServerWords(code: 250, text: "ok")))
    ])
    let person = try await school.store.person(els)
    #expect(person.offers.map(\.line) == ["Koffie"] && person.offers.first?.note == "Na tien uur")
    #expect(try await school.store.person(frank).offers.map(\.line) == ["-"])
    #expect(try await school.store.verification().isSound)
    _ = try await school.store.erase(els, at: StoreFixture.now)
    #expect(try await school.store.offer(id)?.answers.map(\.account) == [frank])
    #expect(try await school.store.delivery(tables[0]) == nil, "the table in which she stood is gone")
    #expect(try await school.store.delivery(tables[1])?.status == .waiting, "one that was not sent is sent without her")
    _ = try await school.store.erase(anna, at: StoreFixture.now)
    #expect(try await school.store.offer(id)?.offer.terms.lines.map(\.text) == ["…", "…"])
    let later = StoreFixture.now + 100 * 86_400
    _ = try await school.store.expire(.threads, before: later, at: later, applies: true)
    #expect(try await school.store.offer(id) == nil)
    #expect(try await school.store.verification().isSound)
  }
}
