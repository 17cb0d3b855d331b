import Foundation

/// What somebody says of absence, before what is known of it. The files beside this one answer one kind of thing each.
struct AbsenceTalk {
  let question: Question
  let state: AbsenceState

  var actor: AccountID { question.actor }
  var directory: Directory { question.directory }
  var policy: SchoolPolicy { question.policy }
  var now: Date { question.now }
  var days: SchoolDays { SchoolDays(policy: policy, freeDays: state.freeDays) }
  var today: CalendarDay { CalendarDay(now, in: policy.timeZone) }
  var isStaff: Bool { directory.isStaff(actor) }

  var desk: [AccountID] { policy.absence.desk.isEmpty ? question.supportDesk : policy.absence.desk }
  var heads: [AccountID] {
    if !policy.absence.head.isEmpty { return policy.absence.head }
    let heads = Set(directory.staff.values.filter { $0.roles.contains("DIR") }.compactMap(\.account)).sorted()
    return heads.isEmpty ? question.supportDesk : heads
  }

  /// What comes after it is told at once. One that a clock made which ran ahead is none of today.
  var isBoardMade: Bool {
    state.boardAt >= today.moment(policy.absence.boardMinute, in: policy.timeZone)
      && state.boardAt <= now.addingTimeInterval(60)
  }

  // MARK: What was written

  /// A mail to `ziek` or `verlof`.
  func write(_ route: AbsenceWord) -> Decision {
    let charges = directory.charges(of: actor)
    guard isStaff || !charges.isEmpty else { return question.refuse(.noChildHere) }
    switch read(route) {
    case .parts(let parts): return act(on: parts)
    case .empty: return isStaff ? tellList() : ask(AbsenceClaim(route), charges)
    case .unclear:
      let body = question.command.body
      if isStaff, body.isEmpty || question.command.word == .state { return tellList() }
      return pass(named, to: route == .leave ? .head : .deskAndTeachers)
    }
  }

  /// The same where the address says nothing of it: a command with a child's name behind it, or that can only be meant
  /// so. Nil for all else: `Te laat gelezen, Noor komt morgen` is a letter.
  func anywhere(needsName: Bool) -> Decision? {
    let written = read(nil)
    guard case .parts(let parts) = written, parts.allSatisfy({ $0.isCommand && $0.claim.word != .other }) else {
      return askUnposted()
    }
    let isMeant = parts.allSatisfy { part in
      if isStaff && part.claim.word == .missing { return names(part.naming, directory.pupils.values) }
      return says(part, needsName: needsName)
    }
    return isMeant ? act(on: parts) : askUnposted()
  }

  /// A comment would tell all parents of a child's health: a short one that names a child of the writer beside a word
  /// of illness is asked about. Nil for all else, and for an answer by number, of which nothing is public.
  private func askUnposted() -> Decision? {
    let text = question.command.body.text
    guard isPublic, AbsenceCommand.mayTellOfHealth(text),
      question.state.offer.map({ OfferReply(text, terms: $0.terms, isOpen: $0.offer.isOpen(at: now)) == .comment })
        ?? true
    else { return nil }
    let children = directory.charges(of: actor).filter { names(text, [$0]) }
    guard !children.isEmpty else { return nil }
    var asked = ask(AbsenceClaim(.sick, words: Written.reason(text)), children)
    for place in asked.notices.indices { asked.notices[place].facts.absence?.isUnposted = true }
    return asked
  }

  /// What is no command is posted.
  private var isPublic: Bool {
    switch question.command.act {
    case .answer(.thread): question.state.thread?.thread.kind == .schoolyard
    case .answer(.digest): true
    default: false
    }
  }

  private func says(_ part: WrittenAbsence.Part, needsName: Bool) -> Bool {
    let charges = directory.charges(of: actor)
    guard !charges.isEmpty else { return false }
    let words = Glossary.words(part.naming.prefix(SchoolPolicy.longestNaming))
    if let name = words.first(where: { !Glossary.own.contains($0) }), names(name, charges) { return true }
    let isOfSchoolyard = question.state.thread?.thread.kind == .schoolyard || !question.state.digest.isEmpty
    if isOfSchoolyard, part.claim.word == .sick, names(part.naming, charges) { return true }
    guard !needsName, Glossary.reporting.isDisjoint(with: words) else { return false }
    let isInSubject = !WrittenAbsence.isCommand(question.command.body.text)
    return words.isEmpty || isInSubject || part.claim.word == .sick || part.claim.minute != nil
      || part.claim.first != nil
  }

