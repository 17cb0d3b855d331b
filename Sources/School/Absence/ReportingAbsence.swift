import Foundation

/// What parents report: sickness, lateness, recovery, and leave that they ask for.
extension AbsenceTalk {
  /// Each parent's report is their own: neither ends nor sees the other's words.
  func report(_ kind: AbsenceKind, _ claim: AbsenceClaim, _ pupils: [Pupil], after places: Int) -> Decision {
    let day = claim.first.map { days.isSchoolDay($0) ? $0 : days.next(after: $0) } ?? days.current(at: now)
    var decision = Decision(basis: state.revision)
    var (items, new, explained): ([AbsenceFacts.Item], [AbsenceFacts.Item], [AbsenceFacts.Item]) = ([], [], [])
    var count = places
    for pupil in pupils {
      var report = AbsenceReport(
        pupil: pupil.id, kind: kind, first: day, last: kind == .sick ? nil : day, minute: claim.minute,
        words: claim.words, reporter: actor)
      if let missed = standing(pupil, .unexplained, on: day) {
        decision.changes += explain(missed, report)
        explained.append(item(report, pupil, id: missed.id))
        items.append(item(report, pupil, id: missed.id))
      } else if let own = standing(pupil, kind, on: day, by: actor) {
        report.first = own.report.first
        report.words = claim.words ?? own.report.words
        decision.changes += explain(own, report)
        items.append(item(report, pupil, id: own.id))
        if claim.words != nil || claim.minute != own.report.minute {
          decision.notices += staffSinceBoard(.addition, items.suffix(1))
        }
      } else {
        decision.changes.append(.absence(.report(report)))
        new.append(item(report, pupil, place: count))
        items.append(item(report, pupil, place: count))
        count += 1
      }
    }
    decision.notices =
      [receipt(AbsenceFacts(.noted, items: items, at: now))] + told(.noted, new + explained)
      + staffSinceBoard(.addition, new) + (explained.isEmpty ? [] : answered(explained)) + decision.notices
    return decision
  }

  func explain(_ absence: Absence, _ report: AbsenceReport) -> [Change] {
    let change = AbsenceChange.explain(
      absence.id, report.kind, minute: report.minute, words: report.words, by: actor)
    return [.absence(change)]
      + (absence.report.last == report.last ? [] : [.absence(.end(absence.id, last: report.last))])
  }

  func standing(_ pupil: Pupil, _ kind: AbsenceKind, on day: CalendarDay, by reporter: AccountID? = nil) -> Absence? {
    state.absences.last { one in
      one.report.pupil == pupil.id && one.report.kind == kind && one.report.holds(on: day)
        && (reporter == nil || one.report.reporter == reporter)
    }
  }

  // MARK: Better

  /// Who has full authority ends whatever was reported; who has not, only what they reported themselves.
  func recover(_ claim: AbsenceClaim, _ pupils: [Pupil]) -> Decision {
    let day = claim.first.map { days.isSchoolDay($0) ? $0 : days.next(after: $0) } ?? days.back(at: now)
    var decision = Decision(basis: state.revision)
    var items: [AbsenceFacts.Item] = []
    for pupil in pupils {
      let mayEndAll = isStaff || directory.hasAuthority(actor, over: pupil.id)
      let sick = state.absences.filter { one in
        let report = one.report
        return report.pupil == pupil.id && report.kind == .sick && report.status == .stands
          && report.last.map { $0 >= day } ?? true && (mayEndAll || report.reporter == actor)
      }
      for one in sick {
        decision.changes.append(
          one.report.first >= day
            ? .absence(.settle(one.id, .withdrawn)) : .absence(.end(one.id, last: day.adding(days: -1))))
        var ended = item(one.report, pupil, id: one.id, at: now)
        (ended.first, ended.words) = (day, nil)
        ended.add(actor, of: pupil, directory)
        items.append(ended)
      }
    }
    guard !items.isEmpty else { return Decision(notices: [receipt(AbsenceFacts(.nothing, at: now))]) }
    var seen: Set<PupilID> = []
    let children = items.filter { seen.insert($0.pupil).inserted }
    decision.notices =
      [receipt(AbsenceFacts(.recovered, items: items, at: now))] + told(.recovered, children)
      + staffSinceBoard(.recovered, children)
    return decision
  }

