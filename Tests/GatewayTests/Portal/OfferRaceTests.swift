import Foundation
import Logging
import Mail
import Rendering
import School
import Store
import Synchronization
import Testing

@testable import Gateway

/// A gateway on a real store, without mail servers: what people write goes in as decided mail.
struct OfferSchool {
  static let anna = "anna@school.test"
  let gateway: SchoolGateway
  let folder: URL
  private let written = Counter()
  var store: Store { gateway.store }

  static let at = Date(timeIntervalSince1970: 1_795_020_400)

  /// - Parameter parents: accounts of group 5, `ouder1@ouders.test` and on.
  init(parents: Int, now: @escaping @Sendable () -> Date = { Self.at }) async throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "offers-\(UUID().uuidString)")
    let store = try await Store.open(folder: folder)
    let group = GroupID("g5")
    var roster: [RosterChange] = [
      .putGroup(SchoolGroup(id: group, name: "Groep 5", routeWord: "groep5")),
      .putPupil(Pupil(id: PupilID("p1"), name: "Noor", groups: [group])),
      .putStaff(
        RosterStaff(
          id: StaffID("s1"), name: "Anna", address: Self.anna, routeWord: "anna", roles: ["LRK"], groups: [group])),
    ]
    for number in 1...parents {
      roster.append(
        .putCarer(
          RosterCarer(
            id: CarerID("c\(number)"), name: "Ouder \(number)", address: Self.parent(number), language: .dutch,
            authority: [PupilID("p1"): .full])))
    }
    try await store.apply(roster, defaultLanguage: .dutch)
    let settings = SchoolSettings(
      name: "De Wilgenhof", language: .dutch, timeZone: TimeZone(identifier: "Europe/Amsterdam") ?? .gmt,
      scheme: AddressScheme(mode: .subaddress, mailbox: try #require(MailAddress("school@school.test"))))
    let templates = URL(filePath: #filePath).appending(path: "../../../../templates").standardizedFileURL
    gateway = SchoolGateway(
      settings: settings, store: store, templates: try Templates.load(directory: templates),
      keys: try #require(KeyRing(secret: Data(repeating: 9, count: 32))),
      log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, now: now)
  }

  static func parent(_ number: Int) -> String { "ouder\(number)@ouders.test" }

  /// What a mail of this person does, by the gateway's way from state to commit.
  @discardableResult
  func write(_ address: String, _ act: Act, _ text: String, _ directory: Directory) async throws -> (
    Committed, Decision
  ) {
    let actor = try #require(directory.account(address: address)).id
    let command = Command(actor: actor, act: act, subject: "Kerst", body: MessageBody(text: text))
    let id = written.next()
    let (done, outcome) = try await gateway.commit { () async throws(StoreError) in
      let state = try await SituationReader(
        store: store, keys: gateway.keys, settings: gateway.settings, directory: directory
      )
      .state(for: act, actor: actor, message: MailMessage.parse(Data()))
      let decision = decide(command, state, now: gateway.now())
      return Outcome(
        inbound: nil, label: "test", messageID: "\(id)@client.test", fingerprint: "\(id)", route: "offer",
        decision: decision,
        at: gateway.now())
    }
    return (done, outcome.decision)
  }

  func open(_ text: String, _ directory: Directory) async throws -> ThreadID {
    let (done, _) = try await write(Self.anna, .publish(.schoolyard, to: "groep5"), text, directory)
    return try #require(done.thread)
  }

  /// All mail that waits, in order of its making.
  func mails() async throws -> [DeliveryRecord] {
    try await store.dueDeliveries(now: .distantFuture.addingTimeInterval(-1e9), excluding: [], limit: 100_000)
      .sorted { $0.id < $1.id }
  }
}

/// Gives mails their Message-IDs.
private final class Counter: Sendable {
  private let count = Mutex(0)
  func next() -> Int {
    count.withLock {
      $0 += 1
      return $0
    }
  }
}

@Suite("Many answers to one help request at once, on a real store", .serialized, .timeLimit(.minutes(5)))
struct OfferRaceTests {
  typealias S = OfferSchool

  @Test("1,000 claims at once on 10 places give exactly 10, and a waiting list in order of arrival")
  func thousand() async throws {
    let school = try await S(parents: 1_000)
    defer { try? FileManager.default.removeItem(at: school.folder) }
    let directory = try await school.store.directory()
    let id = try await school.open("Hulp gevraagd:\n- Luizenpluizen (10)", directory)
    let ranks = try await withThrowingTaskGroup(of: (AccountID, Int?).self) { group in
      for number in 1...1_000 {
        group.addTask {
          let (_, decision) = try await school.write(S.parent(number), .answer(.thread(id)), "ja 1", directory)
          let account = try #require(directory.account(address: S.parent(number))).id
          return (account, decision.notices.first?.facts.offer?.lines.first?.mine)
        }
      }
      return try await group.reduce(into: [AccountID: Int?]()) { $0[$1.0] = $1.1 }
    }
    #expect(ranks.values.count { $0 == 0 } == 10)
    #expect(ranks.values.compactMap(\.self).filter { $0 > 0 }.sorted() == Array(1...990))
    let state = try #require(try await school.store.offer(id))
    // The order in the store is the order that each was told.
    #expect(state.answers.map { ranks[$0.account] ?? nil } == [Int](repeating: 0, count: 10) + Array(1...990))
    #expect(state.answers.count == 1_000 && state.revision.number == 1_000)
    let receipts = try await school.mails().filter { $0.kind == .offerReceipt }
    #expect(receipts.count == 1_000 && receipts.count { $0.facts.offer?.lines[0].mine == 0 } == 10)

    try await movesUp(
      school, id, directory, holders: state.answers.prefix(10).map(\.account), Array(state.answers[10..<20]))
  }

  /// All ten who hold a place give it back at once: the first ten who wait get them, and each is told once.
  private func movesUp(
    _ school: S, _ id: ThreadID, _ directory: Directory, holders: [AccountID], _ next: [OfferAnswer]
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for holder in holders {
        let address = try #require(directory.accounts[holder]).address
        group.addTask { try await school.write(address, .answer(.offer(id)), "herstel", directory) }
      }
      try await group.waitForAll()
    }
    let told = try await school.mails().filter { $0.kind == .offerPlace }
    #expect(told.map(\.recipient) == next.map { .account($0.account) })
    #expect(told.allSatisfy { $0.facts.offer?.lines[0].mine == 0 && $0.facts.offer?.lines[0].count == 10 })
  }
}

