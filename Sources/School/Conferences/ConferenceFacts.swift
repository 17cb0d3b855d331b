import Foundation

/// What a mail on conferences tells, as it was when the mail was decided on.
package struct ConferenceFacts: Sendable, Hashable, Codable {
  package enum Stage: String, Sendable, Hashable, Codable, CaseIterable {
    // To parents.
    case invitation, reminder
    /// Their wishes are noted.
    case wished
    case cleared
    case declined
    /// Somebody has that slot.
    case taken
    /// They have another conversation then.
    case clash
    case unclear
    /// More than one thing can be taken back: which?
    case whichBack = "which-back"
    case waiting
    case state
    case why
    case over
    // To those who have a conversation.
    case booked, moved, cancelled
    /// No slot was left.
    case full
    /// A slot came free.
    case freed
    // To staff.
    case understood
    case problems
    case retracted
    case calledOff = "called-off"
    case assigned
    case progress
    case schedule
    case changed
  }

  /// One conversation, for its parents.
  package struct Line: Sendable, Hashable, Codable {
    package var talk: TalkID
    /// What names it in an answer; nil where there is one.
    package var label: String?
    package var pupil: String
    package var teachers: String
    package var room: String?
    package var slot: Date?
    package var before: Date?
    package var sequence: Int
    package var wishes: [Date]
    package var proposal: Date?
    /// What can be chosen.
    package var free: [Date]
    package var isDeclined: Bool
    /// What they just asked for.
    package var asked: Date?
    package var why: Why?

    package init(
      talk: TalkID, label: String? = nil, pupil: String, teachers: String, room: String? = nil, slot: Date? = nil,
      before: Date? = nil, sequence: Int, wishes: [Date] = [], proposal: Date? = nil, free: [Date] = [],
      isDeclined: Bool = false, asked: Date? = nil, why: Why? = nil
    ) {
      self.talk = talk
      self.label = label
      self.pupil = pupil
      self.teachers = teachers
      self.room = room
      self.slot = slot
      self.before = before
      self.sequence = sequence
      self.wishes = wishes
      self.proposal = proposal
      self.free = free
      self.isDeclined = isDeclined
      self.asked = asked
      self.why = why
    }
  }

  /// A reason with its slots as instants.
  package struct Why: Sendable, Hashable, Codable {
    package struct Missed: Sendable, Hashable, Codable {
      package var slot: Date
      package var why: ConferenceReason.Miss

      package init(slot: Date, why: ConferenceReason.Miss) {
        self.slot = slot
        self.why = why
      }
    }

    package var kind: ConferenceReason.Kind
    package var rank: Int?
    package var missed: [Missed]

    package init(kind: ConferenceReason.Kind, rank: Int? = nil, missed: [Missed] = []) {
      self.kind = kind
      self.rank = rank
      self.missed = missed
    }
  }

  /// One desk, for staff.
  package struct Desk: Sendable, Hashable, Codable {
    package var teachers: String
    package var groups: [String]
    package var room: String?
    package var talks: Int
    package var slots: Int
    package var placed: Int
    package var answered: Int
    package var declined: Int

    package init(
      teachers: String, groups: [String], room: String? = nil, talks: Int, slots: Int, placed: Int, answered: Int,
      declined: Int
    ) {
      self.teachers = teachers
      self.groups = groups
      self.room = room
      self.talks = talks
      self.slots = slots
      self.placed = placed
      self.answered = answered
      self.declined = declined
    }
  }

  /// One slot of a teacher's schedule.
  package struct Row: Sendable, Hashable, Codable {
    package var talk: TalkID
    package var start: Date
    package var pupil: String
    package var parents: String
    package var sequence: Int
    /// It was there, and is no more.
    package var isCancelled: Bool

    package init(
      talk: TalkID, start: Date, pupil: String, parents: String, sequence: Int, isCancelled: Bool = false
    ) {
      self.talk = talk
      self.start = start
      self.pupil = pupil
      self.parents = parents
      self.sequence = sequence
      self.isCancelled = isCancelled
    }
  }

  package var stage: Stage
  package var windows: [ConferencePlan.Window]
  package var minutes: Int
  package var closesAt: Date?
  /// Slots are for who comes first.
  package var isOpen: Bool
  package var lines: [Line] = []
  package var desks: [Desk] = []
  package var rows: [Row] = []
  package var problems: [ConferenceProblem] = []
  /// What can be taken back; nil where that is not asked.
  package var retractions: [ConferenceRetraction]?
  /// Families with several conversations, who are invited first.
  package var several: Int?
  /// How many minutes they wait in between, all together.
  package var gap: Int?
  /// How many have their first wish, of how many who wished.
  package var firstWishes: Int?
  package var wished: Int?

  package init(stage: Stage, plan: ConferencePlan?, isOpen: Bool = false) {
    self.stage = stage
    windows = plan?.windows ?? []
    minutes = plan?.minutes ?? 0
    closesAt = plan?.closesAt
    self.isOpen = isOpen
  }

  /// When a conversation that begins then ends.
  package func end(of start: Date) -> Date { start + Double(minutes * 60) }
}

