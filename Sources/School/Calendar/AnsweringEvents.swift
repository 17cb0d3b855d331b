import Foundation

extension Question {
  /// The answer to an invitation: of a calendar program, by a word, or words for who made the event known.
  func answerEvent() -> Decision {
    guard let calendar = state.calendar, let event = calendar.events.first else { return help() }
    if let reply = calendar.reply { return take(reply, to: event) }
    if command.word == .help { return help() }
    let word = EventWord(firstLineOf: command.body.text)
    if event.author == actor {
      return word == .whoComes ? tellWhoComes([event]) : support()
    }
    guard let answer = word?.answer ?? WrittenYesNo(command.body.text)?.eventAnswer else {
      return writeToOrganiser(of: event, command.body)
    }
    guard mayAnswer(event) else { return refuse(.notYours) }
    // What stands beside and below the word is for a person, whatever becomes of the answer.
    let isSaid = word == nil && WrittenYesNo.words(beside: command.body.text) != nil
    let words =
      isSaid || command.hasWordsBelow(names: directory.names(of: actor))
      ? writeToOrganiser(of: event, command.body) : Decision()
    guard !event.isCancelled else { return words.and(refuse(.eventCancelled, asked: event.details.title)) }
    var facts = self.facts(of: event)
    facts.answer = answer
    let answered = Decision(
      changes: [.calendar(.answer(event.id, actor, answer))],
      notices: [
        toActor(
          .eventAnswerReceipt, thread: event.thread.map { .existing($0) }, replyTarget: .event(event.id),
          facts: NoticeFacts(calendar: CalendarFacts(events: [facts])))
      ])
    return answered.and(words)
  }

  /// The program shows its owner what they answered: no mail says so once more. Words of theirs go to the organiser.
  private func take(_ reply: EventReply, to event: SchoolEvent) -> Decision {
    var decision = Decision()
    if let words = reply.words, event.author != actor {
      decision = writeToOrganiser(of: event, MessageBody(text: words))
    }
    guard let answer = reply.answer, mayAnswer(event), !event.isCancelled else { return decision }
    guard reply.sequence ?? .max >= event.timeSequence else {
      return decision.and(refuse(.eventMoved, asked: event.details.title))
    }
    return decision.and(Decision(changes: [.calendar(.answer(event.id, actor, answer))]))
  }

  private func mayAnswer(_ event: SchoolEvent) -> Bool { directory.families(of: event.audience).contains(actor) }

  /// All of one parent's words about one event are one private thread.
  private func writeToOrganiser(of event: SchoolEvent, _ body: MessageBody) -> Decision {
    var written = command
    (written.body, written.subject) = (body, event.details.title)
    let question = Question(command: written, state: state, now: now)
    if let earlier = state.privateThread { return question.continuePrivate(earlier) }
    let about = event.thread.map {
      SchoolThread(
        id: $0, kind: .calendar, subject: event.details.title, author: event.author, audience: event.audience,
        openedAt: now)
    }
    return question.openPrivate(.mailbox, with: [event.author], about: about)
  }

  // MARK: Who comes

  /// By name, to who made the events known.
  func tellWhoComes(_ events: [SchoolEvent]) -> Decision {
    let planned = events.filter { !$0.isCancelled }
    guard !planned.isEmpty else { return refuse(.noEventsPlanned) }
    let facts = planned.prefix(SchoolPolicy.mostEventsListed).map { event in
      var facts = self.facts(of: event)
      facts.attendance = attendance(of: event)
      return facts
    }
    return Decision(notices: [
      toActor(
        .attendance,
        facts: NoticeFacts(
          count: facts.count, calendar: CalendarFacts(events: facts, more: planned.count - facts.count)))
    ])
  }

  private func attendance(of event: SchoolEvent) -> Attendance {
    let families = directory.families(of: event.audience).filter { $0 != event.author }
    let answers = (state.calendar?.answers[event.id] ?? [:]).filter { families.contains($0.key) }
    let names = { (wanted: EventAnswer) in
      answers.filter { $0.value == wanted }.keys.sorted().map { account in
        let pupils = directory.pupils(of: account).filter(event.audience.holds).map(\.name).joined(separator: ", ")
        let parents = directory.names(of: account).joined(separator: ", ")
        return pupils.isEmpty ? parents : "\(parents) (\(pupils))"
      }
    }
    return Attendance(
      accepted: names(.accepted), declined: names(.declined), tentative: names(.tentative),
      silent: families.count - answers.count)
  }
}

extension WrittenYesNo {
  fileprivate var eventAnswer: EventAnswer { self == .yes ? .accepted : .declined }
}
