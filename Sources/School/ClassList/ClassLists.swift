extension Question {
  /// Parents and staff ask for the lists of their groups; parents say what they show of themselves.
  func classList(_ request: ClassListRequest) -> Decision {
    if case .set(let shows, let fields, let child) = request.ask { return set(fields, shows: shows, child: child) }
    let own = directory.classListGroups(for: actor)
    guard let word = request.group else {
      return own.isEmpty ? refuse(.noChildHere) : lists(own)
    }
    guard let group = directory.group(routeWord: word) else { return refuse(.unknownGroup, asked: word) }
    return own.contains(group) ? lists([group]) : refuse(.notYourGroup, asked: word)
  }

  private func lists(_ groups: [SchoolGroup]) -> Decision {
    let facts = ClassListFacts(
      groups: groups.prefix(ClassList.mostGroups).map(\.id), more: max(0, groups.count - ClassList.mostGroups))
    return Decision(notices: [toActor(.classList, replyTarget: .classList, facts: NoticeFacts(classList: facts))])
  }

  /// Only for one's own children, and only what is one's own: the other parent decides on theirs.
  private func set(_ fields: [ContactField], shows: Bool, child: String?) -> Decision {
    let own = directory.pupils(of: actor)
    guard !own.isEmpty else { return refuse(.noChildHere) }
    var meant = own
    if let child {
      let ranked = Likeness(child).ranked(own.map { (name: $0.name, value: $0) })
      guard let pupil = Likeness.clear(ranked) else { return refuse(.unknownChild, asked: child) }
      meant = [pupil]
    }
    var changes: [Change] = []
    var steps: [ClassListFacts.Step] = []
    for pupil in meant {
      for field in fields {
        let carers = directory.carers(of: actor, over: pupil.id).filter {
          ($0.shown[pupil.id]?.contains(field) ?? false) != shows
        }
        guard !carers.isEmpty else { continue }
        changes.append(
          .classList(ClassListChange(carers: carers.map(\.id), pupil: pupil.id, field: field, shows: shows)))
        steps.append(.init(pupil: pupil.id, field: field, shows: shows))
      }
    }
    return Decision(
      changes: changes,
      notices: [
        toActor(
          .classListReceipt, replyTarget: .classList, facts: NoticeFacts(classList: ClassListFacts(steps: steps)))
      ])
  }
}
