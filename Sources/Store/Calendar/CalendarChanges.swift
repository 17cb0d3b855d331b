import Foundation
import GRDB
import School

extension Database {
  /// - Parameters:
  ///   - thread: that the decision opened.
  ///   - entry: that it added.
  /// - Returns: the event that it made; nil where it made none.
  func apply(_ change: CalendarChange, thread: ThreadID?, entry: EntryID?, at now: Int64) throws -> EventID? {
    switch change {
    case .add(let new):
      try run(
        "INSERT INTO calendar_event (audience, author, thread) VALUES (?, ?, ?)",
        [try JSONText.of(new.audience), new.author, thread])
      let event = EventID(lastInsertedRowID)
      try addVersion(
        EventRevision(
          event: event, sequence: 0, source: new.source, details: new.details, isCancelled: false, endsAt: new.endsAt),
        entry: entry)
      return event
    case .revise(let revision): try addVersion(revision, entry: entry)
    case .supersede(let event): try supersede(event, by: entry, at: now)
    case .answer(let event, let account, let answer):
      try run(
        """
        INSERT INTO calendar_answer (event, account, answer, sequence, at)
        SELECT ?, ?, ?, max(sequence), ? FROM calendar_version WHERE event = ? AND is_withdrawn = 0
        ON CONFLICT (event, account)
        DO UPDATE SET answer = excluded.answer, sequence = excluded.sequence, at = excluded.at
        """,
        [event, account, answer.rawValue, now, event])
    case .withdraw(let entry): try takeAway(entry, as: Schema.withdrawnVersion)
    case .hold: if let entry { try takeAway(entry, as: Schema.heldVersion) }
    case .approve(let entry): try approveEvents(of: entry, at: now)
    }
    return nil
  }

  private func addVersion(_ revision: EventRevision, entry: EntryID?) throws {
    try run(
      """
      INSERT INTO calendar_version (event, sequence, entry, details, source, is_cancelled, ends_at)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """,
      [
        revision.event, revision.sequence, entry, try JSONText.of(revision.details),
        try revision.source.map(JSONText.of), revision.isCancelled, revision.endsAt.milliseconds,
      ])
  }

  /// Earlier invitations that wait for their time are cancelled; one that is due may be on its way already.
  private func supersede(_ event: EventID, by entry: EntryID?, at now: Int64) throws {
    let waiting = """
      SELECT delivery.id FROM calendar_told JOIN delivery ON delivery.id = calendar_told.delivery
      WHERE event = ? AND delivery.entry < ? AND status = 'waiting' AND due_at > ? AND kind = ?
      """
    let which: StatementArguments = [event, entry, now, NoticeKind.eventInvitation.rawValue]
    try run("UPDATE calendar_told SET superseded_by = ? WHERE delivery IN (\(waiting))", [entry] + which)
    try run("UPDATE delivery SET status = 'cancelled' WHERE id IN (\(waiting))", which)
  }

  private func approveEvents(of entry: EntryID, at now: Int64) throws {
    try run(
      "UPDATE calendar_version SET is_withdrawn = 0 WHERE entry = ? AND is_withdrawn = \(Schema.heldVersion)", [entry])
    let events = "SELECT event FROM calendar_version WHERE entry = ?"
    for event in try EventID.fetchAll(self, sql: events, arguments: [entry]) {
      try supersede(event, by: entry, at: now)
    }
  }

  /// What an entry brought stands no more, or not yet; what it took the place of stands.
  private func takeAway(_ entry: EntryID, as standing: Int) throws {
    try run("UPDATE calendar_version SET is_withdrawn = ? WHERE entry = ?", [standing, entry])
    try run(
      """
      UPDATE delivery SET status = 'waiting' WHERE status = 'cancelled'
        AND id IN (SELECT delivery FROM calendar_told WHERE superseded_by = ?)
      """, [entry])
    try run("UPDATE calendar_told SET superseded_by = NULL WHERE superseded_by = ?", [entry])
  }

  /// Whether an entry brought events that wait for approval.
  func holdsEvents(_ entry: EntryID) throws -> Bool {
    let held = "SELECT 1 FROM calendar_version WHERE entry = ? AND is_withdrawn = \(Schema.heldVersion)"
    return try Bool.fetchOne(self, sql: "SELECT EXISTS (\(held))", arguments: [entry]) ?? false
  }

  /// That a mail tells somebody of events.
  func noteTold(_ kind: NoticeKind, _ facts: CalendarFacts, account: AccountID, delivery: DeliveryID) throws {
    guard kind == .eventInvitation || kind == .calendarList else { return }
    for event in facts.events.compactMap(\.event) {
      try run(
        "INSERT INTO calendar_told (event, account, delivery) VALUES (?, ?, ?)", [event, account, delivery])
    }
  }

  /// Events whose every version was over before an instant.
  ///
  /// - Returns: how many.
  func expireCalendar(before: Int64) throws -> Int {
    let old = """
      SELECT id FROM calendar_event WHERE NOT EXISTS (
        SELECT 1 FROM calendar_version WHERE event = calendar_event.id AND ends_at >= ?)
      """
    for table in ["calendar_answer", "calendar_told", "calendar_version"] {
      try execute(sql: "DELETE FROM \(table) WHERE event IN (\(old))", arguments: [before])
    }
    try execute(
      sql: "DELETE FROM calendar_event WHERE id NOT IN (SELECT event FROM calendar_version)")
    return changesCount
  }
}
