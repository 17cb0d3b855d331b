import Deliverability
import Foundation
import Mail
import Store

/// DMARC and TLS reports as the store keeps them. Those of other domains are left out: anybody can send a report.
enum ReceivedReports {
  static func records(_ message: MailMessage, domain: String) -> [ReportRecord] {
    AuthenticationReport.read(message).flatMap { records($0, message) }
      .filter { isOf(domain, $0.domain) }
  }

  /// Also of the organisation's domain above the mail's: receivers report to that.
  private static func isOf(_ ours: String, _ reported: String) -> Bool {
    ours == reported || ours.hasSuffix(".\(reported)") || reported.hasSuffix(".\(ours)")
  }

  private static func records(_ report: AuthenticationReport, _ message: MailMessage) -> [ReportRecord] {
    switch report {
    case .aggregate(let report):
      [
        ReportRecord(
          kind: "dmarc", organisation: report.organisation, reportID: report.reportID, domain: report.domain,
          begin: report.begin, end: report.end, passed: report.passed, failed: report.total - report.passed,
          body: json(report))
      ]
    case .failure(let report):
      [
        ReportRecord(
          kind: "dmarc-failure", organisation: message.from.first?.address.domain ?? "",
          reportID: message.messageID ?? "", domain: report.domain ?? "", begin: message.date, end: nil, passed: 0,
          failed: 1, body: json(report))
      ]
    case .tls(let report):
      report.policies.map { policy in
        ReportRecord(
          kind: "tls", organisation: report.organisation, reportID: report.reportID, domain: policy.domain.lowercased(),
          begin: report.begin, end: report.end, passed: policy.succeeded, failed: policy.failed, body: json(policy))
      }
    }
  }

  private static func json(_ report: some Encodable) -> String {
    (try? JSONEncoder().encode(report)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }
}
