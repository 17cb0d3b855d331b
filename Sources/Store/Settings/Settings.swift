import GRDB
import School

extension Store {
  /// Accounts that asked for all that is kept of them, the first that asked first.
  package func dataRequests() async throws(StoreError) -> [AccountID] {
    try await read { try AccountID.fetchAll($0, sql: "SELECT account FROM data_request ORDER BY at, account") }
  }

  /// The newest mail to an account that was to be answered so; nil where there is none.
  package func latestDelivery(
    to account: AccountID, answeredAs target: ReplyTarget
  ) async throws(StoreError) -> DeliveryRecord? {
    try await read {
      let sql = "SELECT * FROM delivery WHERE account = ? AND reply_target = ? ORDER BY id DESC LIMIT 1"
      return try Row.fetchOne($0, sql: sql, arguments: [account, try JSONText.of(target)]).map(DeliveryRecord.init)
    }
  }
}

extension Database {
  func apply(_ write: SettingsWrite, to account: AccountID, at now: Int64) throws {
    switch write {
    case .put(let settings):
      try run(
        "UPDATE account SET language = ?, digest = ?, quiet_hours = ?, stopped = ? WHERE id = ?",
        [
          settings.language.rawValue, settings.digest.rawValue, try settings.quietHours.map(JSONText.of),
          try JSONText.of(settings.stopped.map(\.rawValue).sorted()), account,
        ])
    case .requestData:
      try run("INSERT INTO data_request (account, at) VALUES (?, ?) ON CONFLICT DO NOTHING", [account, now])
    case .endDataRequest: try run("DELETE FROM data_request WHERE account = ?", [account])
    }
  }
}
