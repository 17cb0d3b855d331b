import Foundation
import GRDB
import School

extension Store {
  /// The subject of the calendar's revision: whoever changes an event decides on what stands.
  package static let calendarRevision = "calendar"

  /// Events that are not over at an instant, cancelled ones included, in the order in which they begin.
  package func events(endingAfter now: Date, zone: TimeZone) async throws(StoreError) -> [SchoolEvent] {
    try await read { database in
      let sql = "SELECT DISTINCT event FROM calendar_version WHERE ends_at >= ?"
      let ids = try Row.fetchAll(database, sql: sql, arguments: [now.milliseconds])
      return try ids.readable { try database.event($0[0]) }.compactMap(\.self)
        .filter { $0.details.time.end(in: zone) >= now }
        .sorted { left, right in
          let (one, other) = (left.details.time.start(in: zone), right.details.time.start(in: zone))
          return (one, left.id.rawValue) < (other, right.id.rawValue)
        }
    }
  }

  /// Nil where there is none, or all of it was taken back.
  package func event(_ id: EventID) async throws(StoreError) -> SchoolEvent? {
    try await read { try $0.event(id) }
  }

  /// Events that wait for a colleague's approval, as they will be then: those of an entry, or all that are not over.
  package func waitingEvents(of entry: EntryID? = nil, endingAfter now: Date = .distantPast)
    async throws(StoreError) -> [SchoolEvent]
  {
    try await read { database in
      let sql = """
        SELECT event, entry FROM calendar_version
        WHERE is_withdrawn = \(Schema.heldVersion) AND entry IS NOT NULL AND (?1 IS NULL OR entry = ?1) AND ends_at >= ?2
        ORDER BY id
        """
      return try Row.fetchAll(database, sql: sql, arguments: [entry, now.milliseconds]).compactMap {
        try database.event($0["event"], held: $0["entry"])
      }
    }
  }

  /// The events of which an entry brought a version, in their order.
  package func events(of entry: EntryID) async throws(StoreError) -> [SchoolEvent] {
    try await read { database in
      let sql = "SELECT event FROM calendar_version WHERE entry = ? ORDER BY id"
      return try EventID.fetchAll(database, sql: sql, arguments: [entry]).compactMap { try database.event($0) }
    }
  }

  /// Who was mailed of an event; whose mail still waits for its time only where that is one for many events.
  package func told(of event: EventID, now: Date) async throws(StoreError) -> Set<AccountID> {
    try await read { database in
      let sql = """
        SELECT DISTINCT calendar_told.account FROM calendar_told LEFT JOIN delivery ON delivery.id = delivery
        WHERE event = ? AND (delivery IS NULL OR (
          status <> 'cancelled' AND NOT (status = 'waiting' AND due_at > ? AND kind = ?)))
        """
      return try AccountID.fetchSet(
        database, sql: sql, arguments: [event, now.milliseconds, NoticeKind.eventInvitation.rawValue])
    }
  }

  /// What was said of an event as it is timed now. An answer to another time is kept: that move may be taken back.
  package func answers(to id: EventID) async throws(StoreError) -> [AccountID: EventAnswer] {
    try await read { database in
      guard let event = try database.event(id) else { return [:] }
      let rows = try Row.fetchAll(
        database, sql: "SELECT account, answer FROM calendar_answer WHERE event = ? AND sequence >= ?",
        arguments: [id, event.timeSequence])
      return try rows.reduce(into: [:]) { $0[$1["account"]] = try $1.word(EventAnswer.self, "answer") }
    }
  }
}

extension Database {
  /// - Parameter held: an entry whose version counts, though it waits for approval.
  func event(_ id: EventID, held: EntryID? = nil) throws -> SchoolEvent? {
    let sql = """
      SELECT calendar_event.*, version.sequence, details, source, is_cancelled,
        (SELECT max(sequence) FROM calendar_version WHERE event = calendar_event.id) AS last_sequence
      FROM calendar_event JOIN calendar_version AS version ON version.event = calendar_event.id
      WHERE calendar_event.id = ? AND (is_withdrawn = 0 OR entry = ?) ORDER BY version.sequence DESC
      """
    let versions = try Row.fetchAll(cachedStatement(sql: sql), arguments: [id, held])
    guard let row = versions.first else { return nil }
    let details = try row.json(EventDetails.self, "details")
    let sameTime = versions.dropFirst().prefix { (try? $0.json(EventDetails.self, "details").time) == details.time }
    return SchoolEvent(
      id: id, audience: try row.json(Audience.self, "audience"), author: row["author"], thread: row["thread"],
      source: try row.jsonIfPresent(EventSource.self, "source"), details: details,
      isCancelled: row["is_cancelled"], sequence: row["sequence"], lastSequence: row["last_sequence"],
      timeSequence: (sameTime.last ?? row)["sequence"])
  }

  /// What somebody answered, newest last.
  func eventAnswers(of account: AccountID) throws -> [(event: String, answer: EventAnswer, at: Date)] {
    let sql = "SELECT event, answer, at FROM calendar_answer WHERE account = ? ORDER BY at, event"
    return try Row.fetchAll(self, sql: sql, arguments: [account]).map { row in
      (try event(row["event"])?.details.title ?? "", try row.word(EventAnswer.self, "answer"), row.date("at"))
    }
  }
}
