/// How the connection is protected. Clear text does not exist here.
package enum TransportSecurity: String, Sendable, Hashable, CaseIterable {
  /// TLS from the first byte (RFC 8314).
  case implicitTLS = "tls"
  /// Upgraded by STARTTLS before login; a server without it is refused.
  case startTLS = "starttls"
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
