import Foundation
import FoundationXML
import School
import Testing

@testable import Rendering

/// A school with trouble of each kind.
enum Pages {
  static func report(_ language: Language) -> ReportPage {
    let day = 86_400.0
    let since = Notices.at - 13 * day
    let member = { (names: [String], address: String, state: AddressStanding.State, advice: AdviceContext?) in
      ReportPage.Member(names: names, address: address, state: state, advice: advice)
    }
    let periods = (0..<14).map { place in
      DeliverabilityReport.Period(
        start: since + Double(place) * day,
        tally: place % 7 > 4
          ? DeliveryTally() : DeliveryTally(accepted: 180 + place * 3, waiting: place, failed: place % 5, withheld: 2))
    }
    let report = DeliverabilityReport(
      since: since, until: Notices.at, total: periods.reduce(into: DeliveryTally()) { $0 += $1.tally },
      periods: periods,
      providers: [
        .init(
          provider: "outlook-consumer", tally: DeliveryTally(accepted: 620, waiting: 14, failed: 22, withheld: 9),
          reasons: [
            .init(reason: "authentication-failed", actor: "mail-admin", count: 14),
            .init(reason: "mailbox-full", actor: "parent", count: 8),
          ], heldSince: Notices.at - 3_600),
        .init(provider: "gmail", tally: DeliveryTally(accepted: 500), reasons: []),
        .init(
          provider: "delta-zeelandnet", tally: DeliveryTally(accepted: 3, failed: 1),
          reasons: [.init(reason: "nonsense", actor: "school", count: 1)]),
        .init(provider: nil, tally: DeliveryTally(accepted: 900, waiting: 3), reasons: []),
      ], families: [])
    let unknown = Notices.advice("unknown-user", "outlook-consumer", "school", language)
    return ReportPage(
      schoolName: "De Wilgenhof & co", language: language, timeZone: Notices.zone, report: report,
      families: [
        .init(pupils: ["Noor <x>"], reach: .none, members: [member(["Els <x>"], "els@hotmial.com", .broken, unknown)]),
        .init(
          pupils: ["Jelle", "Sanne"], reach: .part,
          members: [
            member(["Jan"], "jan@ziggo.nl", .working, nil),
            member(["Marie"], "marie@kpnmail.nl", .doubtful, Notices.advice("perhaps-spam", "kpn", "parent", language)),
          ]),
      ], wholeFamilies: 112,
      proof: .init(
        passed: 1_800, failed: 12, sources: [.init(server: "2001:db8::1", passed: 0, failed: 12, stopped: 5)],
        tlsPassed: 400, tlsFailed: 2, tlsFailures: ["certificate-expired: 2"]))
  }

  static func timeline(_ language: Language) -> TimelinePage {
    let words = ["queued", "accepted", "bounced", "deferred", "refused", "delayed", "auto-reply", "complaint"]
    var events = words.enumerated().map { place, word in
      TimelineEvent(
        at: Notices.at + Double(place) * 60,
        happening: word == "queued"
          ? .queued
          : .server(
            word: word, said: "550 5.1.1 <no> such user", reason: place > 1 ? "unknown-user" : nil,
            actor: place > 1 ? "school" : nil), delivery: DeliveryID(1),
        kind: NoticeKind.allCases[place * 3 % NoticeKind.allCases.count], subject: "Gym <morgen>")
    }
    events += [.withheld, .advised, .answered, .activated].map { TimelineEvent(at: Notices.at + 900, happening: $0) }
    return TimelinePage(
      schoolName: "De Wilgenhof", language: language, timeZone: Notices.zone, names: ["Els <x>"], pupils: ["Noor"],
      address: "els@hotmial.com", standing: AddressStanding(state: .broken, score: 10),
      advice: Notices.advice("unknown-user", "outlook-consumer", "school", language), events: events)
  }
}

@Suite("Pages that support prints")
struct PageTests {
  let templates: Templates

  init() throws { templates = try TemplateTests.loaded.get() }

  private func pages(_ language: Language) -> [(name: String, html: String)] {
    [
      ("report.html", templates.render(Pages.report(language))),
      ("timeline.html", templates.render(Pages.timeline(language))),
    ]
  }

  @Test("Each reads as its golden rendering", arguments: Language.allCases)
  func golden(language: Language) throws {
    for (name, html) in pages(language) {
      let file = TemplateTests.golden.appending(path: "\(language.rawValue)/\(name)")
      if ProcessInfo.processInfo.environment["POSTPLEIN_RECORD_GOLDENS"] != nil {
        try html.write(to: file, atomically: true, encoding: .utf8)
      }
      let expected = try String(contentsOf: file, encoding: .utf8)
      #expect(html == expected, "\(file.path): record anew with POSTPLEIN_RECORD_GOLDENS=1 and read the difference")
    }
  }

  @Test("Each is well-formed, escapes what people wrote, has no script and nothing from elsewhere")
  func wellFormed() {
    for language in Language.allCases {
      for (name, html) in pages(language) {
        let parser = XMLParser(data: Data(html.replacing("&nbsp;", with: "&#160;").utf8))
        #expect(parser.parse(), "\(language) \(name): line \(parser.lineNumber)")
        for outside in ["<img", "src=", "@import", "url(", "<script", "<link", "href=", "<x>", "<morgen>"] {
          #expect(!html.contains(outside), "\(name) has \(outside)")
        }
      }
    }
  }

  @Test("A chart draws each part to its scale, and nothing for nothing")
  func chart() throws {
    let svg = Chart.columns([("a", DeliveryTally(accepted: 50, failed: 50)), ("b", DeliveryTally())])
    let heights = svg.matches(of: /<rect class="(\w+)"[^>]* height="([0-9.]+)"/).map { ($0.1, Double($0.2) ?? 0) }
    try #require(heights.count == 2)
    #expect(heights[0].0 == "accepted" && heights[1].0 == "failed" && heights[0].1 == heights[1].1)
    #expect(svg.contains(">100</text>") && svg.contains(">50</text>"))
    #expect(!Chart.bars([]).contains("<rect") && !Chart.columns([]).contains("<rect"))
  }

  @Test("What to do stands on one line, for every reason", arguments: Language.allCases)
  func steps(language: Language) {
    for (reason, actors, providers) in AdviceTests.cases {
      for actor in actors {
        let line = templates.todo(Notices.advice(reason, providers[0], actor, language))
        let said = templates.reason(reason, language)
        #expect(!said.isEmpty && line.contains("\(said). ") && !line.contains("\n"), "\(reason): \(line)")
        let rest = line.components(separatedBy: "\(said). ").last ?? ""
        #expect(rest.count > 15, "\(reason) says not what to do: \(line)")
      }
    }
  }
}
