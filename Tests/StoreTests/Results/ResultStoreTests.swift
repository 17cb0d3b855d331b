import Foundation
import GRDB
import School
import Testing

@testable import Store

@Suite("Test results are kept", .timeLimit(.minutes(6)))
struct ResultStoreTests {
  typealias F = StoreFixture
  static let noor = PupilID("p1")

  static func result(_ score: String, subject: String = "Rekenen", month: Int = 1) throws -> TestResult {
    let day = try #require(CalendarDay(year: 2026, month: month, day: 15))
    return TestResult(pupil: noor, day: day, parts: [.subject: subject, .score: score, .note: "Noot bij \(score)"])
  }

  private func put(_ fixture: F, _ results: TestResult...) async throws {
    try await fixture.commit(Decision(changes: results.map { .results(.put($0)) }))
  }

  private func scores(_ fixture: F) async throws -> [String] {
    try await fixture.store.testResults(of: Self.noor).map { $0[.score] }
  }

  @Test("A correction takes the place of what it was, which is kept; a withdrawal leaves nothing standing")
  func versions() async throws {
    let fixture = try await F()
    try await put(fixture, Self.result("200", month: 6), Self.result("190"), Self.result("B", subject: "Lezen"))
    #expect(try await scores(fixture) == ["B", "190", "200"], "by day")
    try await put(fixture, Self.result("191"))
    #expect(try await scores(fixture) == ["B", "191", "200"])
    #expect(
      try await fixture.store.keptResults(of: Self.noor).map { $0.result?[.score] } == ["200", "190", "B", "191"])
    try await fixture.commit(Decision(changes: [.results(.withdraw(Self.result("B", subject: "Lezen")))]))
    #expect(try await scores(fixture) == ["191", "200"])
    let all = try await fixture.store.testResults()
    #expect(all[Self.noor]?.count == 2 && all.count == 1)
    #expect(try await fixture.store.testResults(of: PupilID("p9")).isEmpty)
    #expect(try await fixture.store.verification().faults.isEmpty)
    try await fixture.store.write { try $0.execute(sql: "UPDATE test_result SET result = '{' WHERE id = 1") }
    #expect(try await fixture.store.verification().faults == [.init(kind: .unreadableRow, place: "test_result 1")])
  }

  @Test("Of two imports that were planned on the same state only one is written down")
  func race() async throws {
    let fixture = try await F()
    let basis = try await fixture.store.revision(of: ResultsPlan.revision)
    let first = try await fixture.commit(Decision(changes: [.results(.put(Self.result("1")))], basis: basis))
    let second = try await fixture.commit(Decision(changes: [.results(.put(Self.result("2")))], basis: basis))
    #expect(!first.isStale && second.isStale)
    #expect(try await scores(fixture) == ["1"])
  }

  @Test("Parents with full authority have them in what is kept of them; others, and the file of deliveries, do not")
  func export() async throws {
    let fixture = try await F()
    try await fixture.store.apply(
      [
        .putCarer(
          RosterCarer(
            id: CarerID("c9"), name: "Oom", address: "oom@ouders.test", language: nil,
            authority: [Self.noor: .onRequest]))
      ], defaultLanguage: .dutch)
    try await put(fixture, Self.result("190"), Self.result("191"))
    let els = try await fixture.store.person(fixture.account("els@ouders.test"))
    #expect(els.results.map { $0.result?[.score] } == ["190", "191"])
    for other in ["oom@ouders.test", "anna@school.test"] {
      #expect(try await fixture.store.person(fixture.account(other)).results.isEmpty)
    }
  }

  @Test("They go two years after their pupil left, and stay where the pupil came back")
  func retention() async throws {
    let fixture = try await F()
    try await put(fixture, Self.result("190"), Self.result("191"))
    let later = Date() + 731 * 86_400
    let expire = { try await fixture.store.expire(.results, before: Date() + 60, at: later, applies: true).rows }
    #expect(try await expire() == 0, "still here")
    let pupil = try #require(try await fixture.store.directory().pupils[Self.noor])
    try await fixture.store.apply([.removePupil(Self.noor)], defaultLanguage: .dutch)
    try await fixture.store.apply([.putPupil(pupil)], defaultLanguage: .dutch)
    #expect(try await expire() == 0, "came back")
    try await fixture.store.apply([.removePupil(Self.noor)], defaultLanguage: .dutch)
    #expect(
      try await fixture.store.expire(.results, before: Date() - 730 * 86_400, at: Date(), applies: true).rows == 0)
    #expect(try await fixture.store.expire(.results, before: Date() + 60, at: later, applies: false).rows == 2)
    #expect(try await expire() == 2)
    #expect(try await fixture.store.keptResults(of: Self.noor).isEmpty)
    #expect(ExpiringKind.results.leastDays == 730)
  }

  @Test("Erased, nothing of them stands in the file any more, nor what was mailed about them")
  func erasure() async throws {
    let fixture = try await F()
    let els = try await fixture.account("els@ouders.test")
    var facts = NoticeFacts()
    facts.results = ResultsFacts(pupil: Self.noor, child: "Kind van Els")
    try await fixture.commit(
      Decision(
        changes: [.results(.put(try Self.result("geheim190")))],
        notices: [Notice(.resultsNews, to: .account(els), replyTarget: .results, facts: facts)]))
    #expect(try await fixture.store.eraseResults(of: Self.noor) == 1)
    #expect(try await fixture.store.waitingDeliveries() == 0)
    #expect(try await fixture.store.verification().faults.isEmpty)
    for name in ["postplein.sqlite", "postplein.sqlite-wal"] {
      let octets = (try? Data(contentsOf: fixture.folder.appending(path: name))) ?? Data()
      for words in ["geheim190", "Kind van Els"] {
        #expect(octets.range(of: Data(words.utf8)) == nil, "\(words) in \(name)")
      }
    }
  }

  @Test("An answer to a question lets the next one be asked the same day")
  func questions() async throws {
    let fixture = try await F()
    let els = try await fixture.account("els@ouders.test")
    var asked: [Int] = []
    for number in 1...3 {
      let mail = try await fixture.mail("mail \(number)")
      let question = hold(mail, for: els, reason: .mustConfirm, excerpt: "toetsen", now: F.now)
      asked.append(try await fixture.commit(question, inbound: mail).deliveries.count)
      if number == 2 { try await fixture.commit(Decision(changes: [.releaseHeld(mail)])) }
    }
    #expect(asked == [1, 0, 1])
  }
}
