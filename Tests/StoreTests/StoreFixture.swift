import Foundation
import School

@testable import Store

/// A store in a folder of its own, with two families and a teacher.
final class StoreFixture {
  let folder = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
  var store: Store
  static let now = Date(timeIntervalSince1970: 1_795_000_000)

  init() async throws {
    store = try await Store.open(folder: folder)
    try await store.apply(Self.roster, defaultLanguage: .dutch)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  static let group = GroupID("g5")
  static let roster: [RosterChange] = [
    .putGroup(SchoolGroup(id: group, name: "Groep 5", routeWord: "groep5")),
    .putPupil(Pupil(id: PupilID("p1"), name: "Noor", groups: [group])), carer("c1", "Els", "els@ouders.test"),
    carer("c2", "Frank", "frank@ouders.test"),
    .putStaff(
      RosterStaff(
        id: StaffID("s1"), name: "Anna", address: "anna@school.test", routeWord: "anna", roles: ["LRK"],
        groups: [group])),
  ]

  static func carer(_ id: String, _ name: String, _ address: String, _ language: Language? = nil) -> RosterChange {
    .putCarer(
      RosterCarer(
        id: CarerID(id), name: name, address: address, language: language, authority: [PupilID("p1"): .full]))
  }

  func account(_ address: String) async throws -> AccountID {
    try await store.directory().account(address: address)?.id ?? AccountID(0)
  }

  func mail(_ text: String, uid: UInt32? = nil) async throws -> InboundID {
    let source = uid.map { InboundSource(mailbox: "INBOX", uidValidity: 1, uid: $0) }
    return try await store.record(Data(text.utf8), from: source, at: Self.now).id
  }

  @discardableResult
  func commit(
    _ decision: Decision, inbound: InboundID? = nil, messageID: String? = nil,
    writer: Notice.Recipient? = nil, route: String? = nil, deliveries: [DeliveryOutcome] = [],
    after seconds: TimeInterval = 0
  ) async throws -> Committed {
    try await store.commit(
      Outcome(
        inbound: inbound, label: "posted", messageID: messageID, writer: writer, fingerprint: messageID, route: route,
        decision: decision, deliveries: deliveries, at: Self.now + seconds)
    ) { "\($0)@school.test" }
  }

  /// News from Anna to both families, with a receipt.
  func news(_ text: String = "Morgen gym") async throws -> Decision {
    let (anna, els, frank) = (
      try await account("anna@school.test"), try await account("els@ouders.test"),
      try await account("frank@ouders.test")
    )
    return Decision(
      changes: [
        .openThread(
          kind: .news, subject: "Gym", author: anna, audience: .group(Self.group), members: [], about: nil),
        .addEntry(thread: .new, author: anna, body: MessageBody(text: text), origin: nil),
      ],
      notices: [els, frank].map {
        Notice(.news, to: .account($0), lane: .bulk, thread: .new, entry: .new, replyTarget: .thread)
      } + [Notice(.publishReceipt, to: .account(anna), thread: .new, entry: .new)])
  }

  /// Closes the store and opens it again, as after a crash: nothing is said to the old one.
  func reopen() async throws {
    let placeholder = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
    store = try await Store.open(folder: placeholder)
    try? FileManager.default.removeItem(at: placeholder)
    store = try await Store.open(folder: folder)
  }
}
