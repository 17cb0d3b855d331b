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
  /// A file that is missing in the store or damaged there is told of and left out: all else is needed the more.
  ///
  /// - Parameter folder: what will be a store's folder itself.
  package func backup(to folder: URL) async throws(StoreError) -> BackupReport {
    try await offPool { [self] in
      try Store.makeFolder(folder)
      // No file may be given up between the two steps.
      let guarding = try UpkeepLock(self.folder)
      return try withExtendedLifetime(guarding) {
        let copy = folder.appending(path: "postplein.sqlite.new")
        try? FileManager.default.removeItem(at: copy)
        let wanted = try copyDatabase(to: copy)
        var report = BackupReport()
        for (folderName, digests) in wanted {
          let (source, target) = (filesByDigest(folderName, in: self.folder), filesByDigest(folderName, in: folder))
          try target.makeFolder()
          for digest in digests {
            if target.isThere(digest) {
              report.kept += 1
            } else {
              guard let data = try source.soundContent(digest) else {
                report.lacking.append("\(folderName)/\(digest)")
                continue
              }
              _ = try target.keep(data)
              report.copied += 1
              report.octets += data.count
            }
          }
        }
        try replace(folder.appending(path: "postplein.sqlite"), by: copy)
        for (folderName, digests) in wanted {
          report.removed += try filesByDigest(folderName, in: folder).removeAll(but: Set(digests))
        }
        return report
      }
    }
  }

  /// - Returns: the digests that the copy names, by folder.
  private func copyDatabase(to file: URL) throws -> [(String, [String])] {
    try Self.makePrivate(file)
    let copy = try DatabaseQueue(path: file.path)
    try pool.backup(to: copy)
    // One file by itself: the copy has no companions.
    try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
    let wanted = try copy.read(FileNames.init)
    try copy.close()
    try FilesByDigest.syncFile(file.path)
    return [("messages", wanted.messages), ("files", wanted.files)]
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
  ///   - mayLack: whether files may be missing or damaged in the backup, as they were in the store when it was made.
  /// - Throws: `.damaged` where the backup itself is not sound, `.unavailable` while a gateway serves the school.
  package static func restore(
    _ backup: URL, to folder: URL, rereads: Bool, mayLack: Bool = false, at now: Date
  ) async throws(StoreError) -> RestoreReport {
    let kept = try await Store.open(folder: backup, access: .readOnly)
    let verification = try await kept.verification()
    let faults = verification.faults.filter { $0.kind.isDamage && !(mayLack && $0.kind.isOfFile) }
    guard faults.isEmpty else {
      throw StoreError(.damaged, "The backup has \(faults.count) faults: store verify tells which")
    }
    let isThere = FileManager.default.fileExists(atPath: folder.path)
    // No gateway works on it until the new one has its name.
    let lock = isThere ? try await offPool { try FolderLock(folder) } : nil
    let new = folder.deletingLastPathComponent().appending(path: ".\(folder.lastPathComponent).restoring")
    try await offPool { try? FileManager.default.removeItem(at: new) }
    _ = try await kept.backup(to: new)
    // Nobody else knows the folder; and a lock would be held until the last that holds the store lets go of it.
    let store = try await Store.open(folder: new, access: .shared)
    try await store.skipIDs()
    var report = RestoreReport()
    if isThere { report.later = try await store.carryOver(from: folder, rereads: rereads, at: now) }
    let aside = folder.deletingLastPathComponent().appending(
      path: "\(folder.lastPathComponent).before-\(now.milliseconds)")
    try await offPool {
      try store.pool.close()
      store.lock?.release()
      try withExtendedLifetime(lock) {
        if isThere, rename(folder.path, aside.path) != 0 { throw FilesByDigest.failure("rename") }
        guard rename(new.path, folder.path) == 0 else { throw FilesByDigest.failure("rename") }
        try FilesByDigest.sync(folder.deletingLastPathComponent().path)
      }
    }
    if isThere { report.before = aside }
    return report
  }

  /// Mail that was sent after the backup carries keys and Message-IDs made of ids that this store does not know: no new
  /// row may take one of them.
  private func skipIDs() async throws(StoreError) {
    try await write { try $0.execute(sql: "UPDATE sqlite_sequence SET seq = seq + ?", arguments: [Self.skippedIDs]) }
  }

  /// More rows than a school makes between two backups.
  static let skippedIDs = 1_000_000

  private func carryOver(from old: URL, rereads: Bool, at now: Date) async throws(StoreError) -> Int {
    let source = filesByDigest("messages", in: old)
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

  deinit { close(descriptor) }
}
