import Foundation
import FoundationXML
import School
import Testing

@testable import Rendering

/// Help requests and polls in mails, with text that people should not write.
enum Offers {
  static let anna = AccountID(1)
  static let people: [AccountID: String] = [
    anna: "Anna de Boer", AccountID(2): "Els <x> (Noor)", AccountID(3): "=Frank", AccountID(4): "Ngozi & Chidi",
  ]
  static let words = """
    Wij zoeken ouders voor de <kerstmarkt> & meer.

    Hulp gevraagd:
    - Taart bakken & brengen (1)
    - Koffie <schenken> (3)

    Dank u wel!
    Anna
    """
  static let closesAt = Notices.at.addingTimeInterval(20 * 86_400)

  /// With everything that a mail of this stage can hold.
  static func help(_ stage: OfferFacts.Stage) -> OfferFacts {
    let terms = OfferTerms(
      kind: .help, question: "Kerstmarkt <2026>",
      lines: [
        .init("Taart bakken & brengen", places: 1), .init("Koffie <schenken>", places: 3), .init("Opruimen", places: 2),
      ],
      closesAt: closesAt)
    var facts = OfferFacts(stage: stage, terms: terms, organiser: anna)
    if stage == .item || stage == .opened { return facts }
    for (place, counts) in [(1, 2), (2, 0), (0, 0)].enumerated() {
      (facts.lines[place].count, facts.lines[place].waiting) = counts
    }
    switch stage {
    case .answered, .closed: (facts.lines[0].mine, facts.lines[1].mine, facts.hasNote) = (2, 0, true)
    case .placed: facts.lines[0].mine = 0
    case .withdrawn: facts.lines[1].mine = 0
    default: break
    }
    return facts
  }

  static func table(_ stage: OfferFacts.Stage) -> OfferFacts {
    var facts = help(stage)
    facts.lines[0].people = [
      .init(account: AccountID(2), rank: 0, note: "Met slagroom;\n\"zonder\" noten"),
      .init(account: AccountID(3), rank: 1),
    ]
    facts.lines[1].people = [.init(account: AccountID(4), rank: 0, note: "@home")]
    facts.lines[2].people = []
    return facts
  }

  static func poll(_ stage: OfferFacts.Stage, secret: Bool) -> OfferFacts {
    let terms = OfferTerms(
      kind: .poll, question: "Waar gaan we heen?", lines: [.init("De Efteling"), .init("+Emmen & zo")], isSecret: secret
    )
    var facts = OfferFacts(stage: stage, terms: terms, organiser: anna)
    if stage == .closed || (stage == .state && !secret) { (facts.lines[0].count, facts.lines[1].count) = (1, 12) }
    if stage == .answered {
      facts.lines[1].mine = 0
      facts.hasNote = true
    }
    return facts
  }

  /// What the golden of a kind alone does not show.
  static let variants: [(name: String, kind: NoticeKind, facts: OfferFacts)] = [
    ("offer-item-secret", .offerItem, poll(.item, secret: true)),
    ("offer-item-open", .offerItem, poll(.item, secret: false)),
    ("offer-reminder-secret", .offerReminder, poll(.reminder, secret: true)),
    ("offer-receipt-vote", .offerReceipt, poll(.answered, secret: true)),
    ("offer-receipt-vote-open", .offerReceipt, poll(.answered, secret: false)),
    ("offer-receipt-vote-back", .offerReceipt, poll(.withdrawn, secret: true)),
    ("offer-receipt-vote-none", .offerReceipt, poll(.declined, secret: true)),
    ("offer-receipt-back", .offerReceipt, help(.withdrawn)), ("offer-receipt-declined", .offerReceipt, help(.declined)),
    ("offer-receipt-unclear", .offerReceipt, help(.unclear)),
    ("offer-receipt-unclear-vote", .offerReceipt, poll(.unclear, secret: true)),
    ("offer-receipt-state", .offerReceipt, help(.state)),
    ("offer-result-poll", .offerResult, poll(.closed, secret: true)),
    ("offer-state-secret-opened", .offerState, poll(.opened, secret: true)),
    ("offer-state-open-opened", .offerState, poll(.opened, secret: false)),
    ("offer-state-table", .offerState, table(.state)), ("offer-state-hidden", .offerState, poll(.state, secret: true)),
    ("offer-state-closed", .offerState, table(.closed)),
    ("offer-state-secret-closed", .offerState, poll(.closed, secret: true)),
  ]
}

