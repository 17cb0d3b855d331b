import GRDB
import School

extension Store {
  /// How often this was decided on. Read it before what is decided on is read: what changes in between is then noticed.
  package func revision(of subject: String) async throws(StoreError) -> Revision {
    try await read { Revision(subject: subject, number: try $0.revisionNumber(of: subject)) }
  }
}

extension Database {
  func isCurrent(_ revision: Revision) throws -> Bool {
    try revisionNumber(of: revision.subject) == revision.number
  }

  func advance(_ revision: Revision) throws {
    try run(
      """
      INSERT INTO revision (subject, number) VALUES (?, ?)
      ON CONFLICT (subject) DO UPDATE SET number = excluded.number
      """,
      [revision.subject, revision.number + 1])
  }

  func revisionNumber(of subject: String) throws -> Int {
    try Int.fetchOne(
      cachedStatement(sql: "SELECT number FROM revision WHERE subject = ?"), arguments: [subject]) ?? 0
  }
}
