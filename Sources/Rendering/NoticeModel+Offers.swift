import Foundation
import School

/// What the templates see of a help request or poll.
extension NoticeModel {
  static let offerNames = Set([
    "offer", "poll", "secret", "question", "lines", "label", "places", "onePlace", "counted", "taken", "oneVote",
    "free",
    "queue", "wouldWait", "take", "back", "rank", "turn", "people", "note", "more", "nobody", "own", "hasOwn", "waits",
    "hasNote",
    "organiser", "until", "answerable", "decline", "table", "intro",
  ]).union(OfferFacts.Stage.allCases.map(\.rawValue))

  /// People that one line of a mail names; the table that goes with it names all.
  static let mostPeople = 50

  /// By the name `offer`; empty where the mail is about none.
  var offerValues: [String: Any] {
    guard let offer = context.facts.offer else { return [:] }
    let own = offer.lines.indices.filter { offer.lines[$0].mine != nil }
    var values: [String: Any] = [
      offer.stage.rawValue: true, "help": offer.kind == .help, "poll": offer.kind == .poll, "secret": offer.isSecret,
      "lines": offer.lines.indices.map { line($0, of: offer) }, "own": own.map { line($0, of: offer) },
      "hasOwn": !own.isEmpty, "waits": own.contains { (offer.lines[$0].mine ?? 0) > 0 }, "hasNote": offer.hasNote,
      "organiser": context.people[offer.organiser] ?? "", "decline": answerLink(OfferReply.decline(context.language)),
      "answerable": [.item, .reminder, .unclear, .withdrawn, .declined].contains(offer.stage),
      "table": offer.lines.contains { $0.count != nil },
    ]
    values["question"] = offer.question
    values["until"] = offer.closesAt.map { LocalDate.text($0, .moment, context.language, context.timeZone) }
    return values
  }

  /// The item's text without the lines that stand in its list; nil where nothing is left.
  var introValues: [String: String]? {
    guard context.facts.offer != nil, let entry = context.entry else { return nil }
    let intro = OfferWords(subject: context.thread?.subject ?? "", text: entry.text)?.intro ?? entry.text
    return intro.isEmpty ? nil : ["text": intro, "textHTML": TextHTML.of(intro)]
  }

  private func line(_ place: Int, of offer: OfferFacts) -> [String: Any] {
    let (line, number) = (offer.lines[place], place + 1)
    var values: [String: Any] = [
      "number": number, "label": line.text, "counted": line.count != nil,
      "take": answerLink(OfferReply.take(number, of: offer.kind, context.language)),
      "back": answerLink(OfferReply.giveBack(number, context.language)),
    ]
    values["places"] = line.places
    values["onePlace"] = line.places == 1
    if let count = line.count {
      values["taken"] = count
      values["oneVote"] = count == 1
      if let places = line.places, places > count { values["free"] = places - count }
      values["wouldWait"] = line.places.map { count >= $0 } ?? false
    }
    if let waiting = line.waiting, waiting > 0 { values["queue"] = waiting }
    if let rank = line.mine, rank > 0 { values["rank"] = rank }
    if let people = line.people {
      values["people"] = people.prefix(Self.mostPeople).map(person)
      if people.count > Self.mostPeople { values["more"] = people.count - Self.mostPeople }
      values["nobody"] = people.isEmpty
    }
    return values
  }

  private func person(_ person: OfferFacts.Person) -> [String: Any] {
    var values: [String: Any] = ["name": context.people[person.account] ?? "…"]
    if person.rank > 0 { values["turn"] = person.rank }
    values["note"] = person.note.map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
    return values
  }
}
