import CGlibc
import Foundation
import GRDB
import Glibc
import Synchronization

/// What a school remembers: a folder with one SQLite file, the raw messages that came in (`messages/`) and the files
/// that came with them (`files/`), both named by the SHA-256 of their content.
///
/// All calls leave the cooperative pool for their work. A call that returned is durable: SQLite runs with
/// `synchronous=FULL`, files and their folders are fsynced.
package final class Store: Sendable {
  package enum Access: Sendable {
    /// The gateway's: one process at a time.
    case exclusive
    /// Beside a running gateway, for a command that writes.
    case shared
    case readOnly
  }

  package let folder: URL
  let pool: DatabasePool
  let messages: FilesByDigest
  let files: FilesByDigest
  let lock: FolderLock?
  /// The directory as it was read last.
  let cachedDirectory = Mutex<VersionedDirectory?>(nil)
  /// The sizes of the store's parts as they were counted last.
  let cachedSizes = Mutex<(at: Date, octets: [String: Int])?>(nil)
  private let isLarge: Bool
  private let foundCorrupt = Mutex<StoreError?>(nil)
  private let isWritten = Mutex(true)
  private let listeners = Mutex<[UUID: AsyncStream<Void>.Continuation]>([:])

  /// Whether a gateway, or who brought it up to date, ever held the store in a folder; nobody holds a backup.
  package static func isServed(_ folder: URL) -> Bool {
    FileManager.default.fileExists(atPath: folder.appending(path: FolderLock.fileName).path)
  }

  private init(folder: URL, pool: DatabasePool, lock: FolderLock?, isLarge: Bool) {
    self.isLarge = isLarge
    self.folder = folder
    self.pool = pool
    self.lock = lock
    messages = filesByDigest("messages", in: folder)
    files = filesByDigest("files", in: folder)
  }

  /// Opens the store in the folder. For a gateway (`exclusive`) its schema is brought up to date, which no older
  /// version understands then; and SQLite looks through its whole file first, but for a large one: `lookThroughLarge`
  /// does that.
  ///
  /// - Parameters:
  ///   - makes: whether it is made where there is none; `readOnly` never does.
  ///   - migrates: whether one of an older version is brought up to date; nil says a gateway alone.
  ///   - large: octets from which on the file is large.
  /// - Throws: `.unavailable` where another gateway has it or it is not there, `.newerVersion`, `.olderVersion`,
  ///   `.corrupt`, `.io` where it cannot be known whether it is there.
  package static func open(
    folder: URL, access: Access = .exclusive, makes: Bool = true, migrates: Bool? = nil, large: Int = Store.large
  ) async throws(StoreError) -> Store {
    try await offPool {
      try openNow(
        folder: folder, access: access, makes: makes, migrates: migrates ?? (access == .exclusive), large: large)
    }
  }

  /// A third of a second for SQLite to look through.
  package static let large = 256 << 20

  /// Whether a store lies in the folder; of an empty file SQLite would make one that knows nobody.
  ///
  /// - Throws: `.io` where that cannot be known: what cannot be looked at is not gone.
  package static func isThere(in folder: URL) throws(StoreError) -> Bool {
    try size(of: folder.appending(path: "postplein.sqlite")) > 0
  }

  private static func size(of file: URL) throws(StoreError) -> Int {
    var status = stat()
    if stat(file.path, &status) == 0 { return Int(status.st_size) }
    guard errno == ENOENT || errno == ENOTDIR else {
      throw StoreError(.io, "\(file.path) cannot be read: \(String(cString: strerror(errno)))")
    }
    return 0
  }

  private static func openNow(
    folder: URL, access: Access, makes: Bool, migrates: Bool, large: Int
  ) throws -> Store {
    let file = folder.appending(path: "postplein.sqlite")
    let isThere = try isThere(in: folder)
    guard makes || isThere else { throw StoreError(.unavailable, "There is no store in \(folder.path)") }
    var configuration = Configuration()
    configuration.foreignKeysEnabled = true
    configuration.busyMode = .timeout(10)
    if access == .readOnly {
      guard isThere else {
        throw StoreError(.unavailable, "There is no store in \(folder.path) yet: serve or import makes it")
      }
      configuration.readonly = true
      let store = Store(
        folder: folder, pool: try DatabasePool(path: file.path, configuration: configuration), lock: nil, isLarge: false
      )
      try store.pool.read(Schema.verify)
      return store
    }
    try makeFolder(folder)
    let lock = access == .exclusive ? try FolderLock(folder) : nil
    try makePrivate(file)
    let pool = try DatabasePool(path: file.path, configuration: configuration)
    try pool.writeWithoutTransaction { database in
      // DatabasePool sets NORMAL when it turns WAL on, whatever the configuration says.
      try database.execute(sql: "PRAGMA synchronous = FULL")
      let level = try Int.fetchOne(database, sql: "PRAGMA synchronous")
      precondition(level == 2, "SQLite would not be durable")
    }
    let isLarge = try size(of: file) >= large
    if access == .exclusive, !isLarge { try pool.writeWithoutTransaction(lookThrough) }
    // Whoever made an empty one may have been killed before its tables were there.
    if try migrates ? !pool.read(Schema.isCurrent) : pool.read(Schema.isEmpty) {
      // Never under a gateway that runs: it knows the tables as they are.
      let migrating = try lock ?? FolderLock(folder)
      try withExtendedLifetime(migrating) { try Schema.migrate(pool) }
    } else {
      try pool.read(Schema.verify)
    }
    if access == .exclusive {
      // What may have to be undone to a savepoint lies in memory: else SQLite has a file for it in a folder of all.
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA temp_store = MEMORY") }
    }
    let store = Store(folder: folder, pool: pool, lock: lock, isLarge: isLarge)
    try store.messages.makeFolder()
    try store.files.makeFolder()
    // Also what a process made that was killed before it synced: a folder that is there is not synced again.
    for made in [folder, store.messages.folder, store.files.folder] { try FilesByDigest.sync(made.path) }
    return store
  }

  /// Readable by its owner alone: pupils' and parents' data.
  static func makeFolder(_ folder: URL) throws {
    try FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path)
  }

  /// Made before SQLite makes it, which gives its other files the same rights.
  static func makePrivate(_ file: URL) throws {
    let descriptor = Glibc.open(file.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0, fchmod(descriptor, 0o600) == 0 else {
      throw StoreError(.unavailable, "\(file.path) cannot be written: \(String(cString: strerror(errno)))")
    }
    close(descriptor)
  }

  /// What `open` leaves for when a large store is served already: seconds of work, for which nothing else waits. It has
  /// a thread and a connection of its own, and what the processors have left.
  ///
  /// - Throws: `.corrupt`, which `corruption` tells from then on.
  package func lookThroughLarge() async throws(StoreError) {
    guard isLarge else { return }
    let file = folder.appending(path: "postplein.sqlite").path
    let queue: DatabaseQueue
    do throws(StoreError) {
      queue = try await offPool {
        var configuration = Configuration()
        configuration.readonly = true
        // In KiB: each page is read once.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -256") }
        return try DatabaseQueue(path: file, configuration: configuration)
      }
    } catch { throw noted(error) }
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        Thread.detachNewThread {
          // Of this thread alone, which ends. Where it may not, it looks all the same.
          _ = postplein_take_what_is_left()
          continuation.resume(returning: Result { try queue.read(Self.lookThrough) })
        }
      }
    } onCancel: {
      // Who stops the gateway does not wait for it.
      queue.interrupt()
    }
    do { try result.get() } catch { throw noted(error) }
  }

  private static func lookThrough(_ database: Database) throws {
    let words = try String.fetchAll(database, sql: "PRAGMA quick_check(5)")
    guard words == ["ok"] else { throw StoreError(.corrupt, words.joined(separator: "; ")) }
  }

  /// Whether SQLite finds its file whole, and every reference leads somewhere. Takes time with the size of the store.
  ///
  /// - Throws: `.corrupt` with SQLite's words, `.damaged`.
  package func checkIntegrity() async throws(StoreError) {
    try await read { database in
      try Self.lookThrough(database)
      let dangling = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").count
      guard dangling == 0 else { throw StoreError(.damaged, "\(dangling) rows refer to rows that are not there") }
    }
  }

  // MARK: Reading and writing
  // In tasks of their own: what was begun is finished, also while the gateway is being stopped.

  func read<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws(StoreError) -> T {
    if let unit { return try unit.read(body) }
    do { return try await Task { [pool] in try await pool.read(body) }.value } catch { throw noted(error) }
  }

  /// One transaction, or a part of the one in which the task works: all of it, or nothing.
  func write<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws(StoreError) -> T {
    if let unit { return try unit.write(body) }
    Failpoint.writing.pass()
    defer { Failpoint.written.pass() }
    do {
      let value = try await Task { [pool] in try await pool.write(body) }.value
      noteWritten(nil)
      return value
    } catch {
      let error = noted(error)
      noteWritten(error)
      throw error
    }
  }

  /// Whether the disk took what was to be written.
  func noteWritten(_ error: StoreError?) {
    if let error, ![.diskFull, .io, .unavailable].contains(error.kind) { return }
    isWritten.withLock { $0 = error == nil }
  }

  /// Damage of the whole database ends the school: all who listen are told, once.
  func noted(_ error: any Error) -> StoreError {
    let error = StoreError(error)
    guard error.kind == .corrupt else { return error }
    let isFirst = foundCorrupt.withLock { known in
      defer { known = known ?? error }
      return known == nil
    }
    if isFirst { announce() }
    return error
  }

  /// What SQLite said when it found its file damaged since the store was opened. Told of by `changes` too.
  package var corruption: StoreError? { foundCorrupt.withLock { $0 } }

  /// False where the disk would not take what was to be written last; that is tried again by whoever wanted it.
  package var takesWrites: Bool { isWritten.withLock { $0 } }

  // MARK: News for the dispatcher

  /// Says whenever mail may have become due, by what this process did; the latest word is kept for who is busy. Ends
  /// with the task that reads it.
  package func changes() -> AsyncStream<Void> {
    let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let id = UUID()
    listeners.withLock { $0[id] = continuation }
    continuation.onTermination = { [weak self] _ in _ = self?.listeners.withLock { $0.removeValue(forKey: id) } }
    return stream
  }

  func announceChange() { whenDurable { [self] in announce() } }

  private func announce() { listeners.withLock { for listener in $0.values { listener.yield() } } }
}

/// The raw messages (`messages`) or the files (`files`) of a store.
func filesByDigest(_ name: String, in folder: URL) -> FilesByDigest {
  FilesByDigest(folder: folder.appending(path: name), suffix: name == "messages" ? ".eml" : "")
}

/// Runs work that may block. Of the global queues' threads there are as many as cores, and Swift's tasks run on them; a
/// serial queue has one besides.
func onThreadOfItsOwn(_ group: DispatchGroup? = nil, _ work: @escaping @Sendable () -> Void) {
  DispatchQueue(label: "postplein-store").async(group: group, execute: work)
}

/// Runs blocking work on a thread that may block.
func offPool<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws(StoreError) -> T {
  if let unit = UnitOfWork.current, unit.isHere {
    do { return try work() } catch { throw StoreError(error) }
  }
  let result: Result<T, StoreError> = await withCheckedContinuation { continuation in
    onThreadOfItsOwn { continuation.resume(returning: Result { try work() }.mapError(StoreError.init)) }
  }
  return try result.get()
}
