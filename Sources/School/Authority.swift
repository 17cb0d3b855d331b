/// How sure the school must be that a mail comes from whom it says: the levels A to D.
package enum AuthorityLevel: Int, Sendable, Hashable, Comparable {
  /// Nothing: the answer holds nothing personal.
  case anyone
  /// An unguessable key that only this person has, or a From address that is proven.
  case person
  /// A From address that is proven; a key is not enough.
  case proven
  /// The answer to a question that was mailed to the registered address, whatever else is proven.
  case challenged

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// What is known of who wrote a mail.
package struct Evidence: Sendable, Hashable {
  /// The account of the From address; nil for a stranger.
  package var writer: AccountID?
  /// Whose key the mail carries, in the address it was written to or as the message it answers; nil without a key.
  package var keyOwner: AccountID?
  /// Our own mail server saw that the From address is not forged.
  package var isProven: Bool
  /// The owner of the account has said so, from the registered address.
  package var isConfirmed: Bool

  package init(writer: AccountID?, keyOwner: AccountID? = nil, isProven: Bool = false, isConfirmed: Bool = false) {
    self.writer = writer
    self.keyOwner = keyOwner
    self.isProven = isProven
    self.isConfirmed = isConfirmed
  }
}

/// Who acts, or why nobody may yet.
package enum Standing: Sendable, Hashable {
  case granted(AccountID)
  /// Nothing is done and nothing is lost: this account's owner is asked.
  case held(AccountID, HoldReason)
  case stranger

  /// Judges who may act at a level. A key in other hands than its owner's is held, whatever else is proven: somebody
  /// forwarded a mail with their key in it.
  package static func judge(_ evidence: Evidence, for level: AuthorityLevel) -> Standing {
    if let owner = evidence.keyOwner, evidence.writer != owner {
      return evidence.isConfirmed ? .granted(owner) : .held(owner, .foreignKey)
    }
    guard let writer = evidence.writer else { return .stranger }
    let isEnough =
      switch level {
      case .anyone: true
      case .person: evidence.keyOwner == writer || evidence.isProven || evidence.isConfirmed
      case .proven: evidence.isProven || evidence.isConfirmed
      case .challenged: evidence.isConfirmed
      }
    return isEnough ? .granted(writer) : .held(writer, level == .challenged ? .mustConfirm : .unproven)
  }
}
