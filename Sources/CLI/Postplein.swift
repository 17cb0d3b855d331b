import ArgumentParser
import CGlibc
import Foundation
import Store

/// The composition root: arguments in, an exit code out.
@main
struct Postplein: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "postplein",
    abstract: "An email gateway for a school's parent portal: parents read and answer school from their own inbox.",
    discussion: """
      A school is a folder: postplein.yaml, templates/ (its own wording, where it has any), store/ and secret.
      deploy/postplein.example.yaml documents every key; `postplein check --keys` prints it.

      \(Exit.documentation)
      """,
    version: "1.0.0",
    subcommands: [
      Serve.self, Check.self, Import.self, Send.self, Threads.self, Report.self, Addresses.self, Activate.self,
      Upkeep.self,
      Explain.self,
      Digest.self, Conferences.self,
    ])

  /// As `AsyncParsableCommand`, but with an exit code that says what kind of failure it was.
  static func main() async {
    // Each of glibc's arenas keeps what was freed in it, and 16 connections would make as many (mallopt(3)).
    mallopt(M_ARENA_MAX, 2)
    if let problem = unknownCommand(LateFiles.arguments.first) {
      Output.complain("postplein: \(problem)")
      exit(withError: ExitCode(EX_USAGE))
    }
    do {
      var command = try parseAsRoot(LateFiles.arguments)
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
      if let failure = Output.failure { end(with: failure) }
    } catch let failure as CommandFailure {
      end(with: failure)
    } catch let error as StoreError {
      end(with: CommandFailure(error))
    } catch let error as ConfigurationError {
      end(with: CommandFailure(error))
    } catch let problem as ConfigurationProblem {
      end(with: CommandFailure(problem))
    } catch {
      if let failure = Output.failure { end(with: failure) }
      exit(withError: error)
    }
  }

  /// What is said of a first word that is no command, but near to one; the parser says the rest.
  static func unknownCommand(_ word: String?) -> String? {
    guard let word, !word.hasPrefix("-") else { return nil }
    let names = configuration.subcommands.map { $0._commandName } + ["help"]
    guard !names.contains(word), let near = Spelling.nearest(to: word, among: names) else { return nil }
    return "there is no command \(word): did you mean \(near)?"
  }

  private static func end(with failure: CommandFailure) -> Never {
    Output.complain("postplein: \(failure.message)")
    exit(withError: failure.code)
  }
}
