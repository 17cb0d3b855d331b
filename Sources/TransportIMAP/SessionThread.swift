import Foundation

/// One thread that runs one session's work in order, so that libetpan's blocking calls never hold a thread of Swift's
/// cooperative pool. It lives until `stop()`.
///
/// Unchecked because `jobs` and `isStopped` are plain variables; both are touched under `condition`'s lock only.
final class SessionThread: SerialExecutor, @unchecked Sendable {  // both variables only under `condition`'s lock
  private let condition = NSCondition()
  private var jobs: [UnownedJob] = []
  private var isStopped = false

  init() {
    let thread = Thread { [self] in run() }
    thread.name = "postplein-imap"
    thread.start()
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    condition.withLock {
      jobs.append(job)
      condition.signal()
    }
  }

  /// Ends the thread once its queue is empty. Only for when nothing can enqueue any more.
  func stop() {
    condition.withLock {
      isStopped = true
      condition.signal()
    }
  }

  private func run() {
    blockBrokenPipeSignal()
    while let job = nextJob() {
      job.runSynchronously(on: asUnownedSerialExecutor())
    }
  }

  private func nextJob() -> UnownedJob? {
    condition.withLock {
      while jobs.isEmpty && !isStopped { condition.wait() }
      return jobs.isEmpty ? nil : jobs.removeFirst()
    }
  }

  /// libetpan makes its GnuTLS sessions without GNUTLS_NO_SIGNAL, so a write to a connection that the server closed
  /// raises SIGPIPE in the writing thread and would end the process (signal(7)). Blocked here it is only EPIPE.
  private func blockBrokenPipeSignal() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGPIPE)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }
}
