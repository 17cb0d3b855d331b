import Foundation
import School

/// The organiser's table of a help request or poll as a file for spreadsheets.
package struct OfferTable: Sendable, Hashable {
  package var fileName: String
  package var text: String

  /// Nil where the mail tells no counts.
  ///
  /// - Parameter people: the names of those whom the facts name.
  package init?(_ facts: OfferFacts, people: [AccountID: String], language: Language, templates: Templates) {
    guard facts.lines.contains(where: { $0.count != nil }), [.state, .closed].contains(facts.stage) else { return nil }
    let words = templates.render("offer-columns.txt", ["offer": ["poll": facts.kind == .poll]], language)
      .split(separator: "\n").map(String.init)
    guard words.count == 9 else { return nil }
    fileName = words[0]
    let isHelp = facts.kind == .help
    let hasNames = facts.lines.contains { $0.people != nil }
    var rows = [Array(words[1...3]) + (hasNames ? [words[4]] + (isHelp ? [words[5]] : []) + [words[6]] : [])]
    for (place, line) in facts.lines.enumerated() {
      let start = ["\(place + 1)", line.text, "\(isHelp ? line.places ?? 0 : line.count ?? 0)"]
      for person in line.people ?? [] {
        let standing = person.rank == 0 ? words[7] : "\(words[8]) \(person.rank)"
        rows.append(
          start + [people[person.account] ?? "…"] + (isHelp ? [standing] : []) + [person.note ?? ""])
      }
      if line.people?.isEmpty ?? true {
        rows.append(start + (hasNames ? [String](repeating: "", count: isHelp ? 3 : 2) : []))
      }
    }
    text = CSVText.of(rows)
  }
}

/// Rows as spreadsheets read them here: semicolons (a comma is a decimal sign), CRLF, UTF-8 with its mark, fields in
/// quotation marks where they must be (RFC 4180, section 2).
enum CSVText {
  static func of(_ rows: [[String]]) -> String {
    "\u{FEFF}" + rows.map { $0.map(field).joined(separator: ";") + "\r\n" }.joined()
  }

  /// A field that a spreadsheet would run as a formula gets an apostrophe before it, and stays text.
  static func field(_ text: String) -> String {
    let isFormula = text.unicodeScalars.first.map { "=+-@\t\r\n|%".unicodeScalars.contains($0) } ?? false
    let safe = isFormula ? "'" + text : text
    guard safe.unicodeScalars.contains(where: { ";,\"\r\n\t'".unicodeScalars.contains($0) }) else { return safe }
    return "\"" + safe.replacing("\"", with: "\"\"") + "\""
  }
}
