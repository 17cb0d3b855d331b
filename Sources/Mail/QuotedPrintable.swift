/// Text as quoted-printable (RFC 2045, section 6.7); breaks lines where GMime does, but for a blank at the end of a
/// full one. A dot that begins a line is quoted, so that it need not be doubled on the way (RFC 5321, section 4.5.2).
/// Mail to many is little else, so octets go straight to where they stay.
struct QuotedPrintable: ~Copyable {
  /// Without the `=` that ends a line which goes on.
  private static let longestLine = 75
  /// Ends a line which goes on.
  static let softLineEnd: [UInt8] = [0x3D, 0x0D, 0x0A]
  private static let lineFeed: UInt8 = 0x0A
  private static let space: UInt8 = 0x20

  private let text: UnsafeBufferPointer<UInt8>
  private let out: UnsafeMutableBufferPointer<UInt8>
  private var written = 0
  private var column: Int

  /// Text that is encoded.
  struct Lines: Sendable {
    let octets: [UInt8]
    /// How many octets its last line has, with what stood there before; none where that line is ended.
    let column: Int
  }

  /// - Parameter text: with LF for line ends.
  /// - Parameter column: how many octets stand already in the line that it begins in.
  static func encoded(_ text: UnsafeBufferPointer<UInt8>, from column: Int = 0) -> Lines {
    var end = column
    // An octet takes three; a soft line end takes three more after 25 of them at the least, and at the beginning.
    let octets = [UInt8](unsafeUninitializedCapacity: text.count * 4 + 8) { out, count in
      var encoder = QuotedPrintable(text: text, out: out, column: column)
      encoder.encode()
      (count, end) = (encoder.written, encoder.column)
    }
    return Lines(octets: octets, column: end)
  }

  private init(text: UnsafeBufferPointer<UInt8>, out: UnsafeMutableBufferPointer<UInt8>, column: Int) {
    self.text = text
    self.out = out
    self.column = column
  }

  private mutating func encode() {
    // What stands from `start` on is not written yet, and needs no encoding.
    var (start, place) = (0, 0)
    while true {
      if column == 0, place < text.count, text[place] == UInt8(ascii: ".") {
        writeQuoted(text[place])
        place += 1
        start = place
      }
      let run = place
      let end = min(text.count, place + Self.longestLine - column)
      while place + 8 <= end, OctetWord(text, at: place).isPlain { place += 8 }
      while place < end, Self.isPlain(text[place]) { place += 1 }
      column += place - run
      guard place < text.count else { break }
      let octet = text[place]
      if octet == Self.lineFeed {
        // A blank at the end of a line would be lost.
        let blank = start < place && text[place - 1] <= Self.space ? text[place - 1] : nil
        write(start..<(blank == nil ? place : place - 1))
        if let blank {
          // GMime writes 77 octets there; 76 are allowed.
          if column == Self.longestLine { breakLine() }
          writeQuoted(blank)
        }
        writeLineEnd()
        place += 1
      } else if Self.isPlain(octet) {
        write(start..<place)
        breakLine()
      } else {
        write(start..<place)
        if column + 3 > Self.longestLine { breakLine() }
        writeQuoted(octet)
        place += 1
      }
      start = place
    }
    write(start..<text.count)
  }

  /// Whether it is left as it is: printable ASCII but `=`, and blanks.
  private static func isPlain(_ octet: UInt8) -> Bool { octet &- 0x20 < 0x5F && octet != 0x3D || octet == 0x09 }

  private mutating func write(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(out)[written...])
      .copyMemory(from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(text)[range]))
    written += range.count
  }

  private mutating func write(_ octet: UInt8) {
    out[written] = octet
    written += 1
  }

  private mutating func writeLineEnd() {
    write(0x0D)
    write(Self.lineFeed)
    column = 0
  }

  /// `=` at the end of a line which goes on.
  private mutating func breakLine() {
    write(UInt8(ascii: "="))
    writeLineEnd()
  }

  /// `=C3`
  private mutating func writeQuoted(_ octet: UInt8) {
    write(UInt8(ascii: "="))
    write(octet.hexadecimalDigits.0)
    write(octet.hexadecimalDigits.1)
    column += 3
  }
}

extension UInt8 {
  /// As `=C3` and `%C3` have them, in ASCII.
  package var hexadecimalDigits: (UInt8, UInt8) {
    let digit = { (value: UInt8) in value < 10 ? 0x30 + value : 0x37 + value }
    return (digit(self >> 4), digit(self & 15))
  }
}

extension Sequence<UInt8> {
  /// Two digits each, in lower case: as digests are written.
  package var hexadecimal: String {
    let digits = reduce(into: [UInt8]()) { digits, octet in
      digits.append(octet.hexadecimalDigits.0.lowered)
      digits.append(octet.hexadecimalDigits.1.lowered)
    }
    return String(decoding: digits, as: UTF8.self)
  }
}

/// Eight octets of a text, judged together.
struct OctetWord {
  private let bits: UInt64
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highest: UInt64 = 0x8080_8080_8080_8080

  /// - Parameter place: with at least eight octets from there on.
  init(_ octets: UnsafeBufferPointer<UInt8>, at place: Int) {
    bits = UnsafeRawBufferPointer(octets).loadUnaligned(fromByteOffset: place, as: UInt64.self)
  }

  /// Whether all are printable ASCII, spaces among them, and none is this one.
  private func isPrintable(without octet: UInt8) -> Bool {
    // A subtraction borrows into the highest bit of an octet that is less. Where an octet had that bit before, or the
    // one below it borrowed, the answer is no in any case.
    let low = bits &- 0x20 * Self.ones
    let deleted = (bits ^ 0x7F * Self.ones) &- Self.ones
    let excluded = (bits ^ UInt64(octet) * Self.ones) &- Self.ones
    return (bits | low | deleted | excluded) & Self.highest == 0
  }

  /// Whether quoted-printable leaves all of it as it is.
  var isPlain: Bool { isPrintable(without: UInt8(ascii: "=")) }

  /// Whether it says nothing of how its text must be encoded, whatever stands around it.
  var isHarmless: Bool { isPrintable(without: UInt8(ascii: "_")) }
}
