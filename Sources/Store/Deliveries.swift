import Foundation
import GRDB
import School

/// What a mail server said.
package struct ServerWords: Sendable, Hashable, Codable {
  package var code: Int?
  /// `5.1.1` (RFC 3463).
  package var enhancedStatusCode: String?
  package var text: String

  package init(code: Int? = nil, enhancedStatusCode: String? = nil, text: String) {
    self.code = code
    self.enhancedStatusCode = enhancedStatusCode
    self.text = text
  }
}

/// One mail to one recipient.
package struct DeliveryRecord: Sendable, Hashable, Identifiable {
  package enum Status: String, Sendable, Hashable {
    /// To be sent, for the first time or again.
    case waiting
    /// By the next server; nobody knows of an inbox.
    case accepted
    case refused
    /// Accepted first, returned later.
    case bounced
    /// What it was about was taken back before it was sent.
    case cancelled
    /// Not sent: the recipient's address is broken.
    case withheld
    /// Not sent: it cannot be read, or what it is made of.
    case setAside = "set-aside"
  }

  package var id: DeliveryID
  package var kind: NoticeKind
  package var recipient: Notice.Recipient
  package var lane: Lane
  package var thread: ThreadID?
  package var entry: EntryID?
  package var replyTarget: ReplyTarget
  package var facts: NoticeFacts
  /// Without angle brackets, here and below.
  package var messageID: String
  package var inReplyTo: String?
  package var references: [String]
  package var createdAt: Date
  package var firstDueAt: Date
  package var dueAt: Date
  package var status: Status
  package var attempts: Int
}

/// What happened to a delivery.
package struct DeliveryOutcome: Sendable, Hashable {
  package enum Result: Sendable, Hashable {
    case accepted(ServerWords)
    /// Refused for now; tried again then.
    case deferred(ServerWords, until: Date)
    case refused(ServerWords)
    /// Came back after it was accepted.
    case bounced(ServerWords)
    /// A server warned that it is late, or answered for its owner: its status stays what it was.
    case noted(word: String, ServerWords)
  }

  package var delivery: DeliveryID
  package var at: Date
  package var result: Result
  /// What it tells of the recipient's address; nil for nothing.
  package var sign: StandingSign?

  package init(delivery: DeliveryID, at: Date, result: Result, sign: StandingSign? = nil) {
    self.delivery = delivery
    self.at = at
    self.result = result
    self.sign = sign
  }
}

extension Store {
  /// Mail that is due, urgent first, then normal, then bulk; within a lane by its time. What cannot be read of it is
  /// set aside.
  package func dueDeliveries(
    now: Date, excluding busy: Set<DeliveryID>, limit: Int
  ) async throws(StoreError) -> [DeliveryRecord] {
    let due = try await read { try $0.dueDeliveries(now: now, excluding: busy, limit: limit) }
    if !due.unreadable.isEmpty { try await setAside(due.unreadable, at: now) }
    return due.records
  }

  /// The same with what the mails are made of, all as it was at one moment.
  package func dueMails(
    now: Date, excluding busy: Set<DeliveryID>, limit: Int
  ) async throws(StoreError) -> [DueMail] {
    let (mails, unreadable) = try await read { [self] database in
      let due = try database.dueDeliveries(now: now, excluding: busy, limit: limit)
      return (zip(due.records, try materials(of: due.records, database)).map(DueMail.init), due.unreadable)
    }
    if !unreadable.isEmpty { try await setAside(unreadable, at: now) }
    return mails
  }

  /// What mails are made of; of each that cannot be read, why.
  package func materials(
    of deliveries: [DeliveryRecord]
  ) async throws(StoreError) -> [Result<DeliveryMaterial, StoreError>] {
    try await read { [self] in try materials(of: deliveries, $0) }
  }

  private func materials(
    of deliveries: [DeliveryRecord], _ database: Database
  ) throws -> [Result<DeliveryMaterial, StoreError>] {
    let directory = try directory(database)
    var shelf = Shelf(database: database)
    return deliveries.map { delivery in
      Result {
        DeliveryMaterial(
          directory: directory, thread: try delivery.thread.flatMap { try shelf.thread($0) },
          entry: try delivery.entry.flatMap { try shelf.entry($0) },
          digest: try (delivery.facts.digestEntries ?? []).compactMap { id in
            guard let entry = try shelf.entry(id), let thread = try shelf.thread(entry.thread) else { return nil }
            return (thread, entry)
          })
      }.mapError(StoreError.init)
    }
  }

