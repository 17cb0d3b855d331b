import Gateway

extension ConfigurationKeys {
  static let absence: [any AnyConfigurationKey] = [
    absenceDesk, absenceHead, absenceReportUntil, absenceBoard, absenceSchoolEnds,
  ]

  static let absenceDesk = addresses(
    "absence.desk",
    "Who gets the list of all who are away, every school day, and what parents write of it that the gateway does not "
      + "understand; those of people.support where nobody is given.")
  static let absenceHead = addresses(
    "absence.head", "Who decides on leave; the heads (DIR) of the school's administration where nobody is given.")
  static let absenceReportUntil = ConfigurationKey(
    "absence.report-until", .clock, .fallback(SchoolSettings.Absence().reportMinute),
    "By when parents report. A child of whom somebody says before then that it is better is back today.")
  static let absenceBoard = ConfigurationKey(
    "absence.board", .clock, .fallback(SchoolSettings.Absence().boardMinute),
    "When the list is mailed, to the desk and to each teacher; what comes later is told at once. A gateway that was "
      + "down then makes it the same day when it is back, until 18:00.")
  static let absenceSchoolEnds = ConfigurationKey(
    "absence.school-ends", .clock, .fallback(SchoolSettings.Absence().endMinute),
    "From then on what parents report is for the next school day.")
}
