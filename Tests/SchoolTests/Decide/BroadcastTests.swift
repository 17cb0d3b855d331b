import Foundation
import Testing

@testable import School

@Suite("Messages to the whole school")
struct BroadcastTests {
  typealias S = SmallSchool

  static func state(_ check: BroadcastGuard) -> SchoolState {
    var policy = S.policy
    policy.broadcast = check
    return S.state(policy: policy)
  }

  /// A message of Dirk's to the whole school, as its receipt or question is answered.
  static func settled(
    _ check: BroadcastGuard, secondsAgo: TimeInterval, waits: Bool, retracted: Bool = false
  ) -> SchoolState {
    var state = state(check)
    let at = S.now.addingTimeInterval(-secondsAgo)
    let thread = SchoolThread(
      id: ThreadID(7), kind: .news, subject: "Uitje", author: S.dirk, audience: .school, openedAt: at)
    state.thread = ThreadView(thread, participants: [S.dirk])
    state.entry = ThreadEntry(
      id: EntryID(70), thread: thread.id, author: S.dirk, text: "Uitje!", at: at, isRetracted: retracted)
    state.entryAwaitsApproval = waits
    return state
  }

  @Test(
    "With an undo its copies become due after the window, and the receipt says until when",
    arguments: [
      Publication.news, .schoolyard,
    ])
  func undo(publication: Publication) throws {
    let decision = S.decision(S.dirk, .publish(publication, to: nil), in: Self.state(.undo(seconds: 60)))
    let until = S.now.addingTimeInterval(60)
    let copies = decision.notices.filter { $0.kind == publication.noticeKind }
    #expect(copies.count == 3 && copies.allSatisfy { $0.notBefore == until })
    let receipt = try #require(decision.notices.last)
    #expect(receipt.kind == .publishReceipt && receipt.notBefore == nil && receipt.replyTarget == .entry)
    #expect(receipt.facts.retractableUntil == until && receipt.facts.count == 3)
  }

  @Test(
    "What goes to a group, and what is urgent, waits for nothing",
    arguments: [
      BroadcastGuard.undo(seconds: 60), .approval(by: [SmallSchool.anna, SmallSchool.bas]),
    ])
  func exempt(check: BroadcastGuard) {
    for (publication, word) in [(Publication.urgent, nil), (.urgent, "groep5"), (.news, "groep5")] as [(_, String?)] {
      let decision = S.decision(S.dirk, .publish(publication, to: word), in: Self.state(check))
      #expect(!decision.notices.isEmpty && decision.notices.allSatisfy { $0.notBefore == nil })
      #expect(decision.readers(of: .publishReceipt) == [S.dirk])
    }
  }

  @Test("That a help request is there is told when a colleague has approved it, and not before")
  func offer() throws {
    let words = "Hulp gevraagd: Kerst\n- Taart bakken (3)"
    let checks =
      [(BroadcastGuard.approval(by: [S.anna]), Date.distantFuture), (.undo(seconds: 60), nil)] as [(_, Date?)]
    for (check, told) in checks {
      let decision = S.decision(S.dirk, .publish(.schoolyard, to: nil), words, in: Self.state(check))
      #expect(decision.notices.contains { $0.kind == .offerItem })
      #expect(try #require(decision.notices.first { $0.kind == .offerState }).notBefore == told)
    }
  }

  @Test("For approval its copies wait without end; the named colleagues are asked, but never its author")
  func approval() {
    let state = Self.state(.approval(by: [S.anna, S.dirk, S.bas]))
    let decision = S.decision(S.dirk, .publish(.news, to: nil), in: state)
    let copies = decision.notices.filter { $0.kind == .news }
    #expect(copies.count == 3 && copies.allSatisfy { $0.notBefore == .distantFuture })
    #expect(decision.readers(of: .broadcastQuestion) == [S.anna, S.bas])
    let receipt = decision.notices.last
    #expect(receipt?.kind == .broadcastReceipt && receipt?.replyTarget == .entry)
    #expect(receipt?.facts.broadcast == .waiting && receipt?.facts.accounts == [S.anna, S.bas])
    let own = S.decision(S.anna, .publish(.news, to: nil), in: Self.state(.approval(by: [S.anna])))
    #expect(own.readers(of: .broadcastQuestion) == [S.dirk], "support, where nobody else is named")
  }

