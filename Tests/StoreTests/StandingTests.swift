import Foundation
import School
import Testing

@testable import Store

@Suite("Standing of addresses in the store")
struct StandingTests {
  typealias F = StoreFixture
  static let failure = AddressFailure(reason: "unknown-user", provider: "kpn", actor: "school", words: "550 5.1.1")

  static func fail(_ fixture: StoreFixture, _ sign: StandingSign) async throws {
    let els = try await fixture.account("els@ouders.test")
    let id = try await fixture.commit(
      Decision(notices: [Notice(.help, to: .account(els), lane: .urgent)])
    ).deliveries[0]
    let words = ServerWords(text: "550 5.1.1")
    try await fixture.store.record([
      DeliveryOutcome(delivery: id, at: F.now, result: .bounced(words), sign: sign)
    ])
  }

  static func broken() async throws -> (StoreFixture, AccountID) {
    let fixture = try await StoreFixture()
    for _ in 0..<2 { try await fail(fixture, .hardFailure(failure)) }
    return (fixture, try await fixture.account("els@ouders.test"))
  }

  @Test("A broken address gets no more mail, but urgent mail, and a probe after two weeks")
  func withheld() async throws {
    let (fixture, els) = try await Self.broken()
    #expect(try await fixture.store.standing(of: els).state == .broken)
    func status(_ lane: Lane, after seconds: TimeInterval) async throws -> DeliveryRecord.Status? {
      let done = try await fixture.commit(
        Decision(notices: [Notice(.help, to: .account(els), lane: lane)]), after: seconds)
      return try await fixture.store.delivery(done.deliveries[0])?.status
    }
    #expect(try await status(.normal, after: 10) == .withheld)
    #expect(try await status(.urgent, after: 10) == .waiting)
    let later = AddressStanding.probeInterval + 10
    #expect(try await status(.normal, after: later) == .waiting)
    #expect(try await status(.normal, after: later + 10) == .withheld)
    try await fixture.store.reactivate(els)
    #expect(try await status(.normal, after: later + 20) == .waiting)
  }

  @Test("The school is told once; an answer mends; a new break is told anew")
  func told() async throws {
    let (fixture, els) = try await Self.broken()
    #expect(try await fixture.store.untoldBroken().map(\.account) == [els])
    #expect(try await fixture.store.standings().first?.standing.failure == Self.failure)
    try await fixture.commit(Decision(changes: [.markStandingTold(els)]))
    #expect(try await fixture.store.untoldBroken().isEmpty)
    try await Self.fail(fixture, .hardFailure(Self.failure))
    #expect(try await fixture.store.untoldBroken().isEmpty)
    var answer = Outcome(inbound: nil, label: "posted", at: F.now)
    answer.writer = .account(els)
    answer.isProven = true
    _ = try await fixture.store.commit(answer) { "\($0)@school.test" }
    #expect(try await fixture.store.standing(of: els).state == .working)
    for _ in 0..<2 { try await Self.fail(fixture, .hardFailure(Self.failure)) }
    #expect(try await fixture.store.untoldBroken().map(\.account) == [els])
  }

  @Test("A corrected address starts anew: it is mailed, and asked for its activation")
  func corrected() async throws {
    let (fixture, els) = try await Self.broken()
    try await fixture.commit(Decision(changes: [.setActivation(els, .unanswered)]))
    try await fixture.store.apply([F.carer("c1", "Els", "els@gmail.test")], defaultLanguage: .dutch)
    #expect(try await fixture.account("els@gmail.test") == els)
    #expect(try await fixture.store.standing(of: els).state == .working)
    #expect(try await fixture.store.activations().first { $0.account == els }?.state == nil)
  }

  @Test("An address without trouble has no standing to keep, and a report that comes twice is kept once")
  func quiet() async throws {
    let fixture = try await StoreFixture()
    try await Self.fail(fixture, .accepted)
    #expect(try await fixture.store.standings().isEmpty)
    let report = ReportRecord(
      kind: "dmarc", organisation: "x", reportID: "1", domain: "school.test", begin: F.now, end: nil, passed: 3,
      failed: 1, body: "{}")
    for _ in 0..<2 {
      var outcome = Outcome(inbound: nil, label: "report", at: F.now)
      outcome.reports = [report]
      _ = try await fixture.store.commit(outcome) { "\($0)@school.test" }
    }
    #expect(try await fixture.store.authenticationReports(since: F.now, limit: 9) == [report])
  }
}
