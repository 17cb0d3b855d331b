import Foundation

/// The order in which mail leaves: an urgent message never waits behind a bulk one.
package enum Lane: Int, Sendable, Hashable, Codable, Comparable, CaseIterable {
  case urgent = 0
  case normal = 1
  case bulk = 2

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
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
  /// The entries that it names by number, in their order; its facts get their identities (`digestEntries`).
  package var listed: [Reference<EntryID>] = []
  package var replyTarget: NoticeTarget
  /// Not sent before; nil for at once. `Date.distantFuture`: when a colleague has approved it.
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
