/// What a decision does and whom it tells. Empty: nothing happens.
package struct Decision: Sendable, Hashable {
  package var changes: [Change]
  package var notices: [Notice]
  /// What it was decided on, where others may change that meanwhile; nil where they cannot spoil it.
  package var basis: Revision?

  package init(changes: [Change] = [], notices: [Notice] = [], basis: Revision? = nil) {
    self.changes = changes
    self.notices = notices
    self.basis = basis
  }
}

/// How often something was decided on of which there is only so much: places, slots. Of two decisions on the same
/// revision only one is written down; the other is made anew on what it left.
package struct Revision: Sendable, Hashable {
  /// What it is of, as `offer 12`.
  package var subject: String
  package var number: Int

  package init(subject: String, number: Int) {
    self.subject = subject
    self.number = number
  }
}

/// The thread or entry that a change or notice is about. A decision opens one thread and adds one entry at most, whose
/// identity only the store can give: `new`.
package enum Reference<ID: Hashable & Sendable>: Hashable, Sendable {
  case existing(ID)
  case new
}

/// What becomes different in the store. Applied in order, in one transaction.
package enum Change: Sendable, Hashable {
  case openThread(
    kind: ThreadKind, subject: String, author: AccountID, audience: Audience?, members: [AccountID], about: ThreadID?)
  case addEntry(thread: Reference<ThreadID>, author: AccountID, body: MessageBody, origin: ForwardedOrigin?)
  /// Hides the entry, takes it from waiting digests, and cancels its notices that are not sent yet.
  case retractEntry(EntryID)
  /// The entry waits for this account's next digest.
  case queueForDigest(AccountID, entry: Reference<EntryID>)
  /// These entries went into a digest that this decision sends, and wait no longer.
  case takeFromDigest(AccountID, entries: [EntryID])
  /// An answer that says only that an urgent message was seen.
  case markSeen(ThreadID, by: AccountID)
  /// All keys given to this account so far become worthless.
  case rotateKeys(AccountID)
  /// A message waits until the account's owner says that it was theirs.
  case hold(InboundID, account: AccountID, reason: HoldReason)
  /// The owner said that it was theirs: it was acted on, and waits no longer.
  case releaseHeld(InboundID)
  /// The owner said that it was not theirs: it will never be acted on.
  case discardHeld(InboundID)
  /// Support was told that mail to this account does not arrive.
  case markStandingTold(AccountID)
  case setActivation(AccountID, Activation)
  case holdProvider(ProviderHold)
  /// Mail goes to this address from now on; nil for the user name again. What was known of the address is forgotten.
  case setNewAddress(AccountID, String?)
  /// The address that mail goes to becomes the user name.
  case approveAddress(AccountID)
  case documents(DocumentChange)
  case classList(ClassListChange)
  /// Something that comes back by the calendar was done now.
  case markDone(PeriodicTask)
  case calendar(CalendarChange)
}

/// What is done by the calendar, once a period.
package enum PeriodicTask: String, Sendable, Hashable, CaseIterable {
  case weeklyReport = "weekly-report"
  case weeklyCalendar = "weekly-calendar"
}

package enum HoldReason: String, Sendable, Hashable, Codable {
  /// The From address is known, but nothing proves it.
  case unproven
  /// A reply key was used by another address than its owner's.
  case foreignKey = "foreign-key"
  /// What is asked must always be confirmed.
  case mustConfirm = "must-confirm"
}
