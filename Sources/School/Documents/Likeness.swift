/// How near what somebody wrote comes to a name, from 0 to 1: case and accents do not count, typos little, and parts of
/// words are enough.
struct Likeness: Sendable {
  /// From here on it is likely meant, where nothing else comes near.
  static let clear = 0.7
  /// How far ahead of the next it must be.
  static let lead = 0.12
  /// From here on it may be meant.
  static let near = 0.45
  /// What a part of a word counts, of the whole word.
  private static let part = 0.9
  /// What is not the same is never more.
  private static let almost = 0.98
  /// What other numbers than those that were asked leave: `weekbrief 12` is not `weekbrief 13`.
  private static let otherNumber = 0.65

  /// Words that are compared.
  static let mostWords = 8

  private let words: [Word]
  private let joined: Word
  private let whole: String

  init(_ asked: String) {
    let telling = Glossary.telling(asked)
    whole = telling.joined()
    words = telling.prefix(Self.mostWords).map(Word.init)
    joined = Word(words.flatMap(\.scalars))
  }

  /// Those that may be meant, the nearest first; those that are equally near in their own order.
  func ranked<Value>(_ values: [(name: String, value: Value)]) -> [(value: Value, likeness: Double)] {
    var found: [(place: Int, value: Value, likeness: Double)] = []
    for (place, one) in values.enumerated() {
      let likeness = to(one.name)
      if likeness >= Self.near { found.append((place, one.value, likeness)) }
    }
    found.sort { $0.likeness != $1.likeness ? $0.likeness > $1.likeness : $0.place < $1.place }
    return found.map { ($0.value, $0.likeness) }
  }

  /// The one that is meant; nil where none is near enough, or several are.
  static func clear<Value>(_ ranked: [(value: Value, likeness: Double)]) -> Value? {
    guard let first = ranked.first, first.likeness >= clear else { return nil }
    guard let second = ranked.dropFirst().first else { return first.value }
    let isAlone = first.likeness == 1 ? second.likeness < 1 : first.likeness - second.likeness >= lead
    return isAlone ? first.value : nil
  }

  /// 1 where they are the same.
  func to(_ name: String) -> Double {
    let telling = Glossary.telling(name)
    guard !words.isEmpty, !telling.isEmpty else { return 0 }
    if telling.joined() == whole { return 1 }
    let names = telling.map(Word.init)
    let whole = Word(names.flatMap(\.scalars))
    var letters = 0.0
    var found = 0.0
    for word in words {
      let length = Double(word.scalars.count)
      letters += length
      found += length * ((names + [whole]).map { word.likeness(to: $0, part: Self.part) }.max() ?? 0)
    }
    let likeness = min(max(found / letters, joined.whole(whole)), Self.almost)
    let hasOtherNumber = words.contains { word in word.hasNumber && !names.contains(word) }
    return hasOtherNumber ? min(likeness, Self.otherNumber) : likeness
  }

  /// A word as its scalars.
  private struct Word: Hashable {
    let scalars: [Unicode.Scalar]

    /// The longest that is compared, in scalars.
    static let longest = 60

    init(_ word: String) { self.init(Array(word.unicodeScalars)) }
    init(_ scalars: [Unicode.Scalar]) { self.scalars = Array(scalars.prefix(Self.longest)) }

    var hasNumber: Bool { scalars.contains { $0.properties.numericType != nil } }

    func likeness(to other: Word, part: Double) -> Double {
      // What is too short is in anything.
      guard scalars.count >= 3 else { return self == other ? 1 : 0 }
      let inPart = 1 - Double(edits(into: other, anywhere: true)) / Double(scalars.count)
      return max(whole(other), inPart >= 2.0 / 3 ? inPart * part : 0)
    }

    func whole(_ other: Word) -> Double {
      1 - Double(edits(into: other, anywhere: false)) / Double(max(scalars.count, other.scalars.count, 1))
    }

    private func edits(into other: Word, anywhere: Bool) -> Int {
      EditDistance.between(scalars, other.scalars, anywhere: anywhere)
    }
  }
}
