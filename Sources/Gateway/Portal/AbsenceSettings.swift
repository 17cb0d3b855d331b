import School

extension SchoolSettings {
  /// Who looks after absence, and when; addresses in lower case, times in minutes after midnight.
  package struct Absence: Sendable, Hashable {
    /// Who gets the board; empty for support.
    package var desk: [String] = []
    /// Who decides on leave; empty for the heads of the administration.
    package var head: [String] = []
    package var reportMinute = AbsencePolicy().reportMinute
    package var boardMinute = AbsencePolicy().boardMinute
    package var endMinute = AbsencePolicy().endMinute

    package init() {}
  }

  func absencePolicy(_ accounts: ([String]) -> [AccountID]) -> AbsencePolicy {
    var policy = AbsencePolicy()
    policy.desk = accounts(absence.desk)
    policy.head = accounts(absence.head)
    policy.reportMinute = absence.reportMinute
    policy.boardMinute = absence.boardMinute
    policy.endMinute = absence.endMinute
    return policy
  }
}