  private func read(_ route: AbsenceWord?) -> WrittenAbsence.Reading {
    let (subject, text) = (question.command.subject, question.command.body.text)
    let finder = PupilFinder(candidates, in: directory)
    return WrittenAbsence.read(subject: subject, text: text, route: route, today: today, isNamed: finder.names)
  }

  private var candidates: [Pupil] { isStaff ? Array(directory.pupils.values) : directory.charges(of: actor) }

  func names(_ text: String, _ pupils: some Sequence<Pupil>) -> Bool {
    PupilFinder(Array(pupils), in: directory).names(text)
  }

  /// The children whom the mail names; the only one where it names none.
  private var named: [Pupil] {
    let charges = directory.charges(of: actor)
    let text = "\(question.command.subject) \(question.command.body.text)"
    return PupilFinder(charges, in: directory).find(in: text, isCommand: false).pupils
  }

  // MARK: What is meant

  func act(on parts: [WrittenAbsence.Part], or known: [Pupil] = []) -> Decision {
    var decision = Decision()
    var spoken: [Pupil] = []
    for part in parts {
      var found = find(part)
      if !known.isEmpty, !names(part.naming, found.pupils + found.options) { found = .init(pupils: known) }
      guard found.options.count <= SchoolPolicy.mostReported else {
        decision = decision.and(question.refuse(.unknownChild, asked: MessageBody(text: part.naming).excerpt))
        continue
      }
      var claim = part.claim
      if part.isCommand { claim.words = Written.withoutNames(claim.words, found.pupils, hours: claim.minute != nil) }
      if !found.pupils.isEmpty { decision = decision.and(note(claim, found.pupils, after: decision.newAbsences)) }
      if !found.options.isEmpty { decision = decision.and(ask(claim, found.options)) }
      if claim.word == .better, saysMore(claim.words, found.pupils) { spoken += found.pupils }
    }
    return (spoken.isEmpty || decision.opensThread ? decision : decision.and(speak(of: spoken))).withOneMailEach
  }

  /// `beter Noor, maar zij mag nog niet gymmen`: nothing keeps these words, and somebody must read them.
  private func saysMore(_ words: String?, _ pupils: [Pupil]) -> Bool {
    let names = Set(pupils.flatMap { Glossary.words($0.name) })
    let known = Glossary.absenceFillers.union(Glossary.recovery).union(Glossary.degrees).union(names)
    return !isStaff && Glossary.words(words ?? "").count { !known.contains($0) } >= 3
  }

  private func find(_ part: WrittenAbsence.Part) -> PupilFinder.Found {
    let charges = directory.charges(of: actor)
    let find = { (pupils: [Pupil]) in
      PupilFinder(pupils, in: directory).find(in: part.naming, isCommand: part.isCommand)
    }
    guard isStaff else { return find(charges) }
    if part.claim.word != .missing, names(part.naming, charges) { return find(charges) }
    let own = ownPupils
    return !own.isEmpty && (names(part.naming, own) || !names(part.naming, directory.pupils.values))
      ? find(own) : find(directory.pupils.values.sorted { $0.id < $1.id })
  }

  /// Of the groups that they teach.
  var ownPupils: [Pupil] {
    let groups = Set(directory.staff(of: actor).flatMap(\.groups))
    return directory.pupils.values.filter { !$0.groups.isDisjoint(with: groups) }.sorted { $0.id < $1.id }
  }

  /// Which of them?
  func ask(_ claim: AbsenceClaim, _ options: [Pupil]) -> Decision {
    let items = options.map { pupil in
      AbsenceFacts.Item(
        AbsenceReport(pupil: pupil.id, kind: claim.word.kind ?? .sick, first: today, last: today, reporter: actor),
        of: pupil)
    }
    let facts = AbsenceFacts(.which, items: items, at: now, words: claim.words, claim: claim)
    return Decision(notices: [receipt(facts)])
  }

