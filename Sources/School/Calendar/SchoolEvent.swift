import Foundation

/// A day, whatever the time zone.
package struct CalendarDay: Sendable, Hashable, Codable, Comparable {
  package let year: Int
  package let month: Int
  package let day: Int

  /// Nil where the calendar has no such day.
  package init?(year: Int, month: Int, day: Int) {
    guard (1970...2200).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
    self.year = year
    self.month = month
    self.day = day
    guard CalendarDay(start(in: .gmt), in: .gmt).month == month else { return nil }
  }

  /// The day that an instant falls on in a time zone.
  package init(_ date: Date, in zone: TimeZone) {
    let parts = Self.calendar(zone).dateComponents([.year, .month, .day], from: date)
    (year, month, day) = (parts.year ?? 1970, parts.month ?? 1, parts.day ?? 1)
  }

  /// `2026-11-25` (ISO 8601): in order of the days.
  package var text: String {
    let two = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(two(month))-\(two(day))"
  }

  /// When the day begins in a time zone.
  package func start(in zone: TimeZone) -> Date {
    Self.calendar(zone).date(from: DateComponents(year: year, month: month, day: day)) ?? .distantPast
  }

  /// A time of this day; nil for one that the clock skips.
  package func moment(hour: Int, minute: Int, in zone: TimeZone) -> Date? {
    let calendar = Self.calendar(zone)
    let parts = DateComponents(year: year, month: month, day: day, hour: hour, minute: minute)
    guard let date = calendar.date(from: parts) else { return nil }
    return calendar.component(.hour, from: date) == hour % 24 ? date : nil
  }

  package func adding(days: Int) -> CalendarDay {
    let calendar = Self.calendar(.gmt)
    return calendar.date(byAdding: .day, value: days, to: start(in: .gmt)).map { CalendarDay($0, in: .gmt) } ?? self
  }

  package static func < (left: Self, right: Self) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }

  private static func calendar(_ zone: TimeZone) -> Calendar {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    return calendar
  }
}

/// When an event is.
package enum EventTime: Sendable, Hashable, Codable {
  /// Nil where nobody said when it ends.
  case moments(start: Date, end: Date?)
  /// Whole days, the last one included.
  case days(first: CalendarDay, last: CalendarDay)

  package func start(in zone: TimeZone) -> Date {
    switch self {
    case .moments(let start, _): start
    case .days(let first, _): first.start(in: zone)
    }
  }

  /// When it is over.
  package func end(in zone: TimeZone) -> Date {
    switch self {
    case .moments(let start, let end): end ?? start
    case .days(_, let last): last.adding(days: 1).start(in: zone)
    }
  }
}

/// What is said of an event.
package struct EventDetails: Sendable, Hashable, Codable {
  package var title: String
  package var place: String?
  package var note: String?
  package var time: EventTime

  package init(title: String, place: String? = nil, note: String? = nil, time: EventTime) {
    self.title = title
    self.place = place
    self.note = note
    self.time = time
  }
}

/// By what name and version somebody's own calendar knows an event.
package struct EventSource: Sendable, Hashable, Codable {
  package var uid: String
  package var sequence: Int

  package init(uid: String, sequence: Int) {
    self.uid = uid
    self.sequence = sequence
  }
}

package typealias EventID = Identifier<SchoolEvent, Int64>

/// Something on a date, for the school or a group.
package struct SchoolEvent: Sendable, Hashable, Identifiable {
  package var id: EventID
  package var audience: Audience
  /// Who made it known: hears of it what parents write, and may change it.
  package var author: AccountID
  /// Of the mail that made it known; nil where that was given up after a time.
  package var thread: ThreadID?
  package var source: EventSource?
  package var details: EventDetails
  package var isCancelled: Bool
  /// Of the version that stands (RFC 5545, section 3.8.7.4).
  package var sequence: Int
  /// The highest that was ever given out, with those that were taken back.
  package var lastSequence: Int
  /// Of the version that brought the time at which it is now: an answer to one before it was to another time.
  package var timeSequence: Int

  package init(
    id: EventID, audience: Audience, author: AccountID, thread: ThreadID? = nil, source: EventSource? = nil,
    details: EventDetails, isCancelled: Bool = false, sequence: Int = 0, lastSequence: Int = 0,
    timeSequence: Int = 0
  ) {
    self.id = id
    self.audience = audience
    self.author = author
    self.thread = thread
    self.source = source
    self.details = details
    self.isCancelled = isCancelled
    self.sequence = sequence
    self.lastSequence = lastSequence
    self.timeSequence = timeSequence
  }
}

