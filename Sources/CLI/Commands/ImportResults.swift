import ArgumentParser
import Foundation
import Gateway
import School
import Store

struct ImportResults: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "results", abstract: "Test results from a CSV file; parents are told that there is something new.",
    discussion: """
      The first row names the columns, in Dutch or English: leerlingnummer, vak (or toets, or both), datum (or afname), \
      and score (or vaardigheidsscore), niveau, groepsgemiddelde, opmerking and leerkracht, of which one result at least. \
      Separated by ; , or tab. A pupil is known by the number alone. The same pupil, vak, toets and date again is a \
      correction, and what it was is kept; the same row again is nothing. Each account with custody gets one mail a \
      child, in which no result stands. No result is shown here either. A result that should not be there is taken \
      back by the same row and --take-back.

      \(Exit.documentation)
      """)

  @Argument(help: "The file to read.", completion: .file())
  var file: String

  @OptionGroup var school: SchoolOption
  @OptionGroup var installation: Installation

  @Flag(help: "Do it, and mail the parents; without this nothing changes.")
  var apply = false

  @Flag(help: "Take the results of this file back; nobody is mailed.")
  var takeBack = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() async throws {
    let service = SchoolService(
      folder: try school.folder(), templates: try installation.templatesFolder(), log: LoggingOptions.quiet)
    let opened = try await service.open()
    do {
      // One octet more, by which a file is known that is too long.
      let data = try GivenFile.require(file, upTo: ImportLimits.fileOctets + 1)
      let taken = try await apply ? take(data, service.folder, opened) : plan(data, service.folder, opened)
      try show(taken)
      if !taken.problems.isEmpty { throw Exit.failed }
    } catch let error as ImportFailure {
      throw CommandFailure(Exit.badData, "\(file): \(error)")
    }
  }

  /// Without --apply nothing changes, not even that there is a store.
  private func plan(
    _ data: Data, _ folder: URL, _ opened: SchoolService.Opened
  ) async throws -> ResultsImport.Taken {
    try await ResultsImport.plan(
      data, store: try await SchoolStore.openToRead(folder: folder), timeZone: opened.configuration.settings.timeZone,
      withdraws: takeBack, at: Date())
  }

  private func take(
    _ data: Data, _ folder: URL, _ opened: SchoolService.Opened
  ) async throws -> ResultsImport.Taken {
    let (store, keys) = try await SchoolStore.open(folder: folder, access: .shared)
    let gateway = SchoolGateway(
      settings: opened.configuration.settings, store: store, templates: opened.templates, keys: keys,
      log: LoggingOptions.quiet)
    return try await ResultsImport(gateway: gateway).take(data, withdraws: takeBack)
  }

  private struct Shown: Encodable {
    struct Line: Encodable {
      let kind: ResultsPlan.Kind
      let pupil, subject, test, date: String
      let parts: [TestResult.Part]
    }

    let applied: Bool
    let differences: [Line]
    let unchanged, announcements: Int
    let problems: [ImportProblem]
  }

  private func show(_ taken: ResultsImport.Taken) throws {
    if json {
      let lines = taken.plan.differences.map {
        Shown.Line(
          kind: $0.kind, pupil: $0.result.pupil.rawValue, subject: $0.result[.subject], test: $0.result[.test],
          date: $0.result.day.text, parts: $0.parts)
      }
      return try Output.json(
        Shown(
          applied: apply, differences: lines, unchanged: taken.plan.unchanged, announcements: taken.announcements,
          problems: taken.problems))
    }
    Output.line(taken.plan.text)
    for problem in taken.problems { Output.complain("\(file):\(problem.line): \(problem.reason)") }
    if apply {
      Output.line("applied; \(taken.announcements) mails tell that there is something new")
    } else if !taken.plan.differences.isEmpty {
      Output.line("nothing was changed yet: do it with --apply")
    }
  }
}
