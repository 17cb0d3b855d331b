/// What many receivers counted of mail in a domain's name, by the server that sent it (DMARC aggregate reports).
package struct SourceSummary: Sendable, Hashable, Encodable {
  package var sourceIP: String
  /// Messages.
  package var passed: Int
  package var failed: Int
  /// Of those that failed, how many were put among spam or refused.
  package var stopped: Int
  /// Who reported it.
  package var organisations: [String]

  /// Servers that one summary names; the rest are added up by the caller's totals.
  package static let most = 50

  /// The servers with most failed mail first, then those with most mail.
  package static func of(_ reports: [AggregateReport]) -> [SourceSummary] {
    var byIP: [String: SourceSummary] = [:]
    for report in reports {
      for row in report.rows {
        var summary =
          byIP[row.sourceIP]
          ?? SourceSummary(sourceIP: row.sourceIP, passed: 0, failed: 0, stopped: 0, organisations: [])
        if row.passed { summary.passed += row.count } else { summary.failed += row.count }
        if !row.passed, ["quarantine", "reject"].contains(row.disposition) { summary.stopped += row.count }
        if !summary.organisations.contains(report.organisation) { summary.organisations.append(report.organisation) }
        byIP[row.sourceIP] = summary
      }
    }
    return Array(
      byIP.values.sorted { ($1.failed, $1.passed, $0.sourceIP) < ($0.failed, $0.passed, $1.sourceIP) }.prefix(most))
  }
}

/// Why connections to the domain's own mail server were not protected, as other servers counted (RFC 8460).
package struct TLSFailureSummary: Sendable, Hashable, Encodable {
  /// `certificate-expired`, …
  package var type: String
  package var mailServer: String?
  /// Sessions.
  package var count: Int

  /// The most frequent first.
  package static func of(_ policies: [TLSReport.Policy]) -> [TLSFailureSummary] {
    let failures = policies.flatMap(\.failures)
    let groups = Dictionary(grouping: failures) { [$0.type, $0.mailServer ?? ""] }
    return groups.values.compactMap { same in
      same.first.map {
        TLSFailureSummary(type: $0.type, mailServer: $0.mailServer, count: same.reduce(0) { $0 + $1.count })
      }
    }.sorted { ($1.count, $0.type) < ($0.count, $1.type) }
  }
}
