import ArgumentParser
import Foundation
import Mail

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows how the gateway reads a mail: what is new in it, what is quoted, what a bounce means.",
    discussion: Exit.documentation)

  @Argument(help: "Mails as raw files (.eml); - for standard input.", completion: .file(extensions: ["eml"]))
  var files: [String]

  @Option(help: "Believe the Authentication-Results of the server with this authserv-id.")
  var authservID: String?

  @Flag(help: "Print one JSON object a line and a file.")
  var json = false

  func run() throws {
    var isWhole = true
    for file in files {
      guard let raw = Self.read(file) else {
        Output.complain("postplein: \(file) cannot be read")
        isWhole = false
        continue
      }
      let explanation = MailExplanation(of: raw, file: file, authservID: authservID)
      if json { try Output.json(explanation) } else { Output.line(explanation.readable) }
    }
    if !isWhole { throw Exit.inputOutput }
  }

  /// What is read of a mail at all, and one octet more, by which a longer one is known.
  private static func read(_ file: String) -> Data? {
    let limit = MIMELimits.standard.messageBytes + 1
    if file == "-" { return try? FileHandle.standardInput.read(upToCount: limit) ?? Data() }
    guard let handle = FileHandle(forReadingAtPath: file) else { return nil }
    defer { try? handle.close() }
    return try? handle.read(upToCount: limit) ?? Data()
  }
}
