import GRDB
import School

/// The messages of a thread that are in one person's mail client, so that the next one joins them there
/// (RFC 5322, section 3.6.4).
struct Threading {
  /// References that are kept beside the first (servers dislike long header fields).
  static let mostReferences = 10

  var references: [String] = []
  var inReplyTo: String? { references.last }

  /// Where nothing went before, an automatic answer names what it answers (RFC 3834, section 3.1.5).
  func answering(_ messageID: String?) -> Threading {
    references.isEmpty ? Threading(references: messageID.map { [$0] } ?? []) : self
  }

  /// What this account was sent in the thread and what it wrote there itself, in order; before that the same of the
  /// thread which this one answers.
  static func of(_ key: ThreadingKey, _ database: Database) throws -> Threading {
    guard let account = key.account, let thread = key.thread else { return Threading() }
    let sql = """
      SELECT message_id FROM (
        SELECT message_id, at, 0 AS place, id FROM entry
        WHERE sender = :account AND thread = :thread AND message_id IS NOT NULL
        UNION ALL
        SELECT message_id, created_at, 1, id FROM delivery WHERE account = :account AND thread = :thread
      ) ORDER BY at, place, id
      """
    let about = try ThreadID.fetchOne(
      database.cachedStatement(sql: "SELECT about FROM thread WHERE id = ? AND about IS NOT NULL"), arguments: [thread])
    var ids: [String] = []
    for thread in [about, thread].compactMap(\.self) {
      ids += try String.fetchAll(
        database.cachedStatement(sql: sql), arguments: ["account": account, "thread": thread])
    }
    if ids.count > mostReferences { ids = [ids[0]] + ids.suffix(mostReferences - 1) }
    return Threading(references: ids)
  }
}

/// Of whom and where a `Threading` is.
struct ThreadingKey: Hashable {
  var account: AccountID?
  var thread: ThreadID?
}
