import Foundation
import Testing

@testable import School

@Suite("Help requests and polls, decided")
struct OfferingTests {
  typealias S = SmallSchool
  static let thread = SmallSchool.thread(.schoolyard, author: SmallSchool.anna)
  static let help = OfferTerms(kind: .help, lines: [.init("Maandag", places: 1), .init("Dinsdag", places: 2)])
  static let secret = OfferTerms(kind: .poll, lines: [.init("Efteling"), .init("Emmen")], isSecret: true)
  static let open = OfferTerms(kind: .poll, lines: [.init("Efteling"), .init("Emmen")])

  static func state(_ terms: OfferTerms, _ answers: [(AccountID, Int)] = [], closed: Bool = false) -> OfferState {
    let offer = Offer(
      id: thread.id, organiser: S.anna, audience: .group(S.group5), terms: terms, openedAt: thread.openedAt,
      closedAt: closed ? S.now : nil)
    return OfferState(
      offer: offer,
      answers: answers.enumerated().map {
        OfferAnswer(account: $1.0, line: $1.1, at: S.now.addingTimeInterval(Double($0) - 100))
      }, revision: Revision(subject: Offer.subject(thread.id), number: answers.count))
  }

  static func decision(_ actor: AccountID, _ text: String, _ offer: OfferState, receipt: Bool = false) -> Decision {
    var state = S.state(thread: thread, participants: [S.anna])
    state.offer = offer
    return S.decision(actor, .answer(receipt ? .offer(thread.id) : .thread(thread.id)), text, in: state)
  }

  static func facts(_ decision: Decision, _ kind: NoticeKind) -> OfferFacts? {
    decision.notices.first { $0.kind == kind }?.facts.offer
  }

