import Foundation
import Testing

@testable import School

@Suite("Absence: what must not be taken for more than it is, nor told to others")
struct AbsenceCautionTests {
  typealias S = SmallSchool
  typealias D = AbsenceDecisionTests
  static let answer = Act.answer(.absence(DeliveryID(1)))

  @Test("Who takes back that a child is better does not read why the other parent had reported it")
  func restored() throws {
    let better = D.decide(S.frank, "beter Noor", in: D.state([D.report()]), at: D.at(9))
    let facts = try #require(D.facts(better, .absenceReceipt, to: S.frank))
    var ended = D.report()
    ended.last = D.today
    let decision = D.decide(
      S.frank, "herstel", act: Self.answer, in: D.state([ended], boardAt: D.at(8, 20), answered: facts), at: D.at(9))
    let receipt = try #require(D.facts(decision, .absenceReceipt, to: S.frank)?.items.first)
    #expect(decision.changes.count == 2 && receipt.words == nil && receipt.reporter == nil)
    #expect(D.facts(decision, .absenceGroup, to: S.anna)?.items.first?.words == "geheim", "teachers know")
  }

  @Test("Of two children each has a mail of its own, where one word answers it")
  func mailEach() {
    let both = D.decide(S.deVries, "Beide kinderen zijn ziek", act: .absence(.sick))
    #expect(D.reports(both).map(\.pupil.rawValue) == ["p1", "p2"])
    let leave = D.decide(S.deVries, "verlof Sanne en Tim 12-03: bruiloft", act: .absence(.leave))
    #expect(D.reports(leave).count == 2 && leave.readers(of: .absenceReceipt) == [S.deVries])
    let requests = leave.notices.filter { $0.kind == .leaveRequest }
    #expect(requests.compactMap { $0.facts.absence?.items.count } == [1, 1])
    let missed = D.decide(S.dirk, "afwezig Sanne en Tim", at: D.at(9))
    #expect(missed.readers(of: .absentQuestion) == [S.deVries, S.deVries])
  }

  @Test("Who is late after all is late that day alone")
  func lateAfterAll() {
    var sick = D.report(D.noor, .sick, by: S.frank, asked: S.anna)
    sick.last = nil
    let asked = MissingPupilTests.question()
    let decision = D.decide(
      S.els, "te laat 9:40", act: Self.answer, in: D.state([sick], answered: asked.facts), at: D.at(9, 5))
    #expect(decision.changes.contains(.absence(.end(AbsenceID(1), last: D.today))))
  }

  @Test("Who missed a child of another group hears the answer; why is for its own teachers")
  func otherGroup() throws {
    let asked = MissingPupilTests.question().facts
    let state = D.state([D.report(D.noor, .unexplained, by: nil, asked: S.cor)], answered: asked)
    let decision = D.decide(S.els, "Hij heeft koorts", act: Self.answer, in: state, at: D.at(9, 5))
    #expect(Set(decision.readers(of: .absentState)) == [S.anna, S.bas, S.cor, S.dirk])
    #expect(D.facts(decision, .absentState, to: S.cor)?.items.first?.words == nil)
    let known = { (teacher: AccountID) in
      D.facts(D.decide(teacher, "afwezig Noor", in: D.state([D.report()]), at: D.at(9)), .absenceGroup, to: teacher)
    }
    #expect(known(S.cor)?.items.count == 1 && known(S.cor)?.items.first?.words == nil)
    #expect(known(S.anna)?.items.first?.words == "geheim")
  }

  @Test("An old mail says nothing of whose children they are now")
  func old() throws {
    let facts = try #require(D.facts(D.decide(S.els, "ziek Noor"), .absenceReceipt, to: S.els))
    let sick = D.decide(S.deVries, "ziek", act: Self.answer, in: D.state(answered: facts))
    #expect(D.reports(sick).isEmpty && D.facts(sick, .absenceReceipt, to: S.deVries)?.stage == .which)
    #expect(D.reports(D.decide(AccountID(99), "ziek", act: Self.answer, in: D.state(answered: facts))).isEmpty)
  }

  @Test(
    "A letter that begins like a command is a letter",
    arguments: [
      "Te laat gelezen, sorry! Noor komt morgen wel", "Better for Noor to stay in this group", "Ziek is Noor niet meer",
      "Leave juf Noor, wy komme moarn", "Late reply, sorry. Noor was happy",
    ])
  func letters(text: String) {
    let decision = D.decide(S.els, text, act: .write(to: "anna"))
    #expect(decision.readers(of: .mailboxMessage).contains(S.anna), "\(text)")
    #expect(D.reports(decision).isEmpty && decision.readers(of: .absenceReceipt).isEmpty, "\(text)")
  }

