import Foundation
import School
import Testing

@testable import Store

@Suite("Settings, several entries of one mail, and who asked for their data")
struct SettingsTests {
  @Test("Settings are kept, and read with the directory")
  func kept() async throws {
    let fixture = try await StoreFixture()
    let els = try await fixture.account("els@ouders.test")
    let settings = PersonalSettings(
      language: .frisian, digest: .off, quietHours: QuietHours(from: 1_200, to: 420), stopped: [.calendar])
    try await fixture.commit(Decision(changes: [.settings(els, .put(settings))]))
    #expect(try await fixture.store.directory().accounts[els]?.settings == settings)
    try await fixture.reopen()
    #expect(try await fixture.store.directory().accounts[els]?.settings == settings)
    #expect(try await fixture.store.directory().account(address: "frank@ouders.test")?.quietHours == nil)
    _ = try await fixture.store.erase(els, at: StoreFixture.now)
    #expect(try await fixture.store.directory().accounts[els]?.quietHours == nil)
  }

  @Test(
    "Two comments of one mail: both entries, each notice its own, the receipt names both, and a second time nothing")
  func several() async throws {
    let fixture = try await StoreFixture()
    let (anna, els) = (try await fixture.account("anna@school.test"), try await fixture.account("els@ouders.test"))
    let news = try await fixture.commit(try await fixture.news())
    let thread = try #require(news.thread)
    let comment = { (text: String) in
      Decision(
        changes: [
          .addEntry(thread: .existing(thread), author: els, body: MessageBody(text: text), origin: nil),
          .queueForDigest(anna, entry: .new),
        ],
        notices: [Notice(.schoolyardComment, to: .account(anna), thread: .existing(thread), entry: .new)])
    }
    var both = comment("Een").and(comment("Twee"))
    var receipt = Notice(.digestReceipt, to: .account(els), replyTarget: .posted)
    receipt.listed = [.made(0), .made(1)]
    both.notices.append(receipt)
    let inbound = try await fixture.mail("antwoord")
    let done = try await fixture.commit(both, inbound: inbound, messageID: "m1", route: "digest 3 of 2")
    let entries = try await fixture.store.entries(of: thread).suffix(2)
    #expect(entries.map(\.text) == ["Een", "Twee"])
    var notices: [DeliveryRecord] = []
    for id in done.deliveries { notices.append(try #require(try await fixture.store.delivery(id))) }
    #expect(notices.map(\.entry) == [entries.first?.id, entries.last?.id, nil])
    #expect(notices[2].facts.digestEntries == entries.map(\.id) && notices[2].replyTarget == .posted(notices[2].id))
    #expect(try await fixture.store.digestLines()[anna]?.map(\.entry) == entries.map(\.id))
    let again = try await fixture.mail("antwoord, nog eens")
    #expect(try await fixture.commit(both, inbound: again, messageID: "m1", route: "digest 3 of 2").wasDone)
    #expect(try await fixture.store.entries(of: thread).count == 3)
    #expect(
      try await fixture.store.latestDelivery(to: els, answeredAs: .posted(notices[2].id))?.id == notices[2].id)
  }

  @Test("A decision on two scarce things is stale where either changed")
  func bases() async throws {
    let fixture = try await StoreFixture()
    var decision = Decision()
    decision.bases = [Revision(subject: "a", number: 0), Revision(subject: "b", number: 0)]
    #expect(try await !fixture.commit(decision).isStale)
    decision.bases[0].number = 1
    #expect(try await fixture.commit(decision).isStale)
    #expect(try await fixture.store.revision(of: "a").number == 1, "nothing was written")
  }

  @Test("What waits for approval is not brought forward by a clock that was turned back")
  func approvalWaits() async throws {
    let fixture = try await StoreFixture()
    var news = try await fixture.news()
    for place in news.notices.indices { news.notices[place].notBefore = .distantFuture }
    let done = try await fixture.commit(news, after: 7_200)
    let moved = try await fixture.store.bringForward(
      createdAfter: StoreFixture.now, dueAfter: StoreFixture.now + 3_600, to: StoreFixture.now)
    #expect(moved == 0)
    #expect(try await fixture.store.awaitsApproval(try #require(done.entry)))
  }

  @Test("A request for data waits until it is answered; its archive is a file of the store while its mail is kept")
  func dataRequest() async throws {
    let fixture = try await StoreFixture()
    let els = try await fixture.account("els@ouders.test")
    for _ in 1...2 { try await fixture.commit(Decision(changes: [.settings(els, .requestData)])) }
    #expect(try await fixture.store.dataRequests() == [els])
    let file = try await fixture.store.keep(file: Data("PK".utf8), name: "postplein.zip", mediaType: "application/zip")
    try await fixture.commit(sendData(to: els, archive: file))
    #expect(try await fixture.store.dataRequests().isEmpty)
    let verified = try await fixture.store.verification()
    #expect(verified.isSound && verified.faults.isEmpty, "\(verified.faults)")
    #expect(try await fixture.store.content(of: file) == Data("PK".utf8))
    _ = try await fixture.store.erase(els, at: StoreFixture.now, settling: .zero)
    #expect(try await fixture.store.dataRequests().isEmpty)
  }

  @Test(
    "An address is found where it stands whole, and not within another",
    arguments: [
      ("from: an <an@x.nl>", true), ("from: jan@x.nl", false), ("an@x.nl", true), ("mail an@x.nl.", true),
      ("an@x.nl.evil.test", false), ("an@x.nlx", false), ("j.an@x.nl, an@x.nl", true), ("", false),
      ("x+an@x.nl", false), ("mail “An@X.nl”", true), ("an@x.nl-y, @an@x.nl", true), ("an@x.n", false),
    ])
  func names(text: String, isNamed: Bool) {
    #expect(Traces(addresses: ["an@x.nl"]).areNamed(in: Data(text.utf8)) == isNamed)
  }
}
