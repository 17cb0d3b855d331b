extension Question {
  /// News, an urgent message or a schoolplein item: one copy for each account of the families concerned.
  func publish(_ publication: Publication, to word: String?) -> Decision {
    guard directory.isStaff(actor) || (publication == .schoolyard && policy.parentsMayOpenSchoolyard) else {
      return refuse(.notStaff)
    }
    guard let audience = audience(word) else { return refuse(.unknownGroup, asked: word) }
    if publication == .urgent, !maySendUrgent { return refuse(.noUrgentRight) }
    let families = directory.families(of: audience)
    guard directory.isStaff(actor) || families.contains(actor) else { return refuse(.notYours) }
    guard !command.body.isEmpty else { return nothingWritten() }

    let readers = families.filter { $0 != actor }
    let wait = wait(publication, audience, readers: readers)
    if wait == .approval(by: []) { return refuse(.noApprover) }
    let copies = readers.map {
      Notice(
        publication.noticeKind, to: .account($0), lane: publication.lane, thread: .new, entry: .new,
        replyTarget: .thread, notBefore: wait.notBefore)
    }
    return offering(
      Decision(
        changes: [
          .openThread(
            kind: publication.threadKind, subject: command.subject, author: actor, audience: audience, members: [],
            about: nil),
          .addEntry(thread: .new, author: actor, body: command.body, origin: nil),
        ], notices: copies + receipts(wait, count: readers.count)), wait)
  }

  /// Nil where no group has this route word.
  func audience(_ word: String?) -> Audience? {
    guard let word else { return .school }
    return directory.group(routeWord: word).map { .group($0.id) }
  }

  var maySendUrgent: Bool {
    policy.urgentSenders.contains(actor)
      || directory.staff(of: actor).contains { !$0.roles.isDisjoint(with: policy.urgentRoles) }
  }
}
