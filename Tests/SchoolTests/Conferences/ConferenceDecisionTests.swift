import Foundation
import Testing

@testable import School

@Suite("Conferences, from plan to schedule")
struct ConferenceDecisionTests {
  typealias S = SmallSchool

  private func plan(_ actor: AccountID, _ text: String) -> Decision {
    S.decision(actor, .conferences, text)
  }

  @Test("A plan of staff is read back; nothing goes out yet; a parent's text and a colleague's desk are refused")
  func planning() throws {
    let text = "\(PlayedPlan.text)\nwensen tot 1 december"
    let decision = plan(S.dirk, text)
    #expect(decision.readers(of: .conferencePlan) == [S.dirk] && decision.notices.count == 1)
    let facts = try #require(decision.notices[0].facts.conference)
    #expect(facts.stage == .understood && facts.several == 1 && facts.desks.map(\.talks) == [3, 1])
    #expect(plan(S.cor, text).refusal == .notYourGroup)
    #expect(plan(S.cor, text.replacing("Groep 5, lokaal 5\n", with: "")).refusal == nil)
    let long = plan(S.dirk, text + "\n" + String(repeating: "5a,", count: 100_000))
    #expect(long.changes.isEmpty && long.notices[0].facts.conference?.problems.map(\.reason) == [.unknownLine])
    let bad = plan(S.dirk, "\(text)\nonzin erbij")
    #expect(bad.changes.isEmpty && bad.notices[0].facts.conference?.problems.map(\.reason) == [.unknownLine])
    #expect(plan(S.els, text).readers(of: .help) == [S.els])
    #expect(Act.conferences.level == .proven && Act.answer(.conference(.plan(ConferenceID(1)))).level == .proven)
  }

  @Test("Families with several go first with a proposal without a gap, a day before the others")
  func invitations() throws {
    var played = try PlayedPlan()
    #expect(S.policy.taskDue(played.state, now: played.now) == nil)
    played.now += 600
    let first = played.clock(.inviteFirst)
    #expect(first.readers(of: .conferenceInvitation) == [S.deVries])
    let facts = try #require(first.facts(to: S.deVries).first)
    let proposed = facts.lines.compactMap(\.proposal).sorted()
    #expect(facts.lines.map(\.label) == ["Sanne", "Tim"] && proposed.count == 2)
    #expect(proposed[1].timeIntervalSince(proposed[0]) == 600)
    #expect(S.policy.taskDue(played.state, now: played.now + 86_000) == nil)
    played.now += 86_400
    let others = played.clock(.invite)
    // Who hears of the child on request only is not invited.
    #expect(others.readers(of: .conferenceInvitation) == [S.els, S.frank])
    #expect(others.facts(to: S.els).first?.lines.map(\.pupil) == ["Noor"])
    #expect(others.facts(to: S.els).first?.lines.first?.label == nil)
  }

  @Test("Without such families nobody waits; without time all are asked before wishes are granted")
  func withoutSeveral() throws {
    var played = try PlayedPlan()
    played.now += 600
    played.clock(.inviteFirst)
    played.now += 30 * 86_400
    #expect(S.policy.taskDue(played.state, now: played.now) == nil, "it is over")
    var late = try PlayedPlan("wensen tot 19 november")
    late.now += 600
    late.clock(.inviteFirst)
    #expect(S.policy.taskDue(late.state, now: late.now + 10 * 3_600) == nil, "half of the time is ahead")
    #expect(S.policy.taskDue(late.state, now: late.now + 16 * 3_600) == .invite)
    late.now += 40 * 3_600
    late.clock(.invite)
    late.clock(.assign)
  }

  @Test("One tap takes the proposal: both are promised at once, each with a mail to the account")
  func proposal() throws {
    var played = try PlayedPlan()
    played.invite()
    let decision = played.answer(S.deVries, "voorstel")
    #expect(decision.readers(of: .conferenceAppointment) == [S.deVries, S.deVries])
    #expect(decision.facts(to: S.deVries).allSatisfy { $0.stage == .booked && $0.lines.count == 1 })
    #expect(played.state.talks.filter { $0.household == S.deVries }.allSatisfy { $0.slot != nil && $0.sequence == 1 })
    let back = played.answer(S.deVries, "herstel")
    #expect(back.facts(to: S.deVries).map(\.stage) == [.cancelled, .cancelled])
    #expect(played.answer(S.deVries, "voorstel").readers(of: .conferenceAppointment).count == 2)
  }

