import Foundation
import GRDB
import School

extension Schema {
  /// Each version a row, the newest counts; one without a result says that it was withdrawn. Pupils are no reference:
  /// results stay for a time when a pupil has left, which the triggers note by themselves, whoever takes them away.
  static let results = [
    """
    CREATE TABLE test_result (
      id INTEGER PRIMARY KEY AUTOINCREMENT, pupil TEXT NOT NULL, key TEXT NOT NULL, result TEXT, at INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX test_result_pupil ON test_result (pupil, key)",
    "CREATE TABLE pupil_left (pupil TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT",
    """
    CREATE TRIGGER pupil_leaves AFTER DELETE ON pupil BEGIN
      INSERT INTO pupil_left (pupil, at) VALUES (old.id, CAST(strftime('%s', 'now') AS INTEGER) * 1000)
      ON CONFLICT (pupil) DO UPDATE SET at = excluded.at;
    END
    """,
    "CREATE TRIGGER pupil_returns AFTER INSERT ON pupil BEGIN DELETE FROM pupil_left WHERE pupil = new.id; END",
  ]
}

/// One version of a result; nil where it was withdrawn.
package struct KeptResult: Sendable, Hashable {
  package var pupil: PupilID
  package var result: TestResult?
  package var at: Date
}

extension Store {
  /// What stands of one pupil, oldest test first.
  package func testResults(of pupil: PupilID) async throws(StoreError) -> [TestResult] {
    try await read { try $0.standingResults("WHERE pupil = ?", [pupil]) }
  }

  /// What stands of all pupils, by pupil and key.
  package func testResults() async throws(StoreError) -> [PupilID: [String: TestResult]] {
    let all = try await read { try $0.standingResults("", []) }
    return Dictionary(grouping: all, by: \.pupil).mapValues { results in
      Dictionary(results.map { ($0.key, $0) }) { first, _ in first }
    }
  }

  /// All versions that are kept of a pupil, who may have left, in their order.
  package func keptResults(of pupil: PupilID) async throws(StoreError) -> [KeptResult] {
    try await read { try $0.keptResults(of: pupil) }
  }

  /// Takes away all results of a pupil (GDPR, article 17), with what was mailed about them. SQLite overwrites what it
  /// deletes.
  ///
  /// - Returns: how many versions there were.
  package func eraseResults(of pupil: PupilID) async throws(StoreError) -> Int {
    let lock = try await offPool { [folder] in try UpkeepLock(folder) }
    do {
      try await pool.barrierWriteWithoutTransaction { try $0.execute(sql: "PRAGMA secure_delete = ON") }
    } catch { throw StoreError(error) }
    let rows = try await write { database in
      _ = try database.expireDeliveries(
        "CASE WHEN json_valid(facts) THEN json_extract(facts, '$.results.pupil') = ? ELSE instr(facts, ?) > 0 END",
        [pupil, pupil])
      try database.execute(sql: "DELETE FROM test_result WHERE pupil = ?", arguments: [pupil])
      return database.changesCount
    }
    do {
      // What was deleted stands in the write-ahead log too.
      try await pool.writeWithoutTransaction {
        _ = try $0.checkpoint(.truncate)
        try $0.execute(sql: "PRAGMA secure_delete = OFF")
      }
    } catch { throw StoreError(error) }
    withExtendedLifetime(lock) {}
    return rows
  }
}

extension Database {
  fileprivate func standingResults(_ condition: String, _ arguments: StatementArguments) throws -> [TestResult] {
    let sql = """
      SELECT result FROM test_result
      WHERE id IN (SELECT max(id) FROM test_result \(condition) GROUP BY pupil, key) AND result IS NOT NULL
      """
    return try Row.fetchAll(self, sql: sql, arguments: arguments).readable { try $0.json(TestResult.self, "result") }
      .sorted { ($0.day, $0.key) < ($1.day, $1.key) }
  }

  func keptResults(of pupil: PupilID) throws -> [KeptResult] {
    try Row.fetchAll(self, sql: "SELECT * FROM test_result WHERE pupil = ? ORDER BY id", arguments: [pupil]).map {
      KeptResult(
        pupil: $0["pupil"], result: try $0.jsonIfPresent(TestResult.self, "result"), at: $0.date("at"))
    }
  }

  func apply(_ change: ResultsChange, at now: Int64) throws {
    let (result, text): (TestResult, String?) =
      switch change {
      case .put(let result): (result, try JSONText.of(result))
      case .withdraw(let result): (result, nil)
      }
    try run(
      "INSERT INTO test_result (pupil, key, result, at) VALUES (?, ?, ?, ?)",
      [result.pupil, result.key, text, now])
  }

  /// Of pupils who left before then.
  func expireResults(before: Int64) throws -> Int {
    let gone = "SELECT pupil FROM pupil_left WHERE at < ?"
    try execute(sql: "DELETE FROM test_result WHERE pupil IN (\(gone))", arguments: [before])
    let rows = changesCount
    try execute(sql: "DELETE FROM pupil_left WHERE at < ?", arguments: [before])
    return rows
  }
}
