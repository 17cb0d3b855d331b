import Foundation

/// Named steps of a mail's way through the gateway, at which a debug build can be made to die as by SIGKILL, so that
/// `deploy/campaign` can show what a crash there leaves behind. A release build knows nothing of it.
package enum Failpoint: String, CaseIterable, Sendable {
  /// The octets are here, and nowhere in the store.
  case fetched
  /// The file is durable, its row is not.
  case kept
  /// File and row are durable.
  case recorded
  /// The attempt is noted, the message not read.
  case attempted
  /// What becomes of it is known, and not written.
  case decided
  /// The outcome is durable, the message still lies in the inbox.
  case committed
  /// It was moved to the handled folder.
  case acknowledged
  /// A mail that is due is in a worker's hands.
  case claimed
  case composed
  /// The server has accepted it, and nobody wrote that down.
  case submitted
  /// Its acceptance is durable.
  case noted
  /// A transaction of any kind is about to begin.
  case writing
  /// It is durable.
  case written

  /// Dies here where the environment says so: `POSTPLEIN_FAILPOINT=committed:3` at the third time.
  package func pass() {
    #if DEBUG
      Self.rehearsal?.pass(self)
      guard let wanted = Self.wanted, wanted.step == self, wanted.passes.count() == wanted.number else { return }
      kill(getpid(), SIGKILL)
    #endif
  }

  /// Whether to move mail away before it is stored, which loses it in a crash: the campaign's proof that it would see
  /// that. `POSTPLEIN_CONTROL=acknowledge-first`.
  package static var acknowledgesFirst: Bool {
    #if DEBUG
      rehearsal?.acknowledgesFirst
        ?? (ProcessInfo.processInfo.environment["POSTPLEIN_CONTROL"] == "acknowledge-first")
    #else
      false
    #endif
  }
}

#if DEBUG
  import Synchronization

  extension Failpoint {
    /// What a simulation makes of the steps: many gateways live and die in its one process.
    package struct Rehearsal: Sendable {
      package var acknowledgesFirst: Bool
      package var pass: @Sendable (Failpoint) -> Void

      package init(acknowledgesFirst: Bool = false, pass: @escaping @Sendable (Failpoint) -> Void) {
        self.acknowledgesFirst = acknowledgesFirst
        self.pass = pass
      }
    }

    /// Of the task that runs the gateway.
    @TaskLocal package static var rehearsal: Rehearsal?

    fileprivate struct Wanted: Sendable {
      let step: Failpoint
      let number: Int
      let passes = Passes()
    }

    fileprivate final class Passes: Sendable {
      private let passed = Atomic(0)
      func count() -> Int { passed.add(1, ordering: .relaxed).newValue }
    }

    fileprivate static let wanted: Wanted? = {
      let words = (ProcessInfo.processInfo.environment["POSTPLEIN_FAILPOINT"] ?? "").split(separator: ":")
      guard let step = words.first.flatMap({ Failpoint(rawValue: String($0)) }) else { return nil }
      return Wanted(step: step, number: words.count > 1 ? Int(words[1]) ?? 1 : 1)
    }()
  }
#endif
