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

/// A mailbox that the test writes, since no server changes UIDVALIDITY when it is asked to.
final class ScriptedMailbox: IMAPConnector, IMAPSession {
  struct State {
    var uidValidity: UInt32 = 1
    var messages: [UID: Data] = [:]
    var moved: [String: [UID]] = [:]
    var arrived: [UID: Date] = [:]
    var connects = 0
    /// Connections that fail before one succeeds.
    var failures = 0
    /// Moves that the server refuses before it allows one, and how many it was asked for.
    var refusals = 0
    var moves = 0
    /// Mails that the server refuses to give, those of which it says nothing, and those that end the connection when
    /// they are asked for.
    var ungiven: Set<UID> = []
    var unsaid: Set<UID> = []
    var untold: Set<UID> = []
    var deadly: Set<UID> = []
    var fetches: [UID] = []
  }

  let state = Mutex(State())

  func connect(folder: String) async throws(TransportError) -> any IMAPSession {
    let fails = state.withLock { state in
      state.connects += 1
      state.failures -= 1
      return state.failures >= 0
    }
    if fails { throw TransportError(.network, "nobody there") }
    return self
  }

  var status: IMAPMailboxStatus {
    state.withLock {
      IMAPMailboxStatus(uidValidity: $0.uidValidity, uidNext: nil, messageCount: $0.messages.count)
    }
  }

  func list() -> [UID] { state.withLock { $0.messages.keys.sorted() } }

  func listings(_ uids: [UID]) throws(TransportError) -> [MessageListing] {
    if !state.withLock(\.deadly).isDisjoint(with: uids) {
      throw TransportError(.network, "FETCH: the connection ended")
    }
    return state.withLock { state in
      uids.filter { !state.untold.contains($0) }.compactMap { uid in
        state.messages[uid].map { MessageListing(uid: uid, size: $0.count) }
      }
    }
  }

  func fetch(_ uid: UID) throws(TransportError) -> FetchedMessage? {
    let (isUngiven, isDeadly) = state.withLock { state in
      state.fetches.append(uid)
      return (state.ungiven.contains(uid), state.deadly.contains(uid))
    }
    if isUngiven { throw TransportError(.refused, "FETCH was refused: Server Unavailable. 15") }
    if isDeadly { throw TransportError(.network, "FETCH: the connection ended") }
    return state.withLock { $0.unsaid.contains(uid) ? nil : $0.messages[uid] }.map { FetchedMessage(uid: uid, raw: $0) }
  }

  func fromFields(_ uids: [UID]) -> [UID: [UInt8]] {
    let headers = uids.compactMap { uid in
      state.withLock { $0.messages[uid] }.map { (uid, Array($0.prefix { $0 != 0x0D })) }
    }
    return Dictionary(uniqueKeysWithValues: headers)
  }

  func move(_ uid: UID, to folder: String) throws(TransportError) {
    let isRefused = state.withLock { state in
      state.moves += 1
      return state.moves <= state.refusals
    }
    if isRefused { throw TransportError(.refused, "MOVE: the server refused it") }
    state.withLock {
      $0.messages[uid] = nil
      $0.moved[folder, default: []].append(uid)
    }
  }

  func list(arrivedBefore day: Date) -> [UID] {
    state.withLock { state in state.arrived.filter { $0.value < day }.keys.sorted() }
  }

  func remove(_ uids: [UID]) {
    state.withLock { state in
      for uid in uids {
        state.messages[uid] = nil
        state.arrived[uid] = nil
      }
    }
  }

  func createFolder(_ folder: String) {}

  func waitForChange(limit: Duration, pollInterval: Duration) async throws(TransportError) {
    try? await Task.sleep(for: .milliseconds(10))
  }

  func close() async {}
}

private struct SilentSubmitter: MailSubmitter {
  func submit(_ message: Data, envelope: SMTPEnvelope) async throws(TransportError) -> SMTPReply {
    throw TransportError(.network, "nobody there")
  }

  func verifyLogin() async throws(TransportError) {}
}

@Suite("Watching the mailbox", .timeLimit(.minutes(6)))
struct MailboxWatchTests {
  static func mail(_ number: Int) -> Data {
    Data("From: els@ouders.test\r\nMessage-ID: <\(number)@x.test>\r\nSubject: \(number)\r\n\r\nhoi\r\n".utf8)
  }

