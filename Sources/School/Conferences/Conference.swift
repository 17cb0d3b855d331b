import Foundation

package typealias ConferenceID = Identifier<Conference, Int64>
package typealias TalkID = Identifier<Talk, Int64>

/// Conferences (oudergesprekken) as staff planned them: when, how long each, and at which desks.
package struct ConferencePlan: Sendable, Hashable, Codable {
  /// A stretch of a day in which there are slots without a break.
  package struct Window: Sendable, Hashable, Codable {
    package var start: Date
    package var end: Date

    package init(start: Date, end: Date) {
      self.start = start
      self.end = end
    }
  }

  /// Where one child's teachers sit: a duo sits at one desk.
  package struct Desk: Sendable, Hashable, Codable {
    /// The teachers' names.
    package var name: String
    package var teachers: [StaffID]
    /// The groups whose parents come here.
    package var groups: [GroupID]
    package var room: String?

    package init(name: String, teachers: [StaffID], groups: [GroupID], room: String? = nil) {
      self.name = name
      self.teachers = teachers
      self.groups = groups
      self.room = room
    }
  }

  /// In order of time, none over another.
  package var windows: [Window]
  package var minutes: Int
  package var desks: [Desk]
  /// Until when wishes are collected, which are then granted together; nil where each slot is for who comes first.
  package var closesAt: Date?

  package init(windows: [Window], minutes: Int, desks: [Desk], closesAt: Date? = nil) {
    self.windows = windows
    self.minutes = minutes
    self.desks = desks
    self.closesAt = closesAt
  }

  /// When each slot begins, the same at every desk. Slots are known by their place in it.
  package var slots: [Date] {
    let length = TimeInterval(minutes * 60)
    return windows.flatMap { window in
      (0..<Int(window.end.timeIntervalSince(window.start) / length)).map { window.start + Double($0) * length }
    }
  }

  /// When all of it is over.
  package var endsAt: Date { windows.last?.end ?? .distantPast }
}

extension ConferencePlan {
  static let mostDays = 20
  /// Of one desk.
  package static let mostSlots = 200
  package static let mostDesks = 80
  /// Of one conversation, in minutes.
  static let shortest = 5
  static let longest = 60
  /// Ranked wishes for one conversation; more are not read.
  package static let mostWishes = 5
  /// Of a room's name, in characters.
  static let longestRoom = 60
}

/// One plan and how far it has come.
package struct Conference: Sendable, Hashable, Identifiable {
  package var id: ConferenceID
  package var organiser: AccountID
  package var plan: ConferencePlan
  package var openedAt: Date
  /// When each step was done; a step that is not in it was not.
  package var done: [ConferenceStep: Date]

  package init(
    id: ConferenceID, organiser: AccountID, plan: ConferencePlan, openedAt: Date, done: [ConferenceStep: Date] = [:]
  ) {
    self.id = id
    self.organiser = organiser
    self.plan = plan
    self.openedAt = openedAt
    self.done = done
  }

  /// What its decisions name as their basis.
  package static func subject(_ id: ConferenceID) -> String { "conference \(id)" }

  /// Slots are for who comes first: there is nothing to collect, or it was collected.
  var isOpen: Bool { plan.closesAt == nil || done[.assigned] != nil }
}

/// What is done once for each plan.
package enum ConferenceStep: String, Sendable, Hashable, Codable, CaseIterable {
  /// Families with several conversations were invited.
  case invitedFirst = "invited-first"
  case invited
  case reminded
  /// Wishes were granted.
  case assigned
  /// It was taken back, or called off.
  case withdrawn
}

