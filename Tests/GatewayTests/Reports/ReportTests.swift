import Foundation
import Mail
import School
import Store
import Testing

@testable import Gateway

@Suite("Reports to support")
struct ReportTests {
  /// A school whose clock stands at Tuesday 24 November 2026; Els's address does not exist, Fatima never answered.
  private func school() async throws -> (gateway: SchoolGateway, clock: Clock, folder: URL) {
    let (base, folder) = try await DispatchTests.gateway(perMinute: nil, notices: [])
    try await base.store.apply(RunningGateway.roster, defaultLanguage: .dutch)
    let clock = Clock(at: try Date("2026-11-24T10:00:00Z", strategy: .iso8601))
    var settings = base.settings
    settings.people.supportDesk = [RunningGateway.bas]
    let gateway = SchoolGateway(
      settings: settings, store: base.store, templates: base.templates, keys: base.keys, log: base.log
    ) { clock.now }
    let directory = try await gateway.store.directory()
    let accounts = [RunningGateway.els, RunningGateway.fatima].compactMap { directory.account(address: $0)?.id }
    let no = ServerWords(code: 550, enhancedStatusCode: "5.1.1", text: "no such user")
    for result in [DeliveryOutcome.Result.refused(no), .bounced(no)] {
      let id = try await gateway.commit(
        Outcome(inbound: nil, label: "x", decision: askForActivation(accounts[0]), at: clock.now)
      ).deliveries[0]
      let sign = StandingSign.of(result, MailAddress(RunningGateway.els))
      try await gateway.store.record([DeliveryOutcome(delivery: id, at: clock.now, result: result, sign: sign)])
    }
    let asked = try await gateway.commit(
      Outcome(inbound: nil, label: "x", decision: askForActivation(accounts[1]), at: clock.now)
    ).deliveries[0]
    try await gateway.store.record([
      DeliveryOutcome(delivery: asked, at: clock.now, result: .accepted(ServerWords(code: 250, text: "ok")))
    ])
    clock.advance(by: SchoolPolicy.activationPatience + 60)
    try await ActivationWatch(gateway: gateway).tellOfUnanswered()
    return (gateway, clock, folder)
  }

  @Test("Every Monday support gets one mail with who is not reached and what to do for each")
  func weekly() async throws {
    let (gateway, clock, folder) = try await school()
    defer { try? FileManager.default.removeItem(at: folder) }
    let reports = { () async throws -> [DeliveryRecord] in
      try await gateway.store.dueDeliveries(now: clock.now, excluding: [], limit: 100).filter {
        $0.kind == .weeklyReport
      }
    }
    try await ReportClock(gateway: gateway).makeDue()
    #expect(try await reports().isEmpty, "a new school has missed nothing")
    clock.advance(by: 3 * 86_400)
    try await ReportClock(gateway: gateway).makeDue()
    try await ReportClock(gateway: gateway).makeDue()
    let made = try await reports()
    #expect(made.count == 1)
    let delivery = try #require(made.first)
    let material = try #require(try await gateway.store.materials(of: [delivery]).first).get()
    let mail = MailMessage.parse(try await DeliveryComposer(gateway: gateway).compose(delivery, material).octets)
    let text = try #require(mail.plainText)
    #expect(
      mail.to.first?.address.description == RunningGateway.bas && mail.header["Auto-Submitted"] == "auto-generated")
    #expect(text.contains(RunningGateway.els) && text.contains("adres bestaat niet. Bel de ouder"), "\(text)")
    #expect(text.contains(RunningGateway.fatima) && text.contains("misschien spam"))
    clock.advance(by: 7 * 86_400)
    try await ReportClock(gateway: gateway).makeDue()
    #expect(try await reports().count == 2, "and again the week after")
  }

  @Test("The page and the timeline show the same trouble as the standings")
  func pages() async throws {
    let (gateway, clock, folder) = try await school()
    defer { try? FileManager.default.removeItem(at: folder) }
    let pages = ReportPages(settings: gateway.settings, store: gateway.store)
    let page = try await pages.report(since: clock.now - 30 * 86_400, until: clock.now, language: .dutch)
    let members = page.families.flatMap(\.members)
    #expect(members.filter { $0.address == RunningGateway.els }.map(\.state) == [.broken])
    #expect(members.filter { $0.address == RunningGateway.fatima }.map(\.state) == [.doubtful])
    #expect(page.report.periods.count == 31, "each day, also those without mail")
    #expect(page.report.total.failed == 2 && page.report.total.accepted == 1)
    let line = try #require(page.report.providers.first { $0.tally.failed == 2 })
    #expect(line.reasons.map(\.reason) == ["unknown-user"] && line.reasons.map(\.count) == [2])
    let directory = try await gateway.store.directory()
    let fatima = try #require(directory.account(address: RunningGateway.fatima)).id
    let timeline = try #require(try await pages.timeline(of: fatima, limit: 10, language: .dutch))
    #expect(timeline.events.map(\.happening.word) == ["queued", "accepted", "advised"])
    #expect(timeline.standing.failure?.reason == "perhaps-spam" && timeline.advice != nil)
  }

  @Test("What others report of the school's mail is summed up by who reports and which server sent")
  func authentication() async throws {
    let (gateway, clock, folder) = try await school()
    defer { try? FileManager.default.removeItem(at: folder) }
    let body = """
      {"organisation":"google.com","reportID":"1","domain":"school.test","rows":[{"sourceIP":"192.0.2.9","count":4,\
      "disposition":"reject","dkimPassed":false,"spfPassed":false,"checks":[]}]}
      """
    let record = { (kind: String, id: String, passed: Int, failed: Int, body: String) in
      ReportRecord(
        kind: kind, organisation: "google.com", reportID: id, domain: "school.test", begin: nil, end: nil,
        passed: passed, failed: failed, body: body)
    }
    var outcome = Outcome(inbound: nil, label: "report", at: clock.now)
    outcome.reports = [
      record("dmarc", "1", 0, 4, body), record("dmarc", "2", 90, 0, "{}"),
      record(
        "tls", "3", 7, 2,
        #"{"type":"sts","domain":"school.test","succeeded":7,"failed":2,"failures":[{"type":"certificate-expired","count":2}]}"#
      ),
    ]
    _ = try await gateway.commit(outcome)
    let summary = try await AuthenticationReader(store: gateway.store).summary(since: clock.now - 60)
    #expect(summary.dmarc == [.init(organisation: "google.com", reports: 2, passed: 90, failed: 4)])
    #expect(summary.sources.map(\.sourceIP) == ["192.0.2.9"] && summary.sources.map(\.stopped) == [4])
    #expect(summary.tls.map(\.failed) == [2] && summary.tlsFailures.map(\.type) == ["certificate-expired"])
    #expect(try await AuthenticationReader(store: gateway.store).summary(since: clock.now + 60).isEmpty)
  }
}
