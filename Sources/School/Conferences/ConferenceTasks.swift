import Foundation

/// What the clock has to do about a plan.
package enum ConferenceTask: Sendable, Hashable {
  case inviteFirst, invite, remind, assign
  case tellDesk(Int)
}

extension SchoolPolicy {
  /// What is due for a plan; nil for nothing.
  package func taskDue(_ state: ConferenceState, now: Date) -> ConferenceTask? {
    let (conference, plan) = (state.conference, state.plan)
    guard conference.done[.withdrawn] == nil, now < plan.endsAt else { return nil }
    guard let first = conference.done[.invitedFirst] else {
      return now >= conference.openedAt + undoWindow ? .inviteFirst : nil
    }
    let closes = conference.done[.assigned] == nil ? plan.closesAt : nil
    if conference.done[.invited] == nil {
      // Where there is little time, half of it is for all.
      let lead = closes.map { min(conferenceLead, $0.timeIntervalSince(first) / 2) } ?? conferenceLead
      if now >= first + lead || state.earlyHouseholds.isEmpty { return .invite }
    }
    if let closes, now >= closes { return .assign }
    if isReminderDue(conference, now: now) { return .remind }
    return deskDue(state, now: now).map { .tellDesk($0) }
  }

  /// At the hour of the digests, a day before wishes are granted, or before the first conversation.
  private func isReminderDue(_ conference: Conference, now: Date) -> Bool {
    guard conference.done[.reminded] == nil, let invited = conference.done[.invited],
      let end = conference.plan.closesAt ?? conference.plan.windows.first?.start, now < end,
      let moment = last(weekday: nil, hour: digestHour, before: end - 86_400)
    else { return false }
    return moment >= invited + Self.reminderPatience && moment <= now
  }

  /// A desk whose teachers must hear of changes: as many as come while they can be taken back make one mail.
  private func deskDue(_ state: ConferenceState, now: Date) -> Int? {
    guard state.conference.isOpen else { return nil }
    return state.desks.first { desk in
      // Told by a clock that ran ahead, they would hear of nothing until it is as late as that.
      guard let told = desk.toldAt, told <= now.addingTimeInterval(60) else { return true }
      return desk.changedAt > told && now >= desk.changedAt + undoWindow
    }?.desk
  }
}

/// Does what is due.
package func conferenceDecision(
  _ task: ConferenceTask, _ state: ConferenceState, directory: Directory, now: Date
) -> Decision {
  switch task {
  case .inviteFirst: inviting(state, first: true, directory: directory, now: now)
  case .invite: inviting(state, first: false, directory: directory, now: now)
  case .remind: reminding(state, directory: directory, now: now)
  case .assign: assigning(state, directory: directory, now: now)
  case .tellDesk(let desk): telling(state, desk: desk, .changed, directory: directory)
  }
}

/// Each parent with their own conversations; families with several have a proposal for all of them.
private func inviting(_ state: ConferenceState, first: Bool, directory: Directory, now: Date) -> Decision {
  let several = state.earlyHouseholds
  let proposals = first ? proposals(state, for: several, now: now) : []
  let after = state.applying(proposals, at: now)
  let accounts = Set(state.talks.filter { several.contains($0.household) == first }.flatMap(\.parties)).sorted()
  return Decision(
    changes: (proposals + [.done(state.id, first ? .invitedFirst : .invited)]).map { .conference($0) },
    notices: after.mails(.invitation, to: accounts, directory, now: now), basis: state.revision)
}

/// Those of whose conversations one is neither promised nor answered.
private func reminding(_ state: ConferenceState, directory: Directory, now: Date) -> Decision {
  let silent = Set(state.talks.filter { !$0.hasAnswered && $0.slot == nil }.map(\.household))
  // Where one of those who live together answered, the other need not.
  let accounts = Set(state.talks.filter { silent.contains($0.household) }.flatMap(\.parties)).sorted()
    .filter { account in
      state.talks(of: account, directory).contains { !$0.hasAnswered && $0.slot == nil }
    }
  return Decision(
    changes: [.conference(.done(state.id, .reminded))],
    notices: state.mails(.reminder, to: accounts, directory, now: now), basis: state.revision)
}

extension ConferenceState {
  fileprivate func mails(
    _ stage: ConferenceFacts.Stage, to accounts: [AccountID], _ directory: Directory, now: Date
  ) -> [Notice] {
    accounts.filter { !talks(of: $0, directory).isEmpty }.map { account in
      Notice(
        .conferenceInvitation, to: .account(account), lane: .bulk, replyTarget: .conference(.invited(id)),
        facts: NoticeFacts(conference: facts(stage, for: account, directory, now: now)))
    }
  }

  /// What is left to place, of some households or of all.
  package func problem(now: Date, of households: Set<AccountID>? = nil, heedsWishes: Bool = true) -> SlotProblem {
    let slots = plan.slots
    let open = openTalks(of: households)
    let base = slots.first ?? now
    return SlotProblem(
      starts: slots.map { Int($0.timeIntervalSince(base) / 60) }, minutes: plan.minutes,
      wanted: open.map {
        .init(household: Int($0.household.rawValue), desk: $0.desk, wishes: heedsWishes ? $0.wishes : [])
      }, free: plan.desks.indices.map { Set(free(at: $0, now: now)) },
      promised: Dictionary(grouping: talks.filter { $0.slot != nil }) { Int($0.household.rawValue) }
        .mapValues { $0.compactMap(\.slot) })
  }

