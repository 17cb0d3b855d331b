import CUnbound
import Dispatch
import Foundation

/// Why a name was not looked up.
package struct DNSError: Error, Sendable, CustomStringConvertible {
  package let description: String
  /// No answer came in the time that there was for all questions.
  package var isLate = false
}

/// Asks the DNS over libunbound (libunbound(3)). Its calls block, so they run on a queue of their own.
package struct Resolver: Sendable {
  /// RFC 1035, section 3.2.2; RFC 3596; RFC 6698.
  package enum RecordType: Int32, Sendable {
    case a = 1
    case ptr = 12
    case mx = 15
    case txt = 16
    case aaaa = 28
    case tlsa = 52
  }

  /// Records that are read of one answer.
  static let mostRecords = 100

  private let server: String?
  private let deadline: ContinuousClock.Instant?
  private let queue = DispatchQueue(label: "postplein.dns", attributes: .concurrent)

  /// - Parameters:
  ///   - server: an address, perhaps with `@port`; nil for the machine's own (resolv.conf).
  ///   - patience: how long all its questions together may wait, from now on; nil for as long as the library does,
  ///     which is half a minute and more for each.
  package init(server: String? = nil, patience: Duration? = nil) {
    self.server = server
    deadline = patience.map { .now + $0 }
  }

  /// Whether a server can be asked by this text: an address, perhaps with `@port`.
  package static func accepts(server: String) -> Bool {
    let port = server.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first
    // The library takes what stands there for a number, and the number modulo 65,536.
    if let port, UInt16(port).map({ $0 == 0 }) ?? true { return false }
    guard let context = ub_ctx_create() else { return true }
    defer { ub_ctx_delete(context) }
    return ub_ctx_set_fwd(context, server) == 0
  }

  /// The texts of a name, the strings of each joined (RFC 7208, section 3.3). Empty where there are none.
  package func txt(_ name: String) async throws(DNSError) -> [String] {
    try await query(name, .txt).map { data in
      var text = Data()
      var rest = data[...]
      while let length = rest.first {
        text += rest.dropFirst().prefix(Int(length))
        rest = rest.dropFirst(1 + Int(length))
      }
      return String(decoding: text, as: UTF8.self)
    }
  }

  /// Mail exchangers, the preferred first, without the last dot; `""` is the null MX (RFC 7505).
  package func mx(_ name: String) async throws(DNSError) -> [String] {
    try await query(name, .mx).compactMap { data -> (Int, String)? in
      guard data.count >= 3 else { return nil }
      let bytes = Array(data)
      return (Int(bytes[0]) << 8 | Int(bytes[1]), Self.name(bytes[2...]))
    }.sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// IPv4 and IPv6.
  package func addresses(_ name: String) async throws(DNSError) -> [IPAddress] {
    let found = try await query(name, .a) + query(name, .aaaa)
    return found.compactMap { IPAddress(octets: Array($0)) }
  }

  package func ptr(_ address: IPAddress) async throws(DNSError) -> [String] {
    try await query(address.reverseName, .ptr).map { Self.name(Array($0)[...]) }
  }

  package func hasTLSA(_ name: String) async throws(DNSError) -> Bool { try await !query(name, .tlsa).isEmpty }

  /// The data of each record; empty where the name or the type does not exist.
  private func query(_ name: String, _ type: RecordType) async throws(DNSError) -> [Data] {
    let (server, deadline) = (server, deadline)
    let result: Result<[Data], DNSError> = await withCheckedContinuation { continuation in
      queue.async { continuation.resume(returning: Self.resolve(name, type, server, until: deadline)) }
    }
    return try result.get()
  }

  private static func resolve(
    _ name: String, _ type: RecordType, _ server: String?, until deadline: ContinuousClock.Instant?
  ) -> Result<[Data], DNSError> {
    guard let context = ub_ctx_create() else { return .failure(DNSError(description: "no resolver")) }
    defer { ub_ctx_delete(context) }
    // A school's mail server may stand within its own network.
    ub_ctx_set_option(context, "unblock-lan-zones:", "yes")
    if let server {
      let accepted = ub_ctx_set_fwd(context, server)
      guard accepted == 0 else { return .failure(DNSError(description: "\(name): \(reason(accepted))")) }
    } else {
      ub_ctx_resolvconf(context, nil)
    }
    let answer = Answer()
    let asked = answer.ask(context, name, type.rawValue, until: deadline)
    guard let asked else { return .failure(DNSError(description: "\(name): no answer in time", isLate: true)) }
    guard asked == 0, let answer = answer.result?.pointee else {
      return .failure(DNSError(description: "\(name): \(reason(asked))"))
    }
    // 0: no error; 3: the name does not exist.
    guard answer.rcode == 0 || answer.rcode == 3 else {
      return .failure(DNSError(description: "\(name): the DNS server fails (code \(answer.rcode))"))
    }
    var records: [Data] = []
    var index = 0
    while records.count < mostRecords, let data = answer.data?[index], let length = answer.len?[index] {
      records.append(Data(bytes: data, count: Int(length)))
      index += 1
    }
    return .success(records)
  }

  private static func reason(_ code: Int32) -> String {
    ub_strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }

  /// A name in wire form (RFC 1035, section 3.1); answers of libunbound are not compressed.
  private static func name(_ octets: ArraySlice<UInt8>) -> String {
    var labels: [String] = []
    var rest = octets
    while let length = rest.first, length > 0, length < 64, labels.count < 128 {
      labels.append(String(decoding: rest.dropFirst().prefix(Int(length)), as: UTF8.self))
      rest = rest.dropFirst(1 + Int(length))
    }
    return labels.joined(separator: ".").lowercased()
  }
}

/// What the library says to one question, which a thread of its own asks.
private final class Answer {
  private(set) var result: UnsafeMutablePointer<ub_result>?
  private var code: Int32?

  deinit { ub_resolve_free(result) }

  /// - Returns: the library's code; nil where the deadline came first.
  func ask(
    _ context: OpaquePointer, _ name: String, _ type: Int32, until deadline: ContinuousClock.Instant?
  ) -> Int32? {
    ub_ctx_async(context, 1)
    var id: Int32 = 0
    // It is called within ub_process alone, and no more once the question was taken back.
    let asked = ub_resolve_async(
      context, name, type, 1, Unmanaged.passUnretained(self).toOpaque(),
      { place, code, result in
        guard let place else { return ub_resolve_free(result) }
        let answer = Unmanaged<Answer>.fromOpaque(place).takeUnretainedValue()
        (answer.code, answer.result) = (code, result)
      }, &id)
    guard asked == 0 else { return asked }
    while code == nil {
      let left = deadline.map { ContinuousClock.now.duration(to: $0) / .milliseconds(1) }
      var ready = pollfd(fd: ub_fd(context), events: Int16(POLLIN), revents: 0)
      guard left ?? 1 > 0 else {
        ub_cancel(context, id)
        return nil
      }
      if poll(&ready, 1, left.map { Int32(min($0, 60_000).rounded(.up)) } ?? -1) > 0 {
        let processed = ub_process(context)
        guard processed == 0 else { return processed }
      }
    }
    return code
  }
}

/// An IPv4 or IPv6 address.
package struct IPAddress: Sendable, Hashable, CustomStringConvertible {
  let octets: [UInt8]

  init?(octets: [UInt8]) {
    guard octets.count == 4 || octets.count == 16 else { return nil }
    self.octets = octets
  }

  package var description: String {
    if octets.count == 4 { return octets.map(String.init).joined(separator: ".") }
    return stride(from: 0, to: 16, by: 2).map { String(UInt16(octets[$0]) << 8 | UInt16(octets[$0 + 1]), radix: 16) }
      .joined(separator: ":")
  }

  /// RFC 1035, section 3.5; RFC 3596, section 2.5.
  var reverseName: String {
    if octets.count == 4 { return octets.reversed().map(String.init).joined(separator: ".") + ".in-addr.arpa" }
    return octets.reversed().flatMap { [String($0 & 15, radix: 16), String($0 >> 4, radix: 16)] }
      .joined(separator: ".") + ".ip6.arpa"
  }
}
