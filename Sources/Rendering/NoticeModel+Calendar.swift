import Foundation
import School

extension NoticeModel {
  static let calendarNames = Set([
    "event", "events", "title", "place", "note", "day", "start", "end", "lastDay", "planned", "cancelled", "coming",
    "notComing", "perhaps", "silent", "accepted", "declined", "tentative", "answered", "problems", "line", "more",
    "retracted", "hasEvents", "canChange", "many",
  ]).union(EventWord.allCases.map(\.rawValue))
    .union(EventProblem.Reason.allCases.map { AdviceContext.camel($0.rawValue) })

  func addCalendar(to values: inout [String: Any]) {
    guard let calendar = context.facts.calendar else { return }
    let events = calendar.events.enumerated().map { place, facts in self.values(of: facts, number: place + 1) }
    values["events"] = events
    values["event"] = events.first
    values["hasEvents"] = !events.isEmpty
    values["many"] = events.count > 1
    values["retracted"] = calendar.isRetracted
    values["canChange"] = !events.isEmpty && !calendar.isRetracted && context.facts.broadcast != .waiting
    if calendar.more > 0 { values["more"] = calendar.more }
    if !calendar.problems.isEmpty {
      values["problems"] = calendar.problems.map { problem in
        ["line": problem.line, AdviceContext.camel(problem.reason.rawValue): true] as [String: Any]
      }
    }
  }

  private func values(of facts: EventFacts, number: Int) -> [String: Any] {
    var values = time(facts.details.time)
    values["number"] = number
    values["title"] = facts.details.title
    // A group that is not named would be taken from the mail around it.
    values["group"] = facts.group ?? false
    values["place"] = facts.details.place ?? false
    values["note"] = facts.details.note.map { ["text": $0, "textHTML": TextHTML.of($0)] } ?? false
    for stage in [EventFacts.Stage.planned, .changed, .cancelled] { values[stage.rawValue] = facts.stage == stage }
    values["answered"] = facts.answer.map { [$0.rawValue: true] } ?? false
    if let attendance = facts.attendance {
      values["coming"] = names(attendance.accepted)
      values["notComing"] = names(attendance.declined)
      values["perhaps"] = names(attendance.tentative)
      values["silent"] = attendance.silent
    }
    return values
  }

  private func names(_ names: [String]) -> [String: Any] {
    ["count": names.count, "items": names.map { ["name": $0] }]
  }

  private func time(_ time: EventTime) -> [String: Any] {
    let zone = context.timeZone
    let format = { (date: Date, form: LocalDate.Form) in LocalDate.text(date, form, context.language, zone) }
    switch time {
    case .days(let first, let last):
      return [
        "day": format(first.start(in: zone), .weekday), "start": false, "end": false,
        "lastDay": last > first ? format(last.start(in: zone), .weekday) : false,
      ]
    case .moments(let start, let end):
      let isOneDay = end.map { CalendarDay($0, in: zone) == CalendarDay(start, in: zone) } ?? true
      return [
        "day": format(start, .weekday), "start": format(start, .clock),
        "end": end.flatMap { isOneDay ? format($0, .clock) : nil } ?? false,
        "lastDay": end.flatMap { isOneDay ? nil : "\(format($0, .weekday)), \(format($0, .clock))" } ?? false,
      ]
    }
  }
}
