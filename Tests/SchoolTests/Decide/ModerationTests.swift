import Foundation
import Testing

@testable import School

@Suite("Moderation of the schoolplein")
struct ModerationTests {
  typealias S = SmallSchool
  let item = SmallSchool.thread(.schoolyard, author: SmallSchool.anna)

  private func state(_ entry: ThreadEntry?, policy: SchoolPolicy = S.policy) -> SchoolState {
    var state = S.state(thread: item, participants: [S.anna, S.els], entry: entry, policy: policy)
    state.entryRevision = Revision(subject: "entry 70", number: 0)
    return state
  }

  @Test("A parent's report goes to the teachers of the group, or whom the school named, and not to its author")
  func report() {
    let entry = S.comment(by: S.els, secondsAgo: 9_000)
    let decision = S.decision(S.frank, .answer(.thread(item.id)), "Melden\nDit is niet aardig", in: state(entry))
    #expect(decision.changes.isEmpty && decision.readers(of: .commentReport) == [S.anna, S.bas])
    #expect(decision.readers(of: .reportReceipt) == [S.frank] && decision.notices.count == 3)
    let question = decision.notices[0]
    #expect(question.entry == .existing(entry.id) && question.replyTarget == .reported(entry.id))
    #expect(question.facts.excerpt == "Dit is niet aardig" && question.facts.moderation?.reporter == "Frank")
    #expect(decision.notices.last?.facts.moderation?.reporter == nil && question.onceADay != nil)
    var policy = S.policy
    policy.moderators = [S.cor]
    let named = S.decision(S.frank, .answer(.thread(item.id)), "melden", in: state(entry, policy: policy))
    #expect(named.readers(of: .commentReport) == [S.cor])
    let unknown = S.decision(S.frank, .answer(.thread(item.id)), "melden", in: state(nil))
    #expect(unknown.refusal == .alreadyGone)
    let outside = S.decision(S.onRequest, .answer(.thread(item.id)), "melden", in: state(entry))
    #expect(outside.refusal == .notYours)
  }

  @Test(
    "A report in ordinary words is one, and its words are for the moderators alone",
    arguments: [
      ("Melden. Dit hoort hier niet.", "Dit hoort hier niet."), ("Hallo,\n\nmelden!\nNiet aardig", "Niet aardig"),
      ("This is not appropriate here, report", "This is not appropriate here, report"),
      ("Dit kan echt niet. Ik wil dit graag melden.\n\nGroet, Frank", nil),
    ])
  func plainReport(text: String, words: String?) {
    let entry = S.comment(by: S.els, secondsAgo: 9_000)
    let decision = S.decision(S.frank, .answer(.thread(item.id)), text, in: state(entry))
    #expect(decision.changes.isEmpty && decision.readers(of: .commentReport) == [S.anna, S.bas])
    #expect(words == nil || decision.notices[0].facts.excerpt == words)
    let letter = "Wie mee wil rijden kan zich bij mij melden"
    #expect(
      S.decision(S.frank, .answer(.thread(item.id)), letter, in: state(entry)).readers(of: .commentReceipt)
        == [S.frank])
  }

  @Test("Staff take a comment away, with a trace, and its author is told; of a parent the same word is a comment")
  func remove() {
    let entry = S.comment(by: S.els, secondsAgo: 9_000)
    let decision = S.decision(S.bas, .answer(.thread(item.id)), "Weg", in: state(entry))
    #expect(decision.changes == [.retractEntry(entry.id), .moderation(.remove(entry.id, by: S.bas))])
    #expect(decision.readers(of: .commentRemoved) == [S.els, S.bas] && decision.basis?.subject == "entry 70")
    #expect(decision.notices.map(\.facts.moderation?.isReaderAuthor) == [true, false])
    let parent = S.decision(S.frank, .answer(.thread(item.id)), "Weg!", in: state(entry))
    #expect(parent.readers(of: .commentReceipt) == [S.frank] && !parent.changes.contains(.retractEntry(entry.id)))
    let gone = S.decision(
      S.bas, .answer(.thread(item.id)), "weg", in: state(S.comment(by: S.els, secondsAgo: 60, retracted: true)))
    #expect(gone.refusal == .alreadyGone)
  }

  @Test("A report is answered by weg, of staff or whom the school named; other words are for support")
  func answerReport() {
    let entry = S.comment(by: S.els, secondsAgo: 9_000)
    let act = Act.answer(.reported(entry.id))
    #expect(act.level == .proven)
    #expect(S.decision(S.anna, act, "weg", in: state(entry)).changes.first == .retractEntry(entry.id))
    #expect(S.decision(S.frank, act, "weg", in: state(entry)).refusal == .notStaff)
    #expect(S.decision(S.anna, act, "Valt mee", in: state(entry)).readers(of: .supportMessage) == [S.dirk])
  }

  @Test("A digest's item is reported by its number")
  func digest() {
    let items = [
      DigestItem(number: 1, entry: S.comment(by: S.els, secondsAgo: 9_000), thread: ThreadView(item, participants: []))
    ]
    let decision = S.decision(S.frank, .answer(.digest(DeliveryID(5))), "1: melden", in: S.state(digest: items))
    #expect(decision.readers(of: .commentReport) == [S.anna, S.bas])
    #expect(decision.readers(of: .digestReceipt).isEmpty && decision.readers(of: .digestQuestion).isEmpty)
  }

  @Test("What is offered is read again", arguments: Language.allCases)
  func offered(language: Language) {
    for word in ModerationWord.allCases {
      #expect(ModerationWord(firstLineOf: "\n \(word.offered(in: language).uppercased())!") == word)
    }
    #expect(ModerationWord(firstLineOf: "weg ermee") == nil && ModerationWord(firstLineOf: "") == nil)
  }
}

