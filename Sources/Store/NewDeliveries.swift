import Foundation
import GRDB
import School

/// Deliveries on their way into their table. Those that differ by number, account and Message-ID alone, as of a post to
/// many, are written by one statement: to bind the values of each row costs more than what SQLite does with it.
struct NewDeliveries {
  /// What is the same in all rows of one statement.
  struct Shared: Equatable {
    var kind: NoticeKind
    /// Nil for accounts.
    var stranger: String?
    var lane: Lane
    var thread: ThreadID?
    var entry: EntryID?
    var replyTarget: ReplyTarget
    var facts: NoticeFacts
    var inReplyTo: String?
    var references: [String]
    /// In milliseconds, as the table has it.
    var createdAt: Int64
    var dueAt: Int64
    var status: DeliveryRecord.Status
  }

  /// Rows of one statement at most, so that their text stays small: some 60 kB.
  static let most = 1_000

  private var shared: Shared?
  /// `[number,account,"Message-ID"]`, of those that are not written yet.
  private var rows: [String] = []

  /// Not there to be read before `write`.
  ///
  /// - Parameter account: nil for a stranger.
  mutating func add(
    _ id: DeliveryID, account: AccountID?, messageID: String, _ shared: Shared, to database: Database
  ) throws {
    if rows.count == Self.most || shared != self.shared {
      try write(to: database)
      self.shared = shared
    }
    rows.append("[\(id),\(account.map(String.init(describing:)) ?? "null"),\(try JSONText.of(text: messageID))]")
  }

  mutating func write(to database: Database) throws {
    guard let shared, !rows.isEmpty else { return }
    try database.run(
      """
      INSERT INTO delivery (id, account, message_id, kind, stranger, lane, thread, entry, reply_target, facts,
        in_reply_to, message_references, created_at, first_due_at, due_at, status)
      SELECT value ->> 0, value ->> 1, value ->> 2, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM json_each(?)
      """,
      [
        shared.kind.rawValue, shared.stranger, shared.lane.rawValue, shared.thread, shared.entry,
        try JSONText.of(shared.replyTarget), try JSONText.of(shared.facts), shared.inReplyTo,
        try JSONText.of(shared.references), shared.createdAt, shared.dueAt, shared.dueAt, shared.status.rawValue,
        "[\(rows.joined(separator: ","))]",
      ])
    rows.removeAll(keepingCapacity: true)
  }
}
