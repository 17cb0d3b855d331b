import ArgumentParser
import Foundation
import School
import Store

struct StoreEraseResults: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "erase-results", abstract: "Erases all test results of one pupil.",
    discussion: """
      All that is kept of them, what they were before a correction too, and what was mailed about them. Also for a pupil \
      who left. Backups, and stores that `store restore` set aside, are not touched. It cannot be undone. Without --apply nothing changes.

      \(Exit.documentation)
      """)

  @OptionGroup var school: SchoolOption
  @Argument(help: "The pupil's number, as the administration has it.")
  var pupil: String
  @Flag(help: "Do it; else only count.")
  var apply = false

  func run() async throws {
    try await school.withWritableStore { store in
      let id = PupilID(pupil)
      // Of whoever left without any there may still be mails on them: it is done, and then told.
      let count = apply ? try await store.eraseResults(of: id) : try await store.keptResults(of: id).count
      if count == 0, try await store.directory().pupils[id] == nil {
        throw CommandFailure(Exit.failed, "there are no results of a pupil with the number \(pupil), and no such pupil")
      }
      Output.line(
        apply ? "\(count) results are erased" : "\(count) results would go; nothing was changed: add --apply")
      if apply { try school.tellOfKept() }
    }
  }
}
