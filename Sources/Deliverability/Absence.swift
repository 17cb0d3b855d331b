import Foundation
import Mail

/// What an automatic answer says of the writer's absence: "Ik ben afwezig tot en met 5 mei."
package enum Absence {
  /// The last day of it, at noon local time: the day before the return, where that is told. Nil where nothing is told
  /// that can be read as a day near the mail's own date.
  package static func lastDay(_ message: MailMessage) -> Date? {
    let text = (message.subject + "\n" + NewText.read(message).text).lowercased()
    guard let sent = message.date, text.utf8.count <= 20_000 else { return nil }
    for (phrases, shift) in [(Phrases.lastDay, 0), (Phrases.firstDayBack, -1)] {
      for phrase in phrases {
        if let day = day(after: phrase, in: text, sent: sent) { return day.addingTimeInterval(Double(shift) * 86_400) }
      }
    }
    return nil
  }

  /// Absences end within a year.
  private static func day(after phrase: String, in text: String, sent: Date) -> Date? {
    var rest = text[...]
    while let found = rest.range(of: phrase) {
      let isWord = found.lowerBound == text.startIndex || !text[text.index(before: found.lowerBound)].isLetter
      if isWord, let day = WrittenDay.read(text[found.upperBound...].prefix(50), near: sent),
        day > sent.addingTimeInterval(-86_400), day < sent.addingTimeInterval(366 * 86_400)
      {
        return day
      }
      rest = rest[found.upperBound...]
    }
    return nil
  }

  /// In Dutch, Frisian, English, German and French; longer ones first, for they hold the shorter.
  private enum Phrases {
    static let lastDay = [
      "tot en met ", "t/m ", "oant en mei ", "through ", "bis einschließlich ", "jusqu'au ", "until and including ",
      "tot ", "oant ", "until ", "till ", "bis zum ", "bis ",
    ]
    static let firstDayBack = [
      "weer aanwezig vanaf ", "weer bereikbaar vanaf ", "weer terug op ", "weer aanwezig op ", "weer bereikbaar op ",
      "ben ik terug op ", "weer terug ", "terug op ", "wer oanwêzich fan ", "werom op ", "back on ",
      "return on ", "returning on ", "returning ", "wieder erreichbar ab ", "wieder da ab ", "de retour le ",
    ]
  }
}
