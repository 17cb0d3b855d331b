import Synchronization
import Transport

/// Mails that the server does not hand out: it refuses them, says nothing of them though they lie there, or its
/// connection ends when they are asked for. They are asked for again, less and less often, and keep no other mail from
/// being read; in the end they are left to a person.
final class UngivenMail: Sendable {
  private struct Failure {
    /// How often, with another mail given since.
    var count = 0
    /// How many were given when it failed last.
    var given = -1
    var backoff = Backoff()
    var next = ContinuousClock.now
  }

  private struct State {
    var uidValidity: UInt32 = 0
    /// What the command that is under way asks for.
    var asked: [UID] = []
    var given = 0
    var failures: [UID: Failure] = [:]
    /// One of several that were asked for together may have ended a connection: each is asked for by itself.
    var isSuspicious = false

    mutating func fail(_ uid: UID) {
      var failure = failures[uid] ?? Failure()
      // Where no other was given since, the server may be in trouble with all of them.
      if failure.given != given { failure.count += 1 }
      failure.given = given
      failure.next = .now + failure.backoff.wait()
      failures[uid] = failure
    }

    /// The server said something of these. The others failed; where one is gone, that is forgotten with the next look.
    mutating func end(answered uids: some Sequence<UID>) {
      for uid in Set(asked).subtracting(uids) { fail(uid) }
      asked = []
    }
  }

  /// A mail that failed so often, while others were given, is given up.
  private let tries: Int
  private let state = Mutex(State())

  init(tries: Int = 10) { self.tries = tries }

  /// A new connection: what was asked for when the last one ended may be why it did.
  func begin(uidValidity: UInt32) {
    state.withLock { state in
      if state.uidValidity != uidValidity {
        state = State(uidValidity: uidValidity)
      } else if state.asked.count == 1 {
        state.fail(state.asked[0])
      } else if state.asked.count > 1 {
        state.isSuspicious = true
      }
      state.asked = []
    }
  }

  var mayAskTogether: Bool { state.withLock { !$0.isSuspicious } }

  func ask(_ uids: [UID]) { state.withLock { $0.asked = uids } }

  /// The server told something of these; they are still to be given. The others may be gone.
  func told(of uids: some Sequence<UID>) { state.withLock { $0.end(answered: uids) } }

  /// These were given. The others may be gone.
  ///
  /// - Parameter askingRest: each of the others is asked for by itself now, and that tells.
  func got(_ uids: some Sequence<UID>, askingRest: Bool = false) {
    state.withLock { state in
      let uids = Array(uids)
      if !uids.isEmpty { state.given += 1 }
      for uid in uids { state.failures[uid] = nil }
      state.end(answered: askingRest ? state.asked : uids)
    }
  }

  /// The server refused what was asked for. Of several nobody knows which it is.
  func refused() {
    state.withLock { state in
      if state.asked.count == 1 { state.fail(state.asked[0]) }
      state.asked = []
    }
  }

  func isGivenUp(_ uid: UID) -> Bool { state.withLock { $0.failures[uid]?.count ?? 0 >= tries } }

  /// It is left to a person.
  func forget(_ uid: UID) { state.withLock { $0.failures[uid] = nil } }

  /// All that lay there was gone through, on one connection.
  func endOfTurn() { state.withLock { if $0.failures.isEmpty { $0.isSuspicious = false } } }

  /// What there is to ask for: all but those whose time has not come.
  ///
  /// - Parameter uids: all that lie there.
  func without(_ uids: [UID]) -> [UID] {
    state.withLock { state in
      guard !state.failures.isEmpty else { return uids }
      // Somebody took the others away.
      let there = Set(uids)
      state.failures = state.failures.filter { there.contains($0.key) }
      return uids.filter { state.failures[$0].map { $0.next <= .now } ?? true }
    }
  }
}
