import Foundation
import SwiftASN1

/// What an opaque signature wraps (`application/pkcs7-mime; smime-type=signed-data`; RFC 8551, section 3.5.2, and
/// RFC 5652, section 5.1). It is read, not verified.
enum SignedContent {
  static let mediaTypes: Set<String> = ["application/pkcs7-mime", "application/x-pkcs7-mime"]

  /// The MIME entity within; nil where the octets are no signed data, or hold no content.
  static func read(_ data: Data) -> Data? {
    guard let content = try? ContentInfo(berEncoded: Array(data)) else { return nil }
    return content.content
  }

  /// ContentInfo, SignedData and EncapsulatedContentInfo, as far as the content; mailers write BER.
  private struct ContentInfo: BERParseable {
    let content: Data

    static let signedData: ASN1ObjectIdentifier = [1, 2, 840, 113549, 1, 7, 2]

    init(derEncoded node: ASN1Node) throws { try self.init(berEncoded: node) }

    init(berEncoded node: ASN1Node) throws {
      content = try BER.sequence(node, identifier: .sequence) { info in
        guard try ASN1ObjectIdentifier(berEncoded: &info) == Self.signedData else {
          throw ASN1Error.invalidASN1Object(reason: "no signed data")
        }
        let content = try BER.explicitlyTagged(&info, tagNumber: 0, tagClass: .contextSpecific) { try Self.signed($0) }
        while info.next() != nil {}
        return content
      }
    }

    private static func signed(_ node: ASN1Node) throws -> Data {
      try BER.sequence(node, identifier: .sequence) { data in
        // version, digestAlgorithms
        _ = data.next()
        _ = data.next()
        guard let encapsulated = data.next() else { throw ASN1Error.invalidASN1Object(reason: "no content") }
        let content = try BER.sequence(encapsulated, identifier: .sequence) { inner in
          _ = try ASN1ObjectIdentifier(berEncoded: &inner)
          return try BER.explicitlyTagged(&inner, tagNumber: 0, tagClass: .contextSpecific) {
            Data(try ASN1OctetString(berEncoded: $0).bytes)
          }
        }
        while data.next() != nil {}
        return content
      }
    }
  }
}
