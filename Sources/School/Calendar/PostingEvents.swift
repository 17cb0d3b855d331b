import Foundation

extension Question {
  /// A mail to `agenda`: staff make events known, change them or call them off; who gives none is told what is coming.
  func calendar(to word: String?) -> Decision {
    guard let calendar = state.calendar else { return help() }
    guard let audience = audience(word) else { return refuse(.unknownGroup, asked: word) }
    let written = writtenEvents(calendar)
    guard directory.isStaff(actor) else {
      return written.events.isEmpty ? tellCalendar(word == nil ? nil : audience) : refuse(.notStaff)
    }
    guard !written.isEmpty else {
      if EventWord(firstLineOf: command.body.text) == .whoComes { return tellWhoComes(own(calendar.events)) }
      return asksOnly ? tellCalendar(word == nil ? nil : audience) : refuse(.noEvents)
    }
    return CalendarPost(
      question: self, calendar: calendar, audience: audience, known: own(calendar.events),
      waiting: own(calendar.waiting)
    ).decision(written)
  }

  /// The answer to a receipt: `herstel`, who comes, or events anew.
  func answerCalendarPost() -> Decision {
    guard let calendar = state.calendar, let post = calendar.post, let audience = calendar.audience else {
      return help()
    }
    guard post.author == actor else { return refuse(.notYours) }
    if command.word == .retract { return withdraw(post, calendar) }
    if command.word == .help { return help() }
    let asksWhoComes = EventWord(firstLineOf: command.body.text) == .whoComes
    let written = writtenEvents(calendar)
    guard asksWhoComes || !written.isEmpty else { return support() }
    if post.isRetracted { return refuse(.eventsTakenBack) }
    if state.entryAwaitsApproval { return refuse(.eventsAwaitApproval) }
    if asksWhoComes { return tellWhoComes(calendar.events) }
    return CalendarPost(
      question: self, calendar: calendar, audience: audience, known: calendar.events, waiting: own(calendar.waiting),
      isAnswer: true
    ).decision(written)
  }

  /// Nothing is mailed yet: the events, or what was changed of them, never were.
  private func withdraw(_ post: ThreadEntry, _ calendar: CalendarState) -> Decision {
    guard !post.isRetracted else { return refuse(.eventsTakenBack) }
    guard isUnmailed(post, calendar) else { return refuse(.tooLateForEvents) }
    let events = (state.entryAwaitsApproval ? calendar.waiting : calendar.events).map { facts(of: $0) }
    return Decision(
      changes: [.retractEntry(post.id), .calendar(.withdraw(post.id))],
      notices: [
        toActor(
          .calendarReceipt, thread: .existing(post.thread), replyTarget: .calendarPost(post.id),
          facts: NoticeFacts(calendar: CalendarFacts(events: events, isRetracted: true)))
      ], basis: calendar.revision
    ).and(Decision(basis: state.entryRevision))
  }

  /// What a colleague answered: the events stand from then on, and their author is told how to change them; or they
  /// never did.
  ///
  /// - Parameter settled: the same of a message without events.
  func settle(
    _ calendar: CalendarState, of entry: ThreadEntry, _ isApproved: Bool, like settled: Decision
  ) -> Decision {
    var decision = settled.and(
      Decision(
        changes: [.calendar(isApproved ? .approve(entry.id) : .withdraw(entry.id))],
        basis: calendar.revision))
    guard isApproved else { return decision }
    // Nobody is invited to what is over.
    guard calendar.waiting.contains(where: { $0.details.time.end(in: policy.timeZone) >= now }) else {
      return refuse(.nothingHeld)
    }
    var facts = NoticeFacts(accounts: [actor], broadcast: .approved)
    facts.calendar = CalendarFacts(
      events: calendar.waiting.map { event in
        self.facts(of: event, stage: event.isCancelled ? .cancelled : event.sequence > 0 ? .changed : .planned)
      })
    let receipt = Notice(
      .calendarReceipt, to: .account(entry.author), thread: .existing(entry.thread),
      replyTarget: .calendarPost(entry.id), facts: facts)
    decision.notices = decision.notices.map { $0.recipient == receipt.recipient ? receipt : $0 }
    return decision
  }

  /// What a colleague approves is mailed at once.
  private func isUnmailed(_ post: ThreadEntry, _ calendar: CalendarState) -> Bool {
    if state.entryAwaitsApproval { return true }
    let isForSchool = calendar.audience == .school || calendar.events.contains { $0.audience == .school }
    if case .approval = policy.broadcast, isForSchool { return false }
    return now <= post.at.addingTimeInterval(policy.undoWindow)
  }

  private func own(_ events: [SchoolEvent]) -> [SchoolEvent] { events.filter { $0.author == actor } }

