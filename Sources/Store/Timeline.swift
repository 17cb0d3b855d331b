import Foundation
import GRDB
import School

/// What is known of one account's mails and answers, for its timeline.
package struct AccountHistory: Sendable, Hashable {
  package struct Mail: Sendable, Hashable {
    package var delivery: DeliveryRecord
    package var subject: String?
    /// The newest first.
    package var events: [MessageReport.Event]
  }

  package struct Answer: Sendable, Hashable {
    package var at: Date
    package var subject: String
  }

  /// The newest first.
  package var mails: [Mail]
  package var answers: [Answer]
  /// When support was told of this account's address.
  package var advisedAt: [Date]
  package var activation: ActivationRecord?
}

extension Store {
  /// - Parameter limit: so many mails and so many answers at most, the newest.
  package func history(of account: AccountID, limit: Int) async throws(StoreError) -> AccountHistory {
    try await read { database in
      let mails = try Row.fetchAll(
        database, sql: "SELECT * FROM delivery WHERE account = ? ORDER BY id DESC LIMIT ?", arguments: [account, limit]
      ).readable(DeliveryRecord.init)
      return AccountHistory(
        mails: try mails.map {
          AccountHistory.Mail(
            delivery: $0, subject: try $0.thread.flatMap { try database.thread($0)?.subject },
            events: try database.events($0.id))
        },
        answers: try database.answers(of: account, limit: limit), advisedAt: try database.advice(on: account),
        activation: try database.activation(of: account))
    }
  }
}

extension Database {
  fileprivate func answers(of account: AccountID, limit: Int) throws -> [AccountHistory.Answer] {
    let sql = """
      SELECT entry.at AS at, thread.subject AS subject FROM entry JOIN thread ON thread.id = entry.thread
      WHERE sender = ? ORDER BY entry.id DESC LIMIT ?
      """
    return try Row.fetchAll(self, sql: sql, arguments: [account, limit]).map {
      AccountHistory.Answer(at: $0.date("at"), subject: $0["subject"])
    }
  }

  /// One instant, however many people were told.
  fileprivate func advice(on account: AccountID) throws -> [Date] {
    let sql = """
      SELECT DISTINCT created_at FROM delivery WHERE kind IN (?, ?) AND CASE WHEN json_valid(facts) THEN
        json_extract(facts, '$.about') = ?
        OR EXISTS (SELECT 1 FROM json_each(facts, '$.accounts') WHERE value = ?) END ORDER BY created_at
      """
    return try Int64.fetchAll(
      self, sql: sql,
      arguments: [NoticeKind.addressBroken.rawValue, NoticeKind.activationUnanswered.rawValue, account, account]
    ).map(Date.init(milliseconds:))
  }
}
