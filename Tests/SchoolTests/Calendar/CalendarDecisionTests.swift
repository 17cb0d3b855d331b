import Foundation
import Testing

@testable import School

@Suite("Decisions on the calendar")
struct CalendarDecisionTests {
  typealias S = SmallSchool
  static let zone = S.policy.timeZone
  static let kerst = "12-12-2026 19:00-20:30 Kerstviering, hal"

  static func event(
    _ id: Int64, _ title: String = "Kerstviering", author: AccountID = S.anna, audience: Audience = .group(S.group5),
    days: Int = 24, source: EventSource? = nil, isCancelled: Bool = false, sequence: Int = 0
  ) -> SchoolEvent {
    let start = CalendarDay(S.now, in: zone).adding(days: days).moment(hour: 19, minute: 0, in: zone) ?? .distantPast
    return SchoolEvent(
      id: EventID(id), audience: audience, author: author, thread: ThreadID(7), source: source,
      details: EventDetails(title: title, time: .moments(start: start, end: nil)), isCancelled: isCancelled,
      sequence: sequence, lastSequence: sequence)
  }

  static func decision(
    _ actor: AccountID, _ act: Act, _ text: String, subject: String = "Agenda", in calendar: CalendarState,
    files: [StoredFile] = []
  ) -> Decision {
    var state = S.state()
    state.calendar = calendar
    return decide(
      Command(actor: actor, act: act, subject: subject, body: MessageBody(text: text, files: files)), state, now: S.now)
  }

  static func post(_ text: String, _ calendar: CalendarState = CalendarState(), by actor: AccountID = S.anna)
    -> Decision
  {
    decision(actor, .calendar(to: "groep5"), text, in: calendar)
  }

  /// The receipt for one or more events of Anna is answered.
  static func answer(_ text: String, _ events: [SchoolEvent], told: Set<AccountID> = [], minutes: Double = 1)
    -> Decision
  {
    let entry = ThreadEntry(
      id: EntryID(70), thread: ThreadID(7), author: S.anna, text: "", at: S.now.addingTimeInterval(-60 * minutes))
    return decision(
      S.anna, .answer(.calendarPost(EntryID(70))), text,
      in: CalendarState(
        events: events, post: entry, audience: .group(S.group5),
        told: Dictionary(uniqueKeysWithValues: events.map { ($0.id, told) }),
        revision: Revision(subject: "calendar", number: 4)))
  }

  @Test("An event goes to each family of the group when it can no longer be taken back; the receipt reads it back")
  func posting() throws {
    let decision = Self.post("Hallo,\n\n\(Self.kerst)\n\nGroet")
    #expect(decision.readers(of: .eventInvitation) == [S.deVries, S.els, S.frank])
    let invitation = try #require(decision.notices.first { $0.kind == .eventInvitation })
    #expect(invitation.notBefore == S.now.addingTimeInterval(600) && invitation.replyTarget == .newEvent)
    #expect(invitation.facts.calendar?.events.map(\.details.title) == ["Kerstviering"])
    let receipt = try #require(decision.notices.last)
    #expect(receipt.kind == .calendarReceipt && receipt.replyTarget == .newPost && receipt.facts.count == 3)
    #expect(receipt.facts.calendar?.events.first?.group == "Groep 5" && receipt.notBefore == nil)
    guard case .openThread(.calendar, let subject, S.anna, .group(S.group5), [], nil) = decision.changes[0] else {
      Issue.record("no thread")
      return
    }
    #expect(subject == "Kerstviering" && decision.changes.count == 3)
  }

  @Test("Who may: staff for any group; a parent gets the refusal, an unknown group its own")
  func rights() {
    #expect(Self.post(Self.kerst, by: S.els).refusal == .notStaff)
    #expect(Self.decision(S.anna, .calendar(to: "groep9"), Self.kerst, in: CalendarState()).refusal == .unknownGroup)
    #expect(Self.post("Hallo Anna").refusal == .noEvents)
    #expect(Act.calendar(to: nil).level == .proven && Act.answer(.calendarPost(EntryID(1))).level == .proven)
    #expect(Act.answer(.event(EventID(1))).level == .person)
  }

