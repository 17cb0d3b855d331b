import ArgumentParser
import Foundation
import Store
import Synchronization

/// Exit codes, as sysexits.h numbers them where it has one.
enum Exit {
  static let failed = ExitCode(1)
  static let badData = ExitCode(65)
  static let unavailable = ExitCode(69)
  static let inputOutput = ExitCode(74)
  static let configuration = ExitCode(78)

  static let documentation = """
    Exit codes: 0 all is well; 1 a check or a row failed, or what was asked for is not there; 64 wrong arguments; \
    65 the data cannot be read; 69 something is unavailable now, try again; 74 a file or disk gives errors; \
    78 the configuration is wrong.
    """
}

/// Why a command could not do it.
struct CommandFailure: Error, CustomStringConvertible {
  let code: ExitCode
  /// For the person who gave the command.
  let message: String
  /// In a log, where nobody waits for the command.
  var description: String { message }

  init(_ code: ExitCode, _ message: String) {
    self.code = code
    self.message = message
  }

  init(_ error: StoreError) {
    let code =
      switch error.kind {
      case .busy, .unavailable, .notInstalled, .olderVersion: Exit.unavailable
      case .diskFull, .io: Exit.inputOutput
      case .newerVersion, .damaged, .corrupt: Exit.badData
      case .notFound: Exit.failed
      }
    self.init(code, "store: \(error.message)")
  }

  init(_ problem: ConfigurationProblem) {
    self.init(Exit.configuration, "\(problem.sentence)\n     → \(problem.advice)")
  }

  init(of error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let error as StoreError: self.init(error)
    case let problem as ConfigurationProblem: self.init(problem)
    default: self.init(Exit.failed, "\(error)")
    }
  }

  init(_ error: ConfigurationError) { self.init(Exit.configuration, "the configuration is wrong\n\(error)") }
}

/// What commands print. Mail is hostile: what would steer a terminal is blotted out. A reader that went away is no
/// error; a disk that takes no more is one, told when the command ends.
enum Output {
  private static let lost = Mutex<POSIXError?>(nil)

  /// Why some of it could not be written to standard output.
  static var failure: CommandFailure? {
    lost.withLock { $0 }.map {
      CommandFailure(Exit.inputOutput, "standard output cannot be written: \($0.systemWords)")
    }
  }

  static func line(_ text: String) { self.text("\(text)\n") }

  /// Whose turn it is (`DeliveryVerdict.Actor`).
  static func turn(_ actor: String) -> String { actor == "wait" ? "nobody must act" : "\(actor) must act" }

  static func text(_ text: String) {
    raw(printable(text))
  }

  /// On standard error.
  static func complain(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data("\(printable(text))\n".utf8))
  }

  /// One JSON object on a line, keys in order, dates as RFC 3339 has them.
  static func json(_ value: some Encodable) throws { raw(try jsonLine(value)) }

  static func jsonLine(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    // Escaped rather than replaced: a program that reads it gets what was there.
    return replacingControls(in: String(decoding: try encoder.encode(value), as: UTF8.self) + "\n") {
      let digits = String($0.value, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
  }

  /// What is printable already.
  static func raw(_ text: String) { raw(Data(text.utf8)) }

  static func raw(_ data: Data) {
    do { try Written.put(data, on: STDOUT_FILENO) } catch {
      guard let error = error as? POSIXError, error.code != .EPIPE else { return }
      lost.withLock { $0 = $0 ?? error }
    }
  }

  /// Without control characters but line ends and tabs (ECMA-48), and without those that turn the direction of writing.
  static func printable(_ text: String) -> String { replacingControls(in: text) { _ in "\u{FFFD}" } }

  private static func replacingControls(in text: String, by replacement: (Unicode.Scalar) -> String) -> String {
    guard holdsControls(text) else { return text }
    var printable = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x0A, 0x09: printable.append(scalar)
      case 0..<0x20, 0x7F...0x9F, 0x202A...0x202E, 0x2066...0x2069:
        printable.append(contentsOf: replacement(scalar).unicodeScalars)
      default: printable.append(scalar)
      }
    }
    return String(printable)
  }

  /// By octets, for nearly all text holds none: U+0080…U+009F begin with C2, turns of direction with E2 80 and E2 81.
  private static func holdsControls(_ text: String) -> Bool {
    var previous: (UInt8, UInt8) = (0, 0)
    for octet in text.utf8 {
      switch octet {
      case 0x0A, 0x09: break
      case 0..<0x20, 0x7F: return true
      case 0x80..<0xC0:
        if previous.1 == 0xC2, octet < 0xA0 { return true }
        if previous.0 == 0xE2, previous.1 == 0x80 || previous.1 == 0x81, octet >= 0xA6 { return true }
      default: break
      }
      previous = (previous.1, octet)
    }
    return false
  }
}
