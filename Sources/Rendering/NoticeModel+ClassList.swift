import Foundation
import School

/// The class lists and settings of a notice, as they are when it is sent.
package struct ClassListNotice: Sendable, Hashable {
  package struct Step: Sendable, Hashable {
    package var pupil: String
    package var field: ContactField
    package var shows: Bool
  }

  package var lists: [ClassList]
  package var settings: ClassListSettings
  /// A receipt: what was changed, by the child's name.
  package var steps: [Step]
  /// Lists that are not in it.
  package var more: Int

  package init(
    lists: [ClassList], settings: ClassListSettings,
    steps: [(pupil: String, field: ContactField, shows: Bool)] = [], more: Int = 0
  ) {
    self.lists = lists
    self.settings = settings
    self.steps = steps.map(Step.init)
    self.more = more
  }

  /// Only the lists that this account may still have.
  package init(_ facts: ClassListFacts, for account: AccountID, directory: Directory) {
    self.init(
      lists: directory.classListGroups(for: account).filter { facts.groups.contains($0.id) }.map(directory.classList),
      settings: directory.classListSettings(of: account),
      steps: facts.steps.compactMap { step in
        directory.pupils[step.pupil].map { ($0.name, step.field, step.shows) }
      }, more: facts.more)
  }
}

/// The words around a printed list.
package struct ClassListSheet: Sendable, Hashable {
  package var title: String
  package var note: String
  /// Child, parent, phone, mail and address.
  package var columns: [String]
  package var footer: String
}

extension Templates {
  /// By `class-list-sheet.txt`: title, note, the columns parted by `|`, and footer, a line each.
  package func sheet(of list: ClassList, _ context: NoticeContext, at: Date) -> ClassListSheet {
    let values: [String: Any] = [
      "group": list.group.name, "school": context.schoolName, "more": list.more > 0 ? list.more as Any : false,
      "date": LocalDate.text(at, .day, context.language, context.timeZone),
      "names": context.recipientNames.joined(separator: ", "),
    ]
    let lines = render("class-list-sheet.txt", values, context.language)
      .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    let line = { (place: Int) in place < lines.count ? lines[place] : "" }
    return ClassListSheet(
      title: line(0), note: line(1),
      columns: line(2).split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }, footer: line(3))
  }
}

/// What templates see of class lists. The words for a parent's own things are not those for the school's, which stand
/// around them: `phone` would be the school's.
extension NoticeModel {
  static let classListNames: Set<String> = [
    "lists", "pupils", "child", "carers", "carer", "telephone", "mail", "postal", "shows", "shown", "value", "field",
    "children", "fields", "steps", "more", "all", "hideAll", "showAll", "hasChildren", "link", "words", "printed",
  ]

  func addClassLists(_ notice: ClassListNotice, to values: inout [String: Any]) {
    values["lists"] = notice.lists.map { list in
      [
        "group": list.group.name, "more": list.more > 0 ? list.more as Any : false,
        "pupils": list.rows.map { row in
          ["child": row.pupil, "carers": row.carers.map(entry)] as [String: Any]
        },
      ] as [String: Any]
    }
    if notice.more > 0 { values["more"] = notice.more }
    values["hasChildren"] = !notice.settings.children.isEmpty
    values["children"] = notice.settings.children.map { child in
      [
        "child": child.pupil.name,
        "fields": child.fields.map { field in
          setting(field.field, child.pupil.name, isShown: field.isShown, value: field.value)
        },
      ] as [String: Any]
    }
    values["steps"] = notice.steps.map { setting($0.field, $0.pupil, isShown: $0.shows, value: nil) }
    values["printed"] = !notice.lists.isEmpty
  }

  private func entry(_ entry: ClassList.Entry) -> [String: Any] {
    [
      "carer": entry.name, "telephone": Self.known(entry.phone), "mail": Self.known(entry.mail),
      "postal": Self.known(entry.address),
    ]
  }

  /// With the words that turn it round.
  private func setting(_ field: ContactField, _ child: String, isShown: Bool, value: String?) -> [String: Any] {
    let language = context.language
    let command = (isShown ? ClassListWord.hide : .show).offered(in: language)
    let words = "\(command) \(field.offered(in: language)) \(child)"
    return [
      "field": field.offered(in: language), "child": child, "shown": isShown,
      "value": Self.known(value), "none": value?.isEmpty ?? false, "words": words,
      "link": answerLink(words),
    ]
  }
}
