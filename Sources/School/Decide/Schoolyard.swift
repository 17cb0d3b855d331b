import Foundation

extension Question {
  /// A comment that all can read. The author of the item, those who take part and those who want everything at once
  /// get it when it can no longer be taken back; the rest in their digest.
  func comment(on view: ThreadView) -> Decision {
    guard mayComment(on: view.thread) else { return refuse(.notYours) }
    guard !state.isThreadHidden else { return refuse(.alreadyGone) }
    guard !command.body.isEmpty else { return nothingWritten() }
    let receipt = toActor(
      .commentReceipt, thread: .existing(view.thread.id), entry: .new, replyTarget: .entry,
      facts: NoticeFacts(
        excerpt: command.body.excerpt, retractableUntil: now.addingTimeInterval(policy.undoWindow), offer: unanswered))
    return post(command.body, on: view).adding(receipt)
  }

  /// The help request or poll below which somebody comments who has no place and no vote in it: they may think that
  /// they answered it.
  private var unanswered: OfferFacts? {
    guard let offer = state.offer, offer.offer.isOpen(at: now), !offer.isHidden, actor != offer.offer.organiser,
      directory.families(of: offer.offer.audience).contains(actor), offer.lines(of: actor).isEmpty
    else { return nil }
    return offer.facts(.item, for: actor)
  }

  func mayComment(on thread: SchoolThread) -> Bool {
    directory.isStaff(actor) || (thread.audience.map(directory.families) ?? []).contains(actor)
  }

  /// The comment, and who gets it when.
  func post(_ body: MessageBody, on view: ThreadView) -> Decision {
    let thread = view.thread
    let readers = Set(thread.audience.map(directory.families) ?? [])
    // Who took part may not be among them any more.
    let involved = view.participants.union([thread.author]).filter { readers.contains($0) || directory.isStaff($0) }
    let until = now.addingTimeInterval(policy.undoWindow)
    var decision = Decision(changes: [
      .addEntry(thread: .existing(thread.id), author: actor, body: body, origin: nil)
    ])
    for reader in readers.union(involved).subtracting([actor]).sorted() {
      switch directory.accounts[reader]?.digest ?? .off {
      case .off: break
      case let choice where involved.contains(reader) || choice == .direct:
        decision.notices.append(
          Notice(
            .schoolyardComment, to: .account(reader), thread: .existing(thread.id), entry: .new, replyTarget: .thread,
            notBefore: until))
      case .direct, .daily, .weekly: decision.changes.append(.queueForDigest(reader, entry: .new))
      }
    }
    return decision
  }

  /// `herstel` takes a comment, or a message to the whole school, back as long as it was not mailed on; an answer by
  /// number counts; other words go to support.
  func answerEntryReceipt() -> Decision {
    guard command.word == .retract else {
      // The receipt of a comment below a help request or poll offers to answer that.
      if let answer = state.offer.flatMap({ answerOffer($0, to: nil, text: command.body.text) }) { return answer }
      return command.word == .help ? help() : support()
    }
    guard let entry = state.entry, entry.author == actor else { return refuse(.notYours) }
    guard !entry.isRetracted, state.entryAwaitsApproval || now <= entry.at.addingTimeInterval(window(of: entry)) else {
      return refuse(.tooLateToRetract)
    }
    let excerpt = MessageBody(text: entry.text).excerpt
    return Decision(
      changes: [.retractEntry(entry.id)],
      notices: [
        toActor(.retractReceipt, thread: .existing(entry.thread), facts: NoticeFacts(excerpt: excerpt))
      ])
  }
}
