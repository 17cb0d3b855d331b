import Testing

@testable import School

@Suite("Postvak, urgent answers and support")
struct MailboxTests {
  typealias S = SmallSchool

  @Test(
    "A private message reaches the teacher, or both of a duo",
    arguments: [("anna", [SmallSchool.anna]), ("groep5", [SmallSchool.anna, SmallSchool.bas])])
  func outOfTheBlue(word: String, teachers: [AccountID]) {
    let decision = S.decision(S.els, .write(to: word))
    #expect(decision.readers(of: .mailboxMessage) == teachers)
    #expect(
      decision.changes.first
        == .openThread(
          kind: .mailbox, subject: "Onderwerp", author: S.els, audience: nil, members: [S.els] + teachers, about: nil))
  }

  @Test("A teacher nobody knows is refused by the name that was asked for")
  func unknownTeacher() {
    let decision = S.decision(S.els, .write(to: "zoe"))
    #expect(decision.refusal == .unknownTeacher && decision.notices.first?.facts.asked == "zoe")
  }

  @Test(
    "Who mistakes a teacher's address reads which one comes nearest",
    arguments: [
      ("postvakanna", "postvak.anna"), ("juf.anna", "postvak.anna"), ("ana", "postvak.anna"), ("onzin", nil),
      ("bo", nil), ("postvak", nil),
    ])
  func nearest(asked: String, meant: String?) {
    #expect(S.decision(S.els, .unknownRoute(asked)).notices.map(\.facts.nearest) == [meant])
    #expect(S.decision(S.els, .write(to: "x.\(asked)")).notices.map(\.facts.nearest) == [meant])
    #expect(S.decision(AccountID(99), .unknownRoute(asked)).notices.map(\.facts.nearest) == [nil])
  }

  @Test("An answer to news is private, to its author; the next one joins it")
  func answerToNews() {
    let news = S.thread(.news, author: S.anna)
    let first = S.decision(S.els, .answer(.thread(news.id)), in: S.state(thread: news))
    #expect(first.readers(of: .mailboxMessage) == [S.anna])
    #expect(
      first.changes.first
        == .openThread(
          kind: .mailbox, subject: "Uitje", author: S.els, audience: nil, members: [S.els, S.anna], about: news.id))
    let thread = S.thread(.mailbox, author: S.els, audience: nil, members: [S.els, S.anna])
    let next = S.decision(
      S.els, .answer(.thread(news.id)), in: S.state(thread: news, privateThread: thread))
    #expect(next.changes.count == 1 && next.readers(of: .mailboxMessage) == [S.anna])
  }

  @Test("Words of an item's own author to its author are not lost")
  func toOneself() {
    let item = S.thread(.schoolyard, author: S.anna)
    let state = S.state(thread: item)
    let words = S.decision(S.anna, .answer(.privately(item.id)), "Kunt u maandag bellen?", in: state)
    #expect(words.readers(of: .supportMessage) == [S.dirk])
    #expect(S.decision(S.anna, .answer(.privately(item.id)), "help", in: state).readers(of: .help) == [S.anna])
  }

  @Test("A teacher's answer goes to the parents and to the other teacher of the thread; strangers to it are refused")
  func withinThread() {
    let thread = S.thread(.mailbox, author: S.els, audience: nil, members: [S.els, S.anna, S.bas])
    let state = S.state(thread: thread)
    #expect(S.decision(S.anna, .answer(.thread(thread.id)), in: state).readers(of: .mailboxMessage) == [S.els, S.bas])
    #expect(S.decision(S.frank, .answer(.thread(thread.id)), in: state).refusal == .notYours)
  }

  @Test("Gezien counts as seen; words go to the urgent desk as well; both get a receipt")
  func urgent() {
    let urgent = S.thread(.urgent, author: S.dirk)
    let seen = S.decision(S.els, .answer(.thread(urgent.id)), "Gezien!", in: S.state(thread: urgent))
    #expect(seen.changes == [.markSeen(urgent.id, by: S.els)])
    #expect(seen.notices.map(\.kind) == [.urgentReplyReceipt])
    var policy = S.policy
    policy.urgentDesk = [S.bas]
    let words = S.decision(
      S.els, .answer(.thread(urgent.id)), "Ik haal Noor op", in: S.state(thread: urgent, policy: policy))
    #expect(words.readers(of: .mailboxMessage) == [S.bas] && words.readers(of: .urgentReplyReceipt) == [S.els])
    #expect(words.changes.contains(.markSeen(urgent.id, by: S.els)))
    let empty = S.decision(S.els, .answer(.thread(urgent.id)), "", in: S.state(thread: urgent, policy: policy))
    #expect(empty.changes == [.markSeen(urgent.id, by: S.els)] && empty.notices.map(\.kind) == [.urgentReplyReceipt])
  }

  @Test("Support is the desk that the school named, else its head; words in answer to a receipt go there")
  func support() {
    #expect(S.decision(S.els, .askSupport).readers(of: .supportMessage) == [S.dirk])
    #expect(S.decision(S.els, .answer(.support)).readers(of: .supportMessage) == [S.dirk])
    var policy = S.policy
    policy.supportDesk = [S.cor]
    #expect(S.decision(S.els, .askSupport, in: S.state(policy: policy)).readers(of: .supportMessage) == [S.cor])
  }

  @Test("Support reads by what name a stranger wrote; of who is known the school's own name counts")
  func givenName() {
    let named = { (actor: AccountID, directory: Directory) in
      decide(
        Command(
          actor: actor, act: .askSupport, subject: "Vraag", body: MessageBody(text: "Hallo"), givenName: "Wie Dan Ook"),
        SchoolState(directory: directory, policy: S.policy), now: S.now
      ).notices.map(\.facts.givenName)
    }
    let accounts = Array(S.directory.accounts.values) + [S.account(AccountID(99), "wie@elders.test")]
    let directory = Directory(
      accounts: accounts, groups: Array(S.directory.groups.values), pupils: Array(S.directory.pupils.values),
      carers: Array(S.directory.carers.values), staff: Array(S.directory.staff.values))
    #expect(named(AccountID(99), directory) == ["Wie Dan Ook"] && named(S.els, directory) == [nil])
  }

  @Test("Help is given once a day to who merely asks; words and files that nobody got are quoted each time")
  func help() {
    let scan = StoredFile(digest: "abc", name: "scan.pdf", mediaType: "application/pdf", size: 3)
    for act in [Act.askHelp, .unknownRoute("onzin"), .write(to: nil)] {
      for empty in ["", "Help", "Hulp\n\nGroet, Els"] {
        let notices = S.decision(S.els, act, empty).notices
        #expect(notices.map(\.kind) == [.help] && notices[0].onceADay == "help" && notices[0].facts.excerpt == nil)
      }
      for words in ["Noor is morgen\nbij de tandarts", "Help\n\nHoe mail ik juf Anna?"] {
        let notices = S.decision(S.els, act, words).notices
        #expect(notices.map(\.kind) == [.help] && notices[0].onceADay == nil)
        #expect(notices[0].facts.excerpt == MessageBody(text: words).excerpt)
      }
      #expect(S.decision(S.els, act, "", files: [scan]).notices.map(\.facts.excerpt) == ["scan.pdf"])
    }
    let absence = decideForStranger(address: "wie@elders.test", isAbsence: true).notices.first
    #expect(absence?.facts.isUnnoted == true && absence?.onceADay != "help", "also after other help of that day")
    let stranger = decideForStranger(address: "wie@elders.test")
    #expect(stranger.notices.first?.recipient == .stranger(address: "wie@elders.test"))
    #expect(stranger.notices.first?.onceADay != nil)
  }
}
