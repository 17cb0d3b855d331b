import Foundation

extension Question {
  /// A mail to the route: a plan of staff; of a parent, or where nothing is written, the question how it stands.
  func conferences() -> Decision {
    let isEmpty = command.body.text.allSatisfy(\.isWhitespace)
    if directory.isStaff(actor), !isEmpty, command.word != .state { return plan() }
    return tellConferences()
  }

  /// All or nothing: a plan of which a line is not understood goes to nobody.
  private func plan() -> Decision {
    let (plan, problems) = ConferencePlanReader.read(
      command.body.text, directory: directory, now: now, zone: policy.timeZone)
    guard let plan else {
      var facts = ConferenceFacts(stage: .problems, plan: nil)
      facts.problems = Array(problems.prefix(SchoolPolicy.mostProblems))
      return Decision(notices: [
        toActor(.conferencePlan, facts: NoticeFacts(excerpt: command.body.excerpt, conference: facts))
      ])
    }
    if let desk = plan.desks.first(where: { !mayPlan($0) }) { return refuse(.notYourGroup, asked: desk.name) }
    let talks = directory.talks(for: plan)
    return Decision(
      changes: [.conference(.open(plan, organiser: actor, talks: talks))],
      notices: [
        toActor(
          .conferencePlan, replyTarget: .conference(.newPlan),
          facts: NoticeFacts(
            count: Set(talks.map(\.household)).count, retractableUntil: now + policy.undoWindow,
            conference: plan.facts(.understood, talks, directory)))
      ])
  }

  /// Teachers plan for their own desk; who leads the school, or answers for support, for all.
  private func mayPlan(_ desk: ConferencePlan.Desk) -> Bool {
    if maySendUrgent || policy.supportDesk.contains(actor) { return true }
    return !Set(directory.staff(of: actor).map(\.id)).isDisjoint(with: desk.teachers)
  }

  // MARK: Answers of staff

  /// An answer to the receipt of a plan.
  func answerConferencePlan() -> Decision {
    guard let state = state.conference?.states.first else { return refuse(.alreadyGone) }
    guard state.conference.organiser == actor || maySendUrgent else { return refuse(.notOrganiser) }
    if command.word == .state { return Decision(notices: [toOrganiser(.progress, state)]) }
    guard state.conference.done[.withdrawn] == nil else { return refuse(.alreadyGone) }
    if command.word == .retract {
      guard state.conference.done[.invitedFirst] == nil else { return refuse(.tooLateForEvents) }
      return callOff(state, .retracted)
    }
    let words = Glossary.command(firstLineOf: command.body.text) ?? ""
    if Glossary.cancelled.map(Glossary.plain).contains(words) { return callOff(state, .calledOff) }
    return command.word == .help ? help() : support()
  }

  private func toOrganiser(_ stage: ConferenceFacts.Stage, _ state: ConferenceState) -> Notice {
    toActor(
      .conferencePlan, replyTarget: .conference(.plan(state.id)),
      facts: NoticeFacts(conference: state.table(stage, directory)))
  }

  /// Everything that was promised leaves the parents' calendars; who has wishes or waits need wait no longer.
  private func callOff(_ state: ConferenceState, _ stage: ConferenceFacts.Stage) -> Decision {
    let booked = state.talks.filter { $0.slot != nil }
    let changes =
      booked.map { ConferenceChange.release($0.id, ConferenceReason(.cancelled)) } + [
        .done(state.id, .withdrawn)
      ]
    var after = state.applying(changes, at: now)
    for place in after.talks.indices where state.talks[place].slot == nil { after.talks[place].before = nil }
    let waiting = state.talks.filter { $0.slot == nil && (!$0.wishes.isEmpty || $0.waits != nil) }
    let told = (booked + waiting).flatMap { after.appointment($0.id, .calledOff, directory, now: now) }
    return Decision(
      changes: changes.map { .conference($0) }, notices: [toOrganiser(stage, after)] + told, basis: state.revision)
  }

  // MARK: How it stands

  private func tellConferences() -> Decision {
    let states = state.conference?.states ?? []
    let notices = states.flatMap { state -> [Notice] in
      var notices: [Notice] = []
      if state.conference.organiser == actor { notices.append(toOrganiser(.progress, state)) }
      notices += state.desks(of: actor, directory).map { desk in
        toActor(.conferenceSchedule, facts: NoticeFacts(conference: state.schedule(.schedule, desk: desk, directory)))
      }
      if state.conference.done[.invitedFirst] != nil, !state.talks(of: actor, directory).isEmpty {
        notices.append(conferenceReceipt(.state, state))
      }
      return notices
    }
    return notices.isEmpty ? help() : Decision(notices: notices)
  }
}

extension ConferenceState {
  /// Where an account sits.
  func desks(of account: AccountID, _ directory: Directory) -> [Int] {
    let own = Set(directory.staff(of: account).map(\.id))
    return plan.desks.indices.filter { !own.isDisjoint(with: plan.desks[$0].teachers) }
  }

  /// A mail to each of those who may hear of a conversation: that it is promised, moved or taken back.
  ///
  /// - Parameter writer: whose mail this answers.
  func appointment(
    _ id: TalkID, _ stage: ConferenceFacts.Stage, _ directory: Directory, now: Date, writer: AccountID? = nil
  ) -> [Notice] {
    guard let talk = talks.first(where: { $0.id == id }) else { return [] }
    return readers(of: talk, directory).map { account in
      var facts = NoticeFacts(conference: self.facts(stage, for: account, directory, now: now, some: [id]))
      if account == writer { facts.isAnswer = true }
      return Notice(
        .conferenceAppointment, to: .account(account), replyTarget: .conference(.invited(self.id)), facts: facts)
    }
  }
}

extension SchoolPolicy {
  /// Problems of a plan that its answer names.
  static let mostProblems = 20
}
