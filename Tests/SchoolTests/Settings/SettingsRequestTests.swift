import Foundation
import Testing

@testable import School

@Suite("What people write to mijn")
struct SettingsRequestTests {
  @Test(
    "Commands in three languages, in any case, with accents and punctuation",
    arguments: [
      ("Beste school,\n\ntaal fries", .change(.language(.frisian))),
      ("taal fries", .change(.language(.frisian))), ("Taal: Frysk.", .change(.language(.frisian))),
      ("LANGUAGE ENGLISH", .change(.language(.english))), ("taal nederlânsk", .change(.language(.dutch))),
      ("direct", .change(.digest(.direct))), ("Dagoverzicht", .change(.digest(.daily))),
      ("schoolplein weekoverzicht", .change(.digest(.weekly))), ("overzicht uit", .change(.digest(.off))),
      ("út", .change(.digest(.off))), ("\n  wykoersjoch\n\nGroet, Els", .change(.digest(.weekly))),
      ("stop", .change(.stop([.schoolyard, .calendar]))), ("Stop agenda!", .change(.stop([.calendar]))),
      ("stop skoalplein", .change(.stop([.schoolyard]))), ("start agenda", .change(.start([.calendar]))),
      ("nieuwe sleutels", .newKeys), ("New keys", .newKeys), ("Mijn gegevens", .myData),
      ("taal", nil), ("taal duits", nil), ("taal fries graag", .change(.language(.frisian))),
      ("Graag taal Engels, a.u.b.", .change(.language(.english))), ("Mijn gegevens aub", .myData),
      ("Het weekoverzicht graag", .change(.digest(.weekly))), ("graag taal", nil),
      ("Graag stil uit svp", .change(.quietHours(nil))),
      ("stil 20:00-07:00 graag", .change(.quietHours(QuietHours(from: 1_200, to: 420)))), ("stop nieuws", nil),
      ("stop ermee", nil),
      ("", nil),
      ("\n\n", nil), ("Ik wil graag uit", nil), ("mijn gegevens kloppen niet", nil),
      (String(repeating: "taal fries ", count: 100), nil),
    ] as [(String, SettingsRequest?)])
  func commands(text: String, request: SettingsRequest?) {
    #expect(SettingsRequest(firstLineOf: text) == request)
  }

  @Test(
    "Quiet hours as people write times",
    arguments: [
      ("stil 20:00-07:00", 1_200, 420), ("Stil 20.00 - 7.30", 1_200, 450), ("quiet 22-6", 1_320, 360),
      ("stil van 20 uur tot 7 uur", 1_200, 420), ("stil: 20:00 tot 07:00", 1_200, 420), ("stil 13:00-14:00", 780, 840),
      ("stil 21:00–24:00", 1_260, 0), ("stil 20 oant 7 oere", 1_200, 420), ("stil 20:00", nil, nil),
      ("stil 25:00-07:00", nil, nil), ("stil 20:60-07:00", nil, nil), ("stil 20:00-20:00", nil, nil),
      ("stil 24:30-07:00", nil, nil), ("stilte 20:00-07:00", nil, nil), ("stil", nil, nil),
    ] as [(String, Int?, Int?)])
  func quiet(text: String, from: Int?, to: Int?) {
    let expected = from.flatMap { from in to.flatMap { QuietHours(from: from, to: $0) } }
    #expect(SettingsRequest(firstLineOf: text) == expected.map { .change(.quietHours($0)) })
  }

  @Test("Quiet hours end with stil uit", arguments: ["stil uit", "Stil út.", "quiet off"])
  func notQuiet(text: String) {
    #expect(SettingsRequest(firstLineOf: text) == .change(.quietHours(nil)))
  }

  @Test("Stop and waarom are commands only where nothing else is said")
  func alone() {
    #expect(SettingsRequest.isStop(" Stop\n") && !SettingsRequest.isStop("stop!\nnee toch"))
    for text in ["weekoverzicht", "Weekoverzicht graag", "Hoi,\nhet weekoverzicht aub\n\nGroet, Els"] {
      #expect(SettingsRequest.inAnswerToDigest(text) == .change(.digest(.weekly)), "\(text)")
    }
    #expect(SettingsRequest.inAnswerToDigest("Stop aub") == .change(.stop([.schoolyard])))
    #expect(SettingsRequest.inAnswerToDigest("Stop\nhet weekoverzicht") == nil)
    #expect(
      SettingsRequest.inAnswerToDigest("uit\n2: leuk") == nil && SettingsRequest.inAnswerToDigest("2: uit") == nil)
    #expect(CommandWord.isWhy("\nWaarom \n") && CommandWord.isWhy("why"))
    #expect(CommandWord.isWhy("Wêrom") && !CommandWord.isWhy("werom"), "in Frisian one asks why, the other takes back")
    #expect(!CommandWord.isWhy("Waarom?") && !CommandWord.isWhy("Waarom\nmoet dat?"))
  }

  @Test(
    "The end of quiet hours, over midnight and over the change of clocks",
    arguments: [
      // From, to, the instant and the end, in minutes and UTC; Amsterdam is one hour ahead, in summer two.
      (1_200, 420, "2026-11-18T19:00:00Z", "2026-11-19T06:00:00Z"),
      (1_200, 420, "2026-11-19T05:59:59Z", "2026-11-19T06:00:00Z"),
      (1_200, 420, "2026-11-19T06:00:00Z", nil), (1_200, 420, "2026-11-18T18:59:59Z", nil),
      (780, 840, "2026-11-18T12:30:00Z", "2026-11-18T13:00:00Z"), (780, 840, "2026-11-18T13:00:00Z", nil),
      // The night in which the clock goes forward, 2027-03-28, and the one in which it goes back, 2027-10-31.
      (1_200, 420, "2027-03-27T22:00:00Z", "2027-03-28T05:00:00Z"),
      (1_200, 420, "2027-10-30T22:00:00Z", "2027-10-31T06:00:00Z"),
      // 02:30 is left out that night: then 03:00, which is 01:00 UTC.
      (1_200, 150, "2027-03-27T22:00:00Z", "2027-03-28T01:00:00Z"),
      (1_260, 0, "2026-11-18T22:30:00Z", "2026-11-18T23:00:00Z"),
    ] as [(Int, Int, String, String?)])
  func ends(from: Int, to: Int, at: String, end: String?) throws {
    let instant = { (text: String) in try Date(text, strategy: .iso8601) }
    let zone = try #require(TimeZone(identifier: "Europe/Amsterdam"))
    let hours = try #require(QuietHours(from: from, to: to))
    #expect(hours.end(at: try instant(at), in: zone) == (try end.map(instant)))
  }

  @Test("The week's calendar is ended by stop alone; other words are for a person")
  func calendarWeek() {
    #expect(SettingsRequest.inAnswerToCalendar(" Stop\n") == .change(.stop([.calendar])))
    #expect(SettingsRequest.inAnswerToCalendar("Graag stop") == .change(.stop([.calendar])))
    #expect(SettingsRequest.inAnswerToCalendar("Stopt de les om drie uur?") == nil)
  }
}
