import Foundation
import Testing

@testable import School

@Suite("Events as people write them")
struct WrittenEventsTests {
  static let zone = SmallSchool.policy.timeZone
  /// 18 November 2026.
  static let now = SmallSchool.now

  static func day(_ text: String) -> CalendarDay {
    let parts = text.split(separator: "-").compactMap { Int($0) }
    return CalendarDay(year: parts[0], month: parts[1], day: parts[2]) ?? CalendarDay(.distantPast, in: zone)
  }

  static func moment(_ text: String) -> Date {
    let parts = text.split(separator: " ").map(String.init)
    let clock = parts[1].split(separator: ":").compactMap { Int($0) }
    return day(parts[0]).moment(hour: clock[0], minute: clock[1], in: zone) ?? .distantPast
  }

  static func read(_ text: String) -> WrittenEvents { WrittenEvents.read(text, now: now, zone: zone) }

  @Test(
    "A line with a time",
    arguments: [
      ("12-12-2026 19:00-20:30 Kerstviering, hal", "2026-12-12 19:00", "2026-12-12 20:30", "Kerstviering", "hal"),
      ("12/12/26 19.00 uur Kerstviering", "2026-12-12 19:00", nil, "Kerstviering", nil),
      ("2026-12-12 19:00 – 20:30: Kerstviering", "2026-12-12 19:00", "2026-12-12 20:30", "Kerstviering", nil),
      ("za 12 dec 19u-20u30 Kerstviering", "2026-12-12 19:00", "2026-12-12 20:30", "Kerstviering", nil),
      (
        "Zaterdag 12 december, van 19 tot 20 uur, Kerst, zang en spel, hal", "2026-12-12 19:00", "2026-12-12 20:00",
        "Kerst, zang en spel", "hal"
      ),
      ("12 december 2026 om 7.30u: Ontbijt", "2026-12-12 07:30", nil, "Ontbijt", nil),
      ("- 12-12 19:00 tot 20:30 Kerstviering", "2026-12-12 19:00", "2026-12-12 20:30", "Kerstviering", nil),
      ("12-12 22:00-01:00 Disco", "2026-12-12 22:00", "2026-12-13 01:00", "Disco", nil),
      ("12-12-2026 19:00 t/m 13-12-2026 9:00 Slapen", "2026-12-12 19:00", "2026-12-13 09:00", "Slapen", nil),
      (
        "12-12-2026 - 13-12-2026 19:00-11:00 Logeren, school", "2026-12-12 19:00", "2026-12-13 11:00", "Logeren",
        "school"
      ),
      ("sneon 12 desimber 19:00 Krystfiering, seal", "2026-12-12 19:00", nil, "Krystfiering", "seal"),
      ("Saturday December 12th, 2026 19:00 to 20:00 Carols", "2026-12-12 19:00", "2026-12-12 20:00", "Carols", nil),
      ("1-3 8:30 Studieochtend", "2027-03-01 08:30", nil, "Studieochtend", nil),
      ("12-12-2026 19:00 3 kinderen zingen", "2026-12-12 19:00", nil, "3 kinderen zingen", nil),
      (
        "vr 18-12 Kerstvakantie begint om 12.00 uur", "2026-12-18 12:00", nil, "Kerstvakantie begint om 12.00 uur", nil
      ),
      ("18-12 Inloop van 9 tot 12 uur, hal", "2026-12-18 09:00", "2026-12-18 12:00", "Inloop van 9 tot 12 uur", "hal"),
      ("12-12-2026 19:00-20:30", nil, nil, nil, nil),
    ] as [(String, String?, String?, String?, String?)])
  func timed(line: String, start: String?, end: String?, title: String?, place: String?) {
    let read = Self.read(line)
    guard let start, let title else {
      #expect(read.events.isEmpty && read.problems.map(\.reason) == [.unreadable], "\(read)")
      return
    }
    let time = EventTime.moments(start: Self.moment(start), end: end.map(Self.moment))
    #expect(read.events.map(\.details) == [EventDetails(title: title, place: place, time: time)], "\(read)")
    #expect(read.problems.isEmpty)
  }

  @Test(
    "A line of days",
    arguments: [
      ("12-12-2026 Kerstmarkt, plein", "2026-12-12", "2026-12-12", "Kerstmarkt", "plein"),
      ("5 mei hele dag: vrij", "2027-05-05", "2027-05-05", "vrij", nil),
      ("21 t/m 25 december 2026 Kerstvakantie", "2026-12-21", "2026-12-25", "Kerstvakantie", nil),
      ("21-25 december: vrij", "2026-12-21", "2026-12-25", "vrij", nil),
      ("21-12-2026 t/m 3-1-2027 Kerstvakantie", "2026-12-21", "2027-01-03", "Kerstvakantie", nil),
      ("ma 21 december t/m vr 1 januari Kerstvakantie", "2026-12-21", "2027-01-01", "Kerstvakantie", nil),
      ("21 december t/m 3 januari 2027 Kerstvakantie", "2026-12-21", "2027-01-03", "Kerstvakantie", nil),
      ("5 mei van 10 kinderen", "2027-05-05", "2027-05-05", "van 10 kinderen", nil),
      ("5 mei 10 kinderen treden op", "2027-05-05", "2027-05-05", "10 kinderen treden op", nil),
      ("18-11 Vandaag", "2026-11-18", "2026-11-18", "Vandaag", nil),
      ("17-11 Volgend jaar", "2027-11-17", "2027-11-17", "Volgend jaar", nil),
      ("29-2 Schrikkeldag", "2028-02-29", "2028-02-29", "Schrikkeldag", nil),
      ("27 mrt 2027 t/m 30 mrt 2027 Paaskamp", "2027-03-27", "2027-03-30", "Paaskamp", nil),
    ] as [(String, String, String, String, String?)])
  func days(line: String, first: String, last: String, title: String, place: String?) {
    let time = EventTime.days(first: Self.day(first), last: Self.day(last))
    let read = Self.read(line)
    #expect(read.events.map(\.details) == [EventDetails(title: title, place: place, time: time)], "\(read)")
  }

