import Foundation
import SwiftASN1
import Transport
import X509

/// Verifies what libetpan does not: that the server's certificate is trusted, valid now, and for the host we meant.
/// RFC 5280 for the chain, RFC 6125 and RFC 9525 for the name. Revocation is not looked up.
enum ServerCertificate {
  /// The most certificates read of what a server sends; real chains have two to four.
  static let maximumChain = 10
  /// Debian's system store (package ca-certificates).
  static let systemRoots = "/etc/ssl/certs/ca-certificates.crt"

  /// - Parameter chain: DER, the server's own first.
  static func verify(_ chain: [Data], for account: ServerAccount) async throws(TransportError) {
    let host = account.host
    guard let first = chain.first, let leaf = try? Certificate(derEncoded: Array(first)) else {
      throw TransportError(.certificate, "\(host) sent no certificate that can be read")
    }
    // One that cannot be read cannot be part of the chain either; if it was needed, the chain fails below.
    let others = chain.dropFirst().prefix(maximumChain).compactMap { try? Certificate(derEncoded: Array($0)) }
    let isAddress = IPAddress.isLiteral(host)
    var verifier = Verifier(rootCertificates: CertificateStore(try roots(account.trustedCertificatesFile))) {
      RFC5280Policy()
      ServerIdentityPolicy(serverHostname: isAddress ? nil : host, serverIP: isAddress ? host : nil)
      ServerAuthenticationPolicy()
    }
    switch await verifier.validate(leaf: leaf, intermediates: CertificateStore(others)) {
    case .validCertificate: return
    case .couldNotValidate(let failures):
      let reasons = Set(failures.map { String($0.policyFailureReason.description.prefix(200)) }).sorted()
      let why = reasons.isEmpty ? "no trusted authority signed it" : reasons.prefix(3).joined(separator: "; ")
      throw TransportError(.certificate, "the certificate of \(host) is not trusted: \(why)")
    }
  }

  /// Read anew for each connection, so that renewed authorities need no restart.
  private static func roots(_ file: String?) throws(TransportError) -> [Certificate] {
    let path = file ?? systemRoots
    guard let pem = try? String(contentsOfFile: path, encoding: .utf8),
      let documents = try? PEMDocument.parseMultiple(pemString: pem)
    else { throw TransportError(.certificate, "trusted certificates cannot be read from \(path)") }
    let certificates = documents.compactMap { try? Certificate(pemDocument: $0) }
    guard !certificates.isEmpty else { throw TransportError(.certificate, "no trusted certificates in \(path)") }
    return certificates
  }
}

/// A certificate that says what it is for must be for TLS servers: RFC 5280, section 4.2.1.12.
struct ServerAuthenticationPolicy: VerifierPolicy {
  let verifyingCriticalExtensions: [ASN1ObjectIdentifier] = [.X509ExtensionID.extendedKeyUsage]

  func chainMeetsPolicyRequirements(chain: UnverifiedCertificateChain) -> PolicyEvaluationResult {
    guard let usages = try? chain.leaf.extensions.extendedKeyUsage else {
      return chain.leaf.extensions[oid: .X509ExtensionID.extendedKeyUsage] == nil
        ? .meetsPolicy : .failsToMeetPolicy(reason: "its extended key usage cannot be read")
    }
    return usages.contains(.serverAuth) || usages.contains(.any)
      ? .meetsPolicy : .failsToMeetPolicy(reason: "it is not for TLS servers")
  }
}

enum IPAddress {
  /// Whether the host is an address rather than a name: no name is sent then (RFC 6066, section 3), and the
  /// certificate must carry the address.
  static func isLiteral(_ host: String) -> Bool {
    var four = in_addr()
    var six = in6_addr()
    return inet_pton(AF_INET, host, &four) == 1 || inet_pton(AF_INET6, host, &six) == 1
  }
}
