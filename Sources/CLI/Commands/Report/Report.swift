import ArgumentParser
import Foundation
import Gateway
import Rendering
import School
import Store

struct Report: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tells whom the school's mail reaches and whom not, and why.",
    subcommands: [
      ReportMessages.self, ReportFamilies.self, ReportProviders.self, ReportTimes.self, ReportPerson.self,
      ReportAuthentication.self, ReportWritePage.self,
    ], defaultSubcommand: ReportMessages.self)
}

/// How far back a report looks.
struct ReportPeriod: ParsableArguments {
  @Option(help: "Look at the mails of so many days, 1 to 3660.")
  var days = 30

  func validate() throws {
    guard (1...3660).contains(days) else { throw ValidationError("--days is a number from 1 to 3660.") }
  }

  func since(_ now: Date) -> Date { now.addingTimeInterval(-Double(days) * 86_400) }
}

/// A school's configuration, with its templates: for what is written in people's own language.
struct PageWriter {
  let configuration: SchoolConfiguration
  let templates: Templates

  init(_ school: SchoolOption, _ installation: Installation) throws {
    configuration = try SchoolConfiguration.load(folder: try school.folder(), logsIn: false)
    do {
      templates = try Templates.load(
        directory: try installation.templatesFolder(), overrides: configuration.templateOverrides)
    } catch let error as TemplateError { throw CommandFailure(Exit.configuration, error.description) }
  }

  func language(_ word: String?) throws -> Language {
    guard let word else { return configuration.settings.language }
    guard let language = Language(rawValue: word) else { throw ValidationError("--language is nl, fy or en.") }
    return language
  }
}

struct ReportWritePage: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "page",
    abstract: "Writes the whole report as one HTML page that prints well: no scripts, nothing from elsewhere.",
    discussion: "The page names parents; only its owner can read the file.\n\n\(Exit.documentation)")

  @OptionGroup var school: SchoolOption
  @OptionGroup var installation: Installation
  @OptionGroup var period: ReportPeriod
  @Argument(help: "The file to write; - is standard output.", completion: .file())
  var file: String
  @Option(help: "nl, fy or en; the default is the school's language.")
  var language: String?

  func run() async throws {
    let writer = try PageWriter(school, installation)
    let language = try writer.language(language)
    try await school.withStore { store in
      let now = Date()
      let page = try await ReportPages(settings: writer.configuration.settings, store: store)
        .report(since: period.since(now), until: now, language: language)
      try Written.write(Data(writer.templates.render(page).utf8), to: file)
      if file != Written.standardOutput { Output.line("written: \(file)") }
    }
  }
}
