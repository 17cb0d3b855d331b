import Foundation
import GRDB
import School

/// Where a message lies in a folder of the mailbox. It ought to be unique for all time (RFC 3501, section 2.3.1.1), and
/// is not where a mailbox was restored from a backup, or the configuration names another one.
package struct InboundSource: Sendable, Hashable {
  package var mailbox: String
  package var uidValidity: UInt32
  package var uid: UInt32

  package init(mailbox: String, uidValidity: UInt32, uid: UInt32) {
    self.mailbox = mailbox
    self.uidValidity = uidValidity
    self.uid = uid
  }
}

/// A message that came in.
package struct InboundRecord: Sendable, Hashable, Identifiable {
  package enum Status: String, Sendable, Hashable {
    case waiting, handled
    /// For a person to look at; `reason` says why.
    case setAside = "set-aside"
  }

  package var id: InboundID
  /// SHA-256 of the raw message, which is its name in `messages/`.
  package var digest: String
  package var status: Status
  /// How often its reading was begun.
  package var attempts: Int
  /// One word: what became of it.
  package var outcome: String?
  package var reason: String?
  package var receivedAt: Date

  /// The outcome of a message that is left to a person for what it is.
  package static let setAside = "set-aside"
  /// The outcome of a message that is left to a person only because too many came.
  package static let overBudget = "over-budget"
  /// The outcome of a message that is left to a person because something is missing here: it is not to blame.
  package static let unavailable = "unavailable"
  /// Outcomes whose reason passes: a message that is laid back in the inbox is read.
  static let passing: Set = [overBudget, unavailable]
  /// The outcome of a message whose bytes in the store are damaged or gone: where they come again, it is read.
  package static let damaged = "damaged"

  /// Whether it stands for a place in the mailbox alone: its bytes were never read.
  package var isUnread: Bool { digest.hasPrefix("unread ") }
}

/// A message to be recorded.
package struct IncomingMail: Sendable {
  package var raw: Data
  /// Nil where it did not come by IMAP.
  package var source: InboundSource?

  package init(raw: Data, source: InboundSource?) {
    self.raw = raw
    self.source = source
  }
}

/// See `Store.record`.
package struct RecordedMail: Sendable {
  package var record: InboundRecord
  /// False where the same bytes came before.
  package var isNew: Bool
  /// Its bytes were given up before, and are not wanted again.
  var isGivenUp = false
}

extension Store {
  /// SQLite takes 32,766 parameters; shorter queries are as fast.
  private static let uidsAQuery = 500

  /// What is known of the messages with these numbers in a folder.
  package func inbound(
    mailbox: String, uidValidity: UInt32, uids: [UInt32]
  ) async throws(StoreError) -> [UInt32: InboundRecord] {
    try await read { database in
      var found: [UInt32: InboundRecord] = [:]
      for start in stride(from: 0, to: uids.count, by: Self.uidsAQuery) {
        let part = uids[start..<min(start + Self.uidsAQuery, uids.count)]
        let sql = """
          SELECT inbound.*, inbound_source.uid FROM inbound_source JOIN inbound ON inbound.id = inbound_source.inbound
          WHERE mailbox = ? AND uid_validity = ? AND uid IN (\(part.map { _ in "?" }.joined(separator: ", ")))
          """
        let arguments: StatementArguments = [mailbox, Int64(uidValidity)] + StatementArguments(part.map(Int64.init))
        for row in try Row.fetchAll(database, sql: sql, arguments: arguments) {
          found[UInt32(row["uid"] as Int64)] = InboundRecord(row)
        }
      }
      return found
    }
  }

  /// Keeps a message for good: first its bytes, fsynced, then its row. The same bytes again are the same message, found
  /// in one more place.
  ///
  /// - Parameter source: nil where it did not come by IMAP.
  package func record(
    _ raw: Data, from source: InboundSource?, at now: Date
  ) async throws(StoreError) -> InboundRecord {
    let digest = try await offPool { [messages] in try messages.keep(raw) }
    Failpoint.kept.pass()
    let recorded = try await write { try $0.insertInbound(digest, from: source, attempts: 0, at: now) }
    try await giveUp([recorded])
    return recorded.record
  }

  /// What expired, or was erased, and is found once more in the mailbox is known, and its bytes go again.
  private func giveUp(_ recorded: [RecordedMail]) async throws(StoreError) {
    let digests = recorded.filter(\.isGivenUp).map(\.record.digest)
    guard !digests.isEmpty else { return }
    try await offPool { [messages] in for digest in digests { try messages.remove(digest) } }
  }

