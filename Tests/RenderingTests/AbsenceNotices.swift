import Foundation
import School

@testable import Rendering

/// What the mails on absence say, for goldens.
enum AbsenceNotices {
  static let today = CalendarDay(Notices.at, in: Notices.zone)

  static func item(
    _ name: String, _ kind: AbsenceKind, group: String? = nil, words: String? = nil, by: String? = nil,
    minute: Int? = nil, doubtful: Bool = false, days: Int = 0
  ) -> AbsenceFacts.Item {
    let report = AbsenceReport(
      pupil: PupilID("p"), kind: kind, first: today, last: kind == .sick ? nil : today.adding(days: days),
      minute: minute, reporter: nil)
    let pupil = Pupil(id: PupilID("p"), name: name, groups: [])
    var item = AbsenceFacts.Item(report, of: pupil, at: Notices.at)
    // Parents know when they wrote, and do not learn it of others.
    if group == nil { item.at = nil }
    (item.group, item.words, item.reporter, item.isDoubtful) = (group, words, by, doubtful ? true : nil)
    return item
  }

  static let mine = [item("Noor <x>", .sick, words: "Koorts & <keelpijn>"), item("Tim", .late, minute: 555)]
  static let group = [
    item("Noor <x>", .sick, group: "Groep 5", words: "Koorts & <keelpijn>", by: "Els & Jan"),
    item("Sanne", .late, group: "Groep 5", by: "Oom Oscar", minute: 555, doubtful: true),
    item("Tim", .leave, group: "Groep 7", by: "Rik", days: 2),
    item("Bo", .other, group: "Groep 7", words: "Uitvaart"), item("Daan", .unexplained, group: "Groep 7"),
  ]
  static let leave = [item("Noor <x>", .leave, group: "Groep 5", words: "Bruiloft van <tante>", by: "Els", days: 2)]
  static let plainLeave = [item("Noor <x>", .leave, days: 2)]

  static func facts(_ stage: AbsenceFacts.Stage, _ items: [AbsenceFacts.Item]) -> AbsenceFacts {
    var facts = AbsenceFacts(stage, items: items, at: Notices.at)
    if [.list, .addition].contains(stage) { facts.day = today }
    if [.which, .passed, .leaveRejected, .leaveGranted].contains(stage) { facts.words = "Hij is <ziek> & moe" }
    return facts
  }

  static func notice(_ absence: AbsenceFacts, missed: [String] = [], parents: [String] = []) -> NoticeFacts {
    var facts = NoticeFacts()
    facts.absence = absence
    facts.absence?.pupils = missed
    facts.absence?.parents = parents
    return facts
  }

  /// Nil for what is not about absence.
  static func facts(_ kind: NoticeKind) -> NoticeFacts? {
    switch kind {
    case .absenceReceipt: notice(facts(.noted, mine))
    case .absenceTold: notice(facts(.noted, [item("Noor <x>", .sick)]))
    case .absenceGroup: notice(facts(.list, Array(group.prefix(2))), missed: ["Ada", "Zoë <y>"])
    case .absenceBoard: notice(facts(.list, group))
    case .leaveRequest: notice(facts(.leaveAsked, leave))
    case .absentQuestion: notice(facts(.question, [item("Noor <x>", .unexplained)]))
    case .absentState: notice(facts(.phone, [group[4]]), parents: ["Els <x>", "Frank"])
    default: nil
    }
  }

  static let variants: [(name: String, kind: NoticeKind, facts: NoticeFacts)] = [
    ("absence-receipt-which", .absenceReceipt, notice(facts(.which, mine))),
    ("absence-receipt-passed", .absenceReceipt, notice(facts(.passed, []), missed: ["Noor <x>", "Tim"])),
    ("absence-receipt-recovered", .absenceReceipt, notice(facts(.recovered, [item("Noor <x>", .sick)]))),
    ("absence-receipt-retracted", .absenceReceipt, notice(facts(.retracted, mine))),
    ("absence-receipt-nothing", .absenceReceipt, notice(facts(.nothing, []))),
    ("absence-receipt-leave-asked", .absenceReceipt, notice(facts(.leaveAsked, leave))),
    ("absence-receipt-leave-granted", .absenceReceipt, notice(facts(.leaveGranted, plainLeave))),
    ("absence-receipt-leave-rejected", .absenceReceipt, notice(facts(.leaveRejected, plainLeave))),
    ("absence-receipt-leave-withdrawn", .absenceReceipt, notice(facts(.leaveWithdrawn, plainLeave))),
    ("absence-told-recovered", .absenceTold, notice(facts(.recovered, [item("Noor <x>", .sick)]))),
    ("absence-told-retracted", .absenceTold, notice(facts(.retracted, [item("Noor <x>", .sick)]))),
    ("absence-told-granted", .absenceTold, notice(facts(.leaveGranted, plainLeave))),
    ("absence-told-withdrawn", .absenceTold, notice(facts(.leaveWithdrawn, plainLeave))),
    ("absence-told-present", .absenceTold, notice(facts(.present, [item("Noor <x>", .unexplained)]))),
    ("absence-group-nobody", .absenceGroup, notice(facts(.list, []), missed: ["Ada"])),
    ("absence-group-addition", .absenceGroup, notice(facts(.addition, Array(group.prefix(1))))),
    ("absence-group-granted", .absenceGroup, notice(facts(.leaveGranted, plainLeave))),
    ("absence-board-nobody", .absenceBoard, notice(facts(.list, []))),
    ("absence-board-recovered", .absenceBoard, notice(facts(.recovered, Array(group.prefix(1))))),
    ("leave-request-granted", .leaveRequest, notice(facts(.leaveGranted, plainLeave))),
    ("leave-request-rejected", .leaveRequest, notice(facts(.leaveRejected, plainLeave))),
    ("leave-request-withdrawn", .leaveRequest, notice(facts(.leaveWithdrawn, plainLeave))),
    ("absent-state-asked", .absentState, notice(facts(.asked, [group[4]]))),
    ("absent-state-answered", .absentState, notice(facts(.answered, [group[0]]))),
    ("absent-state-present", .absentState, notice(facts(.present, [group[4]]))),
  ]
}
