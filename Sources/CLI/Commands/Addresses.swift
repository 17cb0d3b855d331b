import ArgumentParser
import Deliverability
import Foundation
import Gateway
import Logging
import Mail
import Printing
import Rendering
import School
import Store

struct Addresses: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows whose mail does not arrive, what to do about it, and switches addresses on again.",
    subcommands: [AddressList.self, AddressAdvise.self, AddressReactivate.self], defaultSubcommand: AddressList.self)
}

struct AddressList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists the addresses to which mail failed, the worst first.",
    discussion: """
      broken: no longer mailed, but for urgent mail and a probe every two weeks. doubtful: mail failed of late, or the first \
      mail was never answered. \
      working: it failed once, and works again.

      \(Exit.documentation)
      """)

  @OptionGroup var school: SchoolOption
  @Flag(help: "Print one JSON object a line and an address.")
  var json = false

  func run() async throws {
    try await school.withStore { store in
      let directory = try await store.directory()
      let configuration = try SchoolConfiguration.load(folder: try school.folder(), logsIn: false)
      let standings = try await ReportReader(store: store, timeZone: configuration.settings.timeZone).knownStandings()
      if standings.isEmpty, !json { Output.line("No mail has failed.") }
      for (account, standing) in standings.sorted(by: { ($1.value.score, $0.key) < ($0.value.score, $1.key) }) {
        let line = StandingLine(account, standing, directory)
        if json { try Output.json(line) } else { Output.line(line.readable) }
      }
    }
  }
}

/// One address to which mail failed.
struct StandingLine: Encodable {
  let address: String
  let names: [String]
  /// `broken`, `doubtful`, `working`.
  let standing: String
  /// 0 for an address that works, to 10.
  let score: Int
  let reason: String?
  let actor: String?
  let words: String?
  let failedAt: Date?

  init(_ account: AccountID, _ standing: AddressStanding, _ directory: Directory) {
    address = directory.accounts[account]?.mailAddress ?? "\(account)"
    names = directory.names(of: account)
    self.standing = standing.state.rawValue
    score = standing.score
    reason = standing.failure?.reason
    actor = standing.failure?.actor
    words = standing.failure?.words
    failedAt = standing.failedAt
  }

  var readable: String {
    let why = [reason, actor.map(Output.turn), words].compactMap(\.self).joined(separator: ", ")
    let who = names.isEmpty ? "" : " (\(names.joined(separator: ", ")))"
    return "\(standing) \(address)\(who), score \(score), \(failedAt?.readable ?? "never"): \(why)"
  }
}

struct AddressReactivate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reactivate", abstract: "Lets mail go to an address again, as if none had ever failed.",
    discussion: Exit.documentation)

  @OptionGroup var school: SchoolOption
  @Argument(help: "The address.")
  var address: String

  func run() async throws {
    try await school.withWritableStore { store in
      let account = try await store.known(address).id
      let isWorking = try await store.standing(of: account).state == .working
      try await store.reactivate(account)
      Output.line(
        isWorking ? "nothing was wrong with \(address): it is mailed as before" : "\(address) is mailed again")
    }
  }
}

