import Foundation
import Logging
import School
import Store

/// Finds what cannot be read of the store, and tells support, each once. All else goes on without it.
package struct DamageWatch: Sendable {
  static let interval: Duration = .seconds(10)
  /// How often all that is small is looked through.
  static let lookInterval: Duration = .seconds(3_600)

  let gateway: SchoolGateway

  package init(gateway: SchoolGateway) { self.gateway = gateway }

  func run() async {
    // Not at once: of thousands of accounts it takes as long as to begin with what waits.
    var nextLook = ContinuousClock.now + Self.interval
    await gateway.repeatedly(.damage, every: Self.interval, complaint: "damage not looked for") {
      () async throws(StoreError) in
      if ContinuousClock.now >= nextLook {
        try await gateway.store.findDamage(at: gateway.now())
        nextLook = .now + Self.lookInterval
      }
      try await tell()
    }
  }

  package func tell() async throws(StoreError) {
    let rows = try await gateway.store.untoldDamage()
    guard !rows.isEmpty else { return }
    let policy = gateway.settings.policy(try await gateway.store.directory())
    _ = try await gateway.commit(
      Outcome(inbound: nil, label: "damage", decision: tellOfDamage(rows, policy: policy), at: gateway.now()))
    for row in rows { gateway.log.error("damaged", metadata: ["row": "\(row.place)", "reason": "\(row.reason)"]) }
  }
}

extension SchoolGateway {
  /// Does the same with each. One that the store cannot read or write for good is logged, once, and left, so that it
  /// keeps none of the others waiting.
  func forEach<T>(
    _ all: [T], _ what: String, _ body: (T) async throws(StoreError) -> Void
  ) async throws(StoreError) {
    for one in all {
      do throws(StoreError) { try await body(one) } catch {
        guard error.kind == .damaged else { throw error }
        let isNew = damageLogged.withLock { $0.insert("\(what) \(error)").inserted }
        if isNew { log.error("\(what)", metadata: ["error": "\(error)"]) }
      }
    }
  }
}
