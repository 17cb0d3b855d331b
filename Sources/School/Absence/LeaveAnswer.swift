import Foundation

/// The head's answer to a request for leave.
package enum LeaveAnswer: Sendable, Hashable {
  case granted(words: String?)
  case rejected(reason: String?)

  private static let rejections = ["afgewezen", "niet akkoord", "ofwiisd", "net akkoart", "rejected", "not approved"]

  /// `akkoord` or a plain yes grants, what begins with `afgewezen` and a plain no do not; what stands behind that, and
  /// below, is for the parent. In a sentence of one's own, see `LeaveSentence`.
  package init?(_ text: String) {
    let sentence = LeaveSentence(text)
    let verdict = WrittenVerdict(text)
    // `Ja, dit is afgewezen`: nobody knows.
    if let verdict, verdict.saysMore, verdict.isApproved ? sentence.denies : sentence.mayGrant { return nil }
    if let verdict, verdict.isApproved {
      self = .granted(words: verdict.words.map { String($0.prefix(SchoolPolicy.longestReason)) })
      return
    }
    let lines = Glossary.withoutGreeting(text).split(whereSeparator: \.isNewline)
      .filter { !$0.allSatisfy(\.isWhitespace) }
    guard let line = lines.first else { return nil }
    let words = line.split(whereSeparator: \.isWhitespace)
    let plain = words.map { Glossary.plain($0).filter(\.isLetter) }
    guard let found = Self.rejections.first(where: { plain.joined(separator: " ").hasPrefix($0) }) else {
      if let verdict {
        self = .rejected(reason: verdict.words)
      } else if let isGranted = sentence.isGranted {
        self = isGranted ? .granted(words: sentence.wordsWithGrant) : .rejected(reason: sentence.whole)
      } else {
        return nil
      }
      return
    }
    let rest = words.dropFirst(found.split(separator: " ").count).joined(separator: " ")
    let below = Written.withoutClosing(lines.map(String.init)).dropFirst()
    let reason = ([rest] + below).joined(separator: "\n")
      .trimmingCharacters(in: .whitespacesAndNewlines.union(CharacterSet(charactersIn: ":-–")))
    self = .rejected(reason: reason.isEmpty ? nil : String(reason.prefix(SchoolPolicy.longestReason)))
  }

  package static func rejection(in language: Language) -> String {
    switch language {
    case .dutch: "afgewezen: "
    case .frisian: "ôfwiisd: "
    case .english: "rejected: "
    }
  }
}

/// What the head decides in a sentence of their own: `Ik ga akkoord`, `Helaas niet akkoord, dit is luxe verzuim`.
struct LeaveSentence {
  /// A word that grants, and one that rejects, stands somewhere in the answer.
  let grants: Bool
  let denies: Bool
  /// Beside a no: `nee hoor, dat mag`, `nee, geen bezwaar`.
  let mayGrant: Bool
  /// Nil where the sentence says neither, or both, asks, or makes it hang on something.
  let isGranted: Bool?
  /// All that was written, without greeting and farewell.
  let whole: String?
  private let first: Substring
  private let rest: Substring

  init(_ text: String) {
    let lines = Written.withoutClosing(Written.lines(String(Glossary.withoutGreeting(text).prefix(4_000))))
    let all = lines.joined(separator: "\n")
    whole = Written.reason(all)
    let end = all.indices.first { place in
      all[place].isNewline
        || (".!?".contains(all[place]) && all[all.index(after: place)...].first?.isWhitespace != false)
    }
    first = all[..<(end ?? all.endIndex)]
    rest = all[first.endIndex...].drop { !$0.isLetter && !$0.isNumber }
    let (said, later) = (Said(first), Said(rest))
    grants = said.grants || later.grants
    denies = said.denies || later.denies
    let plain = said.words.joined(separator: " ")
    mayGrant =
      grants || Glossary.noReserves.contains(where: plain.contains)
      || (said.words.contains(where: Glossary.permits.contains) && !said.denies)
    let asks = end.map { all[$0] == "?" } ?? false
    let saysYes = said.words.first.map(Glossary.plainYes.contains) ?? false
    if asks || (saysYes && said.denies) || said.words.count > 40 || grants == denies || said.isOpen {
      isGranted = nil
    } else if said.denies {
      isGranted = false
    } else {
      isGranted = said.grants && said.isMereGrant ? true : nil
    }
  }

  /// What of it is for who asked: a condolence, and all behind the sentence.
  var wordsWithGrant: String? {
    Said(first).words.contains(where: Glossary.sympathies.contains) ? whole : Written.reason(String(rest))
  }

  /// The verdicts in some words.
  private struct Said {
    var words: [String]
    var grants = false
    var denies = false

    init(_ text: Substring) {
      words = Glossary.words(text)
      var clauses = text.split { ",.!?:;–—\n".contains($0) }.map { Glossary.words($0) }
      for place in clauses.indices {
        while let no = clauses[place].firstIndex(where: Glossary.negation.contains) {
          let next = clauses[place][(no + 1)...].first { !Glossary.denialBridges.contains($0) }
          let before = clauses[place][..<no].reversed().drop(while: Glossary.permitFillers.contains).first
          // `niet afgewezen` is neither.
          if let next, Glossary.rejections.contains(next) {
            (grants, denies) = (true, true)
          } else if let next, Glossary.denied.contains(next) {
            denies = true
            clauses[place].removeAll(where: Glossary.denied.contains)
          } else if before.map(Glossary.permits.contains) == true, next.map(Glossary.because.contains) != false {
            denies = true
          }
          clauses[place].removeFirst(no + 1)
        }
        grants = grants || clauses[place].contains(where: Glossary.grants.contains)
        denies = denies || clauses[place].contains(where: Glossary.rejections.contains)
      }
    }

    var isOpen: Bool { words.contains(where: Glossary.undecided.contains) }
    var isMereGrant: Bool {
      words.allSatisfy { Glossary.grants.contains($0) || Glossary.grantFillers.contains($0) }
    }
  }
}
