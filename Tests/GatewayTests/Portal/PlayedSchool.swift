import Foundation
import Logging
import Mail
import Packing
import Rendering
import School
import Store
import Synchronization
import Testing

@testable import Gateway

/// A school without mail servers: what people write is read as it comes from the mailbox, and what goes out is composed
/// and kept by its recipient. Group 5: Els and Frank, separated, with Noor; Jan and Marie with Sanne and one address; an
/// uncle who hears of Noor on request only. Group 7: Bo, who has nothing to do with group 5.
final class PlayedSchool {
  static let anna = "anna@school.test"
  static let cor = "cor@school.test"
  static let dirk = "dirk@school.test"
  static let els = "els@ouders.test"
  static let frank = "frank@elders.test"
  static let shared = "gezin@ouders.test"
  static let uncle = "oom@ouders.test"
  static let foreign = "bo@ouders.test"
  /// Noor's, without authority.
  static let without = "gijs@ouders.test"
  static let stranger = "vreemd@nergens.test"
  static let staff = [anna, cor, dirk]
  static let domain = "ouders.school.test"

  let folder = FileManager.default.temporaryDirectory.appending(path: "played-\(UUID().uuidString)")
  let store: Store
  let gateway: SchoolGateway
  private let clock = Clock()
  /// By the address that each went to.
  private(set) var inboxes: [String: [MailMessage]] = [:]
  private(set) var kinds: Set<NoticeKind> = []
  private var number = 0

