import Foundation
import Mail
import Store
import Synchronization
import Transport

/// The mailbox and the mail server of a simulated school, which outlive its gateways.
final class SimulatedServers: Sendable {
  struct Accepted: Sendable {
    let to: String
    let messageID: String
    let octets: Data
    let reversePath: MailAddress?
  }

  struct State: Sendable {
    var folders: [String: [UID: Data]] = ["INBOX": [:]]
    var uidValidity: UInt32 = 1
    var nextUID: UID = 1
    /// Everything that ever came into the mailbox, copies included.
    var received: [Data] = []
    var cuts: [(call: Happening.Call, isDone: Bool)] = []

    var answers: [Happening.Answer] = []
    var accepted: [Accepted] = []
    var refused: [Accepted] = []
    /// How often a mail may yet come again: its acceptance was lost on the way, or with the gateway.
    var mayRepeat: [String: Int] = [:]
    /// Accepted in this turn.
    var inDoubt: String?
    /// A promise that a server saw broken.
    var broken: String?
  }

  let state = Mutex(State())
  /// Says 250 to all, and delivers nothing: a control.
  let swallows: Bool

  init(swallows: Bool = false) { self.swallows = swallows }

  func deliver(_ raw: Data) {
    state.withLock { state in
      state.folders["INBOX", default: [:]][state.nextUID] = raw
      state.nextUID += 1
      state.received.append(raw)
    }
  }

  /// As a server does that lost its index: every message has another number.
  func renumber() {
    state.withLock { state in
      state.uidValidity += 1
      state.nextUID = 1
      for (name, messages) in state.folders {
        var renumbered: [UID: Data] = [:]
        for (_, raw) in messages.sorted(by: { $0.key < $1.key }) {
          renumbered[state.nextUID] = raw
          state.nextUID += 1
        }
        state.folders[name] = renumbered
      }
    }
  }

  /// - Parameter died: whether the gateway did in that turn; then it may not know what the server answered.
  func endTurn(died: Bool) {
    state.withLock { state in
      if died, let id = state.inDoubt { state.mayRepeat[id, default: 0] += 1 }
      state.inDoubt = nil
    }
  }

  var isInboxEmpty: Bool { state.withLock { $0.folders["INBOX"]?.isEmpty ?? true } }
  var accepted: [Accepted] { state.withLock(\.accepted) }

  // MARK: The mail server

  func submit(_ mail: Accepted) throws(TransportError) -> SMTPReply {
    let answer = state.withLock { state -> Happening.Answer in
      let answer = state.answers.isEmpty ? .reply(250, "2.0.0 taken") : state.answers.removeFirst()
      switch answer {
      case .reply(let code, _) where code >= 500: state.refused.append(mail)
      case .reply(let code, _) where code >= 400: break
      case .lostBefore: break
      case .lostAfter:
        accept(mail, &state)
        state.mayRepeat[mail.messageID, default: 0] += 1
        state.inDoubt = nil
      case .reply: accept(mail, &state)
      }
      return answer
    }
    switch answer {
    case .reply(let code, let text):
      return SMTPReply(code: code, enhancedStatusCode: text.split(separator: " ").first.map(String.init), text: text)
    case .lostBefore, .lostAfter: throw TransportError(.network, "the connection is lost")
    }
  }

  private func accept(_ mail: Accepted, _ state: inout State) {
    if state.accepted.contains(where: { $0.messageID == mail.messageID }) {
      let left = state.mayRepeat[mail.messageID, default: 0]
      if left == 0 { state.broken = "a mail went twice, though nothing was lost" }
      state.mayRepeat[mail.messageID] = left - 1
    }
    if !swallows { state.accepted.append(mail) }
    state.inDoubt = mail.messageID
  }
}

/// The mailbox as one gateway sees it. Ends the gateway's turn when it waits for mail, or when the connection breaks.
struct SimulatedMailbox: IMAPConnector, IMAPSession {
  let servers: SimulatedServers
  let life: Life

  /// Does something at the server, between two steps.
  private func call<T>(
    _ name: String, _ kind: Happening.Call?, _ work: (inout SimulatedServers.State) -> T
  ) throws(TransportError) -> T {
    life.step(name)
    try live()
    let (result, isCut) = servers.state.withLock { state -> (T?, Bool) in
      let place = state.cuts.firstIndex { $0.call == kind }
      guard let cut = place.map({ state.cuts.remove(at: $0) }) else { return (work(&state), false) }
      if cut.isDone { _ = work(&state) }
      return (nil, true)
    }
    life.step("\(name) done")
    if isCut { try end() }
    try live()
    guard let result else { throw TransportError(.network, "the connection is lost") }
    return result
  }

