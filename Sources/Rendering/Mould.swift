import Foundation
import Mail
import Synchronization

/// A notice rendered up to what differs from one reader to the next: their names, and the addresses with their keys in
/// them. News goes to hundreds in the same words, and those are made once.
struct Mould: Sendable {
  /// What a reader's own value stands for.
  enum Mark: Sendable, Hashable {
    case name(Int)
    /// Of the link of that name.
    case address(String)
    case url(String)
  }

  private enum Piece: Sendable {
    case words(SharedText)
    case mark(Mark)
  }

  private var pieces: [Piece] = []

  /// - Parameter rendered: with marks where the reader's values come, as `Marking.text` writes them.
  init(_ rendered: String, _ marking: Marking) {
    let parts = marking.parts(of: rendered)
    pieces.append(.words(SharedText(String(parts.first ?? ""))))
    for part in parts.dropFirst() {
      let (name, words) = marking.read(part)
      if let name { pieces.append(.mark(name)) }
      pieces.append(.words(SharedText(words)))
    }
  }

  func filled(_ value: (Mark) -> String) -> BodyText {
    BodyText(
      pieces.map { piece in
        switch piece {
        case .words(let words): .shared(words)
        case .mark(let mark): .own(value(mark))
        }
      })
  }
}

/// How marks stand in a rendered text: by a sign that nobody who writes to the school can know.
struct Marking: Sendable {
  fileprivate let sign = "\u{E000}" + String(UInt64.random(in: .min ... .max), radix: 36)
  private static let end: Character = "\u{E001}"

  func text(_ mark: Mould.Mark) -> String {
    switch mark {
    case .name(let place): "\(sign)n\(place)\(Self.end)"
    case .address(let link): "\(sign)a\(link)\(Self.end)"
    case .url(let link): "\(sign)u\(link)\(Self.end)"
    }
  }

  /// What stands before, between and after the signs.
  fileprivate func parts(of rendered: String) -> [Substring] {
    // By octets: the characters of a page take long to find.
    let octets = Array(sign.utf8)
    var parts: [Substring] = []
    var (start, place) = (rendered.startIndex, rendered.startIndex)
    while let found = rendered.utf8[place...].place(of: octets[0]) {
      place = rendered.utf8.index(after: found)
      guard rendered.utf8[found...].starts(with: octets) else { continue }
      parts.append(rendered[start..<found])
      start = rendered.utf8.index(found, offsetBy: octets.count)
      place = start
    }
    return parts + [rendered[start...]]
  }

  /// The mark that begins a part, and the words after it.
  fileprivate func read(_ part: Substring) -> (Mould.Mark?, String) {
    guard let end = part.firstIndex(of: Self.end), let kind = part.first else { return (nil, String(part)) }
    let name = String(part[part.index(after: part.startIndex)..<end])
    let words = String(part[part.index(after: end)...])
    switch kind {
    case "n": return (Int(name).map { .name($0) }, words)
    case "a": return (.address(name), words)
    default: return (.url(name), words)
    }
  }
}

/// The moulds that were made last, by all that their notices say but for the reader's values.
final class Moulds: Sendable {
  /// More are not needed: mails to many leave one post after the other.
  static let most = 16

  /// Of one notice.
  struct Parts: Sendable {
    var subject: Mould
    var text: Mould
    var html: Mould
  }

  /// What was made of a notice. A class, so that to look it up copies nothing of it.
  private final class Made: Sendable {
    /// But for its reader.
    let notice: NoticeContext
    let parts: Parts

    init(_ notice: NoticeContext, _ parts: Parts) {
      self.notice = notice
      self.parts = parts
    }

    /// What mostly differs is looked at first.
    func isOf(_ other: NoticeContext) -> Bool {
      notice.kind == other.kind && notice.language == other.language && notice.entry?.id == other.entry?.id
        && notice == other
    }
  }

  let marking = Marking()
  private let made = Mutex<[Made]>([])

  func parts(of context: NoticeContext, _ make: (NoticeContext) -> Parts) -> Parts {
    let notice = context.withoutReader
    if let known = made.withLock(\.self).first(where: { $0.isOf(notice) }) { return known.parts }
    let new = Made(notice, make(notice))
    made.withLock { $0 = [new] + $0.prefix(Self.most - 1) }
    return new.parts
  }
}

extension NoticeContext {
  /// What all readers of a notice have in common.
  fileprivate var withoutReader: NoticeContext {
    var common = self
    common.recipientNames = recipientNames.map { _ in "" }
    let nobody = addresses.routes[.support]
    common.addresses.reply = nobody ?? addresses.reply
    common.addresses.privateReply = addresses.privateReply.map { nobody ?? $0 }
    return common
  }
}