  /// The same of several messages that are read at once: the rows in one transaction, in which the reading of those
  /// that are new counts as begun. A crash in it counts against all of them; the next time `noteAttempt` counts each
  /// alone.
  package func record(_ mails: [IncomingMail], at now: Date) async throws(StoreError) -> [RecordedMail] {
    let digests = try await offPool { [messages] in try messages.keepAll(mails.map(\.raw)) }
    for _ in mails { Failpoint.kept.pass() }
    let recorded = try await write { database in
      try zip(mails, digests).map { mail, digest in
        try database.insertInbound(digest, from: mail.source, attempts: 1, at: now)
      }
    }
    try await giveUp(recorded)
    return recorded
  }

  /// Writes down that a message is left to a person without its bytes being kept.
  package func recordUnread(
    _ source: InboundSource, reason: String, at now: Date
  ) async throws(StoreError) -> InboundRecord {
    try await write { database in
      // No digest: it stands for the place alone.
      let place = "unread \(source.mailbox) \(source.uidValidity) \(source.uid)"
      try database.execute(
        sql: """
          INSERT INTO inbound (digest, status, outcome, reason, received_at, handled_at)
          VALUES (?, 'set-aside', 'set-aside', ?, ?, ?) ON CONFLICT (digest) DO NOTHING
          """, arguments: [place, reason, now.milliseconds, now.milliseconds])
      guard let row = try Row.fetchOne(database, sql: "SELECT * FROM inbound WHERE digest = ?", arguments: [place])
      else { throw StoreError(.damaged, "A row of the store is gone that was just written") }
      try database.execute(
        sql: """
          INSERT INTO inbound_source (mailbox, uid_validity, uid, inbound) VALUES (?, ?, ?, ?)
          ON CONFLICT (mailbox, uid_validity, uid) DO NOTHING
          """,
        arguments: [source.mailbox, Int64(source.uidValidity), Int64(source.uid), row["id"] as Int64])
      return InboundRecord(row)
    }
  }

  /// The newest messages that were left to a person.
  package func setAsideInbound(limit: Int) async throws(StoreError) -> [InboundRecord] {
    try await read {
      try Row.fetchAll(
        $0, sql: "SELECT * FROM inbound WHERE status = 'set-aside' ORDER BY id DESC LIMIT ?", arguments: [limit]
      ).map(InboundRecord.init)
    }
  }

  package func inbound(_ id: InboundID) async throws(StoreError) -> InboundRecord? {
    try await read {
      try Row.fetchOne($0, sql: "SELECT * FROM inbound WHERE id = ?", arguments: [id]).map(InboundRecord.init)
    }
  }

  /// The raw bytes of a message.
  package func raw(of id: InboundID) async throws(StoreError) -> Data {
    guard let record = try await inbound(id) else { throw StoreError(.notFound, "There is no message \(id)") }
    return try await offPool { [messages] in try messages.content(record.digest) }
  }

  /// Whether the raw bytes of a message are there as they were written.
  package func holds(_ record: InboundRecord) async throws(StoreError) -> Bool {
    try await offPool { [messages] in try messages.soundContent(record.digest) != nil }
  }

  /// Messages that were recorded and not handled, oldest first.
  package func waitingInbound(limit: Int) async throws(StoreError) -> [InboundRecord] {
    try await read {
      try Row.fetchAll(
        $0, sql: "SELECT * FROM inbound WHERE status = 'waiting' ORDER BY id LIMIT ?", arguments: [limit]
      ).map(InboundRecord.init)
    }
  }

  /// Says that its reading begins, durably, so that a message which ends the process is known by its count.
  ///
  /// - Returns: how often it was begun, this time included.
  package func noteAttempt(_ id: InboundID) async throws(StoreError) -> Int {
    try await write {
      try Int.fetchOne(
        $0, sql: "UPDATE inbound SET attempts = attempts + 1 WHERE id = ? RETURNING attempts", arguments: [id]) ?? 0
    }
  }

  /// The reading ended, though without a result: it was not the message's fault.
  package func withdrawAttempt(_ id: InboundID) async throws(StoreError) {
    try await write {
      try $0.execute(sql: "UPDATE inbound SET attempts = attempts - 1 WHERE id = ? AND attempts > 0", arguments: [id])
    }
  }

