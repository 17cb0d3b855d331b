import Foundation
import Logging
import School
import Store

/// Sends the receipt of an urgent message when all servers have answered and had time to return it, or after a minute.
package struct UrgentWatch: Sendable {
  static let interval: Duration = .seconds(2)
  /// How old a message may be, in seconds: a gateway that was away a day has nothing urgent to tell.
  static let longest: TimeInterval = 86_400

  let gateway: SchoolGateway

  package init(gateway: SchoolGateway) { self.gateway = gateway }

  func run() async {
    while !Task.isCancelled {
      do throws(StoreError) { try await tell() } catch {
        gateway.log.error("receipt of urgent mail not made", metadata: ["error": "\(error)"])
      }
      await gateway.rest(.urgent, Self.interval)
    }
  }

  package func tell() async throws(StoreError) {
    let now = gateway.now()
    let due = try await gateway.store.urgentWithoutReceipt(since: now.addingTimeInterval(-Self.longest))
      .filter { SchoolPolicy.isReceiptDue($0, now: now) }
    try await gateway.forEach(due, "receipt of urgent mail not made") { outcome throws(StoreError) in
      _ = try await gateway.commit(
        Outcome(inbound: nil, label: "urgent-receipt", decision: urgentReceipt(outcome), at: now))
      gateway.log.info(
        "urgent mail answered for",
        metadata: [
          "entry": "\(outcome.entry.id)", "accepted": "\(outcome.tally.accepted)", "failed": "\(outcome.tally.failed)",
        ])
    }
  }
}
