import Foundation

extension Question {
  /// Makes a schoolplein item of staff one that is answered by number, where it is written so; any other is left as it
  /// is.
  ///
  /// - Parameter wait: what its copies wait for.
  func offering(_ published: Decision, _ wait: BroadcastWait) -> Decision {
    guard directory.isStaff(actor), case .publish(.schoolyard, _) = command.act,
      let words = OfferWords(subject: command.subject, text: command.body.text)
    else { return published }
    let terms: OfferTerms
    do throws(OfferProblem) { terms = try words.terms(now: now, timeZone: policy.timeZone) } catch {
      return refuse(error.reason, asked: error.words)
    }
    var decision = published
    decision.changes.append(.offer(.open(terms)))
    for place in decision.notices.indices where decision.notices[place].kind == .schoolyardItem {
      decision.notices[place].kind = .offerItem
      decision.notices[place].facts.offer = OfferFacts(stage: .item, terms: terms, organiser: actor)
    }
    let count = decision.notices.count { $0.kind == .offerItem }
    // Its receipt reads it back, in place of the plain one; but `herstel` in answer to that must go on working.
    decision.notices.removeAll { $0.kind == .publishReceipt && $0.replyTarget != .entry }
    var opened = toActor(
      .offerState, thread: .new, entry: .new, replyTarget: .offer,
      facts: NoticeFacts(count: count, offer: OfferFacts(stage: .opened, terms: terms, organiser: actor)))
    // That it is there is told when a colleague has approved it.
    if case .approval = wait { opened.notBefore = wait.notBefore }
    decision.notices.append(opened)
    return decision
  }

  // MARK: Answers

  /// An answer to what the gateway itself said of it: words that are no answer go to a person of support, and are not
  /// public.
  func answerOfferReceipt() -> Decision {
    guard let state = state.offer else { return help() }
    if let decision = answerOffer(state, to: nil, text: command.body.text) { return decision }
    return command.word == .help ? help() : support()
  }

  /// An answer to the item, or to a comment on it. Nil for words that are no answer by number: a comment that all can
  /// read. A mere yes or no to another parent's comment may be meant for them: it is asked about.
  ///
  /// - Parameter entry: the answered one, where it is known.
  func answerOffer(_ state: OfferState, to entry: ThreadEntry?, text: String) -> Decision? {
    var reply = OfferReply(text, terms: state.terms, isOpen: state.offer.isOpen(at: now))
    if reply == .comment { return nil }
    let isToOrganiser = entry.map { $0.author == state.offer.organiser } ?? true
    if !isToOrganiser, OfferReply.isMerely(text) { reply = .unclear }
    let mayAnswer = directory.families(of: state.offer.audience).contains(actor)
    guard mayAnswer || isOrganiser(of: state.offer) else { return refuse(.notYours) }
    guard !state.isHidden else { return refuse(.alreadyGone) }
    switch reply {
    case .state: return tellState(state)
    case .close: return close(state)
    default: break
    }
    guard mayAnswer else { return refuse(.notYours) }
    guard state.offer.isOpen(at: now) else { return refuse(.offerClosed) }
    let note = OfferReply.note(text, of: state.terms.kind)
    switch reply {
    case .take(let lines): return state.terms.kind == .help ? claim(lines, note, state) : vote(lines[0], note, state)
    case .giveBack(let lines): return giveBack(lines, state).and(writeToOrganiser(text, state.offer))
    case .retract: return retract(state)
    case .unclear, .state, .close, .comment:
      return Decision(notices: [receipt(.unclear, state, excerpt: command.body.excerpt)])
    }
  }

  /// Who asked, and the teachers of the group with them.
  private func isOrganiser(of offer: Offer) -> Bool {
    if actor == offer.organiser { return true }
    guard case .group(let group) = offer.audience else { return false }
    return directory.teachers(of: group).contains(actor)
  }

  private func receipt(
    _ stage: OfferFacts.Stage, _ state: OfferState, hasNote: Bool = false, excerpt: String? = nil
  ) -> Notice {
    toActor(
      .offerReceipt, thread: .existing(state.offer.id), replyTarget: .offer,
      facts: NoticeFacts(excerpt: excerpt, offer: state.facts(stage, for: actor, hasNote: hasNote)))
  }

