import Foundation
import Logging
import School
import Store

/// Which message is next, and which are under way: known in memory only, since after a crash none is.
actor Outbox {
  /// Messages read from the store at a time, and those left of them when the next are; all are forgotten when more
  /// urgent ones come.
  static let batch = 100
  static let low = 50
  /// While a long row lies in the inbox, what is not urgent waits so long, in seconds, at most.
  static let readingFirst: TimeInterval = 10
  /// Parts of a minute, in each of which what goes to many takes one such part of the minute's number: so what is more
  /// urgent waits no minute for it. Each is longer than `Dispatcher.interval`, after which they look again.
  static let bulkParts = 10

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
  /// What servers have said of mails, counted; of a mail whose connection failed, how often it did so to its own blame.
  private var answers = 0
  private var failures: [DeliveryID: (count: Int, answers: Int)] = [:]
  private var backoff = Backoff()
  /// While the server is there, and takes nothing from the school.
  private var refusals = Backoff()
  private var restsUntil = ContinuousClock.now
  private var sent: [ContinuousClock.Instant] = []
  private var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
  private var lastWaiter = 0
  /// Somebody was to be woken while nobody waited: whoever found nothing, and was about to wait, looks once more.
  private var isWakeOwed = false

  init(gateway: SchoolGateway) { self.gateway = gateway }

  /// Nil where nothing is due, or nothing may be sent now.
  func next() async -> DueMail? {
    guard ContinuousClock.now >= restsUntil, mayByRate(.urgent) else { return nil }
    while ready.count <= Self.low, !isAllRead, !Task.isCancelled {
      // Once for all workers; they wait for it only where nothing is left.
      let reading = self.reading ?? Task { await readDue() }
      self.reading = reading
      guard ready.isEmpty else { break }
      await reading.value
    }
    // Others may have taken what may be sent while this one waited.
    guard !Task.isCancelled, let mail = ready.first, mayByRate(mail.delivery.lane), goesNow(mail.delivery) else {
      return nil
    }
    ready.removeFirst()
    underWay.insert(mail.delivery.id)
    // There is more than one worker can do.
    if !ready.isEmpty { wakeOne() }
    if gateway.settings.sending.messagesPerMinute != nil { sent.append(.now) }
    return mail
  }

  private func readDue() async {
    let (store, before) = (gateway.store, news)
    // The first shows whether any may go while the inbox is read.
    let limit = isReadingFirst ? 1 : Self.batch
    let known = underWay.union(ready.map(\.delivery.id))
    var found: [DueMail] = []
    do throws(StoreError) {
      found = try await store.dueMails(now: gateway.now(), excluding: known, limit: limit)
    } catch { gateway.log.error("outbox not read", metadata: ["error": "\(error)"]) }
    reading = nil
    // Where news comes faster than the store reads, all readings are old. Then of each second one the first are taken,
    // no more than leave at once: none waits for ever, and what is more urgent waits for nothing else.
    guard news == before || wasOld else {
      wasOld = true
      return
    }
    wasOld = false
    isAllRead = news == before && found.count < limit
    ready += news == before ? found[...] : found.prefix(gateway.settings.sending.connections)
  }

  /// What was under way is so no longer, and has no outcome.
  ///
  /// - Parameter wasTried: whether a server may have got it; else another goes in its place.
  func done(_ id: DeliveryID, wasTried: Bool) {
    underWay.remove(id)
    if !wasTried { _ = sent.popLast() }
  }

  /// The same of messages whose outcome is durable. Where a server has said something of one, it is not away.
  func recorded(_ outcomes: [DeliveryOutcome]) {
    for outcome in outcomes {
      underWay.remove(outcome.delivery)
      failures[outcome.delivery] = nil
    }
    let answered = outcomes.count { $0.result.isAnswer }
    guard answered > 0 else { return }
    answers += answered
    backoff.reset()
    if outcomes.contains(where: { if case .accepted = $0.result { true } else { false } }) { refusals.reset() }
  }

  /// Of a long row in the inbox any mail may be urgent: it is read first. The commits of its last mails wake us.
  private var isReadingFirst: Bool { gateway.vitals.unread > FairOrder.shortRow }

  private func goesNow(_ delivery: DeliveryRecord) -> Bool {
    delivery.lane == .urgent || !isReadingFirst
      || gateway.now().timeIntervalSince(delivery.firstDueAt) >= Self.readingFirst
  }

  /// Within what the provider allows in a minute.
  private func mayByRate(_ lane: Lane) -> Bool {
    guard let limit = gateway.settings.sending.messagesPerMinute else { return true }
    let now = ContinuousClock.now
    sent.removeAll { $0 < now - .seconds(60) }
    guard sent.count < limit else { return false }
    return lane != .bulk || sent.count { $0 > now - .seconds(60) / Self.bulkParts } * Self.bulkParts < limit
  }

  // MARK: A server that is away

  func rest() { restsUntil = max(restsUntil, .now + backoff.wait()) }

  /// The server refuses whoever submits: less and less often it is tried again.
  func refused() { if ContinuousClock.now >= restsUntil { restsUntil = .now + refusals.wait() } }

  /// No server answered about this message.
  ///
  /// - Parameter mayHaveSent: whether it may have arrived: then each time counts, lest one come a hundred times.
  /// - Returns: whether that is so of it again and again while others are answered.
  func failed(_ id: DeliveryID, mayHaveSent: Bool = false) -> Bool {
    if ContinuousClock.now >= restsUntil { rest() }
    let before = failures[id]
    if mayHaveSent || before?.answers != answers { failures[id] = ((before?.count ?? 0) + 1, answers) }
    return failures[id]?.count ?? 0 >= Dispatcher.patience
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

extension DeliveryOutcome.Result {
  /// Whether a server said it, and not the connection to one.
  fileprivate var isAnswer: Bool {
    switch self {
    case .accepted(let words), .deferred(let words, _), .refused(let words), .bounced(let words), .noted(_, let words):
      words.code != nil
    }
  }
}
