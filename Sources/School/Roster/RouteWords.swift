/// Gives groups and teachers the words by which they are written to: `groep5`, `anna`. Each word once, none that is a
/// route itself, and whoever has one keeps it.
struct RouteWords {
  private var taken: Set<String> = []
  /// Of those who are known: no newcomer gets one, whoever comes first in a file.
  private let reserved: Set<String>

  init(reserved: [String] = []) { self.reserved = Set(reserved) }

  /// - Parameter names: the given name first; later ones tell two of the same apart.
  mutating func word(for names: [String], kept: String?, isGroup: Bool = false) -> String {
    if let kept, RouteWord(kept) == nil, taken.insert(kept).inserted { return kept }
    let words = names.map(Self.plain).filter { !$0.isEmpty }
    var first = kept ?? words.first ?? (isGroup ? "groep" : "collega")
    // "5a" alone would not say that it is a group.
    if kept == nil, isGroup, first.first?.isNumber == true { first = "groep\(first)" }
    var candidates = [first]
    if let family = words.dropFirst().first, kept == nil {
      candidates += [first + family.prefix(1), first + family]
    }
    candidates += (2...).lazy.map { "\(first)\($0)" }.prefix(10_000)
    let free =
      candidates.first { !taken.contains($0) && !reserved.contains($0) && RouteWord($0) == nil } ?? first
    taken.insert(free)
    return free
  }

  /// Lower case, without accents, letters and digits alone; titles before a name left out.
  static func plain(_ name: String) -> String {
    Glossary.withoutTitle(Glossary.words(name)).joined().filter { $0.isASCII }
  }
}