struct AddressAdvise: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "advise",
    abstract: "Says why mail to an address fails and who must do what; makes a letter for the pupil's bag.",
    discussion: """
      Mail that was accepted and not answered for three days is taken to lie in a spam folder; of who ever answered \
      nothing is wrong, as of who was mailed since.

      \(Exit.documentation)
      """)

  @OptionGroup var school: SchoolOption
  @OptionGroup var installation: Installation
  @Argument(help: "The address.")
  var address: String
  @Option(help: "nl, fy or en; the default is the language of the address's owner.")
  var language: String?
  @Option(
    help: "Write the letter to this file, as PDF for a window envelope; - is standard output.", completion: .file())
  var letter: String?
  @Option(help: "Write the school's address to this file, as a vCard for parents' contacts; - is standard output.")
  var vcard: String?
  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard letter != Written.standardOutput || vcard != Written.standardOutput else {
      throw ValidationError("Only one of --letter and --vcard can go to standard output.")
    }
  }

  func run() async throws {
    try await school.withStore { store in
      let writer = try PageWriter(school, installation)
      let settings = writer.configuration.settings
      let directory = try await store.directory()
      let account = try await store.known(address)
      guard let language = self.language.map(Language.init(rawValue:)) ?? account.language else {
        throw ValidationError("--language is nl, fy or en.")
      }
      let failure = try await Self.failure(account, store, settings)
      guard
        let context = AddressAdvice(settings: settings, directory: directory)
          .context(account.id, failure, language: language)
      else { return }
      let advice = writer.templates.render(context)
      if let letter { try Written.write(Self.letter(advice, context, settings).pdf() ?? Data(), to: letter) }
      if let vcard { try Written.write(Data(settings.vCard.utf8), to: vcard) }
      if [letter, vcard].contains(Written.standardOutput) { return }
      if json {
        try Output.json(AdviceLine(address: account.mailAddress, failure: failure, advice: advice, context: context))
      } else {
        Output.line("\(advice.text)\n\n“\(advice.phoneLine)”")
      }
    }
  }

  private static func failure(
    _ account: Account, _ store: Store, _ settings: SchoolSettings
  ) async throws -> AddressFailure {
    let standings = try await ReportReader(store: store, timeZone: settings.timeZone).knownStandings()
    if let failure = standings[account.id]?.failure { return failure }
    guard try await store.latestDelivery(to: account.mailAddress, after: .distantPast) != nil else {
      throw CommandFailure(Exit.failed, "no mail to \(account.mailAddress) was accepted or failed yet")
    }
    try await requireSilence(account, store)
    let provider = MailAddress(account.mailAddress).flatMap { Provider.of(domain: $0.domain) }
    return AddressFailure(
      reason: AddressFailure.perhapsSpam, provider: provider, actor: AddressFailure.parent, words: "")
  }

  /// Accepted mail is taken to lie among spam only where nobody answered for as long as an activation may take.
  private static func requireSilence(_ account: Account, _ store: Store) async throws {
    let history = try await store.history(of: account.id, limit: 200)
    guard history.activation?.state != .active, history.answers.isEmpty else {
      throw CommandFailure(
        Exit.failed, "nothing is wrong: \(account.mailAddress) answered the school, and no mail to it fails")
    }
    let patience = SchoolPolicy.activationPatience
    let since = Date().addingTimeInterval(-patience)
    guard history.mails.contains(where: { $0.delivery.status == .accepted && $0.delivery.createdAt < since }) else {
      throw CommandFailure(
        Exit.failed,
        "nothing is wrong: mail to \(account.mailAddress) was accepted, less than \(Int(patience / 86_400)) days ago; "
          + "look again when there is no answer by then")
    }
  }

  private static func letter(_ advice: RenderedAdvice, _ context: AdviceContext, _ settings: SchoolSettings) -> Letter {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: context.language == .english ? "en_GB" : "\(context.language.rawValue)_NL")
    formatter.timeZone = settings.timeZone
    formatter.dateFormat = "d MMMM yyyy"
    return Letter(
      sender: settings.name, recipient: context.names + context.pupils, date: formatter.string(from: Date()),
      subject: advice.letterSubject, body: advice.letterBody)
  }
}

struct AdviceLine: Encodable {
  let address: String
  let reason: String
  let provider: String?
  let actor: String
  let correction: String?
  let text: String
  let phoneLine: String

  init(address: String, failure: AddressFailure, advice: RenderedAdvice, context: AdviceContext) {
    self.address = address
    reason = failure.reason
    provider = failure.provider
    actor = failure.actor
    correction = context.correction
    text = advice.text
    phoneLine = advice.phoneLine
  }
}

extension Store {
  func known(_ address: String) async throws -> Account {
    guard let account = try await directory().account(address: address) else {
      throw CommandFailure(Exit.failed, "the school knows no address \(address)")
    }
    return account
  }
}
