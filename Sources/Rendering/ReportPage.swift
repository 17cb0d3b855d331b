import Foundation
import School

/// A report as one page that prints well.
package struct ReportPage: Sendable {
  /// A family with trouble.
  package struct Family: Sendable {
    package var pupils: [String]
    package var reach: DeliverabilityReport.Reach
    package var members: [Member]

    package init(pupils: [String], reach: DeliverabilityReport.Reach, members: [Member]) {
      self.pupils = pupils
      self.reach = reach
      self.members = members
    }
  }

  package struct Member: Sendable {
    package var names: [String]
    package var address: String
    package var state: AddressStanding.State
    /// Nil for an address that works.
    package var advice: AdviceContext?

    package init(names: [String], address: String, state: AddressStanding.State, advice: AdviceContext?) {
      self.names = names
      self.address = address
      self.state = state
      self.advice = advice
    }
  }

  /// What other mail servers reported of mail in the school's name.
  package struct Proof: Sendable {
    package struct Source: Sendable {
      package var server: String
      package var passed: Int
      package var failed: Int
      package var stopped: Int

      package init(server: String, passed: Int, failed: Int, stopped: Int) {
        self.server = server
        self.passed = passed
        self.failed = failed
        self.stopped = stopped
      }
    }

    /// Messages, and sessions of TLS.
    package var passed: Int
    package var failed: Int
    package var sources: [Source]
    package var tlsPassed: Int
    package var tlsFailed: Int
    /// `certificate-expired: 12`
    package var tlsFailures: [String]

    package init(
      passed: Int, failed: Int, sources: [Source], tlsPassed: Int, tlsFailed: Int, tlsFailures: [String]
    ) {
      self.passed = passed
      self.failed = failed
      self.sources = sources
      self.tlsPassed = tlsPassed
      self.tlsFailed = tlsFailed
      self.tlsFailures = tlsFailures
    }
  }

  package var schoolName: String
  package var language: Language
  package var timeZone: TimeZone
  package var report: DeliverabilityReport
  package var families: [Family]
  /// Families without trouble.
  package var wholeFamilies: Int
  /// Nil where nobody reported anything.
  package var proof: Proof?

  package init(
    schoolName: String, language: Language, timeZone: TimeZone, report: DeliverabilityReport, families: [Family],
    wholeFamilies: Int, proof: Proof?
  ) {
    self.schoolName = schoolName
    self.language = language
    self.timeZone = timeZone
    self.report = report
    self.families = families
    self.wholeFamilies = wholeFamilies
    self.proof = proof
  }

  static let names: Set<String> = [
    "from", "to", "total", "accepted", "waiting", "lost", "withheld", "periodChart", "providerChart", "svg",
    "providers", "provider", "reasons", "held", "families", "reach", "members", "state", "todo", "wholeFamilies",
    "proof", "sources", "server", "passed", "stopped", "tlsPassed", "tlsFailed", "tlsFailures", "tls", "last",
    "part", "doubtful", "broken", "working", "nobody", "lines", "hasFamilies",
  ]

  private func day(_ date: Date) -> String { LocalDate.text(date, .day, language, timeZone) }

  fileprivate func values(_ templates: Templates) -> [String: Any] {
    var values: [String: Any] = [
      "school": schoolName, "language": language.rawValue, "from": day(report.since),
      "to": LocalDate.text(report.until, .moment, language, timeZone), "wholeFamilies": wholeFamilies,
      "periodChart": [
        "svg": Chart.columns(
          report.periods.map { (LocalDate.text($0.start, .short, language, timeZone), $0.tally) })
      ],
      "hasFamilies": !families.isEmpty, "families": families.map { self.values($0, templates) },
    ]
    values.merge(numbers(report.total)) { first, _ in first }
    let providers = report.providers.map { ($0, templates.providerName($0.provider, language)) }
    values["providers"] = providers.map { self.values($0.0, named: $0.1, templates) }
    values["providerChart"] = [
      "svg": Chart.bars(providers.filter { $0.0.tally.total > 0 }.map { ($0.1, $0.0.tally) })
    ]
    values["proof"] = proof.map { self.values($0) }
    return values
  }

  private func numbers(_ tally: DeliveryTally) -> [String: Any] {
    [
      "total": tally.total - tally.cancelled, "accepted": tally.accepted, "waiting": tally.waiting,
      "lost": tally.failed,
      "withheld": tally.withheld,
    ]
  }

  private func values(
    _ line: DeliverabilityReport.ProviderLine, named name: String, _ templates: Templates
  ) -> [String: Any] {
    var values = numbers(line.tally)
    values["provider"] = name
    values["held"] = line.heldSince.map { ["since": LocalDate.text($0, .moment, language, timeZone)] }
    values["reasons"] = line.reasons.map { reason in
      ["count": reason.count, "reason": templates.reason(reason.reason, language)] as [String: Any]
    }
    return values
  }

  private func values(_ family: Family, _ templates: Templates) -> [String: Any] {
    let reach =
      switch family.reach {
      case .none: "nobody"
      case .doubtful: "doubtful"
      case .part, .whole: "part"
      }
    return [
      "pupils": family.pupils.joined(separator: ", "), "reach": [reach: true],
      "members": family.members.map { member in
        var values: [String: Any] = [
          "names": member.names.joined(separator: ", "), "address": member.address,
          "state": [member.state.rawValue: true],
        ]
        values["todo"] = member.advice.map { templates.steps($0) }
        return values
      },
    ]
  }

  private func values(_ proof: Proof) -> [String: Any] {
    var values: [String: Any] = [
      "passed": proof.passed, "lost": proof.failed,
      "sources": proof.sources.map {
        ["server": $0.server, "passed": $0.passed, "lost": $0.failed, "stopped": $0.stopped] as [String: Any]
      },
    ]
    if proof.tlsPassed + proof.tlsFailed > 0 {
      var tls: [String: Any] = ["tlsPassed": proof.tlsPassed, "tlsFailed": proof.tlsFailed]
      if !proof.tlsFailures.isEmpty { tls["tlsFailures"] = proof.tlsFailures.joined(separator: ", ") }
      values["tls"] = tls
    }
    return values
  }
}

extension Templates {
  /// HTML, whole. Pure, as all rendering.
  package func render(_ page: ReportPage) -> String { render("report.html", page.values(self), page.language) }

  /// `mailbox vol`
  func reason(_ reason: String, _ language: Language) -> String {
    let known = AdviceContext.reasons.contains(reason) ? reason : "unknown"
    return line("reason.txt", ["failed": [AdviceContext.camel(known): true]], language)
  }

  /// `Hotmail en Outlook.com`; for a provider without wording its own name, for none that of all others.
  func providerName(_ provider: String?, _ language: Language) -> String {
    let known = provider.map { AdviceContext.providers.contains($0) } ?? false
    if let provider, !known { return provider }
    let name = provider == nil ? "others" : provider ?? ""
    return line("provider-label.txt", ["at": [AdviceContext.camel(name): true]], language)
  }
}
