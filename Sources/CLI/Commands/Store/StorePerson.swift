import ArgumentParser
import Foundation
import Gateway
import Mail
import School
import Store

struct StoreExport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Writes all that is kept of one person's address to a folder.",
    discussion: """
      For a request by GDPR (AVG), article 15: data.json with who is behind the address, the conversations, what was sent \
      and what became of it; messages/ with the mails they wrote as they came in; files/ with what came along. Of public \
      conversations only their own entries. Read it before you hand it over: what others wrote to them stands in it. Of an \
      address that the school does not know: the mails from it, and what it was answered.

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
      let account = try await store.directory().account(address: address)?.id
      let archive =
        if let account { try await PersonArchive.make(of: account, store: store) } else {
          try await PersonArchive.make(ofStranger: address, store: store)
        }
      try Self.write(archive, to: target)
      for problem in archive.problems { Output.line("✗ \(problem)") }
      Output.line(
        "\(target.path): \(archive.conversations) conversations, \(archive.sent) mails sent, "
          + "\(archive.received) mails received")
      if !archive.problems.isEmpty { throw Exit.failed }
    }
  }

  /// For its owner alone, all of it or nothing: half of what is kept is no answer, and the next try wants a new folder.
  private static func write(_ archive: PersonArchive, to target: URL) throws(CommandFailure) {
    // From its first octet on.
    let before = umask(0o077)
    defer { umask(before) }
    do {
      for folder in [target, target.appending(path: "messages"), target.appending(path: "files")] {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      }
      for file in archive.files { try file.data.write(to: target.appending(path: file.path)) }
    } catch {
      try? FileManager.default.removeItem(at: target)
      throw CommandFailure(Exit.inputOutput, "\(target.path): \(error.systemWords)")
    }
  }
}

struct StoreErase: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase", abstract: "Erases what is kept of one person's address.",
    discussion: """
      For a request by GDPR (AVG), article 17: who is behind the address, the text and files of what they wrote, what was \
      sent to them, what mails to others told of them, and every mail as it came in that names the address, also in a \
      text part or file that is encoded; not within pictures, PDF or packed files. What others wrote in conversations \
      stays. An address that the school does not know is erased too.

      Three places are yours to clear. The school's mailbox still has the mails: remove them from its folders \
      Postplein/Verwerkt and Postplein/Bekijken. Backups that were made before still have everything: run `store backup` \
      to the same folder, which takes it away there, and remove the others. Stores that `store restore` set aside, \
      store.before-… in the school's folder, have everything too: remove them.

      Take the person out of the administration and of the file of parents first, or the next import brings them back. It \
      cannot be undone. Without --apply nothing changes.

      \(Exit.documentation)
      """)

  @OptionGroup var school: SchoolOption
  @Argument(help: "The person's address.")
  var address: String
  @Flag(help: "Do it; else only count.")
  var apply = false

  func run() async throws {
    let scheme = try SchoolConfiguration.load(folder: try school.folder(), logsIn: false).settings.scheme
    guard let known = MailAddress(address) else { throw CommandFailure(Exit.badData, "\(address) is no mail address") }
    guard known != scheme.mailbox, !scheme.isOurs(known) else {
      throw CommandFailure(Exit.badData, "\(address) is the school's own: nearly every mail names it")
    }
    try await school.withWritableStore { store in
      let account = try await store.directory().account(address: address)?.id
      guard apply else { return try await count(account, store) }
      Output.complain("erasing, which may take a minute: what was just kept is waited for")
      let report =
        if let account { try await store.erase(account, at: Date()) } else {
          try await store.erase(stranger: address, at: Date())
        }
      Output.line(
        "\(report.entries) entries, \(report.deliveries) mails sent, \(report.messages) mails received and "
          + "\(report.files) files are erased; \(report.traces) mails to others no longer tell of them")
      if report.youngFiles > 0 {
        Output.line(
          "\(report.youngFiles) files that nothing names are left, for a mail may be being read: run it again in an hour"
        )
      }
      Output.line("the mails still lie in the school's mailbox, and everything in older backups: see --help")
      try school.tellOfKept()
    }
  }

  private func count(_ account: AccountID?, _ store: Store) async throws {
    let counts: (own: Int, sent: Int, received: Int)
    if let account {
      let record = try await store.person(account)
      let own = record.threads.flatMap(\.entries).filter { $0.author == account }.count
      counts = (own, record.sent.count, record.messages.count)
    } else {
      let record = try await store.stranger(address)
      counts = (0, record.sent.count, record.messages.count)
    }
    Output.line(
      "\(counts.own) entries, \(counts.sent) mails sent and \(counts.received) mails received would go, and what else "
        + "names the address; nothing was changed: add --apply")
  }
}
