import Foundation
import Mail

/// A message as it goes over the wire after 354: each line that begins with a dot has one more, and a dot alone ends
/// it (RFC 5321, section 4.5.2).
struct SMTPData {
  private let message: Data
  private let hasLeadingDot: Bool
  /// How many octets of it were given out.
  private var given = 0
  /// Whether all of it was given out.
  private(set) var isEnded = false

  /// - Parameter message: has CRLF line ends only; the last line may lack its own, which is added then.
  /// - Parameter hasLeadingDot: whether one of its lines begins with a dot.
  init(_ message: Data, hasLeadingDot: Bool) {
    self.message = message
    self.hasLeadingDot = hasLeadingDot
  }

  /// What the next octets of the message become, at most as many as asked for; nil after the last.
  mutating func next(_ wanted: Int) -> [UInt8]? {
    guard !isEnded else { return nil }
    var piece: [UInt8] = []
    let end = min(given + wanted, message.count)
    // With room for dots, and for what may be sent with it.
    piece.reserveCapacity(end - given + 512)
    message.withUnsafeBytes { bytes in
      if hasLeadingDot { stuff(&piece, from: bytes, to: end) }
      piece.append(contentsOf: bytes[given..<end])
      given = end
    }
    guard given == message.count else { return piece }
    isEnded = true
    let hasLineEnd = message.isEmpty || message.last == UInt8(ascii: "\n")
    piece.append(contentsOf: (hasLineEnd ? ".\r\n" : "\r\n.\r\n").utf8)
    return piece
  }

  /// Up to the last line before `end` that begins with a dot.
  private mutating func stuff(_ piece: inout [UInt8], from bytes: UnsafeRawBufferPointer, to end: Int) {
    let dot = UInt8(ascii: ".")
    if given == 0, bytes.first == dot { piece.append(dot) }
    let part = UnsafeRawBufferPointer(rebasing: bytes[..<end])
    var lineStart = given
    while let lineFeed = part.firstLineFeed(from: lineStart) {
      lineStart = lineFeed + 1
      guard lineStart < bytes.count, bytes[lineStart] == dot else { continue }
      piece.append(contentsOf: bytes[given..<lineStart])
      piece.append(dot)
      given = lineStart
    }
  }
}
