import Foundation

extension MailMessage {
  /// Reads any octets as a message. Never fails: `defects` tell what is wrong, and what was left out past a limit.
  package static func parse(_ raw: Data, limits: MIMELimits = .standard) -> MailMessage {
    var reader = GMimeReader(limits: limits)
    var octets = raw
    if octets.count > limits.messageBytes {
      reader.note(.messageTooLong)
      octets = octets.prefix(limits.messageBytes)
    }
    octets = octets.withoutMailboxMarker
    for defect in octets.lineBreakDefects { reader.note(defect) }
    var message = reader.message(octets, depth: 0)
    message.defects = reader.defects
    return message
  }
}

extension MailMessage {
  /// Whether a field stands there twice that may not (RFC 5322, section 3.6). DKIM signs the lowest, and all read the
  /// topmost, which anybody can have put there: no signature proves anything then (RFC 6376, section 8.15).
  package var repeatsField: Bool { defects.contains { $0.kind == .duplicateField } }
}

extension GMimeReader {
  /// The fields of the header that have a meaning of their own (RFC 5322, section 3.6).
  mutating func fill(_ message: inout MailMessage, from header: HeaderFields) {
    for name in ["From", "Sender", "To", "Cc", "Subject", "Date", "Message-ID", "Reply-To"]
    where header.all(name).count > 1 {
      note(.duplicateField, name)
    }
    message.header = header
    message.from = addresses(header.first("From"))
    message.sender = addresses(header.first("Sender")).first
    message.replyTo = addresses(header.first("Reply-To"))
    message.to = header.all("To").flatMap { addresses($0) }
    message.cc = header.all("Cc").flatMap { addresses($0) }
    message.subject = header["Subject"] ?? ""
    message.messageID = header.first("Message-ID").flatMap { MessageIDs.read($0.rawValue).first }
    message.inReplyTo = ids(header.first("In-Reply-To"))
    message.references = ids(header.first("References"))
    message.returnPath = returnPath(header.first("Return-Path"))
    if let date = header.first("Date") {
      message.date = self.date(date.unfoldedValue)
      if message.date == nil { note(.malformedDate) }
    } else {
      note(.missingDate)
    }
    if header.first("From") == nil { note(.missingFrom) }
  }

  private mutating func ids(_ field: HeaderField?) -> [String] {
    guard let field else { return [] }
    let ids = MessageIDs.read(field.rawValue)
    // The last ids name the nearest forebears.
    if ids.count > limits.references { note(.tooManyReferences, field.name) }
    return ids.suffix(limits.references)
  }

  private mutating func returnPath(_ field: HeaderField?) -> MailMessage.ReturnPath? {
    guard let value = field?.unfoldedValue else { return nil }
    if value == "<>" { return .null }
    return addresses(field).first.map { .address($0.address) }
  }
}

/// Message ids (RFC 5322, section 3.6.4) of a field, read leniently.
enum MessageIDs {
  /// The ids between angle brackets; where there are none, the words that hold an `@`. Spaces within an id go.
  static func read(_ value: String) -> [String] {
    var ids: [String] = []
    var rest = value[...]
    while let open = rest.firstIndex(of: "<"), let close = rest[open...].firstIndex(of: ">") {
      let id = rest[rest.index(after: open)..<close].filter { !$0.isWhitespace }
      if !id.isEmpty, id.utf8.count <= 998 { ids.append(id) }
      rest = rest[rest.index(after: close)...]
    }
    guard ids.isEmpty else { return ids }
    return value.split { $0.isWhitespace || $0 == "<" || $0 == ">" }.filter { $0.contains("@") }.map(String.init)
  }
}

extension Data {
  /// Without the "From " line that mailbox files put before a message (RFC 4155), and without empty lines in front.
  var withoutMailboxMarker: Data {
    var start = startIndex
    while start < endIndex, self[start] == 0x0A || self[start] == 0x0D { start += 1 }
    for marker in ["From ", ">From "] where self[start...].starts(with: marker.utf8) {
      guard let end = self[start...].firstIndex(of: 0x0A) else { return self[start...] }
      return self[(end + 1)...]
    }
    // All empty lines: what is left is a message of nothing.
    return start == startIndex ? self : self[start...]
  }

  /// NULs, and line breaks that are not CRLF in a message that has CRLF too (RFC 5322, section 2.3).
  var lineBreakDefects: [MailDefect.Kind] {
    let breaks = withUnsafeBytes(LineBreaks.init)
    return (breaks.hasNUL ? [.nulOctet] : [])
      + (breaks.hasBareCR || breaks.hasBareLF && breaks.hasCRLF ? [.bareLineBreak] : [])
  }
}
