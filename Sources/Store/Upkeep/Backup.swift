import CGlibc
import Foundation
import GRDB

/// What a backup copied.
package struct BackupReport: Sendable, Hashable {
  /// Files that the backup did not have already.
  package var copied = 0
  package var kept = 0
  package var octets = 0
  /// Files of the backup that was there before and that no row names any more: what was erased or expired.
  package var removed = 0
  /// Files that the store's rows name and that the backup lacks: missing or damaged in the store itself.
  package var lacking: [String] = []
  /// Rows that are damaged in the store, and so in the backup.
  package var faults: [StoreFault] = []
}

/// What a restore found beside the backup.
package struct RestoreReport: Sendable, Hashable {
  /// Where the store lies that was there before; nil where there was none.
  package var before: URL?
  /// Messages that came in after the backup was made: the store has them, left to a person or to be read again.
  package var later = 0
}

extension Store {
  /// Copies the store as it is at one moment into a folder, while the gateway works on. The same folder may be given
  /// again: only what is new is copied, and what the store gave up goes from there too. Until its database is in its
  /// place the backup is the one that was there before.
  ///
  /// A file that is missing in the store or damaged there is told of and left out: all else is needed the more. Damaged
  /// rows are told of, and never take the place of a backup that stands there.
  ///
  /// - Parameter folder: what will be a store's folder itself.
  /// - Throws: `.corrupt`, or `.damaged` where rows are and a backup stands there: it is left as it was.
  package func backup(to folder: URL) async throws(StoreError) -> BackupReport {
    try await offPool { [self] in
      try Store.makeFolder(folder)
      // No file may be given up between the two steps.
      let guarding = try UpkeepLock(self.folder)
      return try withExtendedLifetime(guarding) {
        let place = folder.appending(path: "postplein.sqlite")
        let copy = folder.appending(path: "postplein.sqlite.new")
        try? FileManager.default.removeItem(at: copy)
        defer { unlink(copy.path) }
        let (wanted, faults) = try copyDatabase(to: copy)
        if !faults.isEmpty, FileManager.default.fileExists(atPath: place.path) {
          throw StoreError(
            .damaged,
            "\(faults.count) faults, which store verify tells: the backup is left as it was, and a new "
              + "folder takes a copy all the same")
        }
        var report = BackupReport(faults: faults)
        for (folderName, digests) in wanted.byFolder {
          let (source, target) = (filesByDigest(folderName, in: self.folder), filesByDigest(folderName, in: folder))
          try target.makeFolder()
          for digest in digests {
            if target.isThere(digest), target.size(digest) == source.size(digest) {
              report.kept += 1
            } else {
              if let data = try source.soundContent(digest) {
                _ = try target.keep(data)
                report.copied += 1
                report.octets += data.count
              } else if try target.soundContent(digest) != nil {
                // The only one there is.
                report.kept += 1
              } else {
                report.lacking.append("\(folderName)/\(digest)")
              }
            }
          }
        }
        try replace(place, by: copy)
        for (folderName, digests) in wanted.byFolder {
          report.removed += try filesByDigest(folderName, in: folder).removeAll(but: Set(digests))
        }
        return report
      }
    }
  }

  /// - Returns: the files that the copy names, and what is damaged in it.
  private func copyDatabase(to file: URL) throws -> (FileNames, [StoreFault]) {
    try Self.makePrivate(file)
    let copy = try DatabaseQueue(path: file.path)
    try pool.backup(to: copy)
    // One file by itself: the copy has no companions.
    try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
    let found = try copy.read { database in
      // Pages are copied as they are: damage would come along, and nothing would say so until the backup is needed.
      let faults = try RowReading(database).faults
      guard !faults.contains(where: { $0.kind == .damagedDatabase }) else {
        throw StoreError(.corrupt, "The database is damaged, and not copied: an earlier backup is left as it was")
      }
      return (try FileNames(database), faults)
    }
    try copy.close()
    try FilesByDigest.syncFile(file.path)
    return found
  }

  private func replace(_ file: URL, by copy: URL) throws {
    for suffix in ["-wal", "-shm"] { unlink(file.path + suffix) }
    guard rename(copy.path, file.path) == 0 else { throw FilesByDigest.failure("rename") }
    try FilesByDigest.sync(file.deletingLastPathComponent().path)
  }

