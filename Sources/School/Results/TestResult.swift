import Foundation

/// What one pupil scored in one test, as the school's file says it; empty where it says nothing.
package struct TestResult: Sendable, Hashable, Codable {
  /// What a file can say of it beside pupil and day; one column each.
  package enum Part: String, Sendable, Hashable, Codable, CaseIterable {
    case subject, test, score, level, average, note, teacher

    /// In characters.
    package var longest: Int {
      switch self {
      case .score, .level, .average: 20
      case .subject, .test, .teacher: 80
      case .note: 1_000
      }
    }
  }

  package let pupil: PupilID
  package let day: CalendarDay
  private let parts: [Part: String]

  package init(pupil: PupilID, day: CalendarDay, parts: [Part: String]) {
    self.pupil = pupil
    self.day = day
    self.parts = parts.filter { !$0.value.isEmpty }
  }

  /// `subject` is what the results of one line over time have in common, `average` that of the group.
  package subscript(part: Part) -> String { parts[part] ?? "" }

  /// The same pupil, subject, test and day: a row with this key replaces the one before. Case, accents and signs do not
  /// count.
  package var key: String {
    let names = [Part.subject, .test].map { part in
      Glossary.words(self[part]).joined(separator: " ")
    }
    return (names + ["\(day.year)-\(day.month)-\(day.day)"]).joined(separator: "|")
  }

  /// A score that a line can be drawn through; nil for `B` and the like.
  package static func number(_ text: String) -> Double? {
    Double(text.replacing(",", with: ".")).flatMap { $0.isFinite && abs($0) < 1e6 ? $0 : nil }
  }

  // MARK: As it is stored

  private enum CodingKeys: String, CodingKey { case pupil, day, parts }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    pupil = try values.decode(PupilID.self, forKey: .pupil)
    day = try values.decode(CalendarDay.self, forKey: .day)
    let stored = try values.decode([String: String].self, forKey: .parts)
    parts = Dictionary(stored.compactMap { name, text in Part(rawValue: name).map { ($0, text) } }) { first, _ in first
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(pupil, forKey: .pupil)
    try values.encode(day, forKey: .day)
    try values.encode(Dictionary(uniqueKeysWithValues: parts.map { ($0.key.rawValue, $0.value) }), forKey: .parts)
  }
}

extension CalendarDay {
  /// A date that stands alone, as sheets write it; a time of midnight behind it does not count. Nil for anything else.
  package static func read(_ text: String, today: CalendarDay) -> CalendarDay? {
    guard let (days, rest) = WrittenDateReader().days(at: text[...], today: today), let days, days.first == days.last
    else { return nil }
    return rest.allSatisfy { " 0:".contains($0) } ? days.first : nil
  }
}
