import Foundation
import School

/// What the templates see of conferences.
extension NoticeModel {
  static let conferenceNames = Set([
    "conference", "open", "closesAt", "minutes", "windows", "day", "start", "end", "lines", "label", "pupil",
    "teachers", "room", "slot", "before", "wishes", "rank", "proposal", "days", "slots", "take", "giveBack", "wait",
    "isDeclined", "askedSlot", "why", "missed", "proposed", "choose", "several", "single", "calendar", "desks",
    "groups", "talks", "capacity", "tooFew", "placed", "answeredCount", "declinedCount", "rows", "parents", "faults",
    "line", "severalFamilies", "gap", "firstWishes", "wishedCount", "time", "free", "none", "hasRows", "hasWishes",
    "example", "waitAsked", "words", "back",
  ])
  .union(ConferenceFacts.Stage.allCases.map { AdviceContext.camel($0.rawValue) })
  .union(ConferenceProblem.Reason.allCases.map { AdviceContext.camel($0.rawValue) })
  .union(ConferenceReason.Kind.allCases.map { "is\($0.rawValue.capitalized)" })
  .union(ConferenceReason.Miss.allCases.map { "by\($0.rawValue.capitalized)" })
  .union(ConferenceWord.allCases.map(\.rawValue)).union(ConferenceRetraction.allCases.map(\.rawValue))

  /// By the name `conference`; nil where the mail is about none.
  var conferenceValues: [String: Any]? {
    guard let facts = context.facts.conference else { return nil }
    let example = facts.lines.first.flatMap { $0.free.isEmpty ? nil : self.example($0) }
    var values: [String: Any] = [
      "open": facts.isOpen, "minutes": facts.minutes,
      "windows": facts.windows.map { ["day": day($0.start), "start": clock($0.start), "end": clock($0.end)] },
      "lines": facts.lines.map { line($0, facts) }, "desks": facts.desks.map(desk),
      "rows": facts.rows.filter { !$0.isCancelled }.map { row($0, facts) },
      "hasRows": facts.rows.contains { !$0.isCancelled }, "several": facts.lines.count > 1,
      "proposed": facts.lines.contains { $0.proposal != nil }, "hasWishes": facts.lines.contains { !$0.wishes.isEmpty },
      "choose": choosable(facts),
      "faults": facts.problems.map { problem in
        [
          "line": problem.line.isEmpty ? false : problem.line as Any,
          AdviceContext.camel(problem.reason.rawValue): true,
        ]
      }, "example": example ?? false,
    ]
    values[AdviceContext.camel(facts.stage.rawValue)] = true
    // `back.wait` is offered where it can be taken back, and in the mail that tells of it.
    values["back"] = Dictionary(
      uniqueKeysWithValues: (facts.retractions ?? ConferenceRetraction.allCases).map { what in
        let words = what.offered(in: context.language)
        return (what.rawValue, answerLink(words).merging(["words": words]) { first, _ in first })
      })
    for word in ConferenceWord.allCases { values[word.rawValue] = answerLink(word.offered(in: context.language)) }
    values["closesAt"] = facts.closesAt.map { format($0) } ?? false
    values["severalFamilies"] = facts.several ?? false
    values["gap"] = facts.gap.flatMap { $0 > 0 ? $0 : nil } ?? false
    values["wishedCount"] = facts.wished ?? 0
    values["firstWishes"] = facts.firstWishes ?? 0
    return values
  }

  /// Slots stand where somebody has to choose.
  private func choosable(_ facts: ConferenceFacts) -> Bool {
    switch facts.stage {
    case .invitation, .reminder, .taken, .clash, .unclear, .freed, .state, .cleared: true
    default: false
    }
  }

  /// Two wishes as one would write them.
  private func example(_ line: ConferenceFacts.Line) -> String {
    let wishes = [line.free.first, line.free.dropFirst(line.free.count / 2).first].compactMap(\.self)
    return wishes.enumerated().map { "\($0 + 1): \(words($1, line.label))" }.joined(separator: ", ")
  }

  private func words(_ slot: Date, _ label: String?) -> String {
    ConferenceReplyReader.words(slot, label: label, zone: context.timeZone, language: context.language)
  }

