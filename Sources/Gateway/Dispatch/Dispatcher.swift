import Foundation
import Logging
import Mail
import School
import Store
import Transport

/// Sends what is due: a message on each connection and those that come after it, urgent before normal before bulk, each
/// within the school's rate. A message's status changes only when a server has answered, so a crash sends it again.
struct Dispatcher: Sendable {
  /// How often the outbox is looked at without being told, since other processes write too.
  static let interval: Duration = .seconds(2)
  /// Failures of the connection after which a message waits longer than the others: it may be to blame itself.
  static let patience = 5
  let gateway: SchoolGateway
  let submitter: any MailSubmitter
  private let outbox: Outbox
  private let writer: OutcomeWriter

  init(gateway: SchoolGateway, submitter: any MailSubmitter) {
    self.gateway = gateway
    self.submitter = submitter
    outbox = Outbox(gateway: gateway)
    writer = OutcomeWriter(store: gateway.store) { [outbox] in await outbox.answered($0) }
  }

  /// Until the task is cancelled; messages that a server has in hand are waited for, and what it says is written down.
  func run() async {
    await withTaskGroup { group in
      group.addTask {
        for await _ in gateway.store.changes() { await outbox.wake() }
      }
      group.addTask {
        while !Task.isCancelled {
          await pause(Self.interval)
          await outbox.wake()
        }
      }
      let sending = gateway.settings.sending
      let workers = sending.connections * sending.messagesPerConnection
      for _ in 0..<workers { group.addTask { await work() } }
    }
    await writer.finish()
  }

  private func work() async {
    while !Task.isCancelled {
      // For all workers: one that hangs is known by its connection's own limits.
      gateway.vitals.beat(.dispatch, within: Vitals.transfer)
      guard let mail = await outbox.next() else {
        await outbox.wait()
        continue
      }
      // With the outcome in the writer's hands, the message stays under way until that is written.
      if await !send(mail) { await outbox.done(mail.delivery.id) }
    }
  }

  // MARK: One message

  /// Whether there is an outcome.
  private func send(_ mail: DueMail) async -> Bool {
    Failpoint.claimed.pass()
    let delivery = mail.delivery
    do throws(StoreError) {
      let material = try mail.material.get()
      if delivery.kind.isContent, material.entry?.isRetracted == true {
        try await gateway.store.cancel(delivery.id)
        return false
      }
      if let until = quietUntil(delivery, material.directory) {
        try await gateway.store.hold(delivery.id, until: until)
        return false
      }
      let address = material.directory.address(of: delivery)
      if let until = await gateway.providers.waits(delivery, to: address, gateway) {
        try await gateway.store.hold(delivery.id, until: until)
        return false
      }
      let mail = try await DeliveryComposer(gateway: gateway).compose(delivery, material)
      Failpoint.composed.pass()
      do throws(TransportError) {
        let reply = try await submitter.submit(mail.octets, envelope: mail.envelope)
        Failpoint.submitted.pass()
        await record(delivery, reply, address)
        return true
      } catch { return await failed(delivery, error) }
    } catch {
      await gateway.providers.giveUp(delivery.id)
      gateway.log.error("mail not composed", metadata: ["delivery": "\(delivery.id)", "error": "\(error)"])
      if error.isOfStore {
        await outbox.rest()
        return false
      }
      await setAside(delivery.id, error)
      return false
    }
  }

  /// Leaves a mail that can never be made to support.
  private func setAside(_ delivery: DeliveryID, _ error: StoreError) async {
    do throws(StoreError) {
      try await gateway.store.setAside(
        delivery, reason: "It could not be composed: \(error.kind.rawValue)", at: gateway.now())
    } catch {
      gateway.log.error("mail not set aside", metadata: ["delivery": "\(delivery)", "error": "\(error)"])
      await outbox.rest()
    }
  }

  /// The end of its reader's quiet hours, for a mail that waits for them.
  private func quietUntil(_ delivery: DeliveryRecord, _ directory: Directory) -> Date? {
    guard case .account(let id) = delivery.recipient else { return nil }
    return directory.accounts[id]?.waits(
      delivery.lane, delivery.facts, now: gateway.now(), timeZone: gateway.settings.timeZone)
  }

