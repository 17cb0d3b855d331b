import Foundation

/// Answers to what the gateway itself said of absence.
extension AbsenceTalk {
  func answer() -> Decision {
    guard let facts = state.answered else { return anywhere(needsName: false) ?? question.support() }
    let body = question.command.body
    let text = body.isEmpty ? question.command.subject : body.text
    // The mail may be old: whose children they are is judged now.
    let charges = Set(directory.charges(of: actor).map(\.id))
    let pupils = facts.items.compactMap { directory.pupils[$0.pupil] }
      .filter { isStaff || charges.contains($0.id) }
    if facts.stage == .question { return explain(facts, text) }
    if facts.stage == .leaveAsked, let answer = LeaveAnswer(text), facts.items.first?.by != actor {
      return settleLeave(facts, answer)
    }
    if let asked = stillAsked(facts) { return pass(pupils, to: .deskAlone).and(asked) }
    if facts.stage == .which, let claim = facts.claim, let decision = named(text, claim, pupils) { return decision }
    if question.command.word == .retract { return retract(facts) }
    if question.command.word == .help { return question.help() }
    let named = isStaff ? pupils : directory.charges(of: actor)
    let written = WrittenAbsence.read(
      subject: "", text: text, route: isStaff ? nil : .sick, isAnswer: true, today: today,
      isNamed: { names($0, named) })
    if case .parts(let parts) = written, isStaff || !charges.isEmpty, parts.allSatisfy({ isNews($0, named, pupils) }) {
      return act(on: parts, or: isStaff ? [] : pupils)
    }
    // Why leave was asked, and what was decided of it, is no teacher's.
    if isOfLeave(facts.stage), heads.contains(actor) { return pass(pupils, to: .deskAlone) }
    return pass(pupils.count == 1 ? pupils : [])
  }

  private func isOfLeave(_ stage: AbsenceFacts.Stage) -> Bool {
    [.leaveAsked, .leaveGranted, .leaveRejected, .leaveWithdrawn].contains(stage)
  }

  /// False for a sentence on a sickness that another parent reported ("wat vervelend dat Noor ziek is"), and for one on
  /// the return of a child that is not sick: a person reads it.
  private func isNews(_ part: WrittenAbsence.Part, _ charges: [Pupil], _ answered: [Pupil]) -> Bool {
    guard !part.isCommand else { return true }
    let named = charges.filter { names(part.naming, [$0]) }
    let meant = Set((named.isEmpty ? answered : named).map(\.id))
    let sick = state.absences.map(\.report).filter {
      $0.kind == .sick && $0.status == .stands && meant.contains($0.pupil)
    }
    return switch part.claim.word {
    case .sick: !sick.contains { $0.reporter != actor }
    case .better: !sick.isEmpty
    default: true
    }
  }

  /// The question whether leave is granted, once more, to a head whose answer said neither; nil where it was another
  /// question, or is answered.
  private func stillAsked(_ facts: AbsenceFacts) -> Decision? {
    guard facts.stage == .leaveAsked, heads.contains(actor), let item = facts.items.first, item.by != actor,
      ![.retract, .help].contains(question.command.word),
      state.absences.contains(where: { $0.id == item.id && $0.report.status == .asked })
    else { return nil }
    return Decision(notices: [.absence(.leaveRequest, to: actor, facts)])
  }

  /// The child that was asked for; what was said of it before stands.
  private func named(_ text: String, _ claim: AbsenceClaim, _ pupils: [Pupil]) -> Decision? {
    guard let line = Glossary.firstLine(of: text, most: 200) else { return nil }
    var words = claim
    let command = AbsenceLineReader(today: today).command(String(line))
    if let command { words.word = command.word }
    let naming = command?.rest ?? String(line)
    let finder = PupilFinder(pupils, in: directory)
    guard finder.names(naming) || pupils.count > 1 else { return nil }
    let found = finder.find(in: naming, isCommand: true)
    guard !found.pupils.isEmpty else { return nil }
    return note(words, found.pupils, after: 0)
  }

  // MARK: Taking back

  /// `herstel` takes back what that mail told, as far as it still stands and is theirs.
  private func retract(_ facts: AbsenceFacts) -> Decision {
    let own = facts.items.compactMap { item in
      state.absences.first { one in
        one.id == item.id
          && (one.report.reporter == actor || (one.report.askedBy == actor && one.report.kind == .unexplained)
            || (facts.stage == .recovered && item.by == actor))
      }.map { (item: item, absence: $0) }
    }
    var decision = Decision(basis: state.revision)
    for (item, absence) in own {
      let report = absence.report
      guard let pupil = directory.pupils[report.pupil] else { continue }
      if facts.stage == .recovered {
        guard report.stands(asEndedOn: item.first) else { continue }
        decision = decision.and(restore(absence, pupil, last: item.last))
      } else if report.kind == .unexplained, report.status == .stands {
        decision = decision.and(withdraw(absence, pupil, .present))
      } else if report.kind == .leave, report.status == .stands || report.status == .asked {
        decision = decision.and(withdrawLeave(absence, pupil))
      } else if report.status == .stands {
        decision = decision.and(withdraw(absence, pupil, .retracted))
      }
    }
    return decision.changes.isEmpty ? Decision(notices: [receipt(AbsenceFacts(.nothing, at: now))]) : decision
  }

