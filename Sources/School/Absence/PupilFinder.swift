import Foundation

/// Finds the children whom a text names: by their first name, or nearly so.
struct PupilFinder: Sendable {
  struct Found: Equatable {
    var pupils: [Pupil] = []
    /// Who may be meant, where that is not sure; empty where it is.
    var options: [Pupil] = []
  }

  private struct Name {
    let pupil: Pupil
    let first: String
    let others: Set<String>
  }

  private let names: [Name]
  /// First names of children who are not among them.
  private let foreign: Set<String>
  private let groups: [GroupID: SchoolGroup]

  /// Typos that a name of so many letters may have.
  private static func tolerance(_ letters: Int) -> Int { letters < 3 ? 0 : letters < 7 ? 1 : 2 }

  /// - Parameter directory: whose other children are not meant.
  init(_ pupils: [Pupil], in directory: Directory) {
    names = pupils.map { pupil in
      let words = Glossary.words(pupil.name)
      return Name(pupil: pupil, first: words.first ?? "", others: Set(words.dropFirst()))
    }
    let own = Set(names.map(\.first))
    foreign = Set(directory.pupils.values.compactMap { Glossary.words($0.name).first }).subtracting(own)
    groups = directory.groups
  }

  /// Whether a text names one of them just so.
  func names(_ text: String) -> Bool {
    let words = Set(Glossary.words(text.prefix(SchoolPolicy.longestNaming)))
    return names.contains { words.contains($0.first) }
  }

  /// - Parameter isCommand: the text begins with the child: it may be misspelt in small letters, and a name that is
  ///   nobody's is not passed over.
  func find(in written: String, isCommand: Bool) -> Found {
    let text = String(written.prefix(SchoolPolicy.longestNaming))
    let words = Glossary.words(text)
    var found = Found()
    for first in Set(names.map(\.first)).sorted() where words.contains(first) {
      let same = narrowed(names.filter { $0.first == first }, by: Set(words))
      if same.count == 1 { found.pupils += same.map(\.pupil) } else { found.options += same.map(\.pupil) }
    }
    found.pupils.sort { $0.id < $1.id }
    if !found.pupils.isEmpty || !found.options.isEmpty { return found }
    if namesAll(words) { return Found(pupils: names.map(\.pupil)) }
    if let alone = byOtherName(words) { return Found(pupils: [alone]) }
    let near = near(text, isCommand)
    if near.count == 1 { return Found(pupils: near) }
    if !near.isEmpty { return Found(options: near) }
    guard names.count == 1 else { return Found(options: names.map(\.pupil)) }
    let isOther = !foreign.isDisjoint(with: words) || (isCommand && beginsWithName(text))
    return isOther ? Found(options: names.map(\.pupil)) : Found(pupils: names.map(\.pupil))
  }

  /// `Allebei`, `beide kinderen zijn ziek`, `alle drie`: all of them, where they are so many. `Beide ouders` and
  /// `beide dagen` say nothing of them.
  private func namesAll(_ words: [String]) -> Bool {
    guard names.count > 1, Glossary.negation.isDisjoint(with: words) else { return false }
    return words.indices.contains { place in
      let isBoth = names.count == 2 && Glossary.both.contains(words[place])
      let isCount =
        words.indices.contains(place + 1) && Glossary.counts[names.count]?.contains(words[place + 1]) == true
      guard isBoth || (Glossary.allOf.contains(words[place]) && isCount) else { return false }
      let next = place + (isBoth ? 1 : 2)
      return !words.indices.contains(next) || Glossary.behindAll.contains(words[next])
    }
  }

  /// Of several with one first name those whose family name or group is said too, where it is.
  private func narrowed(_ same: [Name], by words: Set<String>) -> [Name] {
    guard same.count > 1 else { return same }
    let full = same.filter { !$0.others.isEmpty && $0.others.isSubset(of: words) }
    let named = full.isEmpty ? same : full
    let grouped = named.filter { name in
      name.pupil.groups.contains { group in
        Set(Glossary.words(groups[group]?.name ?? "")).isSubset(of: words) && groups[group] != nil
      }
    }
    return grouped.isEmpty ? named : grouped
  }

  /// By another of their names, which no other child of these has.
  private func byOtherName(_ words: [String]) -> Pupil? {
    let found = names.filter { name in
      name.others.contains { other in
        other.count >= 3 && words.contains(other)
          && names.allSatisfy { $0.pupil == name.pupil || !$0.others.contains(other) }
      }
    }
    return names.count > 1 && found.count == 1 ? found[0].pupil : nil
  }

  /// Those that come nearest to a word that may be a name.
  private func near(_ text: String, _ isCommand: Bool) -> [Pupil] {
    var best: (distance: Int, pupils: Set<Pupil>) = (.max, [])
    let words = text.split { !$0.isLetter }
    for (place, word) in words.enumerated() where (isCommand && place == 0) || word.first?.isUppercase == true {
      let plain = Array(Glossary.plain(word))
      guard !foreign.contains(String(plain)) else { continue }
      for name in names {
        let distance = EditDistance.between(plain, Array(name.first))
        guard distance <= Self.tolerance(min(plain.count, name.first.count)), distance <= best.distance else {
          continue
        }
        if distance < best.distance { best = (distance, []) }
        best.pupils.insert(name.pupil)
      }
    }
    return best.pupils.sorted { $0.id < $1.id }
  }

  private func beginsWithName(_ text: String) -> Bool {
    guard let word = text.split(whereSeparator: { !$0.isLetter }).first, word.first?.isUppercase == true else {
      return false
    }
    let plain = Glossary.plain(word)
    return !Glossary.sickness.contains(plain) && !Glossary.today.contains(plain) && !Glossary.tomorrow.contains(plain)
  }
}

extension Directory {
  /// All children of whom somebody behind an account is a carer, whatever the authority: who looks after a child may
  /// say that it is sick.
  func charges(of account: AccountID) -> [Pupil] {
    Set(carers(of: account).flatMap(\.authority.keys)).compactMap { pupils[$0] }.sorted { $0.id < $1.id }
  }

  func hasAuthority(_ account: AccountID, over pupil: PupilID) -> Bool {
    carers(of: account).contains { $0.authority[pupil] == .full }
  }

  /// The teachers of a child's groups, in order.
  func teachers(of pupil: Pupil) -> [AccountID] { Set(pupil.groups.flatMap(teachers(of:))).sorted() }

  /// The names of a child's groups, on one line.
  func groupNames(of pupil: Pupil) -> String {
    pupil.groups.compactMap { groups[$0]?.name }.sorted().joined(separator: ", ")
  }
}
