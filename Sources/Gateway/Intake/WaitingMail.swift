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
    while !Task.isCancelled {
      await sweep()
      await gateway.rest(.waitingMail, Self.interval)
    }
  }

  /// Handles what waits now.
  func sweep() async {
    for record in (try? await gateway.store.waitingInbound(limit: 100)) ?? [] where !Task.isCancelled {
      // One from the future came before the clock was turned back.
      let isFresh = (0..<Self.patience).contains(gateway.now().timeIntervalSince(record.receivedAt))
      if isFresh { continue }
      _ = await MailReader(gateway: gateway).handle(record)
    }
  }
}
