import Glibc

extension StringProtocol {
  /// Equal but for the case of ASCII letters, as names of fields, parameters and media types are compared.
  func equalsIgnoringCase(_ other: some StringProtocol) -> Bool {
    utf8.count == other.utf8.count && zip(utf8, other.utf8).allSatisfy { $0 == $1 || $0.lowered == $1.lowered }
  }

  /// Without white space and marks of no width at both ends.
  var trimmed: String {
    // Most has none.
    if let first = unicodeScalars.first, let last = unicodeScalars.last, first.isVisibleASCII, last.isVisibleASCII {
      return String(self)
    }
    // Unicode's own table is asked of what is not ASCII only: it is slow.
    let isSpace = { (scalar: Unicode.Scalar) in
      scalar.value < 0x80
        ? scalar.value == 0x20 || (0x09...0x0D).contains(scalar.value)
        : scalar.properties.isWhitespace || scalar == "\u{FEFF}" || scalar == "\u{200B}"
    }
    let scalars = unicodeScalars
    guard let start = scalars.firstIndex(where: { !isSpace($0) }), let last = scalars.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(self[start...last])
  }

  /// On one line: each line break with the spaces around it becomes one space, other control characters go.
  var unfolded: String {
    if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return trimmed }
    if utf8.allSatisfy({ $0 < 0x80 }) { return unfoldedASCII }
    var line = ""
    var atBreak = false
    for scalar in unicodeScalars {
      switch scalar {
      case "\r", "\n": atBreak = true
      case _ where atBreak && (scalar == " " || scalar == "\t"): continue
      case _ where scalar.value < 0x20 && scalar != "\t" || scalar.value == 0x7F: continue
      default:
        if atBreak, !line.isEmpty { line.unicodeScalars.append(" ") }
        atBreak = false
        line.unicodeScalars.append(scalar)
      }
    }
    return line.trimmed
  }

  /// The same, many times as fast.
  private var unfoldedASCII: String {
    var line: [UInt8] = []
    line.reserveCapacity(utf8.count)
    var atBreak = false
    for octet in utf8 {
      switch octet {
      case 0x0D, 0x0A: atBreak = true
      case 0x20 where atBreak, 0x09 where atBreak: continue
      case 0..<0x09, 0x0B..<0x20, 0x7F: continue
      default:
        if atBreak, !line.isEmpty { line.append(0x20) }
        atBreak = false
        line.append(octet)
      }
    }
    return String(decoding: line, as: UTF8.self).trimmed
  }
}

extension UInt8 {
  var isASCIILetter: Bool { lowered >= 0x61 && lowered <= 0x7A }

  /// The octet of the lower-case letter, where it is an ASCII letter.
  var lowered: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }
}

extension String {
  /// Whether the other stands in this one, octet by octet: Foundation's `contains` compares by locale, which is slow.
  package func holds(_ other: String) -> Bool {
    var (whole, part) = (self, other)
    return whole.withUTF8 { whole in
      part.withUTF8 { part in UnsafeRawBufferPointer(whole).holds(UnsafeRawBufferPointer(part)) }
    }
  }

  /// The lines, ended by LF or CRLF; by octets, which is much faster than by characters.
  var lines: [Substring] { lines(most: .max).first }

  /// The first of the lines, and what comes after so many.
  func lines(most: Int) -> (first: [Substring], rest: Substring?) {
    var result: [Substring] = []
    let octets = utf8
    var start = octets.startIndex
    while let end = octets[start...].place(of: 0x0A) {
      guard result.count < most else { return (result, self[start...]) }
      result.append(self[start..<octets.withoutReturn(from: start, to: end)])
      start = octets.index(after: end)
    }
    guard result.count < most else { return (result, self[start...]) }
    result.append(self[start..<octets.withoutReturn(from: start, to: octets.endIndex)])
    return (result, nil)
  }
}

extension UnsafeRawBufferPointer {
  /// Whether the other octets stand in these: found by the C library, several at a time.
  func holds(_ part: UnsafeRawBufferPointer) -> Bool {
    guard let first = part.first, let sought = part.baseAddress else { return true }
    var start = 0
    while let base = baseAddress, count - start >= part.count {
      guard let found = memchr(base + start, Int32(first), count - part.count - start + 1) else { return false }
      if memcmp(found, sought, part.count) == 0 { return true }
      start = base.distance(to: found) + 1
    }
    return false
  }
}

extension Substring.UTF8View {
  /// Where the octet stands first, found as above.
  package func place(of octet: UInt8) -> Index? {
    let distance = withContiguousStorageIfAvailable { octets -> Int? in
      guard let start = octets.baseAddress, let found = memchr(start, Int32(octet), octets.count) else { return nil }
      return UnsafeRawPointer(start).distance(to: found)
    }
    guard let distance else { return firstIndex(of: octet) }
    return distance.map { index(startIndex, offsetBy: $0) }
  }
}

extension String.UTF8View {
  fileprivate func withoutReturn(from start: Index, to end: Index) -> Index {
    var end = end
    while end > start, self[index(before: end)] == 0x0D { end = index(before: end) }
    return end
  }
}

extension Unicode.Scalar {
  fileprivate var isVisibleASCII: Bool { value > 0x20 && value < 0x7F }
}

extension StringProtocol {
  /// As much as fits, and no part of a scalar. A letter may bear any number of marks: characters would limit nothing.
  package func prefix(octets: Int) -> String {
    guard utf8.count > octets else { return String(self) }
    var head = Array(utf8.prefix(octets + 1))
    // Within a scalar all octets but the first begin with the bits 10 (RFC 3629, section 3).
    while let next = head.popLast(), next & 0xC0 == 0x80 {}
    return String(decoding: head, as: UTF8.self)
  }
}
