import Foundation
import Mail
import School

/// What the templates see: names and values. Text that somebody wrote stands in `text` for plain mail, where nothing is
/// escaped, and in `textHTML`, made here, for HTML; all else is escaped by Mustache.
struct NoticeModel {
  /// Everything that a template may name; `Templates.load` refuses others.
  static let names = Set([
    ".", "school", "phone", "recipients", "name", "comma", "and", "staff", "parent", "stranger", "subject", "author",
    "severalAuthors", "unnoted",
    "group",
    "text", "textHTML", "date", "files", "hasFiles", "size", "limit", "refusedFiles", "excerpt", "asked", "nearest",
    "count", "one", "none",
    "several", "until", "items", "number", "filedFor", "origin", "reason", "links", "address", "subjectBegins",
    "footerMarker",
    "footerClass", "reply", "privateReply", "language", "url", "answer", "since", "stage", "changed", "approved",
    "rejected", "reverted", "damage", "place", "attentionFolder", "oldAddress", "newAddress", "atOld",
    "heldRoutes", "heldSubject", "heldFiles",
  ]).union(RouteWord.offered.map(\.rawValue)).union(CommandWord.allCases.map(\.linkName))
    .union(RefusalReason.allCases.map(\.templateName)).union(AdviceContext.names).union(ReportPage.names)
    .union(TimelinePage.names).union(documentNames).union(classListNames).union(offerNames)
    .union(settingsNames).union(calendarNames).union(Flood.allCases.map(\.rawValue)).union(conferenceNames)
    .union(resultsNames).union(absenceNames).union(photoNames)

  let context: NoticeContext
  let marking: Marking

  var values: [String: Any] {
    var values: [String: Any] = [
      "school": context.schoolName, "recipients": recipients, "links": NoticeLinks(model: self),
      "footerMarker": NewText.footerMarker,
      "footerClass": NewText.footerClass, "language": context.language.rawValue,
      "staff": context.recipientIsStaff, "parent": !context.recipientIsStaff && !context.isStranger,
      "stranger": context.isStranger, "answer": context.isAnswer,
    ]
    values["phone"] = context.schoolPhone
    values["subject"] = context.thread?.subject
    values["author"] = context.authorName
    values["severalAuthors"] = context.authorName?.contains(" & ") ?? false
    values["group"] = context.groupName
    addEntry(to: &values)
    addFacts(to: &values)
    addCalendar(to: &values)
    if let prepared = context.prepared {
      values["names"] = prepared.names
      values["address"] = prepared.address
      for (name, text) in [("advice", prepared.text), ("pupils", prepared.pupils)] where !text.isEmpty {
        values[name] = ["text": text, "textHTML": TextHTML.of(text)]
      }
    }
    if !context.digest.isEmpty { values["items"] = items }
    if let documents = context.facts.documents { addDocuments(documents, to: &values) }
    if let lists = context.classLists { addClassLists(lists, to: &values) }
    if context.facts.offer != nil { values["offer"] = offerValues }
    values["intro"] = introValues
    addSettings(to: &values)
    values["conference"] = conferenceValues
    addResults(to: &values)
    values["absence"] = absenceValues
    if let photos = context.facts.photos { addPhotos(photos, to: &values) }
    return values
  }

  private var recipients: [[String: Any]] {
    let names = context.recipientNames
    return names.indices.map { place in
      ["name": marking.text(.name(place)), "comma": place + 2 < names.count, "and": place + 2 == names.count]
    }
  }

  private func addEntry(to values: inout [String: Any]) {
    guard let entry = context.entry else { return }
    values["text"] = entry.text
    values["textHTML"] = TextHTML.of(entry.text)
    values["date"] = format(entry.origin?.date ?? entry.at)
    if !entry.files.isEmpty {
      values["hasFiles"] = true
      values["files"] = entry.files.map { ["name": $0.name, "size": size($0.size)] }
    }
    if let origin = entry.origin { values["origin"] = origin.name ?? origin.address }
  }

