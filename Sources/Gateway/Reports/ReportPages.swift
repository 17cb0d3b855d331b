import Foundation
import Rendering
import School
import Store

/// Makes the pages that support prints.
package struct ReportPages: Sendable {
  let settings: SchoolSettings
  let store: Store

  package init(settings: SchoolSettings, store: Store) {
    self.settings = settings
    self.store = store
  }

  package func report(since: Date, until: Date, language: Language) async throws(StoreError) -> ReportPage {
    let report = try await ReportReader(store: store, timeZone: settings.timeZone).report(since: since, until: until)
    let directory = try await store.directory()
    let advice = AddressAdvice(settings: settings, directory: directory)
    let troubled = report.families.filter { $0.reach != .whole }
    let families = troubled.map { line in
      ReportPage.Family(
        pupils: line.family.pupils.map(\.name), reach: line.reach,
        members: line.members.map { member in
          let failure = member.standing.state == .working ? nil : member.standing.failure
          return ReportPage.Member(
            names: directory.names(of: member.account), address: directory.accounts[member.account]?.mailAddress ?? "",
            state: member.standing.state,
            advice: failure.flatMap { advice.context(member.account, $0, language: language) })
        })
    }
    let summary = try await AuthenticationReader(store: store).summary(since: since)
    return ReportPage(
      schoolName: settings.name, language: language, timeZone: settings.timeZone, report: report, families: families,
      wholeFamilies: report.families.count - troubled.count, proof: summary.isEmpty ? nil : summary.proof)
  }

  /// Nil where the account is gone.
  package func timeline(
    of account: AccountID, limit: Int, language: Language
  ) async throws(StoreError) -> TimelinePage? {
    let directory = try await store.directory()
    guard let address = directory.accounts[account]?.mailAddress else { return nil }
    let standing =
      try await ReportReader(store: store, timeZone: settings.timeZone).knownStandings()[account] ?? AddressStanding()
    let failure = standing.state == .working ? nil : standing.failure
    return TimelinePage(
      schoolName: settings.name, language: language, timeZone: settings.timeZone,
      names: directory.names(of: account), pupils: directory.pupils(of: account).map(\.name), address: address,
      standing: standing,
      advice: failure.flatMap {
        AddressAdvice(settings: settings, directory: directory).context(account, $0, language: language)
      }, events: try await TimelineReader(store: store).timeline(of: account, limit: limit))
  }
}

extension AuthenticationSummary {
  fileprivate var proof: ReportPage.Proof {
    ReportPage.Proof(
      passed: dmarc.reduce(0) { $0 + $1.passed }, failed: dmarc.reduce(0) { $0 + $1.failed },
      sources: sources.prefix(15).map {
        .init(server: $0.sourceIP, passed: $0.passed, failed: $0.failed, stopped: $0.stopped)
      }, tlsPassed: tls.reduce(0) { $0 + $1.passed }, tlsFailed: tls.reduce(0) { $0 + $1.failed },
      tlsFailures: tlsFailures.prefix(5).map { "\($0.type): \($0.count)" })
  }
}
