import Foundation
import School
import Testing

@testable import Store

@Suite("An outcome is written down as one")
struct CommitTests {
  typealias F = StoreFixture

  @Test("A decision becomes a thread, an entry and one delivery a notice, each with its Message-ID and what it answers")
  func publishes() async throws {
    let fixture = try await StoreFixture()
    let inbound = try await fixture.mail("nieuws")
    let done = try await fixture.commit(try await fixture.news(), inbound: inbound, messageID: "m1@x", route: "nieuws")
    let thread = try #require(done.thread)
    #expect(try await fixture.store.thread(thread)?.audience == .group(F.group))
    #expect(try await fixture.store.entries(of: thread).map(\.text) == ["Morgen gym"])
    #expect(done.deliveries.count == 3)
    let first = try #require(try await fixture.store.delivery(done.deliveries[0]))
    #expect(first.messageID == "\(first.id)@school.test" && first.replyTarget == .thread(thread))
    #expect(first.status == .waiting && first.attempts == 0 && first.thread == thread && first.entry == done.entry)
    #expect(try await fixture.store.inbound(inbound)?.status == .handled)
    #expect(try await fixture.store.entry(messageID: "m1@x")?.id == done.entry)
  }

  @Test("The same message a second time changes nothing, by its row or by its fingerprint")
  func twice() async throws {
    let fixture = try await StoreFixture()
    let inbound = try await fixture.mail("nieuws")
    let news = try await fixture.news()
    _ = try await fixture.commit(news, inbound: inbound, messageID: "m1@x", route: "nieuws")
    #expect(try await fixture.commit(news, inbound: inbound, messageID: "m1@x", route: "nieuws").wasDone)
    let other = try await fixture.mail("nieuws, over een andere weg")
    #expect(try await fixture.commit(news, inbound: other, messageID: "m1@x", route: "nieuws").wasDone)
    #expect(try await fixture.store.inbound(other)?.outcome == "duplicate")
    #expect(try await fixture.store.threads(limit: 10).count == 1)
    #expect(try await fixture.commit(news, messageID: "m1@x", route: "spoed").wasDone == false)
  }

  @Test("A decision that fails half-way leaves nothing behind")
  func whole() async throws {
    let fixture = try await StoreFixture()
    let inbound = try await fixture.mail("nieuws")
    var decision = try await fixture.news()
    decision.notices.append(Notice(.news, to: .account(AccountID(999))))
    await #expect(throws: StoreError.self) { try await fixture.commit(decision, inbound: inbound) }
    #expect(try await fixture.store.threads(limit: 10).isEmpty)
    #expect(try await fixture.store.inbound(inbound)?.status == .waiting)
  }

  @Test("What waits for approval is never due until it is approved, and is settled once")
  func broadcast() async throws {
    let fixture = try await StoreFixture()
    var news = try await fixture.news()
    for place in news.notices.indices where news.notices[place].kind == .news {
      news.notices[place].notBefore = .distantFuture
    }
    let done = try await fixture.commit(news)
    let entry = try #require(done.entry)
    let due = { (days: Double) in
      try await fixture.store.dueDeliveries(now: F.now + days * 86_400, excluding: [], limit: 9).map(\.kind)
    }
    #expect(try await due(10_000) == [.publishReceipt])
    // A clock that went back brings mail forward, but not this.
    let yesterday = F.now - 86_400
    #expect(try await fixture.store.bringForward(createdAfter: yesterday, dueAfter: yesterday, to: yesterday) == 1)
    #expect(try await fixture.store.awaitsApproval(entry))
    #expect(try await due(10_000) == [.publishReceipt])
    let approval = Decision(changes: [.settleBroadcast(entry, isApproved: true)])
    #expect(try await fixture.commit(approval, after: 5 * 86_400).wasDone == false)
    #expect(try await due(5) == [.publishReceipt, .news, .news])
    let copy = try #require(try await fixture.store.delivery(done.deliveries[0]))
    #expect(copy.firstDueAt == F.now + 5 * 86_400, "the days of trying begin now")
    for again in [true, false] {
      let second = try await fixture.commit(Decision(changes: [.settleBroadcast(entry, isApproved: again)]))
      #expect(second.wasDone, "two colleagues answered at once")
    }
    #expect(try await due(5).count == 3)
  }

  @Test("What a colleague did not approve is retracted, and nobody gets it")
  func rejected() async throws {
    let fixture = try await StoreFixture()
    var news = try await fixture.news()
    for place in news.notices.indices where news.notices[place].kind == .news {
      news.notices[place].notBefore = .distantFuture
    }
    let entry = try #require(try await fixture.commit(news).entry)
    try await fixture.commit(Decision(changes: [.settleBroadcast(entry, isApproved: false)]))
    #expect(try await fixture.store.entry(entry)?.isRetracted == true)
    let due = try await fixture.store.dueDeliveries(now: .distantFuture, excluding: [], limit: 9)
    #expect(due.map(\.kind) == [.publishReceipt], "the author's receipt is no copy")
  }

