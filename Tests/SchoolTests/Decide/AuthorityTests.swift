import Foundation
import Testing

@testable import School

@Suite("Who may act, and what waits")
struct AuthorityTests {
  typealias S = SmallSchool

  @Test(
    "Each level asks for its proof",
    arguments: [
      (Evidence(writer: nil), AuthorityLevel.anyone, Standing.stranger),
      (Evidence(writer: nil, isProven: true), .person, .stranger),
      (Evidence(writer: SmallSchool.els), .anyone, .granted(SmallSchool.els)),
      (Evidence(writer: SmallSchool.els), .person, .held(SmallSchool.els, .unproven)),
      (Evidence(writer: SmallSchool.els, keyOwner: SmallSchool.els), .person, .granted(SmallSchool.els)),
      (Evidence(writer: SmallSchool.els, isProven: true), .person, .granted(SmallSchool.els)),
      (Evidence(writer: SmallSchool.els, isProven: true), .proven, .granted(SmallSchool.els)),
      (
        Evidence(writer: SmallSchool.els, keyOwner: SmallSchool.els), .proven, .held(SmallSchool.els, .unproven)
      ),
      (Evidence(writer: SmallSchool.els, isConfirmed: true), .proven, .granted(SmallSchool.els)),
    ])
  func levels(evidence: Evidence, level: AuthorityLevel, standing: Standing) {
    #expect(Standing.judge(evidence, for: level) == standing)
  }

  @Test("A key in other hands is held for its owner, whoever wrote and however well that is proven")
  func foreignKey() {
    for writer in [nil, S.frank] {
      let evidence = Evidence(writer: writer, keyOwner: S.els, isProven: true)
      #expect(Standing.judge(evidence, for: .person) == .held(S.els, .foreignKey))
    }
    let confirmed = Evidence(writer: S.frank, keyOwner: S.els, isConfirmed: true)
    #expect(Standing.judge(confirmed, for: .person) == .granted(S.els))
  }

  @Test("A held message asks the registered account once a day")
  func held() {
    let decision = hold(InboundID(3), for: S.els, reason: .unproven, excerpt: "Ja hoor", now: S.now)
    #expect(decision.changes == [.hold(InboundID(3), account: S.els, reason: .unproven)])
    #expect(decision.readers(of: .confirmation) == [S.els])
    #expect(decision.notices[0].replyTarget == .held(InboundID(3)) && decision.notices[0].onceADay != nil)
    #expect(decision.notices[0].facts.excerpt == "Ja hoor")
  }

  @Test("This was not me: the message is gone for good and all keys are new")
  func notMe() {
    let state = S.state(heldFor: S.els)
    let decision = S.decision(S.els, .answer(.held(InboundID(3))), "Dit was ik niet.", in: state)
    #expect(decision.changes == [.discardHeld(InboundID(3)), .rotateKeys(S.els)])
    #expect(decision.readers(of: .keysRotated) == [S.els])
    let another = S.decision(S.frank, .answer(.held(InboundID(3))), "dit was ik niet", in: state)
    #expect(another.refusal == .nothingHeld)
  }

  @Test("Broadcasts and filing need more than a key")
  func levelsOfActs() {
    #expect(Act.publish(.news, to: nil).level == .proven && Act.file(nil).level == .proven)
    #expect(Act.answer(.thread(ThreadID(1))).level == .person && Act.askHelp.level == .anyone)
  }
}

@Suite("Filing a forwarded mail")
struct FilingTests {
  typealias S = SmallSchool
  let words = ForwardedWords(
    name: "Els", address: "ELS@ouders.test", subject: "Noor is ziek", date: SmallSchool.now, text: "Noor blijft thuis.")

  @Test("It is filed in the parent's name, with sender and date, and the teacher gets a receipt")
  func filed() {
    let decision = S.decision(S.anna, .file(words), "fyi")
    let origin = ForwardedOrigin(name: "Els", address: "ELS@ouders.test", date: S.now, forwardedBy: S.anna)
    #expect(
      decision.changes == [
        .openThread(
          kind: .mailbox, subject: "Noor is ziek", author: S.els, audience: nil, members: [S.els, S.anna], about: nil),
        .addEntry(thread: .new, author: S.els, body: MessageBody(text: "Noor blijft thuis."), origin: origin),
      ])
    #expect(decision.notices.map(\.kind) == [.forwardReceipt] && decision.notices[0].facts.filedFor == "Els")
  }

  @Test("It joins the thread that the two have, and the other teacher of it gets it")
  func joins() {
    let thread = S.thread(.mailbox, author: S.els, audience: nil, members: [S.els, S.anna, S.bas])
    let decision = S.decision(S.anna, .file(words), in: S.state(filing: thread))
    #expect(decision.changes.count == 1 && decision.readers(of: .mailboxMessage) == [S.bas])
  }

  @Test("What cannot be filed is refused by its reason")
  func refused() {
    #expect(S.decision(S.els, .file(words)).refusal == .notStaff)
    #expect(S.decision(S.anna, .file(nil)).refusal == .notAForward)
    let unknown = ForwardedWords(name: "X", address: "x@elders.test", subject: nil, date: nil, text: "hoi")
    #expect(S.decision(S.anna, .file(unknown)).refusal == .unknownOriginalSender)
    let colleague = ForwardedWords(name: "Bas", address: "bas@school.test", subject: nil, date: nil, text: "hoi")
    #expect(S.decision(S.anna, .file(colleague)).refusal == .unknownOriginalSender)
  }
}
