import ArgumentParser
import Foundation
import Gateway
import School
import Store

struct Import: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Reads who is who at the school, and test results: shows what would change, and does it with --apply.",
    discussion: """
      First edexml, the pupil administration's export of groups, pupils and staff; then carers, the school's CSV file of \
      parents; and, as often as there are some, results, test results for parents. The same file again changes nothing. A row in error is named by its line, and the others go on.

      \(Exit.documentation)
      """, subcommands: [EDEXML.self, Carers.self, ImportResults.self])

  struct EDEXML: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "edexml", abstract: "Groups, pupils and staff from EDEXML 2.x, bare or in UWLR's envelope.",
      discussion: "Numbers of citizens, origin and weights are dropped as the file is read.")
    @OptionGroup var options: ImportOptions

    func run() async throws {
      try await options.run { data, directory in
        let read = try EDEXMLReader.read(data)
        return ImportOptions.Planned(plan: RosterPlan.of(read.roster, against: directory), problems: read.problems)
      }
    }
  }

  struct Carers: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "carers", abstract: "Parents and other carers from a CSV file.",
      discussion: """
        The first row names the columns, in Dutch or English: name (or voornaam, tussenvoegsel, achternaam), e-mail, \
        leerlingnummers, and if you like code, taal (nl, fy, en), gezag (ja, op verzoek, nee), and telefoon, straat (or \
        adres), huisnummer, postcode and woonplaats, which parents may show on the class list. A column that is not there \
        leaves what is known; an empty cell takes it away. A column with another name is not used, and told of. \
        Separated by ; , or tab.
        """)
    @OptionGroup var options: ImportOptions

    func run() async throws {
      try await options.run { data, directory in
        let read = try CarerFileReader.read(data, pupils: directory.pupils)
        // A row in error may be somebody who is known: nobody is removed on its account.
        return ImportOptions.Planned(
          plan: RosterPlan.of(carers: read.carers, against: directory, keepsAbsent: !read.problems.isEmpty),
          problems: read.problems, unused: read.unused)
      }
    }
  }
}

struct ImportOptions: ParsableArguments {
  @Argument(help: "The file to read.", completion: .file())
  var file: String

  @OptionGroup var school: SchoolOption

  @Flag(help: "Do it; without this nothing changes.")
  var apply = false

  @Flag(help: "Let more than a third of those who are known go; such a file is mostly the wrong one.")
  var allowRemovals = false

  @Flag(help: "Print one JSON object.")
  var json = false

  struct Planned {
    let plan: RosterPlan
    let problems: [ImportProblem]
    var unused: [UnusedColumn] = []

    /// Why it is not applied, however well the file was read; nil where it may be.
    func refusal(allowsRemovals: Bool) -> String? {
      guard plan.removesTooMany, !allowsRemovals else { return nil }
      return """
        \(plan.removed) of \(plan.known) would go: nothing was changed. If the file is right, add --allow-removals
        """
    }
  }

  /// Plans by what is known, shows the plan, and applies it where that was asked for.
  func run(_ plan: (Data, Directory) throws -> Planned) async throws {
    do {
      let configuration = try SchoolConfiguration.load(folder: school.folder(), logsIn: false)
      // One octet more, by which a file is known that is too long.
      let data = try GivenFile.require(file, upTo: ImportLimits.fileOctets + 1)
      // Without --apply nothing changes, not even that there is a store.
      let store =
        apply
        ? try await SchoolStore.open(folder: configuration.folder, access: .shared).store
        : try await SchoolStore.openToRead(folder: configuration.folder)
      let planned = try plan(data, try await store?.directory() ?? Directory())
      let refusal = planned.refusal(allowsRemovals: allowRemovals)
      let isApplied = apply && refusal == nil
      if isApplied { try await store?.apply(planned.plan.changes, defaultLanguage: configuration.settings.language) }
      try show(planned, isApplied: isApplied, refusal: refusal)
      // Also without --apply: whoever plays it first is to know what will come of it.
      if let refusal { throw CommandFailure(Exit.badData, refusal) }
      if !planned.problems.isEmpty { throw Exit.failed }
    } catch let error as ImportFailure {
      throw CommandFailure(Exit.badData, "\(file): \(error)")
    }
  }

  private struct Shown: Encodable {
    let applied: Bool
    let differences: [RosterPlan.Difference]
    let problems: [ImportProblem]
    let unusedColumns: [UnusedColumn]
    let refusal: String?
  }

  private func show(_ planned: Planned, isApplied: Bool, refusal: String?) throws {
    if json {
      return try Output.json(
        Shown(
          applied: isApplied, differences: planned.plan.differences, problems: planned.problems,
          unusedColumns: planned.unused, refusal: refusal))
    }
    Output.line(planned.plan.text)
    for problem in planned.problems { Output.complain("\(file):\(problem.line): \(problem.reason)") }
    for column in planned.unused {
      let meant = column.near.map { ": did you mean \($0)?" } ?? ""
      Output.complain("\(file): the column \(column.title) is not used\(meant)")
    }
    if isApplied {
      Output.line("applied")
    } else if refusal == nil, !planned.plan.changes.isEmpty {
      Output.line("nothing was changed yet: do it with --apply")
    }
  }
}