  @Test("Mail threads in each person's own client: what they were sent and what they wrote, the answered news first")
  func threading() async throws {
    let fixture = try await StoreFixture()
    let news = try await fixture.commit(try await fixture.news(), messageID: "juf1@x", route: "n")
    let newsThread = try #require(news.thread)
    let (anna, els) = (try await fixture.account("anna@school.test"), try await fixture.account("els@ouders.test"))
    let question = Decision(
      changes: [
        .openThread(
          kind: .mailbox, subject: "Gym", author: els, audience: nil, members: [els, anna], about: newsThread),
        .addEntry(thread: .new, author: els, body: MessageBody(text: "Hoe laat?"), origin: nil),
      ],
      notices: [Notice(.mailboxMessage, to: .account(anna), thread: .new, entry: .new, replyTarget: .thread)])
    let asked = try await fixture.commit(question, messageID: "els1@x", route: "r", after: 10)
    let toAnna = try #require(try await fixture.store.delivery(asked.deliveries[0]))
    #expect(toAnna.references == ["juf1@x", "\(news.deliveries[2])@school.test"])

    let thread = try #require(asked.thread)
    let answer = Decision(
      changes: [.addEntry(thread: .existing(thread), author: anna, body: MessageBody(text: "9 uur"), origin: nil)],
      notices: [
        Notice(.mailboxMessage, to: .account(els), thread: .existing(thread), entry: .new, replyTarget: .thread)
      ])
    let answered = try await fixture.commit(answer, messageID: "juf2@x", route: "r", after: 20)
    let toEls = try #require(try await fixture.store.delivery(answered.deliveries[0]))
    #expect(toEls.references == ["\(news.deliveries[0])@school.test", "els1@x"] && toEls.inReplyTo == "els1@x")
    #expect(try await fixture.store.privateThread(about: newsThread, by: els)?.id == thread)
    #expect(try await fixture.store.privateThread(with: anna, and: els)?.members == [els, anna])
  }

  @Test("What the writer of a mail is told outside any thread answers that mail; what others are told answers none")
  func answers() async throws {
    let fixture = try await StoreFixture()
    let (anna, els) = (try await fixture.account("anna@school.test"), try await fixture.account("els@ouders.test"))
    let help = Decision(notices: [els, anna].map { Notice(.help, to: .account($0)) })
    let told = try await fixture.commit(help, messageID: "els1@x", writer: .account(els)).deliveries
    let toEls = try #require(try await fixture.store.delivery(told[0]))
    let toAnna = try #require(try await fixture.store.delivery(told[1]))
    #expect(toEls.references == ["els1@x"] && toEls.inReplyTo == "els1@x")
    #expect(toAnna.references.isEmpty && toAnna.inReplyTo == nil)
  }

  @Test("A forwarded mail threads for who forwarded it, never for the parent in whose name it is filed")
  func forwardThreading() async throws {
    let fixture = try await StoreFixture()
    let (anna, els) = (try await fixture.account("anna@school.test"), try await fixture.account("els@ouders.test"))
    let origin = ForwardedOrigin(name: "Els", address: "els@ouders.test", date: nil, forwardedBy: anna)
    let filed = try await fixture.commit(
      Decision(changes: [
        .openThread(kind: .mailbox, subject: "x", author: els, audience: nil, members: [els, anna], about: nil),
        .addEntry(thread: .new, author: els, body: MessageBody(text: "ziek"), origin: origin),
      ]), messageID: "forward@x", route: "f")
    let thread = try #require(filed.thread)
    let notices = [els, anna].map {
      Notice(.mailboxMessage, to: .account($0), thread: .existing(thread), replyTarget: .thread)
    }
    let sent = try await fixture.commit(Decision(notices: notices), after: 5).deliveries
    #expect(try await fixture.store.delivery(sent[0])?.references == [])
    #expect(try await fixture.store.delivery(sent[1])?.references == ["forward@x"])
  }

