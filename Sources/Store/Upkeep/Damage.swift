import Foundation
import GRDB
import School

extension Schema {
  /// Rows that were found unreadable, each once, and when support was told.
  static let damage = [
    """
    CREATE TABLE damage (
      place TEXT PRIMARY KEY, reason TEXT NOT NULL, account INTEGER, at INTEGER NOT NULL, told_at INTEGER
    ) STRICT
    """
  ]
}

extension Store {
  /// Leaves a mail that cannot be made to a person: it is not tried again, and keeps no other waiting.
  ///
  /// - Parameter reason: without addresses, keys or text.
  package func setAside(_ delivery: DeliveryID, reason: String, at now: Date) async throws(StoreError) {
    try await setAside([UnreadableDelivery(id: delivery, reason: reason)], at: now)
  }

  func setAside(_ deliveries: [UnreadableDelivery], at now: Date) async throws(StoreError) {
    try await write { database in
      for delivery in deliveries { try database.setAside(delivery, at: now.milliseconds) }
    }
    // What is due behind them.
    announceChange()
  }

  /// Looks for rows that cannot be read, and writes down which there are; what was mended or is gone is struck off.
  /// Reads the tables that are small beside those of messages, mails and what came in: damage in these is found where
  /// it is met.
  package func findDamage(at now: Date) async throws(StoreError) {
    let found = try await read { database in
      let lanes = Lane.allCases.map { "\($0.rawValue)" }.joined(separator: ", ")
      let lost = try DeliveryID.fetchAll(
        database, sql: "SELECT id FROM delivery WHERE status = 'waiting' AND lane NOT IN (\(lanes))")
      let known = try Bool.fetchOne(database, sql: "SELECT EXISTS (SELECT 1 FROM damage)") ?? false
      return (rows: try RowReading.unreadable(database), lost: lost, known: known)
    }
    if !found.lost.isEmpty {
      let reason = "A delivery has an unknown lane"
      try await setAside(found.lost.map { UnreadableDelivery(id: $0, reason: reason) }, at: now)
    }
    guard found.known || !found.rows.isEmpty else { return }
    try await write { database in
      for row in found.rows { try database.note(row, at: now.milliseconds) }
      try database.strikeMended(except: found.rows.map(\.place))
    }
  }

  /// Damage that support was not told of, the first that was found first.
  package func untoldDamage() async throws(StoreError) -> [DamagedRow] {
    try await read {
      try Row.fetchAll($0, sql: "SELECT * FROM damage WHERE told_at IS NULL ORDER BY at, place").map(DamagedRow.init)
    }
  }

  /// The damage that was found last.
  package func damage(limit: Int) async throws(StoreError) -> [DamagedRow] {
    try await read {
      try Row.fetchAll($0, sql: "SELECT * FROM damage ORDER BY at DESC, place LIMIT ?", arguments: [limit])
        .map(DamagedRow.init)
    }
  }
}

/// A mail of the outbox, and why it cannot be read.
struct UnreadableDelivery: Sendable {
  var id: DeliveryID
  var reason: String
}

extension DamagedRow {
  fileprivate init(_ row: Row) {
    self.init(place: row["place"], reason: row["reason"], account: row["account"], at: row.date("at"))
  }
}

extension Database {
  fileprivate func setAside(_ delivery: UnreadableDelivery, at now: Int64) throws {
    try run("UPDATE delivery SET status = 'set-aside' WHERE id = ? AND status = 'waiting'", [delivery.id])
    guard changesCount == 1 else { return }
    try run(
      "INSERT INTO delivery_event (delivery, at, outcome, words) VALUES (?, ?, 'set-aside', ?)",
      [delivery.id, now, delivery.reason])
    let account = try AccountID.fetchOne(
      self, sql: "SELECT account FROM delivery WHERE id = ? AND account IS NOT NULL", arguments: [delivery.id])
    let place = "delivery \(delivery.id)"
    try note(
      DamagedRow(place: place, reason: delivery.reason, account: account, at: Date(milliseconds: now)), at: now)
  }

  /// Told damage that is none any more; it would be told anew.
  fileprivate func strikeMended(except places: [String]) throws {
    try execute(
      sql: """
        DELETE FROM damage WHERE told_at IS NOT NULL AND CASE
          WHEN place LIKE 'delivery %' THEN NOT EXISTS (
            SELECT 1 FROM delivery WHERE id = CAST(substr(place, 10) AS INTEGER) AND status = 'set-aside')
          ELSE place NOT IN (SELECT value FROM json_each(?)) END
        """, arguments: [try JSONText.of(places)])
  }

  /// What was found before stays as it is.
  fileprivate func note(_ row: DamagedRow, at now: Int64) throws {
    try run(
      "INSERT INTO damage (place, reason, account, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
      [row.place, row.reason, row.account, now])
  }

  func markDamageTold(_ places: [String], at now: Int64) throws {
    for place in places { try run("UPDATE damage SET told_at = ? WHERE place = ?", [now, place]) }
  }
}

extension RowReading {
  /// Their rows are many; what is damaged among them is set aside or refused where it is met.
  private static let large: Set<String> = ["delivery", "entry", "inbound"]

  fileprivate static func unreadable(_ database: Database) throws -> [DamagedRow] {
    var found: [DamagedRow] = []
    for (table, form) in forms where !large.contains(table) {
      let rows = try Row.fetchCursor(database, sql: "SELECT * FROM \(table)")
      while let row = try rows.next() {
        do { try form(row) } catch {
          found.append(DamagedRow(place: place(row, table), reason: StoreError(error).message, at: .distantPast))
        }
      }
    }
    return found
  }
}
