extension Question {
  /// A parent's mail that a teacher got at their own address: filed in that parent's thread, in the parent's name. The
  /// teacher's own words above it are for the school's eyes and are not filed.
  func file(_ words: ForwardedWords?) -> Decision {
    guard directory.isStaff(actor) else { return refuse(.notStaff) }
    guard let words else { return refuse(.notAForward) }
    guard let parent = originalSender(words) else {
      return refuse(.unknownOriginalSender, asked: words.address ?? words.name)
    }
    let body = MessageBody(
      text: words.text, files: command.body.files, refusedFiles: command.body.refusedFiles)
    guard !body.isEmpty else { return nothingWritten() }
    let origin = ForwardedOrigin(name: words.name, address: words.address, date: words.date, forwardedBy: actor)
    var changes: [Change] = []
    var thread = Reference<ThreadID>.new
    var others: [AccountID] = []
    if let earlier = state.filingThread, earlier.members.contains(actor), earlier.members.contains(parent) {
      thread = .existing(earlier.id)
      others = earlier.members.filter { $0 != actor && $0 != parent }
    } else {
      changes.append(
        .openThread(
          kind: .mailbox, subject: words.subject ?? command.subject, author: parent, audience: nil,
          members: [parent, actor], about: nil))
    }
    changes.append(.addEntry(thread: thread, author: parent, body: body, origin: origin))
    let receipt = toActor(
      .forwardReceipt, thread: thread, entry: .new, replyTarget: .thread,
      facts: NoticeFacts(excerpt: body.excerpt, filedFor: directory.names(of: parent).joined(separator: ", ")))
    return Decision(
      changes: changes, notices: others.map { privateCopy(of: .mailbox, to: $0, thread: thread) } + [receipt])
  }

  /// The parents' account that the original was sent from; by address alone, since names are shared.
  private func originalSender(_ words: ForwardedWords) -> AccountID? {
    guard let address = words.address, let account = directory.account(address: address),
      !directory.carers(of: account.id).isEmpty
    else { return nil }
    return account.id
  }
}