  @Test("For the whole school it waits for a colleague where the school wants that: held, asked, and not yet told of")
  func approval() throws {
    var state = S.state()
    state.policy.broadcast = .approval(by: [S.anna, S.bas])
    state.calendar = CalendarState(revision: Revision(subject: "calendar", number: 4))
    let decision = S.decision(S.anna, .calendar(to: nil), Self.kerst, in: state)
    let invitations = decision.notices.filter { $0.kind == .eventInvitation }
    #expect(!invitations.isEmpty && invitations.allSatisfy { $0.notBefore == .distantFuture })
    #expect(decision.changes.last == .calendar(.hold))
    let question = try #require(decision.notices.first { $0.kind == .broadcastQuestion })
    #expect(question.recipient == .account(S.bas) && question.replyTarget == .broadcast)
    #expect(question.facts.calendar?.events.map(\.details.title) == ["Kerstviering"])
    let receipt = try #require(decision.notices.last)
    #expect(receipt.facts.broadcast == .waiting && receipt.facts.accounts == [S.bas])
    #expect(receipt.facts.retractableUntil == nil && receipt.facts.count == invitations.count)
    #expect(Self.post(Self.kerst).notices.allSatisfy { $0.kind != .broadcastQuestion }, "a group waits for nobody")
    state.policy.broadcast = .approval(by: [])
    state.policy.supportDesk = [S.anna]
    #expect(S.decision(S.anna, .calendar(to: nil), Self.kerst, in: state).refusal == .noApprover)
  }

