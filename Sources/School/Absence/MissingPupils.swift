import Foundation

/// What a teacher sees and says: who is away, and who is missed.
extension AbsenceTalk {
  /// Who is away today, in one's own groups; for the desk in all.
  func tellList() -> Decision {
    let items = state.items(on: today, directory)
    let own = ownPupils
    var notices: [Notice] = []
    if !own.isEmpty { notices.append(list(own, items)) }
    if desk.contains(actor) || heads.contains(actor) {
      let facts = AbsenceFacts(.list, upTo: items.map(\.withoutWords), day: today, at: now)
      notices.append(.absence(.absenceBoard, to: actor, facts))
    }
    return notices.isEmpty ? question.help() : Decision(notices: notices)
  }

  private func list(_ own: [Pupil], _ items: [AbsenceFacts.Item]) -> Notice {
    .absence(.absenceGroup, to: actor, .list(of: own, items, day: today, at: now))
  }

  /// `afwezig Sem`: the parents are asked why, with one tap for each answer.
  func miss(_ pupils: [Pupil], after places: Int) -> Decision {
    var decision = Decision(basis: state.revision)
    var (asked, known): ([AbsenceFacts.Item], [AbsenceFacts.Item]) = ([], [])
    for pupil in pupils {
      if let away = state.items(on: today, directory).first(where: { $0.pupil == pupil.id }) {
        // Why is for the child's own teachers.
        known.append(teachers(of: away).contains(actor) ? away : away.withoutWords)
        continue
      }
      let report = AbsenceReport(
        pupil: pupil.id, kind: .unexplained, first: today, last: today, reporter: nil, askedBy: actor)
      let item = item(report, pupil, place: places + asked.count)
      asked.append(item)
      decision.changes.append(.absence(.report(report)))
      decision.notices += directory.guardians(of: pupil.id).filter { $0 != actor }.map {
        .absence(
          .absentQuestion, to: $0, AbsenceFacts(.question, items: [item.forParents], day: today, at: now), lane: .urgent
        )
      }
    }
    if !known.isEmpty {
      decision.notices.append(
        .absence(.absenceGroup, to: actor, AbsenceFacts(.list, items: known, day: today, at: now)))
    }
    // Nobody whom mail could ask: phone at once.
    let silent = asked.filter { directory.guardians(of: $0.pupil).isEmpty }
    for (stage, items) in [(AbsenceFacts.Stage.asked, asked.filter { !silent.contains($0) }), (.phone, silent)]
    where !items.isEmpty {
      decision.notices.append(.absence(.absentState, to: actor, AbsenceFacts(stage, items: items, day: today, at: now)))
    }
    return decision
  }
}

extension AbsenceFacts {
  init(_ stage: Stage, upTo items: [Item], day: CalendarDay, at: Date) {
    self.init(
      stage, items: Array(items.prefix(SchoolPolicy.mostAbsent)), day: day, at: at,
      more: max(0, items.count - SchoolPolicy.mostAbsent))
  }

  /// Of one teacher's children: who is away, and who may be missed with one tap.
  static func list(of pupils: [Pupil], _ items: [Item], day: CalendarDay, at: Date) -> AbsenceFacts {
    let own = Set(pupils.map(\.id))
    var facts = AbsenceFacts(.list, upTo: items.filter { own.contains($0.pupil) }, day: day, at: at)
    let away = Set(facts.items.map(\.pupil))
    facts.pupils = pupils.filter { !away.contains($0.id) }.map(\.name).sorted().prefix(SchoolPolicy.mostAbsent)
      .map(\.self)
    return facts
  }
}

extension AbsenceState {
  /// Who is away on a day, one line a child, by what was said last; in order of groups and names.
  func items(on day: CalendarDay, _ directory: Directory) -> [AbsenceFacts.Item] {
    var last: [PupilID: Absence] = [:]
    for one in absences where one.report.holds(on: day) { last[one.report.pupil] = one }
    return last.values.compactMap { one -> AbsenceFacts.Item? in
      guard let pupil = directory.pupils[one.report.pupil] else { return nil }
      var item = AbsenceFacts.Item(one.report, of: pupil, id: one.id, at: one.at)
      // Why somebody has leave was for the head.
      if one.report.kind != .leave { item.words = one.report.words }
      item.add(one.report.reporter, of: pupil, directory)
      return item
    }.sorted { ($0.group ?? "", $0.name, $0.pupil) < ($1.group ?? "", $1.name, $1.pupil) }
  }
}

// MARK: By the clock

