import Foundation
import Logging
import School
import Store

/// Makes the weekly report to support when its hour has come.
package struct ReportClock: Sendable {
  static let interval: Duration = .seconds(60)
  /// How far back the report looks for mails, in seconds.
  static let period: TimeInterval = 7 * 86_400

  let gateway: SchoolGateway

  package init(gateway: SchoolGateway) { self.gateway = gateway }

  func run() async {
    await gateway.repeatedly(.reports, every: Self.interval, complaint: "weekly report not made") {
      () async throws(StoreError) in
      try await makeDue()
    }
  }

  package func makeDue() async throws(StoreError) {
    let now = gateway.now()
    let last = try await gateway.store.lastDone(.weeklyReport, now: now)
    let policy = gateway.settings.policy(try await gateway.store.directory())
    guard policy.isReportDue(last: last, now: now) else { return }
    let report = try await ReportReader(store: gateway.store, timeZone: gateway.settings.timeZone)
      .report(since: now.addingTimeInterval(-Self.period), until: now)
    let done = try await gateway.commit(
      Outcome(inbound: nil, label: "weekly-report", decision: weeklyReport(report.families, policy: policy), at: now))
    gateway.log.info("weekly report", metadata: ["notices": "\(done.deliveries.count)"])
  }
}
