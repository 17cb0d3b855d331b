import Foundation

/// Text that somebody wrote, as HTML: paragraphs and lines as they were, web and mail addresses as links, everything
/// else escaped.
enum TextHTML {
  /// The longest address that becomes a link, in characters.
  static let longestLink = 2_000

  static func of(_ text: String) -> String {
    let paragraphs = lines(of: text).split { $0.allSatisfy(\.isWhitespace) }
    return paragraphs.map { "<p>\($0.map(line).joined(separator: "<br>"))</p>" }.joined(separator: "\n")
  }

  /// Ended by LF or CRLF; by octets, which is many times as fast as by characters, here and below.
  private static func lines(of text: String) -> [Substring] {
    text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
      Substring($0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0)
    }
  }

  private static func line(_ line: Substring) -> String {
    let indent = line.prefix { $0 == " " || $0 == "\t" }.prefix(40)
    var html = String(repeating: "&nbsp;", count: indent.count)
    var rest = line.dropFirst(indent.count)
    while let match = firstLink(in: rest) {
      html += escape(rest[..<match.startIndex])
      // Punctuation at the end belongs to the sentence.
      let end = match.lastIndex { !".,;:!?)]".contains($0) } ?? match.startIndex
      let link = match[...end]
      html += link.count <= longestLink ? "<a href=\"\(escape(link))\">\(escape(link))</a>" : escape(link)
      rest = rest[match.index(after: end)...]
    }
    return html + escape(rest)
  }

  /// From its scheme to the next space or quote; the scheme alone is none.
  private static func firstLink(in text: Substring) -> Substring? {
    var place = text.startIndex
    while let colon = text.utf8[place...].firstIndex(of: UInt8(ascii: ":")) {
      let after = text.utf8.index(after: colon)
      place = after
      guard let scheme = schemes.first(where: { text[..<after].hasSuffixIgnoringCase($0.name) }),
        text.utf8[after...].starts(with: scheme.next.utf8)
      else { continue }
      let rest = text[after...].dropFirst(scheme.next.count)
      let end = rest.firstIndex { $0.isWhitespace || "<>\"'".contains($0) } ?? rest.endIndex
      if end > rest.startIndex { return text[text.utf8.index(after, offsetBy: -scheme.name.utf8.count)..<end] }
    }
    return nil
  }

  private static let schemes = [(name: "https:", next: "//"), (name: "http:", next: "//"), (name: "mailto:", next: "")]

  static func escape(_ text: some StringProtocol) -> String {
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count + 64)
    for octet in text.utf8 {
      switch octet {
      case UInt8(ascii: "&"): result += "&amp;".utf8
      case UInt8(ascii: "<"): result += "&lt;".utf8
      case UInt8(ascii: ">"): result += "&gt;".utf8
      case UInt8(ascii: "\""): result += "&quot;".utf8
      case UInt8(ascii: "'"): result += "&#39;".utf8
      default: result.append(octet)
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

extension Substring {
  fileprivate func hasSuffixIgnoringCase(_ ascii: String) -> Bool {
    utf8.count >= ascii.utf8.count
      && zip(utf8.suffix(ascii.utf8.count), ascii.utf8).allSatisfy { ($0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0) == $1 }
  }
}
