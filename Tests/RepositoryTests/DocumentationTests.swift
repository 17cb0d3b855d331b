import Foundation
import Testing

@Suite("The documentation says what is")
struct DocumentationTests {
  static let readme = (try? String(contentsOf: HouseTests.root.appending(path: "README.md"), encoding: .utf8)) ?? ""

  /// The commands in the README's code blocks.
  static var commands: [String] {
    readme.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 1 }
      .flatMap { $0.element.split(separator: "\n").map(String.init) }
  }

  /// What a program of the repository prints, and how it ended.
  static func run(_ program: URL, _ arguments: [String]) throws -> (output: String, code: Int32) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = program
    process.arguments = arguments
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (output, process.terminationStatus)
  }

  @Test("Each postplein command of the README exists, with its options")
  func commandsExist() throws {
    let program = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
      .appending(path: "postplein")
    let lines = Self.commands.filter { $0.hasPrefix("postplein ") }
    #expect(lines.count >= 8)
    for line in lines {
      let words = line.split(separator: " ").dropFirst().map(String.init)
      var path: [String] = []
      for word in words.prefix(2) where word.allSatisfy({ $0.isLowercase && $0.isASCII }) { path.append(word) }
      let (help, code) = try Self.run(program, ["help"] + path)
      #expect(code == 0, "\(line): \(help)")
      for option in words where option.hasPrefix("--") { #expect(help.contains(option), "\(line): no \(option)") }
    }
  }

  @Test("The two commands and every place that the README names are there")
  func placesExist() throws {
    #expect(Self.commands.contains("deploy/demo") && Self.commands.contains("deploy/test"))
    for match in Self.readme.matches(of: /`((?:deploy|Sources|Tests|templates)\/[A-Za-z0-9_.\/-]*)/) {
      let path = String(match.1)
      #expect(
        FileManager.default.fileExists(atPath: HouseTests.root.appending(path: path).path), "README names \(path)")
    }
    for script in ["deploy/demo", "deploy/test", "deploy/install", "deploy/mail-servers", ".ci/run"] {
      #expect(FileManager.default.isExecutableFile(atPath: HouseTests.root.appending(path: script).path), "\(script)")
    }
  }

  @Test("A wrong argument to the demo is answered with how to use it, and nothing is started")
  func demoHelps() throws {
    let (output, code) = try Self.run(HouseTests.root.appending(path: "deploy/demo"), ["--wrong"])
    #expect(code == 2 && output.contains("deploy/demo --stay"))
  }

  @Test("Each metric stands in the README")
  func metrics() throws {
    let source = HouseTests.root.appending(path: "Sources/Gateway/Observation/Measurement.swift")
    let names = try String(contentsOf: source, encoding: .utf8).matches(of: /"(postplein_[a-z_]+)"/).map(\.1)
    #expect(names.count >= 9)
    for name in names { #expect(Self.readme.contains("`\(name)`"), "\(name)") }
  }

  @Test("Each module that the design knows has its row in the README")
  func modules() {
    for module in HouseTests.mayImport.keys { #expect(Self.readme.contains("Sources/\(module)`"), "\(module)") }
  }
}
