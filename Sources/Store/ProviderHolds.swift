import Foundation
import GRDB
import School

extension Store {
  /// The providers to which mail is held.
  package func providerHolds() async throws(StoreError) -> [ProviderHold] {
    try await read {
      try Row.fetchAll($0, sql: "SELECT * FROM provider_hold ORDER BY provider").map { row in
        ProviderHold(
          provider: row["provider"], since: row.date("since"), reason: row["reason"], words: row["words"],
          count: row["refusals"], probedAt: (row["probed_at"] as Int64?).map(Date.init(milliseconds:)),
          isByReturns: row["by_returns"])
      }
    }
  }

  /// A probe goes now.
  package func recordProbe(of provider: String, at now: Date) async throws(StoreError) {
    try await write {
      try $0.execute(
        sql: "UPDATE provider_hold SET probed_at = ? WHERE provider = ?", arguments: [now.milliseconds, provider])
    }
  }

  /// Mail goes there again; what waited goes at once.
  package func releaseProvider(_ provider: String, held: [DeliveryID], at now: Date) async throws(StoreError) {
    try await write { database in
      try database.execute(sql: "DELETE FROM provider_hold WHERE provider = ?", arguments: [provider])
      for id in held {
        try database.execute(
          sql: "UPDATE delivery SET due_at = ? WHERE id = ? AND status = 'waiting' AND due_at > ?",
          arguments: [now.milliseconds, id, now.milliseconds])
      }
    }
    announceChange()
  }

  /// A mail that meets a hold waits until then; that is no attempt.
  package func hold(_ delivery: DeliveryID, until: Date) async throws(StoreError) {
    try await write {
      try $0.execute(
        sql: "UPDATE delivery SET due_at = ? WHERE id = ? AND status = 'waiting'",
        arguments: [until.milliseconds, delivery])
    }
  }
}

extension Database {
  func insert(_ hold: ProviderHold) throws {
    try execute(
      sql: """
        INSERT INTO provider_hold (provider, since, reason, words, refusals, probed_at, by_returns)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING
        """,
      arguments: [
        hold.provider, hold.since.milliseconds, hold.reason, hold.words, hold.count,
        hold.probedAt?.milliseconds, hold.isByReturns,
      ])
  }
}
