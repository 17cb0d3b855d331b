import Foundation
import Testing

@testable import School

@Suite("Answers to several items of a digest")
struct DigestAnswerTests {
  typealias S = SmallSchool
  static let item5 = SmallSchool.thread(.schoolyard, author: SmallSchool.anna)
  static let item7 = SchoolThread(
    id: ThreadID(8), kind: .schoolyard, subject: "Luizen", author: SmallSchool.cor,
    audience: .group(SmallSchool.group7),
    openedAt: SmallSchool.now)

  static let items = [
    DigestItem(
      number: 1, entry: S.comment(by: S.frank, secondsAgo: 9_000), thread: ThreadView(item5, participants: [S.anna])),
    DigestItem(
      number: 2, entry: S.comment(by: S.cor, secondsAgo: 9_000), thread: ThreadView(item7, participants: [S.cor])),
  ]

  private func answer(_ text: String, files: [StoredFile] = [], as actor: AccountID = S.deVries) -> Decision {
    S.decision(actor, .answer(.digest(DeliveryID(5))), text, files: files, in: S.state(digest: Self.items))
  }

  @Test(
    "Numbers begin lines; what stands before them, and times, do not",
    arguments: [
      ("2: Mooi!", [2: "Mooi!"]), (" 2 : Mooi!\nTot dan", [2: "Mooi!\nTot dan"]), ("1) ja", [1: "ja"]),
      ("Mooi!", [0: "Mooi!"]), ("Hoi,\n1: ja\n\n4:nee ", [1: "ja", 4: "nee"]),
      ("1: ja\n8:30 uur\n2: nee", [1: "ja\n8:30 uur", 2: "nee"]), ("1: a\n2: b\n1: c", [1: "a\nc", 2: "b"]),
      ("0: x", [0: "0: x"]), ("2:", [2: ""]), ("", [:]), ("\n\n", [:]),
      ("99999999999999999999: x", [0: "99999999999999999999: x"]),
      ("1: leuk!\n2. Maandag ook\n3) wij lezen", [1: "leuk!", 2: "Maandag ook", 3: "wij lezen"]),
      ("1. leuk\n2 - ook\n3 – ja", [1: "leuk", 2: "ook", 3: "ja"]),
      ("Hoi allemaal, 1: leuk\n- 2: ook", [1: "leuk", 2: "ook"]),
      ("Nummer 2: leuk\nOp nr. 3: ja\nop 4 - nee", [2: "leuk", 3: "ja", 4: "nee"]),
      ("1: ja\n2-jarigen ook\n2.5 liter", [1: "ja\n2-jarigen ook\n2.5 liter"]),
    ] as [(String, [Int: String])])
  func numbered(text: String, parts: [Int: String]) {
    let read = NumberedAnswers(text, of: [1, 2, 3, 4]).parts
    #expect(Dictionary(read.map { ($0.number ?? 0, $0.text) }) { $0 + $1 } == parts)
  }

  @Test(
    "What may be the answer to another item is not placed",
    arguments: [
      ("1: lekker! 2: niet gelezen", [1]), ("1: lekker 2. niet gelezen\n3: ja", [1]), ("1: ja, 2 - nee", [1]),
      ("1: lekker\n2 niet gelezen", [1]), ("1: lekker\n2, niet gelezen", [1]), ("1: leuk\n9. ook ja", [1]),
      ("2: wij nemen mee:\n1. taart\n3. koek", [1, 2, 3]), ("3: ik neem\n1. taart\n2. koek", [1, 2, 3]),
      ("1: leuk!\nNummer 2, ook leuk", []), ("1: om 2. Tot dan", []), ("1: in groep 3. Leuk!", []),
      ("1: op\n12. december", []), ("1: wij zijn met 2.", []), ("1: om 2:30 uur\n2: 2 - 3 dagen", []),
    ] as [(String, [Int])])
  func doubtful(text: String, numbers: [Int]) {
    let parts = NumberedAnswers(text, of: [1, 2, 3, 4]).parts
    #expect(parts.filter(\.isDoubtful).compactMap(\.number).sorted() == numbers, "\(parts)")
  }

