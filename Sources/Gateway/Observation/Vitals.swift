import Foundation
import Logging
import Store
import Synchronization
import Transport

/// Whether the gateway's parts come round: each says, before it waits, when it will be back at the latest.
package final class Vitals: Sendable {
  package enum Part: String, Sendable, CaseIterable {
    case mailbox, dispatch, digests, standing, activation, reports, urgent, calendar, clock, offers, conferences
    case absence, albums, damage
    case handledFolder = "handled-folder"
    case waitingMail = "waiting-mail"
    case dataRequests = "data-requests"
  }

  /// How long one round of a part that talks to the store may take.
  static let patience: Duration = .seconds(300)
  /// How long one mail may take on its way from or to a server: the longest that the transports wait for one, and more.
  static let transfer: Duration = .seconds(1_200)

  private struct State {
    var back: [Part: SuspendingClock.Instant] = [:]
    var isMailboxOpen = false
    var isTakingMail = true
    /// Whether all has been handled at least once that lay in the inbox since the start.
    var isInboxRead = false
    /// Since when mails lie in the inbox that are not handled, as far as this process knows.
    var seen: [UID: SuspendingClock.Instant] = [:]
    var uidValidity: UInt32?
  }

  // The clock stands still while the machine sleeps: nobody is late for that.
  private let clock = SuspendingClock()
  private let state = Mutex(State())

  /// This part is alive, and back within so long.
  func beat(_ part: Part, within time: Duration) {
    let back = clock.now + time
    state.withLock { $0.back[part] = back }
  }

  /// The parts that ever came round.
  var watched: Set<Part> { state.withLock { Set($0.back.keys) } }

  /// The parts that should be back by now.
  package var late: [Part] {
    let now = clock.now
    return state.withLock { state in Part.allCases.filter { state.back[$0].map { $0 < now } ?? false } }
  }

  package var isMailboxOpen: Bool { state.withLock { $0.isMailboxOpen } }
  func setMailboxOpen(_ isOpen: Bool) { state.withLock { $0.isMailboxOpen = isOpen } }

  /// Whether what lay in the inbox could be written down and handled the last time.
  package var isTakingMail: Bool { state.withLock { $0.isTakingMail } }
  func setTakingMail(_ isTaking: Bool) { state.withLock { $0.isTakingMail = isTaking } }

  /// These lie in the inbox, and no others.
  func see(_ uids: [UID], uidValidity: UInt32) {
    let now = clock.now
    state.withLock { state in
      let known = state.uidValidity == uidValidity ? state.seen : [:]
      state.seen = Dictionary(uids.map { ($0, known[$0] ?? now) }) { first, _ in first }
      state.uidValidity = uidValidity
    }
  }

  /// These are handled, and need only be moved.
  func finish(_ uids: [UID]) { state.withLock { state in for uid in uids { state.seen[uid] = nil } } }

  var isInboxRead: Bool { state.withLock { $0.isInboxRead } }
  func noteInboxRead() { state.withLock { $0.isInboxRead = true } }

  /// How many mails wait to be read, in an inbox that is being read.
  var unread: Int { state.withLock { $0.isMailboxOpen && $0.isTakingMail ? $0.seen.count : 0 } }

  /// Mails that were seen in the inbox and are not handled: how many, and for how long the oldest lies there, in
  /// seconds. Also while the mailbox is not reached.
  var unhandled: (count: Int, age: TimeInterval) {
    let now = clock.now
    return state.withLock { state in
      (state.seen.count, state.seen.values.min().map { (now - $0) / .seconds(1) } ?? 0)
    }
  }
}

extension SchoolGateway {
  /// A part's rounds until its task is cancelled. One that fails is complained about in the log, and made again.
  func repeatedly(
    _ part: Vitals.Part, every interval: Duration, complaint: String, _ round: () async throws(StoreError) -> Void
  ) async {
    while !Task.isCancelled {
      vitals.beat(part, within: Vitals.patience)
      do throws(StoreError) { try await round() } catch { log.error("\(complaint)", metadata: ["error": "\(error)"]) }
      vitals.beat(part, within: interval + Vitals.patience)
      await pause(interval)
    }
  }
}
