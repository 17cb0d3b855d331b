import Foundation
import Testing

@testable import School

/// Wednesday 18 November 2026, 17:46 in Amsterdam.
@Suite("A plan for conferences is read strictly")
struct ConferencePlanReaderTests {
  typealias S = SmallSchool
  static let zone = TimeZone(identifier: "Europe/Amsterdam") ?? .gmt

  private func read(_ text: String) -> (plan: ConferencePlan?, problems: [ConferenceProblem]) {
    ConferencePlanReader.read(text, directory: S.directory, now: S.now, zone: Self.zone)
  }

  static func text(_ change: (inout [String]) -> Void = { _ in }) -> String {
    var lines = ["di 8 december 15:30-16:00", "10 minuten", "Groep 5, lokaal 5", "Cor", "wensen tot 1 december 17:00"]
    change(&lines)
    return lines.joined(separator: "\n")
  }

  @Test("Days, minutes, desks with rooms, and until when wishes are told")
  func whole() throws {
    let plan = try #require(read(Self.text()).plan)
    #expect(plan.windows.count == 1 && plan.slots.count == 3 && plan.minutes == 10)
    #expect(plan.desks.map(\.name) == ["Anna de Boer & Bas Visser", "Cor"])
    #expect(plan.desks.map(\.room) == ["lokaal 5", nil])
    #expect(plan.desks.map(\.groups) == [[S.group5], [S.group7]])
    let closing = try #require(plan.closesAt)
    #expect(CalendarDay(closing, in: Self.zone) == CalendarDay(year: 2026, month: 12, day: 1))
  }

  @Test(
    "Other ways to write the same",
    arguments: [
      "Hoi,\n\n- di 8-12 15:30-16:00\n- gesprekken van 10 minuten\n- Groep 5: lokaal 5\n- meester Cor\n- sluit 1 december 17:00"
        .replacing("sluit 1", with: "sluiten tot 1") + "\n\nGroet,\nDirk",
      "2026-12-08 15:30-16:00\n10 min\ngroep5, lokaal 5\ngroep 7\nwensen t/m 1 december 17:00",
      "di 8 desimber 15:30-16:00\n10 minuten per petear\nAnna & Bas, lokaal 5\nCor\nwinsken oant 1 desimber 17:00",
      "Tue 8 December 15:30-16:00\n10 minutes each\nAnna and Bas, lokaal 5\nCor\nwishes until 1 December 17:00\nRegards\nDirk",
    ])
  func variants(text: String) throws {
    let found = read(text)
    #expect(found.plan == read(Self.text()).plan, "\(text): \(found.problems)")
  }

  @Test("Several days and stretches of a day; who comes first; all groups")
  func more() throws {
    let plan = try #require(
      read("8 t/m 9 december 15:30-16:00 en 19:00-19:20\n10 minuten\nalle groepen\ndirect").plan)
    #expect(plan.windows.count == 4 && plan.slots.count == 10 && plan.closesAt == nil)
    #expect(plan.desks.map(\.name) == ["Anna de Boer & Bas Visser", "Cor"])
  }

  @Test(
    "What cannot be is named, and nothing is planned",
    arguments: [
      ("di 8 december", ConferenceProblem.Reason.badDay), ("do 8 december 15:30-16:00", .wrongWeekday),
      ("17-11-2026 15:30-16:00", .dayPast), ("8-12-2030 15:30-16:00", .dayTooFar),
      ("32-13 15:30-16:00", .badDay), ("di 8 december 16:00-15:30", .badDay),
      ("di 8 december 15:30-16:30 en 16:00-17:00", .overlap),
      ("di 8 december" + String(repeating: " 15:30-16:00", count: 2_000), .badDay),
    ])
  func badDays(line: String, reason: ConferenceProblem.Reason) {
    let found = read(Self.text { $0[0] = line })
    #expect(found.plan == nil && found.problems.map(\.reason) == [reason], "\(found.problems)")
  }

  @Test(
    "So is a bad line of the rest",
    arguments: [
      (1, "100 minuten", ConferenceProblem.Reason.badMinutes), (1, "45 minuten", .badMinutes),
      (2, "Groep 9, lokaal 5", .unknownName), (2, "Denk aan de koffie", .unknownLine), (2, "Dirk", .noPupils),
      (3, "Groep 5", .groupTwice), (4, "wensen tot 9 december", .badClosing), (4, "wensen tot gisteren", .badClosing),
    ])
  func badLines(place: Int, line: String, reason: ConferenceProblem.Reason) {
    let found = read(Self.text { $0[place] = line })
    #expect(found.plan == nil && found.problems.contains { $0.reason == reason }, "\(found.problems)")
  }

  @Test("What is missing is named, each once")
  func missing() {
    #expect(
      Set(read("Hoi").problems.map(\.reason)) == [.noDays, .noMinutes, .noDesks, .noClosing])
    #expect(read(Self.text { $0.remove(at: 1) }).problems.map(\.reason) == [.noMinutes])
    #expect(read(Self.text { $0.remove(at: 4) }).problems.map(\.reason) == [.noClosing])
    #expect(read(Self.text { $0.append("8-12 15:50-16:10") }).problems.map(\.reason) == [.overlap])
  }

  @Test("Too much of anything is said, and never more than the limit")
  func limits() {
    let days = (1...21).map { "\($0)-2-2027 15:30-16:00" }
    #expect(read(Self.text { $0 += days }).problems.map(\.reason) == [.tooMuch])
    let slots = (1...20).map { "\($0)-2-2027 8:00-18:00" }
    #expect(read(Self.text { $0 = slots + ["5 minuten", "Cor", "direct"] }).problems.map(\.reason) == [.tooMuch])
    let lines = read(Self.text { $0 += [String](repeating: "x y", count: 500) }).problems
    #expect(lines.count <= ConferencePlanReader.mostLines + 1 && lines.contains { $0.reason == .tooMuch })
  }
}
