import Foundation
import Testing

@testable import Mail

/// One mail as a client writes it, and what must be read from it.
struct Fixture: Sendable, CustomTestStringConvertible {
  struct Golden: Decodable, Sendable {
    struct Forward: Decodable, Sendable {
      let from: String
      let name: String
      let subject: String
      let date: Date
      let text: String
      var files: [String]?
    }

    let text: String
    var cuts: [String]?
    var forward: Forward?
  }

  let name: String
  let mail: Data
  let golden: Golden

  var testDescription: String { name }

  static let all: [Fixture] = {
    let folder = Bundle.module.resourceURL!.appendingPathComponent("Fixtures")
    let files = try! FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    return files.filter { $0.pathExtension == "eml" }.sorted { $0.path < $1.path }.map { file in
      let golden = try! Data(contentsOf: file.deletingPathExtension().appendingPathExtension("json"))
      return Fixture(
        name: file.deletingPathExtension().lastPathComponent, mail: try! Data(contentsOf: file),
        golden: try! decoder.decode(Golden.self, from: golden))
    }
  }()
}

@Suite("Mail as clients write it")
struct FixtureTests {
  @Test("the fixtures are there")
  func present() { #expect(Fixture.all.count >= 81) }

  @Test("new text and forwards are read", arguments: Fixture.all)
  func read(_ fixture: Fixture) {
    let message = MailMessage.parse(fixture.mail)
    let forward = ForwardedMessage.read(message)
    let text = NewText.read(message)
    if let golden = fixture.golden.forward {
      #expect(forward?.ownText == fixture.golden.text)
      #expect(forward?.from?.address == MailAddress(golden.from))
      #expect(forward?.fromName == golden.name)
      #expect(forward?.subject == golden.subject)
      #expect(forward?.date == golden.date)
      #expect(forward?.text == golden.text)
      #expect(forward?.attachments.map(\.fileName) == golden.files ?? [])
    } else {
      #expect(forward == nil)
      #expect(text.text == fixture.golden.text)
      #expect(
        text.cuts.map(\.rule).reduce(into: []) { if $0.last != $1 { $0.append($1) } } == fixture.golden.cuts ?? [])
    }
  }

  @Test("no line of a mail is lost: it is shown or cut by a named rule", arguments: Fixture.all)
  func nothingLost(_ fixture: Fixture) {
    let message = MailMessage.parse(fixture.mail)
    let read = NewText.read(message)
    guard let plain = message.plainText, !plain.isEmpty, message.html == nil else { return }
    let shown = (read.text + "\n" + read.cuts.map(\.text).joined(separator: "\n")).filter { !$0.isWhitespace }
    #expect(
      shown.count == plain.filter { !$0.isWhitespace && $0 != "\u{FEFF}" }.count
        || shown.count >= plain.filter { !$0.isWhitespace }.count - 2)
  }

  @Test("a fixture cut off anywhere is read without a crash", arguments: Fixture.all)
  func truncated(_ fixture: Fixture) {
    for length in stride(from: 0, to: fixture.mail.count, by: 97) {
      let message = MailMessage.parse(fixture.mail.prefix(length))
      let text = NewText.read(message).text
      _ = ForwardedMessage.read(message)
      #expect(text.utf8.count <= fixture.mail.count * 3)
    }
  }
}