  /// Puts a backup in the place of a store, which is set aside and kept. Messages that came in after the backup lie in
  /// the old store's folder still, whatever is damaged there: they are carried over.
  ///
  /// - Parameters:
  ///   - rereads: whether those are handled again, which sends a second time what they caused; else they are left to a
  ///     person.
  ///   - mayLack: whether single files and rows may be missing or damaged in the backup, as they were in the store when
  ///     it was made.
  /// - Throws: `.damaged` where the backup itself is not sound, `.unavailable` while a gateway serves the school.
  package static func restore(
    _ backup: URL, to folder: URL, rereads: Bool, mayLack: Bool = false, at now: Date
  ) async throws(StoreError) -> RestoreReport {
    guard try isThere(in: backup) else {
      throw StoreError(.unavailable, "There is no store in \(backup.path)")
    }
    let isThere = FileManager.default.fileExists(atPath: folder.path)
    // No gateway works on it until the new one has its name.
    let lock = isThere ? try await offPool { try FolderLock(folder) } : nil
    let new = folder.deletingLastPathComponent().appending(path: ".\(folder.lastPathComponent).restoring")
    try await offPool { try? FileManager.default.removeItem(at: new) }
    do throws(StoreError) {
      var report = RestoreReport()
      // The backup may lie where nobody can write, and be from an older version: all else is done to the copy.
      try await offPool { try copy(backup, to: new) }
      // Nobody else knows the folder; and a lock would be held until the last that holds the store lets go of it.
      let store = try await Store.open(folder: new, access: .shared, makes: false, migrates: true)
      let faults = try await store.verification().faults.filter { $0.kind.isDamage && !(mayLack && $0.kind.isOfOne) }
      guard faults.isEmpty else {
        throw StoreError(.damaged, "The backup has \(faults.count) faults: store verify tells which")
      }
      try await store.skipIDs(of: folder)
      if isThere { report.later = try await store.carryOver(from: folder, rereads: rereads, at: now) }
      let aside = folder.deletingLastPathComponent().appending(
        path: "\(folder.lastPathComponent).before-\(now.milliseconds)")
      try await offPool {
        try store.pool.close()
        store.lock?.release()
        try withExtendedLifetime(lock) { try put(new, in: folder, aside: isThere ? aside : nil) }
      }
      if isThere { report.before = aside }
      return report
    } catch {
      // It is as large as the store, and the disk may be full.
      try? await offPool { try FileManager.default.removeItem(at: new) }
      throw error
    }
  }

