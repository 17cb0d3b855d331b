import Foundation
import Mail

extension MailAddress {
  /// With the domain in A-labels (RFC 5890, section 2.3.2.1), which every server takes; as it is where there are none.
  var onTheWire: String {
    guard domain.utf8.contains(where: { $0 >= 0x80 }) else { return description }
    var url = URLComponents()
    url.host = domain
    guard let labels = url.encodedHost, labels.utf8.allSatisfy({ $0 < 0x80 }), !labels.contains("%") else {
      return description
    }
    return "\(localPart)@\(labels)"
  }
}
