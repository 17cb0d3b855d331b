import Foundation
import GRDB
import School

/// An account whose mail did not always arrive.
package struct StandingRecord: Sendable, Hashable {
  package var account: AccountID
  package var standing: AddressStanding
}

extension Store {
  /// Of every account whose mail ever failed, the worst first.
  package func standings() async throws(StoreError) -> [StandingRecord] {
    try await read {
      try Row.fetchAll($0, sql: "SELECT * FROM address_standing ORDER BY score DESC, account")
        .readable(StandingRecord.init)
    }
  }

  /// `working` where no mail ever failed.
  package func standing(of account: AccountID) async throws(StoreError) -> AddressStanding {
    try await read { try $0.standing(of: account) ?? AddressStanding() }
  }

  /// Broken addresses that the school has not been told of.
  package func untoldBroken() async throws(StoreError) -> [StandingRecord] {
    try await read {
      try Row.fetchAll(
        $0, sql: "SELECT * FROM address_standing WHERE state = 'broken' AND is_told = 0 ORDER BY account"
      )
      .readable(StandingRecord.init)
    }
  }

  /// Mail goes there again: support knows better, or the address was corrected.
  package func reactivate(_ account: AccountID) async throws(StoreError) {
    try await write { try $0.execute(sql: "DELETE FROM address_standing WHERE account = ?", arguments: [account]) }
  }
}

extension StandingRecord {
  init(_ row: Row) throws { self.init(account: row["account"], standing: try AddressStanding(row)) }
}

extension AddressStanding {
  fileprivate init(_ row: Row) throws {
    let failure: String? = row["failure"]
    self.init(
      state: try row.word(State.self, "state"), score: row["score"],
      failure: try failure == nil ? nil : row.json(AddressFailure.self, "failure"),
      failedAt: (row["failed_at"] as Int64?).map(Date.init(milliseconds:)))
  }
}

extension Database {
  fileprivate func standing(of account: AccountID) throws -> AddressStanding? {
    try Row.fetchOne(
      cachedStatement(sql: "SELECT * FROM address_standing WHERE account = ?"), arguments: [account]
    )
    .map(AddressStanding.init)
  }

  /// Applies a sign to who got a delivery; a stranger has no standing. An address without trouble has no row.
  func apply(_ sign: StandingSign, to delivery: DeliveryID, at now: Date) throws {
    // What went well changes nothing for whom nothing ever failed.
    let concerned =
      switch sign {
      case .accepted, .answered: "account IN (SELECT account FROM address_standing)"
      case .hardFailure, .softFailure: "account IS NOT NULL"
      }
    let account = try AccountID.fetchOne(
      cachedStatement(sql: "SELECT account FROM delivery WHERE id = ? AND \(concerned)"), arguments: [delivery])
    if let account { try apply(sign, to: account, at: now) }
  }

  func apply(_ sign: StandingSign, to account: AccountID, at now: Date) throws {
    // One that cannot be read begins anew: else no mail could be written down as sent any more.
    var known: AddressStanding?
    do { known = try standing(of: account) } catch let error as StoreError where error.kind == .damaged {
      known = AddressStanding()
    }
    switch sign {
    case .accepted, .answered: if known == nil { return }
    case .hardFailure, .softFailure: break
    }
    let next = (known ?? AddressStanding()).after(sign, at: now)
    // Told anew when it breaks anew.
    try execute(
      sql: """
        INSERT INTO address_standing (account, state, score, failure, failed_at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (account) DO UPDATE SET score = excluded.score, failure = excluded.failure,
          failed_at = excluded.failed_at, is_told = CASE WHEN excluded.state = 'broken' THEN is_told ELSE 0 END,
          probed_at = CASE WHEN excluded.state = 'broken' THEN probed_at ELSE NULL END, state = excluded.state
        """,
      arguments: [
        account, next.state.rawValue, next.score, try next.failure.map(JSONText.of), next.failedAt?.milliseconds,
      ])
  }

  func brokenAccounts() throws -> Set<AccountID> {
    try AccountID.fetchSet(cachedStatement(sql: "SELECT account FROM address_standing WHERE state = 'broken'"))
  }

  /// Whether mail to an account is withheld. Where it is broken, one mail a while goes all the same, to try it.
  func isWithheld(_ account: AccountID, at now: Date) throws -> Bool {
    let sql = "SELECT failed_at, probed_at FROM address_standing WHERE account = ? AND state = 'broken'"
    let row = try Row.fetchOne(cachedStatement(sql: sql), arguments: [account])
    guard let row else { return false }
    // By a clock that ran ahead nobody waits until then.
    let times = [row["probed_at"] as Int64? ?? 0, row["failed_at"] as Int64? ?? 0]
    let last = times.filter { $0 <= now.milliseconds + Store.clockTolerance }.max() ?? 0
    if now.milliseconds - last < Int64(AddressStanding.probeInterval * 1_000) { return true }
    try execute(
      sql: "UPDATE address_standing SET probed_at = ? WHERE account = ?", arguments: [now.milliseconds, account])
    return false
  }
}
