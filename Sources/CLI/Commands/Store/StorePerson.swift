import ArgumentParser
import Foundation
import Gateway
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
      let archive = try await PersonArchive.make(of: try await store.known(address).id, store: store)
      let record = archive.record
      do {
        for folder in [target, target.appending(path: "messages"), target.appending(path: "files")] {
          try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        for file in archive.files { try file.data.write(to: target.appending(path: file.path)) }
      } catch {
        throw CommandFailure(Exit.inputOutput, "\(target.path): \(error.localizedDescription)")
      }
      for problem in archive.problems { Output.line("✗ \(problem)") }
      Output.line(
        "\(target.path): \(record.threads.count) conversations, \(record.sent.count) mails sent, "
          + "\(record.messages.count) mails received")
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
