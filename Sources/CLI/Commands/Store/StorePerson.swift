import ArgumentParser
import Foundation
import School
import Store

struct StoreExport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Writes all that is kept of one person's address to a folder.",
    discussion: """
      For a request by GDPR (AVG), article 15: data.json with who is behind the address, the conversations, what was sent \
      and what became of it; messages/ with the mails they wrote as they came in; files/ with what came along. Of public \
      conversations only their own entries. Read it before you hand it over: what others wrote to them stands in it.

      \(Exit.documentation)
      """)

  @OptionGroup var school: SchoolOption
  @Argument(help: "The person's address.")
  var address: String
  @Argument(help: "A folder that is not there yet.", completion: .directory)
  var destination: String

  func run() async throws {
    let target = URL(filePath: destination, directoryHint: .isDirectory).absoluteURL
    guard !FileManager.default.fileExists(atPath: target.path) else {
      throw CommandFailure(Exit.badData, "\(target.path) is there already: give a new folder")
    }
    try await school.withStore { store in
      let record = try await store.person(try await store.known(address).id)
      do {
        for folder in [target, target.appending(path: "messages"), target.appending(path: "files")] {
          try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        try Data(try Output.jsonLine(PersonExport(record)).utf8).write(to: target.appending(path: "data.json"))
        try await writeContents(of: record, from: store, to: target)
      } catch let error as StoreError { throw error } catch {
        throw CommandFailure(Exit.inputOutput, "\(target.path): \(error.localizedDescription)")
      }
      Output.line(
        "\(target.path): \(record.threads.count) conversations, \(record.sent.count) mails sent, "
          + "\(record.messages.count) mails received")
    }
  }
}

extension StoreExport {
  /// What is damaged or gone is told of, and keeps nobody from the rest.
  private func writeContents(of record: PersonRecord, from store: Store, to target: URL) async throws {
    for id in record.messages {
      try await write("message \(id)", to: target.appending(path: "messages/\(id).eml")) { () throws(StoreError) in
        try await store.raw(of: id)
      }
    }
    for file in record.threads.flatMap(\.entries).flatMap(\.files) {
      let name = "\(file.digest.prefix(12))-\(file.name.replacing("/", with: "_"))"
      try await write("file \(name)", to: target.appending(path: "files/\(name)")) { () throws(StoreError) in
        try await store.content(of: file)
      }
    }
  }

  private func write(_ what: String, to file: URL, _ read: () async throws(StoreError) -> Data) async throws {
    let content: Data
    do { content = try await read() } catch {
      if error.isTemporary { throw error }
      Output.line("✗ \(what): \(error)")
      return
    }
    try content.write(to: file)
  }
}

/// What `data.json` holds.
private struct PersonExport: Encodable {
  let address: String
  let newAddress: String?
  let language: String
  let digest: String
  let names: [String]
  let roles: [String]
  let pupils: [String]
  let addressState: String
  /// What a server last said of why mail to them failed.
  let addressFailure: String?
  let contacts: [Contact]
  let documents: [Document]
  let conversations: [Conversation]
  let sent: [Mail]
  let eventAnswers: [EventReply]

  struct EventReply: Encodable {
    let event, answer: String
    let at: Date
  }

  struct Contact: Encodable {
    let name, phone, postalAddress: String
    /// By child, what they show on the class list.
    let shown: [String: [String]]
  }

  struct Document: Encodable {
    let title: String
    let filedAt: Date
  }

  struct Conversation: Encodable {
    let kind, subject: String
    let openedAt: Date
    let entries: [Entry]
  }

  struct Entry: Encodable {
    let at: Date
    let isTheirs: Bool
    let isTakenBack: Bool
    let text: String
    let files: [String]
  }

  struct Mail: Encodable {
    let kind, messageID, status: String
    let createdAt: Date
    let events: [Event]
  }

  struct Event: Encodable {
    let at: Date
    let outcome, words: String
  }

  init(_ record: PersonRecord) {
    address = record.account.address
    newAddress = record.account.newAddress
    language = record.account.language.rawValue
    digest = record.account.digest.rawValue
    names = record.carers.map(\.name) + record.staff.map(\.name)
    roles = record.staff.flatMap { $0.roles.sorted() }
    pupils = record.pupils.map(\.name)
    addressState = record.standing.state.rawValue
    addressFailure = record.standing.failure?.words
    let pupilNames = Dictionary(record.pupils.map { ($0.id, $0.name) }) { first, _ in first }
    contacts = record.carers.map { carer in
      Contact(
        name: carer.name, phone: carer.contact.phone, postalAddress: carer.contact.postalAddress,
        shown: Dictionary(
          carer.shown.map { (pupilNames[$0.key] ?? $0.key.rawValue, $0.value.map(\.rawValue).sorted()) }
        ) { $0 + $1 })
    }
    documents = record.documents.map { Document(title: $0.title, filedAt: $0.at) }
    conversations = record.threads.map { thread, entries in
      Conversation(
        kind: thread.kind.rawValue, subject: thread.subject, openedAt: thread.openedAt,
        entries: entries.map {
          // What others took back is not theirs to read; what they took back themselves is kept all the same.
          let isTheirs = $0.author == record.account.id
          return Entry(
            at: $0.at, isTheirs: isTheirs, isTakenBack: $0.isRetracted,
            text: $0.isRetracted && !isTheirs ? "" : $0.text, files: $0.files.map(\.name))
        })
    }
    eventAnswers = record.eventAnswers.map { EventReply(event: $0.event, answer: $0.answer.rawValue, at: $0.at) }
    sent = record.sent.map { sent in
      Mail(
        kind: sent.delivery.kind.rawValue, messageID: sent.delivery.messageID, status: sent.delivery.status.rawValue,
        createdAt: sent.delivery.createdAt,
        events: sent.events.map { Event(at: $0.at, outcome: $0.outcome, words: $0.words) })
    }
  }
}

struct StoreErase: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase", abstract: "Erases what is kept of one person's address.",
    discussion: """
      For a request by GDPR (AVG), article 17: who is behind the address, the text and files of what they wrote, what was \
      sent to them, and every mail as it came in that names the address. What others wrote stays. Backups are not \
      touched. Take the person out of the administration and of the file of parents first, or the next import brings them \
      back. It cannot be undone. Without --apply nothing changes.

      \(Exit.documentation)
      """)

  @OptionGroup var school: SchoolOption
  @Argument(help: "The person's address.")
  var address: String
  @Flag(help: "Do it; else only count.")
  var apply = false

  func run() async throws {
    try await school.withWritableStore { store in
      let account = try await store.known(address).id
      guard apply else {
        let record = try await store.person(account)
        let own = record.threads.flatMap(\.entries).filter { $0.author == account }.count
        Output.line(
          "\(own) entries, \(record.sent.count) mails sent and \(record.messages.count) mails received would go; "
            + "nothing was changed: add --apply")
        return
      }
      let report = try await store.erase(account, at: Date())
      Output.line(
        "\(report.entries) entries, \(report.deliveries) mails sent, \(report.messages) mails received and "
          + "\(report.files) files are erased")
    }
  }
}
