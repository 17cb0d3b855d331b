import Dispatch
import Foundation
import Synchronization
import Transport

/// Tells every transfer of one submitter to end now.
final class StopSignal: Sendable {
  private let flag = Atomic(false)
  var isSet: Bool { flag.load(ordering: .relaxed) }
  func set() { flag.store(true, ordering: .relaxed) }
}

/// A message or login that waits for its verdict.
struct SubmissionJob: Sendable {
  enum Work: Sendable {
    case message(SubmittedMail)
    case login

    var mail: SubmittedMail? { if case .message(let mail) = self { mail } else { nil } }
  }

  let id: UInt64
  let work: Work
  let waiter: CheckedContinuation<SubmissionResult, Never>
}

/// A thread that owns at most one connection, as the queue sees it.
final class SubmissionThread: Sendable {
  fileprivate let wake = DispatchSemaphore(value: 0)
  fileprivate let handed = Mutex<SubmissionJob?>(nil)
}

/// Hands jobs, first come first served, to threads, of which there are `connections` at most. The thread that was idle
/// last works first, so that with little to do few connections stay open.
final class SubmissionQueue: Sendable {
  private struct State {
    var waiting: [SubmissionJob] = []
    var idle: [SubmissionThread] = []
    var threads = 0
    var lastID: UInt64 = 0
    var isStopped = false
    var onEnd: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())
  private let connections: Int
  private let idleTimeout: Duration
  private let run: @Sendable (SubmissionThread, SubmissionQueue) -> Void

  /// `run` is called on a new thread, which ends when it returns. It calls `next` until that gives nil, and `retire`.
  init(
    connections: Int, idleTimeout: Duration, run: @escaping @Sendable (SubmissionThread, SubmissionQueue) -> Void
  ) {
    self.connections = max(1, connections)
    self.idleTimeout = idleTimeout
    self.run = run
  }

  func newID() -> UInt64 {
    state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
  }

  func add(_ job: SubmissionJob) {
    let (thread, isStopped) = state.withLock { state -> (SubmissionThread?, Bool) in
      if state.isStopped { return (nil, true) }
      if let thread = state.idle.popLast() {
        thread.handed.withLock { $0 = job }
        return (thread, false)
      }
      state.waiting.append(job)
      if state.threads < connections {
        state.threads += 1
        start()
      }
      return (nil, false)
    }
    // Outside the lock, which others spin for.
    thread?.wake.signal()
    if isStopped { job.waiter.resume(returning: .failure(.stopped)) }
  }

  /// The message that waits longest, for a thread that has one in hand: all threads have, where one waits.
  func nextMessage() -> SubmissionJob? {
    state.withLock { state in
      guard case .message? = state.waiting.first?.work else { return nil }
      return state.waiting.removeFirst()
    }
  }

  /// Takes a job away that no thread has begun; does nothing to others.
  func cancel(_ id: UInt64) {
    let job = state.withLock { state in
      state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0) }
    }
    job?.waiter.resume(returning: .failure(TransportError(.network, "Cancelled before it was sent")))
  }

  /// Blocks until there is a job for this thread. Nil where there was none for `idleTimeout`, or the queue has stopped.
  /// Tells the thread's last verdict before it waits, but after the thread can be given a new job: who submits one
  /// message after another uses one connection.
  func next(for thread: SubmissionThread, after tellVerdict: (() -> Void)?) -> SubmissionJob? {
    let (job, isStopped) = state.withLock { state -> (SubmissionJob?, Bool) in
      if !state.waiting.isEmpty { return (state.waiting.removeFirst(), false) }
      if !state.isStopped { state.idle.append(thread) }
      return (nil, state.isStopped)
    }
    tellVerdict?()
    if job != nil || isStopped { return job }
    let waited = thread.wake.wait(timeout: .now() + .milliseconds(idleTimeout.curlMilliseconds))
    let late = state.withLock { state in
      state.idle.removeAll { $0 === thread }
      return thread.handed.withLock { $0.take() }
    }
    // Handed between the end of the wait and the lock: uses up its signal, lest the next wait end at once.
    if late != nil, waited == .timedOut { thread.wake.wait() }
    return late
  }

  /// Called when the thread has closed its connection. False where a job came in meanwhile that it must take.
  func retire() -> Bool {
    let onEnd = state.withLock { state -> [CheckedContinuation<Void, Never>]? in
      guard state.waiting.isEmpty else { return nil }
      state.threads -= 1
      guard state.threads == 0 else { return [] }
      defer { state.onEnd = [] }
      return state.onEnd
    }
    for waiter in onEnd ?? [] { waiter.resume() }
    return onEnd != nil
  }

  /// From here on jobs that wait, and new ones, fail; those under way go on.
  func stop() {
    let waiting = state.withLock { state in
      state.isStopped = true
      for thread in state.idle { thread.wake.signal() }
      state.idle = []
      defer { state.waiting = [] }
      return state.waiting
    }
    for job in waiting { job.waiter.resume(returning: .failure(.stopped)) }
  }

  /// Returns when the last thread has ended.
  func waitForEnd() async {
    await withCheckedContinuation { continuation in
      let hasEnded = state.withLock { state in
        if state.threads > 0 { state.onEnd.append(continuation) }
        return state.threads == 0
      }
      if hasEnded { continuation.resume() }
    }
  }

  private func start() {
    let thread = Thread { [self] in run(SubmissionThread(), self) }
    thread.name = "smtp"
    thread.start()
  }
}

extension TransportError {
  static let stopped = TransportError(.network, "Not sent: the submitter was shut down")
}
