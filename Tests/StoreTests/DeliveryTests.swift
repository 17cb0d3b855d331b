import Foundation
import School
import Testing

@testable import Store

@Suite("Mail that goes out")
struct DeliveryTests {
  typealias F = StoreFixture

  static func notice(_ account: AccountID, _ lane: Lane, notBefore: Date? = nil) -> Notice {
    Notice(.help, to: .account(account), lane: lane, notBefore: notBefore)
  }

  @Test("Urgent before normal before bulk, and nothing before its time")
  func lanes() async throws {
    let fixture = try await StoreFixture()
    let els = try await fixture.account("els@ouders.test")
    let later = F.now + 60
    let ids = try await fixture.commit(
      Decision(notices: [
        Self.notice(els, .bulk), Self.notice(els, .normal), Self.notice(els, .urgent),
        Self.notice(els, .urgent, notBefore: later), Self.notice(els, .bulk),
      ])
    ).deliveries
    let due = try await fixture.store.dueDeliveries(now: F.now, excluding: [], limit: 10)
    #expect(due.map(\.id) == [ids[2], ids[1], ids[0], ids[4]])
    let some = try await fixture.store.dueDeliveries(now: F.now, excluding: [ids[2], ids[0]], limit: 2)
    #expect(some.map(\.id) == [ids[1], ids[4]])
    #expect(try await fixture.store.waitingDeliveries() == 5)
  }

  @Test("After a clock that ran a day ahead, mail waits as long as it was to wait, and no longer")
  func bringForward() async throws {
    let fixture = try await StoreFixture()
    let els = try await fixture.account("els@ouders.test")
    let undo = try await fixture.commit(
      Decision(notices: [Self.notice(els, .normal, notBefore: F.now + 86_400 + 600)]), after: 86_400
    ).deliveries[0]
    let deferred = try await fixture.commit(Decision(notices: [Self.notice(els, .normal)])).deliveries[0]
    let soon = try await fixture.commit(Decision(notices: [Self.notice(els, .bulk, notBefore: F.now + 900)]))
      .deliveries[0]
    try await fixture.store.record([
      DeliveryOutcome(
        delivery: deferred, at: F.now, result: .deferred(ServerWords(text: "later"), until: F.now + 86_400 + 300))
    ])
    let count = try await fixture.store.bringForward(createdAfter: F.now + 60, dueAfter: F.now + 7_200, to: F.now)
    #expect(count == 2)
    let due = try await fixture.store.dueDeliveries(now: .distantFuture, excluding: [], limit: 9)
    #expect(due.map(\.id) == [deferred, undo, soon])
    #expect(due.map(\.dueAt) == [F.now, F.now + 600, F.now + 900])
  }

