import Foundation
import Testing

@testable import School

@Suite("Schoolplein and digests")
struct SchoolyardTests {
  typealias S = SmallSchool
  let item = SmallSchool.thread(.schoolyard, author: SmallSchool.anna)

  @Test("A comment goes to the author and who takes part after the undo window, to the rest by digest")
  func comment() {
    let state = S.state(thread: item, participants: [S.anna])
    let decision = S.decision(S.els, .answer(.thread(item.id)), in: state)
    #expect(decision.readers(of: .schoolyardComment) == [S.anna, S.frank], "Frank wants everything at once")
    #expect(decision.digestReaders == [S.deVries])
    #expect(decision.notices.first?.notBefore == S.now.addingTimeInterval(600))
    #expect(decision.readers(of: .commentReceipt) == [S.els])
    #expect(decision.notices.last?.replyTarget == .entry && decision.notices.last?.notBefore == nil)
  }

  @Test("Who wrote in the thread before gets comments at once")
  func participants() {
    let state = S.state(thread: item, participants: [S.anna, S.deVries])
    let decision = S.decision(S.els, .answer(.thread(item.id)), in: state)
    #expect(decision.readers(of: .schoolyardComment) == [S.anna, S.deVries, S.frank] && decision.digestReaders.isEmpty)
  }

  @Test("Who wants no comments gets none, also where they opened the item or take part")
  func off() {
    let directory = S.with(S.anna, digest: .off)
    let state = SchoolState(
      directory: directory, policy: S.policy, thread: ThreadView(item, participants: [S.anna, S.els]))
    let decision = S.decision(S.frank, .answer(.thread(item.id)), in: state)
    #expect(decision.readers(of: .schoolyardComment) == [S.els] && decision.digestReaders == [S.deVries])
  }

  @Test("A parent of another group is refused; a private answer goes to the author alone")
  func boundaries() {
    #expect(S.decision(S.onRequest, .answer(.thread(item.id)), in: S.state(thread: item)).refusal == .notYours)
    let privately = S.decision(S.els, .answer(.privately(item.id)), in: S.state(thread: item))
    #expect(privately.readers(of: .mailboxMessage) == [S.anna] && privately.digestReaders.isEmpty)
  }

  @Test(
    "Herstel takes back one's own comment within the window",
    arguments: [
      ("herstel", SmallSchool.els, 60.0, nil), ("Undo", SmallSchool.els, 600, nil),
      ("herstel", SmallSchool.els, 601, RefusalReason.tooLateToRetract), ("herstel", SmallSchool.frank, 60, .notYours),
    ])
  func retract(word: String, actor: AccountID, age: Double, refusal: RefusalReason?) {
    let entry = S.comment(by: S.els, secondsAgo: age)
    let decision = S.decision(actor, .answer(.entry(entry.id)), word, in: S.state(entry: entry))
    #expect(decision.refusal == refusal)
    #expect(decision.changes == (refusal == nil ? [.retractEntry(entry.id)] : []))
  }

  @Test(
    "Herstel takes back with more words beside it too, and a letter that begins so stays a letter",
    arguments: [
      ("Herstel, verkeerde datum", true), ("Oeps, dit was alleen voor Bas bedoeld! HERSTEL", true),
      ("Please undo, I meant to vote", true), ("Hallo,\n\nherstel\n\ngr Els", true), ("Herstel aub", true),
      ("Hoi, herstel. Het was voor de juf", true), ("Sorry!\nwerom", true),
      ("Herstel van de schommel duurt nog een week", false), ("Ik wens hem een spoedig herstel", false),
      ("Beterschap, en een goed herstel!", false),
    ])
  func retractInWords(text: String, isTaken: Bool) {
    let entry = S.comment(by: S.els, secondsAgo: 60)
    let decision = S.decision(S.els, .answer(.entry(entry.id)), text, in: S.state(entry: entry))
    #expect(decision.changes.contains(.retractEntry(entry.id)) == isTaken, "\(text)")
  }

  @Test("Other words in answer to a receipt are for a person of support")
  func receiptWords() {
    let entry = S.comment(by: S.els, secondsAgo: 5)
    let decision = S.decision(S.els, .answer(.entry(entry.id)), "herstel dit later", in: S.state(entry: entry))
    #expect(decision.readers(of: .supportMessage) == [S.dirk])
  }

  @Test("A digest goes out when its hour has passed since the comment, without what can still be taken back")
  func digestsDueByHour() {
    // 2026-11-18 17:46:40 in Amsterdam: digests of today went out at 17:00.
    let hour: TimeInterval = 3600
    let waiting: [AccountID: [DigestLine]] = [
      S.deVries: [
        DigestLine(entry: EntryID(1), at: S.now - 2 * hour), DigestLine(entry: EntryID(2), at: S.now - 60),
      ],
      S.els: [DigestLine(entry: EntryID(2), at: S.now - 60)],
    ]
    let due = digestsDue(waiting, directory: S.directory, policy: S.policy, now: S.now)
    #expect(due.map(\.changes) == [[.takeFromDigest(S.deVries, entries: [EntryID(1)])]])
    let early = digestsDue(waiting, directory: S.directory, policy: S.policy, now: S.now - hour)
    #expect(early.isEmpty)
    let forced = digestsDue(
      waiting, directory: S.directory, policy: S.policy, now: S.now + 700, regardlessOfHour: true)
    #expect(forced.count == 2 && forced[0].notices[0].facts.digestEntries == [EntryID(1), EntryID(2)])
  }

  @Test("The weekly digest goes out on its day, across the change to summer time too")
  func weekly() throws {
    // Sunday 2027-03-28, 12:00 UTC, the day on which the clock goes forward.
    let sunday = Date(timeIntervalSince1970: 1_806_235_200)
    let friday = try #require(S.policy.lastDigest(of: .weekly, before: sunday))
    #expect(friday == Date(timeIntervalSince1970: 1_806_076_800), "Friday 2027-03-26, 17:00 in winter time")
    let daily = try #require(S.policy.lastDigest(of: .daily, before: sunday + 4 * 3600))
    #expect(daily == Date(timeIntervalSince1970: 1_806_246_000), "17:00 in summer time")
    #expect(S.policy.lastDigest(of: .off, before: sunday) == nil)
  }
}