  /// Files first; the subject alone may be the event, and the text is then a note to it.
  private func writtenEvents(_ calendar: CalendarState) -> WrittenEvents {
    var written = WrittenEvents.read(command.body.text, now: now, zone: policy.timeZone)
    if written.events.isEmpty, calendar.attached.isEmpty {
      var subject = WrittenEvents.read(command.subject, now: now, zone: policy.timeZone)
      if let first = subject.events.first, first.details != nil {
        let note = command.body.text.trimmingCharacters(in: .whitespacesAndNewlines)
        if !note.isEmpty { subject.events[0].details?.note = String(note.prefix(EventLineReader.longestNote)) }
        written = subject
      }
    }
    return WrittenEvents(
      events: calendar.attached.events + written.events, problems: calendar.attached.problems + written.problems)
  }

  /// Nothing, or a word that asks for the calendar.
  private var asksOnly: Bool {
    let text = command.body.text.trimmingCharacters(in: .whitespacesAndNewlines)
    return text.isEmpty || RouteWord(text) == .calendar || command.word == .help
  }

  func facts(of event: SchoolEvent, stage: EventFacts.Stage? = nil) -> EventFacts {
    EventFacts(
      event: event.id, sequence: event.sequence, stage: stage ?? (event.isCancelled ? .cancelled : .planned),
      details: event.details, group: directory.groupName(event.audience))
  }
}

/// One mail of events, decided event by event.
struct CalendarPost {
  let question: Question
  let calendar: CalendarState
  let audience: Audience
  /// What may be changed by it.
  let known: [SchoolEvent]
  /// As a colleague is asked about them: until the answer nothing changes them.
  let waiting: [SchoolEvent]
  /// It answers a receipt, and is about the events of that.
  var isAnswer = false

  private var policy: SchoolPolicy { question.policy }

  /// What one event of the mail comes to.
  private enum Step {
    case add(WrittenEvent, EventDetails)
    case revise(SchoolEvent, WrittenEvent, EventDetails, isCancelled: Bool)
    case problem(EventProblem)
  }

  func decision(_ written: WrittenEvents) -> Decision {
    var steps = written.events.prefix(SchoolPolicy.mostEvents).map(step)
    steps += written.events.dropFirst(SchoolPolicy.mostEvents).prefix(1).map {
      .problem(EventProblem($0.line, .tooMany))
    }
    steps += written.problems.prefix(SchoolPolicy.mostEvents).map { .problem($0) }
    var told = Told()
    var revised: Set<EventID> = []
    for step in steps { take(once(step, &revised), &told) }
    let facts = CalendarFacts(events: told.receipt, problems: told.problems)
    guard !told.changes.isEmpty else {
      return Decision(notices: [receipt(facts, entry: nil, count: 0)])
    }
    let approvers = told.mails.contains { $0.facts.group == nil } ? question.approvers : nil
    if approvers == [] { return question.refuse(.noApprover) }
    let first = told.receipt.first?.details.title ?? question.command.subject
    let about = told.receipt.compactMap { one in known.first { $0.id == one.event }?.thread }.first
    let subject = told.receipt.count == 1 || question.command.subject.isEmpty ? first : question.command.subject
    let open: [Change] = [
      .openThread(
        kind: .calendar, subject: subject, author: question.actor, audience: audience, members: [], about: about),
      .addEntry(thread: .new, author: question.actor, body: question.command.body, origin: nil),
    ]
    let notices = mails(told, notBefore: approvers == nil ? until : .distantFuture)
    let count = Set(notices.map(\.recipient)).count
    let questions = question.questions(
      to: approvers ?? [], NoticeFacts(count: count, calendar: CalendarFacts(events: told.receipt)))
    return Decision(
      changes: open + told.changes + (approvers == nil ? [] : [.calendar(.hold)]),
      notices: notices + questions + [receipt(facts, entry: .new, count: count, approvers: approvers)],
      basis: calendar.revision)
  }

  private func receipt(
    _ facts: CalendarFacts, entry: Reference<EntryID>?, count: Int, approvers: [AccountID]? = nil
  ) -> Notice {
    question.toActor(
      .calendarReceipt, thread: entry.map { _ in .new }, entry: entry, replyTarget: entry == nil ? .support : .newPost,
      facts: NoticeFacts(
        count: count, retractableUntil: entry == nil || approvers != nil ? nil : until, accounts: approvers,
        broadcast: approvers.map { _ in .waiting }, calendar: facts))
  }

  private var until: Date { question.now.addingTimeInterval(policy.undoWindow) }

  // MARK: What is meant

  private func step(_ written: WrittenEvent) -> Step {
    let meant = meant(by: written, among: known)
    let mayWait = isAnswer ? nil : self.meant(by: written, among: waiting)
    if let event = meant ?? mayWait, waiting.contains(where: { $0.id == event.id }) {
      return .problem(EventProblem(written.line, .awaitsApproval))
    }
    guard let event = meant else {
      if isAnswer, known.count > 1 || written.isCancelled { return .problem(EventProblem(written.line, .whichEvent)) }
      guard !written.isCancelled, let details = written.details else {
        return .problem(EventProblem(written.line, .unknownEvent))
      }
      return .add(written, details)
    }
    if let theirs = event.source, let new = written.source, new.sequence < theirs.sequence {
      return .problem(EventProblem(written.line, .outdated))
    }
    let details = written.isCancelled ? event.details : written.details ?? event.details
    if details == event.details, written.isCancelled == event.isCancelled {
      return .problem(EventProblem(written.line, .unchanged))
    }
    return .revise(event, written, details, isCancelled: written.isCancelled)
  }

