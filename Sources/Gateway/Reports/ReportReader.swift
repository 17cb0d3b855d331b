import Deliverability
import Foundation
import Mail
import School
import Store

/// Makes reports of the store, by families, providers and time.
package struct ReportReader: Sendable {
  /// What one line of the report over time is about.
  package enum Step: String, Sendable, CaseIterable { case hour, day, week }

  let store: Store
  let timeZone: TimeZone

  package init(store: Store, timeZone: TimeZone) {
    self.store = store
    self.timeZone = timeZone
  }

  /// What became of the mails that were made since an instant.
  package func report(since: Date, until: Date, step: Step = .day) async throws(StoreError) -> DeliverabilityReport {
    let hours = try await store.hourTallies(since: since)
    return DeliverabilityReport(
      since: since, until: until, total: hours.reduce(into: DeliveryTally()) { $0 += $1.tally },
      periods: periods(hours, since: since, until: until, step: step),
      providers: try await providers(hours, since: since), families: try await families(since: since))
  }

  // MARK: By time

  private func periods(
    _ hours: [HourTally], since: Date, until: Date, step: Step
  ) -> [DeliverabilityReport.Period] {
    var calendar = Calendar(identifier: .iso8601)
    calendar.timeZone = timeZone
    let unit: Calendar.Component =
      switch step {
      case .hour: .hour
      case .day: .day
      case .week: .weekOfYear
      }
    let start = { (date: Date) in calendar.dateInterval(of: unit, for: date)?.start ?? date }
    let tallies = Dictionary(grouping: hours) { start($0.hour) }
    var periods: [DeliverabilityReport.Period] = []
    var next = start(since)
    while next <= until {
      let tally = tallies[next, default: []].reduce(into: DeliveryTally()) { $0 += $1.tally }
      periods.append(.init(start: next, tally: tally))
      guard let after = calendar.date(byAdding: unit, value: 1, to: next), after > next else { break }
      next = after
    }
    return periods
  }

  // MARK: By provider

  private func providers(
    _ hours: [HourTally], since: Date
  ) async throws(StoreError) -> [DeliverabilityReport.ProviderLine] {
    var tallies: [String?: DeliveryTally] = [:]
    for hour in hours { tallies[Provider.of(domain: hour.domain), default: DeliveryTally()] += hour.tally }
    var failures: [String?: [FailureTally]] = [:]
    for failure in try await store.failureTallies(since: since) {
      failures[MailAddress(failure.address).flatMap { Provider.of(domain: $0.domain) }, default: []].append(failure)
    }
    let holds = Dictionary(try await store.providerHolds().map { ($0.provider, $0.since) }) { first, _ in first }
    return Set(tallies.keys).union(failures.keys).union(holds.keys.map { $0 }).map { provider in
      DeliverabilityReport.ProviderLine(
        provider: provider, tally: tallies[provider] ?? DeliveryTally(), reasons: reasons(failures[provider] ?? []),
        heldSince: provider.flatMap { holds[$0] })
    }.sorted { ($1.tally.total, $0.provider ?? "~") < ($0.tally.total, $1.provider ?? "~") }
  }

  private func reasons(_ failures: [FailureTally]) -> [DeliverabilityReport.ReasonCount] {
    var counts: [[String]: Int] = [:]
    for failure in failures {
      let verdict = failure.words.verdict(
        for: MailAddress(failure.address), action: failure.outcome == "deferred" ? .delayed : .failed)
      counts[[verdict.reason, verdict.actor.rawValue], default: 0] += failure.count
    }
    return counts.map { .init(reason: $0.key[0], actor: $0.key[1], count: $0.value) }
      .sorted { ($1.count, $0.reason) < ($0.count, $1.reason) }
  }

  // MARK: By family

  private func families(since: Date) async throws(StoreError) -> [DeliverabilityReport.FamilyLine] {
    let directory = try await store.directory()
    let standings = try await knownStandings()
    let tallies = try await store.accountTallies(since: since)
    let answers = try await store.lastAnswers()
    let activations = Dictionary(try await store.activations().map { ($0.account, $0) }) { first, _ in first }
    let lines = directory.allFamilies.map { family in
      DeliverabilityReport.FamilyLine(
        family: family,
        members: family.accounts.map { account in
          let activation = activations[account]
          let provenAt = activation?.state == .active ? activation?.since : nil
          return DeliverabilityReport.Member(
            account: account, standing: standings[account] ?? AddressStanding(), activation: activation?.state,
            tally: tallies[account]?.tally ?? DeliveryTally(), lastAccepted: tallies[account]?.lastAccepted,
            lastAnswered: [answers[account], provenAt].compactMap(\.self).max())
        })
    }
    return lines.enumerated().sorted { ($0.element.reach, $0.offset) < ($1.element.reach, $1.offset) }.map(\.element)
  }

  /// Of every account with trouble, also where only an activation without answer tells of it.
  package func knownStandings() async throws(StoreError) -> [AccountID: AddressStanding] {
    let directory = try await store.directory()
    var standings = Dictionary(try await store.standings().map { ($0.account, $0.standing) }) { first, _ in first }
    for record in try await store.activations() where record.state == .unanswered {
      let address = directory.accounts[record.account].flatMap { MailAddress($0.mailAddress) }
      standings[record.account] = (standings[record.account] ?? AddressStanding())
        .with(record.state, provider: address.flatMap { Provider.of(domain: $0.domain) })
    }
    return standings
  }
}
