import ArgumentParser
import Foundation
import Gateway
import Mail
import School
import Store

struct Send: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Puts a message in as if it had come by mail; the text is read from standard input.",
    discussion: """
      A running gateway handles it within seconds; else the next one does. What it may do is decided as for any mail: \
      who has no proof of the sender is asked to confirm.

      \(Exit.documentation)
      """)

  @OptionGroup var school: SchoolOption

  @Option(help: "Whose message it is: an address that the school knows.")
  var from: String

  @Option(help: "Where it goes: a route, as nieuws.groep5 or postvak.anna, or an address. May be given more than once.")
  var to: [String]

  @Option(help: "The subject.")
  var subject: String

  @Option(help: "A file to send along. May be given more than once.", completion: .file())
  var attach: [String] = []

  @Flag(help: "Vouch for the sender, as the school's mail server does for who logged in (needs authserv-id).")
  var proven = false

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard !to.isEmpty else { throw ValidationError("Give at least one --to.") }
  }

  func run() async throws {
    let configuration = try SchoolConfiguration.load(folder: try school.folder(), logsIn: false)
    let raw = try message(configuration.settings).composed()
    let store = try await SchoolStore.open(folder: configuration.folder, access: .shared).store
    guard try await store.directory().account(address: from) != nil else {
      throw CommandFailure(Exit.badData, "--from \(from): the school knows no such address")
    }
    let record = try await store.record(raw, from: nil, at: Date())
    let id = record.id.rawValue
    if json { try Output.json(["inbound": id]) } else { Output.line("recorded as inbound message \(id)") }
  }

  private func message(_ settings: SchoolSettings) throws -> OutgoingMessage {
    guard let sender = MailAddress(from) else { throw ValidationError("--from is no mail address.") }
    let (recipients, prefix) = try recipients(settings.scheme)
    guard let text = String(data: try Self.standardInput(), encoding: .utf8) else {
      throw CommandFailure(Exit.badData, "the text is not UTF-8")
    }
    return OutgoingMessage(
      from: NamedAddress(address: sender), to: recipients.map { NamedAddress(address: $0) },
      subject: prefix + subject, date: Date(), timeZone: settings.timeZone,
      messageID: "\(UUID().uuidString.lowercased())@\(sender.domain)", extraFields: try proof(settings),
      text: BodyText(text),
      attachments: try attach.map(Self.attachment))
  }

  /// In mode `plain` the route stands in the subject.
  private func recipients(_ scheme: AddressScheme) throws -> (addresses: [MailAddress], subjectPrefix: String) {
    var prefix = ""
    let addresses = try to.map { text in
      if text.contains("@") {
        guard let address = MailAddress(text) else { throw ValidationError("--to \(text) is no mail address.") }
        if let route = scheme.route(to: address) { try Self.requireKnown(route) }
        return address
      }
      let route = RouteAddress(text)
      try Self.requireKnown(route)
      prefix = scheme.subjectPrefix(of: route) ?? prefix
      return scheme.address(of: route)
    }
    return (addresses, prefix)
  }

  private static func requireKnown(_ route: RouteAddress) throws {
    guard case .unknown(let text) = route else { return }
    let word = text.prefix { $0 != "." && $0 != "+" }
    let near = Spelling.nearest(to: String(word), among: RouteWord.offered.flatMap(\.words))
    let advice = near.map { "did you mean \($0)\(text.dropFirst(word.count))?" } ?? "give one, as nieuws.groep5"
    throw ValidationError(text.isEmpty ? "--to is empty: \(advice)" : "--to \(text) is no route: \(advice)")
  }

  /// RFC 8601, section 2.7.4: the method for a sender who logged in.
  private func proof(_ settings: SchoolSettings) throws -> [OutgoingMessage.Field] {
    guard proven else { return [] }
    guard let authservID = settings.authservID else {
      throw CommandFailure(Exit.configuration, "--proven needs authentication.authserv-id in the configuration")
    }
    return [OutgoingMessage.Field("Authentication-Results", "\(authservID); auth=pass smtp.auth=\(from)")]
  }

  // MARK: Reading

  /// What one mail may hold.
  private static let limit = MIMELimits.standard.messageBytes

  private static func standardInput() throws -> Data {
    guard let data = try? FileHandle.standardInput.read(upToCount: limit + 1) ?? Data() else {
      throw CommandFailure(Exit.inputOutput, "standard input cannot be read")
    }
    guard data.count <= limit else { throw CommandFailure(Exit.badData, "more than \(limit) octets were given") }
    return data
  }

  private static func attachment(_ path: String) throws -> OutgoingAttachment {
    let data = try GivenFile.require(path, upTo: limit + 1)
    guard data.count <= limit else { throw CommandFailure(Exit.badData, "\(path) has more than \(limit) octets") }
    let file = URL(filePath: path)
    return OutgoingAttachment(
      fileName: file.lastPathComponent,
      mediaType: mediaTypes[file.pathExtension.lowercased()] ?? "application/octet-stream", data: data)
  }

  /// As IANA registers them; what schools send along.
  private static let mediaTypes = [
    "pdf": "application/pdf", "jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "gif": "image/gif",
    "heic": "image/heic", "txt": "text/plain", "csv": "text/csv", "ics": "text/calendar", "mp4": "video/mp4",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
  ]
}
