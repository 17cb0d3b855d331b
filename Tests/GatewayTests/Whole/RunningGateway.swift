import Foundation
import Logging
import Mail
import Rendering
import School
import Store
import TestServers
import Testing
import Transport
import TransportIMAP
import TransportSMTP

@testable import Gateway

/// A whole gateway over real servers: Dovecot, Postfix, SQLite and the templates of the repository. Anna and Bas teach
/// group 5; Els and Fatima have a child there, and so has a family whose address does not exist.
final class RunningGateway: Sendable {
  static let anna = "anna@school.test"
  static let bas = "bas@school.test"
  static let els = "els@ouders.test"
  static let fatima = "fatima@kpn.test"
  static let gone = "weg@ouders.test"
  static let domain = "ouders.school.test"

  let servers: MailServers
  let folder: URL
  let store: Store
  let gateway: SchoolGateway
  private let submitter: CurlSubmitter
  private let connector: EtpanConnector

  /// Starts servers and gateway, runs the body, and stops everything.
  static func run(
    _ options: MailServers.Options = options(), undo: TimeInterval = 600, mode: AddressScheme.Mode = .domain,
    maximum: Int = 64 << 20, settings: (inout SchoolSettings) -> Void = { _ in },
    body: (RunningGateway) async throws -> Void
  ) async throws {
    try await MailServers.run(options) { servers in
      let running = try await RunningGateway(servers, undo: undo, mode: mode, maximum: maximum, settings: settings)
      try await running.toItsEnd { try await body(running) }
    }
  }

  /// Serves while the body runs, and leaves nothing behind.
  func toItsEnd(_ body: () async throws -> Void) async throws {
    try await serving(body)
    await submitter.shutdown()
    try? FileManager.default.removeItem(at: folder)
  }

  static func options() -> MailServers.Options {
    var options = MailServers.Options()
    for address in [anna, bas, els, fatima] { options.passwords[address] = "secret-of-\(address)" }
    return options
  }

