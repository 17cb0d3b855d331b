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
    #expect(trouble.alarm == nil)
    trouble.refuse(reason: "authentication-failed", words: "550 5.7.515", at: Self.now + 240)
    #expect(trouble.alarm?.first.words == "550 5.7.515" && trouble.alarm?.first.at == Self.now + 60)
    #expect(trouble.alarm?.count == 5)
  }

  @Test("A few refusals among many mails that arrive are usual, and old ones are forgotten")
  func usual() {
    var trouble = ProviderTrouble()
    for second in 0..<20 { trouble.accept(at: Self.now + Double(second)) }
    for second in 0..<19 { trouble.refuse(reason: "policy", words: "554", at: Self.now + Double(second)) }
    #expect(trouble.alarm == nil)
    trouble.refuse(reason: "policy", words: "554", at: Self.now + 30)
    #expect(trouble.alarm != nil)
    trouble.accept(at: Self.now + ProviderTrouble.window + 31)
    #expect(trouble.alarm == nil)
  }
}
