import Foundation

/// Where a message to the whole school stands that a colleague must approve, as a notice tells it.
package enum BroadcastStage: String, Sendable, Hashable, Codable, CaseIterable {
  case waiting, approved, rejected
}

/// What a message to the whole school waits for before it is mailed.
enum BroadcastWait: Equatable {
  case nothing
  case undo(until: Date)
  case approval(by: [AccountID])

  var notBefore: Date? {
    switch self {
    case .nothing: nil
    case .undo(let until): until
    case .approval: .distantFuture
    }
  }
}

extension Question {
  /// Nothing for what staff write to a group or is urgent. What a parent opens on the schoolplein waits where the
  /// school wants to see it first.
  func wait(_ publication: Publication, _ audience: Audience, readers: [AccountID]) -> BroadcastWait {
    if publication == .schoolyard, policy.approvesParentItems, !directory.isStaff(actor) {
      return .approval(by: moderators(of: audience).filter { $0 != actor })
    }
    guard audience == .school, publication != .urgent, !readers.isEmpty else { return .nothing }
    switch policy.broadcast {
    case .none: return .nothing
    case .undo(let seconds): return .undo(until: now.addingTimeInterval(seconds))
    case .approval: return .approval(by: approvers ?? [])
    }
  }

  /// The colleagues of whom one must approve what is for the whole school; nil where the school does not want that.
  var approvers: [AccountID]? {
    guard case .approval(let named) = policy.broadcast else { return nil }
    // Somebody approves it, or nobody gets it: with no other colleague named that is support.
    return (named.isEmpty || named == [actor] ? supportDesk : named).filter { $0 != actor }
  }

  /// What its author is told, and the colleagues who may approve it.
  func receipts(_ wait: BroadcastWait, count: Int) -> [Notice] {
    switch wait {
    case .nothing:
      return [toActor(.publishReceipt, thread: .new, entry: .new, facts: NoticeFacts(count: count))]
    case .undo(let until):
      return [
        toActor(
          .publishReceipt, thread: .new, entry: .new, replyTarget: .entry,
          facts: NoticeFacts(count: count, retractableUntil: until))
      ]
    case .approval(let colleagues):
      let facts = NoticeFacts(count: count, accounts: colleagues, broadcast: .waiting)
      let receipt = directory.isStaff(actor) ? NoticeKind.broadcastReceipt : .itemReceipt
      return questions(to: colleagues, NoticeFacts(count: count)) + [
        toActor(receipt, thread: .new, entry: .new, replyTarget: .entry, facts: facts)
      ]
    }
  }

  /// Whether it may go, to each who may say so.
  func questions(to colleagues: [AccountID], _ facts: NoticeFacts) -> [Notice] {
    colleagues.map {
      Notice(
        directory.isStaff(actor) ? .broadcastQuestion : .itemQuestion, to: .account($0), thread: .new, entry: .new,
        replyTarget: .broadcast, facts: facts)
    }
  }

  /// A colleague answers whether it may go: `akkoord` mails it, `niet akkoord` or `weg` ends it, and both are told.
  /// Other words are for its author, also those beside the answer.
  func answerBroadcast() -> Decision {
    guard let entry = state.entry, let thread = state.thread?.thread else { return help() }
    guard entry.author != actor else { return refuse(.notYours) }
    let isItem = !directory.isStaff(entry.author)
    if isItem, !directory.isStaff(actor), !moderators(of: thread.audience ?? .school).contains(actor) {
      return refuse(.notStaff)
    }
    // A question is a mail, which may be passed on, and outlives whoever was asked.
    guard let verdict = WrittenVerdict(command.body.text) else {
      return command.word == .help ? help() : answerPrivately(thread)
    }
    guard isItem || mayApproveBroadcasts else { return refuse(.notStaff) }
    let settled = settle(entry, isApproved: verdict.isApproved)
    let hasWords = command.hasWords(beside: verdict, names: directory.names(of: actor))
    return hasWords && !settled.changes.isEmpty ? settled.and(answerPrivately(thread)) : settled
  }

  /// Whoever the school named for it, as it is now, and all who work there.
  private var mayApproveBroadcasts: Bool {
    if case .approval(let named) = policy.broadcast, named.contains(actor) { return true }
    return directory.isStaff(actor) || supportDesk.contains(actor)
  }

  private func settle(_ entry: ThreadEntry, isApproved: Bool) -> Decision {
    // The first answer counts.
    guard state.entryAwaitsApproval, !entry.isRetracted else { return refuse(.nothingHeld) }
    let kind = directory.isStaff(entry.author) ? NoticeKind.broadcastReceipt : .itemReceipt
    let facts = NoticeFacts(accounts: [actor], broadcast: isApproved ? .approved : .rejected)
    let receipts = [entry.author, actor].map {
      Notice(kind, to: .account($0), thread: .existing(entry.thread), facts: facts)
    }
    let settled = Decision(
      changes: [.settleBroadcast(entry.id, isApproved: isApproved)], notices: receipts, basis: state.entryRevision)
    return state.calendar.map { settle($0, of: entry, isApproved, like: settled) } ?? settled
  }

  /// How long its author can take an entry back, in seconds, where it waits for nobody's approval.
  func window(of entry: ThreadEntry) -> TimeInterval {
    guard let thread = state.thread?.thread, entry.at == thread.openedAt else { return policy.undoWindow }
    let isBroadcast = thread.audience == .school && directory.isStaff(entry.author)
    return if case .undo(let seconds) = policy.broadcast, isBroadcast { seconds } else { 0 }
  }
}