  func note(_ claim: AbsenceClaim, _ pupils: [Pupil], after places: Int) -> Decision {
    switch claim.word {
    case .sick: report(.sick, claim, pupils, after: places)
    case .late: report(.late, claim, pupils, after: places)
    case .missing where isStaff: miss(pupils, after: places)
    case .other, .missing: report(.other, claim, pupils, after: places)
    case .better: recover(claim, pupils)
    case .leave: askLeave(claim, pupils, after: places)
    }
  }

  enum Reader { case head, deskAlone, deskAndTeachers }

  /// To a person, as a rule the desk and the teachers of the child; the sender is told.
  func pass(_ pupils: [Pupil], to reader: Reader = .deskAndTeachers) -> Decision {
    let readers =
      switch reader {
      case .head: heads
      case .deskAlone: desk
      case .deskAndTeachers: desk + pupils.flatMap(directory.teachers(of:))
      }
    guard let opened = converse(pupils, with: readers) else { return question.support() }
    let body = question.command.body
    let written = body.isEmpty ? MessageBody(text: question.command.subject) : body
    let facts = AbsenceFacts(
      .passed, at: now, words: written.excerpt,
      pupils: isStaff ? [] : directory.charges(of: actor).map(\.name))
    return opened.adding(receipt(facts))
  }

  /// To the teachers of the children; to the desk where they have none whom mail reaches.
  private func speak(of pupils: [Pupil]) -> Decision {
    let teachers = pupils.flatMap(directory.teachers(of:))
    return converse(pupils, with: teachers.isEmpty ? desk : teachers) ?? Decision()
  }

  /// A conversation that begins with what was written; nil where nobody else reads it.
  private func converse(_ pupils: [Pupil], with readers: [AccountID]) -> Decision? {
    let readers = Set(readers).subtracting([actor]).sorted()
    guard !readers.isEmpty else { return nil }
    var command = question.command
    // What a locked phone shows of the mail to the teacher says nothing of health.
    let language = directory.accounts[actor]?.language ?? .dutch
    if command.body.isEmpty { command.body.text = command.subject }
    command.subject = pupils.isEmpty ? Glossary.attendance(language) : pupils.map(\.name).joined(separator: ", ")
    return Question(command: command, state: question.state, now: now).openPrivate(.mailbox, with: readers, about: nil)
  }

  // MARK: Mails

  /// Who wrote it knows by whom it is, and when.
  func receipt(_ facts: AbsenceFacts) -> Notice {
    var all = NoticeFacts()
    all.absence = facts
    all.absence?.items = facts.items.map { item in
      var item = item
      (item.group, item.reporter, item.isDoubtful, item.at) = (nil, nil, nil, nil)
      return item
    }
    return question.toActor(.absenceReceipt, replyTarget: .absence, facts: all)
  }

  func item(
    _ report: AbsenceReport, _ pupil: Pupil, id: AbsenceID? = nil, place: Int? = nil, at: Date? = nil
  ) -> AbsenceFacts.Item {
    var item = AbsenceFacts.Item(report, of: pupil, id: id, place: place, at: at ?? now)
    item.words = report.words
    item.add(report.reporter, of: pupil, directory)
    return item
  }

  /// To the other parents with full authority, who have not said the same themselves.
  func told(_ stage: AbsenceFacts.Stage, _ items: [AbsenceFacts.Item], lane: Lane = .normal) -> [Notice] {
    var byParent: [AccountID: [AbsenceFacts.Item]] = [:]
    for item in items {
      for parent in directory.guardians(of: item.pupil) where parent != actor {
        let saidSo = state.absences.contains { one in
          one.report.reporter == parent && one.report.pupil == item.pupil && one.report.kind == item.kind
            && one.report.holds(on: item.first)
        }
        guard !saidSo || stage != .noted else { continue }
        var shown = item.forParents
        // Whose it is not can take nothing back.
        (shown.id, shown.place) = (nil, nil)
        byParent[parent, default: []].append(shown)
      }
    }
    return byParent.keys.sorted().map { parent in
      .absence(.absenceTold, to: parent, AbsenceFacts(stage, items: byParent[parent] ?? [], at: now), lane: lane)
    }
  }

