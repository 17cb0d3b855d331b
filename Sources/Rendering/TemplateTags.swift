import Foundation
import School

/// The tags of a template: what it names must exist, since Mustache shows nothing for an unknown name.
enum TemplateTags {
  /// Each with its line, as `12: {{nmae}} …`.
  static func problems(in text: String, parts: Set<String>) -> [String] {
    var problems: [String] = []
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      for tag in TemplateTag.all(in: line) {
        let name = tag.name
        switch tag.sign {
        case "!", "%", "$", "/": continue
        case ">", "<":
          if !parts.contains(name) { problems.append("\(number + 1): there is no part \(name)") }
        default:
          let unknown = name.split(separator: ".").first { !NoticeModel.names.contains(String($0)) }
          if let unknown {
            problems.append("\(number + 1): {{\(name)}} names \(unknown), which no mail has")
          } else if tag.isUnescaped, !name.hasSuffix("textHTML"), !name.hasSuffix("svg") {
            problems.append(
              "\(number + 1): {{{\(name)}}} would not be escaped: only textHTML and svg are safe in three braces")
          }
        }
      }
    }
    return problems
  }
}

/// One tag: `{{name}}`, `{{{name}}}`, `{{#name}}`.
private struct TemplateTag {
  /// `{{{name}}}` or `{{&name}}`.
  let isUnescaped: Bool
  /// `#`, `/`, …; nil for a value.
  let sign: Character?
  let name: String

  /// Read by octets: at each start the files of all languages are, for which a regular expression takes longer than
  /// all else of it.
  static func all(in line: Substring) -> [TemplateTag] {
    let pieces = line.utf8.split(separator: UInt8(ascii: "}"), omittingEmptySubsequences: false)
    // Two braces end a tag: nothing stands between them.
    return zip(pieces, pieces.dropFirst().dropLast()).compactMap { piece, next in
      next.isEmpty ? TemplateTag(endOf: piece) : nil
    }
  }

  /// Nil where no tag begins in it.
  private init?(endOf piece: Substring.UTF8View) {
    let brace = UInt8(ascii: "{")
    var rest = piece.drop { $0 != brace }
    while !rest.isEmpty, rest.dropFirst().first != brace { rest = rest.dropFirst().drop { $0 != brace } }
    guard !rest.isEmpty else { return nil }
    rest = rest.dropFirst(2)
    let isInThree = rest.first == brace
    if isInThree { rest = rest.dropFirst() }
    rest = rest.drop { $0 == 0x20 || $0 == 0x09 }
    let first = rest.first.map { Character(UnicodeScalar($0)) }
    sign = first.flatMap { "#^/&><$!%".contains($0) ? $0 : nil }
    isUnescaped = isInThree || sign == "&"
    if sign != nil { rest = rest.dropFirst() }
    name = String(Substring(rest)).trimmingCharacters(in: .whitespaces)
  }
}
