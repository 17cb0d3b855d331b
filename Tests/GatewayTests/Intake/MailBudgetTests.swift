import Foundation
import School
import Testing
import Transport

@testable import Gateway

@Suite("More mail than is read")
struct MailBudgetTests {
  static let hour = Date(timeIntervalSince1970: 3_600 * 498_000)

  @Test("A side has its number of mails in an hour; the first beyond it is told of, and the next hour is a new one")
  func budget() {
    let budget = MailBudget()
    let els = MailBudget.Side.sender(AccountID(1), isProven: true)
    let spend = { (side: MailBudget.Side, seconds: Double) in
      defer { budget.settle(InboundID(1)) }
      return budget.spend(side, on: InboundID(1), limit: 2, now: Self.hour.addingTimeInterval(seconds))
    }
    let first = (0..<5).map { spend(els, Double($0)) }
    let rest = MailBudget.Verdict.leave(isFirst: false)
    #expect(first == [.read, .read, .leave(isFirst: true), rest, rest])
    let others: [MailBudget.Side] = [
      .sender(AccountID(1), isProven: false), .sender(AccountID(2), isProven: true), .strangers, .returns,
    ]
    for other in others { #expect(spend(other, 10) == .read, "others have theirs") }
    #expect(spend(els, 3_599) == .leave(isFirst: false) && spend(els, 3_600) == .read)
  }

  @Test("A mail whose handling is undone costs nothing more when it is tried again")
  func triedAgain() {
    let budget = MailBudget()
    let spend = { (mail: Int64) in budget.spend(.strangers, on: InboundID(mail), limit: 1, now: Self.hour) }
    #expect([spend(1), spend(1), spend(2), spend(2)] == [.read, .read, .leave(isFirst: true), .leave(isFirst: true)])
    budget.settle(InboundID(2))
    #expect(spend(2) == .leave(isFirst: false))
  }

  static let directory = Directory(
    accounts: (1...3).map { Account(id: AccountID(Int64($0)), address: "ouder\($0)@ouders.test", digest: .off) },
    groups: [], pupils: [], carers: [], staff: [])

  static func row(_ senders: [String?]) -> ([UID], [UID: String]) {
    let uids = senders.indices.map { UID($0 + 1) }
    let known = zip(uids, senders).compactMap { uid, sender in sender.map { (uid, $0) } }
    return (uids, Dictionary(uniqueKeysWithValues: known))
  }

  @Test("Of a long row everybody's first is read before anybody's second, in each one's own order")
  func fairOrder() {
    let (row, senders) = Self.row(
      Array(repeating: "ouder1@ouders.test", count: 1_000) + ["ouder2@ouders.test", "ouder3@ouders.test", nil]
        + ["ouder2@ouders.test"])
    let next = FairOrder.next(row, senders: senders, directory: Self.directory)
    #expect(next.prefix(7) == [1, 1_001, 1_002, 1_003, 2, 1_004, 3] && next.count == FairOrder.turn)
  }

  @Test("All whom the school does not know count as one: a flood in many names is one flood")
  func strangers() {
    let (row, senders) = Self.row((0..<500).map { "x\($0)@x.test" } + ["ouder1@ouders.test"])
    #expect(FairOrder.next(row, senders: senders, directory: Self.directory).prefix(3) == [1, 501, 2])
  }

  @Test("A short row is read as it came")
  func short() {
    let (row, senders) = Self.row(Array(repeating: "ouder1@ouders.test", count: 49) + ["ouder2@ouders.test"])
    #expect(FairOrder.next(row, senders: senders, directory: Self.directory) == row)
  }

  @Test(
    "The sender is read from From alone, whatever else the server sends",
    arguments: [
      ("From: Els <Els@Ouders.test>\r\n\r\n", "els@ouders.test"), ("From: a@x.test, b@x.test\r\n\r\n", nil),
      ("", nil), ("From:\r\n", nil), ("\u{0}\u{1}", nil),
    ])
  func sender(header: String, address: String?) {
    #expect(FairOrder.sender(Array(header.utf8)) == address)
  }
}
