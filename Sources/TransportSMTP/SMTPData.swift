import Foundation

extension Data {
  /// RFC 5321, section 2.3.8: CR and LF stand only together.
  var hasCRLFLineEndsOnly: Bool {
    withUnsafeBytes { bytes in
      var previous: UInt8 = 0
      for byte in bytes {
        if (byte == UInt8(ascii: "\n")) != (previous == UInt8(ascii: "\r")) { return false }
        previous = byte
      }
      return previous != UInt8(ascii: "\r")
    }
  }

  /// The octets after dot-stuffing (RFC 5321, section 4.5.2), without the final dot.
  var dotStuffedCount: Int {
    withUnsafeBytes { bytes in
      var previous = UInt8(ascii: "\n")
      var dots = 0
      for byte in bytes {
        if byte == UInt8(ascii: "."), previous == UInt8(ascii: "\n") { dots += 1 }
        previous = byte
      }
      return bytes.count + dots
    }
  }
}
