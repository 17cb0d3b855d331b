import Foundation
import ICalendar
import Mail
import School

/// The iCalendar parts of a mail, whatever its client calls them (RFC 6047, section 2.4).
struct CalendarParts: Sendable {
  /// Parts of one mail that are read; Gmail sends the same twice.
  static let most = 10

  let message: MailMessage
  let zone: TimeZone

  /// The answer that a calendar program sends, and the event that it is about.
  struct Answer: Sendable {
    var uid: String
    var reply: EventReply
  }

  var answer: Answer? {
    for part in parts {
      guard let object = try? CalendarObject.read(part, zone: zone), object.method == .reply,
        let event = object.events.first
      else { continue }
      // Whoever answers is the one who wrote, whatever address their program knows them by.
      let answer: EventAnswer? =
        switch event.attendees.first?.participation {
        case .accepted: .accepted
        case .declined: .declined
        case .tentative: .tentative
        case .needsAction, nil: nil
        }
      return Answer(
        uid: event.uid,
        reply: EventReply(
          answer: answer, words: words(event), sequence: event.hasSequence ? event.sequence : nil))
    }
    return nil
  }

  /// The events of all files, and what of them cannot be taken.
  func written(now: Date) -> WrittenEvents {
    var found = WrittenEvents()
    var seen: Set<String> = []
    let reader = CalendarFile(zone: zone, now: now)
    for part in parts {
      do throws(CalendarError) {
        let object = try CalendarObject.read(part, zone: zone)
        guard object.method != .reply else { continue }
        found.problems += object.refused.map(reader.problem)
        for event in object.events where event.uid.isEmpty || seen.insert("\(event.uid) \(event.sequence)").inserted {
          reader.add(event, to: &found)
        }
      } catch { found.problems.append(EventProblem("", .badFile)) }
    }
    return found
  }

  private var parts: [Data] {
    message.root.allParts.filter { Self.isCalendar($0.contentType.mediaType, $0.fileName) }.prefix(Self.most)
      .compactMap(\.data)
  }

  static func isCalendar(_ mediaType: String, _ fileName: String?) -> Bool {
    ["text/calendar", "application/ics"].contains(mediaType) || (fileName?.lowercased().hasSuffix(".ics") ?? false)
  }

  /// What the person wrote: a comment, else the text of the mail. A text that names its own sender was made by the
  /// program: "Els Bakker heeft deze uitnodiging geaccepteerd".
  private func words(_ event: CalendarObject.Event) -> String? {
    if let comment = event.comment { return comment }
    let text = NewText.read(message).text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !text.isEmpty, let from = message.from.first else { return nil }
    let head = text.prefix(500).lowercased()
    let names = [from.name, from.address.description, event.summary].compactMap(\.self).filter { !$0.isEmpty }
    return names.contains { head.contains($0.lowercased()) } ? nil : text
  }
}

/// An event of a file as School takes it.
private struct CalendarFile {
  let zone: TimeZone
  let now: Date

  func add(_ event: CalendarObject.Event, to found: inout WrittenEvents) {
    guard let time = time(event.time) else {
      found.problems.append(EventProblem(event.summary, .noSuchTime))
      return
    }
    if let reason = WrittenEvents.problem(time, now: now, zone: zone), !event.isCancelled {
      found.problems.append(EventProblem(event.summary, reason))
      return
    }
    guard event.isCancelled || !event.summary.isEmpty else {
      found.problems.append(EventProblem(event.uid, .unreadable))
      return
    }
    let details = EventDetails(
      title: String(event.summary.prefix(WrittenEvents.longestTitle)), place: event.location, note: event.description,
      time: time)
    found.events.append(
      WrittenEvent(
        title: details.title, details: details,
        source: event.uid.isEmpty ? nil : EventSource(uid: event.uid, sequence: event.sequence),
        isCancelled: event.isCancelled, line: event.summary))
  }

  private func time(_ time: CalendarObject.Time) -> EventTime? {
    switch time {
    case .moments(let start, let end): return .moments(start: start, end: end)
    case .days(let first, let last):
      guard let first = CalendarDay(first), let last = CalendarDay(last) else { return nil }
      return .days(first: first, last: last)
    }
  }

  func problem(_ refused: CalendarObject.RefusedEvent) -> EventProblem {
    let reason: EventProblem.Reason =
      switch refused.reason {
      case .recurs: .recurs
      case .unknownTimeZone: .unknownZone
      case .noTime: .noSuchTime
      }
    return EventProblem(refused.summary, reason)
  }
}

extension CalendarDay {
  init?(_ day: CalendarObject.Day) { self.init(year: day.year, month: day.month, day: day.day) }
}

extension CalendarObject.Day {
  init(_ day: CalendarDay) { self.init(year: day.year, month: day.month, day: day.day) }
}
