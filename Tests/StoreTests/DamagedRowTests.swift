import Foundation
import GRDB
import School
import Testing

@testable import Store

@Suite("One row that cannot be read stops none of the others", .timeLimit(.minutes(6)))
struct DamagedRowTests {
  typealias F = StoreFixture

  private func damage(_ fixture: F, _ sql: String, _ arguments: StatementArguments = []) async throws {
    try await fixture.store.pool.writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA foreign_keys = OFF")
      try $0.execute(sql: sql, arguments: arguments)
      #expect($0.changesCount > 0, "\(sql)")
      try $0.execute(sql: "PRAGMA foreign_keys = ON")
    }
  }

  @Test(
    "A mail that cannot be read is set aside with its reason, support hears of it once, and the rest goes on",
    arguments: [
      "facts = '{'", "facts = '{\"count\": \"x\"}'", "kind = 'no-such-kind'", "reply_target = '[]'",
      "message_references = 'x'", "message_id = NULL",
    ])
  func outbox(column: String) async throws {
    let fixture = try await F()
    let els = try await fixture.account("els@ouders.test")
    let ids = try await fixture.commit(
      Decision(notices: (1...3).map { _ in DeliveryTests.notice(els, .normal) })
    ).deliveries
    try await damage(fixture, "UPDATE delivery SET \(column) WHERE id = ?", [ids[0]])
    #expect(
      try await fixture.store.dueMails(now: F.now, excluding: [], limit: 9).map(\.delivery.id) == [ids[1], ids[2]])
    let status = try await fixture.store.read {
      try String.fetchOne($0, sql: "SELECT status FROM delivery WHERE id = ?", arguments: [ids[0]])
    }
    #expect(status == "set-aside")
    let event = try #require(try await fixture.store.events(of: ids[0]).first)
    #expect(event.outcome == "set-aside" && !event.words.text.isEmpty)

    let untold = try await fixture.store.untoldDamage()
    #expect(untold.map(\.place) == ["delivery \(ids[0])"] && untold[0].account == els)
    try await fixture.commit(Decision(changes: [.markDamageTold(untold.map(\.place))]))
    _ = try await fixture.store.dueMails(now: F.now, excluding: [], limit: 2)
    try await fixture.store.findDamage(at: F.now)
    #expect(try await fixture.store.untoldDamage().isEmpty)
    #expect(try await fixture.store.damage(limit: 9).map(\.place) == ["delivery \(ids[0])"])
    let found = try await fixture.store.verification().faults
    #expect(found == [StoreFault(kind: .unreadableRow, place: "delivery \(ids[0])")])
    try await fixture.store.write {
      try $0.run("DELETE FROM delivery_event", [])
      try $0.run("DELETE FROM delivery WHERE id = ?", [ids[0]])
    }
    try await fixture.store.findDamage(at: F.now)
    #expect(try await fixture.store.damage(limit: 9).isEmpty, "it is gone")
  }

  @Test("A mail in a lane that there is not is never due: it is found all the same")
  func lostLane() async throws {
    let fixture = try await F()
    let id = try await fixture.commit(try await fixture.news()).deliveries[0]
    try await damage(fixture, "UPDATE delivery SET lane = 7 WHERE id = ?", [id])
    try await fixture.store.findDamage(at: F.now)
    #expect(try await fixture.store.untoldDamage().map(\.place) == ["delivery \(id)"])
  }

  @Test("More damaged mails than are read at a time keep nothing behind them waiting")
  func manyDamaged() async throws {
    let fixture = try await F()
    let els = try await fixture.account("els@ouders.test")
    let ids = try await fixture.commit(
      Decision(notices: (1...9).map { _ in DeliveryTests.notice(els, .normal) })
    ).deliveries
    try await damage(fixture, "UPDATE delivery SET facts = '{' WHERE id < ?", [ids[8]])
    var found: [DeliveryID] = []
    for _ in 0..<3 { found += try await fixture.store.dueDeliveries(now: F.now, excluding: [], limit: 4).map(\.id) }
    #expect(Set(found) == [ids[8]])
  }

  @Test("What people chose or are counts as unsaid where it cannot be read: nobody loses mail, nobody gains rights")
  func people() async throws {
    let fixture = try await F()
    for sql in [
      "UPDATE account SET language = 'xx', stopped = '{' WHERE address = 'els@ouders.test'",
      "UPDATE carer SET authority = '{' WHERE id = 'c1'",
      "UPDATE carer SET authority = '{\"byPupil\": {\"p1\": \"emperor\"}}' WHERE id = 'c2'",
      "UPDATE staff SET roles = '{' WHERE id = 's1'", "UPDATE pupil SET group_ids = '[5' WHERE id = 'p1'",
    ] { try await damage(fixture, sql) }
    try await fixture.store.apply(
      [.putPupil(Pupil(id: PupilID("p2"), name: "Tim", groups: [F.group]))], defaultLanguage: .dutch)
    let directory = try await fixture.store.directory()
    #expect(directory.account(address: "els@ouders.test")?.language == .dutch)
    #expect(directory.carers.values.allSatisfy { $0.authority.isEmpty } && directory.carers.count == 2)
    #expect(directory.staff(routeWord: "anna")?.roles == [])
    #expect(directory.pupils[PupilID("p1")]?.groups == [] && directory.pupils[PupilID("p2")]?.groups == [F.group])
    try await fixture.store.findDamage(at: F.now)
    let places = try await fixture.store.untoldDamage().map(\.place)
    #expect(
      Set(places) == [
        "account \(try await fixture.account("els@ouders.test"))", "carer c1", "carer c2", "staff s1", "pupil p1",
      ])
  }

  @Test("An outcome is written down whatever is wrong with what is known of the address, or when the mail is gone")
  func outcomes() async throws {
    let (fixture, els) = try await StandingTests.broken()
    try await damage(fixture, "UPDATE address_standing SET failure = '{'")
    let frank = try await fixture.account("frank@ouders.test")
    let ids = try await fixture.commit(
      Decision(notices: [els, frank].map { Notice(.help, to: .account($0), lane: .urgent) })
    ).deliveries
    try await damage(fixture, "DELETE FROM delivery WHERE id = ?", [ids[1]])
    try await fixture.store.record(
      ids.map {
        DeliveryOutcome(
          delivery: $0, at: F.now, result: .accepted(ServerWords(code: 250, text: "ok")), sign: .accepted)
      })
    #expect(try await fixture.store.delivery(ids[0])?.status == .accepted)
    #expect(try await fixture.store.standing(of: els).failure == nil, "it begins anew")
  }

  @Test("A mail of the inbox with a state that there is not goes to a person, and the others are known")
  func inbound() async throws {
    let fixture = try await F()
    let ids = [try await fixture.mail("een", uid: 1), try await fixture.mail("twee", uid: 2)]
    try await damage(fixture, "UPDATE inbound SET status = 'lost' WHERE id = ?", [ids[0]])
    let known = try await fixture.store.inbound(mailbox: "INBOX", uidValidity: 1, uids: [1, 2])
    #expect(known[1]?.status == .setAside && known[2]?.status == .waiting)
    #expect(try await fixture.store.verification().faults.map(\.place).contains("inbound \(ids[0])"))
  }

  @Test("A standing, an activation, an urgent message or an event leaves the others")
  func sweeps() async throws {
    let (fixture, els) = try await StandingTests.broken()
    let frank = try await fixture.account("frank@ouders.test")
    try await fixture.commit(
      Decision(changes: [.setActivation(els, .active), .setActivation(frank, .active)]))
    let day = try #require(CalendarDay(year: 2027, month: 1, day: 5))
    let event = NewEvent(
      audience: .school, author: els, details: EventDetails(title: "Vrij", time: .days(first: day, last: day)),
      endsAt: F.now + 9_000_000)
    for _ in 0..<2 { try await fixture.commit(Decision(changes: [.calendar(.add(event))])) }
    let urgent = Decision(
      changes: [
        .openThread(kind: .urgent, subject: "Water", author: els, audience: .school, members: [], about: nil),
        .addEntry(thread: .new, author: els, body: MessageBody(text: "x"), origin: nil),
      ], notices: [Notice(.urgent, to: .account(frank), lane: .urgent, thread: .new, entry: .new)])
    let entries = [try await fixture.commit(urgent).entry, try await fixture.commit(urgent).entry].compactMap(\.self)
    for sql in [
      "UPDATE address_standing SET failure = '{'", "UPDATE activation SET state = 'lost' WHERE account = \(els)",
      "UPDATE entry SET files = '{' WHERE id = \(entries[0])",
      "UPDATE calendar_version SET details = '{' WHERE event = (SELECT min(id) FROM calendar_event)",
    ] { try await damage(fixture, sql) }
    #expect(try await fixture.store.untoldBroken().isEmpty)
    #expect(try await fixture.store.activations().map(\.account) == [frank])
    #expect(try await fixture.store.urgentToAnswerFor(since: F.now - 60).map(\.entry.id) == [entries[1]])
    #expect(try await fixture.store.events(endingAfter: F.now, zone: .gmt).count == 1)
    #expect(try await fixture.store.report(limit: 9).map(\.entry.id) == [entries[1]])
    let state = try await fixture.store.absence(from: CalendarDay(F.now, in: .gmt), boardAt: F.now, zone: .gmt)
    #expect(state.freeDays == [day...day])
    try await fixture.store.findDamage(at: F.now)
    #expect(try await fixture.store.untoldDamage().count == 3)
  }

  @Test("A help request, a plan, a document, a result, an absence or an album leaves the others")
  func portal() async throws {
    let fixture = try await F()
    for _ in 0..<2 {
      _ = try await OfferStoreTests.opened(fixture)
      _ = try await ConferenceStoreTests.opened(fixture)
    }
    let anna = try await fixture.account("anna@school.test")
    let file = try await fixture.store.keep(file: Data("x".utf8), name: "gids.pdf", mediaType: "application/pdf")
    for title in ["Gids", "Menu"] {
      for _ in 0..<2 {
        try await fixture.commit(
          Decision(changes: [.documents(.put(file, title: title, audience: .school, by: anna))]))
      }
      try await fixture.commit(
        Decision(changes: [
          .results(.put(ResultStoreTests.result("200", subject: title))),
          .photos(.open(title: title, audience: .group(F.group), by: anna)),
          .absence(
            .report(
              AbsenceReport(
                pupil: PupilID("p1"), kind: .sick, first: CalendarDay(F.now, in: .gmt), last: nil, reporter: anna))),
        ]))
    }
    for sql in [
      "UPDATE offer SET terms = '{' WHERE id = 1", "UPDATE conference SET plan = '{' WHERE id = 1",
      "UPDATE document_version SET file = '{' WHERE id = 2", "UPDATE test_result SET result = '{' WHERE id = 1",
      "UPDATE absence SET kind = 'lost' WHERE id = 1", "UPDATE photo_album SET audience = '{' WHERE id = 1",
      "INSERT INTO photo_consent (pupil, pupil_name, purpose, account, answer, at) VALUES ('p1', '', 'group', 1, '?', 1)",
    ] { try await damage(fixture, sql) }
    let store = fixture.store
    #expect(try await store.openOffers().map(\.id) == [ThreadID(2)])
    #expect(try await store.conferences(endingAfter: F.now).map(\.conference.id) == [ConferenceID(2)])
    #expect(try await store.documentShelf().documents.map(\.title) == ["Menu"], "no older version comes back")
    #expect(try await store.testResults(of: PupilID("p1")).map { $0[.subject] } == ["Menu"])
    #expect(try await store.albums(for: [.group(F.group)], since: .distantPast, limit: 9).isEmpty == false)
    let absence = try await store.absence(from: CalendarDay(F.now, in: .gmt), boardAt: F.now, zone: .gmt)
    #expect(absence.absences.map(\.id) == [AbsenceID(2)])
    let consents = try await store.consents(of: [PupilID("p1")])
    #expect(Set(consents.map(\.answer)) == [.refused] && consents.count == ConsentPurpose.allCases.count)
    await #expect(throws: StoreError.self) { try await store.album(AlbumID(1)) }
    try await store.findDamage(at: F.now)
    let places = try await store.untoldDamage().map(\.place)
    #expect(places.count == 7)
    // Told once while it lasts; mended, it is struck off.
    try await fixture.commit(Decision(changes: [.markDamageTold(places)]))
    try await damage(fixture, "UPDATE absence SET kind = 'sick' WHERE id = 1")
    try await store.findDamage(at: F.now)
    #expect(try await store.untoldDamage().isEmpty)
    #expect(try await store.damage(limit: 9).count == 6)
  }
}
