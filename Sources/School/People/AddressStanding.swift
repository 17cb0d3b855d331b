import Foundation

/// Why mail to somebody failed, in the words of `postplein explain`.
package struct AddressFailure: Sendable, Hashable, Codable {
  /// `unknown-user`, `mailbox-full`, …
  package var reason: String
  /// `outlook-consumer`, `kpn`, …; nil where nobody knows.
  package var provider: String?
  /// Whose turn it is: `parent`, `school`, `mail-admin`, `recipient-admin`, `wait`.
  package var actor: String
  /// What the server said.
  package var words: String

  /// Accepted, and never answered.
  package static let perhapsSpam = "perhaps-spam"
  package static let parent = "parent"

  package init(reason: String, provider: String?, actor: String, words: String) {
    self.reason = reason
    self.provider = provider
    self.actor = actor
    self.words = words
  }
}

/// Something that tells whether mail reaches an address. A refusal for the sender's reputation, or for what a message
/// holds, tells nothing of it and is no sign.
package enum StandingSign: Sendable, Hashable {
  /// By a server; nobody knows of an inbox, and it may come back yet.
  case accepted
  /// Its owner wrote, proven to be who they are.
  case answered
  /// It cannot work: unknown user or domain.
  case hardFailure(AddressFailure)
  /// It did not work, and may later: a full mailbox, a server that stays away.
  case softFailure(AddressFailure)
}

/// Whether mail to an address arrives, as far as the mails before tell.
package struct AddressStanding: Sendable, Hashable {
  package enum State: String, Sendable, Hashable, Codable, CaseIterable {
    case working, doubtful
    /// No longer mailed, but for urgent mail and a probe now and then.
    case broken
  }

  package var state: State
  /// 0 for an address that works.
  package var score: Int
  /// The newest one; nil where none ever was.
  package var failure: AddressFailure?
  package var failedAt: Date?

  /// A second hard failure breaks an address: one alone may be a provider's own error. A soft one raises by two, for
  /// its mail was accepted before and lowered by one.
  static let hardRise = 5
  static let softRise = 2
  static let doubtfulFrom = 3
  static let brokenFrom = 8
  /// So that a few mails that arrive can mend what many broke.
  static let highest = 10

  /// Between two mails that try whether a broken address works again, in seconds.
  package static let probeInterval: TimeInterval = 14 * 86_400

  package init(state: State = .working, score: Int = 0, failure: AddressFailure? = nil, failedAt: Date? = nil) {
    self.state = state
    self.score = score
    self.failure = failure
    self.failedAt = failedAt
  }

  /// What it is after one more sign.
  package func after(_ sign: StandingSign, at now: Date) -> AddressStanding {
    var next = self
    switch sign {
    case .answered: return AddressStanding(failure: failure, failedAt: failedAt)
    case .accepted: next.score = max(0, score - 1)
    case .hardFailure(let failure): next = failed(failure, by: Self.hardRise, at: now)
    case .softFailure(let failure): next = failed(failure, by: Self.softRise, at: now)
    }
    // What is broken stays so until it works well: it would break and mend with each mail.
    next.state =
      if next.score >= Self.brokenFrom { .broken } else if next.score < Self.doubtfulFrom { .working } else {
        state == .broken ? .broken : .doubtful
      }
    return next
  }

  /// With what the activation tells: a mail that was accepted and never answered probably lies among spam, which no
  /// server says. It is derived and not a sign, since mails that are accepted later tell nothing else.
  package func with(_ activation: Activation?, provider: String?) -> AddressStanding {
    guard activation == .unanswered, state == .working else { return self }
    let failure = AddressFailure(
      reason: AddressFailure.perhapsSpam, provider: provider, actor: AddressFailure.parent, words: "")
    return AddressStanding(state: .doubtful, score: max(score, Self.doubtfulFrom), failure: failure, failedAt: failedAt)
  }

  private func failed(_ failure: AddressFailure, by rise: Int, at now: Date) -> AddressStanding {
    AddressStanding(state: state, score: min(Self.highest, score + rise), failure: failure, failedAt: now)
  }
}
