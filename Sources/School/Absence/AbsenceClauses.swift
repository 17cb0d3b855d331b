/// A text on absence, clause by clause: who is sick, since when, and whether that is said at all must come from one of
/// them, and not from what stands beside it.
struct AbsenceClauses {
  struct Clause {
    var text: String
    var isQuestion = false
  }

  let all: [Clause]

  init(_ text: String) {
    var all: [Clause] = []
    var clause = Clause(text: "")
    for character in text {
      if ",;:.!?".contains(character) || character.isNewline {
        clause.isQuestion = character == "?"
        all.append(clause)
        clause = Clause(text: "")
      } else {
        clause.text.append(character)
      }
    }
    self.all = (all + [clause]).filter { $0.text.contains { $0.isLetter } }
  }

  /// Whether what is said of being sick or better is asked, hoped, over, or said of somebody else than a child: then a
  /// person must read it.
  func isDoubtful(_ isNamed: (String) -> Bool) -> Bool {
    all.contains { clause in
      Self.halves(clause.text).contains { Self.isDoubtful($0, isQuestion: clause.isQuestion, isNamed) }
    }
  }

  private static func isDoubtful(_ text: String, isQuestion: Bool, _ isNamed: (String) -> Bool) -> Bool {
    let words = Glossary.words(text)
    let isSick = !Glossary.sickness.isDisjoint(with: words)
    let isBetter = !Glossary.recovery.isDisjoint(with: words)
    guard isSick || isBetter else { return false }
    if isQuestion || isBetter && !Glossary.hope.union(Glossary.doubt).isDisjoint(with: words) { return true }
    guard isSick else { return false }
    if !Glossary.past.isDisjoint(with: words), Glossary.stillness.isDisjoint(with: words) { return true }
    let isOfWriter = zip(words, words.dropFirst()).contains { Glossary.writerIs.contains("\($0) \($1)") }
    return !isNamed(text) && (isOfWriter || !Glossary.relatives.union(Glossary.titles).isDisjoint(with: words))
  }

  /// Without what says of a child that it is well, or asks; all of it where no child is named in the rest.
  func ofTheAbsent(_ isNamed: (String) -> Bool) -> String {
    let kept = all.flatMap { clause -> [String] in
      Self.halves(clause.text).filter { half in
        let words = Glossary.words(half)
        if !Glossary.sickness.isDisjoint(with: words) { return true }
        return !clause.isQuestion && Glossary.wellness.union(Glossary.recovery).isDisjoint(with: words)
      }
    }.joined(separator: " ")
    return isNamed(kept) ? kept : all.map(\.text).joined(separator: " ")
  }

  /// What stands before and behind each `en` or `maar`.
  private static func halves(_ clause: String) -> [String] {
    clause.split(whereSeparator: \.isWhitespace).split {
      Glossary.between.union(Glossary.but).contains(Glossary.plain($0))
    }
    .map { $0.joined(separator: " ") }
  }
}