  @Test(
    "A colleague's akkoord sends it, niet akkoord and weg end it; author and colleague are told",
    arguments: [
      ("akkoord", true), ("Niet akkoord.", false), ("weg", false), ("approve", true), ("Ja hoor, prima", true),
      ("Hallo Dirk,\n\nAkkoord!", true),
    ])
  func answered(word: String, isApproved: Bool) {
    let state = Self.settled(.approval(by: [S.anna, S.bas]), secondsAgo: 900, waits: true)
    let decision = S.decision(S.anna, .answer(.broadcast(EntryID(70))), word, in: state)
    #expect(decision.changes == [.settleBroadcast(EntryID(70), isApproved: isApproved)])
    #expect(decision.readers(of: .broadcastReceipt) == [S.dirk, S.anna])
    let facts = decision.notices.map(\.facts)
    #expect(facts.allSatisfy { $0.broadcast == (isApproved ? .approved : .rejected) && $0.accounts == [S.anna] })
  }

  @Test("Nobody approves their own, nothing is settled twice, and other words go to its author alone")
  func boundaries() {
    let check = BroadcastGuard.approval(by: [S.anna, S.bas])
    let question = Act.answer(.broadcast(EntryID(70)))
    let waiting = Self.settled(check, secondsAgo: 900, waits: true)
    #expect(S.decision(S.dirk, question, "akkoord", in: waiting).refusal == .notYours)
    for word in ["akkoord", "weg"] {
      let sent = Self.settled(check, secondsAgo: 900, waits: false)
      #expect(S.decision(S.anna, question, word, in: sent).refusal == .nothingHeld)
      let gone = Self.settled(check, secondsAgo: 900, waits: true, retracted: true)
      #expect(S.decision(S.anna, question, word, in: gone).refusal == .nothingHeld)
    }
    #expect(
      S.decision(S.els, question, "akkoord", in: waiting).refusal == .notStaff, "a parent to whom it was passed on")
    let approved = S.decision(S.anna, question, "Akkoord, mooi bericht!", in: waiting)
    #expect(approved.changes.first == .settleBroadcast(EntryID(70), isApproved: true))
    #expect(approved.readers(of: .mailboxMessage) == [S.dirk])
    let limited = S.decision(S.anna, question, "Akkoord, maar de datum klopt niet", in: waiting)
    #expect(!limited.changes.contains(.settleBroadcast(EntryID(70), isApproved: true)))
    let words = S.decision(S.anna, question, "Klopt de datum wel?", in: waiting)
    #expect(words.readers(of: .mailboxMessage) == [S.dirk] && words.notices.count == 1)
  }

  @Test(
    "Its author takes it back within the window, or as long as it waits for a colleague",
    arguments: [
      (BroadcastGuard.undo(seconds: 60), 60.0, false, nil), (.undo(seconds: 60), 61, false, .tooLateToRetract),
      (.approval(by: [SmallSchool.anna]), 90_000, true, nil),
      (.approval(by: [SmallSchool.anna]), 5, false, .tooLateToRetract), (.none, 1, false, .tooLateToRetract),
    ] as [(BroadcastGuard, Double, Bool, RefusalReason?)])
  func retract(check: BroadcastGuard, age: Double, waits: Bool, refusal: RefusalReason?) {
    let state = Self.settled(check, secondsAgo: age, waits: waits)
    let decision = S.decision(S.dirk, .answer(.entry(EntryID(70))), "herstel", in: state)
    #expect(decision.refusal == refusal)
    #expect(decision.changes == (refusal == nil ? [.retractEntry(EntryID(70))] : []))
  }

  @Test("Support is told of a flood once a day for each side")
  func flood() {
    var policy = S.policy
    policy.supportDesk = [S.anna, S.bas]
    let decision = tellOfFlood(.sender, from: "els@ouders.test", isKnown: true, count: 200, policy: policy)
    #expect(decision.readers(of: .flood) == [S.anna, S.bas] && decision.changes.isEmpty)
    #expect(decision.notices.allSatisfy { $0.onceADay == "flood sender els@ouders.test" && $0.facts.count == 200 })
    #expect(
      tellOfFlood(.returns, from: nil, isKnown: false, count: 5, policy: policy).notices.first?.onceADay
        == "flood returns ")
  }

  @Test("A colleague's approval must be proven, as what is published must")
  func level() {
    #expect(Act.answer(.broadcast(EntryID(1))).level == .proven)
    #expect(Act.answer(.entry(EntryID(1))).level == .person)
  }
}