  /// Makes mail due that waits by a clock which has been turned back since: what was made later than now becomes due
  /// after the same wait from now, what would wait longer than anything is let to wait, now. What waits for a
  /// colleague's approval goes on waiting.
  ///
  /// - Returns: how many there were.
  package func bringForward(
    createdAfter: Date, dueAfter: Date, to now: Date
  ) async throws(StoreError) -> Int {
    let count = try await write { database in
      // Every expression sees the row as it was before.
      try database.execute(
        sql: """
          UPDATE delivery SET created_at = :now, first_due_at = :now + max(0, first_due_at - created_at),
            due_at = :now + max(0, first_due_at - created_at)
          WHERE status = 'waiting' AND due_at > :now AND due_at <> :never AND created_at > :created
          """,
        arguments: [
          "now": now.milliseconds, "created": createdAfter.milliseconds, "never": Date.distantFuture.milliseconds,
        ])
      let made = database.changesCount
      try database.execute(
        sql: "UPDATE delivery SET due_at = ? WHERE status = 'waiting' AND due_at > ? AND due_at <> ?",
        arguments: [now.milliseconds, dueAfter.milliseconds, Date.distantFuture.milliseconds])
      return made + database.changesCount
    }
    if count > 0 { announceChange() }
    return count
  }

  /// How many mails wait, due or not.
  package func waitingDeliveries() async throws(StoreError) -> Int {
    try await read { try Int.fetchOne($0, sql: "SELECT count(*) FROM delivery WHERE status = 'waiting'") ?? 0 }
  }

  package func delivery(_ id: DeliveryID) async throws(StoreError) -> DeliveryRecord? {
    try await read {
      try Row.fetchOne($0, sql: "SELECT * FROM delivery WHERE id = ?", arguments: [id]).map(DeliveryRecord.init)
    }
  }

  /// The newest mail to an address that a server accepted after an instant; nil where there is none.
  ///
  /// - Parameter address: compared without regard to case.
  package func latestDelivery(to address: String, after: Date) async throws(StoreError) -> DeliveryRecord? {
    let sql = """
      SELECT * FROM delivery WHERE account IN (SELECT id FROM account WHERE ? IN (address, new_address))
        AND status = 'accepted' AND created_at > ?
      ORDER BY id DESC LIMIT 1
      """
    return try await read {
      try Row.fetchOne($0, sql: sql, arguments: [address.lowercased(), after.milliseconds]).map(DeliveryRecord.init)
    }
  }

  /// Whether a mail was ever made that was not expired since.
  package func hasDeliveries() async throws(StoreError) -> Bool {
    try await read { try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM delivery)") ?? false }
  }

  /// Records what happened, in one transaction.
  package func record(_ outcomes: [DeliveryOutcome]) async throws(StoreError) {
    try await write { try $0.record(outcomes) }
    let hasNewTimes = outcomes.contains { if case .deferred = $0.result { true } else { false } }
    if hasNewTimes { announceChange() }
  }
}

/// Threads and entries that were read: one post goes to many.
private struct Shelf {
  let database: Database
  private var threads: [ThreadID: SchoolThread?] = [:]
  private var entries: [EntryID: ThreadEntry?] = [:]

  init(database: Database) { self.database = database }

  mutating func thread(_ id: ThreadID) throws -> SchoolThread? {
    if let known = threads[id] { return known }
    let thread = try database.thread(id)
    threads[id] = .some(thread)
    return thread
  }

  mutating func entry(_ id: EntryID) throws -> ThreadEntry? {
    if let known = entries[id] { return known }
    let entry = try database.entry(id)
    entries[id] = .some(entry)
    return entry
  }
}

/// A mail to be sent, with what it is made of or why that cannot be read.
package struct DueMail: Sendable {
  package let delivery: DeliveryRecord
  package let material: Result<DeliveryMaterial, StoreError>
}

/// See `Store.materials`.
package struct DeliveryMaterial: Sendable {
  package var directory: Directory
  package var thread: SchoolThread?
  package var entry: ThreadEntry?
  /// What a digest tells of, in its order.
  package var digest: [(thread: SchoolThread, entry: ThreadEntry)]
}

extension Database {
  fileprivate func dueDeliveries(
    now: Date, excluding busy: Set<DeliveryID>, limit: Int
  ) throws -> (records: [DeliveryRecord], unreadable: [UnreadableDelivery]) {
    var found: [DeliveryRecord] = []
    var unreadable: [UnreadableDelivery] = []
    // By their text: of mails to many it is the same.
    var targets: [String: ReplyTarget] = [:]
    // A lane at a time, so that the index gives the order and a long bulk lane is not sorted.
    for lane in Lane.allCases where found.count < limit {
      let sql = """
        SELECT * FROM delivery WHERE status = 'waiting' AND lane = ? AND due_at <= ? ORDER BY due_at, id LIMIT ?
        """
      let rows = try Row.fetchCursor(
        cachedStatement(sql: sql), arguments: [lane.rawValue, now.milliseconds, limit + busy.count])
      while found.count < limit, let row = try rows.next() {
        guard !busy.contains(row["id"]) else { continue }
        do {
          let text: String = row["reply_target"]
          let target = try targets[text] ?? JSONText.read(ReplyTarget.self, text)
          targets[text] = target
          found.append(try DeliveryRecord(row, replyTarget: target))
        } catch { unreadable.append(UnreadableDelivery(id: row["id"], reason: StoreError(error).message)) }
      }
    }
    return (found, unreadable)
  }

