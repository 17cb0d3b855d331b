import Foundation
import Logging
import School
import Store

/// Mails new parents their activation, and tells support whose stayed without answer.
package struct ActivationWatch: Sendable {
  static let interval: Duration = .seconds(30)
  /// Accounts that one mail to support names.
  static let mostAtOnce = 200

  let gateway: SchoolGateway

  package init(gateway: SchoolGateway) { self.gateway = gateway }

  func run() async {
    guard gateway.settings.people.activationByMail else { return }
    await gateway.repeatedly(.activation, every: Self.interval, complaint: "activation not looked after") {
      () async throws(StoreError) in
      try await askNew()
      try await tellOfUnanswered()
    }
  }

  package func askNew() async throws(StoreError) {
    let new = try await gateway.store.activations().filter { $0.state == nil }
    for record in new { try await commit("activation", askForActivation(record.account, lane: .bulk)) }
    if !new.isEmpty { gateway.log.info("activation asked", metadata: ["accounts": "\(new.count)"]) }
  }

  /// Sends one account its activation mail, for the first time or again.
  package func ask(_ account: AccountID) async throws(StoreError) {
    try await commit("activation", askForActivation(account))
  }

  package func tellOfUnanswered() async throws(StoreError) {
    let before = gateway.now().addingTimeInterval(-SchoolPolicy.activationPatience)
    let accounts = try await gateway.store.unansweredActivations(askedBefore: before)
    guard !accounts.isEmpty else { return }
    let policy = gateway.settings.policy(try await gateway.store.directory())
    try await commit("activation", School.tellOfUnanswered(Array(accounts.prefix(Self.mostAtOnce)), policy: policy))
  }

  private func commit(_ label: String, _ decision: Decision) async throws(StoreError) {
    _ = try await gateway.commit(Outcome(inbound: nil, label: label, decision: decision, at: gateway.now()))
  }
}