  @Test("A number in the midst of an answer posts nothing of it, and is asked about whole")
  func glued() {
    let oneLine = answer("1: lekker! 2: niet gelezen")
    #expect(oneLine.changes.isEmpty && oneLine.notices.map(\.kind) == [.digestQuestion])
    let mixed = answer("1: leuk\n2: soep! 1: bah")
    #expect(mixed.notices.last?.facts.digestAnswer?.posted.map(\.excerpt) == ["leuk"])
    #expect(mixed.notices.last?.facts.digestAnswer?.unplaced.map(\.excerpt) == ["soep! 1: bah"])
    #expect(answer("1. Leuk!\n2. Wij helpen").notices.last?.facts.digestAnswer?.posted.count == 2)
  }

  @Test("A hundred thousand numbers are read as soon as they are there")
  func many() {
    let text = (1...100_000).map { "\($0) )" }.joined(separator: "\n")
    #expect(NumberedAnswers(text).parts.count == 100_000)
  }

  @Test("Each answer is a comment on its item, in one decision with one receipt")
  func several() throws {
    let decision = answer("1: Leuk!\n2: Wij helpen")
    let added = decision.changes.compactMap { change -> (Reference<ThreadID>, String)? in
      if case .addEntry(let thread, _, let body, _) = change { (thread, body.text) } else { nil }
    }
    #expect(added.map(\.0) == [.existing(Self.item5.id), .existing(Self.item7.id)])
    #expect(added.map(\.1) == ["Leuk!", "Wij helpen"])
    let comments = decision.notices.filter { $0.kind == .schoolyardComment }
    #expect(comments.contains { $0.recipient == .account(S.anna) && $0.entry == .made(0) })
    #expect(comments.contains { $0.recipient == .account(S.cor) && $0.entry == .made(1) })
    #expect(comments.allSatisfy { ($0.recipient == .account(S.cor)) == ($0.entry == .made(1)) })
    let receipt = try #require(decision.notices.last)
    #expect(receipt.kind == .digestReceipt && receipt.listed == [.made(0), .made(1)] && receipt.replyTarget == .posted)
    #expect(receipt.facts.digestAnswer?.posted.map(\.number) == [1, 2])
    #expect(receipt.facts.digestAnswer?.posted.map(\.group) == ["Groep 5", "Groep 7"])
  }

  @Test("What belongs nowhere is asked about in the same receipt; another group's item stays closed")
  func unplaced() {
    let mixed = answer("Hallo,\n1: Leuk!\n9: Wat?\n2:").notices.last?.facts.digestAnswer
    #expect(mixed?.posted.map(\.number) == [1])
    #expect(mixed?.unplaced.map(\.number) == [9, 2] && mixed?.unplaced.map(\.excerpt) == ["Wat?", ""])
    let before = answer("Hallo,\nMooi!\n1: Leuk!").notices.last?.facts.digestAnswer
    #expect(before?.unplaced.map(\.excerpt) == ["Mooi!"], "a greeting is none, words are")
    let els = answer("1: ja\n2: ook ja", as: S.els)
    #expect(els.notices.last?.facts.digestAnswer?.unplaced.map(\.number) == [2], "Els has no child in group 7")
    #expect(!els.notices.contains { $0.recipient == .account(S.cor) })
    let nothing = answer("Leuk!")
    #expect(nothing.notices.map(\.kind) == [.digestQuestion] && nothing.changes.isEmpty)
    let question = nothing.notices.first
    #expect(question?.replyTarget == .digest && question?.listed == Self.items.map { .existing($0.entry.id) })
    #expect(question?.facts.digestAnswer?.posted.map(\.number) == [1, 2], "it is answered as the digest is")
    let many = answer("1: ja\n" + (10...40).map { "\($0): x" }.joined(separator: "\n"))
    #expect(many.notices.last?.facts.digestAnswer?.unplaced.count == DigestAnswer.mostUnplaced)
  }

