import ArgumentParser
import Foundation
import Gateway
import Mail
import Store
import Synchronization

struct Explain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows how the gateway reads a mail: what is new in it, what is quoted, what a bounce means.",
    discussion: """
      With --school also where the mail goes, and by which method its sender is proven.

      \(Exit.documentation)
      """)

  @Argument(help: "Mails as raw files (.eml); - for standard input.", completion: .file(extensions: ["eml"]))
  var files: [String]

  @Option(help: "The folder of the school that got the mail.", completion: .directory)
  var school: String?

  @Option(help: "Believe the Authentication-Results of the server with this authserv-id; else the school's own.")
  var authservID: String?

  @Flag(help: "Print one JSON object a line and a file.")
  var json = false

  @Flag(help: "Print also what was left out of the text, each piece with the rule that cut it.")
  var why = false

  /// Mails in work at a time: as many as there are processors, but few enough to bound the memory of the longest ones.
  private static let width = min(ProcessInfo.processInfo.activeProcessorCount, 4)
  private static let filesAStep = 128

  func run() async throws {
    let files = files + LateFiles.files
    let isWhole: Bool
    if let school { isWhole = try await explain(files, of: school) } else { isWhole = explain(files) }
    if !isWhole { throw Exit.inputOutput }
  }

  // MARK: Of a school

  private func explain(_ files: [String], of school: String) async throws -> Bool {
    let school = try await ExplainedSchool(folder: SchoolOption.folder(school))
    var isWhole = true
    for file in files {
      switch Self.read(file) {
      case .success(let raw):
        let route = try await school.route(MailMessage.parse(raw))
        Output.raw(rendered(raw, file, authservID ?? school.authservID, route))
      case .failure(let failure): isWhole = complain(file, failure)
      }
    }
    return isWhole
  }

  // MARK: Of nobody in particular

  private func explain(_ files: [String]) -> Bool {
    var isWhole = true
    for start in stride(from: 0, to: files.count, by: Self.filesAStep) {
      let step = Array(files[start..<min(start + Self.filesAStep, files.count)])
      let texts = texts(step)
      Output.raw(texts.compactMap { try? $0.get() }.joined())
      for (file, text) in zip(step, texts) {
        if case .failure(let failure) = text { isWhole = complain(file, failure) }
      }
    }
    return isWhole
  }

  /// What is printed of each file, in their order.
  private func texts(_ files: [String]) -> [Result<String, GivenFile.Failure>] {
    let texts = Mutex([Result<String, GivenFile.Failure>](repeating: .success(""), count: files.count))
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: min(Self.width, files.count)) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < files.count else { return }
        let text = Self.read(files[index]).map { rendered($0, files[index], authservID, nil) }
        texts.withLock { $0[index] = text }
      }
    }
    return texts.withLock { $0 }
  }

  // MARK: One mail

  private func rendered(_ raw: Data, _ file: String, _ authservID: String?, _ route: [String]?) -> String {
    var explanation = MailExplanation(of: raw, file: file, authservID: authservID, why: why)
    explanation.route = route
    let line = json ? try? Output.jsonLine(explanation) : nil
    return line ?? Output.printable(explanation.readable(why: why) + "\n")
  }

  /// False, for the call to end with.
  private func complain(_ file: String, _ failure: GivenFile.Failure) -> Bool {
    Output.complain("postplein: \(file) cannot be read: \(failure.reason)")
    return false
  }

  /// What is read of a mail at all, and one octet more, by which a longer one is known.
  private static func read(_ file: String) -> Result<Data, GivenFile.Failure> {
    let limit = MIMELimits.standard.messageBytes + 1
    guard file == "-" else { return Result { () throws(GivenFile.Failure) in try GivenFile.read(file, upTo: limit) } }
    do { return .success(try FileHandle.standardInput.read(upToCount: limit) ?? Data()) } catch {
      return .failure(GivenFile.Failure(code: EIO))
    }
  }
}

/// What a school knows of the way of its mail; its store is only read.
private struct ExplainedSchool {
  private let configuration: SchoolConfiguration
  private let store: Store
  private let keys: KeyRing

  init(folder: URL) async throws {
    try SchoolOption.requireOwner(folder)
    configuration = try SchoolConfiguration.load(folder: folder, logsIn: false)
    store = try await Store.open(folder: configuration.storeFolder, access: .readOnly)
    do { keys = try SchoolSecret.load(folder: folder) } catch {
      throw CommandFailure(Exit.configuration, "\(error.message): \(error.advice)")
    }
  }

  var authservID: String? { configuration.settings.authservID }

  func route(_ message: MailMessage) async throws -> [String] {
    try await Route.names(of: message, scheme: configuration.settings.scheme, keys: keys, store: store)
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