  /// The stores beside one that restores set aside: they are kept until somebody takes them away.
  package static func keptByRestore(beside folder: URL) -> [URL] {
    let parent = folder.deletingLastPathComponent()
    let names = (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? []
    return names.filter { $0.hasPrefix("\(folder.lastPathComponent).before-") }.sorted().map {
      parent.appending(path: $0, directoryHint: .isDirectory)
    }
  }

  private static func copy(_ backup: URL, to new: URL) throws {
    try makeFolder(new)
    let (database, manager) = ("postplein.sqlite", FileManager.default)
    if manager.fileExists(atPath: backup.appending(path: "\(database)-wal").path) {
      // Somebody may be writing in it.
      var configuration = Configuration()
      configuration.readonly = true
      try makePrivate(new.appending(path: database))
      try DatabaseQueue(path: backup.appending(path: database).path, configuration: configuration)
        .backup(to: DatabaseQueue(path: new.appending(path: database).path))
    } else {
      try manager.copyItem(at: backup.appending(path: database), to: new.appending(path: database))
    }
    for name in ["messages", "files"] where manager.fileExists(atPath: backup.appending(path: name).path) {
      try manager.copyItem(at: backup.appending(path: name), to: new.appending(path: name))
    }
    // Whoever kept the backup may have made it read-only.
    for case let name as String in manager.enumerator(atPath: new.path) ?? FileManager.DirectoryEnumerator() {
      let path = new.appending(path: name).path
      var status = stat()
      guard stat(path, &status) == 0 else { continue }
      chmod(path, status.st_mode & S_IFMT == S_IFDIR ? 0o700 : 0o600)
    }
    // A file each would take as long as the disk needs for as many writes.
    guard postplein_sync_filesystem(new.path) == 0 else { throw FilesByDigest.failure("syncfs") }
  }

  /// In one step where there is a store: whenever the program dies, one of the two has the name, and the other is kept.
  private static func put(_ new: URL, in folder: URL, aside: URL?) throws {
    let parent = folder.deletingLastPathComponent().path
    guard let aside else {
      guard rename(new.path, folder.path) == 0 else { throw FilesByDigest.failure("rename") }
      return try FilesByDigest.sync(parent)
    }
    guard rename(new.path, aside.path) == 0 else { throw FilesByDigest.failure("rename") }
    try FilesByDigest.sync(parent)
    guard postplein_exchange(aside.path, folder.path) == 0 else {
      let (error, isUnknown) = (FilesByDigest.failure("exchange"), errno == EINVAL || errno == ENOSYS)
      rename(aside.path, new.path)
      // A file system that cannot do it, NFS say: then in two steps, and a gateway finds no store in between.
      guard isUnknown, rename(folder.path, aside.path) == 0, rename(new.path, folder.path) == 0 else { throw error }
      return try FilesByDigest.sync(parent)
    }
    try FilesByDigest.sync(parent)
  }

  /// Mail that was sent after the backup carries keys and Message-IDs made of ids that this store does not know: no new
  /// row may take one of them, also in a table that was empty, of which SQLite has no count yet.
  ///
  /// - Parameter old: the store that was there, which may come from an earlier restore.
  private func skipIDs(of old: URL) async throws(StoreError) {
    let last = try await offPool { Self.lastIDs(in: old) }
    try await write { database in
      let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"
      for table in try String.fetchAll(database, sql: tables) {
        let own = try Int64.fetchOne(database, sql: Self.lastID, arguments: [table]) ?? 0
        try database.execute(sql: "DELETE FROM sqlite_sequence WHERE name = ?", arguments: [table])
        try database.execute(
          sql: "INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)",
          arguments: [table, max(own, last[table] ?? 0) + Self.skippedIDs])
      }
    }
  }

  private static let lastID = "SELECT seq FROM sqlite_sequence WHERE name = ?"

  /// By table; nothing where the store is too damaged to tell.
  private static func lastIDs(in folder: URL) -> [String: Int64] {
    let file = folder.appending(path: "postplein.sqlite").path
    guard FileManager.default.fileExists(atPath: file) else { return [:] }
    let rows = try? DatabaseQueue(path: file).read {
      try Row.fetchAll($0, sql: "SELECT name, seq FROM sqlite_sequence")
    }
    return (rows ?? []).reduce(into: [:]) { $0[$1["name"]] = $1["seq"] }
  }

  /// More rows than a school makes between two backups.
  static let skippedIDs: Int64 = 1_000_000

  private func carryOver(from old: URL, rereads: Bool, at now: Date) async throws(StoreError) -> Int {
    let source = filesByDigest("messages", in: old)
    // A folder may be there for a store that never was.
    guard FileManager.default.fileExists(atPath: source.folder.path) else { return 0 }
    let found = try await offPool { try source.inventory() }
    var later = 0
    for case .content(let digest) in found.map(\.kind) {
      if try await knows(digest) { continue }
      // What is damaged stays where it is.
      guard let raw = try? await offPool({ try source.content(digest) }) else { continue }
      let record = try await record(raw, from: nil, at: now)
      if !rereads { try await setAside(record.id, reason: "it came in after the backup was made", at: now) }
      later += 1
    }
    return later
  }

  private func knows(_ digest: String) async throws(StoreError) -> Bool {
    try await read {
      try Bool.fetchOne($0, sql: "SELECT EXISTS (SELECT 1 FROM inbound WHERE digest = ?)", arguments: [digest]) ?? false
    }
  }
}

/// The files that rows name: what is not among them is given up by an expiry, and left out of a backup.
struct FileNames {
  let messages: [String]
  let files: [String]

  /// Files that were made for a mail.
  static let ofDeliveries = """
    SELECT json_extract(facts, '$.file.digest') FROM delivery
    WHERE facts LIKE '%"file":{%' AND json_valid(facts) AND json_extract(facts, '$.file.digest') IS NOT NULL
    """

  init(_ database: Database) throws {
    let raw = "SELECT digest FROM inbound WHERE digest NOT LIKE 'unread %' AND raw_expired_at IS NULL ORDER BY id"
    messages = try String.fetchAll(database, sql: raw)
    let sql = """
      SELECT json_extract(file.value, '$.digest') FROM entry, json_each(entry.files) AS file
      WHERE entry.files <> '[]' AND json_valid(entry.files)
      UNION SELECT json_extract(file, '$.digest') FROM document_version WHERE json_valid(file)
      UNION SELECT json_extract(screen, '$.digest') FROM photo WHERE json_valid(screen)
      UNION SELECT json_extract(thumbnail, '$.digest') FROM photo WHERE json_valid(thumbnail)
      UNION \(Self.ofDeliveries) ORDER BY 1
      """
    files = try String.fetchAll(database, sql: sql)
  }

  var byFolder: [(String, [String])] { [("messages", messages), ("files", files)] }

  /// `messages/DIGEST` and `files/DIGEST`.
  var paths: Set<String> { Set(messages.map { "messages/\($0)" } + files.map { "files/\($0)" }) }
}

/// Held by whoever copies or gives up files: one at a time, beside a running gateway, which does neither.
final class UpkeepLock: Sendable {
  private let descriptor: Int32

  init(_ folder: URL) throws {
    descriptor = open(folder.appending(path: "upkeep.lock").path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FilesByDigest.failure("open upkeep.lock") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw StoreError(.busy, "Another backup, expiry or erasure of \(folder.path) is at work")
    }
  }

  /// Let go of by name: a child of this process that has not called exec yet holds the descriptor too.
  deinit {
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }
}
