import Foundation
import Logging
import School
import Store

/// Sends the receipt of an urgent message when all servers have answered and had time to return it, or after a minute;
/// and another one where mails come back later.
package struct UrgentWatch: Sendable {
  static let interval: Duration = .seconds(2)
  /// How old a message may be, in seconds: a gateway that was away a day has nothing urgent to tell.
  static let longest: TimeInterval = 86_400

  let gateway: SchoolGateway

  package init(gateway: SchoolGateway) { self.gateway = gateway }

  func run() async {
    await gateway.repeatedly(.urgent, every: Self.interval, complaint: "receipt of urgent mail not made") {
      () async throws(StoreError) in
      try await tell()
    }
  }

  package func tell() async throws(StoreError) {
    let now = gateway.now()
    let due = try await gateway.store.urgentToAnswerFor(since: now.addingTimeInterval(-Self.longest))
      .filter { SchoolPolicy.isReceiptDue($0, now: now) }
    try await gateway.forEach(due, "receipt of urgent mail not made") { outcome throws(StoreError) in
      let decision = urgentReceipt(outcome, directory: try await gateway.store.directory())
      _ = try await gateway.commit(Outcome(inbound: nil, label: "urgent-receipt", decision: decision, at: now))
      gateway.log.info(
        "urgent mail answered for",
        metadata: [
          "entry": "\(outcome.entry.id)", "accepted": "\(outcome.tally.accepted)", "failed": "\(outcome.tally.failed)",
        ])
    }
  }
}