  /// Leaves the message to a person.
  ///
  /// - Parameter outcome: one word for it.
  package func setAside(
    _ id: InboundID, outcome: String = InboundRecord.setAside, reason: String, at now: Date
  ) async throws(StoreError) {
    try await write {
      try $0.execute(
        sql: """
          UPDATE inbound SET status = 'set-aside', outcome = ?, reason = ?, handled_at = ?
          WHERE id = ? AND status = 'waiting'
          """, arguments: [outcome, reason, now.milliseconds, id])
    }
  }

  // MARK: Held messages

  /// A message that waits for its owner's word.
  package func held(_ id: InboundID) async throws(StoreError) -> HeldMessage? {
    try await read {
      try Row.fetchOne($0, sql: "SELECT * FROM held WHERE inbound = ? AND status = 'held'", arguments: [id])
        .map(HeldMessage.init)
    }
  }

  /// All that waits for this account's owner, oldest first.
  package func held(of account: AccountID) async throws(StoreError) -> [HeldMessage] {
    try await read {
      try Row.fetchAll(
        $0, sql: "SELECT * FROM held WHERE account = ? AND status = 'held' ORDER BY at, inbound", arguments: [account]
      ).map(HeldMessage.init)
    }
  }

  // MARK: Files

  /// Keeps a file that came with a message; durable when it returns, within `together` when that does.
  package func keep(file: Data, name: String, mediaType: String) async throws(StoreError) -> StoredFile {
    let digest: String
    if let unit {
      digest = FilesByDigest.digest(file)
      unit.keep(file, in: files, as: digest)
    } else {
      digest = try await offPool { [files] in try files.keep(file) }
    }
    return StoredFile(digest: digest, name: name, mediaType: mediaType, size: file.count)
  }

  package func content(of file: StoredFile) async throws(StoreError) -> Data {
    try await offPool { [files] in try files.content(file.digest) }
  }
}

extension Database {
  fileprivate func insertInbound(
    _ digest: String, from source: InboundSource?, attempts: Int, at now: Date
  ) throws -> RecordedMail {
    try run(
      """
      INSERT INTO inbound (digest, status, attempts, received_at) VALUES (?, 'waiting', ?, ?)
      ON CONFLICT (digest) DO NOTHING
      """, [digest, attempts, now.milliseconds])
    let isNew = changesCount == 1
    let row = try Row.fetchOne(
      cachedStatement(sql: "SELECT * FROM inbound WHERE digest = ?"), arguments: [digest])
    guard let row else { throw StoreError(.damaged, "A row of the store is gone that was just written") }
    var record = InboundRecord(row)
    if let source {
      try run(
        """
        INSERT INTO inbound_source (mailbox, uid_validity, uid, inbound) VALUES (?, ?, ?, ?)
        ON CONFLICT (mailbox, uid_validity, uid) DO UPDATE SET inbound = excluded.inbound
          WHERE inbound <> excluded.inbound
        """, [source.mailbox, Int64(source.uidValidity), Int64(source.uid), record.id])
      let isBack = changesCount == 1 && record.outcome.map(InboundRecord.passing.contains) == true
      // Its bytes are kept anew by now.
      if isBack || record.outcome == InboundRecord.damaged {
        try run(
          """
          UPDATE inbound SET status = 'waiting', outcome = NULL, reason = NULL, attempts = 0, raw_expired_at = NULL
          WHERE id = ?
          """, [record.id])
        record.status = .waiting
      }
    }
    let isGivenUp = row["raw_expired_at"] as Int64? != nil && record.status != .waiting
    return RecordedMail(record: record, isNew: isNew, isGivenUp: isGivenUp)
  }
}

/// See `Store.held`.
package struct HeldMessage: Sendable, Hashable {
  /// What became of it.
  enum Status: String { case held, released, discarded }

  package var inbound: InboundID
  package var account: AccountID
  package var reason: HoldReason
  package var at: Date

  fileprivate init(_ row: Row) throws {
    inbound = row["inbound"]
    account = row["account"]
    reason = try row.word(HoldReason.self, "reason")
    at = row.date("at")
  }
}

extension InboundRecord {
  init(_ row: Row) {
    self.init(
      // One that cannot be read is for a person: it keeps no other mail of the inbox waiting.
      id: row["id"], digest: row["digest"], status: Status(rawValue: row["status"]) ?? .setAside,
      attempts: row["attempts"],
      outcome: row["outcome"], reason: row["reason"], receivedAt: row.date("received_at"))
  }
}
