import Foundation

extension Data {
  /// RFC 5321, section 2.3.8: CR and LF stand only together.
  var hasCRLFLineEndsOnly: Bool {
    withUnsafeBytes { bytes in
      guard let first = bytes.first, let last = bytes.last else { return true }
      // Without a branch, so that many octets are looked at together.
      var strays: UInt8 = 0
      for place in 1..<bytes.count {
        let isAfterCR: UInt8 = bytes[place - 1] == UInt8(ascii: "\r") ? 1 : 0
        let isLF: UInt8 = bytes[place] == UInt8(ascii: "\n") ? 1 : 0
        strays |= isAfterCR ^ isLF
      }
      return strays == 0 && first != UInt8(ascii: "\n") && last != UInt8(ascii: "\r")
    }
  }
}

/// A message as it goes over the wire after 354: each line that begins with a dot has one more, and a dot alone ends
/// it (RFC 5321, section 4.5.2).
struct SMTPData {
  private let message: Data
  /// How many octets of it were given out.
  private var given = 0
  /// Whether all of it was given out.
  private(set) var isEnded = false

  /// - Parameter message: has CRLF line ends only; the last line may lack its own, which is added then.
  init(_ message: Data) { self.message = message }

  /// What the next octets of the message become, at most as many as asked for; nil after the last.
  mutating func next(_ wanted: Int) -> [UInt8]? {
    guard !isEnded else { return nil }
    var piece: [UInt8] = []
    let end = min(given + wanted, message.count)
    // With room for dots, and for what may be sent with it.
    piece.reserveCapacity(end - given + 512)
    message.withUnsafeBytes { bytes in
      if given == 0, bytes.first == UInt8(ascii: ".") { piece.append(UInt8(ascii: ".")) }
      while given < end {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[given..<end])
        let lineEnd = rest.firstLineFeed { place in
          given + place + 1 < bytes.count && bytes[given + place + 1] == UInt8(ascii: ".")
        }
        let next = lineEnd.map { given + $0 + 1 } ?? end
        piece.append(contentsOf: bytes[given..<next])
        if lineEnd != nil { piece.append(UInt8(ascii: ".")) }
        given = next
      }
    }
    guard given == message.count else { return piece }
    isEnded = true
    let hasLineEnd = message.isEmpty || message.last == UInt8(ascii: "\n")
    piece.append(contentsOf: (hasLineEnd ? ".\r\n" : "\r\n.\r\n").utf8)
    return piece
  }
}

extension UnsafeRawBufferPointer {
  /// The first line feed at whose place more holds. By memchr(3), which looks at many octets at a time.
  fileprivate func firstLineFeed(where holds: (Int) -> Bool) -> Int? {
    guard let start = baseAddress else { return nil }
    var next = 0
    while let found = memchr(start + next, 0x0A, count - next) {
      let place = UnsafeRawPointer(found) - start
      if holds(place) { return place }
      next = place + 1
    }
    return nil
  }
}
