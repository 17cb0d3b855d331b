import Foundation
import School
import Store

/// Takes a file of test results in, and tells parents that there is something new.
package struct ResultsImport: Sendable {
  let gateway: SchoolGateway

  package init(gateway: SchoolGateway) { self.gateway = gateway }

  package struct Taken: Sendable {
    package var plan: ResultsPlan
    package var problems: [ImportProblem]
    /// Mails that tell of it.
    package var announcements: Int
  }

  /// - Parameters:
  ///   - withdraws: the results of the file are taken back.
  ///   - applies: false only plans.
  /// - Throws: `ImportFailure` where no row can be read, `StoreError`.
  package func take(_ data: Data, withdraws: Bool = false, applies: Bool) async throws -> Taken {
    let now = gateway.now()
    let today = CalendarDay(now, in: gateway.settings.timeZone)
    let read = try ResultFileReader.read(data, pupils: try await gateway.store.directory().pupils, today: today)
    guard applies else {
      let plan = ResultsPlan.of(read.results, against: try await gateway.store.testResults(), withdraws: withdraws)
      return Taken(plan: plan, problems: read.problems, announcements: 0)
    }
    var plan = ResultsPlan()
    let (done, _) = try await gateway.commit { () async throws(StoreError) in
      let basis = try await gateway.store.revision(of: ResultsPlan.revision)
      plan = ResultsPlan.of(read.results, against: try await gateway.store.testResults(), withdraws: withdraws)
      let directory = try await gateway.store.directory()
      return Outcome(
        inbound: nil, label: "results", decision: plan.decision(basis: basis, directory: directory), at: now)
    }
    return Taken(plan: plan, problems: read.problems, announcements: done.deliveries.count)
  }
}