  /// Runs the watch until the mailbox is empty.
  static func drain(_ mailbox: ScriptedMailbox, _ gateway: SchoolGateway) async throws {
    let watching = Task { await MailboxWatch(gateway: gateway, connector: mailbox).run() }
    while !mailbox.state.withLock(\.messages).isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    watching.cancel()
    await watching.value
  }

  @Test("A changed UIDVALIDITY makes nothing new of what is known, and skips nothing")
  func uidValidity() async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: [])
    defer { try? FileManager.default.removeItem(at: folder) }
    let mailbox = ScriptedMailbox()
    mailbox.state.withLock { $0.messages = [1: Self.mail(1), 2: Self.mail(2)] }
    try await Self.drain(mailbox, gateway)
    // The server made the folder anew, as after a restored backup: old mail lies there again, under other numbers.
    mailbox.state.withLock {
      $0.uidValidity = 2
      $0.messages = [1: Self.mail(3), 2: Self.mail(1), 3: Self.mail(2)]
    }
    try await Self.drain(mailbox, gateway)
    let known = try await gateway.store.inbound(mailbox: "INBOX", uidValidity: 2, uids: [1, 2, 3])
    #expect(Set(known.values.map(\.id)).count == 3 && known.values.allSatisfy { $0.status == .handled })
    #expect(try await gateway.store.inbound(mailbox: "INBOX", uidValidity: 1, uids: [1])[1]?.id == known[2]?.id)
    #expect(known.values.allSatisfy { $0.attempts == 1 }, "each was read once")
    #expect(mailbox.state.withLock(\.moved)["Postplein/Verwerkt"]?.count == 5)
  }

  @Test("Another mail under a number that the store knows, as after a mailbox was restored, is read")
  func numbersAgain() async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: [])
    defer { try? FileManager.default.removeItem(at: folder) }
    let mailbox = ScriptedMailbox()
    mailbox.state.withLock { $0.messages = [1: Self.mail(1), 2: Self.mail(2)] }
    try await Self.drain(mailbox, gateway)
    let before = try await gateway.store.inbound(mailbox: "INBOX", uidValidity: 1, uids: [1, 2])
    mailbox.state.withLock { $0.messages = [1: Self.mail(1), 2: Self.mail(3)] }
    try await Self.drain(mailbox, gateway)
    let after = try await gateway.store.inbound(mailbox: "INBOX", uidValidity: 1, uids: [1, 2])
    #expect(after[1]?.id == before[1]?.id && after[1]?.attempts == 1)
    #expect(after[2]?.id != before[2]?.id && after[2]?.status == .handled)
  }

  @Test("A server that is away is tried again, and its mail is then read")
  func reconnects() async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: [])
    defer { try? FileManager.default.removeItem(at: folder) }
    let mailbox = ScriptedMailbox()
    mailbox.state.withLock {
      $0.messages = [1: Self.mail(1)]
      $0.failures = 1
    }
    try await Self.drain(mailbox, gateway)
    #expect(mailbox.state.withLock(\.connects) == 2)
  }

  @Test("Mails by the hundred are all read, in their order, each once, also where one lies there twice")
  func handfuls() async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: [])
    defer { try? FileManager.default.removeItem(at: folder) }
    let mailbox = ScriptedMailbox()
    let uids = (1...100).map(UID.init)
    mailbox.state.withLock { state in
      for uid in uids { state.messages[uid] = Self.mail(uid == 8 ? 7 : Int(uid)) }
    }
    try await Self.drain(mailbox, gateway)
    #expect(mailbox.state.withLock(\.moved)["Postplein/Verwerkt"] == uids)
    let known = try await gateway.store.inbound(mailbox: "INBOX", uidValidity: 1, uids: uids)
    #expect(known.count == 100 && known[7]?.id == known[8]?.id)
    #expect(known.values.allSatisfy { $0.status == .handled && $0.attempts == 1 })
    #expect(uids.compactMap { known[$0]?.id }.sorted() == uids.compactMap { known[$0]?.id })
  }

  @Test("A server that refuses to move mail is asked less and less often; all mail is read; support is told once")
  func unmoved() async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: []) {
      $0.people.supportDesk = ["bas@school.test"]
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    await gateway.makeDeskAccounts()
    let mailbox = ScriptedMailbox()
    mailbox.state.withLock { state in
      state.refusals = .max
      for uid in 1...120 { state.messages[UID(uid)] = Self.mail(uid) }
    }
    let watching = Task { await MailboxWatch(gateway: gateway, connector: mailbox).run() }
    let uids = (1...120).map(UID.init)
    var handled = 0
    while handled < 120 {
      try await Task.sleep(for: .milliseconds(10))
      handled = try await gateway.store.inbound(mailbox: "INBOX", uidValidity: 1, uids: uids).values
        .count { $0.status == .handled }
    }
    try await Task.sleep(for: .milliseconds(500))
    let (moves, connects) = mailbox.state.withLock { ($0.moves, $0.connects) }
    #expect(moves < 10 && connects == 1)
    #expect(gateway.vitals.isTakingMail && gateway.vitals.unhandled.count == 0)
    let told = try await gateway.store.dueDeliveries(now: .now, excluding: [], limit: 1_000).filter {
      $0.kind == .flood
    }
    #expect(told.map(\.facts.flood) == [.unmoved] && told.first?.facts.asked == "Postplein/Verwerkt")
    // Room was made.
    mailbox.state.withLock { $0.refusals = 0 }
    while !mailbox.state.withLock(\.messages).isEmpty { try await Task.sleep(for: .milliseconds(10)) }
    watching.cancel()
    await watching.value
  }

  @Test("A mail that the server does not give keeps no other back, and is left to a person in the end")
  func ungiven() async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: []) {
      $0.people.supportDesk = ["bas@school.test"]
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    await gateway.makeDeskAccounts()
    let mailbox = ScriptedMailbox()
    mailbox.state.withLock { state in
      (state.ungiven, state.deadly, state.unsaid, state.untold) = ([2], [4], [6], [8])
      for uid in 1...9 { state.messages[UID(uid)] = Self.mail(uid) }
    }
    let watch = MailboxWatch(gateway: gateway, connector: mailbox, ungiven: UngivenMail(tries: 3))
    let watching = Task { await watch.run() }
    while mailbox.state.withLock(\.messages).count > 4 { try await Task.sleep(for: .milliseconds(5)) }
    #expect(mailbox.state.withLock(\.messages).keys.sorted() == [2, 4, 6, 8])
    // While nothing else is given, the server may be in trouble with all.
    try await Task.sleep(for: .seconds(4))
    #expect(mailbox.state.withLock(\.messages).count == 4)
    var next = UID(10)
    while mailbox.state.withLock({ !$0.messages.keys.filter { $0 < 10 }.isEmpty }) {
      mailbox.state.withLock { $0.messages[next] = Self.mail(Int(next)) }
      next += 1
      try await Task.sleep(for: .milliseconds(300))
    }
    watching.cancel()
    await watching.value
    let known = try await gateway.store.inbound(mailbox: "INBOX", uidValidity: 1, uids: Array(1...9))
    #expect(known.filter { $0.value.status == .setAside }.keys.sorted() == [2, 4, 6, 8])
    #expect(mailbox.state.withLock(\.moved)["Postplein/Bekijken"]?.sorted() == [2, 4, 6, 8])
    #expect(mailbox.state.withLock { $0.fetches.count { $0 == 2 } } < 12, "less and less often")
    let told = try await gateway.store.dueDeliveries(now: .now, excluding: [], limit: 1_000)
    #expect(told.compactMap(\.facts.flood) == [.ungiven])
  }

  @Test("A mail that is being read is not read by another beside it, however long that takes")
  func inHand() async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: [])
    defer { try? FileManager.default.removeItem(at: folder) }
    let mailbox = ScriptedMailbox()
    mailbox.state.withLock { $0.messages = [1: Self.mail(1), 2: Self.mail(2)] }
    let free = Mutex<[InboundID]>([])
    let rehearsal = Failpoint.Rehearsal(acknowledgesFirst: false) { step in
      guard step == .attempted else { return }
      for id in [InboundID(1), InboundID(2)] where gateway.inHand.waitingMailTakes(id) {
        free.withLock { $0.append(id) }
      }
    }
    try await Failpoint.$rehearsal.withValue(rehearsal) { try await Self.drain(mailbox, gateway) }
    #expect(free.withLock(\.self).isEmpty, "those that wait in the same handful are taken too")

    // What a crash left behind, found by both.
    let source = InboundSource(mailbox: "INBOX", uidValidity: 1, uid: 3)
    let left = try await gateway.store.record(Self.mail(3), from: source, at: Date(timeIntervalSinceNow: -60))
    gateway.inHand.watchTakes([left.id])
    try await WaitingMail(gateway: gateway).sweep()
    #expect(try await gateway.store.inbound(left.id)?.attempts == 0)
    gateway.inHand.watchGivesBack()
    #expect(gateway.inHand.waitingMailTakes(left.id))
    mailbox.state.withLock { $0.messages = [3: Self.mail(3)] }
    let draining = Task { try await Self.drain(mailbox, gateway) }
    try await Task.sleep(for: .milliseconds(200))
    #expect(await MailReader(gateway: gateway).handle(left) == .handled)
    gateway.inHand.waitingMailGivesBack()
    try await draining.value
    #expect(try await gateway.store.inbound(left.id)?.attempts == 1)
  }

  @Test("Mail that the store cannot take is told of for as long as it lies there")
  func fullDisk() async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: [])
    defer { try? FileManager.default.removeItem(at: folder) }
    let (messages, aside) = (folder.appending(path: "messages"), folder.appending(path: "aside"))
    try FileManager.default.moveItem(at: messages, to: aside)
    try Data().write(to: messages)
    let mailbox = ScriptedMailbox()
    mailbox.state.withLock { $0.messages = [1: Self.mail(1), 2: Self.mail(2)] }
    let watching = Task { await MailboxWatch(gateway: gateway, connector: mailbox).run() }
    let vitals = gateway.vitals
    while vitals.isTakingMail { try await Task.sleep(for: .milliseconds(5)) }
    let first = vitals.unhandled
    #expect(first.count == 2 && vitals.isMailboxOpen)
    try await Task.sleep(for: .milliseconds(100))
    #expect(vitals.unhandled.age > first.age + 0.09, "the lag does not begin anew with each look")
    try FileManager.default.removeItem(at: messages)
    try FileManager.default.moveItem(at: aside, to: messages)
    while !vitals.isTakingMail { try await Task.sleep(for: .milliseconds(5)) }
    #expect(vitals.unhandled.count == 0 && vitals.unhandled.age == 0)
    watching.cancel()
    await watching.value
  }

  @Test("Every part of the gateway is watched")
  func watched() async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: [])
    defer { try? FileManager.default.removeItem(at: folder) }
    let running = Task { await gateway.run(imap: ScriptedMailbox(), smtp: SilentSubmitter()) }
    // Activation is not looked after where the school does not want it by mail, nor a folder that it wants to keep.
    let all = Set(Vitals.Part.allCases).subtracting([.handledFolder])
      .subtracting(gateway.settings.people.activationByMail ? [] : [.activation])
    while gateway.vitals.watched != all { try await Task.sleep(for: .milliseconds(5)) }
    #expect(gateway.vitals.late.isEmpty)
    running.cancel()
    await running.value
  }

  /// As the mail server of a played school lays it down.
  static func proven(
    _ from: String, _ route: String, _ number: Int, _ text: String, fields: [String] = ["Content-Type: text/plain"]
  ) -> Data {
    let to = "\(route)@\(PlayedSchool.domain)"
    let lines =
      [
        "Authentication-Results: mail.school.test; auth=pass smtp.auth=\(from)", "X-Original-To: \(to)",
        "From: \(from)", "To: \(to)", "Subject: Bericht \(number)", "Message-ID: <\(number)@client.test>",
        "MIME-Version: 1.0",
      ] + fields + ["", text, ""]
    return Data(lines.joined(separator: "\r\n").replacing("\n", with: "\r\n").replacing("\r\r", with: "\r").utf8)
  }

  /// A text and a file.
  static func withFile(_ from: String, _ route: String, _ number: Int, _ file: String, _ type: String) -> Data {
    let text = """
      --b
      Content-Type: text/plain

      Met een bestand.
      --b
      Content-Type: \(type); name="een"
      Content-Disposition: attachment; filename="een"

      \(file)
      --b--
      """
    return proven(from, route, number, text, fields: ["Content-Type: multipart/mixed; boundary=b"])
  }

  private static func entries(_ store: Store) async throws -> [String] {
    var entries: [ThreadEntry] = []
    for summary in try await store.threads(limit: 99) { entries += try await store.entries(of: summary.thread.id) }
    return entries.sorted { $0.id < $1.id }.map { $0.text.trimmingCharacters(in: .whitespacesAndNewlines) }
  }

  @Test("What takes long is decided by itself, in its place; the same message by another way does nothing more")
  func together() async throws {
    typealias P = PlayedSchool
    let school = try await P()
    let mailbox = ScriptedMailbox()
    mailbox.state.withLock {
      $0.messages = [
        1: Self.proven(P.els, "postvak.anna", 1, "Een."), 2: Self.proven(P.frank, "postvak.anna", 2, "Twee."),
        3: Self.withFile(P.anna, "fotos.groep5", 3, "geen foto", "image/jpeg"),
        4: Self.proven(P.els, "postvak.anna", 4, "Vier."),
        5: Self.proven(P.els, "postvak.anna", 4, "Vier.", fields: ["Delivered-To: x", "Content-Type: text/plain"]),
        6: Self.proven(P.els, "postvak.cor", 6, "Zes."),
      ]
    }
    try await Self.drain(mailbox, school.gateway)
    #expect(try await Self.entries(school.store) == ["Een.", "Twee.", "Vier.", "Zes."])
    let known = try await school.store.inbound(mailbox: "INBOX", uidValidity: 1, uids: [1, 2, 3, 4, 5, 6])
    #expect(known.values.allSatisfy { $0.status == .handled && $0.attempts == 1 })
    #expect((1...6).map { known[$0]?.outcome } == ["posted", "posted", "answered", "posted", "duplicate", "posted"])
    let verification = try await school.store.verification()
    #expect(verification.isSound, "\(verification.faults)")
  }

  @Test("Where a file of one cannot be kept the others are handled, and it when that passes: each once")
  func fileFails() async throws {
    typealias P = PlayedSchool
    let school = try await P()
    let mailbox = ScriptedMailbox()
    mailbox.state.withLock { state in
      for uid in UID(1)...9 {
        state.messages[uid] =
          uid == 4
          ? Self.withFile(P.els, "postvak.anna", 4, "brief", "application/pdf")
          : Self.proven(P.els, "postvak.anna", Int(uid), "Bericht \(uid).")
      }
    }
    // Files stand where the folder of the attachment would be made.
    let places = (0...255).map { school.folder.appending(path: String(format: "files/%02x", $0)) }
    for place in places { try Data().write(to: place) }
    let watching = Task { await MailboxWatch(gateway: school.gateway, connector: mailbox).run() }
    while mailbox.state.withLock(\.messages.count) > 1 { try await Task.sleep(for: .milliseconds(5)) }
    #expect(mailbox.state.withLock { $0.messages.keys.first } == 4)
    let waiting = try await school.store.waitingInbound(limit: 9)
    #expect(waiting.count == 1)
    #expect(try await Self.entries(school.store).count == 8)
    for place in places { try FileManager.default.removeItem(at: place) }
    while !mailbox.state.withLock(\.messages).isEmpty { try await Task.sleep(for: .milliseconds(5)) }
    watching.cancel()
    await watching.value
    let texts = try await Self.entries(school.store)
    #expect(Set(texts).count == 9 && texts.last == "Met een bestand.")
    #expect(try await school.store.inbound(waiting[0].id)?.status == .handled)
  }

  @Test("A long row is looked at while it is read: who comes meanwhile is not last, and nobody is read twice")
  func longRow() async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: [])
    defer { try? FileManager.default.removeItem(at: folder) }
    let mailbox = ScriptedMailbox()
    let uids = (1...330).map(UID.init)
    mailbox.state.withLock { state in for uid in uids { state.messages[uid] = Self.mail(Int(uid)) } }
    try await Self.drain(mailbox, gateway)
    let known = try await gateway.store.inbound(mailbox: "INBOX", uidValidity: 1, uids: uids)
    #expect(known.count == 330 && known.values.allSatisfy { $0.status != .waiting && $0.attempts == 1 })
    #expect(mailbox.state.withLock(\.moved).values.joined().sorted() == uids)
  }

  @Test("A handful is so many mails, or so many octets, and never none")
  func split() {
    let sizes =
      [Handful.octets / 2, Handful.octets / 2, 1, Handful.octets + 1, 1] + Array(repeating: 9, count: Handful.most + 8)
    let listings = sizes.enumerated().map { MessageListing(uid: UID($0.offset + 1), size: $0.element) }
    let handfuls = Handful.split(listings)
    #expect(handfuls.map(\.count) == [2, 1, 1, Handful.most, 9] && Array(handfuls.joined()) == listings)
    #expect(Handful.split([]).isEmpty)
  }
}
