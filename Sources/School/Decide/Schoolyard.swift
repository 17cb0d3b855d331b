import Foundation

extension Question {
  /// A comment that all can read. The author of the item, those who take part and those who want everything at once
  /// get it when it can no longer be taken back; the rest in their digest.
  func comment(on view: ThreadView, text: String) -> Decision {
    let thread = view.thread
    let readers = thread.audience.map(directory.families) ?? []
    guard readers.contains(actor) || directory.isStaff(actor) else { return refuse(.notYours) }
    var body = command.body
    body.text = text
    guard !body.isEmpty else { return nothingWritten() }

    let involved = view.participants.union([thread.author])
    let until = now.addingTimeInterval(policy.undoWindow)
    var decision = Decision(changes: [
      .addEntry(thread: .existing(thread.id), author: actor, body: body, origin: nil)
    ])
    for reader in Set(readers).union(involved).subtracting([actor]).sorted() {
      switch directory.accounts[reader]?.digest ?? .off {
      case let choice where involved.contains(reader) || choice == .direct:
        decision.notices.append(
          Notice(
            .schoolyardComment, to: .account(reader), thread: .existing(thread.id), entry: .new, replyTarget: .thread,
            notBefore: until))
      case .off: break
      case .direct, .daily, .weekly: decision.changes.append(.queueForDigest(reader, entry: .new))
      }
    }
    decision.notices.append(
      toActor(
        .commentReceipt, thread: .existing(thread.id), entry: .new, replyTarget: .entry,
        facts: NoticeFacts(excerpt: body.excerpt, retractableUntil: until)))
    return decision
  }

  /// `herstel` takes a comment, or a message to the whole school, back as long as it was not mailed on; other words go
  /// to support.
  func answerEntryReceipt() -> Decision {
    guard command.word == .retract else { return command.word == .help ? help() : support() }
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

  /// `3: text` comments on the third item. Without a number, or with several, the parent is asked which.
  func answerDigest() -> Decision {
    if command.word == .help { return help() }
    let numbered = NumberedAnswer.read(command.body.text, count: state.digest.count)
    guard let numbered else {
      return Decision(notices: [
        toActor(
          .digestQuestion, facts: NoticeFacts(count: state.digest.count, excerpt: command.body.excerpt))
      ])
    }
    let item = state.digest[numbered.item - 1]
    return item.offer.map { answerOffer($0, in: item.thread, text: numbered.text) }
      ?? comment(on: item.thread, text: numbered.text)
  }
}

/// An answer that names the item it answers.
struct NumberedAnswer: Equatable {
  /// From 1.
  var item: Int
  var text: String

  /// Nil where the first line names no item, or where a later line names another one.
  static func read(_ text: String, count: Int) -> NumberedAnswer? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard let first = lines.firstIndex(where: { !$0.allSatisfy(\.isWhitespace) }), let head = split(lines[first]),
      (1...max(count, 1)).contains(head.item), head.item <= count
    else { return nil }
    let rest = lines[(first + 1)...]
    if rest.contains(where: { split($0).map { $0.item != head.item && $0.item <= count } ?? false }) { return nil }
    let answer = ([head.text] + rest).joined(separator: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
    return NumberedAnswer(item: head.item, text: answer)
  }

  private static func split(_ line: String) -> NumberedAnswer? {
    let digits = line.drop { $0 == " " }.prefix { $0.isASCII && $0.isNumber }
    let rest = line.drop { $0 == " " }.dropFirst(digits.count).drop { $0 == " " }
    guard let number = Int(digits), number > 0, let mark = rest.first, mark == ":" || mark == ")" else { return nil }
    return NumberedAnswer(item: number, text: String(rest.dropFirst().drop { $0 == " " }))
  }
}
