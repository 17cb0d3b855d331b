import ArgumentParser
import Deliverability
import Foundation
import Gateway
import Store

struct ReportAuthentication: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "authentication",
    abstract: "Sums up what other mail servers report of mail in the school's name (DMARC, TLS).",
    discussion: """
      DMARC counts messages, TLS counts connections. A server that you do not know sends in the school's name, or is a \
      service of the school without SPF and DKIM.

      \(Exit.documentation)
      """)

  @OptionGroup var school: SchoolOption
  @OptionGroup var period: ReportPeriod
  @Flag(help: "Print one JSON object.")
  var json = false

  func run() async throws {
    try await school.withStore { store in
      let summary = try await AuthenticationReader(store: store).summary(since: period.since(Date()))
      if json { try Output.json(summary) } else { Output.line(summary.readable) }
    }
  }
}

extension AuthenticationSummary {
  fileprivate var readable: String {
    guard !isEmpty else { return "No reports. Publish a DMARC record with rua=: postplein check --dns shows one." }
    let reporters = { (title: String, reporters: [Reporter]) in
      reporters.map {
        "\(title) by \($0.organisation): \($0.passed) passed, \($0.failed) failed, \($0.reports) reports"
      }
    }
    var lines = reporters("DMARC", dmarc)
    lines += sources.map {
      "  sent by \($0.sourceIP): \($0.passed) passed, \($0.failed) failed, \($0.stopped) of them stopped"
    }
    if failureReports > 0 { lines.append("DMARC reports of single messages that failed: \(failureReports)") }
    lines += reporters("TLS", tls)
    lines += tlsFailures.map { "  \($0.count) × \($0.type)\($0.mailServer.map { " at \($0)" } ?? "")" }
    return lines.joined(separator: "\n")
  }
}