  @Test("Separated parents choose apart and never see each other; who has no authority is refused")
  func separated() throws {
    var played = try PlayedPlan()
    played.invite()
    let (els, frank) = (try played.talk(S.els, "p3"), try played.talk(S.frank, "p3"))
    #expect(els.parties == [S.els] && frank.parties == [S.frank])
    let wish = played.answer(S.els, "1: 15:40, 2: 15:50")
    #expect(wish.readers(of: .conferenceReceipt) == [S.els] && wish.notices.count == 1)
    #expect(wish.facts(to: S.els).first?.lines.first?.wishes.count == 2)
    #expect(played.answer(S.onRequest, "15:40").refusal == .notYours)
    #expect(played.answer(S.frank, "stand").facts(to: S.frank).first?.lines.map(\.talk) == [frank.id])
    played.answer(S.frank, "15:40")
    played.now = try #require(played.state.plan.closesAt)
    let granted = played.clock(.assign)
    #expect(granted.facts(to: S.els).allSatisfy { $0.lines.allSatisfy { $0.talk == els.id } })
    #expect(granted.facts(to: S.frank).allSatisfy { $0.lines.allSatisfy { $0.talk == frank.id } })
    let desks = played.state.table(.assigned, played.directory).desks
    #expect(desks.map(\.answered) == [2, 0] && desks.map(\.placed) == [3, 1], "the silent have a time, and no answer")
    let slots = [try played.talk(S.els, "p3").slot, try played.talk(S.frank, "p3").slot]
    #expect(slots[0] != slots[1] && slots.allSatisfy { $0 != nil })
    // Their teachers, and nobody else, see both.
    #expect(granted.readers(of: .conferenceSchedule) == [S.anna, S.bas, S.cor])
    #expect(granted.facts(to: S.anna).first?.rows.map(\.parents).sorted().contains("Els") == true)
  }

  @Test("Two accounts at one postal address come together; an authority that ended is heeded at once")
  func together() throws {
    let contact = ContactDetails(street: "Kade 3", postcode: "9001 AB", city: "Grou")
    let carers = S.directory.carers.values.map { carer -> Carer in
      var carer = carer
      if [S.els, S.frank, S.onRequest].contains(carer.account) { carer.contact = contact }
      return carer
    }
    let parts = { (carers: [Carer]) in
      Directory(
        accounts: Array(S.directory.accounts.values), groups: Array(S.directory.groups.values),
        pupils: Array(S.directory.pupils.values), carers: carers, staff: Array(S.directory.staff.values))
    }
    var played = try PlayedPlan(directory: parts(carers))
    #expect(try played.talk(S.els, "p3").parties == [S.els, S.frank])
    #expect(!played.state.talks.contains { $0.household == S.frank })
    played.invite()
    played.answer(S.els, "15:40")
    played.now = try #require(played.state.plan.closesAt)
    #expect(played.clock(.assign).readers(of: .conferenceAppointment).contains(S.frank))
    played.directory = parts(
      carers.map { carer in
        var carer = carer
        if carer.account == S.frank { carer.authority = [PupilID("p3"): .none] }
        return carer
      })
    #expect(played.answer(S.els, "afzeggen").readers(of: .conferenceAppointment) == [S.els])
    #expect(played.answer(S.frank, "stand").refusal == .notYours)
  }

  @Test("Who calls off what they were promised is given nothing else when wishes are granted")
  func calledOff() throws {
    var played = try PlayedPlan()
    played.invite()
    played.answer(S.deVries, "voorstel")
    played.answer(S.deVries, "afzeggen")
    played.now = try #require(played.state.plan.closesAt)
    let granted = played.clock(.assign)
    #expect(!granted.readers(of: .conferenceAppointment).contains(S.deVries))
    #expect(played.state.talks.filter { $0.parties.contains(S.deVries) }.allSatisfy { $0.slot == nil })
  }

