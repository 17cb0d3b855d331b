import Foundation
import School
import Testing

@testable import Store

@Suite("The calendar in the store", .timeLimit(.minutes(6)))
struct CalendarStoreTests {
  typealias F = StoreFixture
  static let zone = TimeZone(identifier: "Europe/Amsterdam") ?? .gmt
  static let undo: TimeInterval = 600

  static func details(_ title: String, hours: Double = 48) -> EventDetails {
    EventDetails(title: title, time: .moments(start: F.now + hours * 3600, end: nil))
  }

  /// A mail of Anna's with what it changes, and an invitation to each family that waits ten minutes.
  static func post(_ fixture: F, _ changes: [CalendarChange], _ facts: EventFacts) async throws -> Decision {
    let (anna, els, frank) = (
      try await fixture.account("anna@school.test"), try await fixture.account("els@ouders.test"),
      try await fixture.account("frank@ouders.test")
    )
    return Decision(
      changes: [
        .openThread(
          kind: .calendar, subject: "Agenda", author: anna, audience: .group(F.group), members: [], about: nil),
        .addEntry(thread: .new, author: anna, body: MessageBody(text: "x"), origin: nil),
      ] + changes.map { .calendar($0) },
      notices: [els, frank].map {
        Notice(
          .eventInvitation, to: .account($0), lane: .bulk, thread: .new, entry: .new,
          replyTarget: facts.event.map { .event($0) } ?? .newEvent, notBefore: F.now + undo,
          facts: NoticeFacts(calendar: CalendarFacts(events: [facts])))
      } + [Notice(.calendarReceipt, to: .account(anna), thread: .new, entry: .new, replyTarget: .newPost)])
  }