  private func restore(_ absence: Absence, _ pupil: Pupil, last: CalendarDay?) -> Decision {
    var report = absence.report
    (report.status, report.last) = (.stands, last)
    let restored = item(report, pupil, id: absence.id)
    var shown = restored
    // Who ended another's report does not learn from it why that other kept the child at home.
    if report.reporter != actor { shown.words = nil }
    return Decision(
      changes: [.absence(.settle(absence.id, .stands)), .absence(.end(absence.id, last: last))],
      notices: [receipt(AbsenceFacts(.noted, items: [shown], at: now))] + told(.noted, [restored])
        + staffSinceBoard(.addition, [restored]), basis: state.revision)
  }

  /// Of a child that a teacher missed, those who were asked are told at once that it is there.
  private func withdraw(_ absence: Absence, _ pupil: Pupil, _ stage: AbsenceFacts.Stage) -> Decision {
    let item = item(absence.report, pupil, id: absence.id)
    let notices =
      stage == .present
      ? [.absence(.absentState, to: actor, AbsenceFacts(.present, items: [item], at: now))]
        + told(.present, [item], lane: .urgent)
      : [receipt(AbsenceFacts(.retracted, items: [item], at: now))] + told(.retracted, [item])
        + staffSinceBoard(.retracted, [item])
    return Decision(
      changes: [.absence(.settle(absence.id, .withdrawn))], notices: notices, basis: state.revision)
  }

  private func withdrawLeave(_ absence: Absence, _ pupil: Pupil) -> Decision {
    var item = item(absence.report, pupil, id: absence.id)
    item.words = nil
    var notices = [receipt(AbsenceFacts(.leaveWithdrawn, items: [item], at: now))]
    notices += heads.filter { $0 != actor }.map {
      .absence(.leaveRequest, to: $0, AbsenceFacts(.leaveWithdrawn, items: [item], at: now))
    }
    if absence.report.status == .stands {
      notices += told(.leaveWithdrawn, [item])
      notices += teachers(of: item).filter { $0 != actor && !heads.contains($0) }.map {
        .absence(.absenceGroup, to: $0, AbsenceFacts(.leaveWithdrawn, items: [item.withoutWords], at: now))
      }
    }
    return Decision(
      changes: [.absence(.settle(absence.id, .withdrawn))], notices: notices, basis: state.revision)
  }

  // MARK: Why

  /// The parents' answer to the question why a child is missed: whatever it says goes to the teacher.
  private func explain(_ facts: AbsenceFacts, _ text: String) -> Decision {
    guard let asked = facts.items.first, let pupil = directory.pupils[asked.pupil] else { return question.support() }
    let missed = state.absences.first { $0.id == asked.id }
    guard let missed, missed.report.status == .stands, directory.hasAuthority(actor, over: pupil.id) else {
      return pass([pupil])
    }
    var claim = AbsenceClaim(
      .other, words: Written.reason(Written.withoutClosing(Written.lines(text)).joined(separator: "\n")))
    let written = WrittenAbsence.read(subject: "", text: text, route: .other, today: today, isNamed: { _ in true })
    if case .parts(let parts) = written, let only = parts.first, parts.count == 1 {
      let isKnown = only.claim.word == .sick || only.claim.word == .late || only.claim.word == .other
      if isKnown { (claim.word, claim.minute) = (only.claim.word, only.claim.minute) }
      if isKnown, only.isCommand {
        claim.words = Written.withoutNames(only.claim.words, [pupil], hours: claim.minute != nil)
      }
    }
    let report = AbsenceReport(
      pupil: pupil.id, kind: claim.word.kind ?? .other, first: missed.report.first,
      last: claim.word == .sick ? nil : missed.report.first, minute: claim.minute, words: claim.words, reporter: actor,
      askedBy: missed.report.askedBy)
    let item = item(report, pupil, id: missed.id)
    return Decision(
      changes: explain(missed, report),
      notices: [receipt(AbsenceFacts(.noted, items: [item], at: now))] + told(.noted, [item]) + answered([item]),
      basis: state.revision)
  }

  /// To the teachers, who wait for it; also, without why, to another of the staff who missed the child.
  func answered(_ items: [AbsenceFacts.Item]) -> [Notice] {
    let told = staff(.answered, items, .absentState, lane: .urgent)
    var byAsker: [AccountID: [AbsenceFacts.Item]] = [:]
    for item in items {
      guard let asker = state.absences.first(where: { $0.id == item.id })?.report.askedBy, asker != actor,
        !told.contains(where: { $0.recipient == .account(asker) })
      else { continue }
      byAsker[asker, default: []].append(item.withoutWords)
    }
    return told
      + byAsker.keys.sorted().map {
        .absence(
          .absentState, to: $0, AbsenceFacts(.answered, items: byAsker[$0] ?? [], day: today, at: now), lane: .urgent)
      }
  }
}

extension AbsenceReport {
  /// Whether it is as a `beter` from a day on left it: what was decided of it since stays as it is.
  fileprivate func stands(asEndedOn day: CalendarDay) -> Bool {
    first >= day ? status == .withdrawn : status == .stands && last == day.adding(days: -1)
  }
}