  @Test("Wishes are granted by the clock, and each outcome is explained without naming anybody")
  func granted() throws {
    var played = try PlayedPlan()
    played.invite()
    played.answer(S.deVries, "Sanne 15:40, Tim 15:50")
    played.answer(S.els, "1: 15:40, 2: 15:30")
    played.now = try #require(played.state.plan.closesAt)
    #expect(S.policy.taskDue(played.state, now: played.now - 1) != .assign)
    let decision = played.clock(.assign)
    let table = try #require(decision.facts(to: S.dirk).first)
    #expect(table.stage == .assigned && table.gap == 0 && table.wished == 3 && table.firstWishes == 2)
    let els = try played.talk(S.els, "p3")
    #expect(els.reason == ConferenceReason(.wish, rank: 2, missed: [.init(slot: 1, why: .several)]))
    #expect(try played.talk(S.frank, "p3").reason?.kind == .silent)
    let why = played.answer(S.els, "waarom", why: true)
    let facts = try #require(why.facts(to: S.els).first)
    #expect(facts.stage == .why && facts.lines.count == 1 && facts.lines[0].why?.missed.first?.why == .several)
    #expect(!"\(facts)".contains("Vries") && !"\(facts)".contains("Frank"))
    #expect(played.answer(S.onRequest, "waarom", why: true).facts(to: S.onRequest).isEmpty)
  }

  @Test("After that: first come, first served; swaps, a waiting list, no slot twice, none beside one's own")
  func open() throws {
    var played = try PlayedPlan("direct")
    played.invite()
    #expect(played.answer(S.deVries, "Sanne 15:30, Tim 15:40").facts(to: S.deVries).map(\.stage) == [.booked, .booked])
    let clash = played.answer(S.deVries, "Tim 15:30")
    #expect(clash.facts(to: S.deVries).first?.stage == .clash && clash.changes.isEmpty)
    #expect(played.answer(S.deVries, "Sanne 15:40, Tim 15:30").facts(to: S.deVries).map(\.stage) == [.moved, .moved])
    let taken = played.answer(S.els, "15:40")
    #expect(taken.facts(to: S.els).first?.stage == .taken && taken.changes.isEmpty)
    #expect(played.answer(S.els, "15:40, 15:50").facts(to: S.els).first?.stage == .booked)
    #expect(played.answer(S.els, "15:50").facts(to: S.els).first?.stage == .state, "they have it")
    #expect(played.answer(S.els, "wachtlijst 15:40").facts(to: S.els).first?.stage == .waiting)
    let freed = played.answer(S.deVries, "afzeggen Sanne")
    #expect(freed.facts(to: S.deVries).map(\.stage) == [.cancelled])
    #expect(freed.facts(to: S.els).map(\.stage) == [.freed])
    let moved = played.answer(S.els, "ruil 15:40")
    #expect(moved.facts(to: S.els).map(\.stage) == [.moved] && moved.facts(to: S.deVries).isEmpty)
    #expect(try played.talk(S.els, "p3").sequence == 2)
    #expect(played.answer(S.els, "herstel").facts(to: S.els).map(\.stage) == [.moved])
    let slots = played.state.talks.filter { $0.desk == 0 }.compactMap(\.slot)
    #expect(Set(slots).count == slots.count)
  }

  @Test("Too few slots: who is left out waits, and hears why")
  func full() throws {
    var played = try PlayedPlan("wensen tot 1 december")
    played.state.conference.plan.windows[0].end -= 600
    played.invite()
    played.answer(S.frank, "15:30")
    played.now = try #require(played.state.plan.closesAt)
    let decision = played.clock(.assign)
    #expect(decision.facts(to: S.els).map(\.stage) == [.full])
    #expect(try played.talk(S.els, "p3").waits == [] && played.talk(S.els, "p3").reason?.kind == .full)
    #expect(played.answer(S.frank, "afzeggen").facts(to: S.els).map(\.stage) == [.freed])
  }

