import Foundation
import TestServers
import Testing

@Suite("The fault campaign", .timeLimit(.minutes(10)))
struct CampaignTests {
  /// Without these there is no mail world; what else a fault wants the campaign says itself.
  static let missing = ["/usr/sbin/dovecot", "/usr/lib/postfix/sbin/master", "/usr/bin/python3"].filter {
    !FileManager.default.isExecutableFile(atPath: $0)
  }

  @Test(
    "In its short form the program survives every fault, and the control is caught",
    .enabled(if: missing.isEmpty, "deploy/install brings what is not there"))
  func short() async throws {
    // A disk of its own is root's.
    let without = geteuid() == 0 ? [] : ["--without", "mount"]
    let (code, table) = try await Self.campaign(["--short", "--seed", "1"] + without)
    #expect(code == 0, "\(table)")
    #expect(table.contains("all invariants held") && table.contains("the control was caught"), "\(table)")
    print(table)
  }

  @Test("A campaign that tried nothing, or left something out unasked, is no success")
  func nothing() async throws {
    let (code, table) = try await Self.campaign(["--short", "--only", "no such fault"])
    #expect(code == 1 && table.contains("nothing was tried"), "\(table)")
  }

  private static func campaign(_ arguments: [String]) async throws -> (code: Int32, table: String) {
    let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
    let process = Process()
    let pipe = Pipe()
    process.executableURL = root.appending(path: "deploy/campaign")
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(["POSTPLEIN": Binary.url.path]) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    return await withCheckedContinuation { continuation in
      DispatchQueue.global().async {
        let table = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        continuation.resume(returning: (process.waitByKernel(), table))
      }
    }
  }
}