  @Test(
    "What begins as a date and is none is said to be so",
    arguments: [
      ("32-12-2026 Kerst", .unreadable), ("12-13-2026 Kerst", .unreadable), ("30-2-2027 Kerst", .unreadable),
      ("12-12-2026", .unreadable), ("17-11-2026 Gisteren", .past), ("12-12-2062 Kerst", .tooFar),
      ("28-3-2027 2:30 Zomertijd", .noSuchTime), ("25-12-2026 t/m 21-12-2026 Kerst", .noSuchTime),
      ("12-12-2026 19:00-19:00 Kerst", .noSuchTime), ("21-12-2026 t/m 22-12-2026 19:00 Kerst", .noSuchTime),
    ] as [(String, EventProblem.Reason)])
  func problems(line: String, reason: EventProblem.Reason) {
    let read = Self.read(line)
    #expect(read.events.isEmpty && read.problems == [EventProblem(line, reason)], "\(read)")
  }

  @Test(
    "Other lines are left alone",
    arguments: [
      "Beste allemaal,", "", "Groet, Anna", "06-12345678", "Zaterdag komt de Sint", "Tel. 0512-123456",
      "2 taarten graag",
      "Morgen 10 uur gym", "https://school.nl/12-12-2026", "maart roert zijn staart", "4 juffen zijn ziek",
    ])
  func none(line: String) { #expect(Self.read(line).isEmpty, "\(Self.read(line))") }

  @Test("A mail of several lines, with notes and one that is wrong, between other words")
  func mail() {
    let read = Self.read(
      """
      Beste collega,

      12-12-2026 19:00-20:30 Kerstviering, hal
        Neem een kaars mee.
        - en iets lekkers
      - 14-12-2026 Studiedag
      14-14-2026 Onzin
        dit hoort nergens bij

      Groet, Anna
      """)
    #expect(read.events.map(\.title) == ["Kerstviering", "Studiedag"])
    #expect(read.events.map(\.details?.note) == ["Neem een kaars mee.\nen iets lekkers", nil])
    #expect(read.problems.map(\.reason) == [.unreadable])
  }

  @Test(
    "What is called off is meant by its title, its date or its number",
    arguments: [
      ("12-12-2026 Kerstviering vervalt", nil, "Kerstviering", true),
      ("Kerstviering gaat niet door.", nil, "Kerstviering", false),
      ("Vervalt: Kerstviering", nil, "Kerstviering", false), ("vervalt", nil, "", false), ("2 vervalt", 2, "", false),
      ("2: vervalt", 2, "", false), ("12-12 vervalt", nil, "", true), ("Ferfalt!", nil, "", false),
      ("Krystfiering is ôflast", nil, "Krystfiering is", false), ("cancelled", nil, "", false),
    ] as [(String, Int?, String, Bool)])
  func cancelled(line: String, number: Int?, title: String, hasDate: Bool) throws {
    let event = try #require(Self.read(line).events.first)
    #expect(event.isCancelled && event.number == number && event.title == title && (event.details != nil) == hasDate)
  }

  @Test("A number before a line is that of the receipt")
  func numbered() throws {
    let event = try #require(Self.read("2: 13-12-2026 19:00 Kerstviering").events.first)
    #expect(event.number == 2 && event.title == "Kerstviering" && !event.isCancelled)
  }

  @Test("Any beginning of a line is read or left alone, in little time")
  func truncated() {
    let line = "Zaterdag 21 december 2026 t/m 3-1-2027 van 19:00 tot 20:30 uur: Kerstviering, hal"
    for length in 0...line.count { _ = Self.read(String(line.prefix(length))) }
    let long = String(repeating: "12-12-2026 19:00-20:30 Kerstviering, hal\n", count: 3_000)
    #expect(Self.read(long).events.count == WrittenEvents.mostLines)
    #expect(Self.read(String(repeating: "1-", count: 50_000)).isEmpty)
  }

  @Test("The words of an answer")
  func words() {
    for (text, word) in [
      ("Ja!", .accept), ("nee", .decline), ("Misschien…", .tentative), ("Wie komt er?", .whoComes),
      ("Yes\n\nEls", .accept),
      ("Ik kom, maar later", nil),
    ] as [(String, EventWord?)] { #expect(EventWord(firstLineOf: text) == word, "\(text)") }
    for word in EventWord.allCases {
      for language in Language.allCases { #expect(EventWord(firstLineOf: word.offered(in: language)) == word) }
    }
  }
}