  private func record(_ delivery: DeliveryRecord, _ reply: SMTPReply, _ address: MailAddress?) async {
    let words = ServerWords(code: reply.code, enhancedStatusCode: reply.enhancedStatusCode, text: reply.text)
    var result: DeliveryOutcome.Result =
      if reply.isAccepted { .accepted(words) } else if reply.isTemporary { later(delivery, words) } else {
        .refused(words)
      }
    gateway.log.info(
      "mail sent",
      metadata: [
        "delivery": "\(delivery.id)", "kind": "\(delivery.kind.rawValue)", "code": "\(reply.code)",
        "status": "\(reply.enhancedStatusCode ?? "-")",
      ])
    // Where the provider refuses all, this mail is kept for when it does no longer.
    if await gateway.providers.note(delivery.id, result, address, gateway), case .refused = result {
      result = later(delivery, words)
    }
    gateway.count(result, to: address)
    await writer.write(
      DeliveryOutcome(delivery: delivery.id, at: gateway.now(), result: result, sign: .of(result, delivery, address)))
  }

  private func later(_ delivery: DeliveryRecord, _ words: ServerWords) -> DeliveryOutcome.Result {
    let next = RetrySchedule.next(
      afterAttempts: delivery.attempts + 1, firstDue: delivery.firstDueAt, now: gateway.now())
    return next.map { .deferred(words, until: $0) } ?? .refused(words)
  }

  /// No server answered about this message. The row stays as it is, and all wait a while: most often the server is
  /// away, or does not take our login, and no message is to blame.
  ///
  /// - Returns: whether there is an outcome all the same.
  private func failed(_ delivery: DeliveryRecord, _ error: TransportError) async -> Bool {
    await gateway.providers.giveUp(delivery.id)
    guard !Task.isCancelled else { return false }
    gateway.log.warning("mail server not reached", metadata: ["delivery": "\(delivery.id)", "error": "\(error)"])
    let result: DeliveryOutcome.Result
    if error.kind == .limit {
      result = .refused(ServerWords(text: error.message))
    } else if await outbox.failed(delivery.id) >= Self.patience, error.isTemporary {
      result = later(delivery, ServerWords(text: error.message))
    } else {
      return false
    }
    await writer.write(DeliveryOutcome(delivery: delivery.id, at: gateway.now(), result: result))
    return true
  }
}

/// Which message is next, and which are under way: known in memory only, since after a crash none is.
actor Outbox {
  /// Messages read from the store at a time, and those left of them when the next are; all are forgotten when more
  /// urgent ones come.
  static let batch = 100
  static let low = 50

  private let gateway: SchoolGateway
  private var ready: ArraySlice<DueMail> = []
  private var reading: Task<Void, Never>?
  /// Whether there is nothing to be found before the next news.
  private var isAllRead = false
  /// Counts what made the messages read so far old.
  private var news = 0
  /// The last reading was old before it ended.
  private var wasOld = false
  private var underWay: Set<DeliveryID> = []
  private var failures: [DeliveryID: Int] = [:]
  private var backoff = Backoff()
  private var restsUntil = ContinuousClock.now
  private var sent: [ContinuousClock.Instant] = []
  private var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
  private var lastWaiter = 0
  /// Somebody was to be woken while nobody waited: whoever found nothing, and was about to wait, looks once more.
  private var isWakeOwed = false

  init(gateway: SchoolGateway) { self.gateway = gateway }

  /// Nil where nothing is due, or nothing may be sent now.
  func next() async -> DueMail? {
    guard ContinuousClock.now >= restsUntil, mayByRate() else { return nil }
    while ready.count <= Self.low, !isAllRead, !Task.isCancelled {
      // Once for all workers; they wait for it only where nothing is left.
      let reading = self.reading ?? Task { await readDue() }
      self.reading = reading
      guard ready.isEmpty else { break }
      await reading.value
    }
    // Others may have taken what may be sent while this one waited.
    guard !Task.isCancelled, mayByRate(), let mail = ready.popFirst() else { return nil }
    underWay.insert(mail.delivery.id)
    // There is more than one worker can do.
    if !ready.isEmpty { wakeOne() }
    if gateway.settings.sending.messagesPerMinute != nil { sent.append(.now) }
    return mail
  }

  private func readDue() async {
    let (store, before) = (gateway.store, news)
    let known = underWay.union(ready.map(\.delivery.id))
    var found: [DueMail] = []
    do throws(StoreError) {
      found = try await store.dueMails(now: gateway.now(), excluding: known, limit: Self.batch)
    } catch { gateway.log.error("outbox not read", metadata: ["error": "\(error)"]) }
    reading = nil
    // Where news comes faster than the store reads, all readings are old. Then of each second one the first are taken,
    // no more than leave at once: none waits for ever, and what is more urgent waits for nothing else.
    guard news == before || wasOld else {
      wasOld = true
      return
    }
    wasOld = false
    isAllRead = news == before && found.count < Self.batch
    ready += news == before ? found[...] : found.prefix(gateway.settings.sending.connections)
  }

  /// What was under way is so no longer, and has no outcome.
  func done(_ id: DeliveryID) { underWay.remove(id) }

  /// The same of messages whose outcome is durable: what kept them, or all, from a server is over.
  func answered(_ ids: [DeliveryID]) {
    underWay.subtract(ids)
    backoff.reset()
    for id in ids { failures[id] = nil }
  }

  private func mayByRate() -> Bool {
    guard let limit = gateway.settings.sending.messagesPerMinute else { return true }
    let minuteAgo = ContinuousClock.now - .seconds(60)
    sent.removeAll { $0 < minuteAgo }
    return sent.count < limit
  }

  // MARK: A server that is away

  func rest() { restsUntil = .now + backoff.wait() }

  /// How often this message failed in a row.
  func failed(_ id: DeliveryID) -> Int {
    if ContinuousClock.now >= restsUntil { rest() }
    failures[id, default: 0] += 1
    return failures[id, default: 0]
  }

  // MARK: Waiting

  /// New mail may be more urgent than what was fetched before.
  func wake() {
    ready = []
    isAllRead = false
    news += 1
    wakeOne()
  }

  /// Who finds more than one mail wakes the next: one mail, of which there are most, need not wake all.
  private func wakeOne() {
    if let waiter = waiters.popFirst() { waiter.value.resume() } else { isWakeOwed = true }
  }

  /// Returns when something may have become due, or the task is cancelled.
  func wait() async {
    guard !isWakeOwed else {
      isWakeOwed = false
      return
    }
    lastWaiter += 1
    let id = lastWaiter
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if Task.isCancelled { continuation.resume() } else { waiters[id] = continuation }
      }
    } onCancel: {
      Task { await self.release(id) }
    }
  }

  private func release(_ id: Int) { waiters.removeValue(forKey: id)?.resume() }
}

