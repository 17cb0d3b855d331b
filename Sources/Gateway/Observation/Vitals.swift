import Foundation
import Synchronization

/// Whether the gateway's parts come round: each says, before it waits, when it will be back at the latest.
package final class Vitals: Sendable {
  package enum Part: String, Sendable, CaseIterable {
    case mailbox, dispatch, digests, standing, activation, reports, urgent
    case waitingMail = "waiting-mail"
  }

  /// How long one round of a part that talks to the store may take.
  static let patience: Duration = .seconds(300)
  /// How long one mail may take on its way from or to a server: the longest that the transports wait for one, and more.
  static let transfer: Duration = .seconds(1_200)

  private struct State {
    var back: [Part: SuspendingClock.Instant] = [:]
    var isMailboxOpen = false
    /// Whether all has been handled at least once that lay in the inbox since the start.
    var isInboxRead = false
    /// When the inbox was looked through that is being handled; nil where all of it is done.
    var sweepBegan: SuspendingClock.Instant?
  }

  // The clock stands still while the machine sleeps: nobody is late for that.
  private let clock = SuspendingClock()
  private let state = Mutex(State())

  /// This part is alive, and back within so long.
  func beat(_ part: Part, within time: Duration) {
    let back = clock.now + time
    state.withLock { $0.back[part] = back }
  }

  /// A part that ended of itself is no longer waited for.
  func leave(_ part: Part) { state.withLock { $0.back[part] = nil } }

  /// The parts that should be back by now.
  package var late: [Part] {
    let now = clock.now
    return state.withLock { state in Part.allCases.filter { state.back[$0].map { $0 < now } ?? false } }
  }

  package var isMailboxOpen: Bool { state.withLock { $0.isMailboxOpen } }
  func setMailboxOpen(_ isOpen: Bool) {
    state.withLock {
      $0.isMailboxOpen = isOpen
      if !isOpen { $0.sweepBegan = nil }
    }
  }

  var isInboxRead: Bool { state.withLock { $0.isInboxRead } }
  func noteInboxRead() { state.withLock { $0.isInboxRead = true } }

  func beginSweep() {
    let now = clock.now
    state.withLock { $0.sweepBegan = now }
  }

  func endSweep() { state.withLock { $0.sweepBegan = nil } }

  /// For how long mail has lain in the inbox that was seen and is not done, in seconds.
  var sweepAge: TimeInterval {
    let now = clock.now
    return state.withLock { $0.sweepBegan.map { (now - $0) / .seconds(1) } ?? 0 }
  }
}

extension SchoolGateway {
  /// A part's pause between two rounds.
  func rest(_ part: Vitals.Part, _ duration: Duration) async {
    vitals.beat(part, within: duration + Vitals.patience)
    await pause(duration)
  }
}
