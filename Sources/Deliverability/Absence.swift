import Foundation
import Mail

/// What an automatic answer says of the writer's absence: "Ik ben afwezig tot en met 5 mei."
package enum Absence {
  /// The last day of it, at noon local time: the day before the return, where that is told. Nil where nothing is told
  /// that can be read as a day near the mail's own date.
  package static func lastDay(_ message: MailMessage) -> Date? {
    guard let text = AbsenceText(message) else { return nil }
    return text.day(after: AbsencePhrases.lastDay) ?? text.day(after: AbsencePhrases.endOfSpan, ofSpan: true)
      ?? (text.day(after: AbsencePhrases.firstDayBack) ?? text.day(before: AbsencePhrases.isBack))?
      .addingTimeInterval(-86_400)
  }
}

/// What an automatic answer says, on one line.
private struct AbsenceText {
  private let text: String
  private let sent: Date

  /// In octets; longer answers tell of more than an absence.
  private static let longest = 20_000

  /// Nil where it tells no date, or is too long.
  init?(_ message: MailMessage) {
    // Behind a colon the subject repeats that of the mail which is answered.
    let text = message.subject.prefix { $0 != ":" } + "\n" + NewText.read(message).text
    guard let sent = message.date, text.utf8.count <= Self.longest else { return nil }
    self.sent = sent
    self.text = text.lowercased().replacing("\u{2019}", with: "'").split(whereSeparator: \.isWhitespace)
      .map { $0.last == ":" ? $0.dropLast() : $0 }.joined(separator: " ")
  }

  /// The day behind one of the phrases.
  ///
  /// - Parameter ofSpan: only where the day that the span begins with stands before the phrase.
  func day(after phrases: [String], ofSpan: Bool = false) -> Date? {
    first(phrases) { found in
      let rest = text[found.upperBound...].prefix(50)
      guard !isTime(rest), !ofSpan || day(endingAt: found.lowerBound, words: 4) != nil else { return nil }
      // `maandag t/m donderdag` are the days on which somebody works.
      let isOfWeek = words(before: found.lowerBound).last.map(WrittenDay.isWeekday) ?? false
      return near(WrittenDay.read(rest, near: sent, needsMonth: isOfWeek || ofSpan))
    }
  }

  /// The day shortly before one of the phrases: `vanaf maandag 9 november ben ik weer bereikbaar`.
  func day(before phrases: [String]) -> Date? {
    first(phrases) { near(day(endingAt: $0.lowerBound, words: 6)) }
  }

  private func first(_ phrases: [String], _ day: (Range<String.Index>) -> Date?) -> Date? {
    for phrase in phrases {
      var rest = text[...]
      while let found = rest.range(of: phrase) {
        let isWord = found.lowerBound == text.startIndex || !text[text.index(before: found.lowerBound)].isLetter
        if isWord, let day = day(found) { return day }
        rest = rest[found.upperBound...]
      }
    }
    return nil
  }

  /// `14.10 uur` is no day.
  private func isTime(_ rest: Substring) -> Bool {
    let words = rest.split(separator: " ").prefix(2)
    return words.count == 2 && words.first?.first?.isNumber == true
      && AbsencePhrases.hours.contains(words[1].prefix { $0.isLetter })
  }

  /// Of the last words of a sentence those that are a day of a month, whatever few words follow it.
  private func day(endingAt end: String.Index, words count: Int) -> Date? {
    let words = words(before: end).suffix(count)
    for start in words.indices.reversed() {
      let rest = words[start...].joined(separator: " ")
      if let day = WrittenDay.read(rest, near: sent, needsMonth: true) { return day }
    }
    return nil
  }

  /// Those of the same sentence.
  private func words(before end: String.Index) -> ArraySlice<Substring> {
    let words = text[..<end].suffix(80).split(separator: " ")
    let start = words.dropLast().lastIndex { ".!?".contains($0.last ?? " ") && $0.first?.isNumber == false }
    return words[(start.map { $0 + 1 } ?? words.startIndex)...]
  }

  /// Absences end within a year.
  private func near(_ day: Date?) -> Date? {
    day.flatMap { $0 > sent.addingTimeInterval(-86_400) && $0 < sent.addingTimeInterval(366 * 86_400) ? $0 : nil }
  }
}

/// In Dutch, Frisian, English, German and French; longer ones first, for they hold the shorter.
private enum AbsencePhrases {
  static let lastDay = [
    "tot en met ", "t/m ", "oant en mei ", "through ", "bis einschließlich ", "jusqu'au ", "until and including ",
    "tot ", "oant ", "until ", "till ", "bis zum ", "bis ",
  ]
  /// Between two days.
  static let endOfSpan = ["to ", "– ", "- "]
  static let firstDayBack = [
    "weer aanwezig vanaf ", "weer bereikbaar vanaf ", "weer terug op ", "weer aanwezig op ", "weer bereikbaar op ",
    "ben ik terug op ", "er weer op ", "er weer vanaf ", "weer terug ", "terug op ", "wer oanwêzich fan ", "werom op ",
    "back in the office on ", "back at work on ", "back on ", "returning to the office on ", "return on ",
    "returning on ", "returning ", "will return ", "wieder erreichbar ab ", "wieder da ab ", "de retour le ",
  ]
  /// Behind the first day back.
  static let isBack = [
    "weer bereikbaar", "weer aanwezig", "weer terug", "er weer", "weer op kantoor", "weer op school",
    "weer aan het werk", "wer berikber", "wer oanwêzich", "wer werom", "der wer", "wer oan it wurk", "i will be back",
    "i'll be back", "wieder erreichbar", "wieder da", "wieder im büro",
  ]
  static let hours: Set<Substring> = ["uur", "u", "oere", "uhr", "h", "hours", "am", "pm", "o"]
}