  @Test(
    "What waits for a colleague is taken back at any time, and changed by nothing else; once approved it is mailed",
    arguments: [
      ("herstel", 900.0, true, nil), ("vervalt", 1, true, .eventsAwaitApproval), (kerst, 1, true, .eventsAwaitApproval),
      ("wie komt er", 1, true, .eventsAwaitApproval), ("herstel", 1, false, .tooLateForEvents),
    ] as [(String, Double, Bool, RefusalReason?)])
  func answersWhileWaiting(text: String, minutes: Double, waits: Bool, refusal: RefusalReason?) {
    var state = S.state()
    state.policy.broadcast = .approval(by: [S.anna, S.bas])
    state.entryAwaitsApproval = waits
    let entry = ThreadEntry(
      id: EntryID(70), thread: ThreadID(7), author: S.anna, text: "", at: S.now.addingTimeInterval(-60 * minutes))
    state.calendar = CalendarState(events: [Self.event(1, audience: .school)], post: entry, audience: .school)
    let decision = S.decision(S.anna, .answer(.calendarPost(EntryID(70))), text, in: state)
    #expect(decision.refusal == refusal)
    if refusal == nil { #expect(decision.changes == [.retractEntry(entry.id), .calendar(.withdraw(entry.id))]) }
  }

  @Test("A colleague's answer lets the events stand, or takes them away; what was decided meanwhile is noticed")
  func verdicts() {
    var state = S.state()
    state.policy.broadcast = .approval(by: [S.anna, S.bas])
    state.entryAwaitsApproval = true
    let thread = SchoolThread(
      id: ThreadID(7), kind: .calendar, subject: "Kerst", author: S.anna, audience: .school, openedAt: S.now)
    state.entry = ThreadEntry(id: EntryID(70), thread: thread.id, author: S.anna, text: "", at: S.now)
    state.thread = ThreadView(thread, participants: [])
    state.entryRevision = Revision(subject: "entry 70", number: 1)
    state.calendar = CalendarState(
      waiting: [Self.event(1, audience: .school)], revision: Revision(subject: "calendar", number: 4))
    let act = Act.answer(.broadcast(EntryID(70)))
    let yes = S.decision(S.bas, act, "akkoord", in: state)
    let receipt = yes.notices.first { $0.recipient == .account(S.anna) }
    #expect(receipt?.kind == .calendarReceipt && receipt?.replyTarget == .calendarPost(EntryID(70)))
    #expect(receipt?.facts.broadcast == .approved && receipt?.facts.calendar?.events.map(\.event) == [EventID(1)])
    #expect(
      yes.changes == [.settleBroadcast(EntryID(70), isApproved: true), .calendar(.approve(EntryID(70)))])
    #expect(yes.bases.map(\.subject) == ["entry 70", "calendar"])
    let no = S.decision(S.bas, act, "niet akkoord", in: state)
    #expect(
      no.changes == [.settleBroadcast(EntryID(70), isApproved: false), .calendar(.withdraw(EntryID(70)))])
    state.calendar?.waiting = [Self.event(1, audience: .school, days: -1)]
    #expect(S.decision(S.bas, act, "akkoord", in: state).refusal == .nothingHeld, "nobody is invited to what is over")
  }

  @Test("What a colleague is asked about is not changed meanwhile, by whichever mail: that is said line by line")
  func waiting() {
    let event = Self.event(1, audience: .school, source: EventSource(uid: "a@x", sequence: 0))
    let again = WrittenEvent(
      title: "Feest", details: event.details, source: EventSource(uid: "a@x", sequence: 1), line: "a")
    let problems = { (calendar: CalendarState) in
      Self.decision(S.anna, .calendar(to: nil), "", in: calendar).notices.flatMap {
        $0.facts.calendar?.problems.map(\.reason) ?? []
      }
    }
    let attached = WrittenEvents(events: [again])
    #expect(problems(CalendarState(attached: attached, waiting: [event])) == [.awaitsApproval])
    #expect(problems(CalendarState(attached: attached, events: [event], waiting: [event])) == [.awaitsApproval])
    let others = Self.event(1, author: S.bas, audience: .school, source: event.source)
    #expect(problems(CalendarState(attached: attached, waiting: [others])).isEmpty, "it is nothing of theirs")
  }

  @Test("The subject alone may be the event; the text is then its note")
  func subject() {
    let decision = Self.decision(
      S.dirk, .calendar(to: nil), "Neem een kaars mee.", subject: Self.kerst, in: CalendarState())
    let event = decision.notices.first?.facts.calendar?.events.first
    #expect(event?.details.note == "Neem een kaars mee." && event?.group == nil)
    #expect(decision.readers(of: .eventInvitation).count == 3)
  }

  @Test("Of several new events each invitation is to its own")
  func several() {
    let decision = Self.post("\(Self.kerst)\n13-12-2026 Kerstmarkt\n14-14-2026 Niets")
    var invited: [String: Set<EventID?>] = [:]
    for var notice in decision.notices where notice.kind == .eventInvitation {
      notice.facts.calendar?.assign([EventID(8), EventID(9)])
      for event in notice.facts.calendar?.events ?? [] { invited[event.details.title, default: []].insert(event.event) }
    }
    #expect(invited == ["Kerstviering": [EventID(8)], "Kerstmarkt": [EventID(9)]])
  }

  @Test("Many events are one list for each family, not a mail for each")
  func list() {
    let lines = (1...6).map { "\($0)-12-2026 Dag \($0)" }.joined(separator: "\n")
    let decision = Self.post(lines)
    #expect(decision.readers(of: .eventInvitation).isEmpty)
    #expect(decision.readers(of: .calendarList) == [S.deVries, S.els, S.frank])
    #expect(decision.notices.first?.facts.calendar?.events.count == 6)
    let tooMany = Self.post((1...102).map { "\($0 % 28 + 1)-1-2027 Dag \($0)" }.joined(separator: "\n"))
    #expect(tooMany.notices.last?.facts.calendar?.events.count == SchoolPolicy.mostEvents)
    #expect(tooMany.notices.last?.facts.calendar?.problems.map(\.reason) == [.tooMany])
  }

  @Test("herstel takes it back while nothing is mailed, and is refused after")
  func retract() {
    let decision = Self.answer("herstel", [Self.event(1)])
    #expect(decision.changes == [.retractEntry(EntryID(70)), .calendar(.withdraw(EntryID(70)))])
    #expect(decision.notices.map(\.facts.calendar?.isRetracted) == [true] && decision.basis != nil)
    #expect(Self.answer("herstel", [Self.event(1)], minutes: 11).refusal == .tooLateForEvents)
    var calendar = CalendarState(events: [Self.event(1)], post: S.comment(by: S.bas, secondsAgo: 1), audience: .school)
    #expect(Self.decision(S.anna, .answer(.calendarPost(EntryID(70))), "herstel", in: calendar).refusal == .notYours)
    calendar.post = nil
    #expect(Self.decision(S.anna, .answer(.calendarPost(EntryID(70))), "herstel", in: calendar).changes.isEmpty)
  }

  @Test("A new line changes the event of the receipt: everybody concerned hears of it, with a higher sequence")
  func change() throws {
    var known = Self.event(1)
    known.lastSequence = 2
    let decision = Self.answer("13-12-2026 19:00 Kerstviering, gym", [known], told: [S.els, S.frank, S.deVries])
    let change = try #require(
      decision.changes.compactMap { change -> EventRevision? in
        if case .calendar(.revise(let revision)) = change { revision } else { nil }
      }.first)
    #expect(change.sequence == 3 && change.details.place == "gym" && !change.isCancelled)
    #expect(decision.readers(of: .eventInvitation) == [S.deVries, S.els, S.frank])
    let notice = try #require(decision.notices.first)
    #expect(notice.replyTarget == .event(EventID(1)) && notice.facts.calendar?.events.first?.stage == .changed)
    #expect(decision.changes.contains(.calendar(.supersede(EventID(1)))) && decision.basis?.number == 4)
    let unheard = Self.answer("13-12-2026 19:00 Kerstviering", [known])
    #expect(unheard.notices.first?.facts.calendar?.events.first?.stage == .planned, "nobody saw the old one")
    let same = Self.answer("12-12-2026 19:00 Kerstviering", [Self.event(1)])
    #expect(same.changes.isEmpty && same.notices.map(\.facts.calendar?.problems.first?.reason) == [.unchanged])
  }

  @Test("Called off, only those hear of it who were told")
  func cancel() {
    let decision = Self.answer("vervalt", [Self.event(1)], told: [S.els])
    #expect(decision.readers(of: .eventCancellation) == [S.els])
    #expect(decision.notices.first?.facts.calendar?.events.first?.stage == .cancelled)
    #expect(Self.answer("vervalt", [Self.event(1)]).readers(of: .eventCancellation).isEmpty)
    #expect(
      Self.answer("vervalt", [Self.event(1, isCancelled: true)]).notices.first?.facts.calendar?.problems.count == 1)
    let again = Self.answer(
      "12-12-2026 19:00 Kerstviering", [Self.event(1, isCancelled: true, sequence: 1)], told: [S.els])
    #expect(again.readers(of: .eventInvitation).count == 3, "it takes place after all")
  }

  @Test("Of several events the number or the title says which; else the teacher is asked")
  func which() {
    let two = [Self.event(1), Self.event(2, "Kerstmarkt", days: 25)]
    let cancelled = { (text: String) in
      Self.answer(text, two, told: [S.els]).notices.filter { $0.kind == .eventCancellation }
        .compactMap { $0.facts.calendar?.events.first?.event?.rawValue }
    }
    #expect(cancelled("2 vervalt") == [2] && cancelled("Kerstmarkt vervalt") == [2] && cancelled("1: vervalt") == [1])
    #expect(cancelled("vervalt").isEmpty && cancelled("3 vervalt").isEmpty)
    let asked = Self.answer("14-12-2026 Iets anders", two)
    #expect(asked.changes.isEmpty && asked.notices.first?.facts.calendar?.problems.map(\.reason) == [.whichEvent])
    #expect(Self.answer("Dank je wel!", two).changes.count == 2, "other words are for support")
  }

  @Test("Two lines of one mail that mean the same event: the first counts, the second is asked about")
  func twice() {
    let decision = Self.answer("13-12-2026 19:00 Kerstviering\n14-12-2026 10:00 Kerstontbijt", [Self.event(1)])
    let revised = decision.changes.filter { if case .calendar(.revise) = $0 { true } else { false } }
    let problems = decision.notices.last?.facts.calendar?.problems
    #expect(revised.count == 1 && problems?.map(\.reason) == [.whichEvent])
    #expect(problems?.first?.line.contains("Kerstontbijt") == true)
  }

  @Test("A mail to agenda calls off by title and day, and only one's own; the same line again does nothing")
  func byMail() {
    let own = CalendarState(events: [Self.event(1)], told: [EventID(1): [S.els]])
    #expect(Self.post("12-12-2026 Kerstviering vervalt", own).readers(of: .eventCancellation) == [S.els])
    #expect(
      Self.post("13-12-2026 Kerstviering vervalt", own).notices.first?.facts.calendar?.problems.first?.reason
        == .unknownEvent)
    #expect(
      Self.post("12-12-2026 19:00 Kerstviering", own).notices.first?.facts.calendar?.problems.first?.reason
        == .unchanged)
    let other = CalendarState(events: [Self.event(1, author: S.bas)], told: [EventID(1): [S.els]])
    #expect(Self.post("12-12-2026 Kerstviering vervalt", other).changes.isEmpty)
  }

  @Test("A file with the same UID changes its event, an older one does not, one that is cancelled calls it off")
  func file() throws {
    let known = Self.event(1, source: EventSource(uid: "u@outlook", sequence: 2), sequence: 5)
    let details = EventDetails(
      title: "Kerst", time: .days(first: CalendarDay(S.now, in: Self.zone), last: CalendarDay(S.now, in: Self.zone)))
    let post = { (sequence: Int, isCancelled: Bool, uid: String) in
      let written = WrittenEvent(
        title: "Kerst", details: details, source: EventSource(uid: uid, sequence: sequence), isCancelled: isCancelled,
        line: "Kerst")
      return Self.post(
        "", CalendarState(attached: WrittenEvents(events: [written]), events: [known], told: [EventID(1): [S.els]]))
    }
    #expect(post(3, false, "u@outlook").notices.first?.facts.calendar?.events.first?.sequence == 6)
    #expect(post(1, false, "u@outlook").notices.first?.facts.calendar?.problems.map(\.reason) == [.outdated])
    #expect(post(3, true, "u@outlook").readers(of: .eventCancellation) == [S.els])
    #expect(post(0, false, "v@outlook").changes.contains { if case .calendar(.add) = $0 { true } else { false } })
    #expect(post(0, true, "v@outlook").notices.first?.facts.calendar?.problems.map(\.reason) == [.unknownEvent])
  }
}

