import ArgumentParser
import Foundation
import Gateway
import School
import Store

struct ReportProviders: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "providers", abstract: "Tells how each mail provider treats the school's mail.",
    discussion: Exit.documentation)

  @OptionGroup var school: SchoolOption
  @OptionGroup var period: ReportPeriod
  @Flag(help: "Print one JSON object a line and a provider.")
  var json = false

  func run() async throws {
    let configuration = try SchoolConfiguration.load(folder: try school.folder(), logsIn: false)
    try await school.withStore { store in
      let now = Date()
      let report = try await ReportReader(store: store, timeZone: configuration.settings.timeZone)
        .report(since: period.since(now), until: now)
      if report.providers.isEmpty, !json { Output.line("No mail.") }
      for provider in report.providers {
        let line = ProviderReportLine(provider)
        if json { try Output.json(line) } else { Output.line(line.readable) }
      }
    }
  }
}

/// All mail to one provider.
struct ProviderReportLine: Encodable {
  struct Reason: Encodable {
    let reason: String
    let actor: String
    let count: Int
  }

  /// `outlook-consumer`, `kpn`, …; `other` for all domains whose provider is not known.
  let provider: String
  let mails: DeliveryTally
  /// Of mails that failed or were put off.
  let reasons: [Reason]
  let heldSince: Date?

  init(_ line: DeliverabilityReport.ProviderLine) {
    provider = line.provider ?? "other"
    mails = line.tally
    reasons = line.reasons.map { Reason(reason: $0.reason, actor: $0.actor, count: $0.count) }
    heldSince = line.heldSince
  }

  var readable: String {
    let held = heldSince.map { ["  all mail there waits since \($0.readable)"] } ?? []
    let why = reasons.map { "  \($0.count) × \($0.reason): \(Output.turn($0.actor))" }
    return (["\(provider): \(mails.readable)"] + held + why).joined(separator: "\n")
  }
}

extension DeliveryTally {
  /// `12 mails: 10 accepted, 2 failed`
  var readable: String {
    let parts = [
      (accepted, "accepted"), (waiting, "waiting"), (failed, "failed"), (withheld, "withheld"),
      (cancelled, "cancelled"),
    ]
    let counted = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    return "\(total) mails\(counted.isEmpty ? "" : ": ")\(counted.joined(separator: ", "))"
  }
}
