import Foundation
import School

extension NoticeModel {
  /// What the mails on settings, digests and `waarom` name beside the rest.
  static let settingsNames = Set(
    [
      "settings", "before", "carers", "children", "child", "groups", "quietHours", "stoppedSchoolyard",
      "stoppedCalendar", "posted", "unplaced", "retracted", "hasUnplaced", "hasPosted", "hasRetracted", "why",
      "forSchool", "others", "canStop", "full", "onRequest", "noAuthority", "hasAuthority", "languageChanged",
      "digestChanged", "quietChanged", "stopChanged", "startedCalendar", "retractNumber", "reporter", "mine", "report",
      "remove",
    ] + SettingsOffer.allCases.map(\.rawValue) + WhyFacts.Rule.allCases.map { AdviceContext.camel($0.rawValue) })

  func addSettings(to values: inout [String: Any]) {
    if let settings = context.facts.settings {
      values["settings"] = model(settings)
      values["carers"] = settings.carers.map(model)
      values["oldAddress"] = settings.address
      values["newAddress"] = settings.newAddress
    }
    if let answer = context.facts.digestAnswer { add(answer, to: &values) }
    if let why = context.facts.why { values["why"] = model(why) }
    if let moderation = context.facts.moderation {
      values["reporter"] = moderation.reporter
      values["author"] = moderation.author
      values["mine"] = moderation.isReaderAuthor
    }
    if let file = context.facts.file { values["size"] = size(file.size) }
  }

  // MARK: Settings

  private func model(_ facts: SettingsFacts) -> [String: Any] {
    var values = model(facts.now)
    guard let before = facts.before else { return values }
    values["languageChanged"] = facts.now.language != before.language
    values["digestChanged"] = facts.now.digest != before.digest
    values["quietChanged"] = facts.now.quietHours != before.quietHours
    values["stopChanged"] = facts.now.stopped != before.stopped
    return values
  }

  private func model(_ settings: PersonalSettings) -> [String: Any] {
    var values: [String: Any] = [
      "\(settings.language)": true, "\(settings.digest)": true,
      "stoppedSchoolyard": settings.isStopped(.schoolyard), "stoppedCalendar": settings.isStopped(.calendar),
    ]
    values["quietHours"] = settings.quietHours.map { "\(clock($0.from))–\(clock($0.to))" }
    return values
  }

  private func clock(_ minutes: Int) -> String {
    let digits = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
    return "\(digits(minutes / 60)):\(digits(minutes % 60))"
  }

  private func model(_ carer: SettingsFacts.CarerLine) -> [String: Any] {
    [
      "name": carer.name,
      "children": carer.children.map { child -> [String: Any] in
        var values: [String: Any] = [
          "child": child.name, "full": child.authority == .full, "onRequest": child.authority == .onRequest,
          "noAuthority": child.authority == .none,
        ]
        values["groups"] = child.groups.isEmpty ? nil : child.groups.joined(separator: ", ")
        return values
      },
    ]
  }

  // MARK: Digests

  private func add(_ answer: DigestAnswer, to values: inout [String: Any]) {
    values["posted"] = answer.posted.map(model)
    values["unplaced"] = answer.unplaced.map(model)
    values["retracted"] = answer.retracted.map(model)
    values["hasPosted"] = !answer.posted.isEmpty
    values["hasUnplaced"] = !answer.unplaced.isEmpty
    values["hasRetracted"] = !answer.retracted.isEmpty
  }

  private func model(_ line: DigestAnswer.Line) -> [String: Any] {
    var values: [String: Any] = ["excerpt": line.excerpt]
    values["number"] = line.number
    values["subject"] = line.subject
    values["group"] = line.group
    let retract = CommandWord.retract.offered(in: context.language)
    values["retractNumber"] = line.number.map { answerLink("\(retract) \($0)") }
    return values
  }

  // MARK: Why

  private func model(_ why: WhyFacts) -> [String: Any] {
    var values: [String: Any] = [
      AdviceContext.camel(why.rule.rawValue): true, "forSchool": why.isForSchool, "canStop": why.canStop,
    ]
    values["subject"] = why.subject
    values["date"] = why.at.map { format($0) }
    values["group"] = why.group
    values["names"] = why.children.isEmpty ? nil : why.children.joined(separator: ", ")
    values["others"] = why.others.isEmpty ? nil : why.others.joined(separator: ", ")
    return values
  }
}
