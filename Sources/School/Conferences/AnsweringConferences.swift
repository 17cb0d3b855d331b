import Foundation

extension Question {
  /// A parent's answer to anything on conferences, by words or by their calendar program.
  func answerConference() -> Decision {
    guard let situation = state.conference, let state = situation.states.first else { return refuse(.alreadyGone) }
    let own = state.talks(of: actor, directory)
    guard !own.isEmpty else { return refuse(.notYours) }
    if let reply = situation.reply { return take(reply, to: situation.talk, state) }
    if command.word == .help { return help() }
    let reader = ConferenceReplyReader(own, state, directory, zone: policy.timeZone)
    let (reply, lines) = reader.read(command.body.text)
    if reply == .words {
      let words = writeToTeachers(own, state)
      let said = Written.withoutClosing(Written.lines(command.body.text)).prefix(ConferenceReplyReader.mostLines)
      let mayChange = state.conference.done[.withdrawn] == nil && said.contains(where: ConferenceReplyReader.mayChange)
      // Who names a time may think that it is theirs, and who calls it off that it is not.
      return mayChange
        ? Decision(notices: [conferenceReceipt(.unclear, state, excerpt: command.body.excerpt)]).and(words) : words
    }
    // What stands below the answer is for a person, whatever becomes of it; where it is unclear it is asked for again.
    let hasWords = reply != .unclear && command.hasWordsBelow(names: directory.names(of: actor), lines: lines)
    let words = hasWords ? writeToTeachers(own, state) : Decision()
    guard state.conference.done[.withdrawn] == nil, now < state.plan.endsAt else {
      return Decision(notices: [conferenceReceipt(.over, state)]).and(words)
    }
    return answer(reply, own, state, answering: situation.answered).and(words)
  }

  private func answer(
    _ reply: ConferenceReply, _ own: [Talk], _ state: ConferenceState, answering mail: ConferenceFacts?
  ) -> Decision {
    switch reply {
    case .slots(let slots): return state.conference.isOpen ? book(slots, state) : wish(slots, own, state)
    case .takeProposal: return takeProposal(own, state)
    case .cancel(let ids): return cancel(ids, state)
    case .decline where isBareNo && own.contains(where: { $0.slot != nil }):
      return Decision(notices: [conferenceReceipt(.unclear, state, excerpt: command.body.excerpt)])
    case .decline(let ids): return cancel(ids, state, declines: true)
    case .wait(let slots):
      let changes = slots.sorted { $0.key < $1.key }.map { ConferenceChange.wait($0.key, slots: $0.value) }
      return answered(.waiting, changes, state, some: Set(slots.keys))
    case .retract(let what): return retract(what, own, state, answering: mail)
    case .state: return Decision(notices: [conferenceReceipt(.state, state)])
    case .unclear, .words:
      return Decision(notices: [conferenceReceipt(.unclear, state, excerpt: command.body.excerpt)])
    }
  }

  /// To somebody who has a slot, `nee` may answer another that came free: it does not cost them theirs.
  private var isBareNo: Bool {
    let text = command.body.text
    return WrittenYesNo(text) == .no || Glossary.command(firstLineOf: text).map(Glossary.bareNo.contains) ?? false
  }

  /// A receipt by which no calendar changes.
  func conferenceReceipt(
    _ stage: ConferenceFacts.Stage, _ state: ConferenceState, some: Set<TalkID>? = nil, asked: [TalkID: Int] = [:],
    excerpt: String? = nil
  ) -> Notice {
    toActor(
      .conferenceReceipt, replyTarget: .conference(.invited(state.id)),
      facts: NoticeFacts(
        excerpt: excerpt, conference: state.facts(stage, for: actor, directory, now: now, some: some, asked: asked)))
  }

