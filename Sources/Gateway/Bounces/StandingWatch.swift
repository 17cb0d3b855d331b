import Foundation
import Logging
import School
import Store

/// Tells support of addresses that broke, each once.
package struct StandingWatch: Sendable {
  static let interval: Duration = .seconds(5)

  let gateway: SchoolGateway

  package init(gateway: SchoolGateway) { self.gateway = gateway }

  func run() async {
    await gateway.repeatedly(.standing, every: Self.interval, complaint: "support not told of a broken address") {
      () async throws(StoreError) in
      try await tell()
    }
  }

  /// Those that nobody was told of yet.
  package func tell() async throws(StoreError) {
    let broken = try await gateway.store.untoldBroken()
    guard !broken.isEmpty else { return }
    let directory = try await gateway.store.directory()
    let policy = gateway.settings.policy(directory)
    try await gateway.forEach(broken, "support not told of a broken address") { record throws(StoreError) in
      guard let failure = record.standing.failure else { return }
      let decision = tellOfBrokenAddress(record.account, failure, directory: directory, policy: policy)
      _ = try await gateway.commit(
        Outcome(inbound: nil, label: "address-broken", decision: decision, at: gateway.now()))
      gateway.log.notice(
        "address broken", metadata: ["account": "\(record.account)", "reason": "\(failure.reason)"])
    }
  }
}
