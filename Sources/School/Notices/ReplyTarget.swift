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
  /// The change of this account's address: its owner takes it back.
  case addressChange(AccountID)
  /// The question to support that this delivery brought, whether an address may be changed; its facts name both.
  case addressApproval(DeliveryID)
  /// A document, or a list of them: asks for another.
  case documents
  /// A receipt for documents: `herstel` takes it back.
  case filing(FilingID)
  case classList
  /// The question whether this may go to the whole school.
  case broadcast(EntryID)
  /// What the gateway said of a help request or poll.
  case offer(ThreadID)
  /// The receipt that this delivery brought of an answer to a digest; its facts name the entries with their numbers.
  case posted(DeliveryID)
  /// One's own settings: a change of them.
  case settings
  /// The receipt that this delivery brought of a change of settings: `herstel` takes it back.
  case settingsReceipt(DeliveryID)
  /// Whatever it says: no more mail of this kind. For the button of mail clients (RFC 2369, section 3.2).
  case unsubscribe(Subscription)
  /// The report of this entry: `weg` takes it away.
  case reported(EntryID)
  /// The invitation to an event.
  case event(EventID)
  /// The receipt for the events of this entry.
  case calendarPost(EntryID)
  /// The week's calendar: `stop` ends it.
  case calendarWeek
  case conference(ConferenceTarget)
  /// The mail on a child's test results that this delivery brought; its facts name the child.
  case results(DeliveryID)
  /// The mail on absence that this delivery brought; its facts name the children.
  case absence(DeliveryID)
  /// A mail of an album: asks for photos of it.
  case album(AlbumID)
  /// The receipt for photos that this mail added or took away: `herstel` takes it back.
  case photoBatch(PhotoBatchID)
  /// A list of albums, or of what parents agree to.
  case albums
  /// What one's children's photos may be used for.
  case consent
}

/// What of conferences is answered.
package enum ConferenceTarget: Sendable, Hashable, Codable {
  /// A parent's own conversations of this plan.
  case invited(ConferenceID)
  /// The receipt of the plan, for staff.
  case plan(ConferenceID)
  /// The invitation in a calendar to one conversation.
  case talk(TalkID)
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
  case addressApproval
  case documents
  /// The documents that the decision files.
  case filing
  case classList
  case broadcast
  case offer
  case posted
  case settings
  case settingsReceipt
  case reported(EntryID)
  case event(EventID)
  /// The one event of the notice, which is new.
  case newEvent
  case calendarPost(EntryID)
  case calendarWeek
  /// The entry of the notice.
  case newPost
  case conference(ConferenceNoticeTarget)
  case results
  case absence
  case album(AlbumID)
  /// The batch that the decision makes.
  case photoBatch
  case albums
  case consent
}

/// As `ConferenceTarget`, before the store has given identities.
package enum ConferenceNoticeTarget: Sendable, Hashable {
  case invited(ConferenceID)
  case plan(ConferenceID)
  /// The plan that the decision opens.
  case newPlan
}
