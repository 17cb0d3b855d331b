import School
import Store

/// Writes outcomes down, those that come while some are being written together. Goes on until the store takes them:
/// the server has answered, and only a crash may forget that.
actor OutcomeWriter {
  /// Outcomes that may wait to be written before who brings the next must wait too: a crash forgets no more.
  static let most = 32

  private let store: Store
  private let onWritten: @Sendable ([DeliveryOutcome]) async -> Void
  private let onWait: @Sendable () -> Void
  private var pending: [DeliveryOutcome] = []
  private var waiters: [CheckedContinuation<Void, Never>] = []
  private var writing: Task<Void, Never>?
  /// The store takes nothing now: until it does, no more is sent than what is in hand, which a crash would send again.
  private var isRefused = false

  /// - Parameters:
  ///   - onWritten: told of outcomes that are durable.
  ///   - onWait: called each time that the store would not take them.
  init(
    store: Store, onWritten: @escaping @Sendable ([DeliveryOutcome]) async -> Void,
    onWait: @escaping @Sendable () -> Void = {}
  ) {
    self.store = store
    self.onWritten = onWritten
    self.onWait = onWait
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
  private func recordAtLast(_ batch: [DeliveryOutcome]) async -> [DeliveryOutcome] {
    var written = await record(batch)
    while written == nil, store.corruption == nil {
      isRefused = true
      onWait()
      await pause(.seconds(1))
      written = await record(batch)
    }
    isRefused = false
    return written ?? []
  }

  /// Those that were written; nil where the store takes nothing now. One that can never be written stays under way, so
  /// that it keeps the others from nothing and is not sent again and again.
  private func record(_ batch: [DeliveryOutcome]) async -> [DeliveryOutcome]? {
    do throws(StoreError) {
      try await store.record(batch)
      return batch
    } catch {
      guard error.kind == .damaged else { return nil }
      if batch.count == 1 { return [] }
    }
    var written: [DeliveryOutcome] = []
    for outcome in batch { written += await recordAtLast([outcome]) }
    return written
  }
}
