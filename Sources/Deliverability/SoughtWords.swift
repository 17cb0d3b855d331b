import Foundation

/// Words that are looked for in what a server said. Where they begin or end with a letter or digit, a word begins or
/// ends there: `5.7.1` is not within `5.7.134`, nor `rbl` within `overblijf`.
struct SoughtWords: Sendable {
  private let octets: [CChar]
  private let beginsWord: Bool
  private let endsWord: Bool

  /// - Parameter mayGoOn: whether the last word may be the beginning of a longer one.
  init(_ text: String, mayGoOn: Bool = false) {
    octets = Array(text.utf8CString)
    beginsWord = text.utf8.first.map(Self.isWord) ?? false
    endsWord = !mayGoOn && text.utf8.last.map(Self.isWord) ?? false
  }

  /// By `strstr`, which looks through a bounce in microseconds.
  func isIn(_ text: UnsafePointer<CChar>) -> Bool {
    octets.withUnsafeBufferPointer { words in
      guard let start = words.baseAddress else { return false }
      var rest = text
      while let found = strstr(rest, start) {
        let after = found.advanced(by: words.count - 1).pointee
        let isFree = found == text || !beginsWord || !Self.isWord(UInt8(bitPattern: found.advanced(by: -1).pointee))
        if isFree, !endsWord || !Self.isWord(UInt8(bitPattern: after)) { return true }
        rest = UnsafePointer(found.advanced(by: 1))
      }
      return false
    }
  }

  /// Letters and digits; octets beyond ASCII are letters.
  private static func isWord(_ octet: UInt8) -> Bool {
    (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet) || (0x61...0x7A).contains(octet) || octet >= 0x80
  }
}
