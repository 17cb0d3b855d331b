import Foundation
import Testing

@testable import School

@Suite("The receipt of an urgent message")
struct UrgentReceiptTests {
  static let entry = ThreadEntry(
    id: EntryID(1), thread: ThreadID(2), author: AccountID(3), text: "x", files: [], at: SmallSchool.now)

  private func outcome(waiting: Int) -> UrgentOutcome {
    UrgentOutcome(
      entry: Self.entry, tally: DeliveryTally(accepted: 5, waiting: waiting, failed: 1),
      notAccepted: (0..<600).map { AccountID($0) })
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
    let notice = try #require(urgentReceipt(outcome(waiting: 0)).notices.first)
    #expect(notice.recipient == .account(AccountID(3)) && notice.lane == .urgent && notice.kind == .urgentReceipt)
    #expect(notice.facts.accounts?.count == SchoolPolicy.mostToPhone && notice.facts.urgent?.failed == 1)
  }
}
