extension Question {
  /// Parents and staff ask for the lists of their groups; parents say what they show of themselves.
  func classList(_ request: ClassListRequest) -> Decision {
    if case .set(let shows, let fields, let child) = request.ask { return set(fields, shows: shows, child: child) }
    let own = directory.classListGroups(for: actor)
    let words = readCommands().words
    guard let word = request.group else {
      return own.isEmpty ? refuse(.noChildHere) : lists(own).and(classListWords(words))
    }
    guard let group = directory.group(routeWord: word) else { return refuse(.unknownGroup, asked: word) }
    return own.contains(group) ? lists([group]).and(classListWords(words)) : refuse(.notYourGroup, asked: word)
  }

  /// Words of a parent that are no command and ask for no list are for a person.
  private func classListWords(_ lines: [String]) -> Decision {
    lines.isEmpty || directory.isStaff(actor) ? Decision() : support()
  }

  /// The commands of a mail's lines, and the lines that are none.
  private func readCommands() -> (asks: [ClassListRequest.Ask], words: [String]) {
    let own = Set(directory.names(of: actor).flatMap(Glossary.words))
    let lines = Written.lines(String(Glossary.withoutGreeting(command.body.text)))
    let said = Written.withoutClosing(lines).filter { line in
      let words = Glossary.words(line)
      return !own.isSuperset(of: words) && !(words.count <= 6 && Glossary.isFarewell(words))
    }
    var (asks, words): ([ClassListRequest.Ask], [String]) = ([], [])
    for line in said.prefix(SchoolPolicy.mostCommandLines) {
      if let ask = ClassListRequest.Ask.answer(line) {
        asks.append(ask)
      } else if !Glossary.words(line).allSatisfy({ Glossary.listAsks.contains($0) || RouteWord($0) == .classList }) {
        words.append(line)
      }
    }
    return (asks, words + said.dropFirst(SchoolPolicy.mostCommandLines))
  }

  private func lists(_ groups: [SchoolGroup]) -> Decision {
    let facts = ClassListFacts(
      groups: groups.prefix(ClassList.mostGroups).map(\.id), more: max(0, groups.count - ClassList.mostGroups))
    return Decision(notices: [toActor(.classList, replyTarget: .classList, facts: NoticeFacts(classList: facts))])
  }

  /// Only for one's own children, and only what is one's own: the other parent decides on theirs. Each line counts, and
  /// the last of two that say the opposite; what is not understood is for a person.
  private func set(_ fields: [ContactField], shows: Bool, child: String?) -> Decision {
    let own = directory.pupils(of: actor)
    guard !own.isEmpty else { return refuse(.noChildHere) }
    guard let first = children(child, own) else { return refuse(.unknownChild, asked: child) }
    var wanted = steps(first, fields, shows)
    var (asks, words) = readCommands()
    // The first line asked it, or else the subject.
    if asks.first == .set(shows: shows, fields, child: child) { asks.removeFirst() }
    for case .set(let shows, let fields, let child) in asks {
      guard let pupils = children(child, own) else {
        words.append(child ?? "")
        continue
      }
      for step in steps(pupils, fields, shows) {
        wanted.removeAll { $0.pupil == step.pupil && $0.field == step.field }
        wanted.append(step)
      }
    }
    return show(wanted).and(classListWords(words))
  }

  /// Those whom a command means; nil for a name that is none of them, or of several.
  private func children(_ name: String?, _ own: [Pupil]) -> [Pupil]? {
    guard let name else { return own }
    return Likeness.clear(Likeness(name).ranked(own.map { (name: $0.name, value: $0) })).map { [$0] }
  }

  private func steps(_ pupils: [Pupil], _ fields: [ContactField], _ shows: Bool) -> [ClassListFacts.Step] {
    pupils.flatMap { pupil in fields.map { ClassListFacts.Step(pupil: pupil.id, field: $0, shows: shows) } }
  }

  private func show(_ wanted: [ClassListFacts.Step]) -> Decision {
    var changes: [Change] = []
    var steps: [ClassListFacts.Step] = []
    for step in wanted {
      let carers = directory.carers(of: actor, over: step.pupil).filter {
        ($0.shown[step.pupil]?.contains(step.field) ?? false) != step.shows
      }
      guard !carers.isEmpty else { continue }
      changes.append(
        .classList(
          ClassListChange(carers: carers.map(\.id), pupil: step.pupil, field: step.field, shows: step.shows)))
      steps.append(step)
    }
    return Decision(
      changes: changes,
      notices: [
        toActor(
          .classListReceipt, replyTarget: .classList, facts: NoticeFacts(classList: ClassListFacts(steps: steps)))
      ])
  }
}