/// Writes outcomes down, those that come while some are being written together. Goes on until the store takes them:
/// the server has answered, and only a crash may forget that.
actor OutcomeWriter {
  /// Outcomes that may wait to be written before who brings the next must wait too: a crash forgets no more.
  static let most = 32

  private let store: Store
  private let onWritten: @Sendable ([DeliveryID]) async -> Void
  private var pending: [DeliveryOutcome] = []
  private var waiters: [CheckedContinuation<Void, Never>] = []
  private var writing: Task<Void, Never>?
  /// The store takes nothing now: until it does, no more is sent than what is in hand, which a crash would send again.
  private var isRefused = false

  /// - Parameter onWritten: told of deliveries whose outcomes are durable.
  init(store: Store, onWritten: @escaping @Sendable ([DeliveryID]) async -> Void) {
    self.store = store
    self.onWritten = onWritten
  }

  func write(_ outcome: DeliveryOutcome) async {
    pending.append(outcome)
    // A task of its own, which no cancellation reaches.
    if writing == nil { writing = Task { await writeAll() } }
    if isRefused || pending.count >= Self.most { await withCheckedContinuation { waiters.append($0) } }
  }

  /// Returns when all that was brought is written.
  func finish() async {
    while let writing { await writing.value }
  }

  private func writeAll() async {
    while !pending.isEmpty {
      let (batch, those) = (pending, waiters)
      (pending, waiters) = ([], [])
      let written = await recordAtLast(batch)
      Failpoint.noted.pass()
      if store.corruption == nil { await onWritten(written) }
      for waiter in those { waiter.resume() }
    }
    writing = nil
  }

  /// Those that were written, once the store takes them. A damaged store never does: the school stops, and its backup
  /// sends those mails a second time.
  private func recordAtLast(_ batch: [DeliveryOutcome]) async -> [DeliveryID] {
    var written = await record(batch)
    while written == nil, store.corruption == nil {
      isRefused = true
      await pause(.seconds(1))
      written = await record(batch)
    }
    isRefused = false
    return written ?? []
  }

  /// Those that were written; nil where the store takes nothing now. One that can never be written stays under way, so
  /// that it keeps the others from nothing and is not sent again and again.
  private func record(_ batch: [DeliveryOutcome]) async -> [DeliveryID]? {
    do throws(StoreError) {
      try await store.record(batch)
      return batch.map(\.delivery)
    } catch {
      guard error.kind == .damaged else { return nil }
      if batch.count == 1 { return [] }
    }
    var written: [DeliveryID] = []
    for outcome in batch { written += await recordAtLast([outcome]) }
    return written
  }
}
