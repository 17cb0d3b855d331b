import Foundation
import Testing

@Suite("The house stays as it was drawn")
struct HouseTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Which modules of ours, and which of others, a module may import beside Foundation.
  static let mayImport: [String: Set<String>] = [
    "Mail": ["CGMime", "CLibxml2", "CYTNEF", "SwiftASN1", "Crypto"],
    "School": [],
    "Transport": ["Mail"],
    "Packing": ["CArchive"],
    "Deliverability": ["Mail", "Packing"],
    "Printing": ["CPango"],
    "DNS": ["CUnbound"],
    "ICalendar": ["CLibical"],
    "Pictures": ["CVips"],
    "Rendering": ["School", "Mail", "Mustache"],
    "Store": ["School", "Mail", "GRDB", "Crypto", "CGlibc"],
    "Gateway": [
      "School", "Mail", "Store", "Deliverability", "Rendering", "Transport", "Printing", "Packing", "ICalendar",
      "Pictures", "Crypto", "Logging", "SwiftCSV", "CoreMetrics",
    ],
    "Web": ["Gateway", "CoreMetrics", "FlyingFox", "FlyingSocks"],
    "CLI": [
      "School", "Mail", "Store", "Deliverability", "Rendering", "Transport", "TransportIMAP", "TransportSMTP",
      "Gateway", "Web", "Printing", "Pictures", "DNS", "CGlibc",
      "ArgumentParser", "Logging", "Yams", "ServiceLifecycle", "UnixSignals",
    ],
    "TransportIMAP": ["Transport", "Mail", "CLibetpan", "X509", "SwiftASN1"],
    "TransportSMTP": ["Transport", "Mail", "CLibcurl"],
  ]
  static let platform: Set<String> = ["Foundation", "FoundationXML", "Glibc", "Synchronization", "Dispatch"]
  /// The one folder in which a module may name its C library, where that is not the whole module.
  static let homeOfC = [
    "CGMime": "Sources/Mail/GMime/", "CLibxml2": "Sources/Mail/HTML/", "CYTNEF": "Sources/Mail/Wrapped/",
  ]
  static let mayStandAtTop: Set<String> = ["Package.swift", "README.md", "Sources", "Tests", "templates", "deploy"]

  static func swiftFiles(in folder: String) -> [(path: String, lines: [Substring])] {
    let base = root.appending(path: folder)
    guard let walk = FileManager.default.enumerator(atPath: base.path) else { return [] }
    return walk.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted().compactMap { name in
      guard let text = try? String(contentsOf: base.appending(path: name), encoding: .utf8) else { return nil }
      return ("\(folder)/\(name)", text.split(separator: "\n", omittingEmptySubsequences: false))
    }
  }

  @Test("A module imports only what its arrows allow, and C stays in its one folder")
  func arrows() throws {
    for file in Self.swiftFiles(in: "Sources") {
      let module = String(file.path.split(separator: "/")[1])
      let allowed = try #require(Self.mayImport[module], "module \(module) has no arrows in HouseTests")
      for line in file.lines where line.hasPrefix("import ") || line.hasPrefix("@preconcurrency import ") {
        let words = line.split(separator: " ")
        guard let imported = words.last.map({ String($0.split(separator: ".")[0]) }) else { continue }
        if Self.platform.contains(imported) { continue }
        #expect(allowed.contains(imported), "\(file.path) imports \(imported)")
        if let home = Self.homeOfC[imported] { #expect(file.path.hasPrefix(home), "\(imported) in \(file.path)") }
      }
    }
  }

  @Test("The top level holds what is prescribed and nothing else")
  func topLevel() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.root.path)
    for name in names where !name.hasPrefix(".") && name != "Package.resolved" {
      #expect(Self.mayStandAtTop.contains(name), "\(name) at the top level")
    }
  }

  @Test("No file of the sources is longer than 400 lines")
  func fileLength() {
    let files = Self.swiftFiles(in: "Sources")
    #expect(!files.isEmpty)
    for file in files { #expect(file.lines.count <= 401, "\(file.path) has \(file.lines.count) lines") }
  }

  @Test("No function of the sources is longer than 70 lines, and no comment wider than 120 columns")
  func functionLength() {
    for file in Self.swiftFiles(in: "Sources") {
      var open: [(indent: Int, line: Int)] = []
      for (number, line) in file.lines.enumerated() {
        let indent = line.prefix { $0 == " " }.count
        // swift format holds the width of code, and may not break literals.
        let isWide = line.count > 120 && line.dropFirst(indent).hasPrefix("//")
        #expect(!isWide, "\(file.path):\(number + 1) has \(line.count) columns")
        let words = line.split(separator: " ")
        let opens = words.contains { $0 == "func" || $0.hasPrefix("init(") || $0.hasPrefix("init?(") }
        let isOne = line.hasSuffix("}")
        if opens, !isOne, !words[0].hasPrefix("//"), !words[0].hasPrefix("self") { open.append((indent, number)) }
        guard let last = open.last, line.dropFirst(indent).hasPrefix("}"), indent == last.indent else { continue }
        open.removeLast()
        #expect(number - last.line < 70, "\(file.path):\(last.line + 1) has \(number - last.line + 1) lines")
      }
    }
  }

  @Test("The sources hold no try!, and each unchecked Sendable has its reason beside it")
  func noShortcuts() {
    for file in Self.swiftFiles(in: "Sources") {
      for (number, line) in file.lines.enumerated() {
        let code = line.drop { $0 == " " }
        if code.hasPrefix("//") { continue }
        #expect(!code.contains("try!"), "\(file.path):\(number + 1)")
        if code.contains("@unchecked Sendable") || code.contains("nonisolated(unsafe)") {
          let near = file.lines[max(0, number - 8)...number].joined(separator: "\n")
          #expect(near.contains("//"), "\(file.path):\(number + 1) gives no reason")
        }
      }
    }
  }
}