  private func line(_ line: ConferenceFacts.Line, _ facts: ConferenceFacts) -> [String: Any] {
    let language = context.language
    var values: [String: Any] = [
      "pupil": line.pupil, "teachers": line.teachers, "room": line.room ?? false, "label": line.label ?? false,
      "slot": line.slot.map { moment($0, facts) } ?? false, "before": line.before.map { moment($0, facts) } ?? false,
      "proposal": line.proposal.map { moment($0, facts) } ?? false, "isDeclined": line.isDeclined,
      "wishes": line.wishes.enumerated().map { ["rank": $0 + 1, "slot": moment($1, facts)] as [String: Any] },
      "hasWishes": !line.wishes.isEmpty,
      "giveBack": answerLink(ConferenceWord.giveBack(line.label, language)),
      "wait": answerLink(ConferenceWord.wait(line.label, language)), "none": line.free.isEmpty,
      "days": days(line), "why": line.why.map { why($0, facts) } ?? false,
    ]
    if let asked = line.asked {
      let words = "\(ConferenceWord.wait(nil, language)) \(self.words(asked, line.label))"
      values["askedSlot"] = moment(asked, facts)
      values["waitAsked"] = answerLink(words).merging(["words": words]) { first, _ in first }
    } else {
      (values["askedSlot"], values["waitAsked"]) = (false, false)
    }
    return values
  }

  /// What can be chosen, day by day, each with its one tap.
  private func days(_ line: ConferenceFacts.Line) -> [[String: Any]] {
    let byDay = Dictionary(grouping: line.free) { CalendarDay($0, in: context.timeZone) }
    return byDay.sorted { $0.key < $1.key }.map { _, slots in
      [
        "day": slots.first.map(day) ?? "",
        "slots": slots.enumerated().map { place, slot in
          ["time": clock(slot), "take": answerLink(words(slot, line.label)), "comma": place + 1 < slots.count]
            as [String: Any]
        },
      ]
    }
  }

  private func why(_ why: ConferenceFacts.Why, _ facts: ConferenceFacts) -> [String: Any] {
    [
      "is\(why.kind.rawValue.capitalized)": true, "rank": why.rank ?? false,
      "missed": why.missed.enumerated().map { place, missed in
        ["rank": place + 1, "slot": moment(missed.slot, facts), "by\(missed.why.rawValue.capitalized)": true]
          as [String: Any]
      },
    ]
  }

  private func desk(_ desk: ConferenceFacts.Desk) -> [String: Any] {
    [
      "teachers": desk.teachers, "groups": desk.groups.joined(separator: ", "), "room": desk.room ?? false,
      "talks": desk.talks, "capacity": desk.slots, "tooFew": desk.talks > desk.slots, "placed": desk.placed,
      "answeredCount": desk.answered, "declinedCount": desk.declined > 0 ? desk.declined as Any : false,
    ]
  }

  private func row(_ row: ConferenceFacts.Row, _ facts: ConferenceFacts) -> [String: Any] {
    [
      "day": day(row.start), "start": clock(row.start), "end": clock(facts.end(of: row.start)), "pupil": row.pupil,
      "parents": row.parents,
    ]
  }

  private func moment(_ date: Date, _ facts: ConferenceFacts) -> [String: Any] {
    ["day": day(date), "start": clock(date), "end": clock(facts.end(of: date))]
  }

  private func day(_ date: Date) -> String { LocalDate.text(date, .weekday, context.language, context.timeZone) }

  private func clock(_ date: Date) -> String { LocalDate.text(date, .clock, context.language, context.timeZone) }
}

/// A teacher's schedule to print.
package struct ConferenceSheet: Sendable, Hashable {
  package var title: String
  package var note: String
  /// Day, time, child and parents.
  package var columns: [String]
  package var rows: [[String]]
  package var footer: String
}

extension Templates {
  /// By `conference-sheet.txt`: title, note, the columns parted by `|`, and footer, a line each. Nil for a mail without
  /// a schedule.
  package func conferenceSheet(_ context: NoticeContext, at: Date) -> ConferenceSheet? {
    guard let facts = context.facts.conference, let desk = facts.desks.first else { return nil }
    let values: [String: Any] = [
      "teachers": desk.teachers, "school": context.schoolName, "room": desk.room ?? false,
      "groups": desk.groups.joined(separator: ", "),
      "date": LocalDate.text(at, .moment, context.language, context.timeZone),
    ]
    let lines = render("conference-sheet.txt", values, context.language)
      .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let line = { (place: Int) in place < lines.count ? lines[place] : "" }
    let text = { (date: Date, form: LocalDate.Form) in LocalDate.text(date, form, context.language, context.timeZone) }
    return ConferenceSheet(
      title: line(0), note: line(1),
      columns: line(2).split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) },
      rows: facts.rows.filter { !$0.isCancelled }.map { row in
        let time = "\(text(row.start, .clock))–\(text(facts.end(of: row.start), .clock))"
        return [text(row.start, .weekday), time, row.pupil, row.parents]
      }, footer: line(3))
  }
}
