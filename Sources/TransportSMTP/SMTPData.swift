import Foundation

extension Data {
  /// RFC 5321, section 2.3.8: CR and LF stand only together.
  var hasCRLFLineEndsOnly: Bool {
    withUnsafeBytes { bytes in
      bytes.places(of: "\n") { $0 > 0 && bytes[$0 - 1] == UInt8(ascii: "\r") }
        && bytes.places(of: "\r") { $0 + 1 < bytes.count && bytes[$0 + 1] == UInt8(ascii: "\n") }
    }
  }

  /// The octets after dot-stuffing (RFC 5321, section 4.5.2), without the final dot.
  var dotStuffedCount: Int {
    withUnsafeBytes { bytes in
      var dots = bytes.first == UInt8(ascii: ".") ? 1 : 0
      _ = bytes.places(of: "\n") { place in
        if place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: ".") { dots += 1 }
        return true
      }
      return bytes.count + dots
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Whether something holds wherever an octet stands; asked up to the first place where it does not. By memchr(3),
  /// which looks at many octets at a time.
  fileprivate func places(of octet: Unicode.Scalar, allSatisfy holds: (Int) -> Bool) -> Bool {
    guard let start = baseAddress else { return true }
    var next = 0
    while let found = memchr(start + next, CInt(octet.value), count - next) {
      let place = UnsafeRawPointer(found) - start
      guard holds(place) else { return false }
      next = place + 1
    }
    return true
  }
}
