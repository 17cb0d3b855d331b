import Foundation

/// What a decision does and whom it tells. Empty: nothing happens.
package struct Decision: Sendable, Hashable {
  package var changes: [Change]
  package var notices: [Notice]

  package init(changes: [Change] = [], notices: [Notice] = []) {
    self.changes = changes
    self.notices = notices
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
  /// Something that comes back by the calendar was done now.
  case markDone(PeriodicTask)
}

/// What is done by the calendar, once a period.
package enum PeriodicTask: String, Sendable, Hashable, CaseIterable {
  case weeklyReport = "weekly-report"
}

package enum HoldReason: String, Sendable, Hashable, Codable {
  /// The From address is known, but nothing proves it.
  case unproven
  /// A reply key was used by another address than its owner's.
  case foreignKey = "foreign-key"
  /// What is asked must always be confirmed.
  case mustConfirm = "must-confirm"
}

/// The order in which mail leaves: an urgent message never waits behind a bulk one.
package enum Lane: Int, Sendable, Hashable, Codable, Comparable, CaseIterable {
  case urgent = 0
  case normal = 1
  case bulk = 2

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// The mails that the gateway sends, each with its templates.
package enum NoticeKind: String, Sendable, Hashable, Codable, CaseIterable {
  case news
  case urgent
  case mailboxMessage = "mailbox-message"
  case schoolyardItem = "schoolyard-item"
  case schoolyardComment = "schoolyard-comment"
  case digest
  case supportMessage = "support-message"
  /// To who published: to how many families.
  case publishReceipt = "publish-receipt"
  /// To who commented on the schoolplein: that all can read it, and how to take it back.
  case commentReceipt = "comment-receipt"
  case retractReceipt = "retract-receipt"
  case urgentReplyReceipt = "urgent-reply-receipt"
  /// To a teacher: where the forwarded mail was filed.
  case forwardReceipt = "forward-receipt"
  /// To the registered address: was this you? Answer JA.
  case confirmation
  /// To the owner of a key that another address used.
  case foreignKey = "foreign-key"
  /// After "this was not me".
  case keysRotated = "keys-rotated"
  /// What one can do; also the answer to an unknown route and to a stranger.
  case help
  /// Something was not done; `facts` says what and why.
  case refusal
  /// An answer to a digest that names no item.
  case digestQuestion = "digest-question"
  /// Files that were too large; the text was kept.
  case filesRefused = "files-refused"
  /// To support: mail to somebody no longer arrives, why, and what to do.
  case addressBroken = "address-broken"
  /// The answer to a mail to `test`: what was seen of it.
  case loopTest = "loop-test"
  /// To a new parent: answer JA.
  case activation
  /// The answer to JA.
  case activated
  /// To support: who did not answer theirs.
  case activationUnanswered = "activation-unanswered"
  /// To who looks after the school's mail: a provider refuses it.
  case providerAlarm = "provider-alarm"
  /// To a person, at their old and their new address: what became of a change of address.
  case addressChange = "address-change"
  /// To who sent an urgent message: which servers took it, and whom to phone.
  case urgentReceipt = "urgent-receipt"
  /// To support: somebody has a new address; answer akkoord.
  case addressApproval = "address-approval"
  /// To support: a new activation mail is on its way.
  case activationSent = "activation-sent"
  /// To support: the families that mail does not reach well, and what to do for each.
  case weeklyReport = "weekly-report"

  /// What somebody wrote and others read; all else is the gateway's own word.
  package var isContent: Bool {
    switch self {
    case .news, .urgent, .mailboxMessage, .schoolyardItem, .schoolyardComment, .supportMessage: true
    default: false
    }
  }
}

/// What an answer to a notice is an answer to.
package enum ReplyTarget: Sendable, Hashable, Codable {
  case thread(ThreadID)
  /// The private answer that is offered beside a public one: to who opened this thread.
  case privately(ThreadID)
  /// A receipt for this entry: `herstel` takes it back.
  case entry(EntryID)
  /// The question whether a held message was theirs.
  case held(InboundID)
  /// The digest that this delivery brought; its facts name the entries in their order.
  case digest(DeliveryID)
  /// A receipt or help: words go to support.
  case support
  /// The activation mail: JA proves the address.
  case activation
  /// The change of this account's address: support approves it, its owner takes it back.
  case addressChange(AccountID)
}

/// Why something was refused; the key of its wording in the templates.
package enum RefusalReason: String, Sendable, Hashable, Codable, CaseIterable {
  case notStaff = "not-staff"
  case noUrgentRight = "no-urgent-right"
  case unknownGroup = "unknown-group"
  case unknownTeacher = "unknown-teacher"
  /// The thread belongs to others.
  case notYours = "not-yours"
  case tooLateToRetract = "too-late-to-retract"
  /// Nothing newly written and no file.
  case empty
  /// A forward whose original sender is nobody the school knows.
  case unknownOriginalSender = "unknown-original-sender"
  /// Nothing was recognised as forwarded.
  case notAForward = "not-a-forward"
  case nothingHeld = "nothing-held"
  /// The address that somebody wants is somebody else's, or theirs already.
  case addressTaken = "address-taken"
  /// More than one person is behind the account: who of them moves is for the school.
  case sharedAddress = "shared-address"
  /// What staff may do hangs on their address.
  case staffAddress = "staff-address"
  /// Nobody whom the school knows has this address.
  case unknownAddress = "unknown-address"
}

/// One mail to one account or, for help alone, to a stranger's address.
package struct Notice: Sendable, Hashable {
  package enum Recipient: Sendable, Hashable {
    case account(AccountID)
    /// Nobody whom the school knows; in the school's language.
    case stranger(address: String)
  }

  package var kind: NoticeKind
  package var recipient: Recipient
  package var lane: Lane
  package var thread: Reference<ThreadID>?
  package var entry: Reference<EntryID>?
  package var replyTarget: NoticeTarget
  /// Not sent before; nil for at once.
  package var notBefore: Date?
  package var facts: NoticeFacts
  /// At most one a day to this recipient for this word: automatic answers must not loop. Nil for no such limit.
  package var onceADay: String?

  package init(
    _ kind: NoticeKind, to recipient: Recipient, lane: Lane = .normal, thread: Reference<ThreadID>? = nil,
    entry: Reference<EntryID>? = nil, replyTarget: NoticeTarget = .support, notBefore: Date? = nil,
    facts: NoticeFacts = NoticeFacts(), onceADay: String? = nil
  ) {
    self.kind = kind
    self.recipient = recipient
    self.lane = lane
    self.thread = thread
    self.entry = entry
    self.replyTarget = replyTarget
    self.notBefore = notBefore
    self.facts = facts
    self.onceADay = onceADay
  }
}

/// As `ReplyTarget`, before the store has given identities.
package enum NoticeTarget: Sendable, Hashable {
  case thread
  case entry
  case held(InboundID)
  case digest
  case support
  case activation
  case addressChange(AccountID)
}

/// A change of address, as a notice tells it.
package struct AddressChange: Sendable, Hashable, Codable {
  package enum Stage: String, Sendable, Hashable, Codable {
    case changed, approved, rejected, reverted
  }

  package var stage: Stage
  package var old: String
  package var new: String

  package init(stage: Stage, old: String, new: String) {
    self.stage = stage
    self.old = old
    self.new = new
  }
}

/// What a notice says beyond its thread and entry. Stored with the outbox row as JSON.
package struct NoticeFacts: Sendable, Hashable, Codable {
  /// Families that a publication goes to.
  package var count: Int?
  package var refusal: RefusalReason?
  package var refusedFiles: [RefusedFile]?
  /// A short piece of the person's own words, to recognise the mail by.
  package var excerpt: String?
  /// What the person asked for: the route word or name that was not found.
  package var asked: String?
  /// Until when `herstel` works.
  package var retractableUntil: Date?
  /// The entries of a digest.
  package var digestEntries: [EntryID]?
  /// The name of the parent in whose thread a forward was filed.
  package var filedFor: String?
  /// Whose address a notice to support is about, and why mail to it failed.
  package var about: AccountID?
  package var failure: AddressFailure?
  package var loopTest: LoopTest?
  /// Those whom a notice to support names.
  package var accounts: [AccountID]?
  /// When what a notice tells of began.
  package var since: Date?
  /// Those whom a report names, each with why mail does not reach them.
  package var unreached: [UnreachedAccount]?
  package var addressChange: AddressChange?
  package var urgent: DeliveryTally?
  /// Where the notice goes, where that is not the account's own address of now.
  package var atAddress: String?

  package init(
    count: Int? = nil, refusal: RefusalReason? = nil, refusedFiles: [RefusedFile]? = nil, excerpt: String? = nil,
    asked: String? = nil, retractableUntil: Date? = nil, digestEntries: [EntryID]? = nil, filedFor: String? = nil,
    about: AccountID? = nil, failure: AddressFailure? = nil,
    loopTest: LoopTest? = nil, accounts: [AccountID]? = nil, since: Date? = nil,
    unreached: [UnreachedAccount]? = nil, addressChange: AddressChange? = nil,
    urgent: DeliveryTally? = nil, atAddress: String? = nil
  ) {
    self.count = count
    self.refusal = refusal
    self.refusedFiles = refusedFiles
    self.excerpt = excerpt
    self.asked = asked
    self.retractableUntil = retractableUntil
    self.digestEntries = digestEntries
    self.filedFor = filedFor
    self.about = about
    self.failure = failure
    self.loopTest = loopTest
    self.accounts = accounts
    self.since = since
    self.unreached = unreached
    self.addressChange = addressChange
    self.urgent = urgent
    self.atAddress = atAddress
  }
}