/// The board: who is away today, to the desk and to each teacher of a child that is. Nil where it is not due: it was
/// made, or it is no school day, or its hour has not come or is long past. Made late, when no gateway was there at its
/// hour, it still is for the desk's register and the teachers' tomorrow; once school is over only where somebody was
/// away, and nobody is missed any more.
package func absenceBoard(
  _ state: AbsenceState, directory: Directory, policy: SchoolPolicy, now: Date
) -> Decision? {
  let command = Command(actor: AccountID(0), act: .askHelp, subject: "", body: MessageBody(text: ""))
  let talk = AbsenceTalk(
    question: Question(command: command, state: SchoolState(directory: directory, policy: policy), now: now),
    state: state)
  let (today, zone) = (talk.today, policy.timeZone)
  let isDue =
    talk.days.isSchoolDay(today) && !talk.isBoardMade && now >= today.moment(policy.absence.boardMinute, in: zone)
    && now < today.moment(max(policy.absence.endMinute, SchoolPolicy.latestBoard), in: zone)
  guard isDue else { return nil }
  let items = state.items(on: today, directory)
  let isOver = now >= today.moment(policy.absence.endMinute, in: zone)
  var notices = (isOver && items.isEmpty ? [] : talk.desk).map { account in
    let shown = items.map { talk.teachers(of: $0).isEmpty ? $0 : $0.withoutWords }
    return Notice.absence(.absenceBoard, to: account, AbsenceFacts(.list, upTo: shown, day: today, at: now))
  }
  for teacher in Set(items.flatMap(talk.teachers(of:))).sorted() {
    let groups = Set(directory.staff(of: teacher).flatMap(\.groups))
    let own = directory.pupils.values.filter { !$0.groups.isDisjoint(with: groups) }.sorted { $0.id < $1.id }
    var list = AbsenceFacts.list(of: own, items, day: today, at: now)
    if isOver { list.pupils = [] }
    notices.append(.absence(.absenceGroup, to: teacher, list))
  }
  return Decision(
    changes: [.absence(.board(dropsWordsBefore: today.adding(days: -SchoolPolicy.wordsKept)))], notices: notices,
    basis: state.revision)
}

/// Tells the teachers and the desk to phone the parents of children who are missed and of whom nobody said why in time.
/// Nil where there are none.
package func phoneParents(
  _ state: AbsenceState, directory: Directory, policy: SchoolPolicy, now: Date
) -> Decision? {
  let command = Command(actor: AccountID(0), act: .askHelp, subject: "", body: MessageBody(text: ""))
  let talk = AbsenceTalk(
    question: Question(command: command, state: SchoolState(directory: directory, policy: policy), now: now),
    state: state)
  var decision = Decision(basis: state.revision)
  for one in state.absences {
    let report = one.report
    guard report.kind == .unexplained, report.status == .stands, one.phonedAt == nil, report.first == talk.today,
      one.at.addingTimeInterval(SchoolPolicy.missingPatience) <= now, let pupil = directory.pupils[report.pupil]
    else { continue }
    decision.changes.append(.absence(.phone(one.id)))
    let parents = directory.guardians(of: pupil.id).flatMap(directory.names(of:))
    let asker = [report.askedBy].compactMap(\.self)
    for account in Set(asker + directory.teachers(of: pupil) + talk.desk).sorted() {
      let item = talk.item(report, pupil, id: one.id, at: one.at)
      decision.notices.append(
        .absence(
          .absentState, to: account,
          AbsenceFacts(.phone, items: [item], day: talk.today, at: now, parents: parents), lane: .urgent))
    }
  }
  return decision.changes.isEmpty ? nil : decision
}

extension Question {
  /// What is asked of absence; help where nothing is known of it.
  func absence(_ body: (AbsenceTalk) -> Decision) -> Decision {
    state.absence.map { body(AbsenceTalk(question: self, state: $0)) } ?? help()
  }

  /// A command on absence in a mail that is about something else, or nothing.
  func absenceAnywhere() -> Decision? {
    var question = self
    let needsName: Bool
    switch command.act {
    // Help proves nothing of who asks.
    case .askSupport, .answer(.support), .answer(.calendarWeek): needsName = false
    // It has commands of its own.
    case .answer(.absence): return nil
    case .write, .answer: needsName = true
    case .photos(let request) where request.ask == .words: needsName = true
    default: return nil
    }
    // Of a conversation the subject says what it once began with.
    if command.act != .askSupport { question.command.subject = "" }
    return state.absence.flatMap { AbsenceTalk(question: question, state: $0).anywhere(needsName: needsName) }
  }
}

/// Whether a mail may hold a command on absence, wherever it goes.
package enum AbsenceCommand {
  package static func mayStand(in text: String, subject: String) -> Bool {
    WrittenAbsence.isCommand(text) || WrittenAbsence.isCommand(subject) || mayTellOfHealth(text)
  }

  /// Octets of a text that may be a report; a longer one is a letter, whose writer knows who reads it.
  static let longestReport = 400

  /// Whether a short text speaks of illness.
  static func mayTellOfHealth(_ text: String) -> Bool {
    guard text.utf8.count <= longestReport else { return false }
    return !Glossary.sickness.isDisjoint(with: Glossary.words(text))
  }
}
