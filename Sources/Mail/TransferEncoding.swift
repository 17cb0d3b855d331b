import Foundation

/// How the octets of a text travel (RFC 2045, section 6).
enum TransferEncoding: String {
  case sevenBit = "7bit"
  case quotedPrintable = "quoted-printable"
  case base64

  /// As they are where that is safe, else by the shorter of the encodings.
  init(for traits: TextTraits) {
    // An octet costs 3 in quoted-printable, 1.37 in base64.
    if traits.high * 5 > traits.octets {
      self = .base64
    } else {
      self = traits.high > 0 || traits.isFragile || traits.widest > 78 ? .quotedPrintable : .sevenBit
    }
  }

  /// Content in base64, decoded however it is broken: what is not of its alphabet is passed over, padding ends it, and
  /// where that is missing it counts as there (RFC 2045, section 6.8).
  static func base64Decoded(_ encoded: Data) -> Data {
    if let decoded = Data(base64Encoded: encoded, options: .ignoreUnknownCharacters) { return decoded }
    let letters = encoded.prefix { $0 != UInt8(ascii: "=") }.filter(isBase64)
    // One alone says nothing whole.
    let whole = letters.count % 4 == 1 ? letters.dropLast() : letters[...]
    let padding = Data(repeating: UInt8(ascii: "="), count: (4 - whole.count % 4) % 4)
    return Data(base64Encoded: whole + padding) ?? Data()
  }

  private static func isBase64(_ octet: UInt8) -> Bool {
    switch octet {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
      true
    default: false
    }
  }
}

/// What a text says of how it must be encoded.
struct TextTraits: Sendable {
  private(set) var octets = 0
  /// How many are not ASCII.
  private(set) var high = 0
  /// Whether it has what may not arrive as it was sent.
  private(set) var isFragile = false
  /// Octets of the longest line.
  private(set) var widest = 0

  init() {}

  /// - Parameter text: with LF for line ends.
  init(of text: UnsafeBufferPointer<UInt8>) {
    octets = text.count
    var lineStart = 0
    var next = 0
    while next < text.count {
      while next + 8 <= text.count, OctetWord(text, at: next).isHarmless { next += 8 }
      guard next < text.count else { break }
      let (place, octet) = (next, text[next])
      next += 1
      let previous = place > 0 ? text[place - 1] : 0
      switch octet {
      case 0x0A:
        widest = max(widest, place - lineStart)
        lineStart = place + 1
        if previous == 0x20 || previous == 0x09 { isFragile = true }
      // Boundaries hold this.
      case UInt8(ascii: "_"): if previous == UInt8(ascii: "=") { isFragile = true }
      case 0x09, 0x20...0x7F: break
      case 0x80...: high += 1
      default: isFragile = true
      }
    }
    widest = max(widest, text.count - lineStart)
  }

  /// Of another text beside this one: no line goes on from one to the other.
  mutating func add(_ other: TextTraits) {
    octets += other.octets
    high += other.high
    isFragile = isFragile || other.isFragile
    widest = max(widest, other.widest)
  }
}

extension String {
  /// Each CRLF, CR or LF as one LF; a final one is added where it is missing.
  var withLineFeeds: String {
    let text = withLineFeedsOnly
    return text.isEmpty || text.utf8.last == 0x0A ? text : text + "\n"
  }

  /// Each CRLF, CR or LF as one LF.
  var withLineFeedsOnly: String {
    var text = self
    let isPlain = text.withUTF8 { text in text.baseAddress.map { memchr($0, 0x0D, text.count) == nil } ?? true }
    if isPlain { return text }
    var result: [UInt8] = []
    result.reserveCapacity(utf8.count)
    var previous: UInt8 = 0
    for octet in utf8 {
      if octet != 0x0A || previous != 0x0D { result.append(octet == 0x0D ? 0x0A : octet) }
      previous = octet
    }
    return String(decoding: result, as: UTF8.self)
  }
}
