import School
import Store
import Synchronization

/// Who reads which mail: one that takes long to read is not read by another beside it.
final class MailsInHand: Sendable {
  private struct State {
    var watch: Set<InboundID> = []
    var waitingMail: InboundID?
  }

  private let state = Mutex(State())

  /// `MailboxWatch` will read these.
  func watchTakes(_ mails: [InboundID]) { state.withLock { $0.watch.formUnion(mails) } }

  /// `MailboxWatch` has read what it took, or lost its connection.
  func watchGivesBack() { state.withLock { $0.watch = [] } }

  /// False where `MailboxWatch` has it.
  func waitingMailTakes(_ mail: InboundID) -> Bool {
    state.withLock { state in
      guard !state.watch.contains(mail) else { return false }
      state.waitingMail = mail
      return true
    }
  }

  func waitingMailGivesBack() { state.withLock { $0.waitingMail = nil } }

  func isWithWaitingMail(_ mail: InboundID) -> Bool { state.withLock { $0.waitingMail == mail } }
}
