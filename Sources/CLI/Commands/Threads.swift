import ArgumentParser
import Foundation
import School
import Store

struct Threads: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows the conversations of a school.", subcommands: [List.self, Show.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Lists threads, those with the latest message first.", discussion: Exit.documentation)

    @OptionGroup var school: SchoolOption
    @Option(help: "Only of one kind: \(ThreadKind.allCases.map(\.rawValue).joined(separator: ", ")).")
    var kind: ThreadKind?
    @Option(help: "At most so many.")
    var limit = 50
    @Flag(help: "Print one JSON object a line.")
    var json = false

    func validate() throws {
      guard limit > 0 else { throw ValidationError("--limit is 1 or more.") }
    }

    func run() async throws {
      try await school.withStore { store in
        let directory = try await store.directory()
        let threads = try await store.threads(kind: kind, limit: limit)
        if threads.isEmpty, !json { Output.line("No threads.") }
        for summary in threads {
          let line = ThreadLine(summary.thread, entries: summary.entries, lastAt: summary.lastAt, directory)
          if json { try Output.json(line) } else { Output.line(line.readable) }
        }
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Shows a thread with all that was written in it.", discussion: Exit.documentation)

    @Argument(help: "The thread's number, as threads list tells it.")
    var id: Int64
    @OptionGroup var school: SchoolOption
    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
      try await school.withStore { store in
        guard let thread = try await store.thread(ThreadID(id)) else {
          throw CommandFailure(Exit.failed, "there is no thread \(id)")
        }
        let directory = try await store.directory()
        let entries = try await store.entries(of: thread.id)
        let removals = try await store.removals(of: thread.id)
        let conversation = Conversation(
          thread: ThreadLine(thread, entries: entries.count { !$0.isRetracted }, lastAt: entries.last?.at, directory),
          entries: entries.map { EntryLine($0, removal: removals[$0.id], directory) })
        if json { try Output.json(conversation) } else { Output.line(conversation.readable) }
      }
    }
  }
}

extension ThreadKind: ExpressibleByArgument {}

/// What is said of a thread on one line.
struct ThreadLine: Encodable {
  let id: Int64
  let kind: String
  let subject: String
  let openedBy: String
  let openedAt: Date
  let lastAt: Date
  /// Those that were not taken back.
  let entries: Int
  /// The group's name, or `school`; nil for a private thread.
  let audience: String?
  /// Who reads a private thread.
  let members: [String]

  init(_ thread: SchoolThread, entries: Int, lastAt: Date?, _ directory: Directory) {
    id = thread.id.rawValue
    kind = thread.kind.rawValue
    subject = thread.subject
    openedBy = directory.label(thread.author)
    openedAt = thread.openedAt
    self.lastAt = lastAt ?? thread.openedAt
    self.entries = entries
    audience =
      switch thread.audience {
      case .school: "school"
      case .group(let group): directory.groups[group]?.name ?? group.rawValue
      case nil: nil
      }
    members = thread.members.map(directory.label)
  }

  var readable: String {
    let readers = audience.map { "for \($0)" } ?? "between \(members.joined(separator: " and "))"
    return "#\(id) \(kind) “\(subject)” by \(openedBy), \(readers); \(entries) messages, last \(lastAt.readable)"
  }
}

/// One thing that somebody wrote.
struct EntryLine: Encodable {
  let id: Int64
  let author: String
  let at: Date
  let text: String
  let files: [String]
  let isRetracted: Bool
  /// Of a mail that a teacher filed: who did.
  let forwardedBy: String?
  /// Of what staff took away: who did, and when.
  let removedBy: String?
  let removedAt: Date?

  init(_ entry: ThreadEntry, removal: Removal?, _ directory: Directory) {
    id = entry.id.rawValue
    author = entry.origin?.name ?? directory.label(entry.author)
    at = entry.origin?.date ?? entry.at
    text = entry.text
    files = entry.files.map(\.name)
    isRetracted = entry.isRetracted
    forwardedBy = entry.origin.map { directory.label($0.forwardedBy) }
    removedBy = removal.map { directory.label($0.by) }
    removedAt = removal?.at
  }
}

extension EntryLine {
  fileprivate var removal: String? {
    guard let removedBy, let removedAt else { return nil }
    return "taken away by \(removedBy), \(removedAt.readable)"
  }
}

struct Conversation: Encodable {
  let thread: ThreadLine
  let entries: [EntryLine]

  var readable: String {
    let parts = entries.map { entry in
      let marks = [
        entry.forwardedBy.map { "filed by \($0)" }, entry.removal ?? (entry.isRetracted ? "taken back" : nil),
        entry.files.isEmpty ? nil : "with \(entry.files.joined(separator: ", "))",
      ].compactMap(\.self)
      let title = ([entry.author, entry.at.readable] + marks).joined(separator: ", ")
      let text = entry.text.split(separator: "\n", omittingEmptySubsequences: false).map { "    | \($0)" }
      return (["  \(title)"] + text).joined(separator: "\n")
    }
    return ([thread.readable] + parts).joined(separator: "\n")
  }
}

extension Directory {
  /// Whom an operator of the school sees behind an account: the names, or else the address.
  func label(_ account: AccountID) -> String {
    let name = name(of: account)
    return name.isEmpty ? accounts[account]?.address ?? "account \(account)" : name
  }
}

extension Date {
  /// In the time zone of the school whose store is read.
  var readable: String { readable(in: SchoolOption.timeZone) }

  func readable(in timeZone: TimeZone) -> String {
    formatted(
      Date.ISO8601FormatStyle(timeZone: timeZone).year().month().day().dateTimeSeparator(.space).time(
        includingFractionalSeconds: false))
  }
}

extension SchoolOption {
  /// In which times are told while a store is read.
  @TaskLocal fileprivate static var timeZone = TimeZone.current

  /// Opens the school's store for reading, also beside a running gateway.
  func withStore(_ body: (Store) async throws -> Void) async throws {
    let folder = try folder()
    try SchoolStore.requireThere(folder)
    let configuration = try SchoolConfiguration.load(folder: folder, logsIn: false)
    let store = try await Store.open(folder: configuration.storeFolder, access: .readOnly)
    try await Self.$timeZone.withValue(configuration.settings.timeZone) { try await body(store) }
  }
}
