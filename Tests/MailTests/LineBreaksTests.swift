import TestRandom
import Testing

@testable import Mail

@Suite("Line ends")
struct LineBreaksTests {
  @Test("any octets are judged as the rules say, read the simple way")
  func anyOctets() {
    var random = SeededRandom(seed: 3)
    for round in 0..<5_000 {
      let octets = (0..<round % 60).map { _ in random.one(of: Array("\r\n.a\0".utf8) + [0x80]) }
      let found = octets.withUnsafeBytes(LineBreaks.init)
      let text = octets.map { String(UnicodeScalar($0)) }
      let lines = text.joined().replacing("\r\n", with: "|")
      #expect(found.hasCRLF == lines.contains("|"), "\(octets)")
      #expect(found.hasBareCR == lines.unicodeScalars.contains("\r"), "\(octets)")
      #expect(found.hasBareLF == lines.unicodeScalars.contains("\n"), "\(octets)")
      #expect(found.hasNUL == octets.contains(0), "\(octets)")
      let begins = [true] + octets.map { $0 == 0x0A }
      #expect(found.hasLeadingDot == zip(begins, octets).contains { $0 && $1 == UInt8(ascii: ".") }, "\(octets)")
    }
  }
}
