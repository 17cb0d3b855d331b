/// What a status code says of a mail that was not delivered, and who can do something about it: by the code alone
/// (RFC 3463). What the server's words say beside it is not read.
package struct DeliveryVerdict: Sendable, Hashable {
  package enum Outcome: String, Sendable, Hashable {
    /// This address cannot work.
    case hard
    /// It may work later.
    case soft
    /// The message or the sending server was refused; the address is innocent.
    case block
    case delivered
  }

  package enum Actor: String, Sendable, Hashable {
    case parent, school, wait
    /// Of the school's mail.
    case mailAdmin = "mail-admin"
    /// Of the parent's provider.
    case recipientAdmin = "recipient-admin"
  }

  package var outcome: Outcome
  /// `unknown-user`, `mailbox-full`, …; `unknown` where the code does not tell.
  package var reason: String
  package var actor: Actor

  /// - Parameter status: `5.1.1`; nil where the server gave none.
  package static func of(action: DeliveryStatusNotification.Action, status: String?) -> DeliveryVerdict {
    switch action {
    case .delivered, .relayed, .expanded: DeliveryVerdict(outcome: .delivered, reason: "delivered", actor: .wait)
    case .delayed: softened(verdict(status))
    case .failed: status?.hasPrefix("4") == true ? softened(verdict(status)) : verdict(status)
    }
  }

  private static func verdict(_ status: String?) -> DeliveryVerdict {
    let detail = status?.split(separator: ".").dropFirst().joined(separator: ".") ?? ""
    return byDetail[detail] ?? DeliveryVerdict(outcome: .hard, reason: "unknown", actor: .school)
  }

  /// A server that still tries has not judged the address.
  private static func softened(_ verdict: DeliveryVerdict) -> DeliveryVerdict {
    guard verdict.outcome == .hard else { return verdict }
    return DeliveryVerdict(outcome: .soft, reason: verdict.reason, actor: .wait)
  }

  /// Subject and detail: RFC 3463, sections 3.2 to 3.8, with RFC 7372 (`7.20` and on) and RFC 7505 (`1.10`).
  private static let byDetail: [String: DeliveryVerdict] = {
    let table: [(Outcome, String, Actor, details: String)] = [
      (.hard, "unknown-user", .school, "1.1 1.0 1.3 1.4 1.5"),
      (.hard, "unknown-domain", .school, "1.2 1.10 4.4 4.3"),
      (.hard, "mailbox-moved", .school, "1.6"),
      (.hard, "mailbox-inactive", .school, "2.1"),
      (.soft, "mailbox-full", .parent, "2.2"),
      (.soft, "system-error", .recipientAdmin, "2.0 2.4 3.0 3.1 3.2 3.3 3.5"),
      (.block, "message-too-big", .school, "2.3 3.4"),
      (.soft, "network-error", .wait, "4.0 4.1 4.2 4.6"),
      (.soft, "rate-limited", .wait, "4.5 7.28"),
      (.soft, "delivery-expired", .wait, "4.7"),
      (.block, "malformed", .mailAdmin, "5.0 5.1 5.2 5.3 5.4 5.5 6.0 6.1 6.2 6.3"),
      (.block, "policy", .mailAdmin, "7.0 7.1 7.2"),
      (.block, "authentication-failed", .mailAdmin, "7.20 7.21 7.22 7.23 7.24 7.25 7.26 7.27 7.29"),
    ]
    return Dictionary(
      table.flatMap { outcome, reason, actor, details in
        details.split(separator: " ").map {
          (String($0), DeliveryVerdict(outcome: outcome, reason: reason, actor: actor))
        }
      }, uniquingKeysWith: { first, _ in first })
  }()
}
