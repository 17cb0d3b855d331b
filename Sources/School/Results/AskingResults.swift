/// Which child a mail on results is about. The results themselves stand in no notice: they are read when it is sent, so
/// that they lie in one place only, and go to nobody who may not read them any more.
package struct ResultsFacts: Sendable, Hashable, Codable {
  package var pupil: PupilID
  package var child: String

  package init(pupil: PupilID, child: String) {
    self.pupil = pupil
    self.child = child
  }
}

extension Question {
  /// Children of one account whose results are sent, a mail each; more is a mistake of the administration.
  static let mostChildren = 12

  /// The results of one's own children. The registered address has confirmed it by now, and who may read them is judged
  /// now, whatever was so when they asked.
  func results() -> Decision {
    let own = directory.pupils(of: actor)
    guard !own.isEmpty else {
      let knowsOnRequest = directory.carers(of: actor).contains { $0.authority.values.contains(.onRequest) }
      return refuse(knowsOnRequest ? .resultsByPerson : .noChildHere)
    }
    return Decision(
      notices: own.prefix(Self.mostChildren).map { pupil in
        var facts = NoticeFacts()
        facts.results = ResultsFacts(pupil: pupil.id, child: pupil.name)
        return toActor(.testResults, replyTarget: .results, facts: facts)
      })
  }

  /// Words in answer to a mail on results go to the teachers of that child, in private.
  func answerResults() -> Decision {
    if command.word == .help { return help() }
    guard let asked = state.results, let pupil = directory.pupils(of: actor).first(where: { $0.id == asked })
    else { return support() }
    let teachers = Set(pupil.groups.flatMap(directory.teachers)).subtracting([actor]).sorted()
    return teachers.isEmpty ? support() : openPrivate(.mailbox, with: teachers, about: nil)
  }
}

/// The one word by which results are asked for in answer to a mail.
package enum ResultsWord {
  package static func offered(in language: Language) -> String { language == .english ? "results" : "toetsen" }

  /// Whether the first line is that word, in any language.
  ///
  /// - Parameter children: names of the writer's own, one of which may stand beside it.
  package static func isAsked(_ text: String, children: [String] = []) -> Bool {
    let words = Glossary.offered(firstLineOf: text, children: children)
    return words.count == 1 && words.first.flatMap { RouteWord($0) } == .results
  }
}