/// One conversation that is to be had: of the parents who live together, on one child, at one desk. Parents who live
/// apart have one each.
package struct Talk: Sendable, Hashable, Identifiable {
  package var id: TalkID
  /// The same for all conversations of those who live together: the first of their accounts.
  package var household: AccountID
  /// Those of them who have full authority over this child. Nobody else ever hears of it, but for its teachers.
  package var parties: [AccountID]
  package var pupil: PupilID
  /// Its place among the plan's.
  package var desk: Int
  /// Slots, the dearest first.
  package var wishes: [Int]
  package var hasAnswered: Bool
  /// They want none.
  package var isDeclined: Bool
  /// The slot that one tap takes.
  package var proposal: Int?
  /// The slot that is promised to them.
  package var slot: Int?
  /// What was promised before the last change.
  package var before: Int?
  /// Why it is as it is.
  package var reason: ConferenceReason?
  /// Of the invitation in their calendars (RFC 5545, section 3.8.7.4): how often it was promised or taken back.
  package var sequence: Int
  package var changedAt: Date?
  /// The slots of which they want to hear when they come free, empty for any; nil where they wait for none.
  package var waits: [Int]?

  /// They gave back what was promised, and wished for nothing since.
  package var isCalledOff: Bool { slot == nil && hasAnswered && wishes.isEmpty && reason?.kind == .cancelled }

  /// Somebody answered, and not the gateway for who was silent.
  var hasSpoken: Bool { hasAnswered && reason?.kind != .silent }

  package init(
    id: TalkID, household: AccountID, parties: [AccountID], pupil: PupilID, desk: Int, wishes: [Int] = [],
    hasAnswered: Bool = false, isDeclined: Bool = false, proposal: Int? = nil, slot: Int? = nil, before: Int? = nil,
    reason: ConferenceReason? = nil, sequence: Int = 0, changedAt: Date? = nil, waits: [Int]? = nil
  ) {
    self.id = id
    self.household = household
    self.parties = parties
    self.pupil = pupil
    self.desk = desk
    self.wishes = wishes
    self.hasAnswered = hasAnswered
    self.isDeclined = isDeclined
    self.proposal = proposal
    self.slot = slot
    self.before = before
    self.reason = reason
    self.sequence = sequence
    self.changedAt = changedAt
    self.waits = waits
  }
}

/// Why a conversation has the slot that it has: written down when it was promised, and told to its parents alone.
package struct ConferenceReason: Sendable, Hashable, Codable {
  package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// They took what was proposed to them.
    case proposal
    /// They came first.
    case picked
    /// It was among their wishes.
    case wish
    /// None of their wishes could be granted.
    case other
    /// They had said nothing: one of those that were left.
    case silent
    /// There was none left.
    case full
    /// They gave it back.
    case cancelled
  }

  /// Why a dearer wish was not granted. Says nothing of who has it.
  package enum Miss: String, Sendable, Hashable, Codable, CaseIterable {
    /// It had been promised before.
    case promised
    /// A family with several children has it: those go before.
    case several
    /// Somebody else has it; all wishes were weighed together.
    case others
    /// It would not have gone together with their other conversations.
    case joined
  }

  package struct Missed: Sendable, Hashable, Codable {
    package var slot: Int
    package var why: Miss

    package init(slot: Int, why: Miss) {
      self.slot = slot
      self.why = why
    }
  }

  package var kind: Kind
  /// Which of their wishes was granted, from 1.
  package var rank: Int?
  /// The wishes before that one, the dearest first.
  package var missed: [Missed]

  package init(_ kind: Kind, rank: Int? = nil, missed: [Missed] = []) {
    self.kind = kind
    self.rank = rank
    self.missed = missed
  }
}

/// What becomes different of conferences. Applied in the transaction of its decision.
package enum ConferenceChange: Sendable, Hashable {
  case open(ConferencePlan, organiser: AccountID, talks: [NewTalk])
  case done(ConferenceID, ConferenceStep)
  case propose(TalkID, slot: Int?)
  case wish(TalkID, slots: [Int])
  case decline(TalkID)
  /// What was promised before is free again in the same moment.
  case promise(TalkID, slot: Int, ConferenceReason)
  /// The slot is nobody's; the wishes are gone too.
  case release(TalkID, ConferenceReason)
  /// No slot was left for it.
  case leaveOut(TalkID, ConferenceReason)
  /// Nil for no longer.
  case wait(TalkID, slots: [Int]?)
  /// The teachers of this desk were told how it stands.
  case toldDesk(ConferenceID, desk: Int)
}

/// One conversation that a new plan asks for.
package struct NewTalk: Sendable, Hashable {
  package var household: AccountID
  package var parties: [AccountID]
  package var pupil: PupilID
  package var desk: Int

  package init(household: AccountID, parties: [AccountID], pupil: PupilID, desk: Int) {
    self.household = household
    self.parties = parties
    self.pupil = pupil
    self.desk = desk
  }
}