  @Test("A crash between any two steps leaves what was committed whole: the folder as it lies there opens again")
  func copyOfOpenFolder() async throws {
    let fixture = try await StoreFixture()
    let inbound = try await fixture.mail("nieuws")
    let done = try await fixture.commit(try await fixture.news(), inbound: inbound, messageID: "m1@x", route: "n")
    let copy = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: copy) }
    try FileManager.default.copyItem(at: fixture.folder, to: copy)
    let other = try await Store.open(folder: copy)
    try await other.checkIntegrity()
    #expect(try await other.inbound(inbound)?.status == .handled)
    let due = try await other.dueDeliveries(now: F.now, excluding: [], limit: 9)
    #expect(Set(due.map(\.id)) == Set(done.deliveries))
    #expect(try await other.raw(of: inbound) == Data("nieuws".utf8))
  }

  @Test("One automatic answer a recipient, word and day")
  func limiter() async throws {
    let fixture = try await StoreFixture()
    let help = Decision(notices: [Notice(.help, to: .stranger(address: "Wie@elders.test"), onceADay: "help")])
    var sent: [Int] = []
    for hour in [0.0, 1, 23, 25, 26] {
      sent.append(try await fixture.commit(help, after: hour * 3600).deliveries.count)
    }
    #expect(sent == [1, 0, 0, 1, 0])
    // A clock that ran ahead silences nothing when it is right again.
    #expect(try await fixture.commit(help, after: 30 * 86_400).deliveries.count == 1)
    #expect(try await fixture.commit(help, after: 52 * 3600).deliveries.count == 1)
  }

  @Test("What is taken back leaves digests and mail that was not sent yet")
  func retraction() async throws {
    let fixture = try await StoreFixture()
    let done = try await fixture.commit(try await fixture.news())
    let entry = try #require(done.entry)
    let els = try await fixture.account("els@ouders.test")
    try await fixture.commit(Decision(changes: [.queueForDigest(els, entry: .existing(entry))]))
    #expect(try await fixture.store.digestLines()[els]?.map(\.entry) == [entry])
    let sent = DeliveryOutcome(
      delivery: done.deliveries[0], at: F.now, result: .accepted(ServerWords(code: 250, text: "ok")))
    try await fixture.store.record([sent])
    try await fixture.commit(Decision(changes: [.retractEntry(entry)]))
    #expect(try await fixture.store.digestLines().isEmpty)
    #expect(try await fixture.store.delivery(done.deliveries[0])?.status == .accepted)
    #expect(try await fixture.store.delivery(done.deliveries[1])?.status == .cancelled)
    #expect(try await fixture.store.entry(entry)?.isRetracted == true)
  }

  @Test("A digest is made once, also where two were decided on the same lines")
  func digestOnce() async throws {
    let fixture = try await StoreFixture()
    let entry = try #require(try await fixture.commit(try await fixture.news()).entry)
    let els = try await fixture.account("els@ouders.test")
    try await fixture.commit(Decision(changes: [.queueForDigest(els, entry: .existing(entry))]))
    let digest = Decision(
      changes: [.takeFromDigest(els, entries: [entry])],
      notices: [Notice(.digest, to: .account(els), facts: NoticeFacts(count: 1, digestEntries: [entry]))])
    let first = try await fixture.commit(digest)
    let second = try await fixture.commit(digest)
    #expect(first.deliveries.count == 1 && second.wasDone && second.deliveries.isEmpty)
  }

  @Test("Held messages wait until they are released or discarded; keys are rotated; urgent mail is seen once")
  func held() async throws {
    let fixture = try await StoreFixture()
    let (one, two) = (try await fixture.mail("een"), try await fixture.mail("twee"))
    let els = try await fixture.account("els@ouders.test")
    for (inbound, reason) in [(one, HoldReason.unproven), (two, .foreignKey)] {
      try await fixture.commit(
        Decision(changes: [.hold(inbound, account: els, reason: reason)]), inbound: inbound)
    }
    #expect(try await fixture.store.held(of: els).map(\.inbound) == [one, two])
    try await fixture.commit(Decision(changes: [.releaseHeld(one), .discardHeld(two), .rotateKeys(els)]))
    #expect(try await fixture.store.held(one) == nil)
    #expect(try await fixture.store.held(of: els).isEmpty)
    let again = Decision(
      changes: [.releaseHeld(one), .markSeen(ThreadID(1), by: els)], notices: [Notice(.keysRotated, to: .account(els))])
    #expect(try await fixture.commit(again, inbound: fixture.mail("ja")).wasDone, "it waits no longer")
    #expect(try await fixture.store.directory().accounts[els]?.keyGeneration == 1)
    let thread = try #require(try await fixture.commit(try await fixture.news()).thread)
    for _ in 1...2 { try await fixture.commit(Decision(changes: [.markSeen(thread, by: els)])) }
    #expect(try await fixture.store.seen(thread) == [els])
  }

  @Test("Of two decisions on the same revision one is written down; the other is told to be made anew")
  func revisions() async throws {
    let fixture = try await StoreFixture()
    var first = try await fixture.news()
    first.basis = try await fixture.store.revision(of: "offer 1")
    var second = try await fixture.news("Toch niet")
    second.basis = first.basis
    #expect(try await !fixture.commit(first).isStale)
    let inbound = try await fixture.mail("te laat")
    let stale = try await fixture.commit(second, inbound: inbound)
    #expect(stale == Committed(isStale: true))
    #expect(try await fixture.store.threads(limit: 10).count == 1)
    #expect(try await fixture.store.waitingInbound(limit: 10).map(\.id) == [inbound], "it is still to be handled")
    second.basis = try await fixture.store.revision(of: "offer 1")
    #expect(try await !fixture.commit(second, inbound: inbound).isStale)
    #expect(try await fixture.store.threads(limit: 10).count == 2)
  }
}
