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

  /// What would change; nothing does.
  ///
  /// - Parameter store: nil where the school has none yet, and knows no pupil.
  /// - Throws: `ImportFailure` where no row can be read, `StoreError`.
  package static func plan(
    _ data: Data, store: Store?, timeZone: TimeZone, withdraws: Bool = false, at now: Date
  ) async throws -> Taken {
    let read = try ResultFileReader.read(
      data, pupils: try await store?.directory().pupils ?? [:], today: CalendarDay(now, in: timeZone))
    let plan = ResultsPlan.of(read.results, against: try await store?.testResults() ?? [:], withdraws: withdraws)
    return Taken(plan: plan, problems: read.problems, announcements: 0)
  }

  /// - Parameter withdraws: the results of the file are taken back.
  /// - Throws: `ImportFailure` where no row can be read, `StoreError`.
  package func take(_ data: Data, withdraws: Bool = false) async throws -> Taken {
    let now = gateway.now()
    let today = CalendarDay(now, in: gateway.settings.timeZone)
    let read = try ResultFileReader.read(data, pupils: try await gateway.store.directory().pupils, today: today)
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