  private func addFacts(to values: inout [String: Any]) {
    let facts = context.facts
    if let count = facts.count {
      values["count"] = count
      values["one"] = count == 1
      values["none"] = count == 0
      values["several"] = count > 1
    }
    values["excerpt"] = facts.excerpt.flatMap { $0.isEmpty ? nil : $0 }
    values["asked"] = facts.asked
    if let held = facts.held {
      let parts = [("heldRoutes", held.routes), ("heldSubject", [held.subject]), ("heldFiles", held.files)]
      for (name, words) in parts.map({ ($0, $1.filter { !$0.isEmpty }) }) where !words.isEmpty {
        values[name] = words.joined(separator: ", ")
      }
    }
    values["nearest"] = facts.nearest
    values["unnoted"] = facts.isUnnoted ?? false
    values["filedFor"] = facts.filedFor
    values["since"] = facts.since.map { format($0) }
    values["until"] = facts.retractableUntil.map { format($0) }
    if let tally = facts.urgent {
      values["accepted"] = tally.accepted
      if tally.waiting > 0 { values["waiting"] = tally.waiting }
      let lost = tally.failed + tally.withheld
      if lost > 0 { values["lost"] = lost }
    }
    if let damage = facts.damage {
      values["damage"] = damage.map { ["place": $0.place, "reason": $0.reason] }
      if let count = facts.count, count > damage.count { values["more"] = count - damage.count }
    }
    if let flood = facts.flood { values["stage"] = [flood.rawValue: true] }
    values["attentionFolder"] = context.attentionFolder
    if let broadcast = facts.broadcast { values["stage"] = [broadcast.rawValue: true] }
    if let change = facts.addressChange {
      values["stage"] = [change.stage.rawValue: true]
      values["oldAddress"] = change.old
      values["newAddress"] = change.new
      values["atOld"] = facts.atAddress == change.old
    }
    if let refusal = facts.refusal { values["reason"] = [refusal.templateName: true] }
    if let refused = facts.refusedFiles {
      values["refusedFiles"] = refused.map { file in
        // Of before, where the limit of all together was said as that of one.
        let limit = file.limit.flatMap { $0 < file.size ? $0 : nil }
        return ["name": file.name, "size": size(file.size)].merging(limit.map { ["limit": size($0)] } ?? [:]) { $1 }
      }
    }
  }

  private var items: [[String: Any]] {
    context.digest.enumerated().map { place, line in
      [
        "number": place + 1, "subject": line.subject, "author": line.authorName, "text": line.text,
        "textHTML": TextHTML.of(line.text),
      ]
    }
  }

  /// One tap and Send answers with these words.
  func answerLink(_ words: String) -> [String: String] {
    marks(Self.answer + NoticeAddresses.Target.percentEncoded(words))
  }

  /// Before the words of an answer in the name of its link, where they are encoded: Mustache escapes what it shows.
  fileprivate static let answer = "="

  func marks(_ link: String) -> [String: String] {
    ["address": marking.text(.address(link)), "url": marking.text(.url(link))]
  }

  // MARK: Words for instants and sizes

  func format(_ date: Date) -> String {
    LocalDate.text(date, .moment, context.language, context.timeZone)
  }

  func size(_ octets: Int) -> String {
    let (value, unit) =
      octets >= 1 << 20 ? (Double(octets) / Double(1 << 20), "MB") : (max(Double(octets) / 1024, 1), "kB")
    // So far that 10,3 MB is seen to be more than 10 MB.
    let tenths = (value * 10).rounded() / 10
    let number = value >= 100 || value >= 10 && tenths == tenths.rounded() ? "\(Int(value.rounded()))" : "\(tenths)"
    return "\(context.language == .english ? number : number.replacing(".", with: ",")) \(unit)"
  }
}

extension NoticeContext {
  /// What stands in this reader's mail for a mark; nothing for one that the mail cannot have.
  func value(of mark: Mould.Mark) -> String {
    switch mark {
    case .name(let place): recipientNames.indices.contains(place) ? recipientNames[place] : ""
    case .address(let link): ownLink(link)?.address ?? ""
    case .url(let link): ownLink(link)?.url ?? ""
    }
  }

  /// A link with the reader's key in it.
  private func ownLink(_ name: String) -> (address: String, url: String)? {
    let subject = thread?.subject
    switch name {
    case "reply": return (addresses.reply.address.description, addresses.reply.link(subject: subject))
    case "privateReply":
      return addresses.privateReply.map { target in
        let link = target.link(subject: subject)
        // The address alone is that of the public answer where the way stands in the subject.
        return (target.subjectPrefix == nil ? target.address.description : link, link)
      }
    default:
      guard name.hasPrefix(NoticeModel.answer) else { return nil }
      let words = name.dropFirst(NoticeModel.answer.count).removingPercentEncoding ?? ""
      return (addresses.reply.address.description, addresses.reply.link(subject: words, body: words))
    }
  }
}

extension CommandWord {
  /// As the templates name the link that sends it.
  var linkName: String { self == .yes ? "confirm" : rawValue }
}

extension RefusalReason {
  /// `not-staff` as the templates name it: `notStaff`.
  var templateName: String {
    AdviceContext.camel(rawValue)
  }
}
