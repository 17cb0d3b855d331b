import Testing

@testable import Deliverability

@Suite("Reports of other mail servers, summed up")
struct ReportSummaryTests {
  @Test("Servers that send in the school's name: those without proof first")
  func sources() {
    let row = { (ip: String, count: Int, passed: Bool, disposition: String) in
      AggregateReport.Row(
        sourceIP: ip, count: count, disposition: disposition, dkimPassed: passed, spfPassed: false, headerFrom: nil,
        checks: [])
    }
    let report = { (organisation: String, rows: [AggregateReport.Row]) in
      AggregateReport(
        organisation: organisation, reportID: "1", domain: "school.test", policy: nil, begin: nil, end: nil, rows: rows)
    }
    let summaries = SourceSummary.of([
      report("google.com", [row("192.0.2.1", 100, true, "none"), row("192.0.2.9", 3, false, "reject")]),
      report("kpn.nl", [row("192.0.2.1", 5, true, "none"), row("192.0.2.9", 4, false, "none")]),
    ])
    #expect(
      summaries == [
        SourceSummary(
          sourceIP: "192.0.2.9", passed: 0, failed: 7, stopped: 3, organisations: ["google.com", "kpn.nl"]),
        SourceSummary(
          sourceIP: "192.0.2.1", passed: 105, failed: 0, stopped: 0, organisations: ["google.com", "kpn.nl"]),
      ])
  }

  @Test("Failures of TLS are added up by their kind and mail server")
  func tls() {
    let policy = { (count: Int) in
      TLSReport.Policy(
        type: "sts", domain: "school.test", succeeded: 1, failed: count,
        failures: [.init(type: "certificate-expired", count: count, mailServer: "mx.school.test")])
    }
    #expect(
      TLSFailureSummary.of([policy(2), policy(3)])
        == [TLSFailureSummary(type: "certificate-expired", mailServer: "mx.school.test", count: 5)])
  }
}
