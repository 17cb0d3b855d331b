import Deliverability
import Foundation
import Store

/// What other mail servers reported of mail in the school's name, summed up.
package struct AuthenticationSummary: Sendable, Encodable {
  /// One organisation that reports.
  package struct Reporter: Sendable, Hashable, Encodable {
    package let organisation: String
    package var reports: Int
    package var passed: Int
    package var failed: Int
  }

  /// DMARC counts messages, TLS sessions; those with most failures first.
  package var dmarc: [Reporter] = []
  package var tls: [Reporter] = []
  package var sources: [SourceSummary] = []
  package var tlsFailures: [TLSFailureSummary] = []
  /// Reports of single messages that failed.
  package var failureReports = 0

  package var isEmpty: Bool { dmarc.isEmpty && tls.isEmpty && failureReports == 0 }
}

package struct AuthenticationReader: Sendable {
  /// Reports that one summary reads, the newest.
  package static let most = 5_000

  let store: Store

  package init(store: Store) { self.store = store }

  package func summary(since: Date) async throws(StoreError) -> AuthenticationSummary {
    let records = try await store.authenticationReports(since: since, limit: Self.most)
    let bodies = { (kind: String) in records.filter { $0.kind == kind }.map { Data($0.body.utf8) } }
    let decoder = JSONDecoder()
    return AuthenticationSummary(
      dmarc: reporters(records, "dmarc"), tls: reporters(records, "tls"),
      sources: SourceSummary.of(bodies("dmarc").compactMap { try? decoder.decode(AggregateReport.self, from: $0) }),
      tlsFailures: TLSFailureSummary.of(
        bodies("tls").compactMap { try? decoder.decode(TLSReport.Policy.self, from: $0) }),
      failureReports: records.filter { $0.kind == "dmarc-failure" }.count)
  }

  private func reporters(_ records: [ReportRecord], _ kind: String) -> [AuthenticationSummary.Reporter] {
    var reporters: [String: AuthenticationSummary.Reporter] = [:]
    for record in records where record.kind == kind {
      var reporter =
        reporters[record.organisation]
        ?? AuthenticationSummary.Reporter(organisation: record.organisation, reports: 0, passed: 0, failed: 0)
      reporter.reports += 1
      reporter.passed += record.passed
      reporter.failed += record.failed
      reporters[record.organisation] = reporter
    }
    return reporters.values.sorted { ($1.failed, $1.passed, $0.organisation) < ($0.failed, $0.passed, $1.organisation) }
  }
}
