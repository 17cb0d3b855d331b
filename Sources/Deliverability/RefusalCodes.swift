import Foundation

/// What single providers mean by their codes and words, looked up before the general phrases (`FailurePhrases`): the
/// same code means something else at another. Data: a new code is a row. Marks are in lower case; of a row, one mark
/// that is found is enough, and the first row that fits counts.
enum RefusalCodes {
  struct Row: Sendable {
    let reason: String
    /// Where the reason's own actor is not the one who can act.
    var actor: DeliveryVerdict.Actor?
    let marks: [String]
  }

  /// - Parameter words: in lower case, with single spaces, the status code among them.
  static func row(provider: String?, words: String) -> Row? {
    guard let provider, let rows = compiled[provider] else { return nil }
    return words.withCString { text in rows.first { row in row.marks.contains { $0.isIn(text) } }?.row }
  }

  /// A mark that begins or ends with a letter or digit is a whole word there: `5.7.1` is not within `5.7.134`.
  private struct Mark: Sendable {
    let octets: [CChar]
    let beginsWord: Bool
    let endsWord: Bool

    init(_ text: String) {
      octets = Array(text.utf8CString)
      beginsWord = text.utf8.first.map(Self.isWord) ?? false
      endsWord = text.utf8.last.map(Self.isWord) ?? false
    }

    /// By `strstr`, which looks through a bounce in microseconds.
    func isIn(_ text: UnsafePointer<CChar>) -> Bool {
      octets.withUnsafeBufferPointer { mark in
        guard let start = mark.baseAddress else { return false }
        var rest = text
        while let found = strstr(rest, start) {
          let after = found.advanced(by: mark.count - 1).pointee
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

  /// Made once. A mark `x.7.28` stands for 4.7.28 and 5.7.28.
  private static let compiled = RefusalTable.byProvider.mapValues { rows in
    rows.map { row in
      (
        row: row,
        marks: row.marks.flatMap { mark in
          mark.hasPrefix("x.") ? ["4", "5"].map { Mark($0 + mark.dropFirst()) } : [Mark(mark)]
        }
      )
    }
  }
}
