import Foundation
import Mail
import School
import Testing

@testable import Gateway
@testable import Store

@Suite("A damaged mail is set aside, and all else goes on", .timeLimit(.minutes(6)))
struct DamageTests {
  @Test("One row that cannot be read, one entry, and one standing keep no other mail, and support is told once")
  func dispatch() async throws {
    let notices = (1...4).map { Notice(.help, to: .stranger(address: "ouder\($0)@elders.test"), lane: .bulk) }
    let (first, folder) = try await DispatchTests.gateway(perMinute: nil, notices: notices)
    defer { try? FileManager.default.removeItem(at: folder) }
    var settings = first.settings
    settings.people.supportDesk = ["support@school.test"]
    let gateway = SchoolGateway(
      settings: settings, store: first.store, templates: first.templates, keys: first.keys, log: first.log)
    await gateway.makeDeskAccounts()
    let store = gateway.store
    let els = try await store.ensureAccount(address: "els@elders.test", language: .dutch)
    let posted = try await gateway.commit(
      Outcome(
        inbound: nil, label: "test",
        decision: Decision(
          changes: [
            .openThread(kind: .news, subject: "Gym", author: els, audience: .school, members: [], about: nil),
            .addEntry(thread: .new, author: els, body: MessageBody(text: "x"), origin: nil),
          ], notices: [Notice(.news, to: .account(els), thread: .new, entry: .new, replyTarget: .thread)]),
        at: Date(timeIntervalSinceNow: -1)))
    try await store.write {
      try $0.run("UPDATE delivery SET facts = '{' WHERE id = 2", [])
      try $0.run("UPDATE entry SET files = '{'", [])
      try $0.run("INSERT INTO address_standing (account, state, score, failure) VALUES (?, 'lost', 1, '{')", [els])
    }
    let submitter = ScriptedSubmitter()
    let dispatcher = Task { await Dispatcher(gateway: gateway, submitter: submitter).run() }
    for _ in 0..<2_000 where try await store.untoldDamage().count < 2 { try await Task.sleep(for: .milliseconds(20)) }
    for _ in 0..<2 { try await DamageWatch(gateway: gateway).tell() }
    for _ in 0..<2_000 where submitter.mails(to: "support@school.test").isEmpty {
      try await Task.sleep(for: .milliseconds(20))
    }
    dispatcher.cancel()
    await dispatcher.value
    #expect((1...4).map { submitter.tried("ouder\($0)@elders.test") } == [1, 0, 1, 1])
    #expect(try await store.delivery(posted.deliveries[0])?.status == .setAside)
    #expect(submitter.tried("els@elders.test") == 0)
    let told = submitter.mails(to: "support@school.test")
    #expect(told.count == 1)
    let text = try #require(told.first?.plainText)
    #expect(text.contains("delivery 2: ") && text.contains("delivery \(posted.deliveries[0]): "))
  }

  @Test("What is wrong with one thing that is due does not stop the next; trouble with the disk does")
  func oneByOne() async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: [])
    defer { try? FileManager.default.removeItem(at: folder) }
    var done: [Int] = []
    try await gateway.forEach([1, 2, 3], "test") { number throws(StoreError) in
      if number == 2 { throw StoreError(.damaged, "two") }
      done.append(number)
    }
    #expect(done == [1, 3])
    await #expect(throws: StoreError(.diskFull, "full")) {
      try await gateway.forEach([1], "test") { _ throws(StoreError) in throw StoreError(.diskFull, "full") }
    }
  }
}
