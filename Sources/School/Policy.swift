import Foundation

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
  /// How long a comment on the schoolplein can be taken back before it is mailed on, in seconds.
  package var undoWindow: TimeInterval
  /// The hour of the day at which digests go out, 0 to 23, in the school's time zone.
  package var digestHour: Int
  /// The day of the weekly digest, 1 for Monday to 7 for Sunday (ISO 8601).
  package var digestWeekday: Int
  package var timeZone: TimeZone
  /// When the overview of the coming week goes out: 1 for Monday to 7 for Sunday; nil for never.
  package var calendarWeekday: Int?
  package var calendarHour: Int

  package init(
    urgentRoles: Set<String> = ["DIR", "ADJ", "LOC"], urgentSenders: Set<AccountID> = [],
    supportDesk: [AccountID] = [], urgentDesk: [AccountID] = [], mailAdmins: [AccountID] = [],
    parentsMayOpenSchoolyard: Bool = false,
    undoWindow: TimeInterval = 600, digestHour: Int = 17, digestWeekday: Int = 5, timeZone: TimeZone,
    calendarWeekday: Int? = 7, calendarHour: Int = 16
  ) {
    self.urgentRoles = urgentRoles
    self.urgentSenders = urgentSenders
    self.supportDesk = supportDesk
    self.urgentDesk = urgentDesk
    self.mailAdmins = mailAdmins
    self.parentsMayOpenSchoolyard = parentsMayOpenSchoolyard
    self.undoWindow = undoWindow
    self.digestHour = digestHour
    self.digestWeekday = digestWeekday
    self.timeZone = timeZone
    self.calendarWeekday = calendarWeekday
    self.calendarHour = calendarHour
  }
}
