import Foundation
import Logging
import Transport

/// Throws away what arrived longer ago than the school wants to keep it, of what lies in the handled folder; nothing
/// where it did not say how long.
struct HandledFolder: Sendable {
  static let interval: Duration = .seconds(6 * 3_600)
  /// Not while the gateway begins with what waits.
  static let delay: Duration = .seconds(60)

  let gateway: SchoolGateway
  let connector: any IMAPConnector

  /// Until the task is cancelled. What fails is tried again the next time.
  func run(after delay: Duration = Self.delay, every interval: Duration = Self.interval) async {
    guard let days = gateway.settings.folders.keepDays else { return }
    await rest(delay)
    while !Task.isCancelled {
      gateway.vitals.beat(.handledFolder, within: Vitals.transfer)
      do throws(TransportError) { try await clear(olderThan: days) } catch {
        gateway.log.warning("handled mail not thrown away", metadata: ["error": "\(error)"])
      }
      await rest(interval)
    }
  }

  private func rest(_ duration: Duration) async {
    gateway.vitals.beat(.handledFolder, within: duration + Vitals.patience)
    await pause(duration)
  }

  /// By a connection of its own: that of the inbox has its folder open.
  func clear(olderThan days: Int) async throws(TransportError) {
    let session = try await connector.connect(folder: gateway.settings.folders.handled)
    do throws(TransportError) {
      let old = try await session.list(arrivedBefore: gateway.now().addingTimeInterval(-Double(days) * 86_400))
      if !old.isEmpty {
        try await session.remove(old)
        gateway.log.notice("handled mail thrown away", metadata: ["mails": "\(old.count)", "days": "\(days)"])
      }
    } catch {
      await session.close()
      throw error
    }
    await session.close()
  }
}
