import Foundation
import School

/// What happened between the school and one person's address, as one page that prints well.
package struct TimelinePage: Sendable {
  package var schoolName: String
  package var language: Language
  package var timeZone: TimeZone
  package var names: [String]
  package var pupils: [String]
  package var address: String
  package var standing: AddressStanding
  /// Nil where there is nothing to advise on.
  package var advice: AdviceContext?
  /// The oldest first.
  package var events: [TimelineEvent]

  package init(
    schoolName: String, language: Language, timeZone: TimeZone, names: [String], pupils: [String], address: String,
    standing: AddressStanding, advice: AdviceContext?, events: [TimelineEvent]
  ) {
    self.schoolName = schoolName
    self.language = language
    self.timeZone = timeZone
    self.names = names
    self.pupils = pupils
    self.address = address
    self.standing = standing
    self.advice = advice
    self.events = events
  }

  private static let happenings = [
    "queued", "withheld", "accepted", "deferred", "refused", "bounced", "delayed", "advised", "answered", "activated",
    "autoReply", "setAside", "other",
  ]
  private static let kinds: [NoticeKind] = [
    .news, .urgent, .mailboxMessage, .schoolyardItem, .schoolyardComment, .digest, .supportMessage, .activation,
    .confirmation,
  ]
  static let names = Set(
    happenings + kinds.map { AdviceContext.camel($0.rawValue) } + [
      "happened", "mail", "events", "said", "why", "notice",
    ])

  fileprivate func values(_ templates: Templates) -> [String: Any] {
    var values: [String: Any] = [
      "school": schoolName, "language": language.rawValue, "names": names.joined(separator: ", "),
      "address": address, "state": [standing.state.rawValue: true],
      "events": events.map { self.values($0, templates) },
    ]
    if !pupils.isEmpty { values["pupils"] = pupils.joined(separator: ", ") }
    if let advice {
      let text = templates.render(advice).text
      values["advice"] = ["text": text, "textHTML": TextHTML.of(text)]
    }
    return values
  }

  private func values(_ event: TimelineEvent, _ templates: Templates) -> [String: Any] {
    let word = AdviceContext.camel(event.happening.word)
    var values: [String: Any] = [
      "date": LocalDate.text(event.at, .moment, language, timeZone),
      "happened": [Self.happenings.contains(word) ? word : "other": true],
    ]
    if let kind = event.kind {
      values["mail"] = [Self.kinds.contains(kind) ? AdviceContext.camel(kind.rawValue) : "notice": true]
    }
    values["subject"] = event.subject
    if case .server(_, let said, let reason, let actor) = event.happening {
      if word != "setAside" { values["said"] = said }
      if let reason { values["why"] = templates.reason(reason, language) }
      values["turn"] = actor.map { [AdviceContext.camel($0): true] }
    }
    return values
  }
}

extension Templates {
  /// HTML, whole. Pure, as all rendering.
  package func render(_ page: TimelinePage) -> String { render("timeline.html", page.values(self), page.language) }
}
