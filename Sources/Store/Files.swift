import Crypto
import Foundation
import Glibc
import Mail
import Synchronization

/// Files named by the SHA-256 of what is in them, in folders of their first two digits. A file that is there is whole:
/// it is written under another name, fsynced, renamed, and its folder fsynced.
struct FilesByDigest: Sendable {
  let folder: URL
  let suffix: String

  /// Files that are written beside each other. They wait for the disk, which makes several durable in the time of one.
  static let mostAtOnce = 8

  func makeFolder() throws { try Store.makeFolder(folder) }

  static func digest(_ data: Data) -> String {
    SHA256.hash(data: data).hexadecimal
  }

  func url(_ digest: String) -> URL {
    folder.appending(path: String(digest.prefix(2))).appending(path: digest + suffix)
  }

  /// The same of several, beside each other: what they wait for is the disk.
  func keepAll(_ all: [Data]) throws -> [String] {
    let results = Mutex([Result<String, any Error>?](repeating: nil, count: all.count))
    let next = Atomic(0)
    let work: @Sendable () -> Void = {
      while case let place = next.add(1, ordering: .relaxed).oldValue, place < all.count {
        let result = Result { try keep(all[place]) }
        results.withLock { $0[place] = result }
      }
    }
    let others = DispatchGroup()
    for _ in 1..<max(1, min(Self.mostAtOnce, all.count)) { onThreadOfItsOwn(others, work) }
    work()
    others.wait()
    return try results.withLock { $0 }.compactMap { try $0?.get() }
  }

  /// Durable when it returns. The same data again is compared, and written anew where it is damaged.
  func keep(_ data: Data) throws -> String {
    let digest = Self.digest(data)
    try keep(data, as: digest)
    return digest
  }

  /// The same where its digest is known.
  func keep(_ data: Data, as digest: String) throws {
    let parent = "\(folder.path)/\(digest.prefix(2))"
    let target = "\(parent)/\(digest)\(suffix)"
    var status = stat()
    if stat(target, &status) == 0, FileManager.default.contents(atPath: target) == data {
      // Not to be given up now for want of a row, which comes next.
      guard utimes(target, nil) == 0 else { throw Self.failure("utimes") }
      // Whoever wrote it may have been killed before this.
      return try Self.sync(parent)
    }
    if stat(parent, &status) != 0 {
      try Store.makeFolder(URL(filePath: parent, directoryHint: .isDirectory))
      try Self.sync(folder.path)
    }
    let temporary = "\(parent)/.\(UUID().uuidString)"
    do {
      try Self.write(data, to: temporary)
      guard rename(temporary, target) == 0 else { throw Self.failure("rename") }
    } catch {
      unlink(temporary)
      throw error
    }
    try Self.sync(parent)
  }

  /// - Throws: `.notFound`, or `.damaged` where the content is not what the name says.
  func content(_ digest: String) throws -> Data {
    let file = url(digest)
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw StoreError(.notFound, "The file \(digest.prefix(12)) of the store is not there")
    }
    guard let data = FileManager.default.contents(atPath: file.path) else {
      throw StoreError(.io, "The file \(digest.prefix(12)) of the store cannot be read now")
    }
    guard Self.digest(data) == digest else {
      throw StoreError(.damaged, "The file \(digest.prefix(12)) of the store is not what was written")
    }
    return data
  }

  /// Nil where it is not there, or not what was written.
  func soundContent(_ digest: String) throws -> Data? {
    do { return try content(digest) } catch let error as StoreError {
      if error.kind == .notFound || error.kind == .damaged { return nil }
      throw error
    }
  }

  /// All that lies in the folder.
  func inventory() throws -> [FoundFile] {
    try Self.names(in: folder).flatMap { parent in
      let path = "\(folder.lastPathComponent)/\(parent)"
      var status = stat()
      let isFolder = stat(folder.appending(path: parent).path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      guard isFolder else { return [FoundFile(path: path, kind: .unknown)] }
      return try Self.names(in: folder.appending(path: parent)).map {
        FoundFile(path: "\(path)/\($0)", kind: kind(of: $0, in: parent))
      }
    }
  }

  private func kind(of name: String, in parent: String) -> FoundFile.Kind {
    if name.hasPrefix(".") { return .leftover }
    let digest = String(name.dropLast(suffix.count))
    let isOurs =
      digest.utf8.count == 64 && name == digest + suffix && parent == digest.prefix(2)
      && digest.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    return isOurs ? .content(digest: digest) : .unknown
  }

  /// In order; without what a file system of its own has in its root.
  static func names(in folder: URL) throws -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0 != "lost+found" }.sorted()
    } catch { throw StoreError(.io, "The folder \(folder.lastPathComponent) of the store cannot be read") }
  }

  /// In octets; nil where it is gone.
  func size(_ digest: String) -> Int? {
    try? FileManager.default.attributesOfItem(atPath: url(digest).path)[.size] as? Int
  }

  func isThere(_ digest: String) -> Bool { FileManager.default.fileExists(atPath: url(digest).path) }

  /// False also for what is gone.
  func isOlder(_ digest: String, than limit: Date) -> Bool { Self.isOlder(url(digest).path, than: limit) }

  static func isOlder(_ path: String, than limit: Date) -> Bool {
    let made = try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
    return made.map { $0 <= limit } ?? false
  }

  /// Does nothing where it is gone.
  func remove(_ digest: String) throws {
    guard unlink(url(digest).path) == 0 || errno == ENOENT else { throw Self.failure("unlink") }
  }

  /// - Returns: how many went.
  func removeAll(but wanted: Set<String>) throws -> Int {
    var removed = 0
    for case .content(let digest) in try inventory().map(\.kind) where !wanted.contains(digest) {
      try remove(digest)
      removed += 1
    }
    return removed
  }

  private static func write(_ data: Data, to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("open") }
    defer { close(descriptor) }
    try data.withUnsafeBytes { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { throw failure("write") }
        rest = rest.dropFirst(count)
      }
    }
    guard fsync(descriptor) == 0 else { throw failure("fsync") }
  }

  static func syncFile(_ path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("fsync") }
  }

  static func sync(_ folder: String) throws {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw failure("fsync") }
  }

  /// Of the call that failed just now.
  static func failure(_ call: String) -> StoreError {
    let code = errno
    return StoreError(code == ENOSPC || code == EDQUOT ? .diskFull : .io, "\(call): \(String(cString: strerror(code)))")
  }
}

/// What lies in a folder of files by digest.
struct FoundFile {
  enum Kind {
    case content(digest: String)
    /// What a crash left.
    case leftover
    /// What somebody else put there, or laid in a wrong place.
    case unknown
  }

  /// From the store's folder.
  let path: String
  let kind: Kind
}

extension Slice where Base == UnsafeRawBufferPointer {
  fileprivate var baseAddress: UnsafeRawPointer? { UnsafeRawBufferPointer(rebasing: self).baseAddress }
}

/// Holds a folder for one process, by flock(2): the kernel lets go when the process ends, whatever it died of.
final class FolderLock: Sendable {
  static let fileName = "postplein.lock"

  private let descriptor: Int32

  init(_ folder: URL) throws {
    descriptor = open(folder.appending(path: Self.fileName).path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw StoreError(.unavailable, "The folder \(folder.path) cannot be written: \(String(cString: strerror(errno)))")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw StoreError(.unavailable, "Another gateway serves \(folder.path)")
    }
  }

  deinit { close(descriptor) }

  /// Lets go at once, whoever else still holds this object.
  func release() { flock(descriptor, LOCK_UN) }
}
