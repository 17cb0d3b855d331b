import Foundation

/// How parents write hours in words, and what tells that a letter is about them.
extension ConferenceReplyReader {
  /// Whether a line speaks of an hour, however it goes on.
  static func holdsTime(_ line: some StringProtocol) -> Bool {
    let line = String(line.prefix(1_000))
    return line.contains(/\b[0-9]{1,2}(?:[:.u][0-9]{2}\b|\s?(?:uur|oere|u)\b)/.ignoresCase())
      || !Glossary.halfWords.union(Glossary.quarterWords).isDisjoint(with: Glossary.words(line))
  }

  /// Whether its writer may think that a letter changes something: it speaks of an hour, a day, a swap.
  static func mayChange(_ line: some StringProtocol) -> Bool {
    let words = Glossary.words(line.prefix(1_000))
    let said = words.joined(separator: " ")
    return holdsTime(line) || Glossary.anyTime.contains(where: said.contains)
      || words.contains { word in
        word.count > 4 && Glossary.weekdays.contains { $0.contains(word) }
          || Glossary.changeStems.contains(where: word.hasPrefix)
      }
  }

  /// `half 8` is 7:30, and `kwart voor acht` 7:45.
  static func withHours(_ words: [String]) -> [String] {
    var read: [String] = []
    var place = 0
    let hour = { (place: Int) -> Int? in
      guard words.indices.contains(place) else { return nil }
      let named = Glossary.hourNames.firstIndex { $0.contains(words[place]) }.map { $0 + 1 }
      return Int(words[place]).flatMap { (1...12).contains($0) ? $0 : nil } ?? named
    }
    while place < words.count {
      var time: (minutes: Int, words: Int)?
      if Glossary.halfWords.contains(words[place]), let hour = hour(place + 1) {
        time = (hour * 60 - 30, 2)
      } else if Glossary.quarterWords.contains(words[place]), words.indices.contains(place + 1),
        let minutes = Glossary.quarters[words[place + 1]], let hour = hour(place + 2)
      {
        time = (hour * 60 + minutes, 3)
      }
      if let time {
        let minute = time.minutes % 60
        read.append("\(time.minutes / 60):\(minute < 10 ? "0" : "")\(minute)")
      } else {
        read.append(words[place])
      }
      place += time?.words ?? 1
    }
    return read
  }
}
