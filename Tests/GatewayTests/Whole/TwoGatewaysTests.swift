import Foundation
import Mail
import School
import TestServers
import Testing

@testable import Gateway

/// Two schools whose gateways write to each other, each by its own mailbox on the same servers.
@Suite("A loop between two gateways", .serialized, .timeLimit(.minutes(6)))
struct TwoGatewaysTests {
  typealias R = RunningGateway

  private static let other = "tweede@ander.test"
  private static let relay = "relais@ander.test"

  /// - Parameters:
  ///   - known: to the first school, as parents; what it sends them, the second gets.
  ///   - knownToOther: the same of the second.
  private static func run(
    known: [String], knownToOther: [String], limit: Int, _ body: (_ first: R, _ second: R) async throws -> Void
  ) async throws {
    var options = R.options()
    for address in [other, relay] { options.passwords[address] = "secret-of-\(address)" }
    let parents = { (addresses: [String]) in
      addresses.enumerated().map { R.carer("ver\($0)", "Ver \($0)", $1, .dutch) }
    }
    let limits: (inout SchoolSettings) -> Void = { $0.limits.mailsPerHour = limit }
    try await MailServers.run(options) { servers in
      let first = try await R(servers, undo: 0, people: parents(known), settings: limits)
      let second = try await R(
        servers, undo: 0, mode: .subaddress, mailbox: other, people: parents(knownToOther), settings: limits)
      try await first.toItsEnd {
        try await second.toItsEnd { try await body(first, second) }
      }
    }
  }

  /// Who writes to either school is heard while mail goes round, or would.
  private static func bothAnswer(_ first: R) async throws {
    #expect(try await AbuseTests.wait(in: first, "Noor is ziek, hier.") < .seconds(15))
    let start = ContinuousClock.now
    try await first.write(R.fatima, to: "tweede+postvak.anna@ander.test", "Ziek", "Noor is ziek, daar.")
    _ = try await first.mails(to: R.anna, with: "Noor is ziek, daar.")
    #expect(ContinuousClock.now - start < .seconds(15))
  }

  @Test("What one gateway sends the other is known by its mark, and is not answered")
  func marked() async throws {
    let known = ["tweede+postvak.niemand@ander.test", Self.other]
    try await Self.run(known: known, knownToOther: ["school@school.test"], limit: 50) { first, second in
      try await first.write(R.anna, to: "spoed.groep5@\(R.domain)", "Storm", "De school is dicht.")
      try await first.until("the second has what the first sent") {
        try first.servers.mailbox(of: Self.other, folder: "Postplein/Verwerkt").count == 2
      }
      try await Self.bothAnswer(first)
      try await Task.sleep(for: .seconds(1))
      let read = ["", "Postplein/Verwerkt", "Postplein/Bekijken"].flatMap {
        (try? first.servers.mailbox(of: "school@school.test", folder: $0.isEmpty ? nil : $0)) ?? []
      }
      #expect(read.count >= 2, "Anna's and Fatima's mail")
      #expect(!read.contains { MailMessage.parse($0).from.first?.address.description == Self.other })
      #expect(try await second.store.threads(limit: 10).count == 1, "Fatima's alone")
    }
  }

  /// As a rule for forwarding does that writes a mail anew: no mark, no threading, another Message-ID.
  @Test("Where a relay takes the mark away, both end at their budgets; support is told once, and others do not wait")
  func relayed() async throws {
    let limit = 12
    try await Self.run(known: [Self.relay], knownToOther: [Self.relay], limit: limit) { first, _ in
      let relaying = Task {
        var seen: Set<String> = []
        while !Task.isCancelled {
          for raw in try first.servers.mailbox(of: Self.relay) {
            let mail = MailMessage.parse(raw)
            guard let id = mail.messageID, seen.insert(id).inserted else { continue }
            let isOfFirst = mail.from.first?.address.description == "school@school.test"
            let to = isOfFirst ? "tweede+postvak.niemand@ander.test" : "postvak.niemand@\(R.domain)"
            try await first.write(Self.relay, to: to, mail.subject, "Doorgestuurd.")
          }
          try await Task.sleep(for: .milliseconds(20))
        }
      }
      defer { relaying.cancel() }
      try await first.write(R.anna, to: "spoed.groep5@\(R.domain)", "Storm", "De school is dicht.")
      _ = try await first.mails(to: R.bas, with: "Te veel mail van \(Self.relay)", timeout: MailServers.patience)
      try await Self.bothAnswer(first)
      try await Task.sleep(for: .seconds(2))
      #expect(
        try first.servers.mailbox(of: Self.relay).count == 1 + 2 * limit,
        "what began it, and one answer of each gateway for each mail that it read")
      #expect(try await first.mails(to: R.bas, with: "Te veel mail van \(Self.relay)").count == 1)
    }
  }
}