  /// A place on each line, or the end of its waiting list. Who stands there already keeps their place.
  private func claim(_ lines: [Int], _ note: String?, _ state: OfferState) -> Decision {
    let id = state.offer.id
    return answered(
      .answered, note,
      [.withdraw(id, actor, line: 0)] + lines.map { .answer(id, actor, line: $0, note: note) }, state)
  }

  /// One vote an account: the last one counts.
  private func vote(_ line: Int, _ note: String?, _ state: OfferState) -> Decision {
    let id = state.offer.id
    let kept = state.terms.isSecret ? nil : note
    let others = state.answers.filter { $0.account == actor && $0.line != line }
    return answered(
      .answered, note,
      others.map { .withdraw(id, actor, line: $0.line) } + [.answer(id, actor, line: line, note: kept)], state)
  }

  /// Gives back what the latest answer of this account took. One that gave back took nothing: what they have still is
  /// of before, and stays.
  private func retract(_ state: OfferState) -> Decision {
    let own = state.answers.filter { $0.account == actor }
    let taken = own.filter { $0.line > 0 }
    if !taken.isEmpty, own.contains(where: { $0.line == 0 }) {
      return Decision(notices: [receipt(.state, state)])
    }
    let last = taken.map(\.at).max()
    return giveBack(taken.filter { $0.at == last }.map(\.line), state)
  }

  /// Gives places back, and tells those who move up; without a number all of them. Who has nothing says that they will
  /// not help: that is an answer too.
  private func giveBack(_ lines: [Int], _ state: OfferState) -> Decision {
    let id = state.offer.id
    let own = state.lines(of: actor)
    let given = lines.isEmpty ? own : own.filter(lines.contains)
    var changes = given.map { OfferChange.withdraw(id, actor, line: $0) }
    if !given.isEmpty || own.isEmpty { changes.append(.answer(id, actor, line: 0, note: nil)) }
    // Who gives back what they do not have keeps what they have.
    let stage: OfferFacts.Stage = own.isEmpty ? .declined : given.isEmpty ? .state : .withdrawn
    return answered(stage, nil, changes, state)
  }

  /// A task that is given back keeps no note: what stands below is for who asked, and for nobody else.
  private func writeToOrganiser(_ text: String, _ offer: Offer) -> Decision {
    var written = command
    written.body.text = text
    guard actor != offer.organiser, written.hasWordsBelow(names: directory.names(of: actor)) else { return Decision() }
    let thread = SchoolThread(
      id: offer.id, kind: .schoolyard, subject: state.thread?.thread.subject ?? command.subject,
      author: offer.organiser, audience: offer.audience, openedAt: now)
    return Question(command: written, state: state, now: now).answerPrivately(thread)
  }

  /// The decision, on this revision, with a receipt of how it then is.
  private func answered(
    _ stage: OfferFacts.Stage, _ note: String?, _ changes: [OfferChange], _ state: OfferState
  ) -> Decision {
    let after = state.applying(changes, at: now)
    let moved = after.movedUp(since: state)
    return Decision(
      changes: changes.map { .offer($0) },
      notices: [receipt(stage, after, hasNote: note != nil)]
        + moved.keys.sorted().map { account in
          var facts = after.facts(.placed, for: account)
          for line in facts.lines.indices where moved[account]?.contains(line + 1) != true {
            facts.lines[line].mine = nil
          }
          return Notice(
            .offerPlace, to: .account(account), thread: .existing(after.offer.id), replyTarget: .offer,
            facts: NoticeFacts(offer: facts))
        }, basis: state.revision)
  }

  // MARK: The organiser

  /// A parent who asks how it stands is told their own part.
  private func tellState(_ state: OfferState) -> Decision {
    guard isOrganiser(of: state.offer) else { return Decision(notices: [receipt(.state, state)]) }
    let stage: OfferFacts.Stage = state.offer.closedAt == nil ? .state : .closed
    return Decision(notices: [organiserTable(state, stage, to: actor)])
  }

  private func close(_ state: OfferState) -> Decision {
    guard isOrganiser(of: state.offer) else { return refuse(.notOrganiser) }
    guard state.offer.closedAt == nil else { return refuse(.offerClosed) }
    return closing(state, by: actor, directory: directory)
  }
}

