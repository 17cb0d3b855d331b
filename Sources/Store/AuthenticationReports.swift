import Foundation
import GRDB

/// What another mail server reported of mail in the school's name (DMARC, TLS), summed up.
package struct ReportRecord: Sendable, Hashable {
  /// `dmarc` or `tls`.
  package var kind: String
  /// Who reports.
  package var organisation: String
  /// Unique at the organisation.
  package var reportID: String
  /// Whose mail it is about.
  package var domain: String
  package var begin: Date?
  package var end: Date?
  /// Messages of DMARC, sessions of TLS.
  package var passed: Int
  package var failed: Int
  /// The report itself as JSON.
  package var body: String

  package init(
    kind: String, organisation: String, reportID: String, domain: String, begin: Date?, end: Date?, passed: Int,
    failed: Int, body: String
  ) {
    self.kind = kind
    self.organisation = organisation
    self.reportID = reportID
    self.domain = domain
    self.begin = begin
    self.end = end
    self.passed = passed
    self.failed = failed
    self.body = body
  }
}

extension Store {
  /// Those that came since an instant, the newest first.
  package func authenticationReports(since: Date, limit: Int) async throws(StoreError) -> [ReportRecord] {
    let sql = "SELECT * FROM authentication_report WHERE received_at >= ? ORDER BY id DESC LIMIT ?"
    return try await read {
      try Row.fetchAll($0, sql: sql, arguments: [since.milliseconds, limit]).map { row in
        ReportRecord(
          kind: row["kind"], organisation: row["organisation"], reportID: row["report_id"], domain: row["domain"],
          begin: (row["begin_at"] as Int64?).map(Date.init(milliseconds:)),
          end: (row["end_at"] as Int64?).map(Date.init(milliseconds:)), passed: row["passed"], failed: row["failed"],
          body: row["body"])
      }
    }
  }
}

extension Database {
  func insert(_ report: ReportRecord, at now: Int64) throws {
    try execute(
      sql: """
        INSERT INTO authentication_report
          (kind, organisation, report_id, domain, begin_at, end_at, passed, failed, body, received_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """,
      arguments: [
        report.kind, report.organisation, report.reportID, report.domain, report.begin?.milliseconds,
        report.end?.milliseconds, report.passed, report.failed, report.body, now,
      ])
  }
}
