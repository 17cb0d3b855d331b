import Foundation
import Testing

@testable import School

@Suite("The receipt of an urgent message")
struct UrgentReceiptTests {
  static let entry = ThreadEntry(
    id: EntryID(1), thread: ThreadID(2), author: AccountID(3), text: "x", files: [], at: SmallSchool.now)

  private func outcome(waiting: Int, lost: Int64 = 600, told: UrgentOutcome.Told? = nil) -> UrgentOutcome {
    UrgentOutcome(
      entry: Self.entry, audience: .school, tally: DeliveryTally(accepted: 5, waiting: waiting, failed: 1),
      notAccepted: (0..<lost).map { AccountID($0) }, told: told)
  }

  @Test("It is due when all servers have answered, else after a minute")
  func due() {
    let at = { (seconds: Double) in SmallSchool.now + seconds }
    #expect(SchoolPolicy.isReceiptDue(outcome(waiting: 0), now: at(10)))
    #expect(!SchoolPolicy.isReceiptDue(outcome(waiting: 0), now: at(9)), "bounces are on their way")
    #expect(!SchoolPolicy.isReceiptDue(outcome(waiting: 1), now: at(59)))
    #expect(SchoolPolicy.isReceiptDue(outcome(waiting: 1), now: at(60)))
  }

  @Test("It goes to the author in the urgent lane, and names at most so many parents")
  func content() throws {
    let notice = try #require(urgentReceipt(outcome(waiting: 0), directory: Directory()).notices.first)
    #expect(notice.recipient == .account(AccountID(3)) && notice.lane == .urgent && notice.kind == .urgentReceipt)
    #expect(notice.facts.accounts?.count == SchoolPolicy.mostToPhone && notice.facts.urgent?.failed == 1)
  }

  @Test("Once told, they are told again only of what came back since, and at most once a minute")
  func again() throws {
    let told = UrgentOutcome.Told(at: SmallSchool.now, accounts: [])
    #expect(!SchoolPolicy.isReceiptDue(outcome(waiting: 0, told: told), now: SmallSchool.now + 59))
    #expect(SchoolPolicy.isReceiptDue(outcome(waiting: 0, told: told), now: SmallSchool.now + 60))
    #expect(!SchoolPolicy.isReceiptDue(outcome(waiting: 1, lost: 0, told: told), now: SmallSchool.now + 600))
    let facts = try #require(
      urgentReceipt(outcome(waiting: 0, lost: 2, told: told), directory: Directory()).notices.first?.facts)
    #expect(facts.since == SmallSchool.now && facts.count == 2 && facts.pupils == nil)
  }
}