  @Test("A file goes with the only answer; of several nobody knows to which")
  func files() {
    let file = StoredFile(digest: "d", name: "foto.jpg", mediaType: "image/jpeg", size: 9)
    let bodies = { (decision: Decision) in
      decision.changes.compactMap { change -> [StoredFile]? in
        if case .addEntry(_, _, let body, _) = change { body.files } else { nil }
      }
    }
    #expect(bodies(answer("1: kijk", files: [file])) == [[file]])
    let two = answer("1: kijk\n2: ook", files: [file])
    #expect(bodies(two) == [[], []])
    #expect(two.notices.last?.facts.digestAnswer?.unplaced.map(\.excerpt) == ["foto.jpg"])
  }

  @Test(
    "Herstel takes back all, or what stands under a number",
    arguments: [
      ("herstel", [70, 71]), ("Herstel 2", [71]), ("herstel 1 en 2", [70, 71]), ("undo 1, 2", [70, 71]),
    ] as [(String, [Int64])])
  func retract(text: String, entries: [Int64]) {
    let posted = (70...71).map { id in
      DigestItem(
        number: Int(id) - 69,
        entry: ThreadEntry(id: EntryID(id), thread: ThreadID(7), author: S.els, text: "Leuk!", at: S.now - 60),
        thread: ThreadView(Self.item5, participants: []))
    }
    let act = Act.answer(.posted(DeliveryID(9)))
    let decision = S.decision(S.els, act, text, in: S.state(digest: posted))
    #expect(decision.changes == entries.map { .retractEntry(EntryID($0)) })
    #expect(decision.notices.first?.facts.digestAnswer?.retracted.count == entries.count)
    #expect(S.decision(S.frank, act, text, in: S.state(digest: posted)).refusal == .notYours)
    let none = S.decision(S.els, act, "herstel 9", in: S.state(digest: posted))
    #expect(none.refusal == .noSuchNumber && none.notices.first?.facts.asked == "1, 2" && none.changes.isEmpty)
    #expect(S.decision(S.frank, act, "herstel 9", in: S.state(digest: posted)).refusal == .notYours)
    #expect(S.decision(S.els, act, "Dank u", in: S.state(digest: posted)).readers(of: .supportMessage) == [S.dirk])
  }

  @Test("Decisions are joined with their threads and entries kept apart")
  func joined() {
    let open = S.decision(S.els, .askSupport, "Vraag")
    let both = open.and(S.decision(S.frank, .askSupport, "Nog een"))
    #expect(both.changes.count == 4)
    guard case .addEntry(.made(1), S.frank, _, _) = both.changes[3] else {
      Issue.record("the second entry belongs to the second thread: \(both.changes[3])")
      return
    }
    #expect(both.notices.map(\.thread) == [.made(0), .made(1)] && both.notices.map(\.entry) == [.made(0), .made(1)])
    var scarce = Decision(basis: Revision(subject: "offer 1", number: 2))
    scarce = scarce.and(Decision(basis: Revision(subject: "offer 2", number: 0))).and(scarce)
    #expect(scarce.bases.map(\.subject) == ["offer 1", "offer 2"])
  }

  @Test(
    "Herstel to such a receipt may have words beside it; numbers that are not clear take nothing back",
    arguments: [
      ("Herstel, verkeerde datum", []), ("Hallo,\n\nherstel 2 en 4 aub", [2, 4]),
      ("herstel 2, dat was voor de juf", [2]),
      ("please undo 2", [2]), ("Oeps, niet de bedoeling. Herstel", []), ("Herstel, alleen 2", nil),
      ("Herstel van de schommel duurt lang", nil),
    ] as [(String, Set<Int>?)])
  func retractionInWords(text: String, numbers: Set<Int>?) {
    #expect(NumberedRetraction(firstLineOf: text)?.numbers == numbers, "\(text)")
  }
}