  /// The program shows its owner what they answered. Who says no in it gives the slot back.
  private func take(_ reply: EventReply, to id: TalkID?, _ state: ConferenceState) -> Decision {
    guard let talk = state.talks(of: actor, directory).first(where: { $0.id == id }) else { return refuse(.notYours) }
    var decision = Decision()
    if let words = reply.words {
      var written = command
      written.body = MessageBody(text: words)
      decision = Question(command: written, state: self.state, now: now).writeToTeachers([talk], state)
    }
    guard reply.answer == .declined, talk.slot != nil else { return decision }
    // A calendar that declines the time before this one says nothing of this one.
    guard reply.sequence ?? .max >= talk.sequence else {
      return decision.and(Decision(notices: [conferenceReceipt(.state, state, some: [talk.id])]))
    }
    return decision.and(cancel([talk.id], state))
  }

  /// Words go to the teachers of their child; where those are several, to who planned the conferences.
  private func writeToTeachers(_ own: [Talk], _ state: ConferenceState) -> Decision {
    let desks = Set(own.map(\.desk))
    let teachers = desks.count == 1 ? state.plan.desks[own[0].desk].teachers : []
    let accounts = teachers.compactMap { directory.staff[$0]?.account }.filter { $0 != actor }
    let others = accounts.isEmpty ? [state.conference.organiser].filter { $0 != actor } : accounts
    return others.isEmpty ? support() : openPrivate(.mailbox, with: others, about: nil)
  }

  /// `waarom`: what was promised to them and why, as it was written down then; nil for another mail.
  func explainConference() -> Decision? {
    guard case .why(.conference) = command.act, let state = state.conference?.states.first,
      !state.talks(of: actor, directory).isEmpty
    else { return nil }
    return Decision(notices: [conferenceReceipt(.why, state)])
  }

  // MARK: Wishes

  /// The last answer counts. Who wishes something else gives back what a proposal had promised.
  private func wish(_ slots: [TalkID: [Int]], _ own: [Talk], _ state: ConferenceState) -> Decision {
    var changes: [ConferenceChange] = []
    for (id, wishes) in slots.sorted(by: { $0.key < $1.key }) {
      guard let talk = own.first(where: { $0.id == id }) else { continue }
      let free = Set(state.free(at: talk.desk, now: now) + [talk.slot].compactMap(\.self))
      if let gone = wishes.first(where: { !free.contains($0) }) {
        return Decision(notices: [conferenceReceipt(.taken, state, some: [id], asked: [id: gone])])
      }
      if talk.slot != nil { changes.append(.release(id, ConferenceReason(.cancelled))) }
      changes.append(.wish(id, slots: wishes))
    }
    return answered(.wished, changes, state, some: Set(slots.keys))
  }

  // MARK: Slots

  /// The first of the slots that is free; what they had is free again.
  private func book(_ slots: [TalkID: [Int]], _ state: ConferenceState) -> Decision {
    var changes: [ConferenceChange] = []
    // As their other conversations will be: two may change places.
    var meanwhile = state
    for id in slots.keys { meanwhile = meanwhile.without(id) }
    for (id, wished) in slots.sorted(by: { $0.key < $1.key }) {
      guard let talk = state.talks.first(where: { $0.id == id }) else { continue }
      // What another of theirs still has at the same desk is not free for this one.
      let here = Set(state.without(id).free(at: talk.desk, now: now))
      let free = meanwhile.free(at: talk.desk, now: now).filter {
        here.contains($0) && !meanwhile.clashes(talk, at: $0)
      }
      guard let slot = wished.first(where: free.contains) else {
        let isTaken = !here.contains(wished[0])
        return Decision(notices: [
          conferenceReceipt(isTaken ? .taken : .clash, state, some: [id], asked: [id: wished[0]])
        ])
      }
      let change = ConferenceChange.promise(id, slot: slot, ConferenceReason(.picked))
      if talk.slot != slot { changes.append(change) }
      meanwhile = meanwhile.applying([change], at: now)
    }
    return changes.isEmpty
      ? Decision(notices: [conferenceReceipt(.state, state)]) : answered(nil, changes, state, some: Set(slots.keys))
  }

