import Foundation
import GRDB

/// What a school need not keep for ever.
package enum ExpiringKind: String, Sendable, CaseIterable {
  /// The raw bytes of mails that were handled; what they said stands in the threads. Also that by which a copy of them
  /// is known when it comes by another way.
  case raw
  /// Mails that were left to a person: their raw bytes, and their places among what is to be looked at.
  case setAside = "set-aside"
  /// What became of mails that went out, and every answer of a server to them.
  case deliveries
  /// Threads with all that was said in them and their files, and events and conferences that are over.
  case threads
  /// Documents that were removed, and versions that were replaced or taken back.
  case documents
  /// What other mail servers reported of the school's mail.
  case reports
  /// Test results of pupils who left the school, with all that they were before.
  case results
  /// Who was away. Schools keep it for five years.
  case absence
  /// Albums with their photos, and what parents agreed to for children who left.
  case photos

  /// The least that can be asked, in days. Bounces and answers come late: what they refer to must still be there.
  package var leastDays: Int {
    switch self {
    case .raw, .reports: 7
    case .deliveries, .setAside, .documents: 30
    case .threads, .photos: 90
    // As long as the rest of a pupil's file.
    case .results: 730
    case .absence: 1_827
    }
  }
}

/// What an expiry took away, or would.
package struct ExpiryReport: Sendable, Hashable {
  package var rows = 0
  package var files = 0
}

extension Store {
  /// Gives up everything of a kind that ended before an instant. Rows first, in one transaction, then files that no row
  /// names: a crash between the two leaves stray files, which the next expiry takes.
  ///
  /// - Parameter applies: false only counts.
  package func expire(
    _ kind: ExpiringKind, before: Date, at now: Date, applies: Bool
  ) async throws(StoreError) -> ExpiryReport {
    let lock = try await offPool { [folder] in try UpkeepLock(folder) }
    let rows = try await write { database -> Int in
      var rows = 0
      try database.inSavepoint {
        rows = try database.expire(kind, before: before.milliseconds, at: now.milliseconds)
        return applies ? .commit : .rollback
      }
      return rows
    }
    var report = ExpiryReport(rows: rows)
    if applies { report.files = try await removeStrayFiles().removed }
    withExtendedLifetime(lock) {}
    return report
  }

  /// How old a file without a row must be to be given up: the gateway writes the file first, in seconds.
  static let strayAge: TimeInterval = 3_600
  /// The same of a raw mail, whose row comes next.
  static let strayMessageAge: TimeInterval = 300

  /// Takes away the files that no row names, and what crashes left behind.
  ///
  /// - Returns: how many, and how many are too young.
  func removeStrayFiles(
    messagesOlderThan age: TimeInterval = Store.strayAge
  ) async throws(StoreError) -> (removed: Int, young: Int) {
    let (limit, messageLimit) = (Date(timeIntervalSinceNow: -Self.strayAge), Date(timeIntervalSinceNow: -age))
    let found = try await offPool { [self] in
      try messages.inventory().map { ($0, messageLimit) } + files.inventory().map { ($0, limit) }
    }
    let wanted = try await read { try FileNames($0).paths }
    return try await offPool { [folder] in
      var (removed, young) = (0, 0)
      for (file, limit) in found {
        switch file.kind {
        case .content(let digest) where wanted.contains("\(file.path.prefix { $0 != "/" })/\(digest)"): continue
        // Not ours to take away, or the only copy of what is missing elsewhere.
        case .unknown: continue
        case .content, .leftover: break
        }
        let path = folder.appending(path: file.path).path
        // Whoever brings the same file again makes it new, before its row names it.
        guard FilesByDigest.isOlder(path, than: limit) else {
          young += 1
          continue
        }
        guard unlink(path) == 0 else { throw FilesByDigest.failure("unlink") }
        removed += 1
      }
      return (removed, young)
    }
  }
}

