import Foundation
import School
import Store
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

  @Test("What machines send has its number as well, and support is told; of strangers' large mails once, of whomever")
  func machines() async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: []) {
      $0.people.supportDesk = ["bas@school.test"]
      ($0.limits.mailsPerHour, $0.limits.strangersPerHour) = (2, 3)
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    await gateway.makeDeskAccounts()
    _ = try await gateway.store.ensureAccount(address: "els@ouders.test", language: .dutch)
    let read = { (from: String, fields: String) in
      var statuses: [InboundRecord.Status] = []
      for number in 0..<5 {
        let mail = Data("From: \(from)\r\n\(fields)\r\nSubject: \(number)\r\n\r\nhoi\r\n".utf8)
        let record = try await gateway.store.record(mail, from: nil, at: .now)
        statuses.append(await MailReader(gateway: gateway).handle(record))
      }
      return statuses.count { $0 == .handled }
    }
    #expect(try await read("els@ouders.test", "Precedence: bulk") == 2)
    #expect(try await read("shop@x.test", "Precedence: bulk") == 3)
    #expect(try await read("shop@x.test", "X-Postplein: elsewhere.test") == 3)
    #expect(try await read("noreply@x.test", "Content-Type: application/tlsrpt+json") == 0, "one side with own mail")
    for address in ["a@x.test", "b@x.test", "els@ouders.test"] {
      try await gateway.tell(.large, from: address, count: 99)
    }
    let told = try await gateway.store.dueDeliveries(now: .now, excluding: [], limit: 100).filter { $0.kind == .flood }
    #expect(told.compactMap(\.facts.flood) == [.sender, .strangers, .machines, .large, .large])
  }

  @Test("A mail whose handling is undone costs nothing more when it is tried again")
  func triedAgain() {
    let budget = MailBudget()
    let spend = { (mail: Int64) in budget.spend(.strangers, on: InboundID(mail), limit: 1, now: Self.hour) }
    #expect([spend(1), spend(1), spend(2), spend(2)] == [.read, .read, .leave(isFirst: true), .leave(isFirst: true)])
    budget.settle(InboundID(2))
    #expect(spend(2) == .leave(isFirst: false))
  }

  @Test("Nor where the disk fails again and again: it is read in the end, and nobody is told of a flood")
  func triedAgainBecauseOfTheDisk() async throws {
    let (gateway, folder) = try await DispatchTests.gateway(perMinute: nil, notices: []) {
      ($0.limits.mailsPerHour, $0.authservID) = (2, "mx.school.test")
    }
    defer { try? FileManager.default.removeItem(at: folder) }
    _ = try await gateway.store.ensureAccount(address: "els@ouders.test", language: .dutch)
    let mail = Data(
      """
      Authentication-Results: mx.school.test; dmarc=pass header.from=ouders.test\r
      From: els@ouders.test\r
      To: school+support@school.test\r
      Content-Type: text/plain; name="brief.txt"\r
      Content-Disposition: attachment; filename="brief.txt"\r
      \r
      hoi
      """.utf8)
    let record = try await gateway.store.record(mail, from: nil, at: .now)
    let files = folder.appending(path: "files")
    try FileManager.default.removeItem(at: files)
    try Data("no folder".utf8).write(to: files)
    for _ in 0..<4 { #expect(await MailReader(gateway: gateway).handle(record) == .waiting) }
    try FileManager.default.removeItem(at: files)
    try FileManager.default.createDirectory(at: files, withIntermediateDirectories: false)
    #expect(await MailReader(gateway: gateway).handle(record) == .handled)
    let told = try await gateway.store.dueDeliveries(now: .now, excluding: [], limit: 100)
    #expect(!told.contains { $0.kind == .flood })
  }

  @Test("What is missing on this machine leaves the mail to a person, trouble of the store lets it wait")
  func outcomeOfError() {
    let outcome = { MailReader.outcome(of: StoreError($0, "")) }
    #expect(outcome(.notInstalled) == InboundRecord.unavailable)
    #expect(outcome(.damaged) == InboundRecord.setAside)
    for kind in [StoreError.Kind.busy, .io, .diskFull, .corrupt, .unavailable] { #expect(outcome(kind) == nil) }
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
