import Foundation

package typealias AbsenceID = Identifier<Absence, Int64>

/// Why a child is not at school.
package enum AbsenceKind: String, Sendable, Hashable, Codable, CaseIterable {
  case sick, late, leave
  /// The parents said why, and it is none of these.
  case other
  /// A teacher misses the child, and nobody has said why.
  case unexplained
}

/// What was said of one child's absence.
package struct AbsenceReport: Sendable, Hashable {
  package enum Status: String, Sendable, Hashable, Codable, CaseIterable {
    case stands
    /// Leave that the head has not decided on.
    case asked
    case rejected
    /// By who reported it, or because it turned out otherwise.
    case withdrawn
  }

  package var pupil: PupilID
  package var kind: AbsenceKind
  package var status: Status
  package var first: CalendarDay
  /// Nil for a sickness of which nobody has said when it ended.
  package var last: CalendarDay?
  /// Of who is late: when they come, in minutes after midnight.
  package var minute: Int?
  /// Why, in the reporter's own words, as long as they are kept.
  package var words: String?
  /// Nil for nobody yet, or nobody any more.
  package var reporter: AccountID?
  /// The teacher who missed the child.
  package var askedBy: AccountID?

  package init(
    pupil: PupilID, kind: AbsenceKind, status: Status = .stands, first: CalendarDay, last: CalendarDay?,
    minute: Int? = nil, words: String? = nil, reporter: AccountID?, askedBy: AccountID? = nil
  ) {
    self.pupil = pupil
    self.kind = kind
    self.status = status
    self.first = first
    self.last = last
    self.minute = minute
    self.words = words
    self.reporter = reporter
    self.askedBy = askedBy
  }

  /// Whether the child is away by it on a day. A sickness without an end counts for so many days.
  package func holds(on day: CalendarDay) -> Bool {
    status == .stands && first <= day && day <= last ?? first.adding(days: SchoolPolicy.longestSickness - 1)
  }
}

/// A report as it is kept.
package struct Absence: Sendable, Hashable, Identifiable {
  package var id: AbsenceID
  package var report: AbsenceReport
  /// When it was reported; of an unexplained one, when the parents were asked.
  package var at: Date
  /// When the school was told to phone, since nobody answered.
  package var phonedAt: Date?

  package init(id: AbsenceID, report: AbsenceReport, at: Date, phonedAt: Date? = nil) {
    self.id = id
    self.report = report
    self.at = at
    self.phonedAt = phonedAt
  }
}

/// What a decision on absence looks at, as it was at one revision.
package struct AbsenceState: Sendable, Hashable {
  /// What its decisions name as their basis: what the board tells and what comes after it must not pass each other.
  package static let subject = "absence"

  package var revision: Revision
  /// Those that may matter today or later, in order of arrival.
  package var absences: [Absence]
  /// When the board was last made.
  package var boardAt: Date
  /// Whole days of the school's calendar on which there is no school.
  package var freeDays: [ClosedRange<CalendarDay>]
  /// What the mail said that is answered; nil where it is not known, or was somebody else's.
  package var answered: AbsenceFacts?

  package init(
    revision: Revision, absences: [Absence] = [], boardAt: Date = .distantPast,
    freeDays: [ClosedRange<CalendarDay>] = [], answered: AbsenceFacts? = nil
  ) {
    self.revision = revision
    self.absences = absences
    self.boardAt = boardAt
    self.freeDays = freeDays
    self.answered = answered
  }
}

/// What becomes different of absences. Applied in the transaction of their decision.
package enum AbsenceChange: Sendable, Hashable {
  case report(AbsenceReport)
  /// Somebody said why, or said more.
  case explain(AbsenceID, AbsenceKind, minute: Int?, words: String?, by: AccountID)
  /// Nil: it has no end again.
  case end(AbsenceID, last: CalendarDay?)
  case settle(AbsenceID, AbsenceReport.Status)
  /// The school was told to phone.
  case phone(AbsenceID)
  /// The board was made, and words from before this day are needed no longer.
  case board(dropsWordsBefore: CalendarDay)
}

/// What a school has settled for absence.
package struct AbsencePolicy: Sendable, Hashable {
  /// Who gets the board; empty for the support desk.
  package var desk: [AccountID] = []
  /// Who decides on leave; empty for the head.
  package var head: [AccountID] = []
  /// Until when a child counts as back for today, and by when parents report, in minutes after midnight.
  package var reportMinute = 495
  /// When the board is made.
  package var boardMinute = 500
  /// From then on what is reported is for the next school day.
  package var endMinute = 900

  package init() {}
}

extension SchoolPolicy {
  /// Until when a board is made that was missed, in minutes after midnight: offices close at six.
  package static let latestBoard = 1_080
  /// So many days a sickness counts of which nobody said that it ended.
  package static let longestSickness = 14
  /// Days of one leave, weekends included.
  package static let longestLeave = 31
  /// How far ahead leave is asked for, in days.
  package static let farthestLeave = 366
  /// How long the parents of a missing child have to answer before the school is told to phone, in seconds.
  package static let missingPatience: TimeInterval = 15 * 60
  /// How long the words of a report are kept beside it, in days.
  package static let wordsKept = 30
  /// Children of one mail.
  static let mostReported = 12
  /// Children that one list for staff names; the rest are counted.
  package static let mostAbsent = 200
  /// Of a mail on absence so much is looked at, in characters, and for a child's name so much of that.
  static let longestAbsenceText = 10_000
  static let longestNaming = 1_000
  /// Of a reason, in characters.
  static let longestReason = 2_000
}