extension Database {
  fileprivate func expire(_ kind: ExpiringKind, before: Int64, at now: Int64) throws -> Int {
    switch kind {
    case .raw:
      // What is held, or left to a person, is needed still.
      try execute(
        sql: """
          UPDATE inbound SET raw_expired_at = ? WHERE status = 'handled' AND handled_at < ? AND raw_expired_at IS NULL
            AND digest NOT LIKE 'unread %' AND id NOT IN (SELECT inbound FROM held WHERE status = 'held')
          """, arguments: [now, before])
      let count = changesCount
      // Where a mail lay: if it should be there again, it is known by its bytes.
      try execute(
        sql: """
          DELETE FROM inbound_source WHERE inbound IN (
            SELECT id FROM inbound WHERE status = 'handled' AND raw_expired_at IS NOT NULL AND digest NOT LIKE 'unread %')
          """)
      try expireClaims(before: before)
      return count
    case .setAside:
      try execute(
        sql: """
          UPDATE inbound SET status = 'handled', raw_expired_at = ? WHERE status = 'set-aside' AND handled_at < ?
          """, arguments: [now, before])
      return changesCount
    case .documents: return try expireDocuments(before: before)
    case .deliveries:
      return try expireDeliveries(
        "created_at < ? AND status <> 'waiting' AND id NOT IN (SELECT delivery FROM delivery_event WHERE at >= ?)",
        [before, before])
    case .threads:
      return try expireThreads(before: before) + expireCalendar(before: before) + expireConferences(before: before)
    case .reports:
      try execute(sql: "DELETE FROM authentication_report WHERE received_at < ?", arguments: [before])
      return changesCount
    case .results: return try expireResults(before: before)
    case .absence: return try expireAbsence(before: before)
    case .photos: return try expirePhotos(before: before)
    }
  }

  /// What mails did is asked of again where one of several destinations was reached before a crash.
  private func expireClaims(before: Int64) throws {
    let waiting = try Int64.fetchOne(self, sql: "SELECT min(received_at) FROM inbound WHERE status = 'waiting'")
    try execute(sql: "DELETE FROM handled_route WHERE at < ?", arguments: [min(before, waiting ?? before)])
    try execute(sql: "DELETE FROM automatic_answer WHERE at < ?", arguments: [before])
  }

  func expireDeliveries(_ condition: String, _ arguments: StatementArguments) throws -> Int {
    try execute(
      sql: "DELETE FROM delivery_event WHERE delivery IN (SELECT id FROM delivery WHERE \(condition))",
      arguments: arguments)
    try execute(
      sql: """
        DELETE FROM delivery WHERE \(condition) AND id NOT IN (SELECT delivery FROM delivery_event)
        """, arguments: arguments)
    return changesCount
  }

  /// A thread ends with its last entry, and with the last answer to it in private.
  private func expireThreads(before: Int64) throws -> Int {
    try execute(
      sql: """
        CREATE TEMP TABLE expiring AS
        SELECT thread.id FROM thread WHERE opened_at < :before
          AND NOT EXISTS (SELECT 1 FROM entry WHERE thread = thread.id AND at >= :before)
          AND NOT EXISTS (
            SELECT 1 FROM thread AS answer LEFT JOIN entry ON entry.thread = answer.id
            WHERE answer.about = thread.id AND (answer.opened_at >= :before OR entry.at >= :before))
          AND NOT EXISTS (SELECT 1 FROM delivery WHERE thread = thread.id AND status = 'waiting')
        """, arguments: ["before": before])
    defer { try? execute(sql: "DROP TABLE expiring") }
    try expireOffers(of: "SELECT id FROM expiring")
    let entries = "SELECT id FROM entry WHERE thread IN (SELECT id FROM expiring)"
    let deliveries = "SELECT id FROM delivery WHERE thread IN (SELECT id FROM expiring) OR entry IN (\(entries))"
    for sql in [
      "DELETE FROM delivery_event WHERE delivery IN (\(deliveries))",
      "DELETE FROM delivery WHERE id IN (\(deliveries))",
      "DELETE FROM digest_line WHERE entry IN (\(entries))",
      "DELETE FROM entry_removal WHERE entry IN (\(entries))",
      "DELETE FROM revision WHERE subject IN (SELECT 'entry ' || id FROM entry WHERE id IN (\(entries)))",
      "DELETE FROM entry WHERE id IN (\(entries))",
      "DELETE FROM seen WHERE thread IN (SELECT id FROM expiring)",
      "DELETE FROM thread_member WHERE thread IN (SELECT id FROM expiring)",
      "UPDATE thread SET about = NULL WHERE about IN (SELECT id FROM expiring)",
      "DELETE FROM thread WHERE id IN (SELECT id FROM expiring)",
    ] { try execute(sql: sql) }
    return changesCount
  }
}
