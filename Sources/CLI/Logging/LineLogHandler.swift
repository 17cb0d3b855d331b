import Foundation
import Logging

/// Writes one line an event to standard error, as logfmt or JSON. An address that got into a message or a value is
/// blotted out: logs are read by more people than the store.
struct LineLogHandler: LogHandler {
  enum Format: String, CaseIterable, Sendable { case text, json }

  let label: String
  let format: Format
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]
  /// Takes one line with its end; standard error but for tests.
  var write: @Sendable (String) -> Void = { line in Self.writeToStandardError(line) }

  private static let time = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

  init(label: String, format: Format, logLevel: Logger.Level) {
    self.label = label
    self.format = format
    self.logLevel = logLevel
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var fields = [
      ("time", Date.now.formatted(Self.time)), ("level", event.level.rawValue), ("label", label),
      ("message", Self.withoutAddresses("\(event.message)")),
    ]
    let own = event.metadata ?? [:]
    var more = own.map { ($0.key, Self.withoutAddresses("\($0.value)")) }
    for (key, value) in metadata where own[key] == nil { more.append((key, Self.withoutAddresses("\(value)"))) }
    fields += more.sorted { $0.0 < $1.0 }
    if let error = event.error { fields.append(("error", Self.withoutAddresses("\(error)"))) }
    write(format == .json ? Self.json(fields) : Self.logfmt(fields))
  }

  /// A line that cannot be written, as on a full disk, is lost: that stops no mail.
  private static func writeToStandardError(_ line: String) {
    var line = line
    line.withUTF8 { octets in
      var rest = UnsafeRawBufferPointer(octets)
      while !rest.isEmpty {
        let written = Glibc.write(STDERR_FILENO, rest.baseAddress, rest.count)
        guard written > 0 || errno == EINTR else { return }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(max(0, written)))
      }
    }
  }

  /// `key=value`; quoted where there are spaces, and never more than one line.
  private static func logfmt(_ fields: [(String, String)]) -> String {
    var line = ""
    // More than most lines take: there is one for each mail.
    line.reserveCapacity(256)
    for (key, value) in fields {
      if !line.isEmpty { line += " " }
      line += key
      line += "="
      line += value.isPlain ? value : quoted(value)
    }
    line += "\n"
    return line
  }

  private static func json(_ fields: [(String, String)]) -> String {
    "{" + fields.map { "\(quoted($0)):\(quoted($1))" }.joined(separator: ",") + "}\n"
  }

  /// As a string of JSON (RFC 8259, section 7).
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
        quoted += String(format: "\\u%04x", scalar.value)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  private static func withoutAddresses(_ text: String) -> String {
    // By octets: Foundation's search is slow, and most lines have none.
    guard text.utf8.contains(UInt8(ascii: "@")) else { return text }
    return text.replacing(/[^\s<>"'(),;:=@]+@[^\s<>"'(),;:=@]+/, with: "…@…")
  }
}

extension String {
  /// Whether it stands in a line of logfmt as it is.
  fileprivate var isPlain: Bool {
    var text = self
    return text.withUTF8 { octets in
      !octets.isEmpty
        && octets.allSatisfy {
          $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "\\")
        }
    }
  }
}
