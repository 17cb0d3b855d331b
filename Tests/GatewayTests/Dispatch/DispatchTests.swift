import Foundation
import Logging
import Mail
import Rendering
import School
import Store
import Synchronization
import Testing
import Transport

@testable import Gateway

@Suite("When mail is sent")
struct DispatchTests {
  @Test("A mail refused for now is tried at growing intervals, for three days")
  func schedule() {
    let first = Date(timeIntervalSince1970: 1_795_000_000)
    var now = first
    var waits: [TimeInterval] = []
    var attempts = 1
    while let next = RetrySchedule.next(afterAttempts: attempts, firstDue: first, now: now) {
      waits.append(next.timeIntervalSince(now))
      now = next
      attempts += 1
    }
    #expect(waits.prefix(6) == [300, 900, 1_800, 3_600, 7_200, 7_200])
    #expect(now.timeIntervalSince(first) <= 3 * 86_400 && now.timeIntervalSince(first) > 2.9 * 86_400)
    // It waited for a server that was away: one refusal is not the last.
    let late = first.addingTimeInterval(4 * 86_400)
    #expect(RetrySchedule.next(afterAttempts: 1, firstDue: first, now: late) != nil)
    #expect(RetrySchedule.next(afterAttempts: RetrySchedule.leastAttempts, firstDue: first, now: late) == nil)
  }

  @Test("A message that is too large tells nothing of the address that it was for")
  func tooLarge() {
    let words = ServerWords(code: 552, enhancedStatusCode: "5.3.4", text: "Message size exceeds fixed limit")
    #expect(StandingSign.of(.refused(words), MailAddress("els@ouders.test")) == nil)
    let unknown = ServerWords(code: 550, enhancedStatusCode: "5.1.1", text: "User unknown")
    #expect(StandingSign.of(.refused(unknown), MailAddress("els@ouders.test")) != nil)
  }

  @Test("A server that is away is left alone for longer each time, at most a minute, and soon again when it is back")
  func backoff() {
    var backoff = Backoff()
    #expect((1...8).map { _ in backoff.wait() }.map(\.components.seconds) == [1, 2, 4, 8, 16, 32, 60, 60])
    backoff.reset()
    #expect(backoff.wait() == .seconds(1))
  }

