import Foundation
import Testing

@testable import School

@Suite("Test results")
struct ResultsTests {
  typealias S = SmallSchool
  static let noor = PupilID("p3")
  static let sanne = PupilID("p1")

  static func day(_ year: Int, _ month: Int, _ day: Int) -> CalendarDay {
    CalendarDay(year: year, month: month, day: day) ?? CalendarDay(S.now, in: .gmt)
  }

  static func result(
    _ pupil: PupilID, _ subject: String, _ score: String, note: String = "", test: String = "M5"
  ) -> TestResult {
    TestResult(
      pupil: pupil, day: day(2026, 1, 15),
      parts: [.subject: subject, .test: test, .score: score, .note: note, .level: ""])
  }

  static func known(_ results: [TestResult]) -> [PupilID: [String: TestResult]] {
    Dictionary(grouping: results, by: \.pupil).mapValues { results in
      Dictionary(uniqueKeysWithValues: results.map { ($0.key, $0) })
    }
  }

  // MARK: What is a result

  @Test("Case, accents and signs make no other test; another day, test or subject does")
  func keys() throws {
    let key = Self.result(Self.noor, "Rekenen-Wiskunde", "212").key
    #expect(Self.result(Self.noor, "rekenen wiskunde", "9", note: "x").key == key)
    #expect(Self.result(Self.noor, "Rekenen-Wiskunde", "212", test: "E5").key != key)
    #expect(Self.result(Self.noor, "Rekenen", "212").key != key)
    let stored = try JSONEncoder().encode(Self.result(Self.noor, "Lezen", "B", note: "Ga zo door"))
    #expect(
      try JSONDecoder().decode(TestResult.self, from: stored)
        == Self.result(Self.noor, "Lezen", "B", note: "Ga zo door"))
  }

  @Test(
    "A score that is a number can be drawn, a letter cannot",
    arguments: [
      ("212", 212.0), ("7,5", 7.5), ("7.5", 7.5), ("-3", -3), ("B", nil), ("", nil), ("I+", nil), ("nan", nil),
      ("1e300", nil), ("12 van 20", nil),
    ])
  func numbers(text: String, number: Double?) { #expect(TestResult.number(text) == number) }

  @Test(
    "A date stands alone, as sheets write it",
    arguments: [
      ("15-1-2026", true), ("15/01/2026", true), ("2026-01-15", true), ("15 januari 2026", true), ("15-01-26", true),
      ("15-01-2026 00:00:00", true), ("2026-01-15T00:00:00Z", false), ("do 15 jan 2026", true), ("31-2-2026", false),
      ("", false), ("januari", false), ("15-1-2026 t/m 17-1-2026", false), ("15-1-2026 en meer", false), ("M5", false),
    ])
  func dates(text: String, isOne: Bool) {
    let read = CalendarDay.read(text, today: Self.day(2026, 3, 1))
    #expect(read == (isOne ? Self.day(2026, 1, 15) : nil))
  }

  @Test(
    "The word for results, in any language, is all of the first line",
    arguments: [
      ("toetsen", true), ("\n Toetsen.\n\nGroet", true), ("results", true), ("Toetsresultaten!", true),
      ("toetsen van Noor graag", true), ("klassenlijst", false), ("", false), ("Dank u", false),
      ("Toetsen graag", true), ("Graag de toetsen", true), ("toetsen noor", true), ("de toetsen aub", true),
      ("toetsen Sem", false), ("Toetsen gemaakt", false), ("de", false), ("Noor", false), ("toetsen Noor?!", true),
      ("De toetsen van Noor zijn goed", false),
    ])
  func asked(text: String, isAsked: Bool) {
    #expect(ResultsWord.isAsked(text, children: ["Noor de Vries", "Tim"]) == isAsked)
  }

  @Test("What a mail offers is understood", arguments: Language.allCases)
  func offered(language: Language) { #expect(ResultsWord.isAsked(ResultsWord.offered(in: language))) }

  // MARK: An import

  @Test("The same row is nothing, another value a correction, a new key an addition; taking back needs what is there")
  func plan() {
    let known = Self.known([Self.result(Self.noor, "Rekenen", "212"), Self.result(Self.noor, "Lezen", "B")])
    let rows = [
      Self.result(Self.noor, "Rekenen", "212"), Self.result(Self.noor, "LEZEN", "A", note: "Mooi"),
      Self.result(Self.sanne, "Rekenen", "190"),
    ]
    let plan = ResultsPlan.of(rows, against: known)
    #expect(plan.unchanged == 1 && plan.differences.map(\.kind) == [.corrected, .added])
    #expect(plan.differences[0].parts == [.subject, .score, .note])
    let back = ResultsPlan.of(rows, against: known, withdraws: true)
    #expect(back.differences.map(\.kind) == [.withdrawn, .withdrawn])
    #expect(back.differences.map(\.result.pupil) == [Self.noor, Self.noor])
  }

  @Test("Each account with full authority is told once a child, which child and nothing else")
  func told() throws {
    let rows = [
      Self.result(Self.noor, "Rekenen", "geheim212"), Self.result(Self.noor, "Lezen", "geheimB"),
      Self.result(Self.sanne, "Rekenen", "geheim190"), Self.result(PupilID("p2"), "Rekenen", "geheim1"),
    ]
    let basis = Revision(subject: ResultsPlan.revision, number: 4)
    let decision = ResultsPlan.of(rows, against: [:]).decision(basis: basis, directory: S.directory)
    #expect(decision.changes.count == 4 && decision.basis == basis)
    let told = decision.notices.map { "\($0.recipient) \($0.facts.results?.child ?? "")" }
    let children = [(S.deVries, "Sanne de Vries"), (S.deVries, "Tim de Vries"), (S.els, "Noor"), (S.frank, "Noor")]
    #expect(told == children.map { "\(Notice.Recipient.account($0)) \($1)" }, "not who knows on request")
    for notice in decision.notices {
      #expect(notice.kind == .resultsNews && notice.facts.isAnswer == nil, "quiet hours hold it")
      let facts = String(decoding: try JSONEncoder().encode(notice.facts), as: UTF8.self)
      #expect(!facts.contains("geheim") && !facts.contains("Rekenen"))
    }
    let same = ResultsPlan.of(rows, against: Self.known(rows)).decision(basis: basis, directory: S.directory)
    #expect(same == Decision(), "no news")
    let back = ResultsPlan.of(rows, against: Self.known(rows), withdraws: true)
    let taken = back.decision(basis: basis, directory: S.directory)
    #expect(taken.changes.count == 4 && taken.notices.isEmpty)
  }

  // MARK: Asking and answering

  private func children(_ decision: Decision) -> [String?] { decision.notices.map { $0.facts.results?.child } }

  @Test("A parent gets a mail for each own child, once confirmed; who knows on request or nothing gets none")
  func asking() {
    #expect(Act.results.level == .challenged)
    #expect(children(S.decision(S.deVries, .results)) == ["Sanne de Vries", "Tim de Vries"])
    let els = S.decision(S.els, .results)
    #expect(children(els) == ["Noor"] && els.notices[0].kind == .testResults && els.changes.isEmpty)
    #expect(els.notices[0].recipient == .account(S.els) && els.notices[0].replyTarget == .results)
    #expect(S.decision(S.onRequest, .results).refusal == .resultsByPerson)
    #expect(S.decision(S.anna, .results).refusal == .noChildHere)
  }

  private func answered(_ actor: AccountID, _ pupil: PupilID?, _ text: String) -> Decision {
    var state = S.state()
    state.results = pupil
    return S.decision(actor, .answer(.results(DeliveryID(9))), text, in: state)
  }

  @Test("Words in answer go to the child's teachers in private; about a child that is not theirs, to support")
  func answering() throws {
    let decision = answered(S.els, Self.noor, "Hoe komt dat?")
    #expect(decision.readers(of: .mailboxMessage) == [S.anna, S.bas])
    guard case .openThread(let kind, _, _, let audience, let members, _) = try #require(decision.changes.first) else {
      Issue.record("no thread")
      return
    }
    #expect(kind == .mailbox && audience == nil && members == [S.els, S.anna, S.bas])
    #expect(answered(S.els, Self.sanne, "Hoe komt dat?").readers(of: .supportMessage) == [S.dirk])
    #expect(answered(S.onRequest, Self.noor, "En nu?").readers(of: .mailboxMessage).isEmpty)
    #expect(answered(S.els, nil, "Hoe komt dat?").readers(of: .supportMessage) == [S.dirk])
    #expect(answered(S.els, Self.noor, "help").readers(of: .help) == [S.els])
  }

  @Test("What must always be confirmed waits a day for it, and what only lacks a proof waits for ever")
  func expiry() {
    #expect(HoldReason.mustConfirm.expiry(since: S.now) == S.now + 86_400)
    #expect(HoldReason.unproven.expiry(since: S.now) == nil && HoldReason.foreignKey.expiry(since: S.now) == nil)
    let asked = hold(InboundID(3), for: S.els, reason: .mustConfirm, excerpt: "toetsen", now: S.now)
    #expect(asked.notices[0].facts.retractableUntil == S.now + 86_400)
    #expect(asked.notices[0].onceADay != nil)
    for (reason, isLimited) in [(HoldReason.mustConfirm, false), (.foreignKey, true), (.unproven, true)] {
      let proven = hold(InboundID(3), for: S.els, reason: reason, isProven: true, excerpt: "toetsen", now: S.now)
      #expect((proven.notices[0].onceADay != nil) == isLimited, "\(reason)")
    }
    #expect(challengeExpired(for: S.els).refusal == .challengeExpired)
  }

  @Test("waarom says for which child an announcement came")
  func why() {
    var state = S.state()
    var facts = NoticeFacts()
    facts.results = ResultsFacts(pupil: Self.noor, child: "Noor")
    state.asked = AskedMail(kind: .resultsNews, thread: nil, at: S.now, facts: facts)
    let why = S.decision(S.els, .why(.results(DeliveryID(9))), "waarom", in: state).notices.first?.facts.why
    #expect(why?.rule == .ownChild && why?.children == ["Noor"])
  }
}
