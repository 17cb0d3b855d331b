import Foundation
import School

/// What the templates see of a mail on absence.
extension NoticeModel {
  static let absenceNames = Set([
    "absence", "children", "childNames", "child", "group", "sick", "late", "leave", "other", "unexplained", "from",
    "to",
    "oneDay", "open", "time", "reported", "why", "by", "doubtful", "day", "at", "own", "missed",
    "tap", "parents",
    "more", "nobody", "better", "missing", "reject", "offered", "hasMissed", "groups", "minutes", "unposted",
  ]).union(AbsenceFacts.Stage.allCases.map { AdviceContext.camel($0.rawValue) })

  /// By the name `absence`; nil where the mail is about none.
  var absenceValues: [String: Any]? {
    guard let facts = context.facts.absence else { return nil }
    let items = facts.items.map { line($0, facts) }
    var values: [String: Any] = [
      AdviceContext.camel(facts.stage.rawValue): true, "children": items, "nobody": items.isEmpty,
      "at": format(facts.at),
      "reject": answerLink(LeaveAnswer.rejection(in: context.language)),
    ]
    for word in AbsenceWord.allCases {
      values[word.rawValue] =
        ["offered": word.offered(in: context.language), "tap": answerLink(word.offered(in: context.language))]
        as [String: Any]
    }
    values["childNames"] = facts.items.map(\.name).joined(separator: ", ")
    values["groups"] = groups(items)
    values["minutes"] = Int(SchoolPolicy.missingPatience / 60)
    values["day"] = facts.day.map { date($0) }
    values["own"] = facts.words.map { ["text": $0, "textHTML": TextHTML.of($0)] }
    if !facts.parents.isEmpty { values["parents"] = facts.parents.joined(separator: ", ") }
    values["unposted"] = facts.isUnposted ?? false
    values["hasMissed"] = !facts.pupils.isEmpty
    values["missed"] = facts.pupils.map(missed)
    if facts.more > 0 { values["more"] = facts.more }
    return values
  }

  /// A child whom a teacher may miss, or of whom a parent may say that it is sick.
  private func missed(_ name: String) -> [String: Any] {
    let word: AbsenceWord = context.kind == .absenceGroup ? .missing : .sick
    let words = "\(word.offered(in: context.language)) \(name)"
    return ["name": name, "offered": words, "tap": answerLink(words)]
  }

  private func line(_ item: AbsenceFacts.Item, _ facts: AbsenceFacts) -> [String: Any] {
    var values: [String: Any] = [
      "child": item.name, "from": date(item.first), "oneDay": item.last == item.first,
      "open": item.last == nil && item.kind == .sick, "doubtful": item.isDoubtful ?? false,
      "group": item.group ?? false, "by": item.reporter ?? false,
      "tap": answerLink(item.name),
    ]
    for kind in AbsenceKind.allCases { values[kind.rawValue] = item.kind == kind }
    let better = "\(AbsenceWord.better.offered(in: context.language)) \(item.name)"
    values["better"] = ["offered": better, "tap": answerLink(better)] as [String: Any]
    values["to"] = item.last.map { date($0) } ?? false
    values["time"] = item.minute.map { "\($0 / 60):\($0 % 60 < 10 ? "0" : "")\($0 % 60)" } ?? false
    let isToday =
      facts.day.map { day in item.at.map { CalendarDay($0, in: context.timeZone) == day } ?? false } ?? false
    // Nobody has reported a child that is missed.
    let reported = item.kind == .unexplained ? nil : item.at
    values["reported"] =
      reported.map {
        isToday ? LocalDate.text($0, .clock, context.language, context.timeZone) : format($0)
      } ?? false
    values["why"] = item.words.map { ["text": $0, "textHTML": TextHTML.of($0)] } ?? false
    return values
  }

  /// The desk's list, one group after the other.
  private func groups(_ items: [[String: Any]]) -> [[String: Any]] {
    var groups: [(name: String, items: [[String: Any]])] = []
    for item in items {
      let name = item["group"] as? String ?? "–"
      if groups.last?.name != name { groups.append((name, [])) }
      var line = item
      line["group"] = false
      groups[groups.count - 1].items.append(line)
    }
    return groups.map { ["name": $0.name, "items": $0.items] }
  }

  private func date(_ day: CalendarDay) -> String {
    LocalDate.text(day.start(in: context.timeZone), .weekday, context.language, context.timeZone)
  }
}
