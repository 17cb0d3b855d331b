import Foundation

/// The words that are written about events, in Dutch, Frisian and English.
extension Glossary {
  /// Between two days or two times.
  static let until: Set<String> = [
    "t/m", "tm", "tot", "t.m.", "oant", "oant en mei", "until", "till", "to", "-", "–", "—",
  ]
  /// Before a date or a time.
  static let from: Set<String> = ["van", "fan", "from", "op", "om", "on", "at", "vanaf", "fanof"]
  /// Behind the number of an hour.
  static let hours: Set<String> = ["uur", "u", "oere", "h", "hrs", "hours"]
  /// Says of a day that it is meant whole.
  static let wholeDay = ["hele dag", "de hele dag", "hiele dei", "de hiele dei", "all day"]

  /// Says of an event that it will not be.
  static let cancelled = [
    "gaat niet door", "vervalt", "afgelast", "geannuleerd", "giet net troch", "ferfalt", "ôflast", "cancelled",
    "canceled", "is off",
  ]
}

/// What is answered to an invitation, and asked by who sent it.
package enum EventWord: String, Sendable, Hashable, CaseIterable {
  case accept, decline, tentative, whoComes

  package init?(firstLineOf text: String) {
    guard let words = Glossary.command(firstLineOf: text) else { return nil }
    guard let word = Self.allCases.first(where: { $0.words.contains(words) }) else { return nil }
    self = word
  }

  private var words: [String] {
    switch self {
    case .accept:
      ["ja", "ja graag", "ik kom", "wij komen", "we komen", "ja ik kom", "ja wij komen", "jawol", "wy komme", "yes"]
    case .decline:
      ["nee", "ik kom niet", "wij komen niet", "we komen niet", "nee ik kom niet", "ne", "wy komme net", "no"]
    case .tentative: ["misschien", "weet ik nog niet", "miskien", "maybe", "perhaps"]
    case .whoComes:
      ["wie komt er", "wie komen er", "wie komt", "wa komt der", "wa komme der", "who comes", "who is coming"]
    }
  }

  /// The word that a mail offers, in the language of its reader.
  package func offered(in language: Language) -> String {
    switch (self, language) {
    case (.accept, .english): "yes"
    case (.accept, _): "ja"
    case (.decline, .english): "no"
    case (.decline, .dutch): "nee"
    case (.decline, .frisian): "nee"
    case (.tentative, .dutch): "misschien"
    case (.tentative, .frisian): "miskien"
    case (.tentative, .english): "maybe"
    case (.whoComes, .dutch): "wie komt er"
    case (.whoComes, .frisian): "wa komt der"
    case (.whoComes, .english): "who is coming"
    }
  }

  var answer: EventAnswer? {
    switch self {
    case .accept: .accepted
    case .decline: .declined
    case .tentative: .tentative
    case .whoComes: nil
    }
  }
}
