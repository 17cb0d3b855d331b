import Foundation

/// The built `postplein`, run as anybody runs it.
struct Binary {
  struct Result: Sendable {
    let code: Int32
    let output: String
    let complaint: String
  }

  /// SwiftPM puts it beside the tests.
  static var url: URL {
    URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
      .appending(path: "postplein")
  }

  /// What it needs of the tests' environment, so that nothing else reaches it.
  static var inherited: [String: String] {
    ProcessInfo.processInfo.environment.filter { ["PATH", "HOME", "LD_LIBRARY_PATH"].contains($0.key) }
  }

  /// Runs it to its end; the texts that it prints here stay far below what a pipe holds.
  ///
  /// - Parameter place: where its standard output goes instead.
  static func run(
    _ arguments: [String], environment: [String: String] = [:], in folder: URL? = nil, input: String? = nil,
    to place: String? = nil
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        continuation.resume(with: Swift.Result { try runNow(arguments, environment, folder, input, place) })
      }
    }
  }

  private static func runNow(
    _ arguments: [String], _ environment: [String: String], _ folder: URL?, _ input: String?, _ place: String?
  ) throws -> Result {
    let process = Process()
    let (output, complaint) = (Pipe(), Pipe())
    process.executableURL = url
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = inherited.merging(environment) { $1 }
    let feed = Pipe()
    if input == nil { process.standardInput = FileHandle.nullDevice } else { process.standardInput = feed }
    process.standardOutput = output
    if let place { process.standardOutput = FileHandle(forWritingAtPath: place) }
    process.standardError = complaint
    try process.run()
    if let input { try feed.fileHandleForWriting.write(contentsOf: Data(input.utf8)) }
    try feed.fileHandleForWriting.close()
    if place != nil { try output.fileHandleForWriting.close() }
    let words = output.fileHandleForReading.readDataToEndOfFile()
    let complaints = complaint.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Result(
      code: process.terminationStatus, output: String(decoding: words, as: UTF8.self),
      complaint: String(decoding: complaints, as: UTF8.self))
  }
}
