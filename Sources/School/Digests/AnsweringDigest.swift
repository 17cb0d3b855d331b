import Foundation

/// What became of an answer to a digest, as its receipt tells.
package struct DigestAnswer: Sendable, Hashable, Codable {
  package struct Line: Sendable, Hashable, Codable {
    /// Nil for words that stood under no number.
    package var number: Int?
    /// Of the item, and the group that reads it; nil for the whole school, and where there is no item.
    package var subject: String?
    package var group: String?
    package var excerpt: String

    package init(number: Int?, subject: String? = nil, group: String? = nil, excerpt: String) {
      self.number = number
      self.subject = subject
      self.group = group
      self.excerpt = excerpt
    }
  }

  /// In the order of the entries that the receipt lists.
  package var posted: [Line]
  /// What belongs to no item, or to one that can no longer be answered.
  package var unplaced: [Line]
  /// Of a receipt that something was taken back: what was.
  package var retracted: [Line]

  /// Pieces that one receipt asks about.
  package static let mostUnplaced = 10

  package init(posted: [Line] = [], unplaced: [Line] = [], retracted: [Line] = []) {
    self.posted = posted
    self.unplaced = unplaced
    self.retracted = retracted
  }
}

extension Question {
  /// `3: text` comments on the third item, and `5: text` below it on the fifth. One receipt tells what was posted
  /// where, and asks about the rest.
  func answerDigest() -> Decision {
    if command.word == .help { return help() }
    let parts = NumberedAnswers(command.body.text, of: Set(state.digest.map(\.number))).parts
    var placed: [(NumberedAnswers.Part, DigestItem)] = []
    var answer = DigestAnswer()
    var others = Decision()
    // As the answers above left them.
    var offers: [ThreadID: OfferState] = [:]
    for part in parts {
      guard let item = item(part) else { continue }
      let thread = item.thread.thread.id
      let offer = offers[thread] ?? item.offer
      // `2: melden`, and `4: ja 2` on a help request.
      if let other = moderate(item.thread, item.entry, text: part.text) ?? answerOffer(offer, of: item, part.text) {
        offers[thread] = offer?.applying(other.offerChanges, at: now)
        others = others.and(other)
      } else {
        placed.append((part, item))
      }
    }
    // The first of the decision's entries are what the receipt lists.
    var decision = Decision()
    for (part, item) in placed {
      // Files belong to the only answer; of several nobody knows to which.
      let body = MessageBody(text: part.text, files: placed.count == 1 ? command.body.files : [])
      decision = decision.and(post(body, on: item.thread))
      answer.posted.append(line(item, body.excerpt))
    }
    decision = decision.and(others)
    answer.unplaced = parts.filter { item($0) == nil }.map {
      DigestAnswer.Line(number: $0.number, excerpt: MessageBody(text: $0.text).excerpt)
    }
    if placed.count != 1, !command.body.files.isEmpty {
      answer.unplaced.append(
        DigestAnswer.Line(number: nil, excerpt: command.body.files.map(\.name).joined(separator: ", ")))
    }
    answer.unplaced = Array(answer.unplaced.prefix(DigestAnswer.mostUnplaced))
    if placed.isEmpty, !decision.notices.isEmpty, answer.unplaced.isEmpty { return decision }
    guard !placed.isEmpty || !decision.notices.isEmpty else {
      return Decision(notices: [digestQuestion()])
    }
    decision.notices.append(receipt(answer, entries: placed.count))
    return decision
  }

  /// It holds the same items under the same numbers, and is answered as the digest is.
  private func digestQuestion() -> Notice {
    var facts = NoticeFacts(count: state.digest.map(\.number).max() ?? 0, excerpt: command.body.excerpt)
    facts.digestAnswer = DigestAnswer(posted: state.digest.map { DigestAnswer.Line(number: $0.number, excerpt: "") })
    var question = toActor(.digestQuestion, replyTarget: state.digest.isEmpty ? .support : .digest, facts: facts)
    question.listed = state.digest.map { .existing($0.entry.id) }
    return question
  }

  /// The item that an answer can be posted on.
  private func item(_ part: NumberedAnswers.Part) -> DigestItem? {
    guard !part.text.isEmpty, !part.isDoubtful, let item = state.digest.first(where: { $0.number == part.number }),
      mayComment(on: item.thread.thread), !item.isHidden
    else { return nil }
    return item
  }

  /// As where the item's own mail is answered.
  private func answerOffer(_ offer: OfferState?, of item: DigestItem, _ text: String) -> Decision? {
    guard let offer else { return nil }
    var state = state
    (state.thread, state.privateThread) = (item.thread, item.privateThread)
    return Question(command: command, state: state, now: now).answerOffer(offer, to: item.entry, text: text)
  }

  private func line(_ item: DigestItem, _ excerpt: String) -> DigestAnswer.Line {
    let thread = item.thread.thread
    return DigestAnswer.Line(
      number: item.number, subject: thread.subject, group: thread.audience.flatMap(directory.groupName),
      excerpt: excerpt)
  }

  private func receipt(_ answer: DigestAnswer, entries: Int) -> Notice {
    var facts = NoticeFacts(
      count: answer.posted.count, retractableUntil: now.addingTimeInterval(policy.undoWindow))
    facts.digestAnswer = answer
    var receipt = toActor(.digestReceipt, replyTarget: .posted, facts: facts)
    receipt.listed = (0..<entries).map { .made($0) }
    return receipt
  }

  /// `herstel` takes back all that the answer posted, `herstel 2` what it posted on that item, as long as it was not
  /// mailed on; other words go to support.
  func answerDigestReceipt() -> Decision {
    guard let asked = NumberedRetraction(firstLineOf: command.body.text) else {
      return command.word == .help ? help() : support()
    }
    let items = state.digest.filter { asked.numbers.isEmpty || asked.numbers.contains($0.number) }
    guard !state.digest.isEmpty, state.digest.allSatisfy({ $0.entry.author == actor }) else { return refuse(.notYours) }
    guard !items.isEmpty else {
      return refuse(.noSuchNumber, asked: state.digest.map { String($0.number) }.joined(separator: ", "))
    }
    let open = items.filter { !$0.entry.isRetracted && now <= $0.entry.at.addingTimeInterval(policy.undoWindow) }
    guard !open.isEmpty else { return refuse(.tooLateToRetract) }
    var facts = NoticeFacts(count: open.count)
    facts.digestAnswer = DigestAnswer(retracted: open.map { line($0, MessageBody(text: $0.entry.text).excerpt) })
    return Decision(
      changes: open.map { .retractEntry($0.entry.id) }, notices: [toActor(.digestReceipt, facts: facts)])
  }
}

extension Decision {
  fileprivate var offerChanges: [OfferChange] {
    changes.compactMap { if case .offer(let change) = $0 { change } else { nil } }
  }
}
