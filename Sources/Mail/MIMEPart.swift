import Foundation

/// `type/subtype; parameters` (RFC 2045, section 5). Type, subtype and names of parameters are in lower case.
package struct ContentType: Sendable, Hashable, CustomStringConvertible {
  package var type: String
  package var subtype: String
  package var parameters: [String: String]

  package init(type: String, subtype: String, parameters: [String: String] = [:]) {
    self.type = type.lowercased()
    self.subtype = subtype.lowercased()
    self.parameters = parameters
  }

  /// Without parameters: `text/plain`.
  package var mediaType: String { "\(type)/\(subtype)" }
  package var description: String { mediaType }
}

/// A part of a message (RFC 2045): a decoded leaf, a container of parts, or an attached message.
package struct MIMEPart: Sendable, Hashable {
  package indirect enum Content: Sendable, Hashable {
    /// The octets, transfer encoding undone.
    case data(Data)
    case multipart([MIMEPart])
    case message(MailMessage)
  }

  /// `Content-Disposition` (RFC 2183); an unknown one counts as attachment (section 2.8).
  package enum Disposition: String, Sendable, Hashable { case inline, attachment }

  package var contentType: ContentType
  package var disposition: Disposition?
  /// A name to show: never a path, never empty, at most 200 characters (RFC 2231 and RFC 2047 decoded).
  package var fileName: String?
  /// Without angle brackets.
  package var contentID: String?
  package var header: HeaderFields
  package var content: Content
  /// A text leaf in Unicode, `format=flowed` joined, at most `MIMELimits.textBytes` of it; nil for all else.
  package var text: String?

  package init(
    contentType: ContentType, disposition: Disposition? = nil, fileName: String? = nil, contentID: String? = nil,
    header: HeaderFields = HeaderFields(), content: Content, text: String? = nil
  ) {
    self.contentType = contentType
    self.disposition = disposition
    self.fileName = fileName
    self.contentID = contentID
    self.header = header
    self.content = content
    self.text = text
  }

  /// The octets of a leaf; nil for containers.
  package var data: Data? {
    if case .data(let data) = content { data } else { nil }
  }

  /// The parts right below; an attached message's root counts as one.
  package var children: [MIMEPart] {
    switch content {
    case .data: []
    case .multipart(let parts): parts
    case .message(let message): [message.root]
    }
  }

  /// This part and all below it in reading order, attached messages' parts included.
  package var allParts: [MIMEPart] { parts(\.children) }

  /// The same without the parts of attached messages: what this message itself is made of.
  package var ownParts: [MIMEPart] {
    parts { part in
      if case .message = part.content { [] } else { part.children }
    }
  }

  private func parts(_ below: (MIMEPart) -> [MIMEPart]) -> [MIMEPart] {
    var parts: [MIMEPart] = []
    var waiting = [self]
    while let part = waiting.popLast() {
      parts.append(part)
      waiting.append(contentsOf: below(part).reversed())
    }
    return parts
  }
}

/// A file that came with a message.
package struct Attachment: Sendable, Hashable {
  /// Safe to show and to offer for download; not a path.
  package let fileName: String
  /// `image/jpeg`, as the sender said.
  package let mediaType: String
  /// Without angle brackets; what `cid:` links of the HTML body name.
  package let contentID: String?
  /// Shown within the text (disposition `inline`, or named by the HTML body).
  package let isInline: Bool
  /// Named by the HTML body (RFC 2392).
  package let isShown: Bool
  package let data: Data

  package init(
    fileName: String, mediaType: String, contentID: String?, isInline: Bool, isShown: Bool = false, data: Data
  ) {
    self.fileName = fileName
    self.mediaType = mediaType
    self.contentID = contentID
    self.isInline = isInline
    self.isShown = isShown
    self.data = data
  }
}
