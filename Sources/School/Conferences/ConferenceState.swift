import Foundation

/// A plan with all its conversations, as it was at one revision.
package struct ConferenceState: Sendable, Hashable {
  package var conference: Conference
  /// In order of their ids.
  package var talks: [Talk]
  package var revision: Revision
  /// When each desk changed, and when its teachers were last told.
  package var desks: [DeskNews]

  package struct DeskNews: Sendable, Hashable {
    package var desk: Int
    package var changedAt: Date
    package var toldAt: Date?

    package init(desk: Int, changedAt: Date, toldAt: Date? = nil) {
      self.desk = desk
      self.changedAt = changedAt
      self.toldAt = toldAt
    }
  }

  package init(conference: Conference, talks: [Talk], revision: Revision, desks: [DeskNews] = []) {
    self.conference = conference
    self.talks = talks
    self.revision = revision
    self.desks = desks
  }

  var plan: ConferencePlan { conference.plan }
  var id: ConferenceID { conference.id }

  func holder(of slot: Int, at desk: Int) -> Talk? { talks.first { $0.desk == desk && $0.slot == slot } }

  /// Slots of a desk that nobody has and that are still to come.
  func free(at desk: Int, now: Date) -> [Int] {
    let slots = plan.slots
    let taken = Set(talks.filter { $0.desk == desk }.compactMap(\.slot))
    return slots.indices.filter { !taken.contains($0) && slots[$0] > now }
  }

  /// The conversations that are still an account's to have and to hear of: by what the school knows now.
  func talks(of account: AccountID, _ directory: Directory) -> [Talk] {
    let pupils = Set(directory.pupils(of: account).map(\.id))
    return talks.filter { $0.parties.contains(account) && pupils.contains($0.pupil) }
  }

  /// Those of its parties who may hear of a conversation now.
  func readers(of talk: Talk, _ directory: Directory) -> [AccountID] {
    talk.parties.filter { account in directory.pupils(of: account).contains { $0.id == talk.pupil } }
  }

  /// Households with more than one conversation that they want.
  var severalHouseholds: Set<AccountID> { Self.several(talks.filter { !$0.isDeclined }) }

  /// Households that are invited before the others. What they answer meanwhile makes them no others, who would be
  /// invited once more.
  var earlyHouseholds: Set<AccountID> { Self.several(talks) }

  private static func several(_ talks: [Talk]) -> Set<AccountID> {
    Set(Dictionary(grouping: talks, by: \.household).filter { $0.value.count > 1 }.keys)
  }

  /// Whether those who would come to this one have another at the same time.
  func clashes(_ talk: Talk, at slot: Int) -> Bool {
    talks.contains { $0.id != talk.id && $0.slot == slot && !Set($0.parties).isDisjoint(with: talk.parties) }
  }

  /// As it is after these changes.
  package func applying(_ changes: [ConferenceChange], at now: Date) -> ConferenceState {
    var state = self
    for change in changes {
      switch change {
      case .wish(let id, let slots):
        state.edit(id) { ($0.wishes, $0.hasAnswered, $0.isDeclined) = (slots, !slots.isEmpty, false) }
      case .decline(let id): state.edit(id) { ($0.wishes, $0.hasAnswered, $0.isDeclined) = ([], true, true) }
      case .promise(let id, let slot, let reason):
        state.edit(id) {
          ($0.before, $0.slot, $0.reason, $0.changedAt, $0.waits) = ($0.slot, slot, reason, now, nil)
          ($0.sequence, $0.hasAnswered, $0.isDeclined) = ($0.sequence + 1, true, false)
        }
      case .release(let id, let reason):
        state.edit(id) {
          ($0.before, $0.slot, $0.reason, $0.changedAt, $0.wishes) = ($0.slot, nil, reason, now, [])
          $0.sequence += 1
        }
      case .leaveOut(let id, let reason): state.edit(id) { ($0.reason, $0.waits) = (reason, []) }
      case .wait(let id, let slots): state.edit(id) { $0.waits = slots }
      case .propose(let id, let slot): state.edit(id) { $0.proposal = slot }
      case .done(_, let step): state.conference.done[step] = now
      case .open, .toldDesk: break
      }
    }
    return state
  }

  private mutating func edit(_ id: TalkID, _ change: (inout Talk) -> Void) {
    if let place = talks.firstIndex(where: { $0.id == id }) { change(&talks[place]) }
  }
}

/// What a decision on conferences looks at.
package struct ConferenceSituation: Sendable, Hashable {
  /// The plan that is answered; of a mail to the route, all that are not over.
  package var states: [ConferenceState]
  /// The conversation whose invitation is answered.
  package var talk: TalkID?
  /// What the calendar program of who wrote answers.
  package var reply: EventReply?
  /// What the mail told its reader that is answered; nil where that is not known.
  package var answered: ConferenceFacts?

  package init(states: [ConferenceState], talk: TalkID? = nil, reply: EventReply? = nil) {
    self.states = states
    self.talk = talk
    self.reply = reply
  }
}

extension Directory {
  /// The conversations that a plan asks for, desk by desk. Who live together come together; where nobody knows that two
  /// accounts do, each has its own.
  func talks(for plan: ConferencePlan) -> [NewTalk] {
    let homes = homes
    return plan.desks.indices.flatMap { desk -> [NewTalk] in
      let groups = Set(plan.desks[desk].groups)
      return pupils.values.filter { !groups.isDisjoint(with: $0.groups) }.sorted { $0.id < $1.id }
        .flatMap { pupil -> [NewTalk] in
          let accounts = Set(carers.values.filter { $0.authority[pupil.id] == .full }.map(\.account))
          return Dictionary(grouping: accounts.sorted()) { homes[$0] ?? $0 }.sorted { $0.key < $1.key }
            .map { NewTalk(household: $0.key, parties: $0.value, pupil: pupil.id, desk: desk) }
        }
    }
  }

  /// Each account with the first of those that it lives with: they have full authority over the same child, and the
  /// school knows the same postal address of both.
  private var homes: [AccountID: AccountID] {
    var links: [AccountID: Set<AccountID>] = [:]
    for pupil in pupils.keys {
      let carers = carers.values.filter { $0.authority[pupil] == .full && !$0.contact.street.isEmpty }
      for group in Dictionary(grouping: carers, by: { Self.plainAddress($0.contact) }).values {
        for carer in group { links[carer.account, default: []].formUnion(group.map(\.account)) }
      }
    }
    var homes: [AccountID: AccountID] = [:]
    for first in links.keys.sorted() where homes[first] == nil {
      var toVisit = [first]
      while let account = toVisit.popLast() {
        guard homes[account] == nil else { continue }
        homes[account] = first
        toVisit += links[account, default: []]
      }
    }
    return homes
  }

  private static func plainAddress(_ contact: ContactDetails) -> String {
    Glossary.plain(contact.postalAddress).filter { $0.isLetter || $0.isNumber }
  }
}