@Suite("What parents open on the schoolplein, where the school approves it first")
struct ItemApprovalTests {
  typealias S = SmallSchool

  static var policy: SchoolPolicy {
    var policy = S.policy
    policy.parentsMayOpenSchoolyard = true
    policy.approvesParentItems = true
    return policy
  }

  private func state(waits: Bool, author: AccountID = S.els) -> SchoolState {
    var thread = S.thread(.schoolyard, author: author)
    thread.openedAt = S.now - 3_600
    var entry = S.comment(by: author, secondsAgo: 3_600)
    entry.at = thread.openedAt
    var state = S.state(thread: thread, entry: entry, policy: Self.policy)
    state.entryAwaitsApproval = waits
    state.entryRevision = Revision(subject: "entry 70", number: 4)
    return state
  }

  @Test("It waits for the teachers of the group, or whom the school named; what staff open does not")
  func waits() {
    let act = Act.publish(.schoolyard, to: "groep5")
    let decision = S.decision(S.els, act, in: S.state(policy: Self.policy))
    #expect(decision.readers(of: .itemQuestion) == [S.anna, S.bas] && decision.readers(of: .itemReceipt) == [S.els])
    #expect(decision.notices.filter { $0.kind == .schoolyardItem }.allSatisfy { $0.notBefore == .distantFuture })
    var named = Self.policy
    named.moderators = [S.cor]
    #expect(S.decision(S.els, act, in: S.state(policy: named)).readers(of: .itemQuestion) == [S.cor])
    let staff = S.decision(S.anna, act, in: S.state(policy: Self.policy))
    #expect(staff.readers(of: .itemQuestion).isEmpty && staff.notices[0].notBefore == nil)
    var open = Self.policy
    open.approvesParentItems = false
    #expect(S.decision(S.els, act, in: S.state(policy: open)).notices[0].notBefore == nil)
  }

  @Test(
    "Akkoord or weg: the first answer counts, and the parent is told either way",
    arguments: [("Akkoord", true), ("weg", false), ("niet akkoord", false)])
  func settle(text: String, isApproved: Bool) {
    let act = Act.answer(.broadcast(EntryID(70)))
    let decision = S.decision(S.anna, act, text, in: state(waits: true))
    #expect(decision.changes == [.settleBroadcast(EntryID(70), isApproved: isApproved)])
    #expect(decision.readers(of: .itemReceipt) == [S.els, S.anna] && decision.basis?.number == 4)
    #expect(S.decision(S.bas, act, text, in: state(waits: false)).refusal == .nothingHeld)
    #expect(S.decision(S.frank, act, text, in: state(waits: true)).refusal == .notStaff)
    #expect(S.decision(S.els, act, text, in: state(waits: true)).refusal == .notYours)
  }

  @Test("Its author takes it back while it waits, and not once it was mailed")
  func takeBack() {
    let act = Act.answer(.entry(EntryID(70)))
    #expect(S.decision(S.els, act, "herstel", in: state(waits: true)).changes == [.retractEntry(EntryID(70))])
    #expect(S.decision(S.els, act, "herstel", in: state(waits: false)).refusal == .tooLateToRetract)
  }
}
