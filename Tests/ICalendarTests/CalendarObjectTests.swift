import Foundation
import Testing

@testable import ICalendar

@Suite("What we write, others read the same")
struct CalendarWritingTests {
  typealias C = CalendarObject
  static let zone = TimeZone(identifier: "Europe/Amsterdam") ?? .gmt

  static func instant(_ text: String) -> Date {
    (try? Date(text, strategy: .iso8601)) ?? .distantPast
  }

  static func event(_ uid: String, _ time: C.Time, _ summary: String = "Kerstviering") -> C.Event {
    C.Event(
      uid: "\(uid)@school.test", sequence: 3, stamp: instant("2026-11-25T12:00:00Z"), time: time, summary: summary,
      location: "Hal; boven, links", description: "Neem mee:\n- een kaars, \\ of \"twee\"\nGroet ✓",
      organizer: C.Person(name: "De \"Wilgenhof\", school", address: "r.abc@ouders.school.test"),
      attendees: [C.Attendee(C.Person(name: "Els: Bakker", address: "els@ouders.test"), .needsAction)])
  }

  /// On both sides of both changes of the clock, in the hour that comes twice, across a change, across midnight and the
  /// turn of the year; after 2037, where 32 bits end; and days over a change.
  static let moments: [(start: String, end: String?)] = [
    ("2026-12-12T18:00:00Z", "2026-12-12T19:30:00Z"), ("2027-03-28T00:30:00Z", "2027-03-28T01:30:00Z"),
    ("2027-03-27T22:00:00Z", "2027-03-28T09:00:00Z"), ("2027-07-01T06:30:00Z", nil),
    ("2027-10-31T00:30:00Z", "2027-10-31T01:30:00Z"), ("2027-10-31T01:30:00Z", "2027-10-31T02:30:00Z"),
    ("2027-10-30T18:00:00Z", "2027-10-31T18:00:00Z"), ("2026-12-31T22:00:00Z", "2027-01-01T01:00:00Z"),
    ("2039-06-01T08:00:00Z", "2039-06-01T09:00:00Z"), ("2039-12-01T08:00:00Z", "2039-12-01T09:00:00Z"),
  ]
  static let days = C.Time.days(first: C.Day(year: 2027, month: 3, day: 26), last: C.Day(year: 2027, month: 3, day: 29))

  static var object: C {
    let events = moments.enumerated().map { place, moment in
      event("m\(place)", .moments(start: instant(moment.start), end: moment.end.map(instant)))
    }
    return C(method: .request, events: events + [event("days", days)])
  }

  @Test("libical reads back what was written, by its own rules for the zone as well")
  func ourselves() throws {
    let text = Self.object.text(in: Self.zone, product: "-//x//NL")
    #expect(try C.read(Data(text.utf8), zone: .gmt).events.map(\.time) == Self.object.events.map(\.time))
    // A zone that nobody knows is read by the VTIMEZONE of the file alone.
    let renamed = text.replacing("Europe/Amsterdam", with: "Schooltijd")
    #expect(renamed.contains("TZID=Schooltijd:2026"))
    let read = try C.read(Data(renamed.utf8), zone: .gmt)
    #expect(read.refused.isEmpty && read.events.map(\.time) == Self.object.events.map(\.time))
    let first = try #require(read.events.first)
    #expect(first.summary == "Kerstviering" && first.sequence == 3 && first.location == "Hal; boven, links")
    #expect(first.description == "Neem mee:\n- een kaars, \\ of \"twee\"\nGroet ✓" && read.method == .request)
    #expect(first.organizer == C.Person(name: "De 'Wilgenhof', school", address: "r.abc@ouders.school.test"))
    #expect(first.attendees == [C.Attendee(C.Person(name: "Els: Bakker", address: "els@ouders.test"), .needsAction)])
    #expect(first.stamp == Self.instant("2026-11-25T12:00:00Z"))
  }

