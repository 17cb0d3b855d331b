import Foundation
import GRDB
import Glibc
import Synchronization

extension Store {
  /// Does `work` in one transaction. Whatever it asks of this store is answered, and whatever it writes is written, in
  /// there: all of it is durable when this returns, or nothing is. So many decisions share one fsync, and a question
  /// wakes no other thread. What one of them cannot do is undone alone where it stands in an `attempt`.
  ///
  /// Others who write wait meanwhile: what takes long must not be done here (`needsTime`).
  package func together<T>(_ work: () async -> T) async throws(StoreError) -> T {
    precondition(unit == nil, "a transaction has none within it")
    let unit = UnitOfWork(of: self)
    Failpoint.writing.pass()
    let transaction = Task { [pool] () async -> StoreError? in
      do throws(StoreError) {
        try await offPool { try unit.serve(pool) }
        return nil
      } catch { return error }
    }
    let result = await UnitOfWork.$current.withValue(unit) {
      await withTaskExecutorPreference(unit) {
        let result = await work()
        unit.end()
        return result
      }
    }
    let error = await transaction.value.map(noted)
    noteWritten(error)
    if let error { throw error }
    Failpoint.written.pass()
    for effect in unit.effects { effect() }
    return result
  }

  /// All that `work` writes, or where it throws nothing: within `together`, of which the rest then stands. Elsewhere
  /// each of its writes stands by itself.
  package func attempt<T>(_ work: () async throws(StoreError) -> T) async throws(StoreError) -> T {
    guard let unit else { return try await work() }
    let mark = try unit.beginAttempt()
    do throws(StoreError) {
      let result = try await work()
      try unit.endAttempt()
      return result
    } catch {
      unit.undoAttempt(mark)
      throw error
    }
  }

  /// Does it once all that was written so far is durable: at once, but within `together`.
  package func whenDurable(_ effect: @escaping @Sendable () -> Void) {
    if let unit { unit.effects.append(effect) } else { effect() }
  }

  /// What takes longer than others should wait is not done within `together`: it is asked for again by itself.
  ///
  /// - Throws: `.busy` there, nothing elsewhere.
  package func needsTime() throws(StoreError) {
    if unit != nil { throw StoreError(.busy, "This takes longer than others should wait") }
  }

  /// The transaction in which the current task works.
  var unit: UnitOfWork? { UnitOfWork.current.flatMap { $0.store === self ? $0 : nil } }
}

/// One transaction, and the thread that has it: what a task does in it runs on that thread, which waits for no other.
///
/// Unchecked because of its variables: `jobs` and `isEnded` are touched under `condition`'s lock, all others on the one
/// thread while it serves, and by the task that began it after that.
final class UnitOfWork: TaskExecutor, @unchecked Sendable {  // `jobs`, `isEnded` under a lock, the rest its thread's
  @TaskLocal static var current: UnitOfWork?

  let store: Store
  private let condition = NSCondition()
  private var jobs: [UnownedJob] = []
  private var isEnded = false

  private let thread = Atomic<pthread_t>(0)
  private var database: Database?
  private var failure: StoreError?
  /// A write failed half done.
  private var isSpoilt = false
  private let filesUnderWay = DispatchGroup()
  private let fileFailure = Mutex<StoreError?>(nil)

  /// What is done once all is durable.
  var effects: [@Sendable () -> Void] = []
  /// The directory as this transaction made it, which nobody else may see yet.
  var directory: VersionedDirectory?

  init(of store: Store) { self.store = store }

  // MARK: The thread

  /// Has the transaction until the work in it has ended, which it does meanwhile.
  func serve(_ pool: DatabasePool) throws {
    thread.store(pthread_self(), ordering: .relaxed)
    do {
      try pool.write { database in
        self.database = database
        defer { self.database = nil }
        runJobs()
        filesUnderWay.wait()
        if let failure = failure ?? fileFailure.withLock({ $0 }) { throw failure }
        // To go on from half of what was written would be wrong.
        if isSpoilt { throw StoreError(.busy, "A write failed") }
      }
    } catch {
      failure = StoreError(error)
      // Where it did not even begin the work is told so, and ends.
      runJobs()
      throw error
    }
  }

  private func runJobs() {
    while let job = nextJob() { job.runSynchronously(on: asUnownedTaskExecutor()) }
  }

  private func nextJob() -> UnownedJob? {
    condition.withLock {
      while jobs.isEmpty && !isEnded { condition.wait() }
      return jobs.isEmpty ? nil : jobs.removeFirst()
    }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let isLate = condition.withLock {
      if !isEnded { jobs.append(job) }
      condition.signal()
      return isEnded
    }
    // It has nothing to do with the transaction any more.
    if isLate { DispatchQueue.global().async { [self] in job.runSynchronously(on: asUnownedTaskExecutor()) } }
  }

  func end() {
    condition.withLock {
      isEnded = true
      condition.signal()
    }
  }

  /// Whether this is the thread that serves, which may block.
  var isHere: Bool { thread.load(ordering: .relaxed) == pthread_self() }

  // MARK: The transaction

  func read<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    precondition(isHere, "what is done together left its thread")
    if let failure { throw failure }
    guard let database else { throw StoreError(.unavailable, "the transaction has ended") }
    do { return try body(database) } catch { throw store.noted(error) }
  }

  func write<T>(_ body: (Database) throws -> T) throws(StoreError) -> T {
    do throws(StoreError) { return try read(body) } catch {
      isSpoilt = true
      throw error
    }
  }

  /// How many effects there were before.
  func beginAttempt() throws(StoreError) -> Int {
    if isSpoilt { throw StoreError(.busy, "A write failed") }
    try read { try $0.run("SAVEPOINT attempt", []) }
    return effects.count
  }

  func endAttempt() throws(StoreError) {
    // Whoever wrote it went on.
    if isSpoilt { throw StoreError(.busy, "A write failed") }
    try read { try $0.run("RELEASE attempt", []) }
  }

  func undoAttempt(_ mark: Int) {
    effects.removeLast(effects.count - mark)
    directory = nil
    isSpoilt = false
    do throws(StoreError) {
      try read { database in
        try database.run("ROLLBACK TO attempt", [])
        try database.run("RELEASE attempt", [])
      }
    } catch { failure = failure ?? error }
  }

  // MARK: Files

  /// Beside the work; durable before what is written of it is.
  func keep(_ data: Data, in files: FilesByDigest, as digest: String) {
    onThreadOfItsOwn(filesUnderWay) { [self] in
      do { try files.keep(data, as: digest) } catch { fileFailure.withLock { $0 = $0 ?? StoreError(error) } }
    }
  }
}
