import Foundation
import Logging
import School
import Store

/// Makes digests when their hour has come.
package struct DigestClock: Sendable {
  static let interval: Duration = .seconds(30)

  let gateway: SchoolGateway

  package init(gateway: SchoolGateway) { self.gateway = gateway }

  func run() async {
    await gateway.repeatedly(.digests, every: Self.interval, complaint: "digests not made") {
      () async throws(StoreError) in
      _ = try await makeDue()
    }
  }

  /// - Parameter regardlessOfHour: also those whose hour has not come.
  /// - Returns: how many were made.
  @discardableResult
  package func makeDue(regardlessOfHour: Bool = false) async throws(StoreError) -> Int {
    let waiting = try await gateway.store.digestLines()
    guard !waiting.isEmpty else { return 0 }
    let directory = try await gateway.store.directory()
    let due = digestsDue(
      waiting, directory: directory, policy: gateway.settings.policy(directory), now: gateway.now(),
      regardlessOfHour: regardlessOfHour)
    try await gateway.forEach(due, "digest not made") { decision throws(StoreError) in
      _ = try await gateway.commit(Outcome(inbound: nil, label: "digest", decision: decision, at: gateway.now()))
    }
    return due.count
  }
}
