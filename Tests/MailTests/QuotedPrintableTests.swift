import Foundation
import TestRandom
import Testing

@testable import Mail

@Suite("Quoted-printable")
struct QuotedPrintableTests {
  /// Octets that are treated each in a way of its own, and such as others.
  static let pool: [UInt8] = [
    0x00, 0x09, 0x0A, 0x1F, 0x20, 0x21, 0x2E, 0x3C, 0x3D, 0x3E, 0x5F, 0x61, 0x7E, 0x7F, 0x80, 0xFF,
  ]

  private func octets(_ count: Int, mostlyPlain: Bool, _ random: inout SeededRandom) -> [UInt8] {
    (0..<count).map { _ in
      mostlyPlain && random.below(12) > 0 ? 0x61 : random.one(of: Self.pool)
    }
  }

  /// RFC 2045, section 6.7, read the simple way.
  private func decoded(_ lines: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    var rest = lines[...]
    while let octet = rest.popFirst() {
      guard octet == UInt8(ascii: "=") else {
        text.append(octet)
        continue
      }
      let two = rest.prefix(2)
      rest = rest.dropFirst(2)
      if Array(two) != [0x0D, 0x0A] { text.append(UInt8(String(decoding: two, as: UTF8.self), radix: 16) ?? 0) }
    }
    return text
  }

  @Test("any octets come back, in lines of at most 76, with no blank at the end of one and no dot at its beginning")
  func roundTrip() {
    var random = SeededRandom(seed: 1)
    for round in 0..<3_000 {
      let text = octets(round % 300, mostlyPlain: round % 2 == 0, &random)
      let lines = text.withUnsafeBufferPointer { QuotedPrintable.encoded($0).octets }
      let crlf = text.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
      #expect(decoded(lines) == crlf, "\(text)")
      let split = lines.split(separator: 0x0A, omittingEmptySubsequences: false)
      #expect(!split.contains { $0.first == UInt8(ascii: ".") }, "\(text)")
      for line in split.dropLast() {
        let line = line.dropLast()
        #expect(line.count <= 76 && line.last != 0x20 && line.last != 0x09, "\(text)")
      }
    }
  }

  @Test("eight octets together are judged as each of them is")
  func words() {
    var random = SeededRandom(seed: 2)
    for round in 0..<20_000 {
      let text = octets(8, mostlyPlain: round % 2 == 0, &random)
      let isPrintable = { (octet: UInt8) in (0x20..<0x7F).contains(octet) }
      text.withUnsafeBufferPointer {
        let word = OctetWord($0, at: 0)
        #expect(word.isPlain == text.allSatisfy { isPrintable($0) && $0 != UInt8(ascii: "=") }, "\(text)")
        #expect(word.isHarmless == text.allSatisfy { isPrintable($0) && $0 != UInt8(ascii: "_") }, "\(text)")
      }
    }
  }
}
