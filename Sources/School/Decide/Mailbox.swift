extension Question {
  /// A private message out of the blue, to a teacher or to all teachers of a group.
  func write(to word: String?) -> Decision {
    guard let word else { return help() }
    // Whoever once wrote to support has an account, and is no parent for that.
    guard isOfSchool(actor) else { return support() }
    let teachers = teachers(word).filter { $0 != actor }
    guard !teachers.isEmpty else {
      var refusal = refuse(.unknownTeacher, asked: word)
      refusal.notices[0].facts.nearest = mailboxNear(word)
      return refusal
    }
    return openPrivate(.mailbox, with: teachers, about: nil)
  }

  /// The address word of the one teacher whom somebody may have meant: `postvak.anna` by `postvakanna`, `juf.anna` or
  /// `postvak.ana`.
  func mailboxNear(_ asked: String) -> String? {
    guard isOfSchool(actor) else { return nil }
    let mailbox = RouteWord.mailbox.canonical
    let last = asked.lowercased().split { $0 == "." || $0 == "+" }.last.map(String.init) ?? ""
    let bare = last.hasPrefix(mailbox) ? String(last.dropFirst(mailbox.count)) : last
    guard bare.count >= 3 else { return nil }
    let near = directory.staff.values.compactMap { one -> (word: String, distance: Int)? in
      guard let account = one.account, account != actor else { return nil }
      let distance = EditDistance.between(Array(bare), Array(one.routeWord))
      return distance <= (min(bare.count, one.routeWord.count) < 6 ? 1 : 2) ? (one.routeWord, distance) : nil
    }
    let least = near.map(\.distance).min()
    let nearest = near.filter { $0.distance == least }
    return nearest.count == 1 ? "\(mailbox).\(nearest[0].word)" : nil
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
    // No mail offers it to them any more; an old one did.
    guard actor != thread.author else { return command.word == .help || command.body.isEmpty ? help() : support() }
    // A parent's item is a parent's, also of one who left.
    let isParents = thread.kind == .schoolyard && policy.parentsMayOpenSchoolyard
    return openPrivate(.mailbox, with: isParents ? [thread.author] : reachable([thread.author]), about: thread)
  }

  /// Of those to whom a parent writes who still belong to the school; in the place of all who left, the teachers of the
  /// parent's children, else support.
  private func reachable(_ accounts: [AccountID]) -> [AccountID] {
    guard !directory.isStaff(actor), !directory.carers(of: actor).isEmpty else { return accounts }
    let here = accounts.filter(isOfSchool)
    guard here.isEmpty else { return here }
    let teachers = directory.pupils(of: actor).flatMap(\.groups).flatMap(directory.teachers)
    let others = Set(teachers.isEmpty ? supportDesk : teachers).subtracting([actor]).sorted()
    return others.isEmpty ? accounts : others
  }

  /// Of a family, staff, or somebody whom the school named for some work.
  func isOfSchool(_ account: AccountID) -> Bool {
    directory.isSomebodys(account) || policy.desks.contains(account)
  }

  /// A message into a private thread, to everybody else in it.
  func continuePrivate(_ thread: SchoolThread) -> Decision {
    guard thread.members.contains(actor) else {
      return directory.isForerunner(thread.author, of: actor) ? support() : refuse(.notYours)
    }
    guard !command.body.isEmpty else { return nothingWritten() }
    let others = thread.members.filter { $0 != actor }
    let mayBeParents = thread.about != nil && policy.parentsMayOpenSchoolyard
    let readers = thread.kind == .mailbox && !mayBeParents ? reachable(others) : others
    // Where all others left, it goes on with whoever is there now.
    guard readers.allSatisfy(others.contains) else {
      if let next = state.privateThread, next.about == thread.id { return continuePrivate(next) }
      return openPrivate(thread.kind, with: readers, about: thread)
    }
    return Decision(
      changes: [.addEntry(thread: .existing(thread.id), author: actor, body: command.body, origin: nil)],
      notices: readers.map { privateCopy(of: thread.kind, to: $0, thread: .existing(thread.id)) })
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
    var facts = NoticeFacts()
    if kind == .support, directory.names(of: actor).isEmpty { facts.givenName = command.givenName }
    return Notice(
      kind == .support ? .supportMessage : .mailboxMessage, to: .account(account), thread: thread, entry: .new,
      replyTarget: .thread, facts: facts)
  }

  // MARK: Urgent messages

  /// `gezien` is counted; words go to the urgent desk. Either is answered by a receipt.
  func answerUrgent(_ thread: SchoolThread) -> Decision {
    if let earlier = state.privateThread,
      command.word != .seen || command.hasWordsBelow(names: directory.names(of: actor))
    {
      return continuePrivate(earlier).adding(toActor(.urgentReplyReceipt, thread: .existing(thread.id)))
    }
    let seen = Change.markSeen(thread.id, by: actor)
    let receipt = toActor(.urgentReplyReceipt, thread: .existing(thread.id))
    // `gezien`, and below it what the school must know.
    if command.word == .seen, !command.hasWordsBelow(names: directory.names(of: actor)) {
      return Decision(changes: [seen], notices: [receipt])
    }
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
  var supportDesk: [AccountID] { policy.supportDesk.isEmpty ? directory.heads : policy.supportDesk }
}

extension Directory {
  /// The accounts of the head teachers, in order.
  package var heads: [AccountID] {
    Set(staff.values.filter { $0.roles.contains("DIR") }.compactMap(\.account)).sorted()
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