  @Test("On the schoolplein what begins with sick and names the child is noted, and no comment")
  func schoolplein() {
    var state = D.state()
    state.thread = ThreadView(S.thread(.schoolyard, author: S.anna), participants: [])
    let noted = D.decide(S.els, "Ziek: helaas komt Noor niet", act: .answer(.thread(ThreadID(7))), in: state)
    #expect(D.reports(noted).map(\.pupil) == [D.noor] && noted.readers(of: .absenceReceipt) == [S.els])
    let comment = D.decide(S.els, "Noor komt graag", act: .answer(.thread(ThreadID(7))), in: state)
    #expect(D.reports(comment).isEmpty && !comment.changes.isEmpty)
  }

  @Test(
    "A short comment that names one's own child beside a word of illness is asked about, and not posted",
    arguments: ["Noor is ziek vandaag", "Helaas, Noor hat koarts", "2: Noor is siik"])
  func unposted(text: String) {
    var state = D.state()
    state.thread = ThreadView(S.thread(.schoolyard, author: S.anna), participants: [])
    let item = DigestItem(
      number: 2, entry: S.comment(by: S.frank, secondsAgo: 9_000),
      thread: ThreadView(S.thread(.schoolyard, author: S.anna), participants: []))
    var digest = D.state()
    digest.digest = [item]
    for (act, state) in [(Act.answer(.thread(ThreadID(7))), state), (.answer(.digest(DeliveryID(5))), digest)] {
      let asked = D.decide(S.els, text, act: act, in: state)
      #expect(asked.changes.isEmpty && asked.readers(of: .absenceReceipt) == [S.els])
      #expect(asked.notices.first?.facts.absence?.stage == .which)
      #expect(AbsenceCommand.mayStand(in: text, subject: "Uitje"))
    }
    let other = D.decide(S.deVries, "Beterschap! Tim was ook ziek", act: .answer(.thread(ThreadID(7))), in: state)
    #expect(other.changes.isEmpty, "their own child too")
    let wish = D.decide(S.deVries, "Is Noor nog ziek? Beterschap!", act: .answer(.thread(ThreadID(7))), in: state)
    #expect(wish.readers(of: .commentReceipt) == [S.deVries], "nobody's own child")
    let letter = "Noor is ziek. " + String(repeating: "Dit is een lange brief. ", count: 20)
    #expect(
      D.decide(S.els, letter, act: .answer(.thread(ThreadID(7))), in: state).readers(of: .commentReceipt) == [S.els])
  }

  @Test("To support a command may stand alone, and a letter is a letter too")
  func support() {
    #expect(D.reports(D.decide(S.els, "te laat 9:15", act: .askSupport)).count == 1)
    #expect(D.reports(D.decide(S.els, "ziek onze Noor", act: .write(to: "anna"))).count == 1)
    for text in ["Te laat gelezen, sorry", "Beter is een andere kleur"] {
      let decision = D.decide(S.els, text, act: .askSupport)
      #expect(decision.readers(of: .absenceReceipt).isEmpty && !decision.changes.isEmpty, "\(text)")
    }
  }

  @Test(
    "To support a letter on how one reports is no report",
    arguments: [
      ("Ziekmelding app", "De ziekmelding lukt niet op mijn telefoon."), ("Hallo", "Ziekmelding lukt niet in de app"),
      ("Te laat", "Ik heb geen bevestiging ontvangen"), ("Sick", "The form is not working"),
    ])
  func aboutReporting(subject: String, text: String) {
    let decision = D.decide(S.els, text, subject: subject, act: .askSupport)
    #expect(D.reports(decision).isEmpty && decision.readers(of: .absenceReceipt).isEmpty, "\(text)")
    #expect(!decision.changes.isEmpty, "\(text)")
  }

  @Test("Leave is the Frisian word for dear, and the English one for days off")
  func dear() {
    #expect(D.reports(D.decide(S.els, "Leave juf,\nNoor is siik")).map(\.kind) == [.sick])
    #expect(D.reports(D.decide(S.els, "Leave allegear, Noor is siik")).map(\.kind) == [.sick])
    let leave = D.decide(S.els, "leave Noor 12-03 to 14-03: wedding", act: .absence(.leave))
    #expect(D.reports(leave).map(\.status) == [.asked])
  }

  @Test("What stands behind better is read by the teachers")
  func betterWithWords() {
    let state = D.state([D.report()])
    let decision = D.decide(S.els, "beter Noor, maar zij mag nog niet gymmen van de arts", in: state)
    #expect(decision.readers(of: .mailboxMessage) == [S.anna, S.bas])
    #expect(D.facts(decision, .absenceReceipt, to: S.els)?.stage == .recovered)
    #expect(D.decide(S.els, "Noor is weer beter en komt vandaag", in: state).readers(of: .mailboxMessage).isEmpty)
  }
}