  /// A gateway with mail in its outbox and no servers.
  static func gateway(
    perMinute: Int?, notices: [Notice], _ change: (inout SchoolSettings) -> Void = { _ in }
  ) async throws -> (SchoolGateway, URL) {
    let folder = FileManager.default.temporaryDirectory.appending(path: "dispatch-\(UUID().uuidString)")
    let store = try await Store.open(folder: folder)
    let mailbox = try #require(MailAddress("school@school.test"))
    var settings = SchoolSettings(
      name: "De Wilgenhof", language: .dutch, timeZone: .gmt,
      scheme: AddressScheme(mode: .subaddress, mailbox: mailbox))
    settings.sending.messagesPerMinute = perMinute
    settings.sending.connections = 2
    change(&settings)
    let templates = URL(filePath: #filePath).appending(path: "../../../../templates").standardizedFileURL
    let gateway = SchoolGateway(
      settings: settings, store: store, templates: try Templates.load(directory: templates),
      keys: try #require(KeyRing(secret: Data(repeating: 9, count: 32))),
      log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    _ = try await gateway.commit(
      Outcome(
        inbound: nil, label: "test", decision: Decision(notices: notices), at: Date(timeIntervalSinceNow: -1)))
    return (gateway, folder)
  }

  static func help(_ name: String, _ lane: Lane) -> Notice {
    Notice(.help, to: .stranger(address: "\(name)@ouders.test"), lane: lane)
  }

  @Test("No more leave in a minute than the provider allows")
  func rate() async throws {
    let (gateway, folder) = try await Self.gateway(
      perMinute: 2, notices: (1...4).map { Self.help("\($0)", .normal) })
    defer { try? FileManager.default.removeItem(at: folder) }
    let outbox = Outbox(gateway: gateway)
    let taken = [await outbox.next(), await outbox.next(), await outbox.next()].compactMap(\.self)
    #expect(taken.count == 2 && Set(taken.map(\.delivery.id)).count == 2)
    // What was not sent after all leaves its place to another.
    await outbox.done(taken[0].delivery.id, wasTried: false)
    let next = [await outbox.next(), await outbox.next()].compactMap(\.self)
    #expect(next.count == 1)
  }

  @Test("What goes to many leaves room in each minute for what is more urgent")
  func rateOfBulk() async throws {
    let (gateway, folder) = try await Self.gateway(
      perMinute: 20, notices: (1...9).map { Self.help("\($0)", .bulk) })
    defer { try? FileManager.default.removeItem(at: folder) }
    let outbox = Outbox(gateway: gateway)
    let taken = [await outbox.next(), await outbox.next(), await outbox.next()]
    #expect(taken.map { $0 != nil } == [true, true, false], "a tenth of 20 in six seconds")
    let later = Decision(notices: [Self.help("a", .normal), Self.help("b", .urgent)])
    _ = try await gateway.commit(Outcome(inbound: nil, label: "test", decision: later, at: Date() - 1))
    await outbox.wake()
    let next = [await outbox.next(), await outbox.next(), await outbox.next()]
    #expect(next.map { $0?.delivery.lane } == [.urgent, .normal, nil])
  }

  @Test("A mail is to blame for a connection that ends where others are answered between, and not else")
  func blame() async throws {
    let (gateway, folder) = try await Self.gateway(perMinute: nil, notices: [])
    defer { try? FileManager.default.removeItem(at: folder) }
    let outbox = Outbox(gateway: gateway)
    let (mail, other) = (DeliveryID(1), DeliveryID(2))
    for _ in 0..<50 { #expect(await !outbox.failed(mail), "the server is away") }
    func record(_ code: Int?) async {
      let words = ServerWords(code: code, text: "x")
      await outbox.recorded([DeliveryOutcome(delivery: other, at: .now, result: .deferred(words, until: .now))])
    }
    for _ in 0..<50 {
      await record(nil)
      #expect(await !outbox.failed(mail), "nobody answered")
    }
    var failures = 1
    repeat {
      await record(451)
      failures += 1
    } while await !outbox.failed(mail)
    #expect(failures == Dispatcher.patience)
    // The server had asked for the message: it may have come each time.
    for count in 1...Dispatcher.patience {
      #expect(await outbox.failed(DeliveryID(3), mayHaveSent: true) == (count == Dispatcher.patience))
    }
  }

  @Test("What a server says against the school's own account loses no mail, and is no alarm about a provider")
  func ownAccount() async throws {
    let notices = (1...8).map { Notice(.help, to: .stranger(address: "ouder\($0)@hotmail.com"), lane: .bulk) }
    let (gateway, folder) = try await Self.gateway(perMinute: nil, notices: notices)
    defer { try? FileManager.default.removeItem(at: folder) }
    let submitter = ScriptedSubmitter(
      refusal: SMTPReply(
        code: 550, enhancedStatusCode: "5.4.5", text: "5.4.5 Daily user sending limit exceeded. For more information"))
    let dispatcher = Task { await Dispatcher(gateway: gateway, submitter: submitter).run() }
    while submitter.tried("hotmail.com") < 5 { try await Task.sleep(for: .milliseconds(20)) }
    dispatcher.cancel()
    await dispatcher.value
    let waiting = try await gateway.store.dueDeliveries(now: .distantFuture, excluding: [], limit: 99)
    #expect(waiting.filter { $0.kind == .help }.count == 8)
    #expect(try await gateway.store.providerHolds().isEmpty)
  }

  @Test("Where refusals come back by mail, a probe that our own server takes ends the hold once it stayed away")
  func holdByReturns() async throws {
    let (made, folder) = try await Self.gateway(
      perMinute: nil, notices: (1...9).map { Notice(.help, to: .stranger(address: "o\($0)@hotmail.com"), lane: .bulk) })
    defer { try? FileManager.default.removeItem(at: folder) }
    let clock = Clock()
    let gateway = SchoolGateway(
      settings: made.settings, store: made.store, templates: made.templates, keys: made.keys, log: made.log
    ) { clock.now }
    let watch = gateway.providers
    let mails = try await gateway.store.dueDeliveries(now: clock.now, excluding: [], limit: 99)
    let address = MailAddress("o1@hotmail.com")
    let accepted = DeliveryOutcome.Result.accepted(ServerWords(code: 250, text: "queued"))
    let returned = DeliveryOutcome.Result.bounced(
      ServerWords(
        code: 550, enhancedStatusCode: "5.7.1", text: "5.7.1 part of their network is on our block list (S3140)"))
    for mail in mails.prefix(5) {
      await watch.note(mail.id, accepted, address, gateway)
      await watch.note(mail.id, returned, address, gateway)
    }
    #expect(try await gateway.store.providerHolds().map(\.isByReturns) == [true])
    func waits(_ place: Int) async -> Bool { await watch.waits(mails[place], to: address, gateway) != nil }
    // A probe that comes back.
    clock.advance(by: ProviderHold.probeInterval + 1)
    #expect(await !waits(5))
    await watch.note(mails[5].id, accepted, address, gateway)
    #expect(await waits(6), "our own server took it: that says nothing yet")
    clock.advance(by: 60)
    await watch.note(mails[5].id, returned, address, gateway)
    clock.advance(by: ProviderHold.probeInterval + 1)
    // One that stays away.
    #expect(await !waits(6))
    await watch.note(mails[6].id, accepted, address, gateway)
    clock.advance(by: ProviderHold.returnTime - 1)
    #expect(await waits(7))
    #expect(try await gateway.store.providerHolds().count == 1)
    clock.advance(by: 2)
    #expect(await !waits(7))
    #expect(try await gateway.store.providerHolds().isEmpty)
    #expect(await !waits(8))
  }

  @Test("Urgent mail that comes while bulk is under way is the next to leave, and nothing leaves twice")
  func urgentNext() async throws {
    let (gateway, folder) = try await Self.gateway(
      perMinute: nil, notices: (1...6).map { Self.help("\($0)", .bulk) })
    defer { try? FileManager.default.removeItem(at: folder) }
    let outbox = Outbox(gateway: gateway)
    var taken = [try #require(await outbox.next())]
    _ = try await gateway.commit(
      Outcome(
        inbound: nil, label: "test", decision: Decision(notices: [Self.help("spoed", .urgent)]),
        at: Date(timeIntervalSinceNow: -1)))
    await outbox.wake()
    let next = try #require(await outbox.next())
    #expect(next.delivery.lane == .urgent)
    taken.append(next)
    while let more = await outbox.next() { taken.append(more) }
    #expect(taken.count == 7 && Set(taken.map(\.delivery.id)).count == 7)
  }

  @Test("While a long row lies in the inbox only urgent mail leaves, and what has waited; then all")
  func readingFirst() async throws {
    var (gateway, folder) = try await Self.gateway(
      perMinute: nil, notices: [Self.help("news", .bulk), Self.help("spoed", .urgent), Self.help("note", .normal)])
    defer { try? FileManager.default.removeItem(at: folder) }
    let clock = Clock()
    gateway = SchoolGateway(
      settings: gateway.settings, store: gateway.store, templates: gateway.templates, keys: gateway.keys,
      log: gateway.log
    ) { clock.now }
    let row = (1...UInt32(FairOrder.shortRow + 1)).map(\.self)
    gateway.vitals.setMailboxOpen(true)
    gateway.vitals.see(row, uidValidity: 1)
    let outbox = Outbox(gateway: gateway)
    #expect(await outbox.next()?.delivery.lane == .urgent)
    #expect(await outbox.next() == nil)
    // Where the mailbox is not reached there is nothing to read first.
    gateway.vitals.setMailboxOpen(false)
    #expect(await outbox.next()?.delivery.lane == .normal)
    gateway.vitals.setMailboxOpen(true)
    #expect(await outbox.next() == nil)
    clock.advance(by: Outbox.readingFirst)
    #expect(await outbox.next()?.delivery.lane == .bulk)

    clock.advance(by: 60)
    let notices = [Self.help("later", .normal)]
    _ = try await gateway.commit(
      Outcome(inbound: nil, label: "test", decision: Decision(notices: notices), at: clock.now))
    await outbox.wake()
    #expect(await outbox.next() == nil)
    gateway.vitals.finish([row[0]])
    #expect(await outbox.next()?.delivery.lane == .normal)
  }

  @Test("Mail that comes between a look and the wait after it is not waited for", .timeLimit(.minutes(6)))
  func wakeOwed() async throws {
    let (gateway, folder) = try await Self.gateway(perMinute: nil, notices: [])
    defer { try? FileManager.default.removeItem(at: folder) }
    let outbox = Outbox(gateway: gateway)
    #expect(await outbox.next() == nil)
    _ = try await gateway.commit(
      Outcome(
        inbound: nil, label: "test", decision: Decision(notices: [Self.help("spoed", .urgent)]),
        at: Date(timeIntervalSinceNow: -1)))
    // Nobody waits yet.
    await outbox.wake()
    await outbox.wait()
    #expect(await outbox.next()?.delivery.lane == .urgent)
    // Once: else a worker with nothing to do would go round and round.
    let isWoken = Box(false)
    let waiting = Task {
      await outbox.wait()
      isWoken.value.withLock { $0 = true }
    }
    try await Task.sleep(for: .milliseconds(200))
    #expect(!isWoken.value.withLock { $0 })
    await outbox.wake()
    await waiting.value
  }

  @Test("News without end does not keep mail back, and none leaves twice", .timeLimit(.minutes(6)))
  func newsWithoutEnd() async throws {
    var (gateway, folder) = try await Self.gateway(
      perMinute: nil, notices: (1...6).map { Self.help("\($0)", .bulk) })
    defer { try? FileManager.default.removeItem(at: folder) }
    let woken = Box<Outbox?>(nil)
    // Each reading of the store asks for the time as it begins: there is news before it ends.
    gateway = SchoolGateway(
      settings: gateway.settings, store: gateway.store, templates: gateway.templates, keys: gateway.keys,
      log: gateway.log
    ) {
      let outbox = woken.value.withLock { $0 }
      Task { await outbox?.wake() }
      return Date()
    }
    let outbox = Outbox(gateway: gateway)
    woken.value.withLock { $0 = outbox }
    var taken: Set<DeliveryID> = []
    for _ in 1...6 { taken.insert(try #require(await outbox.next()).delivery.id) }
    #expect(taken.count == 6)
    woken.value.withLock { $0 = nil }
    #expect(await outbox.next() == nil)
  }

  @Test(
    "A provider that refuses all raises one alarm; mail there waits, urgent mail goes, and a probe that is taken ends it"
  )
  func providerAlarm() async throws {
    let notices = (1...12).map {
      Notice(.help, to: .stranger(address: "ouder\($0)@hotmail.com"), lane: .bulk)
    }
    var (gateway, folder) = try await Self.gateway(perMinute: nil, notices: notices)
    // It stands still: from before the mails were made, and reading the templates takes a while, none would be due.
    let clock = Clock()
    defer { try? FileManager.default.removeItem(at: folder) }
    var settings = gateway.settings
    settings.people.mailAdmins = ["beheer@school.test"]
    settings.people.activationByMail = false
    settings.sending.connections = 1
    settings.sending.messagesPerConnection = 1
    _ = try await gateway.store.ensureAccount(address: "beheer@school.test", language: .dutch)
    gateway = SchoolGateway(
      settings: settings, store: gateway.store, templates: gateway.templates, keys: gateway.keys, log: gateway.log
    ) { clock.now }
    let submitter = ScriptedSubmitter()
    let dispatcher = Task { [gateway] in await Dispatcher(gateway: gateway, submitter: submitter).run() }
    func until(_ what: Comment, _ holds: () async throws -> Bool) async throws {
      for _ in 0..<2_000 where try await !holds() { try await Task.sleep(for: .milliseconds(20)) }
      #expect(try await holds(), what)
    }
    let store = gateway.store
    try await until("the administrator is told") { submitter.mails(to: "beheer@school.test").count == 1 }
    let alarm = try #require(submitter.mails(to: "beheer@school.test").first)
    #expect(alarm.subject.contains("Hotmail") && alarm.plainText?.contains("5.7.515") == true)
    try await until("all else waits") {
      try await store.dueDeliveries(now: .distantFuture, excluding: [], limit: 99).contains { $0.dueAt > clock.now }
    }
    #expect(submitter.tried("hotmail.com") <= 6)
    _ = try await gateway.commit(
      Outcome(
        inbound: nil, label: "test",
        decision: Decision(notices: [Notice(.help, to: .stranger(address: "spoed@hotmail.com"), lane: .urgent)]),
        at: clock.now))
    try await until("urgent mail is tried") { submitter.tried("spoed@hotmail.com") >= 1 }
    let before = submitter.tried("hotmail.com")
    clock.advance(by: ProviderHold.probeInterval + 5)
    try await until("one probe goes") { submitter.tried("hotmail.com") > before }
    #expect(try await store.providerHolds().map(\.provider) == ["outlook-consumer"])
    submitter.accepts()
    for _ in 0..<8 where try await !store.providerHolds().isEmpty {
      clock.advance(by: ProviderHold.probeInterval + 5)
      try await Task.sleep(for: .seconds(2.5))
    }
    #expect(try await store.providerHolds().isEmpty, "a probe was taken")
    try await until("what waited went") { submitter.accepted >= 8 }
    #expect(submitter.mails(to: "beheer@school.test").count == 1, "one alarm")
    dispatcher.cancel()
    await dispatcher.value
  }

  @Test("The same row always gives the same octets, with lines that SMTP allows")
  func deterministic() async throws {
    let (gateway, folder) = try await Self.gateway(perMinute: nil, notices: [Self.help("x", .normal)])
    defer { try? FileManager.default.removeItem(at: folder) }
    let mail = try #require(await Outbox(gateway: gateway).next())
    let composer = DeliveryComposer(gateway: gateway)
    let (delivery, material) = (mail.delivery, try mail.material.get())
    let first = try await composer.compose(delivery, material)
    #expect(try await composer.compose(delivery, material).octets == first.octets)
    let lines = first.octets.split(separator: UInt8(ascii: "\n"))
    #expect(lines.allSatisfy { $0.count <= 999 && $0.last == UInt8(ascii: "\r") })
    #expect(first.envelope.reversePath?.localPart.hasPrefix("school+b.") == true)
    let read = MailMessage.parse(first.octets)
    #expect(read.header["Auto-Submitted"] == "auto-replied" && read.to.first?.address.description == "x@ouders.test")
    #expect(read.replyTo.first?.address.description == "school+support@school.test", "a stranger has no key")
  }
}

/// What several tasks of a test see.
final class Box<Value: Sendable>: Sendable {
  let value: Mutex<Value>
  init(_ value: Value) { self.value = Mutex(value) }
}

/// A clock that a test moves.
final class Clock: Sendable {
  private let instant: Mutex<Date>

  init(at start: Date = Date()) { instant = Mutex(start) }

  var now: Date { instant.withLock { $0 } }
  func advance(by seconds: TimeInterval) { instant.withLock { $0 += seconds } }
}

/// Refuses Hotmail's addresses until it is told to accept: the world that no test can make real.
final class ScriptedSubmitter: MailSubmitter {
  private struct State {
    var tried: [String] = []
    var mails: [(to: String, octets: Data)] = []
    var refuses = true
  }
  private let state = Mutex(State())
  private let refusal: SMTPReply

  init(
    refusal: SMTPReply = SMTPReply(
      code: 550, enhancedStatusCode: "5.7.515", text: "5.7.515 Access denied, sending domain")
  ) { self.refusal = refusal }

  func submit(_ octets: Data, envelope: SMTPEnvelope) async throws(TransportError) -> SMTPReply {
    let to = envelope.forwardPath.description
    return state.withLock { state in
      state.tried.append(to)
      if state.refuses, to.hasSuffix("@hotmail.com") { return refusal }
      state.mails.append((to, octets))
      return SMTPReply(code: 250, enhancedStatusCode: "2.0.0", text: "ok")
    }
  }

  func verifyLogin() async throws(TransportError) {}

  func accepts() { state.withLock { $0.refuses = false } }
  func tried(_ ending: String) -> Int { state.withLock { $0.tried.count { $0.hasSuffix(ending) } } }
  var accepted: Int { state.withLock { $0.mails.count { $0.to.hasSuffix("@hotmail.com") } } }
  func mails(to address: String) -> [MailMessage] {
    state.withLock { $0.mails.filter { $0.to == address }.map { MailMessage.parse($0.octets) } }
  }
}
