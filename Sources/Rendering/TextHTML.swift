import Foundation

/// Text that somebody wrote, as HTML: paragraphs and lines as they were, web and mail addresses as links, everything
/// else escaped.
enum TextHTML {
  /// The longest address that becomes a link, in characters.
  static let longestLink = 2_000

  static func of(_ text: String) -> String {
    let lines = text.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
    let paragraphs = lines.split { $0.allSatisfy(\.isWhitespace) }
    return paragraphs.map { "<p>\($0.map(line).joined(separator: "<br>"))</p>" }.joined(separator: "\n")
  }

  private static func line(_ line: Substring) -> String {
    let indent = line.prefix { $0 == " " || $0 == "\t" }.prefix(40)
    var html = String(repeating: "&nbsp;", count: indent.count)
    var rest = line.dropFirst(indent.count)
    while let match = rest.firstMatch(of: /(https?:\/\/|mailto:)[^\s<>"']+/.ignoresCase()) {
      html += escape(rest[..<match.range.lowerBound])
      // Punctuation at the end belongs to the sentence.
      let end = match.0.lastIndex { !".,;:!?)]".contains($0) } ?? match.0.startIndex
      let link = match.0[...end]
      html += link.count <= longestLink ? "<a href=\"\(escape(link))\">\(escape(link))</a>" : escape(link)
      rest = rest[match.0.index(after: end)...]
    }
    return html + escape(rest)
  }

  static func escape(_ text: some StringProtocol) -> String {
    var result = ""
    for character in text.unicodeScalars {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(character)
      }
    }
    return result
  }
}
