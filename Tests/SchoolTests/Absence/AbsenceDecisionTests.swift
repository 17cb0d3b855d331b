import Foundation
import Testing

@testable import School

@Suite("Absence: who reports, who is told, and what they read")
struct AbsenceDecisionTests {
  typealias S = SmallSchool
  static let today = CalendarDay(S.now, in: S.policy.timeZone)
  static let noor = PupilID("p3")
  static let sanne = PupilID("p1")

  /// A minute of a day some days from Wednesday 18 November.
  static func at(_ hour: Int, _ minute: Int = 0, days: Int = 0) -> Date {
    today.adding(days: days).moment(hour * 60 + minute, in: S.policy.timeZone)
  }

  static func state(
    _ reports: [AbsenceReport] = [], boardAt: Date = .distantPast, free: [ClosedRange<CalendarDay>] = [],
    answered: AbsenceFacts? = nil, directory: Directory = S.directory
  ) -> SchoolState {
    var state = SchoolState(directory: directory, policy: S.policy)
    state.absence = AbsenceState(
      revision: Revision(subject: AbsenceState.subject, number: 3),
      absences: reports.enumerated().map {
        Absence(id: AbsenceID(Int64($0.offset + 1)), report: $0.element, at: at(7))
      },
      boardAt: boardAt, freeDays: free, answered: answered)
    return state
  }

  static func decide(
    _ actor: AccountID, _ text: String, subject: String = "", act: Act = .absence(.sick),
    in state: SchoolState = state(),
    at now: Date = at(7, 30)
  ) -> Decision {
    School.decide(
      Command(actor: actor, act: act, subject: subject, body: MessageBody(text: text)), state, now: now)
  }

  static func reports(_ decision: Decision) -> [AbsenceReport] {
    decision.changes.compactMap { if case .absence(.report(let report)) = $0 { report } else { nil } }
  }

  static func report(
    _ pupil: PupilID = noor, _ kind: AbsenceKind = .sick, by reporter: AccountID? = S.els, asked: AccountID? = nil
  ) -> AbsenceReport {
    AbsenceReport(
      pupil: pupil, kind: kind, first: today, last: kind == .sick ? nil : today, words: "geheim", reporter: reporter,
      askedBy: asked)
  }

  static func facts(_ decision: Decision, _ kind: NoticeKind, to account: AccountID) -> AbsenceFacts? {
    decision.notices.first { $0.kind == kind && $0.recipient == .account(account) }?.facts.absence
  }

  // MARK: Reporting

  @Test("Before the board a report is noted, the other parent told, and the teacher hears of it at 08:20")
  func early() throws {
    let decision = Self.decide(S.els, "ziek Noor\nHij heeft koorts")
    let report = try #require(Self.reports(decision).first)
    #expect(report.pupil == Self.noor && report.kind == .sick && report.first == Self.today && report.last == nil)
    #expect(report.words == "Hij heeft koorts")
    #expect(decision.readers(of: .absenceReceipt) == [S.els] && decision.readers(of: .absenceTold) == [S.frank])
    #expect(decision.readers(of: .absenceGroup).isEmpty && decision.readers(of: .absenceBoard).isEmpty)
    let told = try #require(Self.facts(decision, .absenceTold, to: S.frank)?.items.first)
    #expect(told.words == nil && told.reporter == nil && told.by == nil && told.at == nil && told.place == nil)
    #expect(decision.basis?.number == 3)
  }

  @Test("After the board teachers and desk hear at once; only teachers read why")
  func late() throws {
    let decision = Self.decide(S.els, "Noor heeft griep", in: Self.state(boardAt: Self.at(8, 20)), at: Self.at(9))
    #expect(decision.readers(of: .absenceGroup) == [S.anna, S.bas] && decision.readers(of: .absenceBoard) == [S.dirk])
    #expect(Self.facts(decision, .absenceGroup, to: S.anna)?.items.first?.words == "Noor heeft griep")
    let desk = try #require(Self.facts(decision, .absenceBoard, to: S.dirk)?.items.first)
    #expect(desk.words == nil && desk.reporter == nil && desk.kind == .sick)
  }

