import Foundation
import GRDB
import School

/// What became of one message: each of its mails, with the last words of a server about it.
package struct MessageReport: Sendable, Hashable {
  package struct Line: Sendable, Hashable {
    package var delivery: DeliveryRecord
    /// The newest first; empty where nothing has happened yet.
    package var events: [Event]
  }

  package struct Event: Sendable, Hashable {
    package var at: Date
    /// `accepted`, `deferred`, `refused`, `bounced`, `delayed`, `auto-reply`, …
    package var outcome: String
    package var words: ServerWords
  }

  package var entry: ThreadEntry
  package var thread: SchoolThread
  package var lines: [Line]
}

extension Store {
  /// The newest messages that people wrote and the gateway mailed on, with each of their mails; receipts are left out.
  ///
  /// - Parameter thread: only of this thread; nil for all.
  package func report(thread: ThreadID? = nil, limit: Int) async throws(StoreError) -> [MessageReport] {
    try await read { database in
      let sql = """
        SELECT * FROM entry WHERE (:thread IS NULL OR thread = :thread)
          AND EXISTS (SELECT 1 FROM delivery WHERE delivery.entry = entry.id) ORDER BY id DESC LIMIT :limit
        """
      let entries = try Row.fetchAll(database, sql: sql, arguments: ["thread": thread, "limit": limit])
        .readable(ThreadEntry.init)
      return try entries.compactMap { entry in
        guard let thread = try? database.thread(entry.thread) else { return nil }
        return MessageReport(entry: entry, thread: thread, lines: try database.lines(entry.id))
      }
    }
  }

  /// All that happened to one mail, the newest first.
  package func events(of delivery: DeliveryID) async throws(StoreError) -> [MessageReport.Event] {
    try await read { try $0.events(delivery) }
  }
}

extension Database {
  fileprivate func lines(_ entry: EntryID) throws -> [MessageReport.Line] {
    try Row.fetchAll(self, sql: "SELECT * FROM delivery WHERE entry = ? ORDER BY id", arguments: [entry])
      .readable(DeliveryRecord.init).filter(\.kind.isContent)
      .map { MessageReport.Line(delivery: $0, events: try events($0.id)) }
  }

  func events(_ delivery: DeliveryID) throws -> [MessageReport.Event] {
    try Row.fetchAll(
      self, sql: "SELECT * FROM delivery_event WHERE delivery = ? ORDER BY id DESC", arguments: [delivery]
    )
    .map { row in
      MessageReport.Event(
        at: row.date("at"), outcome: row["outcome"],
        words: ServerWords(code: row["code"], enhancedStatusCode: row["status_code"], text: row["words"]))
    }
  }
}