  // MARK: Leave

  /// It is for those with full authority to ask, and for the head to grant.
  func askLeave(_ claim: AbsenceClaim, _ pupils: [Pupil], after places: Int) -> Decision {
    guard isStaff || pupils.allSatisfy({ directory.hasAuthority(actor, over: $0.id) }) else {
      return question.refuse(.leaveAuthority)
    }
    guard let first = claim.first, let last = claim.last else { return pass(pupils, to: .head) }
    let isAllowed =
      today <= first && first <= last && last < first.adding(days: SchoolPolicy.longestLeave)
      && first <= today.adding(days: SchoolPolicy.farthestLeave)
    guard isAllowed else { return question.refuse(.leaveDates) }
    let readers = heads.filter { $0 != actor }
    guard !readers.isEmpty else { return pass(pupils) }
    var decision = Decision(basis: state.revision)
    var items: [AbsenceFacts.Item] = []
    for (place, pupil) in pupils.enumerated() {
      let report = AbsenceReport(
        pupil: pupil.id, kind: .leave, status: .asked, first: first, last: last, words: claim.words, reporter: actor)
      decision.changes.append(.absence(.report(report)))
      items.append(item(report, pupil, place: places + place))
    }
    decision.notices = [receipt(AbsenceFacts(.leaveAsked, items: items, at: now))]
    // One mail a child: each is answered by one word.
    for one in items {
      decision.notices += readers.map {
        .absence(.leaveRequest, to: $0, AbsenceFacts(.leaveAsked, items: [one], at: now))
      }
    }
    return decision
  }

  /// The head's answer; the first counts.
  func settleLeave(_ facts: AbsenceFacts, _ answer: LeaveAnswer) -> Decision {
    guard heads.contains(actor) else { return question.refuse(.notStaff) }
    guard let one = facts.items.first, let asked = state.absences.first(where: { $0.id == one.id }),
      asked.report.status == .asked, let reporter = asked.report.reporter
    else { return question.refuse(.nothingHeld) }
    let stage: AbsenceFacts.Stage
    var reason: String?
    switch answer {
    case .granted(let words):
      // A name below it is no words.
      let own = Set(directory.names(of: actor).flatMap(Glossary.words))
      (stage, reason) = (.leaveGranted, words.flatMap { own.isSuperset(of: Glossary.words($0)) ? nil : $0 })
    case .rejected(let words): (stage, reason) = (.leaveRejected, words)
    }
    var shown = one
    shown.words = nil
    var told = AbsenceFacts(stage, items: [shown.forParents], at: now, words: reason)
    told.items[0].id = one.id
    var notices = [Notice.absence(.absenceReceipt, to: reporter, told)]
    notices += heads.map {
      .absence(.leaveRequest, to: $0, AbsenceFacts(stage, items: [shown], at: now, words: reason))
    }
    if stage == .leaveGranted {
      notices += directory.guardians(of: one.pupil).filter { $0 != reporter }.map {
        .absence(.absenceTold, to: $0, AbsenceFacts(stage, items: [shown.forParents], at: now))
      }
      notices += teachers(of: one).filter { !heads.contains($0) }.map {
        .absence(.absenceGroup, to: $0, AbsenceFacts(stage, items: [shown.withoutWords], at: now))
      }
    }
    return Decision(
      changes: [.absence(.settle(asked.id, stage == .leaveGranted ? .stands : .rejected))], notices: notices,
      basis: state.revision)
  }

  func teachers(of item: AbsenceFacts.Item) -> [AccountID] {
    directory.pupils[item.pupil].map(directory.teachers(of:)) ?? []
  }
}
