/// What a decision does and whom it tells. Empty: nothing happens.
package struct Decision: Sendable, Hashable {
  package var changes: [Change]
  package var notices: [Notice]
  /// What it was decided on, where others may change that meanwhile; empty where they cannot spoil it.
  package var bases: [Revision]

  /// The one thing that it was decided on, where there is one.
  package var basis: Revision? {
    get { bases.first }
    set { bases = newValue.map { [$0] } ?? [] }
  }

  package init(changes: [Change] = [], notices: [Notice] = [], basis: Revision? = nil) {
    self.changes = changes
    self.notices = notices
    bases = basis.map { [$0] } ?? []
  }

  /// Both as one: what the other opens and adds comes after what this one does.
  package func and(_ other: Decision) -> Decision {
    let threads = changes.count { if case .openThread = $0 { true } else { false } }
    let entries = changes.count { if case .addEntry = $0 { true } else { false } }
    var both = self
    both.changes += other.changes.map { $0.moved(threads, entries) }
    both.notices += other.notices.map { notice in
      var notice = notice
      notice.thread = notice.thread?.moved(threads)
      notice.entry = notice.entry?.moved(entries)
      notice.listed = notice.listed.map { $0.moved(entries) }
      return notice
    }
    both.bases += other.bases.filter { !bases.contains($0) }
    return both
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

/// The thread or entry that a change or notice is about.
package enum Reference<ID: Hashable & Sendable>: Hashable, Sendable {
  case existing(ID)
  /// The one that the decision itself makes at this place among its threads or entries, from 0: only the store can give
  /// it an identity.
  case made(Int)

  /// The first that the decision makes.
  package static var new: Self { .made(0) }

  fileprivate func moved(_ places: Int) -> Self {
    if case .made(let place) = self { .made(place + places) } else { self }
  }
}

extension Change {
  /// The same after so many threads and entries of another decision.
  fileprivate func moved(_ threads: Int, _ entries: Int) -> Change {
    switch self {
    case .addEntry(let thread, let author, let body, let origin):
      .addEntry(thread: thread.moved(threads), author: author, body: body, origin: origin)
    case .queueForDigest(let account, let entry): .queueForDigest(account, entry: entry.moved(entries))
    default: self
    }
  }
}

/// What becomes different in the store. Applied in order, in one transaction.
package enum Change: Sendable, Hashable {
  case openThread(
    kind: ThreadKind, subject: String, author: AccountID, audience: Audience?, members: [AccountID], about: ThreadID?)
  case addEntry(thread: Reference<ThreadID>, author: AccountID, body: MessageBody, origin: ForwardedOrigin?)
  /// Hides the entry, takes it from waiting digests, and cancels its notices that are not sent yet.
  case retractEntry(EntryID)
  /// A colleague approved the message that waited for it, and its copies are due; or did not, and it is retracted.
  case settleBroadcast(EntryID, isApproved: Bool)
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
  /// Support was told that these rows cannot be read.
  case markDamageTold([String])
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
  case offer(OfferChange)
  case settings(AccountID, SettingsWrite)
  case moderation(ModerationWrite)
  case calendar(CalendarChange)
  case conference(ConferenceChange)
  case results(ResultsChange)
  case absence(AbsenceChange)
  case photos(PhotoChange)
}

/// What is done by the calendar, once a period.
package enum PeriodicTask: String, Sendable, Hashable, CaseIterable {
  case weeklyReport = "weekly-report"
  case weeklyCalendar = "weekly-calendar"
  case absenceBoard = "absence-board"
  /// The gateway's start: what it writes first.
  case start
}

package enum HoldReason: String, Sendable, Hashable, Codable {
  /// The From address is known, but nothing proves it.
  case unproven
  /// A reply key was used by another address than its owner's.
  case foreignKey = "foreign-key"
  /// What is asked must always be confirmed.
  case mustConfirm = "must-confirm"
}
