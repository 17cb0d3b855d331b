import Foundation
import School
import Store

/// Handles what was recorded and not finished: mail that `postplein send` put in, and what a crash left behind.
struct WaitingMail: Sendable {
  static let interval: Duration = .seconds(1)
  /// Younger than this it is probably in the hands of `MailboxWatch`.
  static let patience: TimeInterval = 2

  let gateway: SchoolGateway

  func run() async {
    await gateway.repeatedly(.waitingMail, every: Self.interval, complaint: "waiting mail not read") {
      () async throws(StoreError) in
      try await sweep()
    }
  }

  /// Handles what waits now.
  func sweep() async throws(StoreError) {
    for record in try await gateway.store.waitingInbound(limit: 100) where !Task.isCancelled {
      gateway.vitals.beat(.waitingMail, within: Vitals.patience)
      // One from the future came before the clock was turned back.
      let isFresh = (0..<Self.patience).contains(gateway.now().timeIntervalSince(record.receivedAt))
      if isFresh { continue }
      guard gateway.inHand.waitingMailTakes(record.id) else { continue }
      defer { gateway.inHand.waitingMailGivesBack() }
      // Others may have read it since the row of them was.
      guard try await gateway.store.inbound(record.id)?.status == .waiting else { continue }
      _ = await MailReader(gateway: gateway).handle(record)
    }
  }
}