@Suite("Polls keep their secret, and the clock does each thing once", .serialized, .timeLimit(.minutes(6)))
struct OfferSecretTests {
  typealias S = OfferSchool

  /// A clock that a test sets.
  final class Clock: Sendable {
    private let seconds = Mutex(0.0)
    var now: Date { S.at + seconds.withLock { $0 } }
    func set(_ days: Double) { seconds.withLock { $0 = days * 86_400 } }
  }

  /// A secret poll among six parents, of whom the first four vote so, until just before its end.
  private func day(_ votes: [String], _ clock: Clock) async throws -> (S, ThreadID, Directory) {
    let school = try await S(parents: 6) { clock.now }
    let directory = try await school.store.directory()
    let id = try await school.open(
      "Geheime stemming (tot 25 november): waarheen?\n- Efteling\n- Emmen\n- Zeezicht", directory)
    for (place, vote) in votes.enumerated() {
      try await school.write(S.parent(place + 1), .answer(.thread(id)), vote, directory)
    }
    try await school.write(S.anna, .answer(.offer(id)), "stand", directory)
    try await school.write(S.parent(1), .answer(.offer(id)), "stand", directory)
    clock.set(6.9)
    try await OfferClock(gateway: school.gateway).doDue()
    try await school.write(S.anna, .answer(.offer(id)), "stand", directory)
    return (school, id, directory)
  }

  @Test(
    "Before its end no mail of a secret poll holds a count or a name, nor anything that hangs on the votes of others")
  func secret() async throws {
    let (one, other) = (Clock(), Clock())
    let (first, id, _) = try await day(["1", "1", "2", "emmen"], one)
    let (second, _, _) = try await day(["3", "2", "3", "zeezicht"], other)
    defer { for school in [first, second] { try? FileManager.default.removeItem(at: school.folder) } }
    let (mails, others) = (try await first.mails(), try await second.mails())
    #expect(mails.count { $0.kind == .offerReminder } == 2 && mails.count { $0.kind == .offerState } == 3)
    for (mail, twin) in zip(mails, others) {
      let lines = try #require(mail.facts.offer).lines
      #expect(lines.allSatisfy { $0.count == nil && $0.waiting == nil && $0.people == nil }, "\(mail.kind)")
      #expect(mail.kind == .offerReceipt || mail.facts == twin.facts, "\(mail.kind) hangs on the votes")
      #expect(mail.facts.accounts == nil && mail.facts.excerpt == nil)
    }
    // What the organiser gets, octet for octet.
    let composed = { (school: S, mail: DeliveryRecord) in
      let material = try #require(try await school.store.materials(of: [mail]).first).get()
      return String(
        decoding: try await DeliveryComposer(gateway: school.gateway).compose(mail, material).octets, as: UTF8.self)
    }
    for (mail, twin) in zip(mails, others) where mail.kind == .offerState {
      let text = try await composed(first, mail)
      let twinText = try await composed(second, twin)
      #expect(text == twinText && !text.contains("Ouder 1"))
    }
    one.set(8)
    try await OfferClock(gateway: first.gateway).doDue()
    let closed = try await first.mails().filter { $0.facts.offer?.stage == .closed }
    #expect(closed.count == 7 && closed.allSatisfy { $0.facts.offer?.lines.map(\.count) == [2, 2, 0] })
    #expect(closed.allSatisfy { $0.facts.offer?.lines.allSatisfy { $0.people == nil } == true })
    let table = try #require(closed.first { $0.kind == .offerState })
    let text = try await composed(first, table)
    #expect(text.contains("stand.csv") && !text.contains("Ouder "))
    #expect(try await first.store.offer(id)?.offer.closedAt == one.now)
  }

  @Test("Reminder and closing come once, also after a crash, and late votes do not count")
  func once() async throws {
    let clock = Clock()
    let (school, id, directory) = try await day(["1"], clock)
    defer { try? FileManager.default.removeItem(at: school.folder) }
    let clocks = OfferClock(gateway: school.gateway)
    for _ in 0..<3 { try await clocks.doDue() }
    #expect(try await school.mails().count { $0.kind == .offerReminder } == 5)
    clock.set(8)
    let (late, decision) = try await school.write(S.parent(2), .answer(.thread(id)), "2", directory)
    #expect(decision.notices.first?.facts.refusal == .offerClosed && late.deliveries.count == 1)
    // Two at once, as a gateway that starts while the old one still dies.
    async let one: Void = clocks.doDue()
    async let other: Void = clocks.doDue()
    _ = try await (one, other)
    try await clocks.doDue()
    #expect(try await school.mails().count { $0.kind == .offerResult } == 6)
    #expect(try await school.mails().count { $0.facts.offer?.stage == .closed && $0.kind == .offerState } == 1)
  }
}
