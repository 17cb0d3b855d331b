import Foundation
import GRDB
import School

extension Store {
  /// When something that comes back by the calendar was last done; the first time it is asked, that instant is the
  /// answer and is written down: a new school has missed nothing.
  package func lastDone(_ task: PeriodicTask, now: Date) async throws(StoreError) -> Date {
    try await write { database in
      let known = try Int64.fetchOne(
        database, sql: "SELECT at FROM periodic_task WHERE task = ?", arguments: [task.rawValue])
      // One that a clock wrote down that ran ahead counts as done now: else it would wait until then.
      if let known, known <= now.milliseconds + Store.clockTolerance { return Date(milliseconds: known) }
      try database.markDone(task, at: now.milliseconds)
      return now
    }
  }
}

extension Store {
  /// Writes down that a gateway begins to send. Where that cannot be written, neither can what became of a mail.
  package func noteStart(_ now: Date) async throws(StoreError) {
    try await write { try $0.markDone(.start, at: now.milliseconds) }
  }
}

extension Database {
  func markDone(_ task: PeriodicTask, at now: Int64) throws {
    try execute(
      sql: "INSERT INTO periodic_task (task, at) VALUES (?, ?) ON CONFLICT (task) DO UPDATE SET at = excluded.at",
      arguments: [task.rawValue, now])
  }
}
