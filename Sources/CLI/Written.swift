import Foundation
import Glibc
import Store

/// What commands write for who gave them: to a file, or to wherever else a path leads.
enum Written {
  /// In the place of a file's name: standard output, on which nothing else is printed then.
  static let standardOutput = "-"

  /// Readable by its owner only: it names parents. A regular file is replaced whole; a device, a pipe and what a link
  /// leads to are written through, and stay what they are.
  static func write(_ data: Data, to path: String) throws {
    guard path != standardOutput else { return Output.raw(data) }
    // From its first octet on.
    let before = umask(0o077)
    defer { umask(before) }
    do {
      var status = stat()
      guard lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG else {
        try data.write(to: URL(filePath: path), options: .atomic)
        return try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
      }
      try writeThrough(data, to: path)
    } catch { throw CommandFailure(Exit.inputOutput, "\(path) cannot be written: \(error.systemWords)") }
  }

  private static func writeThrough(_ data: Data, to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0o600)
    guard descriptor >= 0 else { throw POSIXError.last }
    defer { close(descriptor) }
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG {
      guard fchmod(descriptor, 0o600) == 0 else { throw POSIXError.last }
    }
    try put(data, on: descriptor)
  }

  /// All of it, also where the other side takes it by and by.
  static func put(_ data: Data, on descriptor: Int32) throws {
    try data.withUnsafeBytes { octets in
      var rest = octets[...]
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count >= 0 {
          rest = rest.dropFirst(count)
        } else if errno == EAGAIN {
          var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
          poll(&waiting, 1, -1)
        } else if errno != EINTR {
          throw POSIXError.last
        }
      }
    }
  }
}

extension POSIXError {
  /// Of the call that failed just now.
  static var last: POSIXError { POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
}
