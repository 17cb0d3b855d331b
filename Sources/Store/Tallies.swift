import Foundation
import GRDB
import School

/// How the mails of one hour to one mail domain fared.
package struct HourTally: Sendable, Hashable {
  /// Its first instant.
  package var hour: Date
  /// Behind the `@`.
  package var domain: String
  package var tally: DeliveryTally
}

/// How one account's mails fared.
package struct AccountTally: Sendable, Hashable {
  package var tally: DeliveryTally
  /// When the newest mail was made that a server accepted.
  package var lastAccepted: Date?
}

/// The same words of a server about the mails to one address.
package struct FailureTally: Sendable, Hashable {
  package var address: String
  /// `refused`, `bounced` or `deferred`.
  package var outcome: String
  package var words: ServerWords
  package var count: Int
}

extension Store {
  /// Different words of servers that one report looks at, the most frequent first.
  package static let mostFailureWords = 10_000

  /// Mails that were made since an instant, by hour and domain.
  package func hourTallies(since: Date) async throws(StoreError) -> [HourTally] {
    let sql = """
      SELECT delivery.created_at / 3600000 AS hour, lower(\(Self.domainOf)) AS domain, \(Self.statusCounts)
      FROM delivery LEFT JOIN account ON account.id = delivery.account
      WHERE delivery.created_at >= ? GROUP BY hour, domain ORDER BY hour, domain
      """
    return try await read {
      try Row.fetchAll($0, sql: sql, arguments: [since.milliseconds]).map { row in
        HourTally(
          hour: Date(milliseconds: (row["hour"] as Int64) * 3_600_000), domain: row["domain"] ?? "",
          tally: DeliveryTally(row))
      }
    }
  }

  /// Mails that were made since an instant, by account; strangers are left out.
  package func accountTallies(since: Date) async throws(StoreError) -> [AccountID: AccountTally] {
    let sql = """
      SELECT account, max(CASE WHEN status = 'accepted' THEN created_at END) AS last, \(Self.statusCounts)
      FROM delivery WHERE account IS NOT NULL AND created_at >= ? GROUP BY account
      """
    return try await read { database in
      let rows = try Row.fetchAll(database, sql: sql, arguments: [since.milliseconds])
      return Dictionary(
        rows.map { row in
          let last = (row["last"] as Int64?).map(Date.init(milliseconds:))
          return (row["account"] as AccountID, AccountTally(tally: DeliveryTally(row), lastAccepted: last))
        }, uniquingKeysWith: { first, _ in first })
    }
  }

  /// What servers said of mails that were not accepted, since an instant.
  package func failureTallies(since: Date) async throws(StoreError) -> [FailureTally] {
    let sql = """
      SELECT coalesce(account.new_address, account.address, stranger) AS address, outcome, code, status_code, words, count(*) AS count
      FROM delivery_event JOIN delivery ON delivery.id = delivery_event.delivery
        LEFT JOIN account ON account.id = delivery.account
      WHERE delivery_event.at >= ? AND outcome IN ('refused', 'bounced', 'deferred')
      GROUP BY address, outcome, code, status_code, words ORDER BY count DESC LIMIT ?
      """
    return try await read {
      try Row.fetchAll($0, sql: sql, arguments: [since.milliseconds, Self.mostFailureWords]).map { row in
        FailureTally(
          address: row["address"] ?? "", outcome: row["outcome"],
          words: ServerWords(code: row["code"], enhancedStatusCode: row["status_code"], text: row["words"]),
          count: row["count"])
      }
    }
  }

  /// When each account last wrote something that became an entry.
  package func lastAnswers() async throws(StoreError) -> [AccountID: Date] {
    try await read { database in
      let rows = try Row.fetchAll(database, sql: "SELECT sender, max(at) AS at FROM entry GROUP BY sender")
      return Dictionary(rows.map { ($0["sender"] as AccountID, $0.date("at")) }) { first, _ in first }
    }
  }

  private static let domainOf = """
    substr(coalesce(account.new_address, account.address, stranger), instr(coalesce(account.new_address, account.address, stranger), '@') + 1)
    """

  private static let statusCounts = """
    count(*) FILTER (WHERE status = 'accepted') AS accepted, count(*) FILTER (WHERE status = 'waiting') AS waiting,
    count(*) FILTER (WHERE status IN ('refused', 'bounced', 'set-aside')) AS failed,
    count(*) FILTER (WHERE status = 'withheld') AS withheld, count(*) FILTER (WHERE status = 'cancelled') AS cancelled
    """
}

extension DeliveryTally {
  fileprivate init(_ row: Row) {
    self.init(
      accepted: row["accepted"], waiting: row["waiting"], failed: row["failed"], withheld: row["withheld"],
      cancelled: row["cancelled"])
  }
}
