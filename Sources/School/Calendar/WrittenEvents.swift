import Foundation

/// One event as somebody wrote it.
package struct WrittenEvent: Sendable, Hashable {
  /// Of the receipt's list: `2: …`; nil where none stands before it.
  package var number: Int?
  /// May be empty for one that is cancelled.
  package var title: String
  /// Nil where no date is given, for one that is cancelled.
  package var details: EventDetails?
  package var source: EventSource?
  package var isCancelled: Bool
  /// As it was written.
  package var line: String

  package init(
    number: Int? = nil, title: String, details: EventDetails?, source: EventSource? = nil, isCancelled: Bool = false,
    line: String
  ) {
    self.number = number
    self.title = title
    self.details = details
    self.source = source
    self.isCancelled = isCancelled
    self.line = line
  }
}

/// All events of a mail, and what was like one and cannot be read.
package struct WrittenEvents: Sendable, Hashable {
  package var events: [WrittenEvent]
  package var problems: [EventProblem]
  package var isEmpty: Bool { events.isEmpty && problems.isEmpty }

  package init(events: [WrittenEvent] = [], problems: [EventProblem] = []) {
    self.events = events
    self.problems = problems
  }

  /// Of a title, in characters.
  package static let longestTitle = EventLineReader.longestTitle

  /// Why an event cannot be at this time; nil where it can.
  package static func problem(_ time: EventTime, now: Date, zone: TimeZone) -> EventProblem.Reason? {
    let end = time.end(in: zone)
    // Of today it is said late, but not by mistake.
    if end <= CalendarDay(now, in: zone).start(in: zone) { return .past }
    return time.start(in: zone) > now.addingTimeInterval(Double(SchoolPolicy.farthestDays) * 86_400) ? .tooFar : nil
  }

  /// Lines of a text that are looked at.
  static let mostLines = 2_000

  /// Reads the lines of a mail: `12-12-2026 19:00-20:30 Kerstviering, hal`. A line that begins with no date is none,
  /// and is left alone; but an indented or listed one right below an event is a note to it.
  ///
  /// - Parameter now: a date without a year is the next such day.
  package static func read(_ text: String, now: Date, zone: TimeZone) -> WrittenEvents {
    let reader = EventLineReader(now: now, zone: zone)
    var found = WrittenEvents()
    var canTakeNote = false
    for line in text.split(separator: "\n", maxSplits: mostLines, omittingEmptySubsequences: false).prefix(mostLines) {
      switch reader.read(line) {
      case .event(let event):
        found.events.append(event)
        canTakeNote = event.details != nil && !event.isCancelled
      case .problem(let problem):
        found.problems.append(problem)
        canTakeNote = false
      case nil:
        let isNote = line.first.map { " \t-*•>".contains($0) } ?? false
        let words = line.trimmingCharacters(in: .whitespaces.union(CharacterSet(charactersIn: "-*•>\r")))
        canTakeNote = canTakeNote && isNote && !words.isEmpty
        if canTakeNote { found.addNote(words) }
      }
    }
    return found
  }

  private mutating func addNote(_ words: String) {
    guard let last = events.indices.last else { return }
    let note = [events[last].details?.note, words].compactMap(\.self).joined(separator: "\n")
    events[last].details?.note = String(note.prefix(EventLineReader.longestNote))
  }
}
