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
  /// What is to be taken back bears a number that the mail does not have.
  case noSuchNumber = "no-such-number"
  /// The address that somebody wants is somebody else's, or theirs already.
  case addressTaken = "address-taken"
  /// More than one person is behind the account: who of them moves is for the school.
  case sharedAddress = "shared-address"
  /// What staff may do hangs on their address.
  case staffAddress = "staff-address"
  /// Nobody whom the school knows has this address.
  case unknownAddress = "unknown-address"
  /// A group in which they have no child, or which is not theirs to teach.
  case notYourGroup = "not-your-group"
  /// Nobody with a child at the school.
  case noChildHere = "no-child-here"
  /// None of their children has this name, or several may be meant.
  case unknownChild = "unknown-child"
  /// There are as many documents as there may be.
  case shelfFull = "shelf-full"
  /// It was taken back already, or a newer version came.
  case replacedSince = "replaced-since"
  /// The address that support was asked about waits no more: a newer one does.
  case changedSince = "changed-since"
  /// It waits for a colleague's word, and there is none but its author.
  case noApprover = "no-approver"
  /// A date to close at that is past, or none at all.
  case offerDate = "offer-date"
  /// A task or option that cannot be put to people.
  case offerLine = "offer-line"
  /// Too few of them, or too many.
  case offerLines = "offer-lines"
  /// It takes no answers any more.
  case offerClosed = "offer-closed"
  /// Only who asked may close it.
  case notOrganiser = "not-organiser"
  /// What was to be reported or taken away is not there any more, or the mail does not say which it is.
  case alreadyGone = "already-gone"
  /// No line of a mail to the calendar begins with a date.
  case noEvents = "no-events"
  /// Invitations went out: they can be called off, and not taken back.
  case tooLateForEvents = "too-late-for-events"
  /// What waits for a colleague's word is not changed: it can be taken back, and sent anew.
  case eventsAwaitApproval = "events-await-approval"
  /// Its author took it back, or a colleague did not approve it.
  case eventsTakenBack = "events-taken-back"
  case eventCancelled = "event-cancelled"
  /// A calendar program answers to the time at which it was before.
  case eventMoved = "event-moved"
  /// Nobody can come where nothing is planned.
  case noEventsPlanned = "no-events-planned"
  /// What somebody asks who knows on request only: a person of the school answers that.
  case resultsByPerson = "results-by-person"
  /// The question that they answer was asked too long ago.
  case challengeExpired = "challenge-expired"
  /// Leave that is past, too long, too far ahead, or on days that there are not.
  case leaveDates = "leave-dates"
  /// Leave is for those with authority over the child to ask.
  case leaveAuthority = "leave-authority"
  /// No photo of that number, or none any more.
  case noSuchPhoto = "no-such-photo"
  /// A mail to file photos without any.
  case noPhotos = "no-photos"
}
