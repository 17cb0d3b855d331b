import Foundation

/// An iCalendar object (RFC 5545) as far as a school and its parents exchange it: events, and what is asked or
/// answered about them (RFC 5546).
package struct CalendarObject: Sendable, Hashable {
  package enum Method: String, Sendable, Hashable, CaseIterable {
    case publish = "PUBLISH"
    case request = "REQUEST"
    case reply = "REPLY"
    case cancel = "CANCEL"
  }

  /// Nil where it names none, or one of no use here.
  package var method: Method?
  package var events: [Event]
  /// What was read and cannot be taken.
  package var refused: [RefusedEvent]

  package init(method: Method?, events: [Event], refused: [RefusedEvent] = []) {
    self.method = method
    self.events = events
    self.refused = refused
  }

  package enum Time: Sendable, Hashable {
    /// Nil for an event of which no end is told.
    case moments(start: Date, end: Date?)
    /// Whole days, the last one included; the same days whatever the time zone of who reads it.
    case days(first: Day, last: Day)
  }

  /// A day of the Gregorian calendar.
  package struct Day: Sendable, Hashable {
    package var year: Int
    package var month: Int
    package var day: Int

    package init(year: Int, month: Int, day: Int) {
      self.year = year
      self.month = month
      self.day = day
    }
  }

  package struct Event: Sendable, Hashable {
    /// Empty where a file gives none.
    package var uid: String
    package var sequence: Int
    /// It says which; else 0 is meant (RFC 5545, section 3.8.7.4), though programs leave it out of answers.
    package var hasSequence = true
    /// When this version was made.
    package var stamp: Date
    package var time: Time
    package var summary: String
    package var location: String?
    package var description: String?
    package var comment: String?
    package var isCancelled: Bool
    package var organizer: Person?
    package var attendees: [Attendee]

    package init(
      uid: String, sequence: Int, stamp: Date, time: Time, summary: String, location: String? = nil,
      description: String? = nil, comment: String? = nil, isCancelled: Bool = false, organizer: Person? = nil,
      attendees: [Attendee] = []
    ) {
      self.uid = uid
      self.sequence = sequence
      self.stamp = stamp
      self.time = time
      self.summary = summary
      self.location = location
      self.description = description
      self.comment = comment
      self.isCancelled = isCancelled
      self.organizer = organizer
      self.attendees = attendees
    }
  }

  package struct Person: Sendable, Hashable {
    package var name: String?
    /// Without `mailto:`.
    package var address: String

    package init(name: String?, address: String) {
      self.name = name
      self.address = address
    }
  }

  package enum Participation: String, Sendable, Hashable {
    case needsAction, accepted, declined, tentative
  }

  package struct Attendee: Sendable, Hashable {
    package var person: Person
    package var participation: Participation

    package init(_ person: Person, _ participation: Participation) {
      self.person = person
      self.participation = participation
    }
  }

  /// An event that is not taken, and why.
  package struct RefusedEvent: Sendable, Hashable {
    package enum Reason: Error, Sendable, Hashable {
      /// RRULE, RDATE or RECURRENCE-ID: each date must be an event of its own.
      case recurs
      case unknownTimeZone
      /// No start, an end before it, or a date that no calendar has.
      case noTime
    }

    package var summary: String
    package var reason: Reason
  }
}

/// Why nothing of a file can be read.
package enum CalendarError: Error, Sendable, Hashable {
  case notACalendar
  case tooLarge
}

/// How much of a file is read.
package enum CalendarLimits {
  /// In octets; a year of a school's calendar is about 100 kB.
  package static let octets = 512 << 10
  package static let lines = 20_000
  package static let components = 600
  /// A calendar holds events, an event alarms: 3 are enough.
  package static let depth = 5
  /// Parts of one time zone: Amsterdam has about 25.
  package static let observances = 60
  /// Of an event, in seconds.
  package static let longest: Double = 400 * 86_400
  /// Characters of a title or place; a description may have ten times as many.
  package static let text = 1_000
}
