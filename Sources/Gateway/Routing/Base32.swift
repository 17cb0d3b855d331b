/// RFC 4648, section 6, in lower case and without padding.
enum Base32 {
  private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)

  /// Without regard to case.
  static func isDigit(_ octet: UInt8) -> Bool { alphabet.contains(octet) || (0x41...0x5A).contains(octet) }

  static func text(_ octets: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((octets.count * 8 + 4) / 5)
    var buffer: UInt32 = 0
    var bits = 0
    for octet in octets {
      buffer = (buffer << 8 | UInt32(octet)) & 0xFFFF
      bits += 8
      while bits >= 5 {
        bits -= 5
        text.append(alphabet[Int(buffer >> bits & 31)])
      }
    }
    if bits > 0 { text.append(alphabet[Int(buffer << (5 - bits) & 31)]) }
    return String(decoding: text, as: UTF8.self)
  }

  /// Nil for a character outside the alphabet, and where unused bits are set: each value has one text.
  static func octets(_ text: String) -> [UInt8]? {
    var octets: [UInt8] = []
    var buffer: UInt32 = 0
    var bits = 0
    for character in text.lowercased().utf8 {
      guard let value = alphabet.firstIndex(of: character) else { return nil }
      buffer = (buffer << 5 | UInt32(value)) & 0xFFFF
      bits += 5
      if bits >= 8 {
        bits -= 8
        octets.append(UInt8(buffer >> bits & 0xFF))
      }
    }
    return bits < 5 && buffer & ((1 << bits) - 1) == 0 ? octets : nil
  }
}

/// Non-negative numbers in groups of seven bits, lowest first (LEB128).
enum Varint {
  static func octets(_ number: Int64) -> [UInt8] {
    precondition(number >= 0, "ids count from 1")
    var rest = UInt64(number)
    var octets: [UInt8] = []
    repeat {
      octets.append(UInt8(rest & 0x7F) | (rest > 0x7F ? 0x80 : 0))
      rest >>= 7
    } while rest > 0
    return octets
  }

  /// Takes a number from the front; nil where there is none that fits.
  static func take(_ octets: inout ArraySlice<UInt8>) -> Int64? {
    var number: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 63, by: 7) {
      guard let octet = octets.popFirst() else { return nil }
      number |= UInt64(octet & 0x7F) << shift
      if octet & 0x80 == 0 { return Int64(number) }
    }
    return nil
  }
}
