import Foundation
import School

@testable import Rendering

/// What the calendar's notices say, for goldens.
enum CalendarNotices {
  static let event = EventFacts(
    event: EventID(1), stage: .planned,
    details: EventDetails(
      title: "Kerstviering <hal> & meer", place: "hal", note: "Neem mee:\n- een <kaars>",
      time: .moments(start: Notices.at + 24 * 86_400, end: Notices.at + 24 * 86_400 + 5_400)), group: "Groep 5")

  static var school: EventFacts {
    let first = CalendarDay(Notices.at + 33 * 86_400, in: Notices.zone)
    return EventFacts(
      event: EventID(2),
      details: EventDetails(title: "Kerstvakantie", time: .days(first: first, last: first.adding(days: 13))),
      answer: .tentative)
  }

  static var night: EventFacts {
    EventFacts(
      event: EventID(3), stage: .cancelled,
      details: EventDetails(
        title: "Logeren", place: "gymzaal",
        time: .moments(start: Notices.at + 2 * 86_400, end: Notices.at + 3 * 86_400)), group: "Groep 7")
  }

  /// Nil for what is not about the calendar.
  static func facts(_ kind: NoticeKind) -> NoticeFacts? {
    switch kind {
    case .eventInvitation, .eventCancellation: return NoticeFacts(count: 1, calendar: CalendarFacts(events: [event]))
    case .calendarList: return NoticeFacts(count: 3, calendar: CalendarFacts(events: [event, school, night]))
    case .calendar, .calendarWeek:
      return NoticeFacts(count: 2, calendar: CalendarFacts(events: [event, school], more: 4))
    case .calendarReceipt:
      let problems = EventProblem.Reason.allCases.map { EventProblem("32-12-2026 <Kerst>", $0) }
      return NoticeFacts(
        count: 12, retractableUntil: Notices.at + 600,
        calendar: CalendarFacts(events: [event, school, night], problems: problems))
    case .eventAnswerReceipt:
      var answered = event
      answered.answer = .accepted
      return NoticeFacts(calendar: CalendarFacts(events: [answered]))
    case .attendance:
      var attended = event
      attended.attendance = Attendance(
        accepted: ["Els <x> (Noor)", "Jan de Vries, Marie de Vries (Sanne)"], declined: [], tentative: ["Frank (Noor)"],
        silent: 9)
      return NoticeFacts(count: 1, calendar: CalendarFacts(events: [attended]))
    default: return nil
    }
  }
}