  /// Two lines of one mail cannot both be what an event is now.
  private func once(_ step: Step, _ revised: inout Set<EventID>) -> Step {
    guard case .revise(let event, let written, _, _) = step, !revised.insert(event.id).inserted else { return step }
    return .problem(EventProblem(written.line, .whichEvent))
  }

  /// By the name that a calendar gives it; by its number in the receipt; by its title, where that names one; and an
  /// answer to a receipt of one event means that one.
  private func meant(by written: WrittenEvent, among known: [SchoolEvent]) -> SchoolEvent? {
    if let source = written.source, let event = known.first(where: { $0.source?.uid == source.uid }) { return event }
    guard isAnswer || written.source == nil else { return nil }
    if let number = written.number, isAnswer {
      return (1...max(1, known.count)).contains(number) && !known.isEmpty ? known[number - 1] : nil
    }
    let title = Glossary.plain(written.title)
    let alike = known.filter { event in
      (title.isEmpty ? isAnswer || written.details != nil : Glossary.plain(event.details.title) == title)
        && isNear(event, written)
    }
    if alike.count == 1 { return alike[0] }
    return isAnswer && known.count == 1 && alike.isEmpty && !written.isCancelled ? known[0] : nil
  }

  /// A mail to `agenda` names an event by its day as well: there are many with one title.
  private func isNear(_ event: SchoolEvent, _ written: WrittenEvent) -> Bool {
    guard !isAnswer, let time = written.details?.time else { return true }
    let zone = policy.timeZone
    return event.audience == audience
      && CalendarDay(event.details.time.start(in: zone), in: zone) == CalendarDay(time.start(in: zone), in: zone)
  }

  // MARK: What is done

  private struct Told {
    var changes: [Change] = []
    /// For everybody whom it concerns, each with whom.
    var mails: [(facts: EventFacts, readers: [AccountID], isNew: Bool)] = []
    var receipt: [EventFacts] = []
    var problems: [EventProblem] = []
  }

  private func take(_ step: Step, _ told: inout Told) {
    switch step {
    case .problem(let problem): told.problems.append(problem)
    case .add(let written, let details):
      let place = told.mails.filter(\.isNew).count
      let facts = EventFacts(event: nil, place: place, details: details, group: question.directory.groupName(audience))
      told.changes.append(
        .calendar(
          .add(
            NewEvent(
              audience: audience, author: question.actor, source: written.source, details: details,
              endsAt: details.time.end(in: policy.timeZone)))))
      told.receipt.append(facts)
      told.mails.append((facts, readers(audience), true))
    case .revise(let event, let written, let details, let isCancelled):
      var new = event
      (new.details, new.isCancelled, new.sequence) = (details, isCancelled, event.lastSequence + 1)
      let facts = question.facts(of: new, stage: isCancelled ? .cancelled : .changed)
      told.changes += [
        .calendar(.supersede(event.id)),
        .calendar(
          .revise(
            EventRevision(
              event: event.id, sequence: new.sequence, source: written.source ?? event.source, details: details,
              isCancelled: isCancelled, endsAt: details.time.end(in: policy.timeZone)))),
      ]
      told.receipt.append(facts)
      // Who never heard of it need not hear that it is off.
      let readers = readers(event.audience)
      let heard = calendar.told[event.id] ?? []
      var mail = facts
      if heard.isEmpty, !isCancelled { mail.stage = .planned }
      told.mails.append((mail, isCancelled ? readers.filter(heard.contains) : readers, false))
    }
  }

  private func readers(_ audience: Audience) -> [AccountID] {
    question.directory.families(of: audience).filter { $0 != question.actor }
  }

  /// An invitation an event; many new ones together are one list.
  private func mails(_ told: Told, notBefore: Date) -> [Notice] {
    let new = told.mails.filter(\.isNew)
    let isList = new.count > SchoolPolicy.mostInvitations
    var notices: [Notice] = []
    for mail in told.mails where !isList || !mail.isNew {
      let kind: NoticeKind = mail.facts.stage == .cancelled ? .eventCancellation : .eventInvitation
      notices += mail.readers.map {
        notice(kind, to: $0, [mail.facts], mail.facts.event.map(NoticeTarget.event) ?? .newEvent, notBefore)
      }
    }
    if isList, let readers = new.first?.readers {
      notices += readers.map { notice(.calendarList, to: $0, new.map(\.facts), .thread, notBefore) }
    }
    return notices
  }

  private func notice(
    _ kind: NoticeKind, to account: AccountID, _ events: [EventFacts], _ target: NoticeTarget, _ notBefore: Date
  ) -> Notice {
    Notice(
      kind, to: .account(account), lane: .bulk, thread: .new, entry: .new, replyTarget: target, notBefore: notBefore,
      facts: NoticeFacts(count: events.count, calendar: CalendarFacts(events: events)))
  }
}
