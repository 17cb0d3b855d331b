/// The text of a body part, in pieces: words that many messages share, which are encoded once, and a message's own.
package struct BodyText: Sendable, Hashable, ExpressibleByStringInterpolation {
  package enum Piece: Sendable, Hashable {
    case shared(SharedText)
    case own(String)

    var text: String {
      switch self {
      case .shared(let words): words.text
      case .own(let words): words
      }
    }
  }

  let pieces: [Piece]

  package init(_ pieces: [Piece]) { self.pieces = pieces }

  /// Of a message's own words alone.
  package init(_ text: String) { pieces = [.own(text)] }

  package init(stringLiteral text: String) { self.init(text) }

  /// All of it.
  package var string: String { pieces.map(\.text).joined() }

  /// About how many octets it takes, encoded.
  var encodedSize: Int {
    pieces.reduce(0) { size, piece in
      switch piece {
      case .shared(let words): size + words.quoted.octets.count + 3
      case .own(let words): size + words.utf8.count * 5 / 4
      }
    }
  }

  /// Whether what is shared decides that all is quoted-printable: a message's own words are few beside it.
  var isQuotedPrintable: Bool {
    let traits = pieces.reduce(into: TextTraits()) { traits, piece in
      if case .shared(let words) = piece { traits.add(words.traits) }
    }
    return TransferEncoding(for: traits) == .quotedPrintable
  }
}

/// Words that many messages share, with what they become in each.
package final class SharedText: Sendable, Hashable {
  package let text: String
  let traits: TextTraits
  /// As they stand from the beginning of a line on.
  let quoted: QuotedPrintable.Lines

  package init(_ text: String) {
    var lines = text.withLineFeedsOnly
    self.text = text
    traits = lines.withUTF8(TextTraits.init)
    quoted = lines.withUTF8 { QuotedPrintable.encoded($0) }
  }

  package static func == (one: SharedText, other: SharedText) -> Bool { one === other || one.text == other.text }

  package func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