  private struct Read: Decodable {
    struct Event: Decodable {
      var uid, summary, location, description, status, organizer, attendee: String
      var sequence: Int
      var start: Place
      var end: Place?
    }
    enum Place: Decodable, Equatable {
      case moment(Double)
      case day(String)
      init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        self =
          if let number = try? value.decode(Double.self) { .moment(number) } else {
            .day(try value.decode(String.self))
          }
      }
    }
    var method: String
    var events: [Event]
  }

  /// What Python's `icalendar` makes of it.
  private static func python(_ text: String) throws -> Read {
    let script = try #require(Bundle.module.url(forResource: "Fixtures/instants", withExtension: "py"))
    let process = Process()
    let (input, output) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = [script.path]
    (process.standardInput, process.standardOutput) = (input, output)
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    try input.fileHandleForWriting.close()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "python3-icalendar is not installed, or cannot read it")
    return try JSONDecoder().decode(Read.self, from: data)
  }

  @Test(
    "Python's icalendar says the same instants, by the name of the zone and by its rules", arguments: [true, false])
  func python(byName: Bool) throws {
    // Its time zones end in 2037.
    let object = C(method: .request, events: Self.object.events.filter { $0.uid < "m8" })
    var text = object.text(in: Self.zone, product: "-//x//NL")
    if !byName { text = text.replacing("Europe/Amsterdam", with: "Schooltijd") }
    let read = try Self.python(text)
    #expect(read.method == "REQUEST" && read.events.count == object.events.count && object.events.count == 9)
    for (event, expected) in zip(read.events, object.events) {
      #expect(event.uid == expected.uid && event.sequence == 3 && event.status == "CONFIRMED")
      #expect(event.organizer == "mailto:r.abc@ouders.school.test" && event.attendee == "mailto:els@ouders.test")
      #expect(event.description == expected.description && event.location == expected.location)
      switch expected.time {
      case .moments(let start, let end):
        #expect(event.start == .moment(start.timeIntervalSince1970), "\(event.uid)")
        #expect(event.end == end.map { .moment($0.timeIntervalSince1970) }, "\(event.uid)")
      case .days:
        #expect(event.start == .day("2027-03-26") && event.end == .day("2027-03-30"))
      }
    }
  }

  @Test("It is lines of at most 75 octets that end in CRLF, with the zone's rules made of the system's data")
  func form() {
    let text = Self.object.text(in: Self.zone, product: "-//x//NL")
    let lines = text.components(separatedBy: "\r\n")
    #expect(lines.last == "" && lines.allSatisfy { $0.utf8.count <= 75 && !$0.contains("\n") })
    #expect(text.contains("BEGIN:VTIMEZONE") && text.contains("TZID:Europe/Amsterdam\r\n"))
    #expect(text.contains("DTSTART;TZID=Europe/Amsterdam:20261212T190000\r\n"))
    #expect(text.contains("DTSTART;VALUE=DATE:20270326\r\n") && text.contains("DTEND;VALUE=DATE:20270330\r\n"))
    #expect(text.components(separatedBy: "TZOFFSETFROM").count == 3, "one rule for summer and one for winter")
    // 02:30 comes twice that night.
    #expect(text.contains("DTSTART:20271031T003000Z") && text.contains("DTSTART:20271031T013000Z"))
    let days = C(method: .publish, events: [Self.event("d", Self.days)]).text(in: Self.zone, product: "x")
    #expect(!days.contains("VTIMEZONE"))
  }

  @Test("Nothing that somebody wrote starts a line or a property of its own")
  func injection() throws {
    var event = Self.event("x", Self.days, "Gym\r\nATTENDEE:mailto:x@y.test\u{0}\u{7}")
    event.organizer = C.Person(name: "a\";X=b\r\nMETHOD:CANCEL", address: "a@b.test")
    let text = C(method: .request, events: [event]).text(in: Self.zone, product: "x")
    let read = try C.read(Data(text.utf8), zone: Self.zone)
    #expect(read.method == .request && read.events.first?.attendees.count == 1)
    #expect(read.events.first?.summary == "Gym ATTENDEE:mailto:x@y.test")
    #expect(!text.contains("\r\nMETHOD:CANCEL") && !text.contains("\r\nATTENDEE:mailto:x@y.test"))
  }
}

@Suite("What others write is read, or refused")
struct CalendarReadingTests {
  typealias C = CalendarObject
  static let zone = CalendarWritingTests.zone

