import Foundation
import Testing

@testable import School

/// Who left, lost authority or never belonged to the school.
@Suite("What goes to whom is judged by who they are now")
struct LeaversTests {
  typealias S = SmallSchool

  /// The school without some of its people.
  private static func school(
    without staff: Set<AccountID> = [], noAuthority: Set<AccountID> = [], strangers: [Account] = []
  ) -> Directory {
    Directory(
      accounts: Array(S.directory.accounts.values) + strangers, groups: Array(S.directory.groups.values),
      pupils: Array(S.directory.pupils.values),
      carers: S.directory.carers.values.map { carer in
        var carer = carer
        if noAuthority.contains(carer.account) { carer.authority = carer.authority.mapValues { _ in .none } }
        return carer
      }, staff: S.directory.staff.values.filter { member in !staff.contains { $0 == member.account } })
  }

  private static func state(
    _ directory: Directory, thread: SchoolThread? = nil, participants: Set<AccountID> = [],
    privateThread: SchoolThread? = nil, policy: SchoolPolicy = S.policy
  ) -> SchoolState {
    SchoolState(
      directory: directory, policy: policy, thread: thread.map { ThreadView($0, participants: participants) },
      privateThread: privateThread)
  }

  @Test("A comment goes to nobody who may not read it any more, though they took part")
  func comments() {
    let item = S.thread(.schoolyard, author: S.anna)
    let act = Act.answer(.thread(item.id))
    let all = S.decision(S.els, act, "Leuk", in: Self.state(S.directory, thread: item, participants: [S.frank, S.bas]))
    #expect(all.readers(of: .schoolyardComment) == [S.anna, S.bas, S.frank])
    let left = Self.school(without: [S.bas], noAuthority: [S.frank])
    let some = S.decision(S.els, act, "Leuk", in: Self.state(left, thread: item, participants: [S.frank, S.bas]))
    #expect(some.readers(of: .schoolyardComment) == [S.anna])
  }

  @Test("A digest tells of what its reader may read now")
  func digests() {
    let line = DigestLine(entry: EntryID(7), at: S.now - 86_400, audience: .group(S.group5))
    for (directory, count) in [(S.directory, 1), (Self.school(noAuthority: [S.els]), 0)] {
      let due = digestsDue([S.els: [line]], directory: directory, policy: S.policy, now: S.now, regardlessOfHour: true)
      #expect(due.first?.notices.count == count)
      #expect(due.first?.changes == [.takeFromDigest(S.els, entries: [EntryID(7)])], "it waits no longer")
    }
  }

  @Test("What was taken away or waits for approval is not commented on")
  func hidden() {
    var state = S.state(thread: S.thread(.schoolyard, author: S.anna))
    state.isThreadHidden = true
    let decision = S.decision(S.els, .answer(.thread(ThreadID(7))), "Leuk", in: state)
    #expect(decision.refusal == .alreadyGone && decision.changes.isEmpty)
  }

  @Test("A parent's words to a teacher who left reach those who are there; who wrote with two reaches the other")
  func formerTeacher() {
    let left = Self.school(without: [S.anna])
    let news = S.thread(.news, author: S.anna)
    let answer = S.decision(S.els, .answer(.thread(news.id)), in: Self.state(left, thread: news))
    #expect(answer.readers(of: .mailboxMessage) == [S.bas], "the other teacher of the group")
    let alone = S.thread(.mailbox, author: S.els, audience: nil, members: [S.els, S.anna])
    let next = S.decision(S.els, .answer(.thread(alone.id)), in: Self.state(left, thread: alone))
    #expect(next.readers(of: .mailboxMessage) == [S.bas])
    let duo = S.thread(.mailbox, author: S.els, audience: nil, members: [S.els, S.anna, S.bas])
    let other = S.decision(S.els, .answer(.thread(duo.id)), in: Self.state(left, thread: duo))
    #expect(other.readers(of: .mailboxMessage) == [S.bas] && other.changes.count == 1)
    var again = Self.state(left, thread: alone)
    again.privateThread = SchoolThread(
      id: ThreadID(8), kind: .mailbox, subject: "Uitje", author: S.els, members: [S.els, S.bas], about: alone.id,
      openedAt: S.now)
    let more = S.decision(S.els, .answer(.thread(alone.id)), in: again)
    #expect(more.readers(of: .mailboxMessage) == [S.bas] && more.changes.count == 1, "it goes on in the new one")
    var open = S.policy
    open.parentsMayOpenSchoolyard = true
    let item = S.thread(.schoolyard, author: AccountID(50))
    let parents = S.decision(S.els, .answer(.privately(item.id)), in: Self.state(left, thread: item, policy: open))
    #expect(parents.readers(of: .mailboxMessage) == [AccountID(50)], "a parent's item may be a former parent's")
    let nobody = Self.school(without: [S.anna, S.bas])
    let support = S.decision(S.els, .answer(.thread(news.id)), in: Self.state(nobody, thread: news))
    #expect(support.readers(of: .mailboxMessage) == [S.dirk])
  }

  @Test("Who is no parent, staff or desk writes to support alone")
  func strangers() {
    let stranger = S.account(AccountID(99), "iemand@elders.test")
    let state = Self.state(Self.school(strangers: [stranger]))
    let decision = S.decision(stranger.id, .write(to: "groep5"), in: state)
    #expect(decision.readers(of: .mailboxMessage).isEmpty && decision.readers(of: .supportMessage) == [S.dirk])
  }

  @Test("An address from which its owner first wrote to support can become theirs")
  func ownNewAddress() {
    let stranger = S.account(AccountID(99), "els@ziggo.test")
    let state = Self.state(Self.school(strangers: [stranger]))
    let decision = S.decision(S.els, .settings(.changeAddress("els@ziggo.test")), in: state)
    #expect(decision.changes == [.setNewAddress(S.els, "els@ziggo.test")])
  }

  @Test("Below gezien and niet akkoord stands what somebody must read; a name or a farewell is none of that")
  func wordsBelow() {
    let urgent = S.thread(.urgent, author: S.dirk)
    let answer = { (text: String) in
      S.decision(S.els, .answer(.thread(urgent.id)), text, in: S.state(thread: urgent))
    }
    let words = answer("Gezien\n\nNoor heeft haar inhaler niet bij zich, bel mij\n\nGroet, Els")
    #expect(words.readers(of: .mailboxMessage) == [S.dirk] && words.changes.contains(.markSeen(urgent.id, by: S.els)))
    for text in ["Gezien", "gezien!\n\nGroetjes,\nEls\n06 12345678", "Gezien\n\nEls"] {
      #expect(answer(text).readers(of: .mailboxMessage).isEmpty, "\(text)")
    }
  }

  @Test("Who alone may approve is told so, and not that they are no staff")
  func noApprover() {
    var policy = S.policy
    policy.broadcast = .approval(by: [S.dirk])
    policy.supportDesk = [S.dirk]
    let decision = S.decision(S.dirk, .publish(.news, to: nil), in: S.state(policy: policy))
    #expect(decision.refusal == .noApprover && decision.changes.isEmpty)
  }
}
