import Foundation
import GRDB
import School

extension Schema {
  /// Help requests and polls, each by the thread it came with, and what was answered, in order of arrival.
  static let offers = [
    """
    CREATE TABLE offer (
      id INTEGER PRIMARY KEY REFERENCES thread (id), terms TEXT NOT NULL, reminded_at INTEGER, closed_at INTEGER
    ) STRICT
    """,
    "CREATE INDEX offer_open ON offer (id) WHERE closed_at IS NULL",
    """
    CREATE TABLE offer_answer (
      id INTEGER PRIMARY KEY AUTOINCREMENT, offer INTEGER NOT NULL REFERENCES offer (id),
      account INTEGER NOT NULL REFERENCES account (id), line INTEGER NOT NULL, note TEXT, at INTEGER NOT NULL,
      UNIQUE (offer, account, line)
    ) STRICT
    """,
    "CREATE INDEX offer_answer_account ON offer_answer (account)",
  ]
}

extension Store {
  /// A help request or poll with its answers and its revision, all of one moment; nil where the thread holds none.
  package func offer(_ id: ThreadID) async throws(StoreError) -> OfferState? {
    try await read { database in
      guard let offer = try database.offer(id) else { return nil }
      let rows = try Row.fetchAll(
        database.cachedStatement(sql: "SELECT account, line, note, at FROM offer_answer WHERE offer = ? ORDER BY id"),
        arguments: [id])
      let answers = rows.map {
        // By position: a name is looked up anew in each of a thousand rows.
        OfferAnswer(account: $0[0], line: $0[1], note: $0[2], at: Date(milliseconds: $0[3]))
      }
      let subject = Offer.subject(id)
      return OfferState(
        offer: offer, answers: answers,
        revision: Revision(subject: subject, number: try database.revisionNumber(of: subject)),
        isHidden: try database.isHidden(id))
    }
  }

  /// Those that are not closed, but for what its organiser took back.
  package func openOffers() async throws(StoreError) -> [Offer] {
    try await read { database in
      let sql = """
        SELECT id FROM offer WHERE closed_at IS NULL
          AND (SELECT is_retracted FROM entry WHERE thread = offer.id ORDER BY entry.id LIMIT 1) = 0 ORDER BY id
        """
      return try Row.fetchAll(database, sql: sql).readable { row in
        let id: ThreadID = row["id"]
        return try database.awaitsApproval(thread: id) ? nil : try database.offer(id)
      }.compactMap(\.self)
    }
  }
}

extension Database {
  /// Whether the entry that opens a thread was taken back, or waits for approval.
  func isHidden(_ thread: ThreadID) throws -> Bool {
    let sql = "SELECT is_retracted FROM entry WHERE thread = ? ORDER BY id LIMIT 1"
    let isRetracted = try Bool.fetchOne(cachedStatement(sql: sql), arguments: [thread]) ?? false
    return try isRetracted || awaitsApproval(thread: thread)
  }

  func offer(_ id: ThreadID) throws -> Offer? {
    let row = try Row.fetchOne(cachedStatement(sql: "SELECT * FROM offer WHERE id = ?"), arguments: [id])
    guard let row, let thread = try thread(id), let audience = thread.audience else { return nil }
    return Offer(
      id: id, organiser: thread.author, audience: audience, terms: try row.json(OfferTerms.self, "terms"),
      openedAt: thread.openedAt, remindedAt: (row["reminded_at"] as Int64?).map(Date.init(milliseconds:)),
      closedAt: (row["closed_at"] as Int64?).map(Date.init(milliseconds:)))
  }

  /// - Parameter opened: the thread that the same decision opened.
  func apply(_ change: OfferChange, opened: ThreadID?, at now: Int64) throws {
    switch change {
    case .open(let terms):
      guard let opened else { preconditionFailure("a decision opens an offer without its thread") }
      try run("INSERT INTO offer (id, terms) VALUES (?, ?)", [opened, try JSONText.of(terms)])
    case .answer(let id, let account, let line, let note):
      try run(
        """
        INSERT INTO offer_answer (offer, account, line, note, at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (offer, account, line) DO UPDATE SET note = coalesce(excluded.note, note)
        """, [id, account, line, note, now])
    case .withdraw(let id, let account, let line):
      try run("DELETE FROM offer_answer WHERE offer = ? AND account = ? AND line = ?", [id, account, line])
    case .remind(let id): try run("UPDATE offer SET reminded_at = ? WHERE id = ?", [now, id])
    case .close(let id): try run("UPDATE offer SET closed_at = ? WHERE id = ?", [now, id])
    }
  }

  // MARK: Upkeep

  /// What an account answered, each with the words it answered to.
  func offerAnswers(of account: AccountID) throws -> [(subject: String, line: String, note: String?, at: Date)] {
    let rows = try Row.fetchAll(
      self, sql: "SELECT offer, line, note, at FROM offer_answer WHERE account = ? ORDER BY id", arguments: [account])
    return try rows.map { row in
      let id: ThreadID = row["offer"]
      let number: Int = row["line"]
      let lines = try offer(id)?.terms.lines ?? []
      let line = lines.indices.contains(number - 1) ? lines[number - 1].text : "-"
      return (try thread(id)?.subject ?? "", line, row["note"], row.date("at"))
    }
  }

  /// Takes away what an account answered, and the tables in which it stands; the words of what they asked themselves.
  func eraseOffers(of account: AccountID) throws {
    let told = "kind = ? AND status <> 'waiting' AND thread IN (SELECT offer FROM offer_answer WHERE account = ?)"
    _ = try expireDeliveries(told, [NoticeKind.offerState.rawValue, account])
    try execute(sql: "DELETE FROM offer_answer WHERE account = ?", arguments: [account])
    let own = try ThreadID.fetchAll(
      self, sql: "SELECT offer.id FROM offer JOIN thread ON thread.id = offer.id WHERE author = ?", arguments: [account]
    )
    for id in own {
      guard var terms = try offer(id)?.terms else { continue }
      terms.question = nil
      terms.lines = terms.lines.map { OfferTerms.Line("…", places: $0.places) }
      try run("UPDATE offer SET terms = ? WHERE id = ?", [try JSONText.of(terms), id])
    }
  }

  /// - Parameter threads: a query of the ids of threads that end.
  func expireOffers(of threads: String) throws {
    try execute(sql: "DELETE FROM offer_answer WHERE offer IN (\(threads))")
    try execute(
      sql: "DELETE FROM revision WHERE subject IN (SELECT 'offer ' || id FROM offer WHERE id IN (\(threads)))")
    try execute(sql: "DELETE FROM offer WHERE id IN (\(threads))")
  }
}
