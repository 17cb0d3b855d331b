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
  /// To parents: an event, new or changed, for their own calendar.
  case eventInvitation = "event-invitation"
  case eventCancellation = "event-cancellation"
  /// To parents: many new events in one mail.
  case calendarList = "calendar-list"
  /// To staff: what was read of their mail, and how to take it back.
  case calendarReceipt = "calendar-receipt"
  /// The answer to `agenda`: what is coming.
  case calendar
  /// The same of the coming week, by itself.
  case calendarWeek = "calendar-week"
  /// To a parent who answered an invitation by mail.
  case eventAnswerReceipt = "event-answer-receipt"
  /// To who made an event known: who comes.
  case attendance
  /// To support: the families that mail does not reach well, and what to do for each.
  case weeklyReport = "weekly-report"
  /// A file that was asked for.
  case document
  /// The documents that one may ask for, or the nearest to what was asked.
  case documentList = "document-list"
  /// To staff: what was filed, replaced, removed or brought back.
  case documentReceipt = "document-receipt"
  /// The lists of one's own groups, and what one shows of oneself.
  case classList = "class-list"
  case classListReceipt = "class-list-receipt"
  /// To a colleague: may this go to the whole school? Answer akkoord.
  case broadcastQuestion = "broadcast-question"
  /// To who wrote it, and who answered: it waits for a colleague, was approved, or was not.
  case broadcastReceipt = "broadcast-receipt"
  /// To support: mail lies unread, because too much of it came or it is too large.
  case flood
  /// To support: what is kept and cannot be read, and who did not get a mail by it.
  case damage
  /// A schoolplein item that is answered by number: help that is asked, or a poll.
  case offerItem = "offer-item"
  /// To those who have not answered it, once.
  case offerReminder = "offer-reminder"
  /// To who answered it: what they have now, and how to take it back; or which of it was meant.
  case offerReceipt = "offer-receipt"
  /// To the first of a waiting list: a place came free.
  case offerPlace = "offer-place"
  /// To its audience, at the end.
  case offerResult = "offer-result"
  /// To its organiser: how it was understood, how it stands, how it ended.
  case offerState = "offer-state"
  /// To who answered a digest: what was posted where, and what could not be placed.
  case digestReceipt = "digest-receipt"
  /// One's own settings, each with its changes.
  case settings
  /// What was changed in them, and how to take it back.
  case settingsReceipt = "settings-receipt"
  /// After `nieuwe sleutels`.
  case newKeys = "new-keys"
  /// The answer to `waarom`.
  case why
  /// All that is kept of its reader, as an archive.
  case myData = "my-data"
  /// The archive is too large for a mail.
  case myDataTooLarge = "my-data-too-large"
  /// To who looks after the schoolplein: somebody reports this; answer weg.
  case commentReport = "comment-report"
  /// To who looks after the schoolplein: may this item of a parent be there? Answer akkoord.
  case itemQuestion = "item-question"
  /// To the parent, and who answered: it waits, was approved, or was not.
  case itemReceipt = "item-receipt"
  /// To who reported it.
  case reportReceipt = "report-receipt"
  /// To the author of what was taken away, and to who did it.
  case commentRemoved = "comment-removed"
  /// To staff: how a plan for conferences was understood, how it stands, how wishes were granted.
  case conferencePlan = "conference-plan"
  /// To parents: choose when; and once more to those who did not answer.
  case conferenceInvitation = "conference-invitation"
  /// To a parent who answered, where no calendar changes by it.
  case conferenceReceipt = "conference-receipt"
  /// To the parents of one conversation: it is promised, moved or taken back; or a slot came free.
  case conferenceAppointment = "conference-appointment"
  /// To teachers: who comes when.
  case conferenceSchedule = "conference-schedule"
  /// To a child's parents: there are new test results. Never which.
  case resultsNews = "results-news"
  /// The answer to `toetsen`, confirmed: the test results of one child.
  case testResults = "test-results"
  /// To who reported an absence: what was noted, what is asked, what became of leave.
  case absenceReceipt = "absence-receipt"
  /// To the other parents of the child.
  case absenceTold = "absence-told"
  /// To a teacher: who of their group is away, with why.
  case absenceGroup = "absence-group"
  /// To the desk: who is away.
  case absenceBoard = "absence-board"
  /// To the head: leave that is asked; answer akkoord.
  case leaveRequest = "leave-request"
  /// To the parents of a child who is missed: why?
  case absentQuestion = "absent-question"
  /// To who misses a child: what became of that question.
  case absentState = "absent-state"
  /// To parents: the small pictures of an album, by number.
  case album
  /// The larger pictures that somebody asked for.
  case photos
  /// The albums that one may ask for.
  case albumList = "album-list"
  /// To staff: what became of their photos, and what waits for a consent.
  case photoReceipt = "photo-receipt"
  /// What one's children's photos may be used for, each choice by one tap.
  case consent
  case consentReceipt = "consent-receipt"
  /// To staff: how it stands for each child.
  case consentList = "consent-list"

  /// What somebody wrote and others read; all else is the gateway's own word.
  package var isContent: Bool {
    switch self {
    case .news, .urgent, .mailboxMessage, .schoolyardItem, .schoolyardComment, .supportMessage, .offerItem,
      .eventInvitation, .eventCancellation, .calendarList:
      true
    default: false
    }
  }

  /// Whether it shows what somebody wrote, with its files.
  package var showsEntry: Bool {
    isContent || [.broadcastQuestion, .itemQuestion, .commentReport].contains(self)
  }
}