extension ConferenceState {
  /// For one parent: their own conversations, and of the rest only which slots are free.
  ///
  /// - Parameter some: those that the mail is about; nil for all that are theirs.
  func facts(
    _ stage: ConferenceFacts.Stage, for account: AccountID, _ directory: Directory, now: Date,
    some: Set<TalkID>? = nil, asked: [TalkID: Int] = [:]
  ) -> ConferenceFacts {
    let own = talks(of: account, directory)
    let labels = ConferenceReplyReader.labels(own, self, directory)
    let slots = plan.slots
    let start = { (slot: Int?) in slot.flatMap { slots.indices.contains($0) ? slots[$0] : nil } }
    var facts = ConferenceFacts(stage: stage, plan: plan, isOpen: conference.isOpen)
    facts.lines = own.filter { some?.contains($0.id) ?? true }.map { talk in
      let desk = plan.desks[talk.desk]
      let free = free(at: talk.desk, now: now)
      return ConferenceFacts.Line(
        talk: talk.id, label: labels[talk.id], pupil: directory.pupils[talk.pupil]?.name ?? "", teachers: desk.name,
        room: desk.room, slot: start(talk.slot), before: start(talk.before), sequence: talk.sequence,
        wishes: talk.wishes.compactMap(start), proposal: talk.proposal.flatMap { free.contains($0) ? start($0) : nil },
        free: free.compactMap(start), isDeclined: talk.isDeclined, asked: start(asked[talk.id]),
        why: talk.reason.map { reason in
          ConferenceFacts.Why(
            kind: reason.kind, rank: reason.rank,
            missed: reason.missed.compactMap { one in start(one.slot).map { .init(slot: $0, why: one.why) } })
        })
    }
    // A proposal is one: what is left of it is none.
    if facts.lines.contains(where: { $0.proposal == nil && $0.slot == nil && !$0.isDeclined }) {
      for place in facts.lines.indices { facts.lines[place].proposal = nil }
    }
    return facts
  }

  /// For who planned it: how many at which desk, and nobody's name.
  func table(_ stage: ConferenceFacts.Stage, _ directory: Directory) -> ConferenceFacts {
    var facts = ConferenceFacts(stage: stage, plan: plan, isOpen: conference.isOpen)
    facts.desks = plan.deskFacts(talks, directory)
    facts.several = severalHouseholds.count
    return facts
  }

  /// For the teachers of a desk: who comes when. Parents who live apart stand each in their own row.
  func schedule(_ stage: ConferenceFacts.Stage, desk: Int, _ directory: Directory) -> ConferenceFacts {
    var facts = ConferenceFacts(stage: stage, plan: plan, isOpen: conference.isOpen)
    facts.desks = [plan.deskFacts(talks, directory)[desk]]
    let slots = plan.slots
    facts.rows = talks.filter { $0.desk == desk && $0.sequence > 0 }.compactMap { talk in
      guard let slot = talk.slot ?? talk.before else { return nil }
      let parents = readers(of: talk, directory).flatMap { directory.carers(of: $0) }
        .filter { $0.authority[talk.pupil] == .full }.map(\.name)
      return ConferenceFacts.Row(
        talk: talk.id, start: slots[slot], pupil: directory.pupils[talk.pupil]?.name ?? "",
        parents: parents.joined(separator: ", "), sequence: talk.sequence, isCancelled: talk.slot == nil)
    }.sorted { ($0.start, $0.talk) < ($1.start, $1.talk) }
    return facts
  }
}

extension ConferencePlan {
  fileprivate func deskFacts(_ talks: [Talk], _ directory: Directory) -> [ConferenceFacts.Desk] {
    desks.enumerated().map { place, desk in
      let own = talks.filter { $0.desk == place }
      return ConferenceFacts.Desk(
        teachers: desk.name, groups: desk.groups.compactMap { directory.groups[$0]?.name }, room: desk.room,
        talks: own.count, slots: slots.count, placed: own.count { $0.slot != nil },
        answered: own.count { $0.hasSpoken }, declined: own.count { $0.isDeclined })
    }
  }

  /// As it was read, before there is anything in the store.
  func facts(_ stage: ConferenceFacts.Stage, _ talks: [NewTalk], _ directory: Directory) -> ConferenceFacts {
    var facts = ConferenceFacts(stage: stage, plan: self, isOpen: closesAt == nil)
    facts.desks = deskFacts(
      talks.map {
        Talk(id: TalkID(0), household: $0.household, parties: $0.parties, pupil: $0.pupil, desk: $0.desk)
      }, directory)
    facts.several = Dictionary(grouping: talks, by: \.household).count { $0.value.count > 1 }
    return facts
  }
}
