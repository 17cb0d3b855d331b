import ArgumentParser
import Foundation
import Store

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
struct CommandFailure: Error {
  let code: ExitCode
  /// For the person who gave the command.
  let message: String

  init(_ code: ExitCode, _ message: String) {
    self.code = code
    self.message = message
  }

  init(_ error: StoreError) {
    let code =
      switch error.kind {
      case .busy, .unavailable: Exit.unavailable
      case .diskFull, .io: Exit.inputOutput
      case .newerVersion, .damaged: Exit.badData
      case .notFound: Exit.failed
      }
    self.init(code, "store: \(error.message)")
  }

  init(_ error: ConfigurationError) { self.init(Exit.configuration, "the configuration is wrong\n\(error)") }
}

/// What commands print.
enum Output {
  static func line(_ text: String) { self.text("\(text)\n") }

  static func text(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

  /// On standard error.
  static func complain(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }

  /// One JSON object on a line, keys in order, dates as RFC 3339 has them.
  static func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    line(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}