  static func file(_ lines: [String], method: String? = nil, zone: [String] = []) -> Data {
    let head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x"] + (method.map { ["METHOD:\($0)"] } ?? []) + zone
    let all = head + ["BEGIN:VEVENT", "UID:1@x", "SUMMARY:Gym"] + lines + ["END:VEVENT", "END:VCALENDAR", ""]
    return Data(all.joined(separator: "\r\n").utf8)
  }

  static let windows = [
    "BEGIN:VTIMEZONE", "TZID:W. Europe Standard Time", "BEGIN:STANDARD", "DTSTART:16010101T030000",
    "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10", "END:STANDARD",
    "BEGIN:DAYLIGHT", "DTSTART:16010101T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200",
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT", "END:VTIMEZONE",
  ]

  @Test(
    "A time is the instant that its writer means",
    arguments: [
      (["DTSTART:20260701T080000Z"], "2026-07-01T08:00:00Z", nil),
      (
        ["DTSTART;TZID=Europe/Amsterdam:20260701T100000", "DURATION:PT90M"], "2026-07-01T08:00:00Z",
        "2026-07-01T09:30:00Z"
      ),
      (["DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Amsterdam:20261201T100000"], "2026-12-01T09:00:00Z", nil),
      (
        ["DTSTART;TZID=W. Europe Standard Time:20260701T100000", "DTEND;TZID=W. Europe Standard Time:20260701T110000"],
        "2026-07-01T08:00:00Z", "2026-07-01T09:00:00Z"
      ),
      (["DTSTART;TZID=\"W. Europe Standard Time\":20261201T100000"], "2026-12-01T09:00:00Z", nil),
      (["DTSTART;TZID=America/New_York:20260701T100000"], "2026-07-01T14:00:00Z", nil),
      (["DTSTART:20260701T100000", "DTEND:20260701T100000"], "2026-07-01T08:00:00Z", nil),
    ] as [([String], String, String?)])
  func times(lines: [String], start: String, end: String?) throws {
    let read = try C.read(Self.file(lines, zone: Self.windows), zone: Self.zone)
    let time = try #require(read.events.first?.time, "\(read.refused)")
    let instant = CalendarWritingTests.instant
    #expect(time == .moments(start: instant(start), end: end.map(instant)))
  }

  @Test("Days are days, however their end is told")
  func days() throws {
    let first = C.Day(year: 2026, month: 12, day: 31)
    for (lines, last) in [
      ([], first), (["DTEND;VALUE=DATE:20261231"], first), (["DTEND;VALUE=DATE:20270101"], first),
      (["DTEND;VALUE=DATE:20270103"], C.Day(year: 2027, month: 1, day: 2)),
      (["DURATION:P2D"], C.Day(year: 2027, month: 1, day: 1)),
    ] {
      let read = try C.read(Self.file(["DTSTART;VALUE=DATE:20261231"] + lines), zone: Self.zone)
      #expect(read.events.first?.time == .days(first: first, last: last), "\(lines)")
    }
  }

  @Test(
    "What cannot be taken is refused by name, with its reason",
    arguments: [
      (["DTSTART:20260701T080000Z", "RRULE:FREQ=SECONDLY"], .recurs),
      (["DTSTART:20260701T080000Z", "RDATE:20260702T080000Z"], .recurs),
      (["DTSTART:20260701T080000Z", "RECURRENCE-ID:20260702T080000Z"], .recurs), ([], .noTime),
      (["DTSTART:20260631T080000Z"], .noTime), (["DTSTART:20260701T250000Z"], .noTime),
      (["DTSTART:99990101T080000Z"], .noTime),
      (["DTSTART:20260701T080000Z", "DTEND:20260701T070000Z"], .noTime),
      (["DTSTART;VALUE=DATE:20260701", "DTEND;VALUE=DATE:20290701"], .noTime),
      (["DTSTART:20260701T080000Z", "DURATION:P9999999D"], .noTime),
      (["DTSTART;TZID=Nergens:20260701T080000"], .unknownTimeZone),
    ] as [([String], C.RefusedEvent.Reason)])
  func refused(lines: [String], reason: C.RefusedEvent.Reason) throws {
    let read = try C.read(Self.file(lines), zone: Self.zone)
    #expect(read.events.isEmpty && read.refused.map(\.reason) == [reason])
    #expect(read.refused.first?.summary == "Gym")
  }

