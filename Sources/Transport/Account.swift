/// How the connection is protected.
package enum TransportSecurity: String, Sendable, Hashable, CaseIterable {
  /// TLS from the first byte (RFC 8314).
  case implicitTLS = "tls"
  /// Upgraded by STARTTLS before login; a server without it is refused.
  case startTLS = "starttls"
  /// Not at all, and without a login: for mail to a server on this very machine, which nobody can listen in on.
  case plain = "none"

  /// By TLS.
  package static let protected = [implicitTLS, startTLS]
}

/// Where to log in, and as whom.
package struct ServerAccount: Sendable, Hashable {
  /// The host name that the certificate must carry; an IP address where the certificate carries that.
  package var host: String
  package var port: Int
  package var security: TransportSecurity
  package var userName: String
  package var password: String
  /// A PEM file of certificates to trust instead of the system's; nil for the system's.
  package var trustedCertificatesFile: String?

  /// By name or address (RFC 6761, section 6.3; RFC 1122, section 3.2.1.3; RFC 4291, section 2.5.3).
  package var isOnLoopback: Bool {
    let octets = host.split(separator: ".", omittingEmptySubsequences: false).map { text in
      // As it is written only: inet_aton(3) reads 0127 as octal, and 0127.0.0.1 is 87.0.0.1, far from here.
      UInt8(text).flatMap { String($0) == text ? $0 : nil }
    }
    return host == "localhost" || host == "::1" || octets.count == 4 && octets[0] == 127 && !octets.contains(nil)
  }

  package init(
    host: String, port: Int, security: TransportSecurity, userName: String, password: String,
    trustedCertificatesFile: String? = nil
  ) {
    self.host = host
    self.port = port
    self.security = security
    self.userName = userName
    self.password = password
    self.trustedCertificatesFile = trustedCertificatesFile
  }
}