@Suite("Mails on help requests and polls")
struct OfferMailTests {
  let templates: Templates

  init() throws { templates = try TemplateTests.loaded.get() }

  private func render(_ variant: (name: String, kind: NoticeKind, facts: OfferFacts), _ language: Language)
    -> RenderedNotice
  {
    var context = Notices.context(variant.kind, language)
    context.facts.offer = variant.facts
    if variant.facts.kind == .poll { context.entry?.text = "Stemming: Waar gaan we heen?\n- De Efteling\n- Emmen" }
    return templates.render(context)
  }

  @Test("Each stage reads as its golden rendering, and is well-formed", arguments: Language.allCases)
  func goldens(language: Language) throws {
    for variant in Offers.variants {
      let rendered = render(variant, language)
      for (ending, text) in [("txt", "\(rendered.subject)\n\n\(rendered.text)"), ("html", rendered.html)] {
        let file = TemplateTests.golden.appending(path: "\(language.rawValue)/\(variant.name).\(ending)")
        if ProcessInfo.processInfo.environment["POSTPLEIN_RECORD_GOLDENS"] != nil {
          try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(text == (try String(contentsOf: file, encoding: .utf8)), "\(file.path)")
      }
      let parser = XMLParser(data: Data(rendered.html.replacing("&nbsp;", with: "&#160;").utf8))
      #expect(parser.parse(), "\(variant.name) \(language): line \(parser.lineNumber)")
    }
  }

  @Test("What stands in the list does not stand in the text above it as well")
  func intro() {
    let text = templates.render(Notices.context(.offerItem, .dutch)).text
    #expect(text.components(separatedBy: "Taart bakken").count == 2 && text.contains("Dank u wel!"))
    #expect(!text.contains("Hulp gevraagd:"))
  }

  @Test(
    "No cell of the table is a formula, and each is one cell",
    arguments: [
      ("=1+1", "\"'=1+1\""), ("+31 6", "\"'+31 6\""), ("-2", "\"'-2\""), ("@SUM(A1)", "\"'@SUM(A1)\""),
      ("\t=1", "\"'\t=1\""),
      ("a;b", "\"a;b\""), ("een \"twee\"", "\"een \"\"twee\"\"\""), ("twee\nregels", "\"twee\nregels\""),
      ("gewoon", "gewoon"), ("", ""),
      ("Bob's", "\"Bob's\""), ("a=b", "a=b"),
    ])
  func cells(text: String, wanted: String) { #expect(CSVText.field(text) == wanted) }

  @Test("The organiser's table, with names where they may be known and without where not")
  func table() throws {
    let made = { (facts: OfferFacts, language: Language) in
      OfferTable(facts, people: Offers.people, language: language, templates: templates)
    }
    let help = try #require(made(Offers.table(.state), .dutch))
    let rows = help.text.components(separatedBy: "\r\n")
    #expect(help.fileName == "stand.csv" && rows[0] == "\u{FEFF}Nummer;Taak;Plaatsen;Naam;Plaats;Toelichting")
    #expect(rows[1].hasPrefix("1;Taart bakken & brengen;1;Els <x> (Noor);ja;\"Met slagroom;\n"))
    #expect(
      Array(rows[2...])
        == [
          "1;Taart bakken & brengen;1;\"'=Frank\";wachtlijst 1;", "2;Koffie <schenken>;3;Ngozi & Chidi;ja;\"'@home\"",
          "3;Opruimen;2;;;", "",
        ])
    let secret = try #require(made(Offers.poll(.closed, secret: true), .english))
    #expect(secret.text == "\u{FEFF}Number;Option;Votes\r\n1;De Efteling;1\r\n2;\"'+Emmen & zo\";12\r\n")
    #expect(made(Offers.poll(.state, secret: true), .frisian) == nil && made(Offers.help(.opened), .frisian) == nil)
    #expect(made(Offers.table(.closed), .frisian)?.fileName == "stan.csv")
  }

  @Test("A mail names so many, and says how many more the table names")
  func many() {
    var facts = Offers.help(.state)
    facts.lines[0].people = (1...60).map {
      OfferFacts.Person(account: AccountID(Int64($0) + 100), rank: max(0, $0 - 1))
    }
    let text = render(("", .offerState, facts), .dutch).text
    #expect(text.components(separatedBy: "   - …").count == 51 && text.contains("en nog 10; zie het bestand"))
  }
}