private func organiserTable(_ state: OfferState, _ stage: OfferFacts.Stage, to account: AccountID) -> Notice {
  Notice(
    .offerState, to: .account(account), thread: .existing(state.offer.id), replyTarget: .offer,
    facts: NoticeFacts(offer: state.table(stage)))
}

extension OfferState {
  /// As it is after these changes.
  func applying(_ changes: [OfferChange], at now: Date) -> OfferState {
    var state = self
    for change in changes {
      switch change {
      case .answer(_, let account, let line, let note):
        if let place = state.answers.firstIndex(where: { $0.account == account && $0.line == line }) {
          state.answers[place].note = note ?? state.answers[place].note
        } else {
          state.answers.append(OfferAnswer(account: account, line: line, note: note, at: now))
        }
      case .withdraw(_, let account, let line): state.answers.removeAll { $0.account == account && $0.line == line }
      case .close: state.offer.closedAt = now
      case .remind: state.offer.remindedAt = now
      case .open: break
      }
    }
    return state
  }

  /// Who waited before and holds a place now, on which lines.
  func movedUp(since before: OfferState) -> [AccountID: [Int]] {
    var moved: [AccountID: [Int]] = [:]
    for line in 1...terms.lines.count {
      let holders = Set(answers(on: line).prefix(places(line)).map(\.account))
      for account in before.waiting(on: line) where holders.contains(account) {
        moved[account, default: []].append(line)
      }
    }
    return moved
  }
}

// MARK: By the clock

/// Ends an offer: a poll's counts go to its audience, the outcome to all who offered help, and the table to the
/// organiser. Nothing for one that is closed.
///
/// - Parameter actor: who closes it; nil for the clock.
package func closing(_ state: OfferState, by actor: AccountID? = nil, directory: Directory) -> Decision {
  guard state.offer.closedAt == nil else { return Decision() }
  let id = state.offer.id
  let organisers = Set([state.offer.organiser, actor].compactMap(\.self)).sorted()
  let readers =
    state.terms.kind == .poll
    ? directory.families(of: state.offer.audience)
    : Set(state.answers.filter { $0.line > 0 }.map(\.account)).sorted()
  return Decision(
    changes: [.offer(.close(id))],
    notices: organisers.map { organiserTable(state, .closed, to: $0) }
      + readers.filter { !organisers.contains($0) }.map {
        Notice(
          .offerResult, to: .account($0), lane: .bulk, thread: .existing(id), replyTarget: .offer,
          facts: NoticeFacts(offer: state.facts(.closed, for: $0)))
      }, basis: state.revision)
}

/// Reminds, once, those who have not answered.
package func reminding(_ state: OfferState, directory: Directory) -> Decision {
  guard state.offer.closedAt == nil, state.offer.remindedAt == nil else { return Decision() }
  let answered = Set(state.answers.map(\.account))
  let isFull = state.terms.lines.indices.allSatisfy { state.answers(on: $0 + 1).count >= state.places($0 + 1) }
  let readers = directory.families(of: state.offer.audience).filter {
    $0 != state.offer.organiser && !answered.contains($0)
  }
  return Decision(
    changes: [.offer(.remind(state.offer.id))],
    notices: isFull
      ? []
      : readers.map {
        Notice(
          .offerReminder, to: .account($0), lane: .bulk, thread: .existing(state.offer.id), replyTarget: .offer,
          facts: NoticeFacts(offer: state.facts(.reminder, for: $0)))
      }, basis: state.revision)
}

/// What the clock has to do about an offer.
package enum OfferTask: Sendable, Hashable {
  case close, remind
}

extension SchoolPolicy {
  /// An item must be this old before anybody is reminded of it, in seconds.
  static let reminderPatience: TimeInterval = 12 * 3600

  /// The reminder goes out at the hour of the digests, a day before the closing at least.
  package func taskDue(_ offer: Offer, now: Date) -> OfferTask? {
    guard offer.closedAt == nil, let closesAt = offer.terms.closesAt else { return nil }
    if closesAt <= now { return .close }
    let latest = closesAt.addingTimeInterval(-86_400)
    guard offer.remindedAt == nil, let moment = last(weekday: nil, hour: digestHour, before: latest) else { return nil }
    let isOld = moment >= offer.openedAt.addingTimeInterval(Self.reminderPatience)
    return isOld && moment <= now ? .remind : nil
  }
}
