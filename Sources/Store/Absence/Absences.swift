import Foundation
import GRDB
import School

extension Schema {
  /// Who was away, when and why; each parent's report is a row of its own. The child's name stands in it, since the row
  /// is kept longer than the child is at school. Days are written as `2026-11-25`.
  static let absence = [
    """
    CREATE TABLE absence (
      id INTEGER PRIMARY KEY AUTOINCREMENT, pupil TEXT NOT NULL, pupil_name TEXT NOT NULL, kind TEXT NOT NULL,
      status TEXT NOT NULL, first_day TEXT NOT NULL, last_day TEXT, minute INTEGER, words TEXT,
      reporter INTEGER REFERENCES account (id), asked_by INTEGER REFERENCES account (id), at INTEGER NOT NULL,
      phoned_at INTEGER
    ) STRICT
    """,
    "CREATE INDEX absence_first ON absence (first_day)",
    "CREATE INDEX absence_last ON absence (last_day)",
    "CREATE INDEX absence_pupil ON absence (pupil)",
    "CREATE INDEX absence_reporter ON absence (reporter) WHERE reporter IS NOT NULL",
  ]
}

extension Store {
  /// What may matter on a day or later, with its revision, all of one moment; and the days on which the calendar says
  /// that the school is free.
  package func absence(from day: CalendarDay, boardAt: Date, zone: TimeZone) async throws(StoreError) -> AbsenceState {
    try await read { database in
      let open = day.adding(days: -SchoolPolicy.longestSickness)
      let rows = try Row.fetchAll(
        database.cachedStatement(
          sql: "SELECT * FROM absence WHERE last_day >= :day OR (last_day IS NULL AND first_day >= :open) ORDER BY id"),
        arguments: ["day": day.adding(days: -1).text, "open": open.text])
      let events = try Row.fetchAll(
        database.cachedStatement(sql: "SELECT DISTINCT event FROM calendar_version WHERE ends_at >= ?"),
        arguments: [day.start(in: zone).milliseconds])
      return AbsenceState(
        revision: Revision(
          subject: AbsenceState.subject, number: try database.revisionNumber(of: AbsenceState.subject)),
        absences: try rows.readable(Absence.init), boardAt: boardAt,
        freeDays: try events.readable { try database.event($0[0])?.freeDays }.compactMap(\.self))
    }
  }
}

extension Absence {
  init(_ row: Row) throws {
    self.init(
      id: row["id"],
      report: AbsenceReport(
        pupil: row["pupil"], kind: try row.word(AbsenceKind.self, "kind"),
        status: try row.word(AbsenceReport.Status.self, "status"), first: try row.day("first_day"),
        last: try (row["last_day"] as String?).map { _ in try row.day("last_day") }, minute: row["minute"],
        words: row["words"], reporter: row["reporter"], askedBy: row["asked_by"]), at: row.date("at"),
      phonedAt: (row["phoned_at"] as Int64?).map(Date.init(milliseconds:)))
  }
}

extension CalendarDay {
  init?(text: String) {
    let parts = text.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3 else { return nil }
    self.init(year: parts[0], month: parts[1], day: parts[2])
  }
}

extension Row {
  fileprivate func day(_ column: String) throws -> CalendarDay {
    guard let day = CalendarDay(text: self[column]) else {
      throw StoreError(.damaged, "A row of the store has an unknown \(column)")
    }
    return day
  }
}

extension Database {
  /// - Returns: the absence that it made; nil where it made none.
  func apply(_ change: AbsenceChange, at now: Int64) throws -> AbsenceID? {
    switch change {
    case .report(let report):
      try run(
        """
        INSERT INTO absence (pupil, pupil_name, kind, status, first_day, last_day, minute, words, reporter, asked_by, at)
        VALUES (?, coalesce((SELECT name FROM pupil WHERE id = ?), ''), ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        [
          report.pupil, report.pupil, report.kind.rawValue, report.status.rawValue, report.first.text,
          report.last?.text, report.minute, report.words, report.reporter, report.askedBy, now,
        ])
      return AbsenceID(lastInsertedRowID)
    case .explain(let id, let kind, let minute, let words, let account):
      try run(
        "UPDATE absence SET kind = ?, minute = ?, words = ?, reporter = ?, at = ? WHERE id = ?",
        [kind.rawValue, minute, words, account, now, id])
    case .end(let id, let last): try run("UPDATE absence SET last_day = ? WHERE id = ?", [last?.text, id])
    case .settle(let id, let status): try run("UPDATE absence SET status = ? WHERE id = ?", [status.rawValue, id])
    case .phone(let id): try run("UPDATE absence SET phoned_at = ? WHERE id = ?", [now, id])
    case .board(let day):
      try markDone(.absenceBoard, at: now)
      try run(
        "UPDATE absence SET words = NULL WHERE words IS NOT NULL AND coalesce(last_day, first_day) < ?", [day.text])
    }
    return nil
  }

  // MARK: Upkeep

  /// What was reported of children, whoever did, or by an account; with words where they are its own. Leave that
  /// another parent asked for and did not get is that parent's.
  func absences(of pupils: [Pupil], by account: AccountID) throws -> [PersonRecord.Absence] {
    let children = pupils.map { _ in "?" }.joined(separator: ", ")
    let rows = try Row.fetchAll(
      self,
      sql: """
        SELECT * FROM absence
        WHERE reporter = ? OR (pupil IN (\(children)) AND NOT (kind = ? AND status <> ?)) ORDER BY id
        """,
      arguments: [account] + StatementArguments(pupils.map(\.id))
        + [AbsenceKind.leave.rawValue, AbsenceReport.Status.stands.rawValue])
    return try rows.map { row in
      let absence = try Absence(row)
      let isOwn = absence.report.reporter == account
      return PersonRecord.Absence(
        child: absence.report.pupil, pupil: row["pupil_name"], kind: absence.report.kind, status: absence.report.status,
        first: absence.report.first.text, last: absence.report.last?.text, words: isOwn ? absence.report.words : nil,
        isTheirs: isOwn, at: absence.at)
    }
  }

  /// That a child was away stands; who said so, and why, goes, with the mails to staff in which it stands and that were
  /// sent.
  func eraseAbsence(of account: AccountID) throws {
    let told = """
      kind IN (?, ?, ?, ?) AND status <> 'waiting' AND EXISTS (
        SELECT 1 FROM json_each(CASE WHEN json_valid(facts) THEN facts ELSE '{}' END, '$.absence.items')
        WHERE json_extract(value, '$.by') = ?)
      """
    let kinds: [NoticeKind] = [.absenceGroup, .absenceBoard, .leaveRequest, .absentState]
    _ = try expireDeliveries(told, StatementArguments(kinds.map(\.rawValue)) + [account])
    try run("UPDATE absence SET words = NULL, reporter = NULL WHERE reporter = ?", [account])
    try run("UPDATE absence SET asked_by = NULL WHERE asked_by = ?", [account])
  }

  /// - Returns: how many.
  func expireAbsence(before: Int64) throws -> Int {
    let day = CalendarDay(Date(milliseconds: before), in: .gmt).text
    try execute(sql: "DELETE FROM absence WHERE coalesce(last_day, first_day) < ?", arguments: [day])
    return changesCount
  }
}
