import Foundation
import Testing

@testable import School

@Suite("Whether mail to an address arrives")
struct AddressStandingTests {
  static let failure = AddressFailure(reason: "unknown-user", provider: nil, actor: "school", words: "550 no such user")
  static let now = Date(timeIntervalSince1970: 1_795_000_000)

  static func after(_ signs: [StandingSign], from start: AddressStanding = AddressStanding()) -> AddressStanding {
    signs.reduce(start) { $0.after($1, at: now) }
  }

  @Test("One hard failure makes doubtful, a second one broken")
  func hard() {
    #expect(Self.after([.hardFailure(Self.failure)]).state == .doubtful)
    let broken = Self.after([.hardFailure(Self.failure), .accepted, .hardFailure(Self.failure)])
    #expect(broken.state == .broken && broken.failure == Self.failure && broken.failedAt == Self.now)
  }

  @Test("Soft failures break an address only when they go on, though each mail was accepted first")
  func soft() {
    let round: [StandingSign] = [.accepted, .softFailure(Self.failure)]
    #expect(Self.after(round).state == .working)
    #expect(Self.after(round + round).state == .doubtful)
    let many = Array(repeating: round, count: 8).flatMap(\.self)
    #expect(Self.after(many).state == .broken)
  }

  @Test("What is broken stays so until several mails arrived; an answer mends it at once")
  func mends() {
    let broken = Self.after([.hardFailure(Self.failure), .hardFailure(Self.failure)])
    #expect(broken.score == AddressStanding.highest)
    #expect(Self.after([.accepted, .accepted], from: broken).state == .broken)
    #expect(Self.after(Array(repeating: .accepted, count: 8), from: broken).state == .working)
    #expect(Self.after([.answered], from: broken).state == .working)
  }

  @Test("Support is told with what failed; the owner of the address is not, nor is any other parent")
  func told() {
    let policy = SchoolPolicy(supportDesk: [AccountID(1), AccountID(2)], timeZone: .gmt)
    let decision = tellOfBrokenAddress(AccountID(2), Self.failure, directory: Directory(), policy: policy)
    #expect(decision.changes == [.markStandingTold(AccountID(2))])
    #expect(decision.notices.map(\.recipient) == [.account(AccountID(1))])
    #expect(decision.notices.first?.facts.about == AccountID(2))
  }
}
