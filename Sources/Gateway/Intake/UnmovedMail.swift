import Synchronization
import Transport

/// Mails that were read, and that the server will not move out of the inbox: its folder may be full. They are tried
/// again together, less and less often, and keep no other mail from being read.
final class UnmovedMail: Sendable {
  private struct State {
    var uids: Set<UID> = []
    var backoff = Backoff()
    var next = ContinuousClock.now
  }

  private let state = Mutex(State())

  /// A new connection: the server may number mails anew.
  func forget() { state.withLock { $0 = State() } }

  /// The server refused to move these.
  ///
  /// - Returns: how many lie there.
  func keep(_ uids: [UID]) -> Int {
    state.withLock { state in
      state.uids.formUnion(uids)
      state.next = .now + state.backoff.wait()
      return state.uids.count
    }
  }

  /// Whether the server refused to move it on this connection.
  func holds(_ uid: UID) -> Bool { state.withLock { $0.uids.contains(uid) } }

  func moved(_ uids: [UID]) {
    state.withLock { state in
      let before = state.uids.count
      state.uids.subtract(uids)
      // Other mails, to another folder, say nothing of these.
      if state.uids.isEmpty || state.uids.count < before { state.backoff.reset() }
    }
  }

  /// What there is to do: all but those whose time has not come.
  func without(_ uids: [UID]) -> [UID] {
    state.withLock { state in state.next <= .now ? uids : uids.filter { !state.uids.contains($0) } }
  }

  /// Until they are tried again; nil where there are none.
  var wait: Duration? { state.withLock { $0.uids.isEmpty ? nil : max(.zero, $0.next - .now) } }
}
