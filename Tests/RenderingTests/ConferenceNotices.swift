import Foundation
import School

@testable import Rendering

/// What the notices on conferences say, for goldens.
enum ConferenceNotices {
  static func moment(_ day: Int, _ hour: Int, _ minute: Int) -> Date {
    CalendarDay(year: 2026, month: 12, day: day)?.moment(hour: hour, minute: minute, in: Notices.zone) ?? .distantPast
  }

  static let plan = ConferencePlan(
    windows: [
      .init(start: moment(8, 15, 30), end: moment(8, 16, 30)), .init(start: moment(10, 19, 0), end: moment(10, 19, 30)),
    ], minutes: 10,
    desks: [
      .init(name: "Anna de Boer & Bas", teachers: [StaffID("s1")], groups: [GroupID("g5")], room: "lokaal <5>"),
      .init(name: "Cor", teachers: [StaffID("s2")], groups: [GroupID("g7")]),
    ], closesAt: moment(1, 17, 0))

  static func facts(_ stage: ConferenceFacts.Stage, isOpen: Bool = false) -> ConferenceFacts {
    var facts = ConferenceFacts(stage: stage, plan: plan, isOpen: isOpen)
    if isOpen { facts.closesAt = nil }
    return facts
  }

  static func line(
    _ pupil: String, _ label: String?, slot: Date? = nil, before: Date? = nil, wishes: [Date] = [],
    proposal: Date? = nil, free: [Date] = [], isDeclined: Bool = false, asked: Date? = nil,
    why: ConferenceFacts.Why? = nil
  ) -> ConferenceFacts.Line {
    ConferenceFacts.Line(
      talk: TalkID(1), label: label, pupil: pupil, teachers: "Anna de Boer & Bas", room: "lokaal <5>", slot: slot,
      before: before, sequence: 1, wishes: wishes, proposal: proposal, free: free, isDeclined: isDeclined, asked: asked,
      why: why)
  }

  static func family(_ stage: ConferenceFacts.Stage) -> ConferenceFacts {
    var facts = facts(stage)
    facts.lines = [
      line("Sanne <de Vries>", "Sanne", proposal: plan.slots[1], free: plan.slots),
      line("Tim de Vries", "Tim", proposal: plan.slots[2], free: plan.slots),
    ]
    return facts
  }

  static func one(_ stage: ConferenceFacts.Stage, isOpen: Bool = true) -> ConferenceFacts {
    var facts = facts(stage, isOpen: isOpen)
    let missed = ConferenceReason.Miss.allCases.map { ConferenceFacts.Why.Missed(slot: plan.slots[1], why: $0) }
    facts.lines = [
      line(
        "Noor <x>", nil, slot: [.booked, .moved, .why, .state, .waiting].contains(stage) ? plan.slots[2] : nil,
        before: [.cancelled, .calledOff, .moved].contains(stage) ? plan.slots[1] : nil,
        wishes: stage == .wished ? [plan.slots[2], plan.slots[6]] : [], free: Array(plan.slots.dropFirst(2)),
        isDeclined: stage == .declined, asked: stage == .taken || stage == .clash ? plan.slots[1] : nil,
        why: stage == .why ? .init(kind: .wish, rank: 5, missed: missed) : nil)
    ]
    return facts
  }

  static func staff(_ stage: ConferenceFacts.Stage) -> ConferenceFacts {
    var facts = facts(stage)
    facts.desks = [
      .init(
        teachers: "Anna de Boer & Bas", groups: ["Groep 5"], room: "lokaal <5>", talks: 12, slots: 9, placed: 7,
        answered: 8, declined: 1),
      .init(teachers: "Cor", groups: ["Groep 7"], talks: 6, slots: 9, placed: 0, answered: 0, declined: 0),
    ]
    (facts.several, facts.gap, facts.wished, facts.firstWishes) = (4, 20, 8, 6)
    if stage == .problems {
      facts = ConferenceFacts(stage: stage, plan: nil)
      facts.problems = ConferenceProblem.Reason.allCases.map {
        ConferenceProblem($0.rawValue.hasPrefix("no-") ? "" : "Denk aan <koffie>", $0)
      }
    }
    return facts
  }

  static func schedule(_ stage: ConferenceFacts.Stage) -> ConferenceFacts {
    var facts = staff(stage)
    facts.desks = [facts.desks[0]]
    let row = { (talk: Int64, slot: Int, parents: String, isCancelled: Bool) in
      ConferenceFacts.Row(
        talk: TalkID(talk), start: plan.slots[slot], pupil: "Noor <x>", parents: parents, sequence: 1,
        isCancelled: isCancelled)
    }
    facts.rows = [row(1, 0, "Els & co", false), row(2, 1, "Frank", false), row(3, 7, "Jan", true)]
    return facts
  }

  /// Nil for what is not about conferences.
  static func facts(_ kind: NoticeKind) -> NoticeFacts? {
    switch kind {
    case .conferencePlan:
      NoticeFacts(count: 14, retractableUntil: Notices.at + 600, conference: staff(.understood))
    case .conferenceInvitation: NoticeFacts(conference: family(.invitation))
    case .conferenceReceipt: NoticeFacts(conference: one(.wished, isOpen: false))
    case .conferenceAppointment: NoticeFacts(conference: one(.booked))
    case .conferenceSchedule: NoticeFacts(conference: schedule(.schedule))
    default: nil
    }
  }

  /// The other forms, each with a golden of its own.
  static let variants: [(name: String, kind: NoticeKind, facts: NoticeFacts)] = {
    let receipts: [ConferenceFacts.Stage] = [
      .cleared, .declined, .taken, .clash, .unclear, .whichBack, .waiting, .state, .why, .over,
    ]
    let appointments: [ConferenceFacts.Stage] = [.moved, .cancelled, .calledOff, .full, .freed]
    let plans: [ConferenceFacts.Stage] = [.problems, .retracted, .calledOff, .assigned, .progress]
    let empty = { (stage: ConferenceFacts.Stage) in
      var facts = one(stage)
      facts.lines[0].free = []
      return facts
    }
    return receipts.map {
      (
        "conference-receipt-\($0.rawValue)", .conferenceReceipt,
        NoticeFacts(excerpt: "Doe maar <gewoon> & laat", conference: one($0))
      )
    }
      + appointments.map {
        ("conference-appointment-\($0.rawValue)", .conferenceAppointment, NoticeFacts(conference: one($0)))
      } + plans.map { ("conference-plan-\($0.rawValue)", .conferencePlan, NoticeFacts(conference: staff($0))) }
      + [
        ("conference-invitation-reminder", .conferenceInvitation, NoticeFacts(conference: one(.reminder))),
        ("conference-invitation-none", .conferenceInvitation, NoticeFacts(conference: empty(.invitation))),
        ("conference-schedule-changed", .conferenceSchedule, NoticeFacts(conference: schedule(.changed))),
      ]
  }()
}