@Suite("Answers to invitations, and what is coming")
struct CalendarAnswerTests {
  typealias S = SmallSchool
  typealias D = CalendarDecisionTests

  static func answer(_ actor: AccountID, _ text: String, _ event: SchoolEvent, reply: EventReply? = nil) -> Decision {
    D.decision(actor, .answer(.event(event.id)), text, in: CalendarState(reply: reply, events: [event]))
  }

  @Test("One word is an answer and gets a receipt; other words go to the organiser alone")
  func words() {
    let event = D.event(1)
    let yes = Self.answer(S.els, "Ja", event)
    #expect(yes.changes == [.calendar(.answer(event.id, S.els, .accepted))])
    #expect(yes.readers(of: .eventAnswerReceipt) == [S.els] && yes.notices.count == 1)
    #expect(Self.answer(S.els, "nee", event).changes == [.calendar(.answer(event.id, S.els, .declined))])
    let words = Self.answer(S.els, "Mag opa ook mee?", event)
    #expect(words.readers(of: .mailboxMessage) == [S.anna] && words.notices.count == 1)
    #expect(Self.answer(S.els, "ja", D.event(1, isCancelled: true)).refusal == .eventCancelled)
    #expect(Self.answer(S.els, "ja", D.event(1, audience: .group(S.group7))).refusal == .notYours)
    #expect(Self.answer(S.onRequest, "ja", event).refusal == .notYours)
  }