  static func added(_ fixture: F, _ title: String = "Kerst", hours: Double = 48) async throws -> (EventID, Committed) {
    let details = details(title, hours: hours)
    let anna = try await fixture.account("anna@school.test")
    let new = NewEvent(
      audience: .group(F.group), author: anna, details: details, endsAt: details.time.end(in: zone))
    let done = try await fixture.commit(
      try await post(fixture, [.add(new)], EventFacts(event: nil, details: details)), messageID: "\(title)@x",
      route: "a")
    let entry = try #require(done.entry)
    return (try #require(try await fixture.store.events(of: entry).last?.id), done)
  }

  static func revision(_ event: EventID, _ title: String, sequence: Int = 1) -> [CalendarChange] {
    let details = details(title, hours: 72)
    return [
      .supersede(event),
      .revise(
        EventRevision(
          event: event, sequence: sequence, details: details, isCancelled: false,
          endsAt: details.time.end(in: zone))),
    ]
  }

  @Test("A new event gets its identity in its invitations, what they answer to, and who was told when they are due")
  func adds() async throws {
    let fixture = try await F()
    let (event, done) = try await Self.added(fixture)
    let first = try #require(try await fixture.store.delivery(done.deliveries[0]))
    #expect(first.replyTarget == .event(event) && first.facts.calendar?.events.first?.event == event)
    let receipt = try #require(try await fixture.store.delivery(done.deliveries[2]))
    #expect(receipt.replyTarget == .calendarPost(try #require(done.entry)))
    let stored = try #require(try await fixture.store.event(event))
    #expect(stored.details.title == "Kerst" && stored.sequence == 0 && stored.thread == done.thread)
    #expect(try await fixture.store.told(of: event, now: F.now).isEmpty)
    #expect(try await fixture.store.told(of: event, now: F.now + Self.undo).count == 2)
    #expect(try await fixture.store.events(endingAfter: F.now, zone: Self.zone).map(\.id) == [event])
    #expect(try await fixture.store.events(endingAfter: F.now + 90 * 3600, zone: Self.zone).isEmpty)
  }

  @Test("A change within the window takes the place of what waits; taken back, the old one stands and is mailed again")
  func supersedes() async throws {
    let fixture = try await F()
    let (event, done) = try await Self.added(fixture)
    try await fixture.commit(
      Decision(changes: [.calendar(.answer(event, try await fixture.account("els@ouders.test"), .accepted))]))
    #expect(try await fixture.store.answers(to: event).count == 1)
    let facts = EventFacts(event: event, sequence: 1, details: Self.details("Kerst", hours: 72))
    let changed = try await fixture.commit(
      try await Self.post(fixture, Self.revision(event, "Kerstviering"), facts), messageID: "2@x", route: "a", after: 60
    )
    #expect(try await fixture.store.delivery(done.deliveries[0])?.status == .cancelled)
    #expect(try await fixture.store.event(event)?.details.title == "Kerstviering")
    #expect(try await fixture.store.answers(to: event).isEmpty, "it is at another time")
    let entry = try #require(changed.entry)
    try await fixture.commit(Decision(changes: [.retractEntry(entry), .calendar(.withdraw(entry))]), after: 120)
    #expect(try await fixture.store.delivery(done.deliveries[0])?.status == .waiting)
    #expect(try await fixture.store.delivery(changed.deliveries[0])?.status == .cancelled)
    #expect(try await fixture.store.delivery(changed.deliveries[2])?.status == .waiting, "the receipt goes out")
    let stands = try #require(try await fixture.store.event(event))
    #expect(stands.details.title == "Kerst" && stands.sequence == 0 && stands.lastSequence == 1)
    #expect(try await fixture.store.answers(to: event).count == 1, "the move was taken back, and with it its effect")
    let first = try #require(done.entry)
    try await fixture.commit(Decision(changes: [.retractEntry(first), .calendar(.withdraw(first))]), after: 130)
    #expect(try await fixture.store.event(event) == nil)
    #expect(try await fixture.store.events(endingAfter: F.now, zone: Self.zone).isEmpty)
  }

  @Test("What waits for approval stands nowhere, and takes the place of nothing, until a colleague approves it")
  func approval() async throws {
    let fixture = try await F()
    let (event, done) = try await Self.added(fixture)
    let facts = EventFacts(event: event, sequence: 1, details: Self.details("Kerst", hours: 72))
    func held(_ title: String, _ sequence: Int) async throws -> Committed {
      var decision = try await Self.post(
        fixture, Self.revision(event, title, sequence: sequence) + [.hold], facts)
      for place in decision.notices.indices where decision.notices[place].kind == .eventInvitation {
        decision.notices[place].notBefore = .distantFuture
      }
      return try await fixture.commit(decision, messageID: "\(title)@x", route: "a", after: 60)
    }
    let second = try await held("Tweede", 1)
    let third = try await held("Derde", 2)
    let entries = (try #require(second.entry), try #require(third.entry))
    #expect(try await fixture.store.delivery(done.deliveries[0])?.status == .waiting, "what stands is mailed meanwhile")
    #expect(try await fixture.store.event(event)?.details.title == "Kerst")
    #expect(try await fixture.store.events(of: entries.0).map(\.details.title) == ["Kerst"])
    #expect(try await fixture.store.waitingEvents(of: entries.0).map(\.details.title) == ["Tweede"])
    #expect(try await fixture.store.waitingEvents(endingAfter: F.now).map(\.sequence) == [1, 2])
    #expect(try await fixture.store.told(of: event, now: F.now).isEmpty)

    try await fixture.commit(
      Decision(changes: [.settleBroadcast(entries.0, isApproved: true), .calendar(.approve(entries.0))]), after: 120)
    #expect(try await fixture.store.event(event)?.details.title == "Tweede")
    #expect(try await fixture.store.delivery(done.deliveries[0])?.status == .cancelled, "nobody gets the old one too")
    #expect(try await fixture.store.delivery(second.deliveries[0])?.dueAt == F.now + 120)
    #expect(try await fixture.store.awaitsApproval(entries.1), "the next one waits on")

    try await fixture.commit(
      Decision(changes: [.settleBroadcast(entries.1, isApproved: false), .calendar(.withdraw(entries.1))]), after: 180)
    #expect(try await fixture.store.event(event)?.details.title == "Tweede")
    #expect(try await fixture.store.delivery(third.deliveries[0])?.status == .cancelled)
    #expect(try await fixture.store.events(of: entries.1).map(\.details.title) == ["Tweede"])
    #expect(try await fixture.store.waitingEvents().isEmpty)
    #expect(try await fixture.store.verification().isSound)
  }

  @Test("Events wait for approval also where there is nobody yet whom they would be mailed to")
  func approvalWithoutReaders() async throws {
    let fixture = try await F()
    let anna = try await fixture.account("anna@school.test")
    let details = Self.details("Jaarkalender")
    let new = NewEvent(audience: .school, author: anna, details: details, endsAt: details.time.end(in: Self.zone))
    var decision = try await Self.post(fixture, [.add(new), .hold], EventFacts(event: nil, details: details))
    decision.notices = []
    let done = try await fixture.commit(decision, messageID: "1@x", route: "a")
    let entry = try #require(done.entry)
    #expect(try await fixture.store.awaitsApproval(entry))
    #expect(try await fixture.store.events(endingAfter: F.now, zone: Self.zone).isEmpty)
    try await fixture.commit(
      Decision(changes: [.settleBroadcast(entry, isApproved: true), .calendar(.approve(entry))]), after: 60)
    #expect(try await !fixture.store.awaitsApproval(entry))
    #expect(
      try await fixture.store.events(endingAfter: F.now, zone: Self.zone).map(\.details.title) == ["Jaarkalender"])
  }

  @Test("An answer is to the time at which the event was: another place leaves it, another time does not")
  func answersByTime() async throws {
    let fixture = try await F()
    let (event, _) = try await Self.added(fixture)
    let els = try await fixture.account("els@ouders.test")
    let answer = Decision(changes: [.calendar(.answer(event, els, .accepted))])
    try await fixture.commit(answer)
    func revise(_ sequence: Int, hours: Double) async throws -> SchoolEvent {
      let details = Self.details("Kerst \(sequence)", hours: hours)
      let revision = EventRevision(
        event: event, sequence: sequence, details: details, isCancelled: false, endsAt: details.time.end(in: Self.zone))
      try await fixture.commit(
        try await Self.post(fixture, [.revise(revision)], EventFacts(event: event, details: details)),
        messageID: "\(sequence)@x", route: "a")
      return try #require(try await fixture.store.event(event))
    }
    #expect(try await revise(1, hours: 48).timeSequence == 0)
    #expect(try await fixture.store.answers(to: event) == [els: .accepted])
    #expect(try await revise(2, hours: 72).timeSequence == 2)
    #expect(try await revise(3, hours: 72).timeSequence == 2)
    #expect(try await fixture.store.answers(to: event).isEmpty)
    try await fixture.commit(answer)
    #expect(try await fixture.store.answers(to: event) == [els: .accepted])
    #expect(try await revise(4, hours: 48).timeSequence == 4, "back at the first time, of which nobody was asked anew")
    #expect(try await fixture.store.answers(to: event).isEmpty)
  }

  @Test("What is due already is not called back; two changes on one state are one")
  func due() async throws {
    let fixture = try await F()
    let (event, done) = try await Self.added(fixture)
    let facts = EventFacts(event: event, sequence: 1, details: Self.details("Kerst", hours: 72))
    var decision = try await Self.post(fixture, Self.revision(event, "Later"), facts)
    decision.basis = try await fixture.store.revision(of: Store.calendarRevision)
    try await fixture.commit(decision, messageID: "2@x", route: "a", after: Self.undo + 1)
    #expect(try await fixture.store.delivery(done.deliveries[0])?.status == .waiting)
    #expect(try await fixture.commit(decision, messageID: "3@x", route: "a", after: Self.undo + 2).isStale)
  }

  @Test("Past events expire, also where their mail is gone; coming ones stay without it")
  func expiry() async throws {
    let fixture = try await F()
    let (old, _) = try await Self.added(fixture, "Oud", hours: 1)
    let (new, _) = try await Self.added(fixture, "Nieuw", hours: 24 * 400)
    for delivery in try await fixture.store.dueDeliveries(now: F.now + 3600, excluding: [], limit: 50) {
      try await fixture.store.record([
        DeliveryOutcome(delivery: delivery.id, at: F.now, result: .accepted(ServerWords(text: "ok")))
      ])
    }
    let later = F.now + 200 * 86_400
    _ = try await fixture.store.expire(.deliveries, before: later, at: later, applies: true)
    #expect(try await fixture.store.told(of: new, now: later).count == 2, "who was told is known still")
    _ = try await fixture.store.expire(.threads, before: later, at: later, applies: true)
    #expect(try await fixture.store.event(old) == nil)
    #expect(try await fixture.store.event(new)?.thread == nil)
    #expect(try await fixture.store.verification().isSound)
  }

  @Test("What somebody answered is exported and erased with them")
  func person() async throws {
    let fixture = try await F()
    let (event, _) = try await Self.added(fixture)
    let els = try await fixture.account("els@ouders.test")
    try await fixture.commit(Decision(changes: [.calendar(.answer(event, els, .tentative))]))
    #expect(try await fixture.store.person(els).eventAnswers.map(\.event) == ["Kerst"])
    _ = try await fixture.store.erase(els, at: F.now)
    #expect(try await fixture.store.answers(to: event).isEmpty)
    #expect(try await fixture.store.told(of: event, now: F.now + Self.undo).count == 1)
    let anna = try await fixture.account("anna@school.test")
    _ = try await fixture.store.erase(anna, at: F.now)
    #expect(try await fixture.store.event(event)?.details.title == "Kerst", "the school's calendar stands")
    #expect(try await fixture.store.verification().isSound)
  }
}
