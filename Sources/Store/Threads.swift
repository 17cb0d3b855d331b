import Foundation
import GRDB
import School

/// One line of a list of threads.
package struct ThreadSummary: Sendable, Hashable {
  package var thread: SchoolThread
  /// Entries that were not taken back.
  package var entries: Int
  package var lastAt: Date
}

extension Store {
  package func thread(_ id: ThreadID) async throws(StoreError) -> SchoolThread? {
    try await read { try $0.thread(id) }
  }

  package func entry(_ id: EntryID) async throws(StoreError) -> ThreadEntry? {
    try await read { try $0.entry(id) }
  }

  /// The entry that a mail with this Message-ID became, the first of more.
  package func entry(messageID: String) async throws(StoreError) -> ThreadEntry? {
    let sql = "SELECT * FROM entry WHERE message_id = ? ORDER BY id LIMIT 1"
    return try await read { try Row.fetchOne($0, sql: sql, arguments: [messageID]).map(ThreadEntry.init) }
  }

  /// In order of arrival, those that were taken back included.
  package func entries(of thread: ThreadID) async throws(StoreError) -> [ThreadEntry] {
    try await read {
      try Row.fetchAll($0, sql: "SELECT * FROM entry WHERE thread = ? ORDER BY id", arguments: [thread])
        .map(ThreadEntry.init)
    }
  }

  /// A thread, and who wrote in it what still stands there.
  package func view(of id: ThreadID) async throws(StoreError) -> ThreadView? {
    try await read { database in
      guard let thread = try database.thread(id) else { return nil }
      let sql = "SELECT DISTINCT author FROM entry WHERE thread = ? AND is_retracted = 0"
      return ThreadView(
        thread, participants: try AccountID.fetchSet(database.cachedStatement(sql: sql), arguments: [id]))
    }
  }

  /// Whether the entry that opens a thread was taken back, or waits for approval.
  package func isHidden(_ thread: ThreadID) async throws(StoreError) -> Bool {
    try await read { try $0.isHidden(thread) }
  }

  /// The private thread that this account opened as an answer to that thread.
  package func privateThread(about thread: ThreadID, by account: AccountID) async throws(StoreError) -> SchoolThread? {
    try await read { database in
      let sql = "SELECT id FROM thread WHERE about = ? AND author = ? AND kind = 'mailbox' ORDER BY id LIMIT 1"
      let id = try ThreadID.fetchOne(database.cachedStatement(sql: sql), arguments: [thread, account])
      return try id.flatMap { try database.thread($0) }
    }
  }

  /// The newest private thread that both read, and nobody else.
  package func privateThread(with one: AccountID, and other: AccountID) async throws(StoreError) -> SchoolThread? {
    try await read { database in
      let sql = """
        SELECT max(thread.id) FROM thread
        JOIN thread_member AS one ON one.thread = thread.id AND one.account = ?
        JOIN thread_member AS other ON other.thread = thread.id AND other.account = ?
        WHERE thread.kind = 'mailbox'
          AND (SELECT count(*) FROM thread_member WHERE thread_member.thread = thread.id) = 2
        """
      let id = try ThreadID.fetchOne(database, sql: sql, arguments: [one, other])
      return try id.flatMap { try database.thread($0) }
    }
  }

  /// The newest threads, those with the latest entry first.
  package func threads(kind: ThreadKind? = nil, limit: Int) async throws(StoreError) -> [ThreadSummary] {
    try await read { database in
      let sql = """
        SELECT thread.id, count(*) FILTER (WHERE is_retracted = 0) AS entries, max(at) AS last_at
        FROM thread JOIN entry ON entry.thread = thread.id WHERE :kind IS NULL OR kind = :kind
        GROUP BY thread.id ORDER BY last_at DESC, thread.id DESC LIMIT :limit
        """
      let rows = try Row.fetchAll(database, sql: sql, arguments: ["kind": kind?.rawValue, "limit": limit])
      return try rows.compactMap { row in
        try database.thread(row["id"]).map {
          ThreadSummary(thread: $0, entries: row["entries"], lastAt: row.date("last_at"))
        }
      }
    }
  }

  /// Who has seen an urgent message.
  package func seen(_ thread: ThreadID) async throws(StoreError) -> Set<AccountID> {
    try await read {
      try AccountID.fetchSet($0, sql: "SELECT account FROM seen WHERE thread = ?", arguments: [thread])
    }
  }

  /// What waits for each account's digest.
  package func digestLines() async throws(StoreError) -> [AccountID: [DigestLine]] {
    try await read { database in
      let sql = """
        SELECT account, entry, at, audience FROM digest_line JOIN entry ON entry.id = entry
        JOIN thread ON thread.id = entry.thread ORDER BY entry
        """
      var lines: [AccountID: [DigestLine]] = [:]
      for row in try Row.fetchAll(database, sql: sql) {
        lines[row["account"], default: []].append(
          DigestLine(
            entry: row["entry"], at: row.date("at"), audience: try? row.jsonIfPresent(Audience.self, "audience")))
      }
      return lines
    }
  }
}

extension Database {
  func waitsForDigest(_ entry: EntryID, _ account: AccountID) throws -> Bool {
    let sql = "SELECT EXISTS (SELECT 1 FROM digest_line WHERE account = ? AND entry = ?)"
    return try Bool.fetchOne(self, sql: sql, arguments: [account, entry]) ?? false
  }

  func entry(_ id: EntryID) throws -> ThreadEntry? {
    try Row.fetchOne(cachedStatement(sql: "SELECT * FROM entry WHERE id = ?"), arguments: [id]).map(ThreadEntry.init)
  }

  func thread(_ id: ThreadID) throws -> SchoolThread? {
    let row = try Row.fetchOne(cachedStatement(sql: "SELECT * FROM thread WHERE id = ?"), arguments: [id])
    guard let row else { return nil }
    let members = try AccountID.fetchAll(
      cachedStatement(sql: "SELECT account FROM thread_member WHERE thread = ? ORDER BY position"), arguments: [id])
    return try SchoolThread(row, members: members)
  }
}

extension SchoolThread {
  init(_ row: Row, members: [AccountID]) throws {
    self.init(
      id: row["id"], kind: try row.word(ThreadKind.self, "kind"), subject: row["subject"], author: row["author"],
      audience: try row.jsonIfPresent(Audience.self, "audience"), members: members, about: row["about"],
      openedAt: row.date("opened_at"))
  }
}

extension ThreadEntry {
  init(_ row: Row) throws {
    self.init(
      id: row["id"], thread: row["thread"], author: row["author"], text: row["text"],
      files: try row.json([StoredFile].self, "files"), at: row.date("at"),
      origin: try row.jsonIfPresent(ForwardedOrigin.self, "origin"), isRetracted: row["is_retracted"])
  }
}
