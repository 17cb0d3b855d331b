import Foundation
import GRDB
import School

extension Store {
  /// Whether the copies of an entry wait for a colleague's approval.
  package func awaitsApproval(_ entry: EntryID) async throws(StoreError) -> Bool {
    try await read { try $0.awaitsApproval(entry) }
  }
}

extension Database {
  func awaitsApproval(_ entry: EntryID) throws -> Bool {
    let sql = "SELECT EXISTS (SELECT 1 FROM delivery WHERE entry = ? AND status = 'waiting' AND due_at = ?)"
    return try Bool.fetchOne(self, sql: sql, arguments: [entry, Date.distantFuture.milliseconds]) == true
      || holdsEvents(entry)
  }

  /// The same of the entry that opens a thread.
  func awaitsApproval(thread: ThreadID) throws -> Bool {
    let sql = "SELECT id FROM entry WHERE thread = ? ORDER BY id LIMIT 1"
    return try EntryID.fetchOne(self, sql: sql, arguments: [thread]).map(awaitsApproval) ?? false
  }

  /// The copies are due.
  func approve(_ entry: EntryID, at now: Int64) throws {
    try run(
      "UPDATE delivery SET due_at = ?, first_due_at = ? WHERE entry = ? AND status = 'waiting' AND due_at = ?",
      [now, now, entry, Date.distantFuture.milliseconds])
  }
}