/// Whether somebody comes.
package enum EventAnswer: String, Sendable, Hashable, Codable, CaseIterable {
  case accepted, declined, tentative
}

/// What changes of the calendar. Each belongs to the thread and the entry that its decision adds.
package enum CalendarChange: Sendable, Hashable {
  case add(NewEvent)
  case revise(EventRevision)
  /// Invitations to this event that are not due yet are not sent: a newer one takes their place.
  case supersede(EventID)
  case answer(EventID, AccountID, EventAnswer)
  /// The versions that this entry brought are worth nothing; what they took the place of stands again.
  case withdraw(EntryID)
  /// The versions of this decision's entry are worth nothing yet: a colleague must approve them.
  case hold
  /// The versions that this entry brought stand from now on.
  case approve(EntryID)
}

package struct NewEvent: Sendable, Hashable {
  package var audience: Audience
  package var author: AccountID
  package var source: EventSource?
  package var details: EventDetails
  /// When it is over.
  package var endsAt: Date

  package init(
    audience: Audience, author: AccountID, source: EventSource? = nil, details: EventDetails, endsAt: Date
  ) {
    self.audience = audience
    self.author = author
    self.source = source
    self.details = details
    self.endsAt = endsAt
  }
}

package struct EventRevision: Sendable, Hashable {
  package var event: EventID
  package var sequence: Int
  package var source: EventSource?
  package var details: EventDetails
  package var isCancelled: Bool
  package var endsAt: Date

  package init(
    event: EventID, sequence: Int, source: EventSource? = nil, details: EventDetails, isCancelled: Bool, endsAt: Date
  ) {
    self.event = event
    self.sequence = sequence
    self.source = source
    self.details = details
    self.isCancelled = isCancelled
    self.endsAt = endsAt
  }
}

/// What a decision on the calendar looks at.
package struct CalendarState: Sendable, Hashable {
  /// What the calendar files of the mail hold.
  package var attached: WrittenEvents
  /// What the calendar program of who wrote answers.
  package var reply: EventReply?
  /// Those that the act is about: of a receipt, its own; of an invitation, that one; else all that are not over.
  package var events: [SchoolEvent]
  /// Those that a colleague must approve first, as they will be then: of the mail that is answered, else all.
  package var waiting: [SchoolEvent]
  /// The mail of the school's staff whose receipt is answered.
  package var post: ThreadEntry?
  /// For whom that mail was.
  package var audience: Audience?
  /// Who was mailed of an event.
  package var told: [EventID: Set<AccountID>]
  /// To the time at which the event is now: whoever said that they come must say so again when it is moved.
  package var answers: [EventID: [AccountID: EventAnswer]]
  package var revision: Revision?

  package init(
    attached: WrittenEvents = WrittenEvents(), reply: EventReply? = nil, events: [SchoolEvent] = [],
    waiting: [SchoolEvent] = [], post: ThreadEntry? = nil, audience: Audience? = nil,
    told: [EventID: Set<AccountID>] = [:],
    answers: [EventID: [AccountID: EventAnswer]] = [:], revision: Revision? = nil
  ) {
    self.attached = attached
    self.reply = reply
    self.events = events
    self.waiting = waiting
    self.post = post
    self.audience = audience
    self.told = told
    self.answers = answers
    self.revision = revision
  }
}

/// The answer that somebody's calendar program sends (RFC 5546, section 3.2.3).
package struct EventReply: Sendable, Hashable {
  /// Nil where it says neither yes nor no nor perhaps.
  package var answer: EventAnswer?
  /// What the person wrote beside it; nil for nothing.
  package var words: String?
  /// Of which invitation it is the answer (RFC 5546, section 2.1.4); nil where it does not say.
  package var sequence: Int?

  package init(answer: EventAnswer?, words: String?, sequence: Int? = nil) {
    self.answer = answer
    self.words = words
    self.sequence = sequence
  }
}

extension SchoolPolicy {
  /// Events of one mail that are taken.
  package static let mostEvents = 100
  /// Events of one mail for each of which parents get an invitation of its own; more come as one list.
  package static let mostInvitations = 5
  /// What `agenda` tells: as many days from today, and as many events.
  static let calendarDays = 70
  static let mostEventsListed = 60
  /// How far ahead an event may be, in days: a later one is a slip of the pen.
  static let farthestDays = 750
}
