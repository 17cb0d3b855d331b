import Foundation
import GRDB
import School

/// What is known of one account's activation.
package struct ActivationRecord: Sendable, Hashable {
  package var account: AccountID
  /// Nil for one that was never asked.
  package var state: Activation?
  /// When that began.
  package var since: Date?
}

extension Store {
  /// Of every account with a carer behind it, by account.
  package func activations() async throws(StoreError) -> [ActivationRecord] {
    let sql = """
      SELECT DISTINCT carer.account AS account, state, since
      FROM carer LEFT JOIN activation ON activation.account = carer.account ORDER BY carer.account
      """
    return try await read {
      try Row.fetchAll($0, sql: sql).readable(ActivationRecord.init)
    }
  }

  /// Accounts that were asked before an instant, whose mail was accepted and did not come back, and who did not answer.
  package func unansweredActivations(askedBefore: Date) async throws(StoreError) -> [AccountID] {
    let sql = """
      SELECT account FROM activation WHERE state = 'asked' AND since < ? AND (
        SELECT status FROM delivery WHERE delivery.account = activation.account AND kind = ? ORDER BY id DESC LIMIT 1
      ) = 'accepted' ORDER BY account
      """
    return try await read {
      try AccountID.fetchAll(
        $0, sql: sql, arguments: [askedBefore.milliseconds, NoticeKind.activation.rawValue])
    }
  }
}

extension ActivationRecord {
  init(_ row: Row) throws {
    let state: String? = row["state"]
    self.init(
      account: row["account"], state: try state == nil ? nil : row.word(Activation.self, "state"),
      since: (row["since"] as Int64?).map(Date.init(milliseconds:)))
  }
}

extension Database {
  func activation(of account: AccountID) throws -> ActivationRecord? {
    try Row.fetchOne(self, sql: "SELECT * FROM activation WHERE account = ?", arguments: [account])
      .map(ActivationRecord.init)
  }

  /// Unanswered is only who was asked still: the answer may have come since that was looked at.
  func setActivation(_ account: AccountID, _ state: Activation, at now: Int64) throws {
    try execute(
      sql: """
        INSERT INTO activation (account, state, since) VALUES (?, ?, ?)
        ON CONFLICT (account) DO UPDATE SET state = excluded.state, since = excluded.since
          WHERE excluded.state <> 'unanswered' OR activation.state = 'asked'
        """, arguments: [account, state.rawValue, now])
  }

  /// Whoever writes, proven, has shown that mail reaches them, as well as JA does.
  func activate(_ account: AccountID, at now: Int64) throws {
    try run(
      "UPDATE activation SET state = 'active', since = ? WHERE account = ? AND state <> 'active'", [now, account])
  }
}
