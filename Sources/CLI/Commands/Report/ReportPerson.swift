import ArgumentParser
import Foundation
import Gateway
import School
import Store

struct ReportPerson: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "person",
    abstract: "Tells all that happened between the school and one address: queued, accepted, returned, answered.",
    discussion: "What mails say is not shown.\n\n\(Exit.documentation)")

  @OptionGroup var school: SchoolOption
  @OptionGroup var installation: Installation
  @Argument(help: "The person's address.")
  var address: String
  @Option(help: "At most so many mails, and answers, the newest.")
  var limit = 200
  @Option(
    help: "Write it to this file too, as an HTML page that prints well; to standard output, -, it alone.",
    completion: .file())
  var html: String?
  @Option(help: "The page's language, nl, fy or en; the default is the school's.")
  var language: String?
  @Flag(help: "Print one JSON object a line and an event.")
  var json = false

  func run() async throws {
    let writer = try html.map { _ in try PageWriter(school, installation) }
    try await school.withStore { store in
      let account = try await store.known(address)
      let limit = max(0, limit)
      if let writer, let html {
        let page = try await ReportPages(settings: writer.configuration.settings, store: store)
          .timeline(of: account.id, limit: limit, language: try writer.language(language))
        if let page { try Written.write(Data(writer.templates.render(page).utf8), to: html) }
        if html == Written.standardOutput { return }
      }
      let events = try await TimelineReader(store: store).timeline(of: account.id, limit: limit)
      if events.isEmpty, !json { Output.line("Nothing has happened yet.") }
      for event in events {
        let line = TimelineLine(event)
        if json { try Output.json(line) } else { Output.line(line.readable) }
      }
    }
  }
}

/// One thing that happened.
struct TimelineLine: Encodable {
  let at: Date
  /// `queued`, `withheld`, `accepted`, `deferred`, `refused`, `bounced`, `advised`, `answered`, `activated`, …
  let event: String
  let delivery: Int64?
  /// What mail it is: `news`, `activation`, …
  let kind: String?
  let subject: String?
  /// The server's words.
  let words: String?
  let reason: String?
  let actor: String?

  init(_ event: TimelineEvent) {
    at = event.at
    self.event = event.happening.word
    delivery = event.delivery?.rawValue
    kind = event.kind?.rawValue
    subject = event.subject
    guard case .server(_, let said, let reason, let actor) = event.happening else {
      (words, reason, actor) = (nil, nil, nil)
      return
    }
    (words, self.reason, self.actor) = (said, reason, actor)
  }

  var readable: String {
    let what = [kind, subject.map { "“\($0)”" }].compactMap(\.self).joined(separator: " ")
    let said = words.map { $0.isEmpty ? "" : ": \($0)" } ?? ""
    let turn = reason.flatMap { reason in actor.map { " [\(reason): \(Output.turn($0))]" } } ?? ""
    return "\(at.readable) \(event) \(what)\(said)\(turn)"
  }
}