  init(_ change: (inout SchoolSettings) -> Void = { _ in }) async throws {
    store = try await Store.open(folder: folder)
    try await store.apply(Self.roster, defaultLanguage: .dutch)
    let mailbox = try #require(MailAddress("school@school.test"))
    var settings = SchoolSettings(
      name: "De Wilgenhof", language: .dutch, timeZone: TimeZone(identifier: "Europe/Amsterdam") ?? .gmt,
      scheme: AddressScheme(mode: .domain, mailbox: mailbox, routeDomain: Self.domain),
      authservID: "mail.school.test")
    settings.people.supportDesk = [Self.dirk]
    change(&settings)
    let templates = URL(filePath: #filePath).appending(path: "../../../../templates").standardizedFileURL
    gateway = SchoolGateway(
      settings: settings, store: store, templates: try Templates.load(directory: templates),
      keys: try #require(KeyRing(secret: Data(repeating: 9, count: 32))),
      log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: { [clock] in clock.now })
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var now: Date { clock.now }

  private final class Clock: Sendable {
    private let value = Mutex(Date(timeIntervalSince1970: 1_795_020_400))
    var now: Date { value.withLock { $0 } }
    func advance(_ seconds: TimeInterval) { value.withLock { $0 += seconds } }
  }

  /// Time passes, and what became due goes out.
  func pass(_ seconds: TimeInterval) async throws {
    clock.advance(seconds)
    try await collect()
  }

  // MARK: What people do

  /// - Parameter proven: our own mail server saw who it was.
  func write(
    _ from: String, _ route: String, _ subject: String, _ text: String, fields: [String] = [], proven: Bool = true
  ) async throws {
    number += 1
    let to = route.contains("@") ? route : "\(route)@\(Self.domain)"
    let proof = proven ? ["Authentication-Results: mail.school.test; auth=pass smtp.auth=\(from)"] : []
    let type = fields.contains { $0.hasPrefix("Content-Type") } ? [] : ["Content-Type: text/plain; charset=utf-8"]
    let header = [
      "X-Original-To: \(to)", "From: \(from)", "To: \(to)", "Subject: \(subject)",
      "Message-ID: <\(number)@client.test>",
      "MIME-Version: 1.0",
    ]
    let lines = proof + header + type + fields + ["", text.replacing("\n", with: "\r\n"), ""]
    let record = try await store.record(Data(lines.joined(separator: "\r\n").utf8), from: nil, at: now)
    let status = await MailReader(gateway: gateway).handle(record)
    #expect(status == .handled, "\(subject)")
    clock.advance(1)
    try await collect()
  }

  func answer(_ mail: MailMessage, as from: String, _ text: String, proven: Bool = true) async throws {
    let to = try #require(mail.replyTo.first?.address.description)
    let id = try #require(mail.messageID)
    try await write(from, to, "Re: \(mail.subject)", text, fields: ["In-Reply-To: <\(id)>"], proven: proven)
  }

  /// The newest mail to somebody with this in its subject or text.
  func mail(to address: String, with text: String) throws -> MailMessage {
    let found = inboxes[address, default: []].last { $0.subject.contains(text) || $0.readableText.contains(text) }
    return try #require(found, "\(address) has \(inboxes[address, default: []].map(\.subject)), and not “\(text)”")
  }

  // MARK: What goes out

  func collect() async throws {
    for delivery in try await store.dueDeliveries(now: now, excluding: [], limit: 10_000) {
      let material = try #require(try await store.materials(of: [delivery]).first).get()
      let mail = try await DeliveryComposer(gateway: gateway).compose(delivery, material)
      inboxes[mail.envelope.forwardPath.canonical, default: []].append(MailMessage.parse(mail.octets))
      kinds.insert(delivery.kind)
      try await store.record([
        DeliveryOutcome(delivery: delivery.id, at: now, result: .accepted(ServerWords(code: 250, text: "ok")))
      ])
    }
  }

  func delivery(_ kind: NoticeKind, to address: String) async throws -> DeliveryRecord {
    let account = try #require(try await store.directory().account(address: address)?.id)
    let lines = try await store.report(limit: 1_000).flatMap(\.lines)
    return try #require(lines.map(\.delivery).first { $0.kind == kind && $0.recipient == .account(account) })
  }

  /// All that can be read of a mail: its header, its texts, its calendar with lines unfolded (RFC 5545, section 3.1),
  /// its files and what is packed in them.
  static func everything(_ mail: MailMessage) -> String {
    let files = mail.attachments.flatMap { file in
      [file.fileName, String(decoding: file.data, as: UTF8.self)]
        + (file.mediaType == "application/zip" ? Unpacked.files(file.data) : []).map {
          String(decoding: $0, as: UTF8.self)
        }
    }
    let calendars = mail.root.allParts.filter { CalendarParts.isCalendar($0.contentType.mediaType, $0.fileName) }
      .compactMap(\.data).map { String(decoding: $0, as: UTF8.self).replacing("\r\n ", with: "") }
    return (["\(mail.header)", mail.subject, mail.plainText ?? "", mail.html ?? ""] + calendars + files)
      .joined(separator: "\n")
  }

  private static let roster: [RosterChange] =
    [
      .putGroup(SchoolGroup(id: GroupID("g5"), name: "Groep 5", routeWord: "groep5")),
      .putGroup(SchoolGroup(id: GroupID("g7"), name: "Groep 7", routeWord: "groep7")),
      .putPupil(Pupil(id: PupilID("p1"), name: "Noor", groups: [GroupID("g5")])),
      .putPupil(Pupil(id: PupilID("p2"), name: "Sanne", groups: [GroupID("g5")])),
      .putPupil(Pupil(id: PupilID("p3"), name: "Tim", groups: [GroupID("g7")])),
      carer("c1", "Els Bakker", els, "p1"), carer("c2", "Frank Smit", frank, "p1"),
      carer("c3", "Jan de Vries", shared, "p2"), carer("c4", "Marie de Vries", shared, "p2"),
      carer("c5", "Oscar Bakker", uncle, "p1", .onRequest), carer("c6", "Bo Kramer", foreign, "p3"),
      carer("c7", "Gijs Bakker", without, "p1", .none),
    ]
    + [
      ("s1", "Anna de Boer", anna, "anna", "g5", "LRK"), ("s2", "Cor Visser", cor, "cor", "g7", "LRK"),
      ("s3", "Dirk Dijk", dirk, "dirk", "", "DIR"),
    ].map { id, name, address, word, group, role in
      .putStaff(
        RosterStaff(
          id: StaffID(id), name: name, address: address, routeWord: word, roles: [role],
          groups: group.isEmpty ? [] : [GroupID(group)]))
    }

  private static func carer(
    _ id: String, _ name: String, _ address: String, _ pupil: String, _ authority: ParentalAuthority = .full
  ) -> RosterChange {
    .putCarer(
      RosterCarer(
        id: CarerID(id), name: name, address: address, language: .dutch, authority: [PupilID(pupil): authority]))
  }
}
