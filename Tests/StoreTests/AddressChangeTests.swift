import Foundation
import School
import Testing

@testable import Store

@Suite("A changed address in the store")
struct AddressChangeTests {
  typealias F = StoreFixture

  @Test("Mail goes to the new address with a clean record; approval makes it the user name, taking it back does not")
  func change() async throws {
    let fixture = try await StoreFixture()
    let els = try await fixture.account("els@ouders.test")
    let failure = AddressFailure(reason: "unknown-user", provider: nil, actor: "school", words: "")
    let id = try await fixture.commit(askForActivation(els)).deliveries[0]
    try await fixture.store.record([
      DeliveryOutcome(
        delivery: id, at: F.now, result: .refused(ServerWords(text: "no")), sign: .hardFailure(failure))
    ])
    try await fixture.commit(Decision(changes: [.setNewAddress(els, "els@ziggo.test")]))
    var account = try #require(try await fixture.store.directory().accounts[els])
    #expect(account.address == "els@ouders.test" && account.mailAddress == "els@ziggo.test")
    #expect(try await fixture.store.standing(of: els) == AddressStanding())
    #expect(try await fixture.store.activations().first { $0.account == els }?.state == nil)
    try await fixture.commit(Decision(changes: [.setNewAddress(els, nil), .approveAddress(els)]))
    account = try #require(try await fixture.store.directory().accounts[els])
    #expect(account.address == "els@ouders.test" && account.newAddress == nil, "nothing waits: nothing is approved")
    try await fixture.commit(Decision(changes: [.setNewAddress(els, "els@ziggo.test"), .approveAddress(els)]))
    account = try #require(try await fixture.store.directory().accounts[els])
    #expect(account.address == "els@ziggo.test" && account.newAddress == nil)
  }

  @Test("What the administration says ends a change that waits")
  func imported() async throws {
    let fixture = try await StoreFixture()
    let els = try await fixture.account("els@ouders.test")
    try await fixture.commit(Decision(changes: [.setNewAddress(els, "els@ziggo.test")]))
    try await fixture.store.apply([F.carer("c1", "Els", "els@ouders.test")], defaultLanguage: .dutch)
    #expect(try await fixture.store.directory().accounts[els]?.newAddress == "els@ziggo.test", "the same file again")
    try await fixture.store.apply([F.carer("c1", "Els", "els@kpn.test")], defaultLanguage: .dutch)
    let account = try await fixture.store.directory().accounts[els]
    #expect(account?.address == "els@kpn.test" && account?.newAddress == nil)
  }
}
