import Foundation
import Testing

@testable import Deliverability

@Suite("When a provider refuses all")
struct ProviderTroubleTests {
  static let now = Date(timeIntervalSince1970: 1_795_000_000)

  @Test("Five refusals within half an hour are an alarm, with the common cause and its first time")
  func alarm() {
    var trouble = ProviderTrouble()
    trouble.refuse(reason: "spam-content", words: "554 spam", at: Self.now)
    for minute in 1...3 {
      trouble.refuse(reason: "authentication-failed", words: "550 5.7.515", at: Self.now + Double(minute * 60))
    }
    #expect(trouble.alarm(usual: nil) == nil)
    trouble.refuse(reason: "authentication-failed", words: "550 5.7.515", at: Self.now + 240)
    #expect(
      trouble.alarm(usual: nil)?.first.words == "550 5.7.515" && trouble.alarm(usual: nil)?.first.at == Self.now + 60)
    #expect(trouble.alarm(usual: nil)?.count == 5)
  }

  @Test("A few refusals among many mails that arrive are usual, and old ones are forgotten")
  func usual() {
    var trouble = ProviderTrouble()
    for second in 0..<20 { trouble.accept(at: Self.now + Double(second)) }
    for second in 0..<19 { trouble.refuse(reason: "policy", words: "554", at: Self.now + Double(second)) }
    #expect(trouble.alarm(usual: nil) == nil)
    trouble.refuse(reason: "policy", words: "554", at: Self.now + 30)
    #expect(trouble.alarm(usual: nil) != nil)
    trouble.accept(at: Self.now + ProviderTrouble.window + 31)
    #expect(trouble.alarm(usual: nil) == nil)
  }

  @Test("What came back was taken by our own server before, and counts once")
  func returned() {
    var trouble = ProviderTrouble()
    for _ in 0..<10 { trouble.accept(at: Self.now) }
    for second in 1...4 {
      trouble.refuse(reason: "policy", words: "554", isReturned: true, at: Self.now + Double(second))
    }
    #expect(trouble.alarm(usual: nil) == nil)
    trouble.refuse(reason: "policy", words: "554", isReturned: true, at: Self.now + 5)
    #expect(trouble.alarm(usual: nil)?.first.isReturned == true, "five of ten")
  }

  @Test(
    "What is more than usual depends on the provider: three times its share, between a fifth and nine tenths",
    arguments: [
      (0.0, 4, true), (0.05, 4, true), (0.05, 10, true), (0.05, 24, false), (0.2, 2, true), (0.2, 3, true),
      (0.2, 9, false), (0.5, 2, false),
    ]
      as [(Double, Int, Bool)])
  func share(usual: Double, acceptedForFive: Int, isAlarm: Bool) {
    var trouble = ProviderTrouble()
    for second in 0..<25 { trouble.refuse(reason: "policy", words: "554", at: Self.now + Double(second)) }
    for second in 0..<(acceptedForFive * 5) { trouble.accept(at: Self.now + Double(second)) }
    let share = 25.0 / Double(25 + acceptedForFive * 5)
    #expect((trouble.alarm(usual: usual) != nil) == isAlarm, "share \(share)")
  }
}
