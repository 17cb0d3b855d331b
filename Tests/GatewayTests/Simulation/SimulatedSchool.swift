import Foundation
import Logging
import Mail
import Rendering
import School
import Store
import Testing
import Transport

@testable import Gateway

/// A promise that a story found broken.
struct Broken: Error, CustomStringConvertible {
  let promise: String
  init(_ promise: String) { self.promise = promise }
  var description: String { promise }
}

/// A whole gateway without a network: its parts have turns, one at a time, so that a story goes the same way each time.
/// The store is a real one, in a folder; time and servers are the story's own.
actor SimulatedSchool {
  /// A gateway that is wrong on purpose, or a world that is.
  enum Control: Sendable, CaseIterable {
    /// Mail is moved away before it is stored.
    case acknowledgeFirst
    /// What the server accepts reaches nobody.
    case swallow
    /// A mail that comes again is taken for another.
    case renameCopies
  }

  /// What somebody wrote, and who must get it.
  struct Sent: Sendable {
    let marker: String
    let author: Person
    let letter: Happening.Letter
    let due: Set<Person>
    var header: [String] = []
    var text = ""
    var messageID = ""
  }

  /// What happened in a story, and every step that its gateways took.
  struct Played: Sendable, Equatable {
    var steps: [String] = []
    var mailsIn = 0
    var mailsOut = 0
    var deaths = 0

    static func += (total: inout Played, played: Played) {
      total.steps += played.steps
      total.mailsIn += played.mailsIn
      total.mailsOut += played.mailsOut
      total.deaths += played.deaths
    }
  }

  private enum Part: CaseIterable { case mailbox, dispatch, waiting, clocks }
  /// In this order; sending is what there is most of.
  private static let turns: [Part] = [.mailbox, .dispatch, .dispatch, .waiting, .dispatch, .clocks]

  let servers: SimulatedServers
  /// A Friday morning in November, so that a story goes over a weekend.
  let clock = Clock(at: Date(timeIntervalSince1970: 1_795_158_000))
  var store: Store
  var sent: [Sent] = []
  /// The markers of what Bas approved.
  var approved: Set<String> = []
  var entriesSeen: [EntryID: String] = [:]
  var bounces: [String: Int] = [:]
  let control: Control?
  private let base: URL
  private(set) var life: Life
  private var gateway: SchoolGateway
  private(set) var steps: [String] = []
  private var turnsTaken = 0
  private var deaths = 0
  /// By the gateway that lives now.
  private var clockSeen = Date.distantFuture

  /// Plays a story to its end, and says what became of it.
  ///
  /// - Throws: `Broken`.
  @discardableResult
  static func play(_ story: [Happening], control: Control? = nil) async throws -> Played {
    // fsync costs nothing there, and here only the gateway dies, never the machine.
    let memory = URL(filePath: "/dev/shm")
    let manager = FileManager.default
    let place = manager.isWritableFile(atPath: memory.path) ? memory : manager.temporaryDirectory
    let base = place.appending(path: "simulation-\(UUID().uuidString)")
    defer { try? manager.removeItem(at: base) }
    let school = try await SimulatedSchool(base: base, control: control)
    for happening in story { try await school.play(happening) }
    try await school.comeToRest()
    return await Played(
      steps: school.steps + school.life.steps, mailsIn: school.servers.state.withLock(\.received.count),
      mailsOut: school.servers.accepted.count, deaths: school.deaths)
  }

  private init(base: URL, control: Control?) async throws {
    self.base = base
    self.control = control
    servers = SimulatedServers(swallows: control == .swallow)
    let folder = base.appending(path: "0")
    store = try await Store.open(folder: folder)
    try await store.apply(Self.roster, defaultLanguage: .dutch)
    life = Life(folder: folder, legacy: base.appending(path: "1"))
    gateway = try Self.gateway(store, clock)
  }

  private static let templates = Result {
    try Templates.load(
      directory: URL(filePath: #filePath).appending(path: "../../../../templates").standardizedFileURL)
  }

  private static func gateway(_ store: Store, _ clock: Clock) throws -> SchoolGateway {
    var settings = SchoolSettings(
      name: "De Wilgenhof", language: .dutch, timeZone: TimeZone(identifier: "Europe/Amsterdam") ?? .gmt,
      scheme: AddressScheme(
        mode: .domain, mailbox: try #require(MailAddress("school@school.test")), routeDomain: "ouders.school.test"),
      authservID: "mail.school.test")
    settings.people.supportDesk = [RunningGateway.bas]
    settings.people.activationByMail = false
    settings.broadcast.check = .approval
    settings.broadcast.approvers = [Person.anna, .bas].map(\.rawValue)
    // A turn of the post office ends with one mail.
    settings.sending.connections = 1
    settings.sending.messagesPerConnection = 1
    // These deaths are no mail's fault.
    settings.limits.attempts = 10_000
    settings.limits.mailsPerHour = 10_000
    return SchoolGateway(
      settings: settings, store: store, templates: try templates.get(),
      keys: try #require(keys),
      log: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }, now: { clock.now })
  }

  fileprivate static let keys = KeyRing(secret: Data(repeating: 9, count: 32))

  private static let roster: [RosterChange] =
    [
      .putGroup(SchoolGroup(id: GroupID("g5"), name: "Groep 5", routeWord: "groep5")),
      .putPupil(Pupil(id: PupilID("p1"), name: "Noor", groups: [GroupID("g5")])),
    ]
    + Person.parents.map { RunningGateway.carer("\($0)", "\($0)", $0.rawValue, .dutch) }
    + [("anna", Person.anna.rawValue), ("bas", RunningGateway.bas)].map { name, address in
      .putStaff(
        RosterStaff(
          id: StaffID(name), name: name, address: address, routeWord: name, roles: ["DIR"], groups: [GroupID("g5")]))
    }

  // MARK: What happens

  private func play(_ happening: Happening) async throws {
    switch happening {
    case .write(let person, let letter): write(person, letter)
    case .answer(let person, let number): try await answer(person, number)
    case .claim(let person, let number): try await claim(person, number)
    case .choose(let person, let number): try await choose(person, number)
    case .approve(let number): try await approve(number)
    case .again(let number, let way): repeatMail(number, way)
    case .bounce(let number): bounce(number)
    case .renumber: servers.renumber()
    case .cut(let call, let isDone): servers.state.withLock { $0.cuts.append((call, isDone)) }
    case .server(let answers): servers.state.withLock { $0.answers += answers }
    case .crash(let steps): life.end(after: steps)
    case .work(let turns): for _ in 0..<turns { try await turn() }
    case .pass(let minutes): try await pass(until: clock.now.addingTimeInterval(Double(minutes) * 60))
    case .turnClock(let hours):
      clock.advance(by: Double(hours) * 3_600)
    }
  }

  private func pass(until end: Date) async throws {
    while true {
      try await settle()
      guard clock.now < end else { return }
      let next = try await waitingByTime().map(\.dueAt).filter { $0 > clock.now }.min() ?? .distantFuture
      let step = min(end, next, clock.now.addingTimeInterval(4 * 3_600))
      clock.advance(by: max(1, step.timeIntervalSince(clock.now)))
    }
  }

  /// No more trouble: what waits is sent, and then every promise must have been kept.
  private func comeToRest() async throws {
    servers.state.withLock { state in
      state.cuts = []
      state.answers = []
    }
    life.end(after: nil)
    // Three days of trying, a digest, and a clock that was turned back.
    let end = clock.now.addingTimeInterval(6 * 86_400)
    repeat {
      guard clock.now < end else { throw Broken("mail waits for ever") }
      try await pass(until: clock.now.addingTimeInterval(3_600))
    } while try await isBusy()
    try await keepPromises()
  }

  private func isBusy() async throws -> Bool {
    guard servers.isInboxEmpty, try await store.waitingInbound(limit: 1).isEmpty else { return true }
    let lines = try await store.digestLines()
    let waiting = try await waitingByTime()
    return !lines.isEmpty || !waiting.isEmpty
  }

  // MARK: The gateway's turns

  /// Mail that leaves by itself when its time has come: what waits for Bas may wait for ever.
  func waitingByTime() async throws -> [DeliveryRecord] {
    try await store.dueDeliveries(now: .distantFuture, excluding: [], limit: 10_000).filter {
      $0.dueAt < .distantFuture
    }
  }

  /// Until nothing is to be done at this moment.
  private func settle() async throws {
    for _ in 0..<2_000 {
      if !servers.isInboxEmpty {
        try await turn(.mailbox)
      } else if try await !store.waitingInbound(limit: 1).isEmpty {
        try await turn(.waiting)
      } else if try await isDue() {
        try await turn(.dispatch)
      } else {
        let deathsBefore = deaths
        try await turn(.clocks)
        // Another gateway has not looked at the clocks yet.
        if deaths > deathsBefore { continue }
        let waits = try await store.waitingInbound(limit: 1)
        if try await !isDue(), servers.isInboxEmpty, waits.isEmpty { return try await nothingWaitsTooLong() }
      }
    }
    throw Broken("the gateway never comes to rest")
  }

  private func isDue() async throws -> Bool {
    try await !store.dueDeliveries(now: clock.now, excluding: [], limit: 1).isEmpty
  }

  private func turn() async throws {
    try await turn(Self.turns[turnsTaken % Self.turns.count])
    turnsTaken += 1
  }

  private func turn(_ part: Part) async throws {
    clock.advance(by: 1)
    let rehearsal = Failpoint.Rehearsal(acknowledgesFirst: control == .acknowledgeFirst) { [life] in
      life.step("\($0)")
    }
    do {
      try await Failpoint.$rehearsal.withValue(rehearsal) {
        switch part {
        case .mailbox: await lookIntoMailbox()
        case .dispatch: try await dispatch()
        case .waiting: try await WaitingMail(gateway: gateway).sweep()
        case .clocks: try await lookAtClocks()
        }
      }
    } catch { if !life.isOver { throw error } }
    servers.endTurn(died: life.isOver)
    if let broken = servers.state.withLock(\.broken) { throw Broken(broken) }
    if life.isOver { try await liveOn() }
  }

  /// In a task of its own, which the mailbox ends when all is read.
  private func lookIntoMailbox() async {
    let watch = MailboxWatch(gateway: gateway, connector: SimulatedMailbox(servers: servers, life: life))
    await Task { await watch.run() }.value
  }

  /// One mail at most.
  private func dispatch() async throws {
    let office = SimulatedPostOffice(servers: servers, life: life, store: store, now: clock.now)
    let dispatcher = Dispatcher(gateway: gateway, submitter: office)
    let running = Task { await dispatcher.run() }
    let deadline = ContinuousClock.now + .seconds(30)
    while !office.hasWorked, !life.isOver, try await isDue() {
      guard ContinuousClock.now < deadline else { throw Broken("mail that is due is not sent") }
      // Seldom is what was due not to be sent after all.
      for _ in 0..<20 where !office.hasWorked && !life.isOver { try await Task.sleep(for: .milliseconds(1)) }
    }
    running.cancel()
    await running.value
  }

  private func lookAtClocks() async throws {
    var seen = clockSeen
    try await ClockWatch(gateway: gateway).look(since: &seen)
    clockSeen = seen
    try await UrgentWatch(gateway: gateway).tell()
    try await DigestClock(gateway: gateway).makeDue()
    try await StandingWatch(gateway: gateway).tell()
    try await ReportClock(gateway: gateway).makeDue()
    try await CalendarClock(gateway: gateway).makeDue()
    try await OfferClock(gateway: gateway).doDue()
    try await ConferenceClock(gateway: gateway).doDue()
    try await AbsenceClock(gateway: gateway).doDue()
    try await DamageWatch(gateway: gateway).tell()
  }

  /// Another gateway, with what the last one left.
  private func liveOn() async throws {
    steps += life.steps
    deaths += 1
    let folder = life.legacy
    store = try await Store.open(folder: folder)
    life = Life(folder: folder, legacy: base.appending(path: "\((Int(folder.lastPathComponent) ?? 0) + 1)"))
    gateway = try Self.gateway(store, clock)
    clockSeen = .distantFuture
    await gateway.makeDeskAccounts()
    try await compareWithBefore()
  }
}

extension Store {
  /// The delivery that leaves, or left, with this Message-ID.
  func delivery(messageID: String) async throws(StoreError) -> DeliveryRecord? {
    guard let id = SimulatedSchool.keys?.delivery(messageID: messageID), let found = try await delivery(id) else {
      return nil
    }
    return found.messageID == messageID ? found : nil
  }
}
