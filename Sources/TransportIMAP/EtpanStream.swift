import CLibetpan
import Foundation
import Transport

extension EtpanConnection {
  /// TLS over a connected socket, with the server's name sent along (RFC 6066). Nothing is verified yet.
  static func handshake(
    over socket: consuming TCPSocket, host: String, timeout: Duration
  ) throws(TransportError) -> UnsafeMutablePointer<mailstream> {
    var socket = socket
    let descriptor = socket.release()
    let name = IPAddress.isLiteral(host) ? nil : strdup(host)
    defer { free(name) }
    let start = ContinuousClock.now
    let stream = mailstream_ssl_open_with_callback_timeout(
      descriptor, timeout.wholeSeconds,
      { context, name in
        guard let context, let name else { return }
        mailstream_ssl_set_server_name(context, name.assumingMemoryBound(to: CChar.self))
      }, name)
    guard let stream else {
      close(descriptor)
      guard ContinuousClock.now - start < timeout - clockTolerance else {
        throw TransportError(.timeout, "\(host) is silent in the TLS handshake")
      }
      throw TransportError(.tls, "the TLS handshake with \(host) failed")
    }
    return stream
  }

  /// What the server sent in the handshake, in DER, its own certificate first.
  var certificateChain: [Data] {
    guard let stream = session.pointee.imap_stream, let chain = mailstream_get_certificate_chain(stream) else {
      return []
    }
    defer { mailstream_certificate_chain_free(chain) }
    return (0..<carray_count(chain)).compactMap { index in
      guard let text = carray_get(chain, index)?.assumingMemoryBound(to: MMAPString.self).pointee, let bytes = text.str
      else { return nil }
      return Data(bytes: bytes, count: text.len)
    }
  }
}

/// The elements of one of libetpan's lists, as pointers that live as long as the list.
struct EtpanList<Element>: Sequence, IteratorProtocol {
  private var cell: UnsafeMutablePointer<clistcell>?

  init(_ list: UnsafeMutablePointer<clist>?, of type: Element.Type) { cell = list?.pointee.first }

  mutating func next() -> UnsafeMutablePointer<Element>? {
    while let current = cell {
      cell = current.pointee.next
      if let data = current.pointee.data { return data.assumingMemoryBound(to: Element.self) }
    }
    return nil
  }
}
