import Foundation

extension MailMessage {
  /// The main body as plain text: charset decoded, `format=flowed` joined. Nil where the message has none (HTML only).
  package var plainText: String? {
    let pieces = bodyPieces
    guard pieces.contains(where: { $0.plain != nil }) else { return nil }
    return pieces.map { $0.plain ?? $0.html.map { HTMLTree($0).text } ?? "" }.joined(separator: "\n")
  }

  /// The main body as HTML, as the sender wrote it: never to be shown without sanitising. Nil where there is none.
  package var html: String? {
    let pieces = bodyPieces
    guard pieces.contains(where: { $0.html != nil }) else { return nil }
    return pieces.map { $0.html ?? $0.plain.map(Self.markup) ?? "" }.joined(separator: "\n")
  }

  /// The body as a person sees it: the plain text, or else the HTML made readable; empty where there is neither. Its
  /// lines end with LF.
  package var readableText: String { (plainText ?? html.map { HTMLTree($0).text } ?? "").withLineFeedsOnly }

  /// All files that came with the message; those of attached messages are theirs.
  package var attachments: [Attachment] {
    var files: [Attachment] = []
    // Most mails have no part that could be shown.
    lazy var shown = Self.contentIDs(in: html ?? "")
    var waiting = [root]
    while let part = waiting.popLast() {
      switch part.content {
      case .multipart(let parts): waiting.append(contentsOf: parts.reversed())
      case .message: break
      case .data(let data):
        guard part.isFile || !part.isBodyText else { continue }
        let isShown = part.contentID.map { shown.contains($0) } ?? false
        files.append(
          Attachment(
            fileName: part.fileName ?? "attachment.\(FileName.ending(of: part.contentType))",
            mediaType: part.contentType.mediaType, contentID: part.contentID,
            isInline: isShown || part.disposition == .inline, isShown: isShown, data: data))
      }
    }
    return files
  }

  /// Messages attached as `message/rfc822`, not those attached to them.
  package var attachedMessages: [MailMessage] {
    var messages: [MailMessage] = []
    var waiting = [root]
    while let part = waiting.popLast() {
      if case .message(let message) = part.content { messages.append(message) }
      if case .multipart(let parts) = part.content { waiting.append(contentsOf: parts.reversed()) }
    }
    return messages
  }

  /// Of the parts that a page shows: what stands behind `cid:` (RFC 2392).
  private static func contentIDs(in html: String) -> Set<String> {
    let octets = html.utf8
    var ids: Set<String> = []
    var place = octets.startIndex
    while let colon = octets[place...].firstIndex(of: UInt8(ascii: ":")) {
      place = octets.index(after: colon)
      guard octets[..<colon].suffix(3).map(\.lowered) == Array("cid".utf8) else { continue }
      let id =
        String(octets[place...].prefix(longestContentID).prefix { $0 > 0x20 && !#""'<>)"#.utf8.contains($0) }) ?? ""
      // What stands in one is no other.
      place = octets.index(place, offsetBy: id.utf8.count)
      ids.insert(id)
      if id.contains("%") { ids.insert(id.removingPercentEncoding ?? id) }
    }
    return ids
  }

  /// In octets: no line of a header is longer (RFC 5322, section 2.1.1).
  private static let longestContentID = 998

  private static func markup(_ text: String) -> String {
    let escaped = text.map { character -> String in
      switch character {
      case "<": "&lt;"
      case ">": "&gt;"
      case "&": "&amp;"
      default: character.isNewline ? "<br>\n" : String(character)
      }
    }
    return "<div>\(escaped.joined())</div>"
  }

  /// One stretch of the body, in one or two forms.
  struct BodyPiece {
    var plain: String?
    var html: String?
  }

  var bodyPieces: [BodyPiece] {
    let pieces = root.bodyPieces
    if pieces.contains(where: { !($0.plain ?? $0.html ?? "").trimmed.isEmpty }) { return pieces }
    // Exchange writes the text beside winmail.dat; where it did not, the text within is all there is.
    let within = root.allParts.lazy.filter { TNEF.mediaTypes.contains($0.contentType.mediaType) }.first
    let inner = within?.children.filter { !$0.isFile }.flatMap(\.bodyPieces) ?? []
    guard !inner.isEmpty else { return pieces }
    return [BodyPiece(plain: inner.lazy.compactMap(\.plain).first, html: inner.lazy.compactMap(\.html).first)]
  }
}

extension MIMEPart {
  var isFile: Bool {
    disposition == .attachment || fileName != nil && disposition != .inline || fileName != nil && !isBodyText
  }

  /// Whether text of this type is meant to be read as the message.
  var isBodyText: Bool {
    contentType.type == "text" && ["plain", "html", "enriched", "x-plain", "markdown"].contains(contentType.subtype)
  }

  /// The stretches of text that make the message (RFC 2046, section 5.1), in reading order.
  var bodyPieces: [MailMessage.BodyPiece] {
    switch content {
    case .message: return []
    case .data:
      guard isBodyText, !isFile, let text else { return [] }
      return [contentType.subtype == "html" ? .init(html: text) : .init(plain: text)]
    case .multipart(let parts):
      switch contentType.subtype {
      case "alternative":
        let pieces = parts.map(\.bodyPieces)
        let plain = pieces.compactMap { $0.joined(\.plain) }.first
        let html = pieces.compactMap { $0.joined(\.html) }.last
        return plain == nil && html == nil ? [] : [.init(plain: plain, html: html)]
      case "related":
        // RFC 2387, section 3.1: the root is the first part, or what `start` names.
        let start = contentType.parameters["start"].flatMap { MessageIDs.read($0).first }
        let rootPart = parts.first { $0.contentID != nil && $0.contentID == start } ?? parts.first
        return rootPart?.bodyPieces ?? []
      case "signed", "report": return parts.first?.bodyPieces ?? []
      case "encrypted", "digest", "ms-tnef", "vnd.ms-tnef": return []
      default: return parts.flatMap(\.bodyPieces)
      }
    }
  }
}

extension [MailMessage.BodyPiece] {
  fileprivate func joined(_ form: (MailMessage.BodyPiece) -> String?) -> String? {
    let texts = compactMap(form)
    return texts.isEmpty ? nil : texts.joined(separator: "\n")
  }
}

extension MIMEPart {
  /// What a reader sees of an HTML part; nil for all else.
  package var readableHTML: String? {
    contentType.mediaType == "text/html" ? text.map { HTMLTree($0).text } : nil
  }
}