  @Test("Words below the answer go to the organiser as well, and not how a letter ends")
  func wordsBelow() {
    let event = D.event(1)
    let text = "Ja\n\nMag opa ook mee?\n\nGroetjes, Els"
    let both = Self.answer(S.els, text, event)
    #expect(both.changes.first == .calendar(.answer(event.id, S.els, .accepted)))
    #expect(both.readers(of: .eventAnswerReceipt) == [S.els] && both.readers(of: .mailboxMessage) == [S.anna])
    let written = both.changes.compactMap { if case .addEntry(_, S.els, let body, _) = $0 { body.text } else { nil } }
    #expect(written == [text], "the answer beside them")
    for end in ["Els", "Groetjes,\nEls van Noor", "--"] {
      #expect(Self.answer(S.els, "ja\n\n\(end)", event).readers(of: .mailboxMessage).isEmpty, "\(end)")
    }
    let cancelled = Self.answer(S.els, text, D.event(1, isCancelled: true))
    #expect(cancelled.refusal == .eventCancelled && cancelled.readers(of: .mailboxMessage) == [S.anna])
  }

  @Test("A calendar program's answer is kept without a mail; its words go to the organiser")
  func reply() {
    let event = D.event(1)
    let silent = Self.answer(S.els, "Els heeft geaccepteerd", event, reply: EventReply(answer: .accepted, words: nil))
    #expect(silent.changes == [.calendar(.answer(event.id, S.els, .accepted))] && silent.notices.isEmpty)
    let words = Self.answer(S.els, "", event, reply: EventReply(answer: .declined, words: "Op vakantie"))
    #expect(words.changes.last == .calendar(.answer(event.id, S.els, .declined)))
    #expect(words.readers(of: .mailboxMessage) == [S.anna])
    #expect(Self.answer(S.onRequest, "", event, reply: EventReply(answer: .accepted, words: nil)).changes.isEmpty)
    #expect(Self.answer(S.els, "", event, reply: EventReply(answer: nil, words: nil)) == Decision())
    var moved = event
    (moved.sequence, moved.timeSequence) = (3, 2)
    let late = Self.answer(S.els, "", moved, reply: EventReply(answer: .accepted, words: "Leuk", sequence: 1))
    #expect(late.changes.allSatisfy { if case .calendar = $0 { false } else { true } })
    #expect(late.readers(of: .mailboxMessage) == [S.anna] && late.refusal == .eventMoved)
    let inTime = Self.answer(S.els, "", moved, reply: EventReply(answer: .accepted, words: nil, sequence: 2))
    #expect(inTime.changes == [.calendar(.answer(event.id, S.els, .accepted))])
  }

