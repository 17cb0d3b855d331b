import Foundation
import School
import Testing

@testable import Rendering

@Suite("What the calendar's mails say")
struct CalendarTemplateTests {
  let templates: Templates

  init() throws { templates = try Templates.load(directory: Notices.directory) }

  private func render(_ kind: NoticeKind, _ facts: NoticeFacts, _ language: Language = .dutch) -> RenderedNotice {
    var context = Notices.context(kind, language)
    context.facts = facts
    return templates.render(context)
  }

  @Test("A changed event says that it changed, in its subject and its text")
  func changed() {
    var event = CalendarNotices.event
    event.stage = .changed
    let facts = NoticeFacts(calendar: CalendarFacts(events: [event]))
    #expect(render(.eventInvitation, facts).subject.hasPrefix("Gewijzigd: Kerstviering"))
    #expect(render(.eventInvitation, facts).text.contains("Nu geldt:"))
    #expect(render(.eventInvitation, facts, .english).subject.hasPrefix("Changed: "))
  }

  @Test("The receipt says what was taken back, or that nothing was read")
  func receipt() {
    let retracted = NoticeFacts(calendar: CalendarFacts(events: [CalendarNotices.event], isRetracted: true))
    let back = render(.calendarReceipt, retracted)
    #expect(back.subject.contains("teruggehaald") && !back.text.contains("antwoord met herstel"))
    let nothing = NoticeFacts(
      calendar: CalendarFacts(events: [], problems: [EventProblem("12-13-2026 x", .unreadable)]))
    let none = render(.calendarReceipt, nothing)
    #expect(none.subject.contains("niet gelukt") && none.text.contains("“12-13-2026 x”"))
    #expect(!none.text.contains("vervalt"))
  }

  @Test("Every reason has its words in every language")
  func problems() {
    for language in Language.allCases {
      var texts: Set<String> = []
      for reason in EventProblem.Reason.allCases {
        let facts = NoticeFacts(calendar: CalendarFacts(events: [], problems: [EventProblem("x", reason)]))
        texts.insert(render(.calendarReceipt, facts, language).text)
      }
      #expect(texts.count == EventProblem.Reason.allCases.count, "\(language)")
    }
  }

  @Test("Each answer has its words in every language, and an empty calendar is said to be empty")
  func answers() {
    for language in Language.allCases {
      let texts = EventAnswer.allCases.map { answer in
        var event = CalendarNotices.event
        event.answer = answer
        return render(.eventAnswerReceipt, NoticeFacts(calendar: CalendarFacts(events: [event])), language).text
      }
      #expect(Set(texts).count == 3)
      let empty = render(.calendar, NoticeFacts(count: 0, calendar: CalendarFacts(events: [])), language)
      #expect(!empty.text.contains("agenda.ics"))
    }
  }

  @Test("An event of one day, of several, over midnight, without an end")
  func times() {
    let zone = Notices.zone
    let day = CalendarDay(Notices.at, in: zone)
    func text(_ time: EventTime) -> String {
      let event = EventFacts(event: EventID(1), details: EventDetails(title: "X", time: time))
      return render(.eventInvitation, NoticeFacts(calendar: CalendarFacts(events: [event]))).text
    }
    let evening = day.moment(hour: 19, minute: 0, in: zone) ?? .distantPast
    #expect(text(.days(first: day, last: day)).contains("\nwoensdag 18 november 2026\n"))
    #expect(
      text(.days(first: day, last: day.adding(days: 1)))
        .contains("woensdag 18 november 2026 t/m donderdag 19 november 2026\n"))
    #expect(text(.moments(start: evening, end: nil)).contains("woensdag 18 november 2026, 19:00\n"))
    #expect(text(.moments(start: evening, end: evening + 5_400)).contains("2026, 19:00–20:30\n"))
    #expect(
      text(.moments(start: evening, end: evening + 12 * 3600))
        .contains("2026, 19:00 t/m donderdag 19 november 2026, 07:00\n"))
  }
}