  @Test("A time zone that is none is not asked: rules by the second, a thousand parts")
  func hostileZones() throws {
    let event = ["DTSTART;TZID=W. Europe Standard Time:21990701T100000"]
    for rule in ["FREQ=SECONDLY", "FREQ=YEARLY;BYMONTH=1;BYSECOND=1,2,3;BYMINUTE=1,2", "FREQ=YEARLY;BYDAY=MO,TU,WE"] {
      let zone = Self.windows.map { $0.hasPrefix("RRULE") ? "RRULE:\(rule)" : $0 }
      #expect(try C.read(Self.file(event, zone: zone), zone: Self.zone).refused.map(\.reason) == [.unknownTimeZone])
    }
    let many = Array(repeating: Self.windows[2...7], count: 100).flatMap(\.self)
    let zone = Self.windows.prefix(2) + many + ["END:VTIMEZONE"]
    #expect(
      try C.read(Self.file(event, zone: Array(zone)), zone: Self.zone).refused.map(\.reason) == [.unknownTimeZone])
  }

  @Test("An answer of a calendar program is read")
  func reply() throws {
    let lines = [
      "DTSTART:20260701T080000Z", "RECURRENCE-ID:20260702T080000Z", "ORGANIZER:mailto:r.abc@ouders.school.test",
      "ATTENDEE;CN=Els;PARTSTAT=DECLINED:MAILTO:els@ouders.test", "COMMENT:Wij zijn op\\nvakantie",
    ]
    let read = try C.read(Self.file(lines, method: "REPLY"), zone: Self.zone)
    let event = try #require(read.events.first)
    #expect(read.method == .reply && event.comment == "Wij zijn op\nvakantie")
    #expect(event.attendees == [C.Attendee(C.Person(name: "Els", address: "els@ouders.test"), .declined)])
  }

  @Test("Too much is refused before it is parsed; what is no calendar is said to be none")
  func limits() {
    let large = Self.file(["DTSTART:20260701T080000Z", "X-A:\(String(repeating: "a", count: CalendarLimits.octets))"])
    let many = Data(("BEGIN:VCALENDAR\n" + String(repeating: "BEGIN:VEVENT\nEND:VEVENT\n", count: 700)).utf8)
    let deep = Data(String(repeating: "BEGIN:VEVENT\r\n", count: 500).utf8)
    let long = Data(("BEGIN:VCALENDAR\n" + String(repeating: "X:1\n", count: CalendarLimits.lines)).utf8)
    for data in [large, many, deep, long] {
      #expect(throws: CalendarError.tooLarge) { try C.read(data, zone: Self.zone) }
    }
    for text in ["", "Beste allemaal", "\0\0", "BEGIN:VCARD\r\nEND:VCARD\r\n", "BEGIN:\r\n", "END:VCALENDAR\r\n"] {
      #expect(throws: CalendarError.notACalendar, "\(text)") { try C.read(Data(text.utf8), zone: Self.zone) }
    }
  }

  @Test("Cut off anywhere, or with any octet changed, a file gives an error or events, and never a crash")
  func mangled() {
    let whole = Self.file(
      [
        "DTSTART;TZID=W. Europe Standard Time:20260701T100000", "DTEND:20260701T110000Z", "RRULE:FREQ=DAILY;COUNT=3",
        "ATTENDEE;CN=\"a\";PARTSTAT=ACCEPTED:mailto:a@b", "BEGIN:VALARM", "TRIGGER:-PT5M", "END:VALARM",
      ], method: "REQUEST", zone: Self.windows)
    var read = 0
    for length in 0..<whole.count where (try? C.read(whole.prefix(length), zone: Self.zone)) != nil { read += 1 }
    for place in stride(from: 0, to: whole.count, by: 3) {
      for octet in [0, 10, 0x3A, 0x3B, 0x22, 0x39, 0xFF] as [UInt8] {
        var changed = whole
        changed[place] = octet
        if (try? C.read(changed, zone: Self.zone)) != nil { read += 1 }
      }
    }
    #expect(read > 100)
  }
}
