import Foundation

/// Decides what a command changes and whom it tells. Pure: the same command, state and instant always give the same
/// decision.
package func decide(_ command: Command, _ state: SchoolState, now: Date) -> Decision {
  let question = Question(command: command, state: state, now: now)
  var decision = question.decision()
  if !command.body.refusedFiles.isEmpty {
    decision.notices.append(
      question.toActor(.filesRefused, facts: NoticeFacts(refusedFiles: command.body.refusedFiles)))
  }
  return decision
}

/// What nobody whom the school knows gets: help, in which nothing personal stands.
///
/// - Parameter isAbsence: they wrote to `ziek` or `verlof`, and must know that nothing was noted.
package func decideForStranger(address: String, isAbsence: Bool = false) -> Decision {
  var facts = NoticeFacts()
  if isAbsence { facts.isUnnoted = true }
  return Decision(notices: [
    Notice(.help, to: .stranger(address: address), facts: facts, onceADay: isAbsence ? "help absence" : "help")
  ])
}

/// What such a one gets for a mail to `test`, once a day.
package func decideTestForStranger(address: String, _ test: LoopTest?) -> Decision {
  Decision(notices: [
    Notice(.loopTest, to: .stranger(address: address), facts: NoticeFacts(loopTest: test), onceADay: "test")
  ])
}

/// One command before the state it meets. Each file of this folder answers one kind of act.
struct Question {
  var command: Command
  let state: SchoolState
  let now: Date

  var actor: AccountID { command.actor }
  var directory: Directory { state.directory }
  var policy: SchoolPolicy { state.policy }

  func decision() -> Decision {
    if let decision = absenceAnywhere() { return decision }
    return switch command.act {
    case .publish(let publication, let word): publish(publication, to: word)
    case .write(let word): write(to: word)
    case .file(let words): file(words)
    case .answer(let target): answer(target)
    case .askSupport: answerSupport()
    case .askHelp: help()
    case .testLoop(let test): Decision(notices: [toActor(.loopTest, facts: NoticeFacts(loopTest: test))])
    case .settings(let request): settings(request)
    case .why: explain()
    case .documents(let request): documents(request)
    case .classList(let request): classList(request)
    case .calendar(let word): calendar(to: word)
    case .conferences: conferences()
    case .unknownRoute(let word): help(asked: word)
    case .results: results()
    case .absence(let route): absence { $0.write(route) }
    case .photos(let request): photos(request)
    }
  }

  func answer(_ target: ReplyTarget) -> Decision {
    switch target {
    case .thread: answerThread()
    case .privately: state.thread.map { answerPrivately($0.thread) } ?? help()
    case .entry: answerEntryReceipt()
    case .held(let inbound): answerConfirmation(inbound)
    case .digest: answerDigest()
    case .support, .calendarWeek: answerSupport()
    case .activation: answerActivation()
    case .addressChange(let account): answerAddressChange(account)
    case .addressApproval: answerAddressApproval()
    // Commands on them are acts of their own.
    case .documents, .filing, .classList: command.word == .help ? help() : support()
    case .broadcast: answerBroadcast()
    case .offer: answerOfferReceipt()
    case .posted: answerDigestReceipt()
    case .reported: answerReport()
    case .settings: command.word == .help ? help() : support()
    case .settingsReceipt: answerSettingsReceipt()
    case .unsubscribe(let subscription): settings(.change(.stop([subscription])))
    case .event: answerEvent()
    case .calendarPost: answerCalendarPost()
    case .conference(.plan): answerConferencePlan()
    case .conference: answerConference()
    case .results: answerResults()
    case .absence: absence { $0.answer() }
    case .album, .photoBatch, .albums, .consent: command.word == .help ? help() : support()
    }
  }

  private func answerSupport() -> Decision {
    if supportDesk.contains(actor), let asked = AddressedCommand(firstLineOf: command.body.text),
      asked.word == .newActivation
    {
      return sendActivation(to: asked.address)
    }
    return switch command.word {
    case .help: help()
    case .newActivation: askForActivation(actor, onceADay: "activation")
    default: support()
    }
  }

  func answerThread() -> Decision {
    guard let view = state.thread else { return help() }
    switch view.thread.kind {
    case .news, .calendar: return answerPrivately(view.thread)
    case .urgent: return answerUrgent(view.thread)
    case .mailbox, .support: return continuePrivate(view.thread)
    case .schoolyard:
      if SettingsRequest.isStop(command.body.text, isOffer: state.offer != nil) {
        return settings(.change(.stop([.schoolyard])))
      }
      return moderate(view, state.entry, text: command.body.text)
        ?? state.offer.flatMap { answerOffer($0, to: state.entry, text: command.body.text) } ?? comment(on: view)
    }
  }

  // MARK: What several acts need

  func toActor(
    _ kind: NoticeKind, thread: Reference<ThreadID>? = nil, entry: Reference<EntryID>? = nil,
    replyTarget: NoticeTarget = .support, facts: NoticeFacts = NoticeFacts(), onceADay: String? = nil
  ) -> Notice {
    var facts = facts
    facts.isAnswer = true
    return Notice(
      kind, to: .account(actor), thread: thread, entry: entry, replyTarget: replyTarget, facts: facts,
      onceADay: onceADay)
  }

  /// What one can do. Who merely asks for it gets it once a day; words or files, which nobody got, are quoted each
  /// time: silence would lose them.
  func help(asked word: String? = nil) -> Decision {
    let isAsking = command.word == .help && !command.hasWordsBelow(names: directory.names(of: actor))
    let isLost = !command.body.isEmpty && !isAsking
    var facts = NoticeFacts(
      excerpt: isLost ? command.body.excerptOrNames : nil, asked: word.flatMap { $0.isEmpty ? nil : $0 })
    facts.nearest = word.flatMap(mailboxNear)
    return Decision(notices: [toActor(.help, facts: facts, onceADay: isLost ? nil : "help")])
  }

  func refuse(_ reason: RefusalReason, asked: String? = nil) -> Decision {
    Decision(notices: [
      toActor(.refusal, facts: NoticeFacts(refusal: reason, excerpt: command.body.excerpt, asked: asked))
    ])
  }

  /// Nothing to post. Files that were too large get their own notice.
  func nothingWritten() -> Decision { command.body.refusedFiles.isEmpty ? refuse(.empty) : Decision() }
}

extension Command {
  /// No answer to a receipt is public: the word that takes back may stand at its end too.
  var word: CommandWord? { CommandWord.ofReceipt(body.text) }
}

extension MessageBody {
  var isEmpty: Bool { text.allSatisfy(\.isWhitespace) && files.isEmpty }

  /// The first words, on one line, to recognise a mail by.
  package var excerpt: String { text.excerpt(200) }

  /// As `excerpt`; where nothing was written, the names of the files.
  var excerptOrNames: String {
    text.allSatisfy(\.isWhitespace) ? files.map(\.name).joined(separator: ", ").excerpt(200) : excerpt
  }
}

extension String {
  /// On one line, with no more than so many characters.
  package func excerpt(_ most: Int) -> String {
    let line = split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count <= most ? line : line.prefix(most - 1) + "…"
  }
}