  /// Acceptances first, for most are: a bounce can come before the acceptance of the same mail is written down.
  func record(_ outcomes: [DeliveryOutcome]) throws {
    try recordAcceptances(outcomes)
    for outcome in outcomes { try recordOther(outcome) }
  }

  /// All at once, by a statement for each of what there is to do.
  private func recordAcceptances(_ outcomes: [DeliveryOutcome]) throws {
    var rows: [String] = []
    for outcome in outcomes {
      guard case .accepted(let words) = outcome.result else { continue }
      let (code, status) = (words.code.map(String.init) ?? "null", try words.enhancedStatusCode.map(JSONText.of(text:)))
      rows.append(
        "[\(outcome.delivery),\(outcome.at.milliseconds),\(code),\(status ?? "null"),\(try JSONText.of(text: words.text))]"
      )
    }
    if rows.isEmpty { return }
    let list = "[\(rows.joined(separator: ","))]"
    let these = "IN (SELECT value ->> 0 FROM json_each(?))"
    try run(
      "UPDATE delivery SET status = 'accepted', attempts = attempts + 1 WHERE id \(these) AND status = 'waiting'",
      [list])
    // What went well changes nothing for whom nothing ever failed.
    let concerned = try DeliveryID.fetchSet(
      cachedStatement(
        sql: "SELECT id FROM delivery WHERE id \(these) AND account IN (SELECT account FROM address_standing)"),
      arguments: [list])
    for outcome in outcomes where concerned.contains(outcome.delivery) {
      if case .accepted = outcome.result, let sign = outcome.sign {
        try apply(sign, to: outcome.delivery, at: outcome.at)
      }
    }
    try run(
      """
      INSERT INTO delivery_event (delivery, at, outcome, code, status_code, words)
      SELECT delivery.id, value ->> 1, 'accepted', value ->> 2, value ->> 3, value ->> 4
      FROM json_each(?) JOIN delivery ON delivery.id = value ->> 0
      """, [list])
  }

  /// What is no acceptance.
  private func recordOther(_ outcome: DeliveryOutcome) throws {
    let id = outcome.delivery
    let words: ServerWords
    let word: String
    switch outcome.result {
    case .accepted: return
    case .deferred(let said, let until):
      (word, words) = ("deferred", said)
      try run(
        "UPDATE delivery SET due_at = ?, attempts = attempts + 1 WHERE id = ? AND status = 'waiting'",
        [until.milliseconds, id])
    case .refused(let said):
      (word, words) = ("refused", said)
      try run(
        "UPDATE delivery SET status = 'refused', attempts = attempts + 1 WHERE id = ? AND status = 'waiting'",
        [id])
    case .bounced(let said):
      (word, words) = ("bounced", said)
      // A bounce can come before the server's acceptance is written down: then the message was accepted all the same.
      try run(
        "UPDATE delivery SET status = 'bounced' WHERE id = ? AND status IN ('waiting', 'accepted')",
        [id])
    case .noted(let name, let said): (word, words) = (name, said)
    }
    if let sign = outcome.sign { try apply(sign, to: id, at: outcome.at) }
    // One that was erased on its way has no row any more.
    try run(
      """
      INSERT INTO delivery_event (delivery, at, outcome, code, status_code, words)
      SELECT id, ?, ?, ?, ?, ? FROM delivery WHERE id = ?
      """,
      [outcome.at.milliseconds, word, words.code, words.enhancedStatusCode, words.text, id])
  }
}

extension DeliveryRecord {
  init(_ row: Row) throws {
    try self.init(row, replyTarget: row.json(ReplyTarget.self, "reply_target"))
  }

  fileprivate init(_ row: Row, replyTarget: ReplyTarget) throws {
    let recipient: Notice.Recipient
    if let account: AccountID = row["account"] {
      recipient = .account(account)
    } else {
      recipient = .stranger(address: row["stranger"])
    }
    guard let lane = Lane(rawValue: row["lane"]) else { throw StoreError(.damaged, "A delivery has an unknown lane") }
    guard let messageID: String = row["message_id"] else {
      throw StoreError(.damaged, "A delivery has no Message-ID")
    }
    self.init(
      id: row["id"], kind: try row.word(NoticeKind.self, "kind"), recipient: recipient, lane: lane,
      thread: row["thread"], entry: row["entry"], replyTarget: replyTarget,
      facts: try row.json(NoticeFacts.self, "facts"), messageID: messageID, inReplyTo: row["in_reply_to"],
      references: try row.json([String].self, "message_references"), createdAt: row.date("created_at"),
      firstDueAt: row.date("first_due_at"), dueAt: row.date("due_at"), status: try row.word(Status.self, "status"),
      attempts: row["attempts"])
  }
}
