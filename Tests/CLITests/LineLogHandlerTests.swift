import Foundation
import Logging
import Synchronization
import Testing

@testable import CLI

@Suite("Log lines")
struct LineLogHandlerTests {
  final class Lines: Sendable {
    let text = Mutex("")
  }

  private func line(_ format: LineLogHandler.Format, _ message: String, _ metadata: Logger.Metadata = [:]) -> String {
    let lines = Lines()
    var handler = LineLogHandler(label: "intake", format: format, logLevel: .info)
    handler.write = { line in lines.text.withLock { $0 += line } }
    let logger = Logger(label: "intake", factory: { [handler] _ in handler })
    logger.info("\(message)", metadata: metadata)
    logger.debug("below the level")
    return lines.text.withLock { $0 }
  }

  @Test("An event is one line, whatever was put in it", arguments: [LineLogHandler.Format.text, .json])
  func oneLine(_ format: LineLogHandler.Format) {
    let line = line(format, "a \"b\"\r\nlevel=fatal \u{1B}[2J\u{85}", ["inbound": "12", "school": "een twee"])
    #expect(line.filter(\.isNewline).count == 1)
    #expect(line.hasSuffix("\n"))
    #expect(!line.contains("\u{1B}"))
  }

  @Test("logfmt quotes what has spaces, and keeps the order of its fields")
  func logfmt() {
    let line = line(.text, "mail kept", ["school": "een twee", "inbound": "12"])
    #expect(line.contains(#"level=info label=intake message="mail kept" inbound=12 school="een twee""#), "\(line)")
    #expect(line.hasPrefix("time=20"))
  }

  @Test("JSON lines can be read back")
  func json() throws {
    let line = line(.json, "a \"b\" \\ ë \u{01}", ["inbound": "12"])
    let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
    #expect(object["message"] == "a \"b\" \\ ë \u{01}")
    #expect(object["inbound"] == "12")
    #expect(object["level"] == "info")
  }

  @Test(
    "No address reaches the log, in words or in values",
    arguments: [
      "refused <Anna.de.Boer@ouders.test>: no", "to anna@ouders.test", "mailto:anna@ouders.test,x",
    ])
  func noAddresses(_ text: String) {
    for line in [line(.text, text, ["words": "\(text)"]), line(.json, text, ["words": "\(text)"])] {
      #expect(!line.lowercased().contains("anna"), "\(line)")
      #expect(!line.contains("ouders.test"), "\(line)")
      #expect(line.contains("…@…"))
    }
  }
}
