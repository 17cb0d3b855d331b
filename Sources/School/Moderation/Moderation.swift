import Foundation

/// Who took away what somebody wrote on the schoolplein.
package struct Removal: Sendable, Hashable {
  package var by: AccountID
  package var at: Date

  package init(by: AccountID, at: Date) {
    self.by = by
    self.at = at
  }
}

/// What a notice says of a comment that was reported or taken away.
package struct ModerationFacts: Sendable, Hashable, Codable {
  /// Who reported it; only staff reads that.
  package var reporter: String?
  /// Who wrote it.
  package var author: String
  package var isReaderAuthor: Bool

  package init(reporter: String? = nil, author: String, isReaderAuthor: Bool = false) {
    self.reporter = reporter
    self.author = author
    self.isReaderAuthor = isReaderAuthor
  }
}

/// The words of moderation, without accents, in Dutch, Frisian and English.
package enum ModerationWord: String, Sendable, Hashable, CaseIterable {
  case report, remove

  package init?(firstLineOf text: String) {
    guard let (word, _) = Self.read(text) else { return nil }
    self = word
  }

  /// The word and what else was written: it is the first line that does more than greet, or a mark parts it from the
  /// rest of that line; to report it may also stand apart at the end of a short answer.
  static func read(_ text: String) -> (word: ModerationWord, rest: String)? {
    let said = Glossary.withoutGreeting(text)
    let line = said.prefix { !$0.isNewline }
    if let word = named(Glossary.words(line.prefix(100))) { return (word, String(said[line.endIndex...])) }
    if let (head, _) = Glossary.parted(line), let word = named(Glossary.words(head)) {
      return (word, String(said[head.endIndex...].drop { !$0.isLetter && !$0.isNumber }))
    }
    // Posted, it would tell all readers who reports.
    let isLast = Glossary.parts(ofShort: text, most: 25).last.map { named($0) } == .report
    return isLast ? (.report, String(said)) : nil
  }

  private static func named(_ words: [String]) -> ModerationWord? {
    let said = words.joined(separator: " ")
    return allCases.first { $0.words.contains(said) }
  }

  private var words: [String] {
    switch self {
    case .report:
      [
        "melden", "meld dit", "ik meld dit", "ik wil dit melden", "ik wil dit graag melden", "melde",
        "ik wol dit melde",
        "report", "report this", "please report", "i want to report this",
      ]
    case .remove: ["weg", "weghalen", "fuort", "fuorthelje", "remove"]
    }
  }

  package func offered(in language: Language) -> String {
    switch (self, language) {
    case (.report, .dutch): "melden"
    case (.report, .frisian): "melde"
    case (.report, .english): "report"
    case (.remove, .dutch): "weg"
    case (.remove, .frisian): "fuort"
    case (.remove, .english): "remove"
    }
  }
}

extension Question {
  /// Who looks after what is said to an audience: whom the school named for it, else the teachers of the group, else
  /// support.
  func moderators(of audience: Audience) -> [AccountID] {
    if !policy.moderators.isEmpty { return policy.moderators }
    guard case .group(let group) = audience else { return supportDesk }
    let teachers = directory.teachers(of: group)
    return teachers.isEmpty ? supportDesk : teachers
  }

  /// `melden` or `weg` in answer to a comment or item; nil for everything else. Of a parent `weg` is a comment.
  func moderate(_ view: ThreadView, _ entry: ThreadEntry?, text: String) -> Decision? {
    switch ModerationWord.read(text) {
    case (.report, let words)?: report(entry, in: view.thread, words: words)
    case (.remove, _)? where directory.isStaff(actor): remove(entry, in: view.thread)
    case (.remove, _)?, nil: nil
    }
  }

  /// A parent's report: who looks after that group reads what was written there, and takes it away with one tap.
  private func report(_ entry: ThreadEntry?, in thread: SchoolThread, words: String) -> Decision {
    guard let audience = thread.audience, mayComment(on: thread) else { return refuse(.notYours) }
    guard let entry, entry.thread == thread.id, !entry.isRetracted else { return refuse(.alreadyGone) }
    var facts = NoticeFacts(excerpt: words.allSatisfy(\.isWhitespace) ? nil : MessageBody(text: words).excerpt)
    facts.moderation = ModerationFacts(reporter: directory.name(of: actor), author: directory.name(of: entry.author))
    let desk = moderators(of: audience).filter { $0 != actor }
    guard !desk.isEmpty else { return support() }
    let questions = desk.map {
      Notice(
        .commentReport, to: .account($0), thread: .existing(thread.id), entry: .existing(entry.id),
        replyTarget: .reported(entry.id), facts: facts, onceADay: "report of \(entry.id)")
    }
    var receipt = NoticeFacts(excerpt: MessageBody(text: entry.text).excerpt)
    receipt.moderation = ModerationFacts(author: directory.name(of: entry.author))
    return Decision(notices: questions + [toActor(.reportReceipt, thread: .existing(thread.id), facts: receipt)])
  }

  /// `weg` in answer to a report; other words are for support.
  func answerReport() -> Decision {
    guard let thread = state.thread?.thread else { return help() }
    guard directory.isStaff(actor) || moderators(of: thread.audience ?? .school).contains(actor) else {
      return refuse(.notStaff)
    }
    guard ModerationWord(firstLineOf: command.body.text) == .remove else {
      return command.word == .help ? help() : support()
    }
    return remove(state.entry, in: thread)
  }

  /// Hidden for all who have not had it, with a trace of who did it; its author is told.
  private func remove(_ entry: ThreadEntry?, in thread: SchoolThread) -> Decision {
    guard let entry, entry.thread == thread.id, !entry.isRetracted else { return refuse(.alreadyGone) }
    var facts = NoticeFacts(excerpt: MessageBody(text: entry.text).excerpt)
    var decision = Decision(
      changes: [.retractEntry(entry.id), .moderation(.remove(entry.id, by: actor))], basis: state.entryRevision)
    if entry.author != actor {
      facts.moderation = ModerationFacts(author: directory.name(of: entry.author), isReaderAuthor: true)
      decision.notices.append(
        Notice(.commentRemoved, to: .account(entry.author), thread: .existing(thread.id), facts: facts))
    }
    facts.moderation = ModerationFacts(author: directory.name(of: entry.author))
    return decision.adding(toActor(.commentRemoved, thread: .existing(thread.id), facts: facts))
  }
}

/// What moderation writes down.
package enum ModerationWrite: Sendable, Hashable {
  case remove(EntryID, by: AccountID)
}
