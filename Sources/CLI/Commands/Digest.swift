import ArgumentParser
import Foundation
import Gateway
import Store

struct Digest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes the digests that wait now, whatever the hour; a running gateway sends them.",
    discussion: Exit.documentation)

  @OptionGroup var school: SchoolOption
  @OptionGroup var installation: Installation
  @Flag(help: "Print one JSON object.")
  var json = false

  func run() async throws {
    let service = SchoolService(
      folder: try school.folder(), templates: try installation.templatesFolder(), log: LoggingOptions.quiet)
    let opened = try await service.open()
    let (store, keys) = try await SchoolStore.open(folder: service.folder, access: .shared)
    let gateway = SchoolGateway(
      settings: opened.configuration.settings, store: store, templates: opened.templates, keys: keys,
      log: LoggingOptions.quiet)
    let count = try await DigestClock(gateway: gateway).makeDue(regardlessOfHour: true)
    if json { try Output.json(["digests": count]) } else { Output.line("\(count) digests made") }
  }
}