  package func openTalks(of households: Set<AccountID>? = nil) -> [Talk] {
    talks.filter {
      $0.slot == nil && !$0.isDeclined && !$0.isCalledOff && (households?.contains($0.household) ?? true)
    }
  }

  /// The desks' teachers hear how it stands.
  fileprivate func schedules(
    _ stage: ConferenceFacts.Stage, desk: Int, _ directory: Directory
  ) -> [Notice] {
    Set(plan.desks[desk].teachers.compactMap { directory.staff[$0]?.account }).sorted().map { account in
      Notice(
        .conferenceSchedule, to: .account(account),
        facts: NoticeFacts(conference: schedule(stage, desk: desk, directory)))
    }
  }
}

/// Slots that go together, for households with several conversations: no two the same.
func proposals(_ state: ConferenceState, for households: Set<AccountID>, now: Date) -> [ConferenceChange] {
  let open = state.openTalks(of: households)
  let search = SlotSearch(state.problem(now: now, of: households, heedsWishes: false))
  return zip(open, search.slots).map { .propose($0.id, slot: $1) }
}

private func telling(
  _ state: ConferenceState, desk: Int, _ stage: ConferenceFacts.Stage, directory: Directory
) -> Decision {
  Decision(
    changes: [.conference(.toldDesk(state.id, desk: desk))], notices: state.schedules(stage, desk: desk, directory),
    basis: state.revision)
}

// MARK: Wishes are granted

private func assigning(_ state: ConferenceState, directory: Directory, now: Date) -> Decision {
  let open = state.openTalks()
  let search = SlotSearch(state.problem(now: now))
  var placed = state.talks
  for (talk, slot) in zip(open, search.slots) {
    if let place = placed.firstIndex(where: { $0.id == talk.id }) { placed[place].slot = slot }
  }
  let reasons = Reasons(before: state, after: placed)
  let changes = zip(open, search.slots).map { talk, slot -> ConferenceChange in
    slot.map { .promise(talk.id, slot: $0, reasons.reason(talk, $0)) }
      ?? .leaveOut(talk.id, ConferenceReason(.full, missed: reasons.missed(talk.wishes, talk)))
  }
  let all = changes + [.done(state.id, .assigned)]
  let after = state.applying(all, at: now)
  var table = after.table(.assigned, directory)
  table.gap = search.value.gap
  table.wished = open.count { !$0.wishes.isEmpty }
  table.firstWishes = zip(open, search.slots).count { !$0.wishes.isEmpty && $0.wishes.first == $1 }
  return Decision(
    changes: all.map { .conference($0) } + state.plan.desks.indices.map { .conference(.toldDesk(state.id, desk: $0)) },
    notices: [
      Notice(
        .conferencePlan, to: .account(state.conference.organiser), replyTarget: .conference(.plan(state.id)),
        facts: NoticeFacts(conference: table))
    ]
      + open.flatMap { talk in
        let isPlaced = after.talks.contains { $0.id == talk.id && $0.slot != nil }
        return after.appointment(talk.id, isPlaced ? .booked : .full, directory, now: now)
      } + state.plan.desks.indices.flatMap { after.schedules(.schedule, desk: $0, directory) }, basis: state.revision)
}

/// Why each got what it got.
private struct Reasons {
  let before: ConferenceState
  let after: [Talk]
  let several: Set<AccountID>
  private let holders: [Place: Talk]

  private struct Place: Hashable {
    var desk: Int
    var slot: Int
  }

  init(before: ConferenceState, after: [Talk]) {
    self.before = before
    self.after = after
    several = before.severalHouseholds
    let held = after.compactMap { talk in talk.slot.map { (Place(desk: talk.desk, slot: $0), talk) } }
    holders = Dictionary(held) { first, _ in first }
  }

  func reason(_ talk: Talk, _ slot: Int) -> ConferenceReason {
    guard !talk.wishes.isEmpty else { return ConferenceReason(.silent) }
    guard let rank = talk.wishes.firstIndex(of: slot) else {
      return ConferenceReason(.other, missed: missed(talk.wishes, talk))
    }
    return ConferenceReason(.wish, rank: rank + 1, missed: missed(Array(talk.wishes[..<rank]), talk))
  }

  func missed(_ wishes: [Int], _ talk: Talk) -> [ConferenceReason.Missed] {
    wishes.map { slot in
      guard let holder = holders[Place(desk: talk.desk, slot: slot)] else { return .init(slot: slot, why: .joined) }
      if before.holder(of: slot, at: talk.desk) != nil { return .init(slot: slot, why: .promised) }
      if several.contains(holder.household) { return .init(slot: slot, why: .several) }
      return .init(slot: slot, why: several.contains(talk.household) ? .joined : .others)
    }
  }
}
