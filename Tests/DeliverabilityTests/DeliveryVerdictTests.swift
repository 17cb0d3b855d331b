import Testing

@testable import Deliverability

@Suite("What a status code says")
struct DeliveryVerdictTests {
  typealias Action = DeliveryStatusNotification.Action

  @Test(
    "The code tells whether the address can work, why not, and who must act",
    arguments: [
      (Action.failed, "5.1.1", "hard", "unknown-user", "school"), (.failed, "5.2.2", "soft", "mailbox-full", "parent"),
      (.failed, "5.7.1", "block", "policy", "mail-admin"),
      (.failed, "5.7.26", "block", "authentication-failed", "mail-admin"),
      (.failed, "4.4.7", "soft", "delivery-expired", "wait"), (.failed, "4.1.1", "soft", "unknown-user", "wait"),
      (.delayed, "4.4.1", "soft", "network-error", "wait"), (.delayed, "4.7.1", "block", "policy", "mail-admin"),
      (.delivered, "2.0.0", "delivered", "delivered", "wait"), (.relayed, "5.1.1", "delivered", "delivered", "wait"),
    ] as [(Action, String, String, String, String)])
  func codes(action: Action, status: String, outcome: String, reason: String, actor: String) {
    let verdict = DeliveryVerdict.of(action: action, status: status)
    #expect(verdict.outcome.rawValue == outcome)
    #expect(verdict.reason == reason)
    #expect(verdict.actor.rawValue == actor)
  }

  @Test("Without a code that is known the reason is unknown", arguments: [nil, "", "5", "5.", "5.99.99", "x.y.z"])
  func unknown(_ status: String?) {
    #expect(DeliveryVerdict.of(action: .failed, status: status).reason == "unknown")
    #expect(DeliveryVerdict.of(action: .delayed, status: status).outcome == .soft)
  }
}
