import Foundation
import School
import Testing

@testable import Store

@Suite("Activation in the store")
struct ActivationTests {
  typealias F = StoreFixture

  @Test("Every carer's account is new until it was asked; the answer, or any proven mail, activates it")
  func life() async throws {
    let fixture = try await StoreFixture()
    let (els, frank) = (try await fixture.account("els@ouders.test"), try await fixture.account("frank@ouders.test"))
    #expect(try await fixture.store.activations().map(\.state) == [nil, nil], "staff are not asked")
    try await fixture.commit(askForActivation(els))
    try await fixture.commit(askForActivation(frank))
    #expect(try await fixture.store.activations().map(\.state) == [.asked, .asked])
    try await fixture.commit(Decision(changes: [.setActivation(els, .active)]))
    var wrote = Outcome(inbound: nil, label: "posted", at: F.now)
    wrote.writer = .account(frank)
    wrote.isProven = true
    _ = try await fixture.store.commit(wrote) { "\($0)@school.test" }
    #expect(try await fixture.store.activations().map(\.state) == [.active, .active])
    try await fixture.commit(Decision(changes: [.setActivation(els, .unanswered)]))
    #expect(
      try await fixture.store.activations().map(\.state) == [.active, .active], "answered since it was looked at")
  }

  @Test("Without answer are those whose mail was accepted long enough ago, and did not come back")
  func unanswered() async throws {
    let fixture = try await StoreFixture()
    let (els, frank) = (try await fixture.account("els@ouders.test"), try await fixture.account("frank@ouders.test"))
    for (account, result) in [
      (els, DeliveryOutcome.Result.accepted(ServerWords(text: "ok"))), (frank, .bounced(ServerWords(text: "no"))),
    ] {
      let id = try await fixture.commit(askForActivation(account)).deliveries[0]
      try await fixture.store.record([DeliveryOutcome(delivery: id, at: F.now, result: result)])
    }
    #expect(try await fixture.store.unansweredActivations(askedBefore: F.now).isEmpty, "too early")
    #expect(try await fixture.store.unansweredActivations(askedBefore: F.now + 1) == [els])
    let policy = SchoolPolicy(supportDesk: [frank], timeZone: .gmt)
    try await fixture.commit(tellOfUnanswered([els], policy: policy))
    #expect(try await fixture.store.unansweredActivations(askedBefore: F.now + 1).isEmpty, "support is told once")
  }
}