  @Test("The organiser, and nobody else, sees who comes, by name with the children")
  func whoComes() throws {
    let event = D.event(1)
    let calendar = CalendarState(
      events: [event],
      answers: [event.id: [S.els: .accepted, S.frank: .declined, S.cor: .accepted]])
    let decision = D.decision(S.anna, .answer(.event(event.id)), "wie komt er?", in: calendar)
    let attendance = try #require(decision.notices.first?.facts.calendar?.events.first?.attendance)
    #expect(attendance == Attendance(accepted: ["Els (Noor)"], declined: ["Frank (Noor)"], tentative: [], silent: 1))
    #expect(decision.notices.first?.recipient == .account(S.anna))
    #expect(D.decision(S.els, .answer(.event(event.id)), "wie komt er?", in: calendar).readers(of: .attendance).isEmpty)
    #expect(D.decision(S.anna, .calendar(to: nil), "wie komt er", in: calendar).readers(of: .attendance) == [S.anna])
    #expect(D.decision(S.bas, .calendar(to: nil), "wie komt er", in: calendar).refusal == .noEventsPlanned)
  }

  @Test("agenda tells parents of their own groups and the school, with their own answers only")
  func asking() {
    let events = [
      D.event(1), D.event(2, "Gym", audience: .group(S.group7)), D.event(3, "Vrij", audience: .school),
      D.event(4, "Weg", isCancelled: true), D.event(5, "Later", days: 90),
    ]
    let calendar = CalendarState(events: events, answers: [EventID(1): [S.els: .accepted, S.frank: .declined]])
    let told = { (actor: AccountID, word: String?) in
      D.decision(actor, .calendar(to: word), "", in: calendar).notices.first?.facts.calendar?.events
        .compactMap { $0.event?.rawValue }
    }
    #expect(told(S.els, nil) == [1, 3] && told(S.deVries, nil) == [1, 2, 3] && told(S.dirk, nil) == [1, 2, 3])
    #expect(told(S.deVries, "groep7") == [2, 3] && told(S.onRequest, nil) == [3])
    #expect(D.decision(S.els, .calendar(to: "groep7"), "", in: calendar).refusal == .notYours)
    let own = D.decision(S.els, .calendar(to: nil), "agenda", in: calendar).notices.first?.facts.calendar?.events
    #expect(own?.map(\.answer) == [.accepted, nil] && own?.allSatisfy { $0.attendance == nil } == true)
  }

  @Test("The weekly overview goes to families with an event in the coming week, unless they want no overviews")
  func weekly() {
    let events = [
      D.event(1, days: 2), D.event(2, "Gym", audience: .group(S.group7), days: 7), D.event(3, "Vrij", days: 8),
      D.event(4, "Vandaag", days: 0), D.event(5, "Weg", days: 3, isCancelled: true),
    ]
    let decision = weeklyCalendar(events, directory: S.directory, policy: S.policy, now: S.now)
    let told = decision.notices.map {
      ($0.recipient, $0.facts.calendar?.events.compactMap { $0.event?.rawValue } ?? [])
    }
    #expect(told.map(\.0) == [.account(S.deVries), .account(S.els), .account(S.frank)])
    #expect(told.map(\.1) == [[1, 2], [1], [1]] && decision.changes == [.markDone(.weeklyCalendar)])
    #expect(weeklyCalendar([events[2]], directory: S.directory, policy: S.policy, now: S.now).notices.isEmpty)
    // Wednesday 18 November; the last Sunday at 16 was the 15th.
    let sunday = S.now.addingTimeInterval(-4 * 86_400)
    #expect(S.policy.isCalendarDue(last: sunday, now: S.now) && !S.policy.isCalendarDue(last: S.now, now: S.now))
    var never = S.policy
    never.calendarWeekday = nil
    #expect(!never.isCalendarDue(last: .distantPast, now: S.now))
  }
}