  private func live() throws(TransportError) { if life.isOver { try end() } }

  private func end() throws(TransportError) {
    withUnsafeCurrentTask { $0?.cancel() }
    throw TransportError(.network, "the connection is lost")
  }

  func connect(folder: String) throws(TransportError) -> any IMAPSession {
    try live()
    return self
  }

  var status: IMAPMailboxStatus {
    servers.state.withLock {
      IMAPMailboxStatus(uidValidity: $0.uidValidity, uidNext: $0.nextUID, messageCount: $0.folders["INBOX"]?.count ?? 0)
    }
  }

  func list() throws(TransportError) -> [UID] {
    try call("LIST", .list) { ($0.folders["INBOX"] ?? [:]).keys.sorted() }
  }

  func listings(_ uids: [UID]) throws(TransportError) -> [MessageListing] {
    try call("SIZES", nil) { state in
      uids.compactMap { uid in state.folders["INBOX"]?[uid].map { MessageListing(uid: uid, size: $0.count) } }
    }
  }

  func fetch(_ uid: UID) throws(TransportError) -> FetchedMessage? {
    try call("FETCH", .fetch) { state in
      (state.folders["INBOX"]?[uid]).map { FetchedMessage(uid: uid, raw: $0) }
    }
  }

  /// No day lasts long enough here.
  func list(arrivedBefore day: Date) -> [UID] { [] }
  func remove(_ uids: [UID]) {}

  func fromFields(_ uids: [UID]) throws(TransportError) -> [UID: [UInt8]] {
    try call("FETCH", nil) { state in
      let inbox = state.folders["INBOX"] ?? [:]
      let fields = uids.compactMap { uid -> (UID, [UInt8])? in
        let lines = inbox[uid].map { String(decoding: $0, as: UTF8.self).components(separatedBy: "\r\n") }
        return lines?.first { $0.hasPrefix("From:") }.map { (uid, Array("\($0)\r\n".utf8)) }
      }
      return Dictionary(uniqueKeysWithValues: fields)
    }
  }

  func move(_ uid: UID, to folder: String) throws(TransportError) {
    try call("MOVE", .move) { state in
      guard let raw = state.folders["INBOX"]?.removeValue(forKey: uid) else { return }
      state.folders[folder, default: [:]][state.nextUID] = raw
      state.nextUID += 1
    }
  }

  func createFolder(_ folder: String) throws(TransportError) { try live() }

  func waitForChange(limit: Duration, pollInterval: Duration) throws(TransportError) {
    withUnsafeCurrentTask { $0?.cancel() }
  }

  func close() {}
}

/// The mail server as one gateway sees it in one turn, which ends with one mail.
final class SimulatedPostOffice: MailSubmitter {
  private let servers: SimulatedServers
  private let life: Life
  private let store: Store
  private let now: Date
  private let isDone = Mutex(false)

  init(servers: SimulatedServers, life: Life, store: Store, now: Date) {
    self.servers = servers
    self.life = life
    self.store = store
    self.now = now
  }

  var hasWorked: Bool { isDone.withLock { $0 } }

  func submit(_ message: Data, envelope: SMTPEnvelope) async throws(TransportError) -> SMTPReply {
    life.step("DATA")
    await watchLanes(message)
    let mail = SimulatedServers.Accepted(
      to: envelope.forwardPath.description, messageID: MailMessage.parse(message).messageID ?? "", octets: message,
      reversePath: envelope.reversePath)
    let reply: Result<SMTPReply, TransportError>
    if life.isOver {
      reply = .failure(TransportError(.network, "nobody is there"))
    } else {
      do throws(TransportError) { reply = .success(try servers.submit(mail)) } catch { reply = .failure(error) }
      life.step("DATA answered")
    }
    isDone.withLock { $0 = true }
    // The turn is ended before the gateway hears more, so that it takes no second mail.
    while !Task.isCancelled { try? await Task.sleep(for: .milliseconds(1)) }
    return try reply.get()
  }

  /// Urgent mail that is due goes before all other.
  private func watchLanes(_ message: Data) async {
    guard let id = MailMessage.parse(message).messageID, let mail = try? await store.delivery(messageID: id) else {
      return servers.state.withLock { $0.broken = "a mail leaves of which the store knows nothing" }
    }
    let due = (try? await store.dueDeliveries(now: now, excluding: [mail.id], limit: 1_000)) ?? []
    if mail.lane != .urgent, due.contains(where: { $0.lane == .urgent }) {
      servers.state.withLock { $0.broken = "an urgent mail waited behind another" }
    }
  }

  func verifyLogin() async throws(TransportError) {}
}
