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
        return (RosterPlan.of(read.roster, against: directory), read.problems)
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
        leaves what is known; an empty cell takes it away. Separated by ; , or tab.
        """)
    @OptionGroup var options: ImportOptions

    func run() async throws {
      try await options.run { data, directory in
        let read = try CarerFileReader.read(data, pupils: directory.pupils)
        // A row in error may be somebody who is known: nobody is removed on its account.
        return (
          RosterPlan.of(carers: read.carers, against: directory, keepsAbsent: !read.problems.isEmpty), read.problems
        )
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

  /// Plans by what is known, shows the plan, and applies it where that was asked for.
  func run(_ plan: (Data, Directory) throws -> (RosterPlan, [ImportProblem])) async throws {
    do {
      let configuration = try SchoolConfiguration.load(folder: school.folder(), logsIn: false)
      guard let data = FileManager.default.contents(atPath: file) else {
        throw CommandFailure(Exit.inputOutput, "\(file) cannot be read")
      }
      // Without --apply nothing changes, not even that there is a store.
      let store =
        apply
        ? try await SchoolStore.open(folder: configuration.folder, access: .shared).store
        : try await SchoolStore.openToRead(folder: configuration.folder)
      let (plan, problems) = try plan(data, try await store?.directory() ?? Directory())
      let mayApply = apply && (allowRemovals || !plan.removesTooMany)
      if mayApply { try await store?.apply(plan.changes, defaultLanguage: configuration.settings.language) }
      try show(plan, problems, isApplied: mayApply)
      if apply, !mayApply {
        throw CommandFailure(
          Exit.badData,
          "\(plan.removed) of \(plan.known) would go: nothing was changed. If the file is right, add --allow-removals")
      }
      if !problems.isEmpty { throw Exit.failed }
    } catch let error as ImportFailure {
      throw CommandFailure(Exit.badData, "\(file): \(error)")
    }
  }

  private struct Shown: Encodable {
    let applied: Bool
    let differences: [RosterPlan.Difference]
    let problems: [ImportProblem]
  }

  private func show(_ plan: RosterPlan, _ problems: [ImportProblem], isApplied: Bool) throws {
    if json {
      return try Output.json(Shown(applied: isApplied, differences: plan.differences, problems: problems))
    }
    Output.line(plan.text)
    for problem in problems { Output.complain("\(file):\(problem.line): \(problem.reason)") }
    if isApplied {
      Output.line("applied")
    } else if !apply, !plan.changes.isEmpty {
      Output.line("nothing was changed yet: do it with --apply")
    }
  }
}
