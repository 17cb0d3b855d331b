extension Question {
  /// A private message out of the blue, to a teacher or to all teachers of a group.
  func write(to word: String?) -> Decision {
    guard let word else { return help() }
    let teachers = teachers(word).filter { $0 != actor }
    guard !teachers.isEmpty else { return refuse(.unknownTeacher, asked: word) }
    return openPrivate(.mailbox, with: teachers, about: nil)
  }

  /// The accounts behind a route word, of a teacher or of a group. The school may have taken a word that a teacher is
  /// called by (`juf.anna`): the last part is then the name.
  func teachers(_ word: String) -> [AccountID] {
    if let group = directory.group(routeWord: word) { return directory.teachers(of: group.id) }
    return directory.staff(routeWord: word)?.account.map { [$0] } ?? []
  }

  /// An answer to news or beside a schoolplein item: private, to its author. Later answers join the first.
  func answerPrivately(_ thread: SchoolThread) -> Decision {
    if let earlier = state.privateThread { return continuePrivate(earlier) }
    guard actor != thread.author else { return help() }
    return openPrivate(.mailbox, with: [thread.author], about: thread)
  }

  /// A message into a private thread, to everybody else in it.
  func continuePrivate(_ thread: SchoolThread) -> Decision {
    guard thread.members.contains(actor) else { return refuse(.notYours) }
    guard !command.body.isEmpty else { return nothingWritten() }
    return Decision(
      changes: [.addEntry(thread: .existing(thread.id), author: actor, body: command.body, origin: nil)],
      notices: thread.members.filter { $0 != actor }.map {
        privateCopy(of: thread.kind, to: $0, thread: .existing(thread.id))
      })
  }

  func openPrivate(_ kind: ThreadKind, with others: [AccountID], about: SchoolThread?) -> Decision {
    guard !command.body.isEmpty else { return nothingWritten() }
    return Decision(
      changes: [
        .openThread(
          kind: kind, subject: about?.subject ?? command.subject, author: actor, audience: nil,
          members: [actor] + others, about: about?.id),
        .addEntry(thread: .new, author: actor, body: command.body, origin: nil),
      ], notices: others.map { privateCopy(of: kind, to: $0, thread: .new) })
  }

  func privateCopy(of kind: ThreadKind, to account: AccountID, thread: Reference<ThreadID>) -> Notice {
    Notice(
      kind == .support ? .supportMessage : .mailboxMessage, to: .account(account), thread: thread, entry: .new,
      replyTarget: .thread)
  }

  // MARK: Urgent messages

  /// `gezien` is counted; words go to the urgent desk. Either is answered by a receipt.
  func answerUrgent(_ thread: SchoolThread) -> Decision {
    if let earlier = state.privateThread, command.word != .seen {
      return continuePrivate(earlier).adding(toActor(.urgentReplyReceipt, thread: .existing(thread.id)))
    }
    let seen = Change.markSeen(thread.id, by: actor)
    let receipt = toActor(.urgentReplyReceipt, thread: .existing(thread.id))
    if command.word == .seen { return Decision(changes: [seen], notices: [receipt]) }
    let desk = (policy.urgentDesk.isEmpty ? [thread.author] : policy.urgentDesk).filter { $0 != actor }
    let opened = desk.isEmpty ? help() : openPrivate(.mailbox, with: desk, about: thread)
    // Any answer counts as seen, also one without words.
    guard !opened.changes.isEmpty else {
      return Decision(changes: [seen], notices: command.body.isEmpty ? [receipt] : opened.notices)
    }
    return Decision(changes: opened.changes + [seen], notices: opened.notices + [receipt])
  }

  // MARK: Support

  /// A conversation with a person of the school's support.
  func support() -> Decision {
    let desk = supportDesk.filter { $0 != actor }
    guard !desk.isEmpty else { return help() }
    return openPrivate(.support, with: desk, about: nil)
  }

  /// Whom the school named for it, else its head.
  var supportDesk: [AccountID] {
    guard policy.supportDesk.isEmpty else { return policy.supportDesk }
    return Set(directory.staff.values.filter { $0.roles.contains("DIR") }.compactMap(\.account)).sorted()
  }
}

extension Decision {
  /// The same with one notice more, unless nothing was done.
  func adding(_ notice: Notice) -> Decision {
    guard !changes.isEmpty else { return self }
    var more = self
    more.notices.append(notice)
    return more
  }
}