  @Test(
    "For today, or the next school day when school is over, at the weekend and on free days",
    arguments: [(0, 14, 59, 0), (0, 15, 0, 1), (2, 16, 0, 5), (3, 10, 0, 5), (1, 10, 0, 5)])
  func days(ahead: Int, hour: Int, minute: Int, wanted: Int) {
    // Thursday and Friday are free.
    let free = ahead == 1 ? [Self.today.adding(days: 1)...Self.today.adding(days: 2)] : []
    let decision = Self.decide(
      S.els, "ziek Noor", in: Self.state(free: free), at: Self.at(hour, minute, days: ahead))
    #expect(Self.reports(decision).map(\.first) == [Self.today.adding(days: wanted)])
  }

  @Test("Whole days of the school's calendar are free by their titles; a group's are not, nor an evening")
  func free() {
    let day = Self.today
    let event = { (title: String, audience: Audience, time: EventTime) in
      SchoolEvent(
        id: EventID(1), audience: audience, author: S.dirk, thread: nil, source: nil,
        details: EventDetails(title: title, time: time), isCancelled: false, sequence: 0, lastSequence: 0
      ).freeDays
    }
    let week = EventTime.days(first: day, last: day.adding(days: 4))
    #expect(event("Kerstvakantie", .school, week) == day...day.adding(days: 4))
    #expect(event("Studiedag: alle kinderen vrij", .school, week) != nil && event("Fakânsje", .school, week) != nil)
    #expect(event("Kerstviering", .school, week) == nil && event("Vrij", .group(S.group5), week) == nil)
    #expect(event("Vrij", .school, .moments(start: S.now, end: nil)) == nil)
    for title in ["Kerstvakantie begint om 12.00 uur", "Vrij vanaf 12 uur", "Start kerstvakantie", "Vrije middag"] {
      #expect(event(title, .school, .days(first: day, last: day)) == nil, "\(title)")
    }
  }

  @Test("Several children in one mail, and several lines")
  func several() {
    let decision = Self.decide(S.deVries, "ziek Sanne\nte laat Tim 9:15")
    #expect(Self.reports(decision).map(\.kind) == [.sick, .late] && Self.reports(decision).last?.minute == 555)
    let facts = Self.facts(decision, .absenceReceipt, to: S.deVries)
    #expect(facts?.items.map(\.place) == [0, 1] && decision.readers(of: .absenceReceipt).count == 1)
    #expect(Self.reports(Self.decide(S.deVries, "Sanne en Tim zijn ziek")).count == 2)
  }

  @Test("Which child is asked with one tap each; the answer keeps what was said before")
  func which() throws {
    let decision = Self.decide(S.deVries, "ziek\nhoge koorts")
    #expect(decision.changes.isEmpty)
    let facts = try #require(Self.facts(decision, .absenceReceipt, to: S.deVries))
    #expect(facts.stage == .which && facts.items.map(\.name) == ["Sanne de Vries", "Tim de Vries"])
    let answer = Self.decide(
      S.deVries, "Tim de Vries", act: .answer(.absence(DeliveryID(1))), in: Self.state(answered: facts))
    #expect(Self.reports(answer).map(\.pupil) == [PupilID("p2")] && Self.reports(answer).first?.words == "hoge koorts")
  }

  @Test(
    "A second report of the same parent is the same; the other parent's is their own, and tells nobody of the first")
  func twice() {
    let state = Self.state([Self.report()])
    let again = Self.decide(S.els, "ziek Noor", in: state)
    #expect(Self.reports(again).isEmpty && again.readers(of: .absenceTold).isEmpty)
    let other = Self.decide(S.frank, "ziek Noor", in: state)
    #expect(Self.reports(other).count == 1 && other.readers(of: .absenceTold).isEmpty)
    #expect(Self.facts(other, .absenceReceipt, to: S.frank)?.items.first?.words == nil)
  }

