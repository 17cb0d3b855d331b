import Foundation
import Synchronization
import Transport

/// Wakes a thread that waits in `poll(2)` from any other thread (the self-pipe way).
final class WakePipe: Sendable {
  private let readEnd: Int32
  private let writeEnd: Int32
  private let closed = Mutex(false)

  init() throws(TransportError) {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else {
      throw TransportError(.network, "no pipe: \(String(cString: strerror(errno)))")
    }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    readEnd = ends[0]
    writeEnd = ends[1]
  }

  deinit {
    Foundation.close(readEnd)
    Foundation.close(writeEnd)
  }

  /// Whether `close()` was called: the session is to end.
  var isClosed: Bool { closed.withLock { $0 } }

  /// Wakes the waiter, or the next one. A full pipe is as good as one byte.
  func signal() {
    var byte: UInt8 = 1
    _ = write(writeEnd, &byte, 1)
  }

  func close() {
    closed.withLock { $0 = true }
    signal()
  }

  /// Forgets what was signalled before.
  func drain() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(readEnd, &bytes, bytes.count) > 0 {}
  }

  enum Event: Equatable { case woken, readable, elapsed }

  /// Blocks until signalled, until `descriptor` is readable or failed, or until `duration` elapsed.
  func wait(for duration: Duration, reading descriptor: Int32 = -1) -> Event {
    let deadline = ContinuousClock.now + duration
    while true {
      // poll(2) ignores a negative descriptor.
      var polled = [
        pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0),
        pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
      ]
      let count = poll(&polled, 2, (deadline - .now).pollMilliseconds)
      if count < 0 && errno == EINTR { continue }
      if polled[0].revents != 0 { return .woken }
      if polled[1].revents != 0 { return .readable }
      if deadline <= .now || count < 0 { return .elapsed }
    }
  }
}