  /// To the teachers, with why, and to the desk, without; nobody hears of what they wrote themselves.
  func staff(
    _ stage: AbsenceFacts.Stage, _ items: [AbsenceFacts.Item], _ kind: NoticeKind = .absenceGroup, lane: Lane = .normal
  ) -> [Notice] {
    var byTeacher: [AccountID: [AbsenceFacts.Item]] = [:]
    var atDesk: [AbsenceFacts.Item] = []
    for item in items {
      let teachers = directory.pupils[item.pupil].map(directory.teachers(of:)) ?? []
      for teacher in teachers where teacher != actor { byTeacher[teacher, default: []].append(item) }
      // Where the child has no teacher whom mail reaches, the desk must know why.
      atDesk.append(teachers.isEmpty ? item : item.withoutWords)
    }
    let forTeachers = byTeacher.keys.sorted().map { teacher in
      Notice.absence(
        kind, to: teacher, AbsenceFacts(stage, items: byTeacher[teacher] ?? [], day: today, at: now), lane: lane)
    }
    let deskKind: NoticeKind = kind == .absenceGroup ? .absenceBoard : kind
    return forTeachers
      + desk.filter { $0 != actor && byTeacher[$0] == nil }.map {
        .absence(deskKind, to: $0, AbsenceFacts(stage, items: atDesk, day: today, at: now), lane: lane)
      }
  }

  /// The same, where the board of today does not tell it any more.
  func staffSinceBoard(_ stage: AbsenceFacts.Stage, _ items: [AbsenceFacts.Item]) -> [Notice] {
    let now = items.filter { $0.first <= today }
    return isBoardMade && days.isSchoolDay(today) && !now.isEmpty ? staff(stage, now) : []
  }
}

extension AbsenceFacts.Item {
  /// By whom it was reported, as staff know them.
  mutating func add(_ reporter: AccountID?, of pupil: Pupil, _ directory: Directory) {
    group = directory.groupNames(of: pupil)
    by = reporter
    self.reporter = reporter.map { directory.names(of: $0).joined(separator: ", ") }
    let isKnown = reporter.map { directory.isStaff($0) || directory.hasAuthority($0, over: pupil.id) } ?? true
    isDoubtful = isKnown ? nil : true
  }
}

extension Notice {
  static func absence(
    _ kind: NoticeKind, to account: AccountID, _ absence: AbsenceFacts, lane: Lane = .normal
  ) -> Notice {
    var facts = NoticeFacts()
    facts.absence = absence
    return Notice(kind, to: .account(account), lane: lane, replyTarget: .absence, facts: facts)
  }
}

extension Decision {
  fileprivate var opensThread: Bool { changes.contains { if case .openThread = $0 { true } else { false } } }

  fileprivate var newAbsences: Int { changes.count { if case .absence(.report) = $0 { true } else { false } } }

  /// Mails on absence to one reader, of one kind and stage, as one; but for those that are answered by one word for one
  /// child.
  fileprivate var withOneMailEach: Decision {
    var one = self
    one.notices = []
    for notice in notices {
      let place = one.notices.firstIndex { earlier in
        guard let left = earlier.facts.absence, let right = notice.facts.absence else { return false }
        return earlier.kind == notice.kind && earlier.recipient == notice.recipient && left.stage == right.stage
          && left.stage != .which && left.stage != .passed && notice.kind != .leaveRequest
          && notice.kind != .absentQuestion
      }
      if let place {
        one.notices[place].facts.absence?.items += notice.facts.absence?.items ?? []
      } else {
        one.notices.append(notice)
      }
    }
    return one
  }
}

extension Glossary {
  /// The subject of a conversation about it, which says nothing of why.
  static func attendance(_ language: Language) -> String {
    switch language {
    case .dutch: "Aanwezigheid"
    case .frisian: "Oanwêzigens"
    case .english: "Attendance"
    }
  }
}
