import Foundation
import GRDB
import School

/// Conferences: plans, the conversations that they ask for, whose they are, and all that was ever promised of them.
extension Schema {
  static let conferences = [
    """
    CREATE TABLE conference (
      id INTEGER PRIMARY KEY AUTOINCREMENT, organiser INTEGER NOT NULL REFERENCES account (id), plan TEXT NOT NULL,
      opened_at INTEGER NOT NULL, ends_at INTEGER NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE conference_step (
      conference INTEGER NOT NULL REFERENCES conference (id), step TEXT NOT NULL, at INTEGER NOT NULL,
      PRIMARY KEY (conference, step)
    ) STRICT
    """,
    """
    CREATE TABLE conference_talk (
      id INTEGER PRIMARY KEY AUTOINCREMENT, conference INTEGER NOT NULL REFERENCES conference (id),
      household INTEGER NOT NULL, pupil TEXT NOT NULL, desk INTEGER NOT NULL, wishes TEXT NOT NULL DEFAULT '[]',
      has_answered INTEGER NOT NULL DEFAULT 0, is_declined INTEGER NOT NULL DEFAULT 0, proposal INTEGER, slot INTEGER,
      before INTEGER, reason TEXT, sequence INTEGER NOT NULL DEFAULT 0, changed_at INTEGER, waits TEXT
    ) STRICT
    """,
    "CREATE INDEX conference_talk_conference ON conference_talk (conference)",
    // No slot is ever given twice, whatever a decision says.
    "CREATE UNIQUE INDEX conference_talk_slot ON conference_talk (conference, desk, slot) WHERE slot IS NOT NULL",
    """
    CREATE TABLE conference_party (
      talk INTEGER NOT NULL REFERENCES conference_talk (id), account INTEGER NOT NULL REFERENCES account (id),
      PRIMARY KEY (talk, account)
    ) STRICT
    """,
    "CREATE INDEX conference_party_account ON conference_party (account)",
    // What was promised to whom, in order: the slot, or null where it was taken back, and why.
    """
    CREATE TABLE conference_promise (
      id INTEGER PRIMARY KEY, talk INTEGER NOT NULL REFERENCES conference_talk (id), slot INTEGER,
      reason TEXT NOT NULL, at INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX conference_promise_talk ON conference_promise (talk)",
    """
    CREATE TABLE conference_desk (
      conference INTEGER NOT NULL REFERENCES conference (id), desk INTEGER NOT NULL, changed_at INTEGER NOT NULL,
      told_at INTEGER, PRIMARY KEY (conference, desk)
    ) STRICT
    """,
  ]
}

extension Store {
  /// A plan with its conversations and its revision, all of one moment; nil where there is none.
  package func conference(_ id: ConferenceID) async throws(StoreError) -> ConferenceState? {
    try await read { try $0.conferenceState(id) }
  }

  /// The plan that a conversation belongs to.
  package func conference(of talk: TalkID) async throws(StoreError) -> ConferenceState? {
    try await read { database in
      let sql = "SELECT conference FROM conference_talk WHERE id = ?"
      return try ConferenceID.fetchOne(database, sql: sql, arguments: [talk]).flatMap {
        try database.conferenceState($0)
      }
    }
  }

  /// Those that are not over and were not withdrawn, in order.
  package func conferences(endingAfter now: Date) async throws(StoreError) -> [ConferenceState] {
    try await read { database in
      let sql = """
        SELECT id FROM conference WHERE ends_at > ? AND NOT EXISTS (
          SELECT 1 FROM conference_step WHERE conference = conference.id AND step = ?) ORDER BY id
        """
      let withdrawn = ConferenceStep.withdrawn.rawValue
      return try Row.fetchAll(database, sql: sql, arguments: [now.milliseconds, withdrawn])
        .readable { try database.conferenceState($0["id"]) }.compactMap(\.self)
    }
  }

  /// All that was promised of a conversation, in order; nil for a slot that was taken back.
  package func promises(of talk: TalkID) async throws(StoreError) -> [(slot: Int?, reason: ConferenceReason, at: Date)]
  {
    try await read { try $0.promises(of: talk) }
  }
}

extension Database {
  fileprivate func conferenceState(_ id: ConferenceID) throws -> ConferenceState? {
    let row = try Row.fetchOne(cachedStatement(sql: "SELECT * FROM conference WHERE id = ?"), arguments: [id])
    guard let row else { return nil }
    let steps = try Row.fetchAll(
      self, sql: "SELECT step, at FROM conference_step WHERE conference = ?", arguments: [id])
    let done = try steps.map { (try $0.word(ConferenceStep.self, "step"), $0.date("at")) }
    let desks = try Row.fetchAll(
      self, sql: "SELECT * FROM conference_desk WHERE conference = ? ORDER BY desk", arguments: [id])
    let subject = Conference.subject(id)
    return ConferenceState(
      conference: Conference(
        id: id, organiser: row["organiser"], plan: try row.json(ConferencePlan.self, "plan"),
        openedAt: row.date("opened_at"), done: Dictionary(done) { first, _ in first }),
      talks: try talks(of: id), revision: Revision(subject: subject, number: try revisionNumber(of: subject)),
      desks: desks.map { desk in
        ConferenceState.DeskNews(
          desk: desk["desk"], changedAt: desk.date("changed_at"),
          toldAt: (desk["told_at"] as Int64?).map(Date.init(milliseconds:)))
      })
  }

  private func talks(of id: ConferenceID) throws -> [Talk] {
    let sql = """
      SELECT talk, account FROM conference_party JOIN conference_talk ON conference_talk.id = talk
      WHERE conference = ? ORDER BY account
      """
    var parties: [TalkID: [AccountID]] = [:]
    for row in try Row.fetchAll(self, sql: sql, arguments: [id]) {
      parties[row["talk"], default: []].append(row["account"])
    }
    return try Row.fetchAll(
      self, sql: "SELECT * FROM conference_talk WHERE conference = ? ORDER BY id", arguments: [id]
    )
    .map { try Talk($0, parties: parties) }
  }

  fileprivate func promises(of talk: TalkID) throws -> [(slot: Int?, reason: ConferenceReason, at: Date)] {
    try Row.fetchAll(self, sql: "SELECT * FROM conference_promise WHERE talk = ? ORDER BY id", arguments: [talk])
      .map { ($0["slot"], try $0.json(ConferenceReason.self, "reason"), $0.date("at")) }
  }

  /// - Returns: the plan that it made; nil where it made none.
  func apply(_ change: ConferenceChange, at now: Int64) throws -> ConferenceID? {
    switch change {
    case .open(let plan, let organiser, let talks): return try open(plan, organiser, talks, at: now)
    case .done(let id, let step):
      try run(
        "INSERT INTO conference_step (conference, step, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [id, step.rawValue, now])
    case .propose(let talk, let slot): try run("UPDATE conference_talk SET proposal = ? WHERE id = ?", [slot, talk])
    case .wish(let talk, let slots):
      try run(
        "UPDATE conference_talk SET wishes = ?, has_answered = ?, is_declined = 0 WHERE id = ?",
        [try JSONText.of(slots), !slots.isEmpty, talk])
    case .decline(let talk):
      try run(
        "UPDATE conference_talk SET wishes = '[]', has_answered = 1, is_declined = 1 WHERE id = ?", [talk])
    case .promise(let talk, let slot, let reason): try promise(talk, slot, reason, at: now)
    case .release(let talk, let reason):
      try promise(talk, nil, reason, at: now)
      try run("UPDATE conference_talk SET wishes = '[]' WHERE id = ?", [talk])
    case .leaveOut(let talk, let reason):
      try run(
        "UPDATE conference_talk SET reason = ?, waits = '[]' WHERE id = ?", [try JSONText.of(reason), talk])
      try note(talk, nil, reason, at: now)
    case .wait(let talk, let slots):
      try run("UPDATE conference_talk SET waits = ? WHERE id = ?", [try slots.map(JSONText.of), talk])
    case .toldDesk(let id, let desk):
      try run(
        """
        INSERT INTO conference_desk (conference, desk, changed_at, told_at) VALUES (?, ?, ?, ?)
        ON CONFLICT (conference, desk) DO UPDATE SET told_at = excluded.told_at
        """, [id, desk, now, now])
    }
    return nil
  }

  private func open(
    _ plan: ConferencePlan, _ organiser: AccountID, _ talks: [NewTalk], at now: Int64
  ) throws -> ConferenceID {
    try run(
      "INSERT INTO conference (organiser, plan, opened_at, ends_at) VALUES (?, ?, ?, ?)",
      [organiser, try JSONText.of(plan), now, plan.endsAt.milliseconds])
    let id = ConferenceID(lastInsertedRowID)
    for talk in talks {
      try run(
        "INSERT INTO conference_talk (conference, household, pupil, desk) VALUES (?, ?, ?, ?)",
        [id, talk.household, talk.pupil, talk.desk])
      let row = TalkID(lastInsertedRowID)
      for account in talk.parties {
        try run("INSERT INTO conference_party (talk, account) VALUES (?, ?)", [row, account])
      }
    }
    return id
  }

  private func promise(_ talk: TalkID, _ slot: Int?, _ reason: ConferenceReason, at now: Int64) throws {
    try run(
      """
      UPDATE conference_talk SET before = slot, slot = ?, reason = ?, sequence = sequence + 1, changed_at = ?,
        has_answered = CASE WHEN ? IS NULL THEN has_answered ELSE 1 END,
        is_declined = CASE WHEN ? IS NULL THEN is_declined ELSE 0 END,
        waits = CASE WHEN ? IS NULL THEN waits ELSE NULL END WHERE id = ?
      """, [slot, try JSONText.of(reason), now, slot, slot, slot, talk])
    try note(talk, slot, reason, at: now)
    try run(
      """
      INSERT INTO conference_desk (conference, desk, changed_at)
      SELECT conference, desk, ? FROM conference_talk WHERE id = ?
      ON CONFLICT (conference, desk) DO UPDATE SET changed_at = excluded.changed_at
      """, [now, talk])
  }

  private func note(_ talk: TalkID, _ slot: Int?, _ reason: ConferenceReason, at now: Int64) throws {
    try run(
      "INSERT INTO conference_promise (talk, slot, reason, at) VALUES (?, ?, ?, ?)",
      [talk, slot, try JSONText.of(reason), now])
  }
}

extension ConferenceNoticeTarget {
  /// - Parameter opened: the plan that the same decision opened.
  func resolved(opened: ConferenceID?) -> ConferenceTarget {
    switch self {
    case .invited(let id): return .invited(id)
    case .plan(let id): return .plan(id)
    case .newPlan:
      guard let opened else { preconditionFailure("a notice names a plan that its decision does not open") }
      return .plan(opened)
    }
  }
}

extension Talk {
  init(_ row: Row, parties: [TalkID: [AccountID]] = [:]) throws {
    let id: TalkID = row["id"]
    self.init(
      id: id, household: row["household"], parties: parties[id] ?? [], pupil: row["pupil"], desk: row["desk"],
      wishes: try row.json([Int].self, "wishes"), hasAnswered: row["has_answered"], isDeclined: row["is_declined"],
      proposal: row["proposal"], slot: row["slot"], before: row["before"],
      reason: try row.jsonIfPresent(ConferenceReason.self, "reason"), sequence: row["sequence"],
      changedAt: (row["changed_at"] as Int64?).map(Date.init(milliseconds:)),
      waits: try row.jsonIfPresent([Int].self, "waits"))
  }
}

// MARK: - Upkeep

/// One conversation of a person, with all that was wished and promised.
package struct ConferenceRecord: Sendable, Hashable {
  package struct Promise: Sendable, Hashable {
    /// Nil where it was taken back.
    package var start: Date?
    package var reason: String
    package var at: Date
  }

  package var pupil: PupilID
  package var teachers: String
  package var isDeclined: Bool
  package var wishes: [Date]
  package var promises: [Promise]
}

extension Database {
  func conferenceRecords(of account: AccountID) throws -> [ConferenceRecord] {
    let sql = """
      SELECT conference_talk.*, plan FROM conference_talk JOIN conference ON conference.id = conference
      JOIN conference_party ON talk = conference_talk.id WHERE account = ? ORDER BY conference_talk.id
      """
    return try Row.fetchAll(self, sql: sql, arguments: [account]).map { row in
      let (talk, plan) = (try Talk(row), try row.json(ConferencePlan.self, "plan"))
      let slots = plan.slots
      let start = { (slot: Int?) in slot.flatMap { slots.indices.contains($0) ? slots[$0] : nil } }
      return ConferenceRecord(
        pupil: talk.pupil, teachers: plan.desks.indices.contains(talk.desk) ? plan.desks[talk.desk].name : "",
        isDeclined: talk.isDeclined, wishes: talk.wishes.compactMap(start),
        promises: try promises(of: talk.id).map {
          .init(start: start($0.slot), reason: $0.reason.kind.rawValue, at: $0.at)
        })
    }
  }

  /// Their part in each conversation; one that is nobody else's goes with it. Schedules in which they stand go too, but
  /// for those that are still to be sent: of these `Traces` takes their name.
  func eraseConferences(of account: AccountID) throws {
    let schedules = """
      kind = ? AND status <> 'waiting' AND EXISTS (
        SELECT 1 FROM json_each(CASE WHEN json_valid(facts) THEN facts ELSE '{}' END, '$.conference.rows')
        WHERE json_extract(value, '$.talk') IN (SELECT talk FROM conference_party WHERE account = ?))
      """
    _ = try expireDeliveries(schedules, [NoticeKind.conferenceSchedule.rawValue, account])
    try execute(sql: "DELETE FROM conference_party WHERE account = ?", arguments: [account])
    try removeTalks("id NOT IN (SELECT talk FROM conference_party)", [])
  }

  /// Plans that were over before an instant.
  ///
  /// - Returns: how many.
  func expireConferences(before: Int64) throws -> Int {
    let old = "SELECT id FROM conference WHERE ends_at < ?"
    try execute(
      sql: "DELETE FROM revision WHERE subject IN (SELECT 'conference ' || id FROM conference WHERE ends_at < ?)",
      arguments: [before])
    try removeTalks("conference IN (\(old))", [before])
    for table in ["conference_step", "conference_desk"] {
      try execute(sql: "DELETE FROM \(table) WHERE conference IN (\(old))", arguments: [before])
    }
    try execute(sql: "DELETE FROM conference WHERE ends_at < ?", arguments: [before])
    return changesCount
  }

  private func removeTalks(_ condition: String, _ arguments: StatementArguments) throws {
    for table in ["conference_promise", "conference_party"] {
      try execute(
        sql: "DELETE FROM \(table) WHERE talk IN (SELECT id FROM conference_talk WHERE \(condition))",
        arguments: arguments)
    }
    try execute(sql: "DELETE FROM conference_talk WHERE \(condition)", arguments: arguments)
  }
}