  /// - Parameters:
  ///   - address: its own mailbox, where it is not the one that the servers were started for.
  ///   - people: whom its school knows beside the others.
  init(
    _ servers: MailServers, undo: TimeInterval, mode: AddressScheme.Mode = .domain, maximum: Int = 64 << 20,
    mailbox address: String? = nil, people: [RosterChange] = [],
    settings adjust: (inout SchoolSettings) -> Void = { _ in }
  ) async throws {
    self.servers = servers
    folder = FileManager.default.temporaryDirectory.appending(path: "gateway-\(UUID().uuidString)")
    store = try await Store.open(folder: folder)
    try await store.apply(Self.roster + people, defaultLanguage: .dutch)
    let userName = address ?? servers.world.gateway
    let mailbox = try #require(MailAddress(userName))
    var settings = SchoolSettings(
      name: "De Wilgenhof", language: .dutch, timeZone: TimeZone(identifier: "Europe/Amsterdam") ?? .gmt,
      scheme: AddressScheme(mode: mode, mailbox: mailbox, routeDomain: Self.domain),
      authservID: servers.world.authservID)
    settings.schoolyard.undoWindow = undo
    settings.people.supportDesk = [Self.bas]
    settings.people.activationByMail = false
    adjust(&settings)
    let templates = URL(filePath: #filePath).appending(path: "../../../../templates").standardizedFileURL
    var log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    if ProcessInfo.processInfo.environment["POSTPLEIN_TEST_LOG"] != nil { log = Logger(label: "test") }
    gateway = SchoolGateway(
      settings: settings, store: store, templates: try Templates.load(directory: templates),
      keys: try #require(KeyRing(secret: Data(repeating: 9, count: 32))), log: log)
    let password = servers.options.passwords[userName] ?? ""
    let account = { (port: Int) in
      ServerAccount(
        host: "localhost", port: port, security: .implicitTLS, userName: userName, password: password,
        trustedCertificatesFile: servers.world.ca)
    }
    var limits = IMAPLimits()
    limits.messageSize = maximum
    connector = EtpanConnector(account: account(servers.world.imaps), limits: limits)
    submitter = CurlSubmitter(account: account(servers.world.submissions))
  }

  /// Runs the gateway while the body runs.
  func serving(_ body: () async throws -> Void) async throws {
    let running = Task { [self] in await gateway.run(imap: connector, smtp: submitter) }
    do { try await body() } catch {
      running.cancel()
      await running.value
      throw error
    }
    running.cancel()
    await running.value
  }

  static let roster: [RosterChange] =
    [
      .putGroup(SchoolGroup(id: GroupID("g5"), name: "Groep 5", routeWord: "groep5")),
      .putPupil(Pupil(id: PupilID("p1"), name: "Noor", groups: [GroupID("g5")])),
      carer("c1", "Els", els, .dutch), carer("c2", "Fatima", fatima, .english), carer("c3", "Weg", gone, .dutch),
    ]
    + [("s1", "Anna de Boer", anna, "anna"), ("s2", "Bas Visser", bas, "bas")].map { id, name, address, word in
      .putStaff(
        RosterStaff(
          id: StaffID(id), name: name, address: address, routeWord: word, roles: ["LRK", "DIR"], groups: [GroupID("g5")]
        )
      )
    }

  static func carer(_ id: String, _ name: String, _ address: String, _ language: Language) -> RosterChange {
    .putCarer(
      RosterCarer(
        id: CarerID(id), name: name, address: address, language: language, authority: [PupilID("p1"): .full]))
  }

  // MARK: What people do with their own mail clients

  /// Writes and submits a mail with one's own login, which our server vouches for.
  func write(
    _ from: String, to: String, _ subject: String, _ text: String, fields: [String] = [], id: String = UUID().uuidString
  ) async throws {
    try await servers.submit(Self.mail(from, to, subject, text, fields, id), as: from, to: to)
  }

  /// Hands a mail over from outside: nothing proves who wrote it.
  func writeFromOutside(
    _ from: String, to: String, _ subject: String, _ text: String, fields: [String] = [], reversePath: String? = nil
  ) async throws {
    let mail = Self.mail(from, to, subject, text, fields, UUID().uuidString)
    try await servers.deliver(mail, from: reversePath ?? from, to: to)
  }

  static func mail(
    _ from: String, _ to: String, _ subject: String, _ text: String, _ fields: [String], _ id: String
  ) -> Data {
    let header = [
      "From: \(from)", "To: \(to)", "Subject: \(subject)", "Message-ID: <\(id)@client.test>",
      "Date: Wed, 18 Nov 2026 10:00:00 +0100", "MIME-Version: 1.0",
    ]
    let type = fields.contains { $0.hasPrefix("Content-Type") } ? [] : ["Content-Type: text/plain; charset=utf-8"]
    let lines = header + type + fields + ["", text.replacing("\n", with: "\r\n"), ""]
    return Data(lines.joined(separator: "\r\n").utf8)
  }

  /// Answers a mail as a client does: to its Reply-To, with In-Reply-To.
  func answer(_ mail: MailMessage, as from: String, _ text: String) async throws {
    let to = try #require(mail.replyTo.first?.address.description)
    let id = try #require(mail.messageID)
    try await write(from, to: to, "Re: \(mail.subject)", text, fields: ["In-Reply-To: <\(id)>"])
  }

  /// The mails that somebody got with this in it, parsed.
  func mails(
    to address: String, count: Int = 1, with text: String, timeout: Duration = MailServers.patience
  ) async throws -> [MailMessage] {
    let decoded = { (raw: Data) in MailMessage.parse(raw) }
    let deadline = ContinuousClock.now + timeout
    while true {
      let found = try servers.mailbox(of: address).map(decoded).filter {
        $0.readableText.contains(text) || $0.subject.contains(text)
      }
      if found.count >= count { return found }
      guard ContinuousClock.now < deadline else {
        let subjects = try servers.mailbox(of: address).map { decoded($0).subject }
        throw MailServers.NoSuchMail(description: "\(address) has \(subjects), and not “\(text)” \(count) times")
      }
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  func mail(to address: String, with text: String) async throws -> MailMessage {
    let mails = try await mails(to: address, with: text)
    return try #require(mails.first)
  }

  /// Waits until something holds of the store.
  func until(
    _ what: Comment, timeout: Duration = MailServers.patience, _ holds: () async throws -> Bool
  ) async throws {
    let deadline = ContinuousClock.now + timeout
    while try await !holds() {
      try #require(ContinuousClock.now < deadline, what)
      try await Task.sleep(for: .milliseconds(20))
    }
  }
}
