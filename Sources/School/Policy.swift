import Foundation

/// What stands between a message to the whole school and its families. Urgent messages are exempt.
package enum BroadcastGuard: Sendable, Hashable {
  /// It is mailed at once.
  case none
  /// Its author can take it back for so many seconds, before it is mailed.
  case undo(seconds: TimeInterval)
  /// It waits until one of these, who is not its author, approves it.
  case approval(by: [AccountID])
}

/// What a school has settled for itself.
package struct SchoolPolicy: Sendable, Hashable {
  /// EDEXML's codes of the roles that may send urgent messages.
  package var urgentRoles: Set<String>
  /// Staff who may send urgent messages whatever their role.
  package var urgentSenders: Set<AccountID>
  /// Who answers questions to support.
  package var supportDesk: [AccountID]
  /// Who reads the answers to urgent messages; empty for who sent the message.
  package var urgentDesk: [AccountID]
  /// Who looks after the school's mail server and domain; empty for the support desk.
  package var mailAdmins: [AccountID]
  package var parentsMayOpenSchoolyard: Bool
  /// Who looks after the schoolplein; empty for the teachers of each group.
  package var moderators: [AccountID] = []
  /// Whether an item that a parent opens there waits until one of them approves it.
  package var approvesParentItems = false
  /// How long a comment on the schoolplein can be taken back before it is mailed on, in seconds.
  package var undoWindow: TimeInterval
  package var broadcast: BroadcastGuard
  /// The hour of the day at which digests go out, 0 to 23, in the school's time zone.
  package var digestHour: Int
  /// The day of the weekly digest, 1 for Monday to 7 for Sunday (ISO 8601).
  package var digestWeekday: Int
  package var timeZone: TimeZone
  /// When the overview of the coming week goes out: 1 for Monday to 7 for Sunday; nil for never.
  package var calendarWeekday: Int?
  package var calendarHour: Int
  /// How long before all others families with several conferences are invited, in seconds.
  package var conferenceLead: TimeInterval = 86_400
  package var absence = AbsencePolicy()
  /// How long after the last photo parents are mailed of an album, in seconds.
  package var albumPause: TimeInterval = Self.usualAlbumPause

  /// All whom the school named for some work, whether it employs them or not.
  var desks: Set<AccountID> {
    var desks = Set(supportDesk + urgentDesk + mailAdmins + moderators + absence.desk + absence.head)
    if case .approval(let named) = broadcast { desks.formUnion(named) }
    return desks
  }

  package init(
    urgentRoles: Set<String> = ["DIR", "ADJ", "LOC"], urgentSenders: Set<AccountID> = [],
    supportDesk: [AccountID] = [], urgentDesk: [AccountID] = [], mailAdmins: [AccountID] = [],
    parentsMayOpenSchoolyard: Bool = false,
    undoWindow: TimeInterval = 600, broadcast: BroadcastGuard = .none, digestHour: Int = 17,
    digestWeekday: Int = 5, timeZone: TimeZone, calendarWeekday: Int? = 7, calendarHour: Int = 16
  ) {
    self.urgentRoles = urgentRoles
    self.urgentSenders = urgentSenders
    self.supportDesk = supportDesk
    self.urgentDesk = urgentDesk
    self.mailAdmins = mailAdmins
    self.parentsMayOpenSchoolyard = parentsMayOpenSchoolyard
    self.undoWindow = undoWindow
    self.broadcast = broadcast
    self.digestHour = digestHour
    self.digestWeekday = digestWeekday
    self.timeZone = timeZone
    self.calendarWeekday = calendarWeekday
    self.calendarHour = calendarHour
  }
}