  @Test("A calendar program that declines gives the slot back; its words go to the teachers alone")
  func calendars() throws {
    var played = try PlayedPlan("direct")
    played.invite()
    played.answer(S.els, "15:30")
    let talk = try played.talk(S.els, "p3")
    #expect(played.answer(S.els, "", reply: EventReply(answer: .accepted, words: nil), talk: talk.id) == Decision())
    #expect(
      played.answer(S.frank, "", reply: EventReply(answer: .declined, words: nil), talk: talk.id).refusal == .notYours)
    let declined = played.answer(
      S.els, "", reply: EventReply(answer: .declined, words: "Ziek"), talk: talk.id)
    #expect(declined.readers(of: .mailboxMessage) == [S.anna, S.bas])
    #expect(declined.facts(to: S.els).map(\.stage) == [.cancelled])
    #expect(played.answer(S.frank, "Kan het online?").readers(of: .mailboxMessage) == [S.anna, S.bas])
  }

  @Test("Words below an answer go to the teachers as well, and not how a letter ends")
  func wordsBelow() throws {
    var played = try PlayedPlan("direct")
    played.invite()
    let booked = played.answer(S.els, "15:30\n\nKan het in het lokaal beneden?\n\nGroet, Els")
    #expect(booked.facts(to: S.els).map(\.stage) == [.booked])
    #expect(booked.readers(of: .mailboxMessage) == [S.anna, S.bas])
    #expect(played.answer(S.els, "stand\n\nGroetjes\nEls").readers(of: .mailboxMessage).isEmpty)
    // Two lines are one answer.
    let two = played.answer(S.deVries, "Sanne 15:40\nTim 15:50\nGroet,\nMarieke")
    #expect(two.facts(to: S.deVries).map(\.stage) == [.booked, .booked] && two.readers(of: .mailboxMessage).isEmpty)
    #expect(played.answer(S.els, "niet nodig").facts(to: S.els).map(\.stage) == [.unclear], "they have a slot")
    let off = played.answer(S.els, "afzeggen\nNoor ligt in het ziekenhuis.")
    #expect(off.facts(to: S.els).map(\.stage) == [.cancelled] && off.readers(of: .mailboxMessage) == [S.anna, S.bas])
    _ = played.answer(S.els, "15:30")
    let beside = played.answer(S.els, "Afzeggen, Noor ligt in het ziekenhuis.")
    #expect(beside.facts(to: S.els).map(\.stage) == [.cancelled])
    #expect(beside.readers(of: .mailboxMessage) == [S.anna, S.bas])
    let asked = played.answer(S.els, "Hallo juf,\n\nlukt het ook op een andere dag om 15:30?")
    #expect(asked.facts(to: S.els).map(\.stage) == [.unclear] && asked.readers(of: .mailboxMessage) == [S.anna, S.bas])
  }

  @Test("A calendar that declines the time before this one does not give this one back")
  func late() throws {
    var played = try PlayedPlan("direct")
    played.invite()
    played.answer(S.els, "15:30")
    played.answer(S.els, "ruil 15:40")
    let talk = try played.talk(S.els, "p3")
    #expect(talk.sequence == 2)
    for (sequence, stage) in [(1, ConferenceFacts.Stage.state), (2, .cancelled)] {
      let reply = EventReply(answer: .declined, words: nil, sequence: sequence)
      #expect(played.answer(S.els, "", reply: reply, talk: talk.id).facts(to: S.els).map(\.stage) == [stage])
    }
  }

  @Test("Only who did not answer is reminded, once")
  func reminders() throws {
    var played = try PlayedPlan()
    played.invite()
    played.answer(S.els, "15:40")
    played.answer(S.deVries, "geen gesprek")
    let closes = try #require(played.state.plan.closesAt)
    played.now = closes - 3 * 86_400
    #expect(S.policy.taskDue(played.state, now: played.now) == nil)
    played.now = closes - 86_400 + 1
    #expect(played.clock(.remind).readers(of: .conferenceInvitation) == [S.frank])
    #expect(S.policy.taskDue(played.state, now: played.now) == nil)
  }

  @Test("Before invitations a plan can be taken back; after that it is called off, and who had a time is told")
  func callingOff() throws {
    var played = try PlayedPlan("direct")
    let target = ConferenceTarget.plan(ConferenceID(5))
    #expect(played.answer(S.cor, "herstel", target: target).refusal == .notOrganiser)
    var early = played
    #expect(early.answer(S.dirk, "herstel", target: target).facts(to: S.dirk).map(\.stage) == [.retracted])
    #expect(S.policy.taskDue(early.state, now: early.now + 86_400) == nil)
    #expect(early.answer(S.dirk, "vervalt", target: target).refusal == .alreadyGone)
    played.invite()
    #expect(played.answer(S.dirk, "herstel", target: target).refusal == .tooLateForEvents)
    played.answer(S.els, "15:30")
    #expect(played.answer(S.dirk, "stand", target: target).facts(to: S.dirk).first?.desks.map(\.placed) == [1, 0])
    let off = played.answer(S.dirk, "vervalt", target: target)
    #expect(off.readers(of: .conferenceAppointment) == [S.els])
    #expect(off.facts(to: S.els).first?.stage == .calledOff)
    #expect(played.answer(S.els, "15:40").facts(to: S.els).first?.stage == .over)
  }

  @Test("Teachers hear of changes: at once the first time, then as many together as come while they can be taken back")
  func schedules() throws {
    var played = try PlayedPlan("direct")
    played.invite()
    #expect(S.policy.taskDue(played.state, now: played.now) == nil)
    played.answer(S.els, "15:30")
    played.state.desks = [.init(desk: 0, changedAt: played.now)]
    let told = played.clock(.tellDesk(0))
    #expect(told.readers(of: .conferenceSchedule) == [S.anna, S.bas])
    played.state.desks = [.init(desk: 0, changedAt: played.now + 1, toldAt: played.now)]
    played.now += 60
    #expect(S.policy.taskDue(played.state, now: played.now) == nil)
    played.now += 600
    #expect(S.policy.taskDue(played.state, now: played.now) == .tellDesk(0))
  }

  @Test("Who says no to one of several conversations is not invited once more")
  func invitedOnce() throws {
    var played = try PlayedPlan()
    played.now += 600
    played.clock(.inviteFirst)
    played.answer(S.deVries, "geen gesprek Sanne")
    #expect(try played.talk(S.deVries, "p1").isDeclined)
    #expect(S.policy.taskDue(played.state, now: played.now) == nil, "the others wait for their day")
    played.now += 86_400
    #expect(played.clock(.invite).readers(of: .conferenceInvitation) == [S.els, S.frank])
  }

  @Test("A bare no costs nobody their slot; a refusal is taken back by herstel")
  func refusals() throws {
    var played = try PlayedPlan("direct")
    played.invite()
    played.answer(S.els, "15:30")
    let bare = played.answer(S.els, "Nee.")
    #expect(bare.changes.isEmpty && bare.facts(to: S.els).map(\.stage) == [.unclear])
    #expect(played.answer(S.els, "geen gesprek").facts(to: S.els).map(\.stage) == [.cancelled, .declined])
    played.answer(S.frank, "nee")
    #expect(try played.talk(S.frank, "p3").isDeclined)
    played.answer(S.frank, "herstel")
    #expect(try !played.talk(S.frank, "p3").isDeclined)
  }

  @Test("A refusal is taken back before a slot, whatever came last")
  func refusalFirst() throws {
    var played = try PlayedPlan()
    played.invite()
    played.answer(S.deVries, "voorstel")
    let slot = try played.talk(S.deVries, "p1").slot
    played.answer(S.deVries, "geen gesprek Tim")
    played.answer(S.deVries, "herstel")
    #expect(try slot != nil && played.talk(S.deVries, "p1").slot == slot)
    #expect(!played.state.talks.contains { $0.isDeclined })
  }

  @Test("Called off while wishes are collected: who told theirs hears of it")
  func calledOffEarly() throws {
    var played = try PlayedPlan()
    played.invite()
    played.answer(S.els, "15:40")
    let off = played.answer(S.dirk, "vervalt", target: .plan(ConferenceID(5)))
    #expect(off.readers(of: .conferenceAppointment) == [S.els])
    let facts = try #require(off.facts(to: S.els).first)
    #expect(facts.stage == .calledOff && facts.lines.first?.before == nil)
  }

  @Test("A clock that ran ahead keeps no change from the teachers")
  func clockAhead() throws {
    var played = try PlayedPlan("direct")
    played.invite()
    played.state.desks = [.init(desk: 0, changedAt: played.now, toldAt: played.now + 86_400)]
    #expect(S.policy.taskDue(played.state, now: played.now + 600) == .tellDesk(0))
  }
}
