import Foundation
import Transport

/// A connected TCP socket before TLS. Made here rather than by libetpan so that nothing of a server that is not
/// verified yet reaches libetpan's parsers, and so that the several addresses of a host share one time limit.
struct TCPSocket: ~Copyable {
  private var descriptor: Int32
  private let deadline: ContinuousClock.Instant

  /// The longest line, and the most lines, that a server may send before TLS.
  static let maximumLine = 2048
  static let maximumLines = 20

  /// Tries each address of the host in turn. The descriptor is in blocking mode, as libetpan wants it.
  init(host: String, port: Int, timeout: Duration) throws(TransportError) {
    deadline = .now + timeout
    descriptor = -1
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, String(port), &hints, &found)
    guard status == 0 else { throw TransportError(.network, "\(host): \(String(cString: gai_strerror(status)))") }
    defer { freeaddrinfo(found) }
    let addresses = Array(sequence(first: found, next: { $0?.pointee.ai_next }).prefix { $0 != nil }.compactMap { $0 })
    var failure = EHOSTUNREACH
    for (index, address) in addresses.enumerated() {
      let share = (deadline - .now) / (addresses.count - index)
      do throws(Failure) {
        descriptor = try Self.connect(to: address.pointee, within: share)
        return
      } catch { failure = error.code }
    }
    if failure == ETIMEDOUT { throw TransportError(.timeout, "\(host):\(port) does not answer") }
    throw TransportError(.network, "\(host):\(port): \(String(cString: strerror(failure)))")
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Hands the descriptor over; the caller closes it.
  mutating func release() -> Int32 {
    defer { descriptor = -1 }
    return descriptor
  }

  /// The exchange of RFC 3501, section 6.2.1, up to where the TLS handshake begins. What the server says in clear text
  /// is not believed: only that it agrees, and that nothing follows (the injection of CVE-2020-15953).
  func startTLS() throws(TransportError) {
    var reader = LineReader()
    let greeting = try line(&reader)
    guard greeting.hasPrefix("* OK") else {
      if greeting.hasPrefix("* BYE") { throw TransportError(.network, "the server turned the connection away") }
      throw TransportError(.tls, "the greeting does not allow STARTTLS")
    }
    try send("a1 STARTTLS\r\n")
    for _ in 0..<Self.maximumLines {
      let answer = try line(&reader)
      guard answer.hasPrefix("a1 ") else { continue }
      guard answer.uppercased().hasPrefix("A1 OK") else {
        throw TransportError(.tls, "the server offers no STARTTLS")
      }
      guard reader.isEmpty else { throw TransportError(.tls, "the server sent data before the TLS handshake") }
      return
    }
    throw TransportError(.tls, "the server did not answer STARTTLS")
  }

  private func line(_ reader: inout LineReader) throws(TransportError) -> String {
    while true {
      if let line = reader.next() { return line }
      guard reader.count <= Self.maximumLine else { throw TransportError(.tls, "an endless line before TLS") }
      try wait(for: POLLIN)
      var chunk = [UInt8](repeating: 0, count: 512)
      let count = recv(descriptor, &chunk, chunk.count, 0)
      guard count > 0 else { throw TransportError(.network, "the connection ended before TLS") }
      reader.append(chunk[..<count])
    }
  }

  private func send(_ text: String) throws(TransportError) {
    try wait(for: POLLOUT)
    let bytes = Array(text.utf8)
    guard Foundation.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      throw TransportError(.network, "the connection ended before TLS")
    }
  }

  private func wait(for events: Int32) throws(TransportError) {
    guard Self.poll(descriptor, events, until: deadline) else {
      throw TransportError(.timeout, "the server is silent before TLS")
    }
  }

  /// libetpan waits by select(2), and glibc ends a program that gives it a descriptor past 1,023: many schools in one
  /// process may have so many. Some are left for the pipe that libetpan opens beside the socket.
  private static let selectable: Int32 = 1_000

  /// An `errno` value.
  private struct Failure: Error { let code: Int32 }

  private static func connect(to address: addrinfo, within share: Duration) throws(Failure) -> Int32 {
    let flags = address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(address.ai_family, flags, address.ai_protocol)
    guard descriptor >= 0 else { throw Failure(code: errno) }
    guard descriptor < selectable else {
      close(descriptor)
      throw Failure(code: EMFILE)
    }
    do throws(Failure) {
      if Foundation.connect(descriptor, address.ai_addr, address.ai_addrlen) != 0 {
        guard errno == EINPROGRESS else { throw Failure(code: errno) }
        guard poll(descriptor, POLLOUT, until: .now + share) else { throw Failure(code: ETIMEDOUT) }
        let code = option(descriptor, SOL_SOCKET, SO_ERROR)
        guard code == 0 else { throw Failure(code: code) }
      }
      guard fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK) == 0 else {
        throw Failure(code: errno)
      }
    } catch {
      close(descriptor)
      throw error
    }
    keepAlive(descriptor)
    return descriptor
  }

  /// IDLE is silent for minutes: probes notice a peer that vanished (tcp(7)), after about four minutes.
  private static func keepAlive(_ descriptor: Int32) {
    let options = [
      (SOL_SOCKET, SO_KEEPALIVE, 1), (Int32(IPPROTO_TCP), TCP_KEEPIDLE, 120),
      (Int32(IPPROTO_TCP), TCP_KEEPINTVL, 30), (Int32(IPPROTO_TCP), TCP_KEEPCNT, 4),
      (Int32(IPPROTO_TCP), TCP_NODELAY, 1),
    ]
    for (level, name, number) in options {
      var value = Int32(number)
      setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<Int32>.size))
    }
  }

  private static func option(_ descriptor: Int32, _ level: Int32, _ name: Int32) -> Int32 {
    var value: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    return getsockopt(descriptor, level, name, &value, &size) == 0 ? value : errno
  }

  private static func poll(_ descriptor: Int32, _ events: Int32, until deadline: ContinuousClock.Instant) -> Bool {
    while true {
      var polled = pollfd(fd: descriptor, events: Int16(events), revents: 0)
      let count = Foundation.poll(&polled, 1, (deadline - .now).pollMilliseconds)
      if count > 0 { return true }
      if !(count < 0 && errno == EINTR) && (count < 0 || deadline <= .now) { return false }
    }
  }
}

/// Splits what arrives into lines.
struct LineReader {
  private var bytes: [UInt8] = []

  var isEmpty: Bool { bytes.isEmpty }
  var count: Int { bytes.count }

  mutating func append(_ chunk: ArraySlice<UInt8>) { bytes += chunk }

  /// The next whole line without its end; nil until there is one.
  mutating func next() -> String? {
    guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    var line = bytes[..<end]
    if line.last == UInt8(ascii: "\r") { line.removeLast() }
    bytes.removeFirst(end + 1)
    return String(decoding: line, as: UTF8.self)
  }
}
