import ArgumentParser
import Foundation
import Mail
import Synchronization

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

  @Flag(help: "Print also what was left out of the text, each piece with the rule that cut it.")
  var why = false

  /// Mails in work at a time: as many as there are processors, but few enough to bound the memory of the longest ones.
  private static let width = min(ProcessInfo.processInfo.activeProcessorCount, 4)
  private static let filesAStep = 64

  func run() throws {
    var isWhole = true
    let files = files + LateFiles.files
    for start in stride(from: 0, to: files.count, by: Self.filesAStep) {
      let step = files[start..<min(start + Self.filesAStep, files.count)]
      for (file, text) in zip(step, explanations(Array(step))) {
        if let text { Output.raw(text) } else { Output.complain("postplein: \(file) cannot be read") }
        isWhole = isWhole && text != nil
      }
    }
    if !isWhole { throw Exit.inputOutput }
  }

  /// What is printed of each file, in their order; nil for one that cannot be read.
  private func explanations(_ files: [String]) -> [String?] {
    let texts = Mutex([String?](repeating: nil, count: files.count))
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: min(Self.width, files.count)) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < files.count else { return }
        let text = explanation(files[index])
        texts.withLock { $0[index] = text }
      }
    }
    return texts.withLock { $0 }
  }

  private func explanation(_ file: String) -> String? {
    guard let raw = Self.read(file) else { return nil }
    let explanation = MailExplanation(of: raw, file: file, authservID: authservID)
    return json ? try? Output.jsonLine(explanation) : Output.printable(explanation.readable(why: why) + "\n")
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

/// `explain *.eml` with thousands of files: ArgumentParser's time grows by the square of the number of values, so it
/// gets the first hundred of the plain words that end the command line, and the rest are taken as they are.
enum LateFiles {
  private static let parsed = 100
  private static let split = split(Array(CommandLine.arguments.dropFirst()))

  /// What ArgumentParser shall read.
  static var arguments: [String] { split.arguments }
  static var files: [String] { split.files }

  static func split(_ arguments: [String]) -> (arguments: [String], files: [String]) {
    guard arguments.first == Explain._commandName else { return (arguments, []) }
    let start = arguments.lastIndex { $0.hasPrefix("-") && $0 != "-" } ?? 0
    let end = min(start + 1 + parsed, arguments.count)
    return (Array(arguments[..<end]), Array(arguments[end...]))
  }
}
