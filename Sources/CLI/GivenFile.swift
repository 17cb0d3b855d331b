import Foundation

/// A file that an operator names, and why it cannot be read.
enum GivenFile {
  struct Failure: Error {
    /// The system's number (errno(3)).
    let code: Int32
    var reason: String { String(cString: strerror(code)) }
  }

  /// - Parameter most: octets that are read of it.
  static func read(_ path: String, upTo most: Int) throws(Failure) -> Data {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(code: errno) }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    var status = stat()
    // It can be opened, and what Foundation says of reading it is no sentence.
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { throw Failure(code: EISDIR) }
    do { return try handle.read(upToCount: most) ?? Data() } catch { throw Failure(code: EIO) }
  }

  /// For commands that cannot go on without it.
  static func require(_ path: String, upTo most: Int) throws(CommandFailure) -> Data {
    do { return try read(path, upTo: most) } catch {
      throw CommandFailure(Exit.inputOutput, "\(path) cannot be read: \(error.reason)")
    }
  }
}