  // MARK: Caution

  @Test("A carer without full authority may report sick, and staff see that; no leave, and nothing of others' to end")
  func onRequest() throws {
    let decision = Self.decide(S.onRequest, "ziek Noor", in: Self.state(boardAt: Self.at(8, 20)), at: Self.at(9))
    #expect(Self.reports(decision).count == 1 && decision.readers(of: .absenceTold) == [S.els, S.frank])
    #expect(Self.facts(decision, .absenceGroup, to: S.anna)?.items.first?.isDoubtful == true)
    #expect(Self.facts(decision, .absenceBoard, to: S.dirk)?.items.first?.isDoubtful == true)
    #expect(Self.facts(decision, .absenceTold, to: S.els)?.items.first?.isDoubtful == nil)
    #expect(Self.decide(S.onRequest, "verlof Noor 12-03", act: .absence(.leave)).refusal == .leaveAuthority)
    let better = Self.decide(S.onRequest, "beter Noor", in: Self.state([Self.report()]))
    #expect(better.changes.isEmpty && Self.facts(better, .absenceReceipt, to: S.onRequest)?.stage == .nothing)
    // Others' reports are not told to them.
    #expect(!Self.decide(S.els, "ziek Noor").readers(of: .absenceTold).contains(S.onRequest))
  }

