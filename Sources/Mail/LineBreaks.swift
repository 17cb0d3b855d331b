import Foundation

extension UnsafeRawBufferPointer {
  /// The place of the first LF from `start` on. By memchr(3), which looks at many octets at a time.
  package func firstLineFeed(from start: Int) -> Int? {
    guard start < count, let base = baseAddress else { return nil }
    return memchr(base + start, 0x0A, count - start).map { UnsafeRawPointer($0) - base }
  }
}

/// How the lines of some octets end.
package struct LineBreaks: Sendable {
  package let hasCRLF: Bool
  /// A CR without LF after it, or an LF without CR before it (RFC 5322, section 2.3).
  package let hasBareCR: Bool
  package let hasBareLF: Bool
  package let hasNUL: Bool
  /// Whether a line begins with a dot.
  package let hasLeadingDot: Bool

  package init(in octets: UnsafeRawBufferPointer) {
    // Without a branch, so that the compiler has many octets looked at together.
    var (pairs, bareCR, bareLF, nul): (UInt8, UInt8, UInt8, UInt8) = (0, 0, 0, octets.first == 0 ? 1 : 0)
    var dot: UInt8 = octets.first == 0x2E ? 1 : 0
    for place in octets.indices.dropFirst() {
      let isAfterCR: UInt8 = octets[place - 1] == 0x0D ? 1 : 0
      let isLF: UInt8 = octets[place] == 0x0A ? 1 : 0
      pairs |= isAfterCR & isLF
      bareCR |= isAfterCR & ~isLF
      bareLF |= ~isAfterCR & isLF
      nul |= octets[place] == 0 ? 1 : 0
      dot |= (octets[place - 1] == 0x0A ? 1 : 0) & (octets[place] == 0x2E ? 1 : 0)
    }
    hasCRLF = pairs != 0
    hasBareCR = bareCR != 0 || octets.last == 0x0D
    hasBareLF = bareLF != 0 || octets.first == 0x0A
    hasNUL = nul != 0
    hasLeadingDot = dot != 0
  }
}