  @Test("Each outcome leaves the delivery in its state and is kept with the server's words")
  func outcomes() async throws {
    let fixture = try await StoreFixture()
    let els = try await fixture.account("els@ouders.test")
    let id = try await fixture.commit(Decision(notices: [Self.notice(els, .normal)])).deliveries[0]
    let words = ServerWords(code: 452, enhancedStatusCode: "4.2.2", text: "full")
    let steps: [(DeliveryOutcome.Result, DeliveryRecord.Status, Int)] = [
      (.deferred(words, until: F.now + 300), .waiting, 1), (.noted(word: "delayed", words), .waiting, 1),
      (.accepted(ServerWords(code: 250, text: "ok")), .accepted, 2), (.bounced(words), .bounced, 2),
      (.accepted(ServerWords(code: 250, text: "late word")), .bounced, 2),
    ]
    for (result, status, attempts) in steps {
      try await fixture.store.record([DeliveryOutcome(delivery: id, at: F.now, result: result)])
      let record = try #require(try await fixture.store.delivery(id))
      #expect(record.status == status && record.attempts == attempts, "\(result)")
    }
    #expect(
      try await fixture.store.events(of: id).map(\.outcome) == [
        "accepted", "bounced", "accepted", "delayed", "deferred",
      ])
    #expect(try await fixture.store.events(of: id)[1].words == words)
    #expect(try await fixture.store.delivery(id)?.dueAt == F.now + 300)
  }

  @Test("The report has each message with its mails, the newest first, without receipts")
  func report() async throws {
    let fixture = try await StoreFixture()
    let first = try await fixture.commit(try await fixture.news("een"))
    try await fixture.commit(try await fixture.news("twee"))
    let refused = ServerWords(code: 550, enhancedStatusCode: "5.1.1", text: "unknown")
    try await fixture.store.record([
      DeliveryOutcome(delivery: first.deliveries[1], at: F.now, result: .refused(refused))
    ])
    let report = try await fixture.store.report(limit: 10)
    #expect(report.map(\.entry.text) == ["twee", "een"])
    #expect(report[1].lines.map(\.delivery.status) == [.waiting, .refused])
    #expect(report[1].lines[1].events.first?.words == refused)
    #expect(try await fixture.store.report(thread: first.thread, limit: 10).count == 1)
  }

  @Test("Who waits for mail to become due hears of a commit that brings some")
  func announces() async throws {
    let fixture = try await StoreFixture()
    let els = try await fixture.account("els@ouders.test")
    let changes = fixture.store.changes()
    try await fixture.commit(Decision(notices: [Self.notice(els, .normal)]))
    var heard = changes.makeAsyncIterator()
    #expect(await heard.next() != nil)
  }

  @Test("News to 2,000 families is one commit, and its order is by index")
  func many() async throws {
    let fixture = try await StoreFixture()
    let els = try await fixture.account("els@ouders.test")
    let done = try await fixture.commit(
      Decision(notices: Array(repeating: Self.notice(els, .bulk), count: 2_000)))
    #expect(done.deliveries.count == 2_000)
    let due = try await fixture.store.dueDeliveries(now: F.now, excluding: Set(done.deliveries.prefix(4)), limit: 3)
    #expect(due.map(\.id) == Array(done.deliveries[4..<7]))
  }

  @Test("Each notice is one row as it says, whether those beside it differ by their reader alone or by more")
  func rows() async throws {
    let fixture = try await StoreFixture()
    let (els, frank) = (try await fixture.account("els@ouders.test"), try await fixture.account("frank@ouders.test"))
    var notices = (0...NewDeliveries.most).map { Self.notice($0.isMultiple(of: 2) ? els : frank, .bulk) }
    notices += [
      Self.notice(frank, .urgent), Notice(.help, to: .stranger(address: "x@elders.test"), lane: .urgent),
      Notice(.help, to: .stranger(address: "y@elders.test"), lane: .urgent), Self.notice(els, .urgent),
      Notice(.help, to: .account(els), lane: .urgent, facts: NoticeFacts(asked: "\"groep 5\" \\")),
    ]
    let ids = try await fixture.commit(Decision(notices: notices)).deliveries
    #expect(ids.count == notices.count)
    for (id, notice) in zip(ids, notices) {
      let record = try #require(try await fixture.store.delivery(id))
      #expect(
        record.recipient == notice.recipient && record.lane == notice.lane && record.facts == notice.facts
          && record.messageID == "\(id)@school.test" && record.dueAt == F.now && record.status == .waiting)
    }
  }

  @Test("Acceptances that are written together keep each its own words, and others beside them theirs")
  func acceptances() async throws {
    let fixture = try await StoreFixture()
    let els = try await fixture.account("els@ouders.test")
    let ids = try await fixture.commit(
      Decision(notices: Array(repeating: Self.notice(els, .bulk), count: 5))
    ).deliveries
    let words = [
      ServerWords(code: 250, enhancedStatusCode: "2.0.0", text: "Ok: queued as 4bX"), ServerWords(text: ""),
      ServerWords(code: 250, text: "says \"ok\" \\ \u{7}'é"), ServerWords(code: 550, text: "no"),
      ServerWords(code: 250, text: "late"),
    ]
    var outcomes = zip(ids, words).enumerated().map { place, pair in
      DeliveryOutcome(delivery: pair.0, at: F.now + Double(place), result: .accepted(pair.1))
    }
    outcomes[3].result = .refused(words[3])
    outcomes.append(DeliveryOutcome(delivery: DeliveryID(9_999), at: F.now, result: .accepted(words[0])))
    try await fixture.store.record(outcomes)
    for (place, id) in ids.enumerated() {
      let record = try #require(try await fixture.store.delivery(id))
      #expect(record.status == (place == 3 ? .refused : .accepted) && record.attempts == 1)
      let events = try await fixture.store.events(of: id)
      #expect(events.map(\.words) == [words[place]] && events.map(\.at) == [F.now + Double(place)])
    }
  }
}

@Suite("People in the store")
struct PeopleTests {
  typealias F = StoreFixture

  @Test("A roster is read back as it was put, and removed people are gone while their accounts stay")
  func roster() async throws {
    let fixture = try await StoreFixture()
    var directory = try await fixture.store.directory()
    #expect(directory.families(of: .group(F.group)).count == 2)
    #expect(directory.staff(routeWord: "anna")?.roles == ["LRK"])
    try await fixture.store.apply([.removeCarer(CarerID("c2")), .removeGroup(F.group)], defaultLanguage: .dutch)
    directory = try await fixture.store.directory()
    #expect(directory.carers.count == 1 && directory.groups.isEmpty && directory.accounts.count == 3)
  }

  @Test("What another process changes of people is seen at the next look")
  func seenAtOnce() async throws {
    let fixture = try await StoreFixture()
    #expect(try await fixture.store.directory().carers.count == 2)
    let other = try await Store.open(folder: fixture.folder, access: .shared)
    try await other.apply([F.carer("c9", "Opa", "opa@ouders.test")], defaultLanguage: .dutch)
    #expect(try await fixture.store.directory().carers.count == 3)
  }

  @Test("Two carers with one address share an account; a stated language changes it, an unstated one does not")
  func shared() async throws {
    let fixture = try await StoreFixture()
    try await fixture.store.apply(
      [F.carer("c3", "Opa", "ELS@ouders.test", .frisian), F.carer("c1", "Els", "els@ouders.test")],
      defaultLanguage: .dutch)
    let directory = try await fixture.store.directory()
    let account = try #require(directory.account(address: "els@ouders.test"))
    #expect(directory.names(of: account.id) == ["Els", "Opa"] && account.language == .frisian)
  }

  @Test("Who alone has an account keeps it with a new address; who shares it moves away")
  func moves() async throws {
    let fixture = try await StoreFixture()
    let els = try await fixture.account("els@ouders.test")
    try await fixture.store.apply([F.carer("c1", "Els", "els@nieuw.test")], defaultLanguage: .dutch)
    #expect(try await fixture.account("els@nieuw.test") == els)
    try await fixture.store.apply([F.carer("c2", "Frank", "els@nieuw.test")], defaultLanguage: .dutch)
    try await fixture.store.apply([F.carer("c2", "Frank", "f@nieuw.test")], defaultLanguage: .dutch)
    let directory = try await fixture.store.directory()
    #expect(directory.account(address: "els@nieuw.test")?.id == els)
    #expect(directory.carers[CarerID("c2")]?.account != els)
  }
}