  /// All of it, or none: where something of it is gone, another one is proposed.
  private func takeProposal(_ own: [Talk], _ given: ConferenceState) -> Decision {
    // Who called all of them off, and wants what is proposed all the same, is open to it again.
    let isAnew = own.allSatisfy { $0.slot != nil || $0.isDeclined || $0.isCalledOff }
    let anew = own.filter { isAnew && $0.isCalledOff }.map { ConferenceChange.wish($0.id, slots: []) }
    let state = given.applying(anew, at: now)
    let open = state.openTalks().filter { talk in own.contains { $0.id == talk.id } }
    let proposed = open.compactMap { talk in talk.proposal.map { (talk, $0) } }
    guard !proposed.isEmpty else {
      return Decision(notices: [conferenceReceipt(.unclear, given, excerpt: command.body.excerpt)])
    }
    let isFree = proposed.allSatisfy { talk, slot in
      state.free(at: talk.desk, now: now).contains(slot) && !state.clashes(talk, at: slot)
    }
    guard proposed.count == open.count, isFree else {
      let changes = anew + proposals(state, for: Set(open.map(\.household)), now: now)
      return answered(.taken, changes, given, some: Set(open.map(\.id)))
    }
    return answered(
      nil, anew + proposed.map { .promise($0.0.id, slot: $0.1, ConferenceReason(.proposal)) }, given,
      some: Set(proposed.map(\.0.id)))
  }

  func cancel(_ ids: [TalkID], _ state: ConferenceState, declines: Bool = false) -> Decision {
    let talks = state.talks.filter { ids.contains($0.id) }
    var changes = talks.filter { $0.slot != nil }.map {
      ConferenceChange.release($0.id, ConferenceReason(.cancelled))
    }
    changes += talks.filter { $0.slot == nil && !$0.wishes.isEmpty && !declines }.map { .wish($0.id, slots: []) }
    changes += talks.filter { $0.waits != nil }.map { .wait($0.id, slots: nil) }
    if declines { changes += talks.map { .decline($0.id) } }
    return answered(declines ? .declined : .cleared, changes, state, some: Set(ids))
  }

  // MARK: What it leads to

  /// The decision on this revision: a mail for each conversation that is promised, moved or taken back, to all its
  /// parents; a receipt for who wrote where there is none such; and who waits for what came free is told.
  func answered(
    _ stage: ConferenceFacts.Stage?, _ changes: [ConferenceChange], _ state: ConferenceState, some: Set<TalkID>
  ) -> Decision {
    let after = state.applying(changes, at: now)
    var notices: [Notice] = []
    for (old, new) in zip(state.talks, after.talks) where old.slot != new.slot {
      let stage: ConferenceFacts.Stage = new.slot == nil ? .cancelled : old.slot == nil ? .booked : .moved
      notices += after.appointment(new.id, stage, directory, now: now, writer: actor)
    }
    if let stage, notices.isEmpty || stage != .cleared {
      notices.append(after.receipt(stage, some, self))
    } else if notices.isEmpty {
      notices.append(after.receipt(.state, some, self))
    }
    return Decision(
      changes: changes.map { .conference($0) }, notices: notices + after.freed(since: state, directory, now: now),
      basis: state.revision)
  }
}

extension ConferenceState {
  fileprivate func receipt(_ stage: ConferenceFacts.Stage, _ some: Set<TalkID>, _ question: Question) -> Notice {
    question.conferenceReceipt(stage, self, some: some)
  }

  fileprivate func without(_ id: TalkID) -> ConferenceState {
    var state = self
    if let place = state.talks.firstIndex(where: { $0.id == id }) { state.talks[place].slot = nil }
    return state
  }

  /// To those who wait for a slot that came free: it is for who comes first.
  func freed(since before: ConferenceState, _ directory: Directory, now: Date) -> [Notice] {
    guard conference.isOpen, conference.done[.withdrawn] == nil else { return [] }
    var notices: [Notice] = []
    for desk in plan.desks.indices {
      let came = Set(free(at: desk, now: now)).subtracting(before.free(at: desk, now: now))
      guard !came.isEmpty else { continue }
      for talk in talks where talk.desk == desk {
        // Who gave it back does not wait for it.
        let gaveBack = before.talks.contains { $0.id == talk.id && $0.slot != talk.slot }
        guard let waits = talk.waits, !gaveBack, waits.isEmpty || !came.isDisjoint(with: waits) else { continue }
        notices += appointment(talk.id, .freed, directory, now: now)
      }
    }
    return notices
  }
}
