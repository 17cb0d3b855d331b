import ArgumentParser
import Foundation
import Gateway
import School
import Store

struct ReportTimes: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "times", abstract: "Tells how the mails of each hour, day or week fared.",
    discussion: Exit.documentation)

  @OptionGroup var school: SchoolOption
  @OptionGroup var period: ReportPeriod
  @Option(help: "hour, day or week, in the school's time zone.")
  var by: ReportReader.Step = .day
  @Flag(help: "Print one JSON object a line and a period.")
  var json = false

  func run() async throws {
    let configuration = try SchoolConfiguration.load(folder: try school.folder(), logsIn: false)
    try await school.withStore { store in
      let now = Date()
      let report = try await ReportReader(store: store, timeZone: configuration.settings.timeZone)
        .report(since: period.since(now), until: now, step: by)
      // Hours and days without mail say nothing to a reader; a program may want them.
      for entry in report.periods where json || entry.tally.total > 0 {
        let line = PeriodReportLine(start: entry.start, mails: entry.tally)
        if json {
          try Output.json(line)
        } else {
          Output.line("\(entry.start.readable(in: configuration.settings.timeZone)): \(entry.tally.readable)")
        }
      }
      if report.total.total == 0, !json { Output.line("No mail.") }
    }
  }
}

struct PeriodReportLine: Encodable {
  let start: Date
  let mails: DeliveryTally
}

extension ReportReader.Step: ExpressibleByArgument {}
