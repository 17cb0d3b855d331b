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

  /// Made once. A mark `x.7.28` stands for 4.7.28 and 5.7.28.
  private static let compiled = RefusalTable.byProvider.mapValues { rows in
    rows.map { row in
      (
        row: row,
        marks: row.marks.flatMap { mark in
          mark.hasPrefix("x.") ? ["4", "5"].map { SoughtWords($0 + mark.dropFirst()) } : [SoughtWords(mark)]
        }
      )
    }
  }
}
