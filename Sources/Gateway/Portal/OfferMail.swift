import Foundation
import Mail
import Rendering
import School

extension Directory {
  /// Those whom a mail on a help request or poll names: parents with their children, by whom a teacher knows them.
  func people(in facts: NoticeFacts) -> [AccountID: String] {
    guard let offer = facts.offer else { return [:] }
    var people = [offer.organiser: name(of: offer.organiser)]
    for person in offer.lines.flatMap({ $0.people ?? [] }) {
      let pupils = pupils(of: person.account).map(\.name).joined(separator: ", ")
      people[person.account] = name(of: person.account) + (pupils.isEmpty ? "" : " (\(pupils))")
    }
    return people
  }
}

extension NoticeFiles {
  /// The organiser's table as a file; nil where the mail tells no counts.
  func offerTable(_ context: NoticeContext) -> OutgoingAttachment? {
    guard let facts = context.facts.offer else { return nil }
    return OfferTable(facts, people: context.people, language: context.language, templates: gateway.templates).map {
      OutgoingAttachment(fileName: $0.fileName, mediaType: "text/csv", data: Data($0.text.utf8))
    }
  }
}
