import Foundation
import Glibc

/// Tells systemd how the program fares, by the protocol of sd_notify(3): lines in a datagram to the socket that
/// `NOTIFY_SOCKET` names.
struct SystemdNotifier: Sendable {
  private let address: sockaddr_un
  private let length: socklen_t
  /// How often systemd wants to hear that the program is alive: half of `WATCHDOG_USEC`, as sd_watchdog_enabled(3)
  /// advises; nil where it does not ask.
  let watchdogInterval: Duration?

  /// Nil where nobody listens, or the environment names no socket that there can be.
  init?(environment: [String: String] = ProcessInfo.processInfo.environment, processID: Int32 = getpid()) {
    guard let path = environment["NOTIFY_SOCKET"], path.hasPrefix("/") || path.hasPrefix("@") else { return nil }
    var octets = Array(path.utf8)
    var address = sockaddr_un()
    guard octets.count > 1, octets.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    // A name that begins with NUL has no place in the file system (unix(7)).
    if path.hasPrefix("@") { octets[0] = 0 }
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: octets) }
    self.address = address
    length = socklen_t((MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2) + octets.count)
    let isForUs = environment["WATCHDOG_PID"].map { $0 == "\(processID)" } ?? true
    watchdogInterval =
      if isForUs, let text = environment["WATCHDOG_USEC"], let microseconds = Int64(text), microseconds > 1 {
        .microseconds(microseconds / 2)
      } else { nil }
  }

  /// Says one or more `NAME=value`; never waits.
  ///
  /// - Returns: whether it was taken.
  @discardableResult
  func say(_ states: String...) -> Bool {
    let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    let octets = Array(states.joined(separator: "\n").utf8)
    let sent = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        sendto(descriptor, octets, octets.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL), $0, length)
      }
    }
    return sent == octets.count
  }
}
