import Foundation

/// An event as a mail tells it, at the moment at which that was decided.
package struct EventFacts: Sendable, Hashable, Codable {
  package enum Stage: String, Sendable, Hashable, Codable {
    case planned, changed, cancelled
  }

  /// Nil until the store has given it.
  package var event: EventID?
  /// Of a new event: which of the decision's new ones it is, from 0.
  package var place: Int?
  package var sequence: Int
  package var stage: Stage
  package var details: EventDetails
  /// For whom; nil for the whole school.
  package var group: String?
  /// What the reader said.
  package var answer: EventAnswer?
  /// Who comes: for the organiser.
  package var attendance: Attendance?

  package init(
    event: EventID?, place: Int? = nil, sequence: Int = 0, stage: Stage = .planned, details: EventDetails,
    group: String? = nil,
    answer: EventAnswer? = nil, attendance: Attendance? = nil
  ) {
    self.event = event
    self.place = place
    self.sequence = sequence
    self.stage = stage
    self.details = details
    self.group = group
    self.answer = answer
    self.attendance = attendance
  }
}

/// Who said what, by name.
package struct Attendance: Sendable, Hashable, Codable {
  package var accepted: [String]
  package var declined: [String]
  package var tentative: [String]
  /// How many said nothing.
  package var silent: Int

  package init(accepted: [String], declined: [String], tentative: [String], silent: Int) {
    self.accepted = accepted
    self.declined = declined
    self.tentative = tentative
    self.silent = silent
  }
}

/// What a mail says of the calendar.
package struct CalendarFacts: Sendable, Hashable, Codable {
  package var events: [EventFacts]
  /// What was read and not done.
  package var problems: [EventProblem]
  /// Events that are left out, since there are too many to tell.
  package var more: Int
  /// Everything that was done is taken back.
  package var isRetracted: Bool

  package init(events: [EventFacts], problems: [EventProblem] = [], more: Int = 0, isRetracted: Bool = false) {
    self.events = events
    self.problems = problems
    self.more = more
    self.isRetracted = isRetracted
  }

  /// Puts in the identities that the store gave to the decision's new events, in their order.
  package mutating func assign(_ ids: [EventID]) {
    for index in events.indices where events[index].event == nil {
      let place = events[index].place ?? 0
      if ids.indices.contains(place) { events[index].event = ids[place] }
    }
  }
}

/// A line or an event of a file that was read and not done, and why.
package struct EventProblem: Sendable, Hashable, Codable {
  package enum Reason: String, Sendable, Hashable, Codable, CaseIterable {
    /// It begins as a date, and is none; or nothing stands behind the date.
    case unreadable
    case past
    case tooFar = "too-far"
    /// A time that the clock skips, or an end before the start.
    case noSuchTime = "no-such-time"
    /// It comes back; each date must be given.
    case recurs
    case unknownZone = "unknown-zone"
    /// Which of several events is meant, cannot be seen.
    case whichEvent = "which-event"
    /// Nothing of this name stands in the calendar.
    case unknownEvent = "unknown-event"
    /// It stands there just so.
    case unchanged
    /// A version older than the one that stands.
    case outdated
    /// A colleague is asked about it: until the answer it can only be taken back.
    case awaitsApproval = "awaits-approval"
    case tooMany = "too-many"
    case badFile = "bad-file"
  }

  package var line: String
  package var reason: Reason

  package init(_ line: String, _ reason: Reason) {
    self.line = line.excerpt(120)
    self.reason = reason
  }
}
