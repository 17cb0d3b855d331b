import ArgumentParser
import Foundation
import Gateway
import School
import Store

struct Activate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "activation", abstract: "Shows who has answered their activation mail, and sends it again.",
    subcommands: [ActivationList.self, ActivationSend.self], defaultSubcommand: ActivationList.self)
}

struct ActivationList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the parents, each with the state of their activation.",
    discussion: """
      new: not asked yet. asked: the mail is on its way or waits for an answer. unanswered: for three days; it probably \
      lies among spam. active: they answered JA, or wrote to the school.

      \(Exit.documentation)
      """)

  @OptionGroup var school: SchoolOption
  @Flag(help: "Print one JSON object a line and a parent.")
  var json = false

  func run() async throws {
    try await school.withStore { store in
      let directory = try await store.directory()
      for record in try await store.activations() {
        let line = ActivationLine(record, directory)
        if json { try Output.json(line) } else { Output.line(line.readable) }
      }
    }
  }
}

struct ActivationLine: Encodable {
  let address: String
  let names: [String]
  let pupils: [String]
  /// `new`, `asked`, `unanswered`, `active`.
  let state: String
  let since: Date?

  init(_ record: ActivationRecord, _ directory: Directory) {
    address = directory.accounts[record.account]?.mailAddress ?? "\(record.account)"
    names = directory.names(of: record.account)
    pupils = directory.pupils(of: record.account).map(\.name)
    state = record.state?.rawValue ?? "new"
    since = record.since
  }

  var readable: String {
    let when = since.map { " since \($0.readable)" } ?? ""
    return "\(state)\(when): \(address) (\(names.joined(separator: ", ")); \(pupils.joined(separator: ", ")))"
  }
}

struct ActivationSend: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "send", abstract: "Sends a parent a new activation mail.",
    discussion: "A running gateway sends it within seconds; else the next one does.\n\n\(Exit.documentation)")

  @OptionGroup var school: SchoolOption
  @OptionGroup var installation: Installation
  @Argument(help: "The parent's address.")
  var address: String

  func run() async throws {
    let service = SchoolService(
      folder: try school.folder(), templates: try installation.templatesFolder(), log: LoggingOptions.quiet)
    let opened = try await service.open()
    let (store, keys) = try await SchoolStore.open(folder: service.folder, access: .shared)
    let account = try await store.known(address)
    try await requireAskable(account.id, store)
    let gateway = SchoolGateway(
      settings: opened.configuration.settings, store: store, templates: opened.templates, keys: keys,
      log: LoggingOptions.quiet)
    try await ActivationWatch(gateway: gateway).ask(account.id)
    Output.line("a new activation mail to \(address) is on its way")
  }

  /// Whoever is active would count as asked again, and as silent after three days; and staff are asked nothing.
  private func requireAskable(_ account: AccountID, _ store: Store) async throws {
    guard let record = try await store.activations().first(where: { $0.account == account }) else {
      throw CommandFailure(Exit.badData, "\(address) is no parent's: only parents get an activation mail")
    }
    guard record.state != .active else {
      throw CommandFailure(Exit.badData, "\(address) is active already: nothing was sent")
    }
  }
}
