import ArgumentParser
import Foundation
import Gateway
import School
import Store

struct ReportFamilies: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "families", abstract: "Lists the families, those that mail does not reach first.",
    discussion: """
      Behind each name: whether the first mail was answered (active), is out (asked), stayed without answer (unanswered) \
      or was never sent (new). none: no address of the family works. doubtful: mail failed of late, or the first mail was never answered. part: \
      one parent is reached, another is not. whole: nothing is wrong, as far as servers tell.

      \(Exit.documentation)
      """)

  @OptionGroup var school: SchoolOption
  @OptionGroup var period: ReportPeriod
  @Flag(help: "Show only families with trouble.")
  var trouble = false
  @Flag(help: "Print one JSON object a line and a family.")
  var json = false

  func run() async throws {
    let configuration = try SchoolConfiguration.load(folder: try school.folder(), logsIn: false)
    try await school.withStore { store in
      let now = Date()
      let directory = try await store.directory()
      let report = try await ReportReader(store: store, timeZone: configuration.settings.timeZone)
        .report(since: period.since(now), until: now)
      let lines = report.families.filter { !trouble || $0.reach != .whole }.map { FamilyReportLine($0, directory) }
      if lines.isEmpty, !json { Output.line(trouble ? "No family has trouble." : "No families.") }
      for line in lines { if json { try Output.json(line) } else { Output.line(line.readable) } }
    }
  }
}

/// One family.
struct FamilyReportLine: Encodable {
  struct Member: Encodable {
    let address: String
    let names: [String]
    /// `working`, `doubtful`, `broken`.
    let standing: String
    /// `new`, `asked`, `unanswered`, `active`.
    let activation: String
    let reason: String?
    let actor: String?
    let words: String?
    let mails: DeliveryTally
    let lastAccepted: Date?
    let lastAnswered: Date?
  }

  let pupils: [String]
  /// `none`, `doubtful`, `part`, `whole`.
  let reach: String
  let members: [Member]

  init(_ line: DeliverabilityReport.FamilyLine, _ directory: Directory) {
    pupils = line.family.pupils.map(\.name)
    reach = line.reach.rawValue
    members = line.members.map { member in
      let failure = member.standing.state == .working ? nil : member.standing.failure
      return Member(
        address: directory.accounts[member.account]?.mailAddress ?? "", names: directory.names(of: member.account),
        standing: member.standing.state.rawValue, activation: member.activation?.rawValue ?? "new",
        reason: failure?.reason, actor: failure?.actor,
        words: failure?.words, mails: member.tally, lastAccepted: member.lastAccepted,
        lastAnswered: member.lastAnswered)
    }
  }

  var readable: String {
    let lines = members.map { member in
      let why = member.reason.map { ": \($0), \(Output.turn(member.actor ?? "?"))" } ?? ""
      let last = member.lastAccepted.map { ", last accepted \($0.readable)" } ?? ""
      let answered = member.lastAnswered.map { ", last wrote \($0.readable)" } ?? ""
      return "  \(member.standing) \(member.address) (\(member.names.joined(separator: ", ")); \(member.activation)), "
        + "\(member.mails.accepted) of \(member.mails.total) accepted\(last)\(answered)\(why)"
    }
    return (["\(reach): \(pupils.joined(separator: ", "))"] + lines).joined(separator: "\n")
  }
}