  @Test("Staff open one as a schoolplein item; a parent's item stays an ordinary one")
  func opening() {
    let text = "Hulp gevraagd (tot 12 december):\n- Taart (3)\n- Koffie (1)"
    let decision = S.decision(S.anna, .publish(.schoolyard, to: "groep5"), text)
    #expect(
      decision.readers(of: .offerItem) == [S.deVries, S.els, S.frank] && decision.readers(of: .offerState) == [S.anna])
    #expect(decision.changes.count == 3 && decision.readers(of: .publishReceipt).isEmpty)
    let facts = Self.facts(decision, .offerItem)
    #expect(facts?.lines == [.init(text: "Taart", places: 3), .init(text: "Koffie", places: 1)])
    let policy = SchoolPolicy(parentsMayOpenSchoolyard: true, timeZone: S.policy.timeZone)
    let parents = S.decision(S.els, .publish(.schoolyard, to: "groep5"), text, in: S.state(policy: policy))
    #expect(parents.readers(of: .schoolyardItem) == [S.deVries, S.frank] && parents.changes.count == 2)
  }

  @Test("A place is claimed, on the revision that was read, and the receipt says it with how to give it back")
  func claim() {
    let state = Self.state(Self.help)
    let decision = Self.decision(S.els, "ja 1 2\nIk kan vanaf tien uur", state)
    #expect(decision.basis == state.revision)
    #expect(
      decision.changes == [
        .offer(.withdraw(Self.thread.id, S.els, line: 0)),
        .offer(.answer(Self.thread.id, S.els, line: 1, note: "Ik kan vanaf tien uur")),
        .offer(.answer(Self.thread.id, S.els, line: 2, note: "Ik kan vanaf tien uur")),
      ])
    let facts = Self.facts(decision, .offerReceipt)
    #expect(facts?.lines.map(\.mine) == [0, 0] && facts?.hasNote == true && facts?.stage == .answered)
    #expect(facts?.lines.allSatisfy { $0.people == nil } == true, "parents see counts")
    #expect(decision.notices.count == 1 && decision.notices[0].replyTarget == .offer)
  }

  @Test("A full task has a waiting list in order; whoever gives back lets the first move up, who is told")
  func waiting() {
    let full = Self.state(Self.help, [(S.els, 1), (S.frank, 1), (S.deVries, 1), (S.deVries, 2)])
    #expect(Self.facts(Self.decision(S.deVries, "1", full), .offerReceipt)?.lines.map(\.mine) == [2, 0], "nothing new")
    let given = Self.decision(S.els, "nee 1", full)
    #expect(given.readers(of: .offerPlace) == [S.frank] && given.basis == full.revision)
    #expect(Self.facts(given, .offerPlace)?.lines.map(\.mine) == [0, nil])
    #expect(Self.facts(given, .offerReceipt)?.stage == .withdrawn)
    let waiting = Self.decision(S.frank, "nee", full)
    #expect(waiting.readers(of: .offerPlace).isEmpty, "who only waited makes no place free")
    let both = Self.decision(S.deVries, "herstel", full)
    #expect(
      both.changes == [
        .offer(.withdraw(Self.thread.id, S.deVries, line: 2)),
        .offer(.answer(Self.thread.id, S.deVries, line: 0, note: nil)),
      ])
    let kept = Self.state(Self.help, [(S.deVries, 1), (S.deVries, 0)])
    let after = Self.decision(S.deVries, "herstel", kept)
    #expect(after.changes.isEmpty && Self.facts(after, .offerReceipt)?.stage == .state, "the place of before is kept")
  }

  @Test("Who gives back what they do not have is told what they have")
  func givesBackOthers() {
    let decision = Self.decision(S.els, "nee 2", Self.state(Self.help, [(S.els, 1)]))
    #expect(decision.changes.isEmpty && Self.facts(decision, .offerReceipt)?.stage == .state)
    #expect(Self.facts(decision, .offerReceipt)?.lines.map(\.mine) == [0, nil])
  }

  @Test(
    "What stands below a task given back is for who asked, in private; a name is no words", arguments: [false, true])
  func wordsBelow(receipt: Bool) {
    let state = Self.state(Self.help, [(S.els, 1)])
    let said = Self.decision(S.els, "nee 1\nMijn auto is stuk, Frank wil het wel doen.\nEls", state, receipt: receipt)
    #expect(Self.facts(said, .offerReceipt)?.stage == .withdrawn)
    #expect(said.readers(of: .mailboxMessage) == [S.anna] && said.readers(of: .schoolyardComment).isEmpty)
    let bare = Self.decision(S.els, "nee 1\n\nGroeten,\nEls", state, receipt: receipt)
    #expect(Self.facts(bare, .offerReceipt)?.stage == .withdrawn && bare.readers(of: .mailboxMessage).isEmpty)
  }

  @Test("A mere yes or no to another parent's comment is asked about; with a number, or to who asked, it counts")
  func toComment() {
    let one = OfferTerms(kind: .help, lines: [.init("Koken", places: 2)])
    func decision(_ text: String, to author: AccountID) -> Decision {
      var state = S.state(thread: Self.thread, participants: [S.anna])
      state.offer = Self.state(one, [(S.els, 1)])
      state.entry = ThreadEntry(id: EntryID(9), thread: Self.thread.id, author: author, text: "Kom jij ook?", at: S.now)
      return S.decision(S.els, .answer(.thread(Self.thread.id)), text, in: state)
    }
    for text in ["Ja!", "nee\n\nEls"] {
      let asked = decision(text, to: S.frank)
      #expect(asked.changes.isEmpty && Self.facts(asked, .offerReceipt)?.stage == .unclear, "\(text)")
    }
    #expect(Self.facts(decision("nee 1", to: S.frank), .offerReceipt)?.stage == .withdrawn)
    #expect(Self.facts(decision("nee", to: S.anna), .offerReceipt)?.stage == .withdrawn)
  }

  @Test("Who comments and has no place or vote is told so in the receipt, which takes the answer too")
  func unanswered() {
    let comment = { (actor: AccountID, offer: OfferState) in
      Self.decision(actor, "Wat leuk!", offer).notices.last { $0.kind == .commentReceipt }?.facts.offer
    }
    #expect(comment(S.els, Self.state(Self.help))?.stage == .item)
    #expect(comment(S.els, Self.state(Self.secret, [(S.frank, 1)]))?.lines.allSatisfy { $0.count == nil } == true)
    #expect(comment(S.els, Self.state(Self.help, [(S.els, 1)])) == nil)
    #expect(comment(S.els, Self.state(Self.help, closed: true)) == nil && comment(S.anna, Self.state(Self.help)) == nil)
    var state = S.state(thread: Self.thread, entry: S.comment(by: S.els, secondsAgo: 60))
    state.offer = Self.state(Self.help)
    let claimed = S.decision(S.els, .answer(.entry(EntryID(70))), "ja 2", in: state)
    #expect(claimed.changes.contains(.offer(.answer(Self.thread.id, S.els, line: 2, note: nil))))
    #expect(
      S.decision(S.els, .answer(.entry(EntryID(70))), "herstel", in: state).changes == [.retractEntry(EntryID(70))])
  }

  @Test("What was taken back, or waits for approval, is neither answered nor closed")
  func hidden() {
    var state = Self.state(Self.open, [(S.els, 1)])
    state.isHidden = true
    for text in ["sluiten", "stand", "1", "nee"] {
      let decision = Self.decision(S.anna, text, state, receipt: true)
      #expect(decision.changes.isEmpty && decision.refusal == .alreadyGone, "\(text)")
    }
  }

  @Test("Separated parents do not see each other, nor who else helps")
  func separated() throws {
    let decision = Self.decision(S.frank, "1", Self.state(Self.help, [(S.els, 1)]))
    #expect(decision.notices.map(\.recipient) == [.account(S.frank)])
    let json = String(decoding: try JSONEncoder().encode(decision.notices[0].facts), as: UTF8.self)
    #expect(!json.contains("\(S.els)") && Self.facts(decision, .offerReceipt)?.lines[0].mine == 1)
  }

  @Test("Nee of who has nothing is an answer, so that no reminder comes")
  func declined() {
    let decision = Self.decision(S.els, "Nee", Self.state(Self.help))
    #expect(decision.changes == [.offer(.answer(Self.thread.id, S.els, line: 0, note: nil))])
    #expect(Self.facts(decision, .offerReceipt)?.stage == .declined)
    let reminder = reminding(Self.state(Self.help, [(S.els, 0), (S.frank, 2)]), directory: S.directory)
    #expect(reminder.readers(of: .offerReminder) == [S.deVries])
    let full = Self.state(Self.help, [(S.els, 1), (S.els, 2), (S.frank, 2)])
    #expect(reminding(full, directory: S.directory).notices.isEmpty, "all places are taken")
    #expect(reminding(full, directory: S.directory).changes == [.offer(.remind(Self.thread.id))])
  }

  @Test("One vote an account, and the last one counts; a secret one keeps no remark")
  func votes() {
    let decision = Self.decision(
      S.els, "Emmen\nWant dat is dichtbij", Self.state(Self.secret, [(S.els, 1), (S.frank, 2)]))
    #expect(
      decision.changes == [
        .offer(.withdraw(Self.thread.id, S.els, line: 1)),
        .offer(.answer(Self.thread.id, S.els, line: 2, note: nil)),
      ])
    let facts = Self.facts(decision, .offerReceipt)
    #expect(facts?.lines.map(\.mine) == [nil, 0] && facts?.lines.allSatisfy { $0.count == nil } == true)
    let open = Self.decision(S.els, "2\nWant dat is dichtbij", Self.state(Self.open))
    #expect(open.changes == [.offer(.answer(Self.thread.id, S.els, line: 2, note: "Want dat is dichtbij"))])
  }

  @Test("What could be several things is asked; other words are a comment, but never in answer to a receipt")
  func words() {
    let state = Self.state(Self.secret)
    for text in ["1 en 2", "1 of 2", "stem op iets anders", "3"] {
      let asked = Self.decision(S.els, text, state)
      #expect(Self.facts(asked, .offerReceipt)?.stage == .unclear && asked.changes.isEmpty, "\(text)")
    }
    #expect(Self.decision(S.els, "Leuk idee!", state).readers(of: .commentReceipt) == [S.els])
    let replied = Self.decision(S.els, "Leuk idee!", state, receipt: true)
    #expect(replied.readers(of: .supportMessage) == [S.dirk] && replied.readers(of: .commentReceipt).isEmpty)
    #expect(Self.facts(Self.decision(S.els, "2", state, receipt: true), .offerReceipt)?.stage == .answered)
  }

  @Test("A numbered answer to a digest answers the poll, and tells nobody the vote")
  func digest() {
    var state = S.state()
    let view = ThreadView(Self.thread, participants: [])
    state.digest = [
      DigestItem(
        number: 1, entry: S.comment(by: S.frank, secondsAgo: 900), thread: view, offer: Self.state(Self.secret))
    ]
    let decision = S.decision(S.els, .answer(.digest(DeliveryID(1))), "1: 2", in: state)
    #expect(decision.notices.map(\.kind) == [.offerReceipt])
    #expect(decision.changes == [.offer(.answer(Self.thread.id, S.els, line: 2, note: nil))])
    let words = S.decision(S.els, .answer(.digest(DeliveryID(1))), "1: Leuk!", in: state)
    #expect(words.readers(of: .digestReceipt) == [S.els])
  }

  @Test("Of a digest the receipt lists the comments, whatever else was said; words below nee go on where they began")
  func digestOfSeveral() {
    var state = S.state()
    let taken = Self.state(Self.help, [(S.els, 1)])
    var item = DigestItem(
      number: 1, entry: S.comment(by: S.anna, secondsAgo: 9_000),
      thread: ThreadView(Self.thread, participants: []), offer: taken)
    item.privateThread = SchoolThread(
      id: ThreadID(4), kind: .mailbox, subject: "", author: S.els, audience: nil, members: [S.els, S.anna],
      openedAt: S.now)
    let other = SchoolThread(
      id: ThreadID(8), kind: .schoolyard, subject: "", author: S.anna, audience: .group(S.group5), openedAt: S.now)
    let comment = DigestItem(
      number: 2, entry: S.comment(by: S.frank, secondsAgo: 900), thread: ThreadView(other, participants: []))
    state.digest = [item, comment]
    let decision = S.decision(
      S.els, .answer(.digest(DeliveryID(1))), "1: nee 1\nMijn auto is stuk\n2: Leuk!", in: state)
    let entries = decision.changes.compactMap { change -> String? in
      if case .addEntry(let thread, _, let body, _) = change { "\(thread): \(body.text)" } else { nil }
    }
    #expect(entries.count == 2 && entries.first == "\(Reference.existing(other.id)): Leuk!", "\(entries)")
    #expect(entries.last?.hasPrefix("\(Reference<ThreadID>.existing(ThreadID(4)))") == true)
    #expect(decision.notices.last?.listed == [.made(0)])
  }

  @Test("Two votes of one digest are one vote, the last")
  func votesOfDigest() {
    var state = S.state()
    let view = ThreadView(Self.thread, participants: [])
    state.digest = (1...2).map {
      DigestItem(
        number: $0, entry: S.comment(by: S.frank, secondsAgo: 900), thread: view, offer: Self.state(Self.open))
    }
    let decision = S.decision(S.els, .answer(.digest(DeliveryID(1))), "1: stem 1\n2: stem 2", in: state)
    #expect(
      decision.changes == [
        .offer(.answer(Self.thread.id, S.els, line: 1, note: nil)),
        .offer(.withdraw(Self.thread.id, S.els, line: 1)),
        .offer(.answer(Self.thread.id, S.els, line: 2, note: nil)),
      ])
  }

  @Test("Who is not concerned, and who has no authority, is refused")
  func boundaries() {
    let state = Self.state(Self.help)
    for stranger in [S.onRequest, S.cor, S.dirk] {
      #expect(Self.decision(stranger, "1", state).refusal == .notYours)
      #expect(Self.decision(stranger, "stand", state).refusal == .notYours)
    }
    #expect(Self.decision(S.els, "sluiten", state).refusal == .notOrganiser)
    #expect(Self.decision(S.els, "1", Self.state(Self.help, closed: true)).refusal == .offerClosed)
    var late = Self.state(Self.help)
    late.offer.terms.closesAt = S.now
    #expect(Self.decision(S.els, "1", late).refusal == .offerClosed, "the clock need not have closed it yet")
  }

  @Test("The organiser and the group's other teacher see how it stands; of a secret poll nobody, before its end")
  func standing() {
    let answers = [(S.els, 1), (S.frank, 1), (S.deVries, 2)]
    for organiser in [S.anna, S.bas] {
      let table = Self.facts(Self.decision(organiser, "stand", Self.state(Self.help, answers)), .offerState)
      #expect(table?.lines.map(\.count) == [1, 1] && table?.lines[0].waiting == 1)
      #expect(table?.lines[0].people == [.init(account: S.els, rank: 0), .init(account: S.frank, rank: 1)])
      let open = Self.facts(Self.decision(organiser, "stand", Self.state(Self.open, answers)), .offerState)
      #expect(open?.lines.map(\.count) == [2, 1] && open?.lines[1].people?.map(\.account) == [S.deVries])
      let secret = Self.facts(Self.decision(organiser, "stand", Self.state(Self.secret, answers)), .offerState)
      #expect(secret?.lines == [.init(text: "Efteling"), .init(text: "Emmen")])
    }
    let parent = Self.facts(Self.decision(S.els, "stand", Self.state(Self.open, answers)), .offerReceipt)
    #expect(parent?.lines == [.init(text: "Efteling", mine: 0), .init(text: "Emmen")])
  }

  @Test("Closing sends a poll's counts to its audience, never names, and the table to the organiser")
  func closes() {
    let answers = [(S.els, 1), (S.frank, 1), (S.deVries, 2)]
    let secret = Self.decision(S.anna, "sluiten", Self.state(Self.secret, answers))
    #expect(secret.changes == [.offer(.close(Self.thread.id))] && secret.basis?.number == 3)
    #expect(secret.readers(of: .offerResult) == [S.deVries, S.els, S.frank])
    #expect(secret.notices.allSatisfy { $0.facts.offer?.lines.map(\.count) == [2, 1] })
    #expect(secret.notices.allSatisfy { $0.facts.offer?.lines.allSatisfy { $0.people == nil } == true })
    let open = closing(Self.state(Self.open, answers), directory: S.directory)
    #expect(Self.facts(open, .offerState)?.lines[0].people?.map(\.account) == [S.els, S.frank])
    #expect(Self.facts(open, .offerResult)?.lines.allSatisfy { $0.people == nil } == true)
    let help = closing(Self.state(Self.help, [(S.els, 1), (S.frank, 0)]), directory: S.directory)
    #expect(help.readers(of: .offerResult) == [S.els], "who offered no help needs no mail")
    #expect(closing(Self.state(Self.help, closed: true), directory: S.directory) == Decision())
    #expect(Self.decision(S.anna, "sluiten", Self.state(Self.help, closed: true)).refusal == .offerClosed)
  }

  @Test(
    "The clock reminds at the hour of the digests, a day before the end, once and not too soon; and closes at the end")
  func clock() {
    let date = OfferWordsTests.date
    var offer = Self.state(Self.help).offer
    offer.openedAt = date("2026-12-01 10:00")
    offer.terms.closesAt = date("2026-12-12 23:59")
    let task = { (text: String) in S.policy.taskDue(offer, now: date(text)) }
    #expect(
      task("2026-12-11 16:59") == nil && task("2026-12-11 17:00") == .remind && task("2026-12-12 23:58") == .remind)
    #expect(task("2026-12-12 23:59") == .close && task("2027-01-01 00:00") == .close)
    offer.remindedAt = date("2026-12-11 17:00")
    #expect(task("2026-12-11 17:01") == nil)
    offer.closedAt = date("2026-12-12 23:59")
    #expect(task("2027-01-01 00:00") == nil)
    (offer.remindedAt, offer.closedAt, offer.openedAt) = (nil, nil, date("2026-12-11 10:00"))
    #expect(task("2026-12-11 18:00") == nil, "it was only just asked")
    offer.terms.closesAt = nil
    #expect(task("2030-01-01 00:00") == nil)
  }
}
