import Foundation
import Testing

@testable import School

@Suite("Help requests and polls as staff write them")
struct OfferWordsTests {
  typealias S = SmallSchool
  static let zone = SmallSchool.policy.timeZone

  static func date(_ text: String) -> Date {
    let formatter = DateFormatter()
    formatter.timeZone = zone
    formatter.locale = Locale(identifier: "en_GB")
    formatter.dateFormat = "yyyy-MM-dd HH:mm"
    return formatter.date(from: text) ?? .distantPast
  }

  @Test("Tasks with their places, in the form of every mail client and language")
  func help() throws {
    let texts = [
      "Beste ouders,\n\nHulp gevraagd:\nLuizenpluizen maandag (3)\nLuizenpluizen dinsdag (2 plekken)\n\nGroet,\nAnna",
      "Beste ouders,\n\n*Hulp gevraagd:*\n\n- Luizenpluizen maandag (3)\n- Luizenpluizen dinsdag (2)\n\nGroet,\nAnna",
      "Beste ouders,\n\nHULPVRAAG\n1. Luizenpluizen maandag: (3x)\n2) Luizenpluizen dinsdag (2 ouders)\n\nGroet,\nAnna",
      "Beste ouders,\n\nHelp frege:\n• Luizenpluizen maandag (3 plakken)\n• Luizenpluizen dinsdag (2)\n\nGroet,\nAnna",
      "Beste ouders,\r\n\r\nHelp wanted:\r\n* Luizenpluizen maandag (3 places)\r\n* Luizenpluizen dinsdag (2)\r\n\r\nGroet,\r\nAnna",
    ]
    for text in texts {
      let words = try #require(OfferWords(subject: "Luizen", text: text), "\(text)")
      let terms = try words.terms(now: S.now, timeZone: Self.zone)
      #expect(
        terms
          == OfferTerms(
            kind: .help,
            lines: [.init("Luizenpluizen maandag", places: 3), .init("Luizenpluizen dinsdag", places: 2)]), "\(text)")
      #expect(words.intro == "Beste ouders,\n\nGroet,\nAnna", "\(words.intro)")
    }
    let bare = try #require(OfferWords(subject: "Hulp gevraagd: kerst", text: "Wie helpt?\n\n- Taart\n- Koffie (4)"))
    #expect(
      try bare.terms(now: S.now, timeZone: Self.zone).lines == [.init("Taart", places: 1), .init("Koffie", places: 4)])
    #expect(bare.intro == "Wie helpt?" && bare.question == nil)
  }

  @Test("A poll: its question, options, secrecy and closing date, wherever they stand")
  func poll() throws {
    let until = Self.date("2026-12-12 23:59")
    let texts: [(String, Bool)] = [
      ("Geheime stemming (tot 12 december): Waar gaan we heen?\n- Efteling\n- Emmen", true),
      ("Stemming (geheim, tot zaterdag 12 december): Waar gaan we heen?\n1. Efteling\n2. Emmen", true),
      ("Peiling: Waar gaan we heen?\na) Efteling\nb) Emmen\n\nOpen, tot en met 12-12-2026\n\nGroet", false),
      ("Iepen stimming: Waar gaan we heen?\n\nStimme kin oant en mei 12 desimber\n\n* Efteling\n* Emmen", false),
      ("Secret poll until 12 December: Waar gaan we heen?\n- Efteling\n- Emmen", true),
      ("Vote: Waar gaan we heen?\n- Efteling\n- Emmen\nYou can vote until 2026-12-12.", true),
    ]
    for (text, isSecret) in texts {
      let words = try #require(OfferWords(subject: "Schoolreis", text: text), "\(text)")
      let terms = try words.terms(now: S.now, timeZone: Self.zone)
      let wanted = OfferTerms(
        kind: .poll, question: "Waar gaan we heen?", lines: [.init("Efteling"), .init("Emmen")], isSecret: isSecret,
        closesAt: until)
      #expect(terms == wanted, "\(text)")
    }
  }

  @Test(
    "An item that asks nothing by number is left as it is",
    arguments: [
      "Hulp gevraagd: wie bakt er iets?", "Stemming onder de leerlingen is goed\n- ja\n- nee", "Wie helpt?\n- ik (3)",
      "",
      "De stemming: tot maandag!\n- a\n- b", "Hulp gevraagd bij het lezen: wie kan?\n- a (2)",
      "Stemming:\nTot maandag!",
    ])
  func ordinary(text: String) { #expect(OfferWords(subject: "Kerst", text: text) == nil) }

  @Test("A goodbye is no closing date")
  func goodbye() throws {
    let words = try #require(OfferWords(subject: "x", text: "Hulp gevraagd:\n- Taart (2)\n\nTot maandag!\nAnna"))
    #expect(words.until == nil && words.intro == "Tot maandag!\nAnna")
  }

  @Test(
    "What cannot be put to people is refused with the words it is about",
    arguments: [
      ("Stemming:\n- Efteling", RefusalReason.offerLines, nil), ("Stemming:\n- Emmen\n- emmen!", .offerLine, "emmen!"),
      ("Hulp gevraagd:\n- Taart (0)", .offerLine, "Taart"), ("Hulp gevraagd:\n- Taart (1000)", .offerLine, "Taart"),
      ("Hulp gevraagd:\n- Taart (99999999999999999999)", .offerLine, "Taart"),
      ("Hulp gevraagd (tot 31 februari):\n- Taart (2)", .offerDate, "31 februari"),
      ("Hulp gevraagd tot volgende week:\n- Taart (2)", .offerDate, "volgende week"),
      ("Stemming tot 12 december 2025:\n- a1\n- b1", .offerDate, "12 december 2025"),
      ("Stemming tot maandag 12 december 2026:\n- a1\n- b1", .offerDate, "maandag 12 december 2026"),
      ("Stemming:\n" + (1...31).map { "- optie \($0)\n" }.joined(), .offerLines, nil),
      ("Stemming:\n- \(String(repeating: "x", count: 201))\n- b", .offerLine, String(repeating: "x", count: 200)),
    ] as [(String, RefusalReason, String?)])
  func wrong(text: String, reason: RefusalReason, words: String?) throws {
    let read = try #require(OfferWords(subject: "x", text: text))
    #expect(throws: OfferProblem(reason: reason, words: words)) {
      try read.terms(now: S.now, timeZone: Self.zone)
    }
    let decision = S.decision(S.anna, .publish(.schoolyard, to: "groep5"), text)
    #expect(decision.refusal == reason && decision.changes.isEmpty)
  }

  @Test(
    "A closing date in every form",
    arguments: [
      ("12 december", "2026-12-12 23:59"), ("12 dec 17:00", "2026-12-12 17:00"),
      ("zaterdag 12 december", "2026-12-12 23:59"),
      ("12 december 2026 om 17 uur", "2026-12-12 17:00"), ("12/12/26", "2026-12-12 23:59"),
      ("3 jannewaris", "2027-01-03 23:59"),
      ("12 mei", "2027-05-12 23:59"), ("en mei 12 maaie", "2027-05-12 23:59"), ("december 12", "2026-12-12 23:59"),
      ("12 december 8.30 uur", "2026-12-12 08:30"), ("29 februari 2028", "2028-02-29 23:59"),
      ("29 februari", "2028-02-29 23:59"),
      ("zondag 12 december", nil), ("12", nil), ("december", nil), ("32 december", nil), ("12-13-2026", nil),
      ("12 december 25:00", nil),
      ("morgen", nil), ("", nil), ("12 december of later", nil), ("1-2-3-4", nil), ("--", nil),
    ])
  func dates(text: String, wanted: String?) {
    let date = ClosingDate.read(
      text.split(separator: " ").map(String.init), now: S.now, timeZone: Self.zone)
    #expect(date == wanted.map(Self.date), "\(text)")
  }
}
