import ArgumentParser
import Foundation
import Logging

/// Which school a command is about.
struct SchoolOption: ParsableArguments {
  @Option(
    name: .customLong("school"),
    help: "The school's folder; else the environment's POSTPLEIN_SCHOOL, else the current folder.",
    completion: .directory)
  var path: String?

  func folder() throws -> URL {
    let environment = ProcessInfo.processInfo.environment
    return try Self.folder(path ?? environment["POSTPLEIN_SCHOOL"] ?? FileManager.default.currentDirectoryPath)
  }

  static func folder(_ place: String) throws -> URL {
    let folder = URL(filePath: place, directoryHint: .isDirectory).absoluteURL
    let file = folder.appending(path: SchoolConfiguration.fileName)
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw CommandFailure(
        Exit.configuration,
        "\(folder.path) holds no \(SchoolConfiguration.fileName): give a school's folder by --school")
    }
    return folder
  }

  /// For who writes there, what root makes the gateway could not read or write afterwards; and for who reads secrets
  /// there, which belong to the gateway's user.
  static func requireOwner(_ folder: URL) throws(ConfigurationProblem) {
    let owner = try? FileManager.default.attributesOfItem(atPath: folder.resolvingSymlinksInPath().path)
    guard geteuid() == 0, let id = owner?[.ownerAccountID] as? NSNumber, id.intValue != 0 else { return }
    guard let name = owner?[.ownerAccountName] as? String, !name.isEmpty else {
      throw ConfigurationProblem(
        message: "\(folder.path) belongs to the user with the number \(id)", advice: "give the command as that user")
    }
    throw ConfigurationProblem(
      message: "\(folder.path) belongs to the user \(name)", advice: "runuser -u \(name) -- postplein …")
  }
}

/// Where this installation's own files are.
struct Installation: ParsableArguments {
  @Option(
    name: .customLong("templates"),
    help: """
      The folder of the templates; else the environment's POSTPLEIN_TEMPLATES, else share/postplein/templates beside the \
      program's folder, else templates in a source checkout.
      """, completion: .directory)
  var path: String?

  func templatesFolder() throws -> URL {
    let environment = ProcessInfo.processInfo.environment
    if let stated = path ?? environment["POSTPLEIN_TEMPLATES"] {
      return URL(filePath: stated, directoryHint: .isDirectory).absoluteURL
    }
    // What the kernel runs, however it was called: a name found along PATH tells no folder.
    let program = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    // A source checkout has the program in .build/CONFIGURATION or .build/TRIPLE/CONFIGURATION.
    let places = ["../share/postplein/templates", "../../templates", "../../../templates"].map {
      program.appending(path: $0).standardizedFileURL
    }
    let found = (places + [URL(filePath: "/usr/local/share/postplein/templates")]).first {
      FileManager.default.fileExists(atPath: $0.appending(path: "nl").path)
    }
    guard let found else {
      throw CommandFailure(Exit.configuration, "the templates are not found: give their folder by --templates")
    }
    return found
  }
}

/// How much is logged, and in which form; always on standard error, and never an address.
struct LoggingOptions: ParsableArguments {
  @Option(help: "trace, debug, info, notice, warning, error or critical.", transform: Self.level)
  var logLevel: Logger.Level = .info

  @Option(help: "text or json.")
  var logFormat: LineLogHandler.Format = .text

  private static func level(_ word: String) throws -> Logger.Level {
    guard let level = Logger.Level(rawValue: word.lowercased()) else {
      throw ValidationError("--log-level is one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return level
  }

  func logger() -> Logger {
    let (format, level) = (logFormat, logLevel)
    return Logger(
      label: "postplein", factory: { LineLogHandler(label: $0, format: format, logLevel: level) })
  }

  static var quiet: Logger { Logger(label: "postplein", factory: { _ in SwiftLogNoOpLogHandler() }) }
}

extension LineLogHandler.Format: ExpressibleByArgument {}
