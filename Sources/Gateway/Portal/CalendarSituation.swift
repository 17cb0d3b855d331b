import Foundation
import Mail
import School
import Store

/// Fetches what a decision on the calendar looks at: from the mail, and from the store.
struct CalendarSituation: Sendable {
  let store: Store
  let settings: SchoolSettings
  let message: MailMessage
  let now: Date

  /// Fills in what the act needs; leaves the state as it is for one that is not about the calendar.
  func fill(_ state: inout SchoolState, for act: Act, actor: AccountID) async throws(StoreError) {
    guard act.isAboutCalendar || act.isAnswerToBroadcast && state.thread?.thread.kind == .calendar else { return }
    let parts = CalendarParts(message: message, zone: settings.timeZone)
    var calendar = CalendarState(revision: try await store.revision(of: Store.calendarRevision))
    switch act {
    case .calendar:
      calendar.attached = parts.written(now: now)
      calendar.events = try await store.events(endingAfter: now, zone: settings.timeZone)
      calendar.waiting = try await store.waitingEvents(endingAfter: now)
    case .answer(.broadcast(let id)): calendar.waiting = try await store.waitingEvents(of: id)
    case .answer(.calendarPost(let id)):
      state.entryRevision = try await store.revision(of: "entry \(id)")
      state.entryAwaitsApproval = try await store.awaitsApproval(id)
      calendar.attached = parts.written(now: now)
      calendar.events = try await store.events(of: id)
      calendar.waiting =
        try await state.entryAwaitsApproval ? store.waitingEvents(of: id) : store.waitingEvents(endingAfter: now)
      calendar.post = try await store.entry(id)
      if let thread = calendar.post?.thread { calendar.audience = try await store.thread(thread)?.audience }
    case .answer(.event(let id)):
      calendar.reply = parts.answer.map { answer in
        EventReply(
          answer: answer.reply.answer, words: answer.reply.words.map(settings.scheme.withoutKeys),
          sequence: answer.reply.sequence)
      }
      calendar.events = try await store.event(id).map { [$0] } ?? []
      if let thread = calendar.events.first?.thread {
        state.privateThread = try await store.privateThread(about: thread, by: actor)
      }
    default: break
    }
    for place in calendar.attached.events.indices {
      let note = calendar.attached.events[place].details?.note
      calendar.attached.events[place].details?.note = note.map(settings.scheme.withoutKeys)
    }
    for event in calendar.events {
      calendar.answers[event.id] = try await store.answers(to: event.id)
      if event.author == actor { calendar.told[event.id] = try await store.told(of: event.id, now: horizon(event)) }
    }
    state.calendar = calendar
  }

  /// Whose invitation is due after it has not heard of the event. Before a colleague approves its end, they will have.
  private func horizon(_ event: SchoolEvent) -> Date {
    settings.broadcast.check == .approval && event.audience == .school ? .distantFuture : now
  }
}

extension Act {
  fileprivate var isAboutCalendar: Bool {
    switch self {
    case .calendar, .answer(.calendarPost), .answer(.event): true
    default: false
    }
  }

  fileprivate var isAnswerToBroadcast: Bool { if case .answer(.broadcast) = self { true } else { false } }

  /// Calendar files of the mail are its content, not files to keep.
  var readsCalendarFiles: Bool {
    switch self {
    case .calendar, .answer(.event), .answer(.calendarPost), .answer(.conference): true
    default: false
    }
  }
}
