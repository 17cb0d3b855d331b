/// Why the network gave no answer. `isTemporary` decides whether trying again later can help.
package struct TransportError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Kind: String, Sendable {
    /// No connection, or one that ended: try again.
    case network
    case timeout
    /// The certificate is not trusted, expired, or for another host.
    case certificate
    /// TLS itself failed, or the server offers none where it is required.
    case tls
    /// The server refused the user name or password.
    case authentication
    /// The server answered what the protocol does not allow, or refused what it must grant.
    case protocolViolation
    /// The server says that it cannot do this now; the session stays usable.
    case refused
    /// The folder or message asked for is not there.
    case notFound
    /// A limit of ours was crossed.
    case limit
  }

  package let kind: Kind
  /// For the log and for `check`: what happened, without addresses, keys or passwords.
  package let message: String
  /// Whether the server had asked for the message by 354: it may have taken it, and to send again may send twice.
  package let mayHaveSent: Bool

  package init(_ kind: Kind, _ message: String, mayHaveSent: Bool = false) {
    (self.kind, self.message, self.mayHaveSent) = (kind, message, mayHaveSent)
  }

  package var isTemporary: Bool {
    switch kind {
    case .network, .timeout, .protocolViolation, .refused: true
    case .certificate, .tls, .authentication, .notFound, .limit: false
    }
  }

  package var description: String { "\(kind.rawValue): \(message)" }
}
