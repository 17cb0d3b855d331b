/// How letters begin and end, in lower case and without accents.
extension Glossary {
  /// A line that begins so greets.
  static let greetings: Set = [
    "beste", "hoi", "hallo", "dag", "geachte", "goedemorgen", "goedemiddag", "leave", "dei", "goeie", "dear", "hello",
    "hi",
  ]

  /// Whether a line of these words ends a letter: a name follows, and nothing that is asked.
  static func isFarewell(_ words: [String]) -> Bool {
    let line = words.joined(separator: " ")
    return farewells.contains { line == $0 || line.hasPrefix($0 + " ") }
  }

  private static let farewells = [
    "groet", "groeten", "groetjes", "met vriendelijke", "met hartelijke", "vriendelijke", "hartelijke", "mvg", "gr",
    "bedankt", "dank", "alvast", "mei freonlike", "groetnis", "groetenis", "tank", "regards", "kind regards",
    "best regards", "sincerely", "thanks", "thank you",
  ]
}
