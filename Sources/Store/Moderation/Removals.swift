import GRDB
import School

extension Store {
  /// Who took away which entries of a thread.
  package func removals(of thread: ThreadID) async throws(StoreError) -> [EntryID: Removal] {
    let sql = """
      SELECT entry_removal.* FROM entry_removal JOIN entry ON entry.id = entry_removal.entry WHERE entry.thread = ?
      """
    return try await read { database in
      let rows = try Row.fetchAll(database, sql: sql, arguments: [thread])
      return Dictionary(
        rows.map { ($0["entry"] as EntryID, Removal(by: $0["account"], at: $0.date("at"))) }, uniquingKeysWith: { $1 })
    }
  }

  /// What it was about was taken back while it was on its way out.
  package func cancel(_ delivery: DeliveryID) async throws(StoreError) {
    try await write {
      try $0.run("UPDATE delivery SET status = 'cancelled' WHERE id = ? AND status = 'waiting'", [delivery])
    }
  }
}

extension Database {
  func apply(_ write: ModerationWrite, at now: Int64) throws {
    switch write {
    case .remove(let entry, let account):
      try run(
        "INSERT INTO entry_removal (entry, account, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [entry, account, now])
    }
  }
}
