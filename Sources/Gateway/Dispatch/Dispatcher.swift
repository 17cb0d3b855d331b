import Foundation
import Logging
import Mail
import School
import Store
import Transport

/// Sends what is due: as many messages at a time as there are connections, urgent before normal before bulk, each
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
    writer = OutcomeWriter(store: gateway.store)
  }

  /// Until the task is cancelled; messages that a server has in hand are waited for.
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
      for _ in 0..<gateway.settings.sending.connections { group.addTask { await work() } }
    }
  }

  private func work() async {
    while !Task.isCancelled {
      guard let delivery = await outbox.next() else {
        await outbox.wait()
        continue
      }
      await send(delivery)
      await outbox.done(delivery.id)
    }
  }

  // MARK: One message

  private func send(_ delivery: DeliveryRecord) async {
    do throws(StoreError) {
      let address = try await gateway.store.directory().address(of: delivery)
      if let until = await gateway.providers.waits(delivery, to: address, gateway) {
        return try await gateway.store.hold(delivery.id, until: until)
      }
      let mail = try await DeliveryComposer(gateway: gateway).compose(delivery)
      do throws(TransportError) {
        let reply = try await submitter.submit(mail.octets, envelope: mail.envelope)
        await outbox.reachedServer(delivery.id)
        await record(delivery, reply)
      } catch { await failed(delivery, error) }
    } catch {
      await gateway.providers.giveUp(delivery.id)
      gateway.log.error("mail not composed", metadata: ["delivery": "\(delivery.id)", "error": "\(error)"])
      if error.isTemporary {
        await outbox.rest()
      } else {
        let words = ServerWords(text: "It could not be composed: \(error.kind.rawValue)")
        await writer.write(DeliveryOutcome(delivery: delivery.id, at: gateway.now(), result: .refused(words)))
      }
    }
  }

  private func record(_ delivery: DeliveryRecord, _ reply: SMTPReply) async {
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
    let address = try? await gateway.store.directory().address(of: delivery)
    // Where the provider refuses all, this mail is kept for when it does no longer.
    if await gateway.providers.note(delivery.id, result, address, gateway), case .refused = result {
      result = later(delivery, words)
    }
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
  private func failed(_ delivery: DeliveryRecord, _ error: TransportError) async {
    await gateway.providers.giveUp(delivery.id)
    guard !Task.isCancelled else { return }
    gateway.log.warning("mail server not reached", metadata: ["delivery": "\(delivery.id)", "error": "\(error)"])
    if error.kind == .limit {
      let words = ServerWords(text: error.message)
      await writer.write(DeliveryOutcome(delivery: delivery.id, at: gateway.now(), result: .refused(words)))
    } else if await outbox.failed(delivery.id) >= Self.patience, error.isTemporary {
      let result = later(delivery, ServerWords(text: error.message))
      await writer.write(DeliveryOutcome(delivery: delivery.id, at: gateway.now(), result: result))
      await outbox.reachedServer(delivery.id)
    }
  }
}

/// Which message is next, and which are under way: known in memory only, since after a crash none is.
actor Outbox {
  private let gateway: SchoolGateway
  private var ready: [DeliveryRecord] = []
  private var underWay: Set<DeliveryID> = []
  private var failures: [DeliveryID: Int] = [:]
  private var backoff = Backoff()
  private var restsUntil = ContinuousClock.now
  private var sent: [ContinuousClock.Instant] = []
  private var waiters: [UUID: CheckedContinuation<Void, Never>] = [:]

  init(gateway: SchoolGateway) { self.gateway = gateway }

  /// Nil where nothing is due, or nothing may be sent now.
  func next() async -> DeliveryRecord? {
    guard ContinuousClock.now >= restsUntil, mayByRate() else { return nil }
    if ready.isEmpty {
      let found = try? await gateway.store.dueDeliveries(
        now: gateway.now(), excluding: underWay, limit: gateway.settings.sending.connections)
      // Another worker may have been here while the store was read.
      ready = (found ?? []).filter { !underWay.contains($0.id) }
    }
    guard !ready.isEmpty, !Task.isCancelled else { return nil }
    let delivery = ready.removeFirst()
    underWay.insert(delivery.id)
    if gateway.settings.sending.messagesPerMinute != nil { sent.append(.now) }
    return delivery
  }

  func done(_ id: DeliveryID) {
    underWay.remove(id)
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

  func reachedServer(_ id: DeliveryID) {
    backoff.reset()
    failures[id] = nil
  }

  // MARK: Waiting

  /// New mail may be more urgent than what was fetched before.
  func wake() {
    ready = []
    for waiter in waiters.values { waiter.resume() }
    waiters = [:]
  }

  /// Returns when something may have become due, or the task is cancelled.
  func wait() async {
    let id = UUID()
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if Task.isCancelled { continuation.resume() } else { waiters[id] = continuation }
      }
    } onCancel: {
      Task { await self.release(id) }
    }
  }

  private func release(_ id: UUID) { waiters.removeValue(forKey: id)?.resume() }
}

/// Writes outcomes down, those that come while one is being written together. Goes on until the store takes them: the
/// server has answered, and only a crash may forget that.
actor OutcomeWriter {
  private let store: Store
  private var pending: [DeliveryOutcome] = []
  private var waiters: [CheckedContinuation<Void, Never>] = []
  private var isWriting = false

  init(store: Store) { self.store = store }

  func write(_ outcome: DeliveryOutcome) async {
    pending.append(outcome)
    if isWriting { return await withCheckedContinuation { waiters.append($0) } }
    isWriting = true
    while !pending.isEmpty {
      let (batch, those) = (pending, waiters)
      (pending, waiters) = ([], [])
      while !(await record(batch)), !Task.isCancelled { await pause(.seconds(1)) }
      for waiter in those { waiter.resume() }
    }
    isWriting = false
  }

  /// In a task of its own, which no cancellation reaches.
  private func record(_ batch: [DeliveryOutcome]) async -> Bool {
    await Task { [store] in
      do throws(StoreError) {
        try await store.record(batch)
        return true
      } catch { return false }
    }.value
  }
}
