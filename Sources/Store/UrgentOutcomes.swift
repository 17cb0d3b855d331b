import Foundation
import GRDB
import School

extension Store {
  /// Urgent messages since an instant whose sender has no receipt yet.
  package func urgentWithoutReceipt(since: Date) async throws(StoreError) -> [UrgentOutcome] {
    // As a list of threads: joined, SQLite goes through all entries that ever were.
    let sql = """
      SELECT entry.* FROM entry
      WHERE thread IN (SELECT id FROM thread WHERE kind = 'urgent' AND opened_at >= ?)
        AND EXISTS (SELECT 1 FROM delivery WHERE delivery.entry = entry.id AND delivery.kind = 'urgent')
        AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.entry = entry.id AND delivery.kind = 'urgent-receipt')
      ORDER BY entry.id
      """
    return try await read { database in
      try Row.fetchAll(database, sql: sql, arguments: [since.milliseconds]).readable { row in
        let entry = try ThreadEntry(row)
        let deliveries = try Row.fetchAll(
          database, sql: "SELECT status, account FROM delivery WHERE entry = ? AND kind = 'urgent' ORDER BY account",
          arguments: [entry.id])
        var tally = DeliveryTally()
        var notAccepted: [AccountID] = []
        for row in deliveries {
          switch DeliveryRecord.Status(rawValue: row["status"]) {
          case .accepted: tally.accepted += 1
          case .waiting: tally.waiting += 1
          case .refused, .bounced, .setAside, nil: tally.failed += 1
          case .withheld: tally.withheld += 1
          case .cancelled: tally.cancelled += 1
          }
          if (row["status"] as String) != DeliveryRecord.Status.accepted.rawValue,
            let account: AccountID = row["account"]
          {
            notAccepted.append(account)
          }
        }
        return UrgentOutcome(entry: entry, tally: tally, notAccepted: notAccepted)
      }
    }
  }
}
