import Foundation
import GRDB
import School

extension Store {
  /// Urgent messages since an instant whose sender has no receipt yet, or was told before that mails came back.
  package func urgentToAnswerFor(since: Date) async throws(StoreError) -> [UrgentOutcome] {
    // As a list of threads: joined, SQLite goes through all entries that ever were.
    let sql = """
      SELECT entry.*, (SELECT audience FROM thread WHERE thread.id = entry.thread) AS audience FROM entry
      WHERE id IN (
        SELECT (SELECT min(id) FROM entry WHERE entry.thread = thread.id) FROM thread
        WHERE kind = 'urgent' AND opened_at >= ?
      )
      ORDER BY entry.id
      """
    return try await read { database in
      try Row.fetchAll(database, sql: sql, arguments: [since.milliseconds]).readable { row -> UrgentOutcome? in
        let entry = try ThreadEntry(row)
        let told = try database.urgentReceipts(of: entry.id)
        // One that is under way was named in the first receipt, where it was still under way by then.
        let lost = try database.urgentMails(of: entry.id, in: told == nil ? notAccepted : cameBack)
          .filter { !(told?.accounts.contains($0) ?? false) }
        if told != nil, lost.isEmpty { return nil }
        return UrgentOutcome(
          entry: entry, audience: try row.jsonIfPresent(Audience.self, "audience"),
          tally: try database.urgentTally(of: entry.id), notAccepted: lost, told: told)
      }.compactMap(\.self)
    }
  }
}

private let cameBack: [DeliveryRecord.Status] = [.refused, .bounced, .setAside, .withheld]
private let notAccepted = cameBack + [.waiting, .cancelled]

extension Database {
  fileprivate func urgentReceipts(of entry: EntryID) throws -> UrgentOutcome.Told? {
    let sql = "SELECT facts, created_at FROM delivery WHERE entry = ? AND kind = 'urgent-receipt' ORDER BY id"
    var told: UrgentOutcome.Told?
    for row in try Row.fetchAll(self, sql: sql, arguments: [entry]) {
      let accounts = try row.json(NoticeFacts.self, "facts").accounts ?? []
      told = UrgentOutcome.Told(at: row.date("created_at"), accounts: (told?.accounts ?? []).union(accounts))
    }
    return told
  }

  /// The accounts whose mail has one of these states.
  fileprivate func urgentMails(of entry: EntryID, in states: [DeliveryRecord.Status]) throws -> [AccountID] {
    let sql = """
      SELECT account FROM delivery
      WHERE entry = ? AND kind = 'urgent' AND account IS NOT NULL AND status IN (SELECT value FROM json_each(?))
      ORDER BY account
      """
    return try AccountID.fetchAll(self, sql: sql, arguments: [entry, try JSONText.of(states.map(\.rawValue))])
  }

  fileprivate func urgentTally(of entry: EntryID) throws -> DeliveryTally {
    let sql = """
      SELECT status, count(*) AS mails FROM delivery WHERE entry = ? AND kind = 'urgent' GROUP BY status
      """
    var tally = DeliveryTally()
    for row in try Row.fetchAll(self, sql: sql, arguments: [entry]) {
      let mails: Int = row["mails"]
      switch try row.word(DeliveryRecord.Status.self, "status") {
      case .accepted: tally.accepted += mails
      case .waiting: tally.waiting += mails
      case .refused, .bounced, .setAside: tally.failed += mails
      case .withheld: tally.withheld += mails
      case .cancelled: tally.cancelled += mails
      }
    }
    return tally
  }
}
