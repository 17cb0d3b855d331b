import Foundation
import School
import Testing

@testable import Store

@Suite("What became of the mails, counted")
struct TallyTests {
  typealias F = StoreFixture

  @Test("Mails are counted by hour and domain, by account, and by the words that refused them")
  func tallies() async throws {
    let fixture = try await StoreFixture()
    let (els, frank) = (try await fixture.account("els@ouders.test"), try await fixture.account("frank@ouders.test"))
    let first = try await fixture.commit(try await fixture.news()).deliveries
    _ = try await fixture.commit(try await fixture.news("Later"), after: 7_200)
    let no = ServerWords(code: 550, enhancedStatusCode: "5.1.1", text: "no such user")
    try await fixture.store.record([
      DeliveryOutcome(delivery: first[0], at: F.now, result: .accepted(ServerWords(text: "ok"))),
      DeliveryOutcome(delivery: first[0], at: F.now, result: .bounced(no)),
      DeliveryOutcome(delivery: first[1], at: F.now, result: .accepted(ServerWords(text: "ok"))),
    ])
    let hours = try await fixture.store.hourTallies(since: F.now - 1)
    #expect(hours.map(\.domain) == ["ouders.test", "school.test", "ouders.test", "school.test"])
    #expect(hours[0].tally == DeliveryTally(accepted: 1, failed: 1) && hours[2].tally == DeliveryTally(waiting: 2))
    #expect(hours[2].hour.timeIntervalSince(hours[0].hour) == 7_200 && hours[0].hour <= F.now)
    let accounts = try await fixture.store.accountTallies(since: F.now - 1)
    #expect(accounts[els]?.tally == DeliveryTally(waiting: 1, failed: 1) && accounts[els]?.lastAccepted == nil)
    #expect(accounts[frank]?.lastAccepted == F.now)
    #expect(try await fixture.store.accountTallies(since: F.now + 8_000).isEmpty)
    let failures = try await fixture.store.failureTallies(since: F.now - 1)
    #expect(failures == [FailureTally(address: "els@ouders.test", outcome: "bounced", words: no, count: 1)])
  }

  @Test("A person's history has their mails with all that happened, their answers, and when support was advised")
  func history() async throws {
    let fixture = try await StoreFixture()
    let (els, anna) = (try await fixture.account("els@ouders.test"), try await fixture.account("anna@school.test"))
    let sent = try await fixture.commit(try await fixture.news())
    try await fixture.store.record([
      DeliveryOutcome(delivery: sent.deliveries[0], at: F.now, result: .accepted(ServerWords(text: "ok"))),
      DeliveryOutcome(delivery: sent.deliveries[0], at: F.now + 5, result: .bounced(ServerWords(text: "no"))),
    ])
    let thread = try #require(sent.thread)
    try await fixture.commit(
      Decision(changes: [.addEntry(thread: .existing(thread), author: els, body: MessageBody(text: "x"), origin: nil)]),
      after: 10)
    let policy = SchoolPolicy(supportDesk: [anna], timeZone: .gmt)
    let failure = AddressFailure(reason: "unknown-user", provider: nil, actor: "school", words: "")
    let directory = try await fixture.store.directory()
    try await fixture.commit(
      tellOfBrokenAddress(els, failure, directory: directory, policy: policy), after: 20)
    try await fixture.commit(tellOfUnanswered([els], policy: policy), after: 30)
    let history = try await fixture.store.history(of: els, limit: 10)
    #expect(history.mails.count == 1 && history.mails[0].subject == "Gym")
    #expect(history.mails[0].events.map(\.outcome) == ["bounced", "accepted"])
    #expect(history.answers == [.init(at: F.now + 10, subject: "Gym")])
    #expect(history.advisedAt == [F.now + 20, F.now + 30])
    #expect(history.activation?.state == .unanswered)
    #expect(try await fixture.store.history(of: anna, limit: 10).advisedAt.isEmpty)
  }
}

@Suite("What comes back by the calendar, in the store")
struct PeriodicTaskTests {
  @Test("It was last done when it was first asked for, then when a decision says so")
  func lastDone() async throws {
    let fixture = try await StoreFixture()
    let now = StoreFixture.now
    #expect(try await fixture.store.lastDone(.weeklyReport, now: now) == now)
    #expect(try await fixture.store.lastDone(.weeklyReport, now: now + 50) == now)
    try await fixture.commit(Decision(changes: [.markDone(.weeklyReport)]), after: 100)
    #expect(try await fixture.store.lastDone(.weeklyReport, now: now + 500) == now + 100)
    // A clock ran ahead, and is right again.
    try await fixture.commit(Decision(changes: [.markDone(.weeklyReport)]), after: 30 * 86_400)
    #expect(try await fixture.store.lastDone(.weeklyReport, now: now + 600) == now + 600)
  }
}