  @Test(
    "Words that are not understood go to the teachers and the desk under a subject without them; the parent is told")
  func passed() throws {
    let decision = Self.decide(S.els, "Noor moet naar de tandarts", subject: "Ziek?")
    guard case .openThread(let kind, let subject, _, _, let members, _) = try #require(decision.changes.first) else {
      return #expect(Bool(false), "no thread")
    }
    #expect(kind == .mailbox && subject == "Noor" && members == [S.els, S.anna, S.bas, S.dirk])
    #expect(Self.facts(decision, .absenceReceipt, to: S.els)?.stage == .passed)
    let leave = Self.decide(S.els, "Mag Noor eens vrij?", act: .absence(.leave))
    #expect(leave.readers(of: .mailboxMessage) == [S.dirk], "leave is for the head alone")
  }

  @Test("A command works in other mails where it names a child, and nowhere where nothing proves the sender")
  func anywhere() {
    let news = { (text: String, act: Act) in Self.decide(S.els, text, act: act) }
    #expect(Self.reports(news("ziek Noor", .write(to: "anna"))).count == 1)
    #expect(Self.reports(news("ziek", .askSupport)).count == 1)
    #expect(Self.reports(news("Ziek zijn is stom", .write(to: "anna"))).isEmpty)
    #expect(Self.reports(news("beter laat dan nooit", .write(to: "anna"))).isEmpty)
    #expect(Self.reports(news("ziek Noor", .askHelp)).isEmpty)
    for target in [
      ReplyTarget.digest(DeliveryID(1)), .conference(.invited(ConferenceID(1))), .event(EventID(1)), .albums, .settings,
      .held(InboundID(1)), .activation,
    ] {
      #expect(Self.reports(news("ziek: Noor", .answer(target))).count == 1, "\(target)")
      #expect(Self.reports(news("ziek", .answer(target))).isEmpty && Self.reports(news("ja", .answer(target))).isEmpty)
    }
    #expect(Self.reports(news("ziek: Noor", .photos(PhotoRequest(.words)))).count == 1)
    let thread = S.thread(.mailbox, author: S.els, members: [S.els, S.anna])
    var state = Self.state()
    state.thread = ThreadView(thread, participants: [S.els])
    let answer = Self.decide(
      S.els, "Noor neemt haar huiswerk mee", subject: "ziek", act: .answer(.thread(thread.id)), in: state)
    #expect(Self.reports(answer).isEmpty, "the subject of a conversation is no command")
    #expect(Self.reports(Self.decide(S.els, "ziek Noor", act: .answer(.thread(thread.id)), in: state)).count == 1)
    #expect(Self.reports(Self.decide(S.els, "Noor", subject: "ziek", act: .askSupport)).count == 1)
  }

  @Test("Nobody's child cannot be reported")
  func foreign() {
    #expect(Self.reports(Self.decide(S.els, "ziek Tim")).isEmpty)
    #expect(Self.decide(AccountID(99), "ziek Noor").refusal == .noChildHere)
  }

  // MARK: Better, and taking back

  @Test(
    "Better ends it from today before 08:15, from the next school day after that", arguments: [(8, 14, 0), (8, 15, 1)])
  func better(hour: Int, minute: Int, ahead: Int) {
    var earlier = Self.report()
    earlier.first = Self.today.adding(days: -2)
    let decision = Self.decide(S.frank, "beter Noor", in: Self.state([earlier]), at: Self.at(hour, minute))
    #expect(decision.changes == [.absence(.end(AbsenceID(1), last: Self.today.adding(days: ahead - 1)))])
    #expect(decision.readers(of: .absenceTold) == [S.els])
    // Better on the day of the report itself: it never was.
    let same = Self.decide(S.els, "beter Noor", in: Self.state([Self.report()]), at: Self.at(8))
    #expect(same.changes == [.absence(.settle(AbsenceID(1), .withdrawn))])
  }

  @Test("Herstel takes one's own report back, tells who was told, and nobody takes back another's")
  func retract() throws {
    var facts = try #require(Self.facts(Self.decide(S.els, "ziek Noor"), .absenceReceipt, to: S.els))
    facts.assign([AbsenceID(1)])
    let state = Self.state([Self.report()], boardAt: Self.at(8, 20), answered: facts)
    let act = Act.answer(.absence(DeliveryID(1)))
    let decision = Self.decide(S.els, "herstel", act: act, in: state, at: Self.at(9))
    #expect(decision.changes == [.absence(.settle(AbsenceID(1), .withdrawn))])
    #expect(decision.readers(of: .absenceTold) == [S.frank] && decision.readers(of: .absenceGroup) == [S.anna, S.bas])
    let other = Self.decide(S.frank, "herstel", act: act, in: state, at: Self.at(9))
    #expect(other.changes.isEmpty)
    // Its receipt is answered by beter without a name.
    let better = Self.decide(S.els, "beter", act: act, in: state, at: Self.at(9))
    #expect(better.changes == [.absence(.end(AbsenceID(1), last: Self.today))])
  }

  @Test(
    "An answer to such a mail is read as a mail to ziek is, but for a name alone",
    arguments: [
      "Noor is gelukkig weer beter! Ze komt maandag weer.", "Noor is wer better", "Noor kan weer naar school",
      "Ze is weer beter",
    ])
  func answeredInWords(text: String) throws {
    let facts = try #require(Self.facts(Self.decide(S.els, "ziek Noor"), .absenceReceipt, to: S.els))
    let act = Act.answer(.absence(DeliveryID(1)))
    let state = Self.state([Self.report()], answered: facts)
    let better = Self.decide(S.els, text, act: act, in: state, at: Self.at(9))
    #expect(Self.facts(better, .absenceReceipt, to: S.els)?.stage == .recovered, "\(text)")
    for words in ["Noor blijft thuis bij oma", "Dank u, Noor"] {
      let passed = Self.decide(S.els, words, act: act, in: state)
      #expect(Self.facts(passed, .absenceReceipt, to: S.els)?.stage == .passed && Self.reports(passed).isEmpty)
    }
    let well = Self.decide(S.els, text, act: act, in: Self.state(answered: facts), at: Self.at(9))
    #expect(Self.facts(well, .absenceReceipt, to: S.els)?.stage == .passed, "nothing ends: a person reads it")
    let pity = Self.decide(S.frank, "Wat vervelend dat Noor ziek is", act: act, in: state)
    #expect(Self.reports(pity).isEmpty, "Els reported it")
  }

  @Test("Herstel of better makes the child sick again")
  func restore() throws {
    let better = Self.decide(S.els, "beter Noor", in: Self.state([Self.report()]), at: Self.at(9))
    let facts = try #require(Self.facts(better, .absenceReceipt, to: S.els))
    var ended = Self.report()
    ended.last = Self.today
    let decision = Self.decide(
      S.els, "herstel", act: .answer(.absence(DeliveryID(1))), in: Self.state([ended], answered: facts))
    #expect(decision.changes == [.absence(.settle(AbsenceID(1), .stands)), .absence(.end(AbsenceID(1), last: nil))])
    // What was decided since is not undone.
    var since = [ended, ended]
    (since[0].status, since[1].last) = (.withdrawn, Self.today.adding(days: 1))
    for report in since {
      let late = Self.decide(
        S.els, "herstel", act: .answer(.absence(DeliveryID(1))), in: Self.state([report], answered: facts))
      #expect(late.changes.isEmpty && Self.facts(late, .absenceReceipt, to: S.els)?.stage == .nothing)
    }
  }

  // MARK: Leave

  static func asked() throws -> (facts: AbsenceFacts, state: SchoolState) {
    let decision = decide(S.els, "verlof Noor 12-03 t/m 14-03: geheime bruiloft", act: .absence(.leave))
    var facts = try #require(Self.facts(decision, .leaveRequest, to: S.dirk))
    #expect(facts.items.first?.words == "geheime bruiloft" && facts.items.first?.reporter == "Els")
    #expect(decision.readers(of: .absenceTold).isEmpty && decision.readers(of: .absenceGroup).isEmpty)
    facts.assign([AbsenceID(1)])
    return (facts, state([try #require(reports(decision).first)], answered: facts))
  }

  @Test("Leave goes to the head; granted, the parents and the teachers are told, without why")
  func granted() throws {
    let (_, state) = try Self.asked()
    let decision = Self.decide(S.dirk, "akkoord", act: .answer(.absence(DeliveryID(1))), in: state)
    #expect(decision.changes == [.absence(.settle(AbsenceID(1), .stands))])
    #expect(decision.readers(of: .absenceReceipt) == [S.els] && decision.readers(of: .absenceTold) == [S.frank])
    #expect(decision.readers(of: .absenceGroup) == [S.anna, S.bas])
    let words = decision.notices.compactMap(\.facts.absence).flatMap(\.items).compactMap(\.words)
    #expect(words.isEmpty)
    let other = Self.decide(S.anna, "akkoord", act: .answer(.absence(DeliveryID(1))), in: state)
    #expect(other.refusal == .notStaff)
  }

  @Test("What the head writes with it goes to who asked; an answer that says neither is asked again")
  func grantedWithWords() throws {
    let (_, state) = try Self.asked()
    let act = Act.answer(.absence(DeliveryID(1)))
    let granted = Self.decide(S.dirk, "Akkoord, veel plezier op de bruiloft!\n\nDirk", act: act, in: state)
    #expect(granted.changes == [.absence(.settle(AbsenceID(1), .stands))])
    #expect(Self.facts(granted, .absenceReceipt, to: S.els)?.words?.hasPrefix("veel plezier") == true)
    #expect(Self.facts(granted, .absenceTold, to: S.frank)?.words == nil)
    let bare = Self.decide(S.dirk, "Akkoord\nDirk", act: act, in: state)
    #expect(bare.changes == granted.changes && Self.facts(bare, .absenceReceipt, to: S.els)?.words == nil)
    for text in ["Akkoord, maar alleen op vrijdag", "Hoe laat is de bruiloft?"] {
      let asked = Self.decide(S.dirk, text, act: act, in: state)
      #expect(Self.facts(asked, .leaveRequest, to: S.dirk)?.stage == .leaveAsked, "\(text)")
      #expect(!asked.changes.contains { if case .absence = $0 { true } else { false } })
      #expect(asked.readers(of: .mailboxMessage).allSatisfy { ![S.anna, S.bas].contains($0) }, "no teacher's: \(text)")
    }
  }

  @Test("In words of their own the head grants or rejects; what they write afterwards is no teacher's")
  func ownWords() throws {
    var (facts, state) = try Self.asked()
    state.policy.absence.desk = [S.cor]
    let act = Act.answer(.absence(DeliveryID(1)))
    let rejected = Self.decide(S.dirk, "Dat mag helaas niet, Els.", act: act, in: state)
    #expect(rejected.changes == [.absence(.settle(AbsenceID(1), .rejected))])
    #expect(Self.facts(rejected, .absenceReceipt, to: S.els)?.words == "Dat mag helaas niet, Els")
    let granted = Self.decide(S.dirk, "Ik ga akkoord\nDirk", act: act, in: state)
    #expect(granted.changes == [.absence(.settle(AbsenceID(1), .stands))])
    #expect(Self.facts(granted, .absenceReceipt, to: S.els)?.words == nil)
    #expect(Self.decide(S.dirk, "Bel jij haar even?", act: act, in: state).readers(of: .mailboxMessage) == [S.cor])
    for stage in [AbsenceFacts.Stage.leaveGranted, .leaveRejected, .leaveWithdrawn] {
      facts.stage = stage
      state.absence?.answered = facts
      let words = Self.decide(S.dirk, "Dank voor de melding van de leerplicht", act: act, in: state)
      #expect(words.readers(of: .mailboxMessage) == [S.cor], "\(stage)")
    }
  }

  @Test("Rejected, only who asked is told, with the reason; the first answer counts")
  func rejected() throws {
    var (_, state) = try Self.asked()
    let act = Act.answer(.absence(DeliveryID(1)))
    let decision = Self.decide(S.dirk, "afgewezen: toetsweek", act: act, in: state)
    #expect(decision.changes == [.absence(.settle(AbsenceID(1), .rejected))])
    #expect(Self.facts(decision, .absenceReceipt, to: S.els)?.words == "toetsweek")
    #expect(decision.readers(of: .absenceTold).isEmpty && decision.readers(of: .absenceGroup).isEmpty)
    state.absence?.absences[0].report.status = .rejected
    #expect(Self.decide(S.dirk, "akkoord", act: act, in: state).refusal == .nothingHeld)
  }

  @Test("Who asked withdraws; the head is told, and who was told of it")
  func withdrawn() throws {
    var (_, state) = try Self.asked()
    let act = Act.answer(.absence(DeliveryID(1)))
    let asked = Self.decide(S.els, "herstel", act: act, in: state)
    #expect(asked.changes == [.absence(.settle(AbsenceID(1), .withdrawn))])
    #expect(asked.readers(of: .leaveRequest) == [S.dirk] && asked.readers(of: .absenceTold).isEmpty)
    state.absence?.absences[0].report.status = .stands
    let granted = Self.decide(S.els, "herstel", act: act, in: state)
    #expect(granted.readers(of: .absenceTold) == [S.frank] && granted.readers(of: .absenceGroup) == [S.anna, S.bas])
  }

  @Test(
    "Leave over the limits is refused",
    arguments: ["17-11-2026", "1-12 t/m 1-2", "1-1-2028", "31-02", "14-03-2027 t/m 12-03-2027"])
  func leaveLimits(days: String) {
    let decision = Self.decide(S.els, "verlof Noor \(days): reden", act: .absence(.leave))
    #expect(decision.refusal == .leaveDates && decision.changes.isEmpty, "\(days)")
  }
}
