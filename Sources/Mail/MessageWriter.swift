import Foundation

/// Writes a message, all of it in CRLF lines. Header, multiparts and content are put together here, for mail to many is
/// little else; names that need encoding, and the headers of files, are GMime's. Nothing is made up (boundaries, ids,
/// dates), so that the same message gives the same octets.
struct MessageWriter: ~Copyable {
  private let message: OutgoingMessage
  private let gmime = GMimeWriter()
  private var octets: [UInt8] = []

  init(_ message: OutgoingMessage) { self.message = message }

  consuming func written() -> Data {
    let size =
      message.text.encodedSize + (message.html?.encodedSize ?? 0) + (message.calendar?.text.utf8.count ?? 0) * 2
    octets.reserveCapacity(4_096 + size + message.attachments.reduce(0) { $0 + $1.data.count * 3 / 2 })
    writeHeader()
    write(body)
    return Data(octets)
  }

  // MARK: Header

  private mutating func writeHeader() {
    write("From", mailboxes([message.from]))
    write("To", mailboxes(message.to))
    if let replyTo = message.replyTo { write("Reply-To", mailboxes([replyTo])) }
    write("Subject", text(message.subject, name: "Subject"))
    write("Date", InternetDate.string(message.date, in: message.timeZone))
    write("Message-ID", HeaderText.ids([message.messageID]))
    if let parent = message.inReplyTo { write("In-Reply-To", HeaderText.ids([parent])) }
    if !message.references.isEmpty { write("References", HeaderText.ids(message.references)) }
    for field in message.extraFields where HeaderText.isName(field.name) {
      write(field.name, text(field.value, name: field.name))
    }
    write("MIME-Version", "1.0")
  }

  /// The value is final: encoded and folded, with LF for the break.
  private mutating func write(_ name: String, _ value: String) {
    octets += name.utf8
    octets += ": ".utf8
    writeLines(value)
    octets += Octet.lineEnd
  }

  /// An address list, names as encoded words (RFC 2047) where they need it.
  private func mailboxes(_ addresses: [NamedAddress]) -> String {
    var texts = ""
    for mailbox in addresses {
      if !texts.isEmpty { texts += ", " }
      let name = mailbox.name?.unfolded ?? ""
      if !name.isEmpty, let phrase = HeaderText.phrase(name) ?? gmime.phrase(name) {
        texts += "\(phrase) <\(mailbox.address)>"
      } else {
        texts += "\(mailbox.address)"
      }
    }
    return HeaderText.folded(texts, after: 8)
  }

  /// Free text as encoded words where it needs them (RFC 2047); ASCII, structured or not, as it is.
  private func text(_ value: String, name: String) -> String {
    let line = value.unfolded
    return HeaderText.folded(
      HeaderText.needsEncoding(line) ? gmime.text(line).unfolded : line, after: name.utf8.count + 2)
  }

  // MARK: Body

  private indirect enum Body {
    case text(BodyText, subtype: String, method: String? = nil)
    case file(OutgoingAttachment)
    case multipart(String, [Body])
  }

  /// `multipart/mixed` around `multipart/alternative` around `multipart/related`, each only where there is need.
  private var body: Body {
    let inline = message.html == nil ? [] : message.attachments.filter { $0.contentID != nil }
    let files = message.attachments.filter { message.html == nil || $0.contentID == nil }
    var body: Body = .text(message.text, subtype: "plain")
    let calendar = message.calendar.map { [Body.text(BodyText($0.text), subtype: "calendar", method: $0.method)] } ?? []
    if let html = message.html {
      let page = Body.text(html, subtype: "html")
      body = .multipart(
        "alternative", [body, inline.isEmpty ? page : .multipart("related", [page] + inline.map(Body.file))] + calendar)
    } else if !calendar.isEmpty {
      body = .multipart("alternative", [body] + calendar)
    }
    if !files.isEmpty { body = .multipart("mixed", [body] + files.map(Body.file)) }
    return body
  }

  private mutating func write(_ body: Body) {
    switch body {
    case .text(let text, let subtype, let method): write(text, subtype: subtype, method: method)
    case .file(let file):
      octets += gmime.header(of: file)
      writeBase64(file.data)
    case .multipart(let subtype, let bodies):
      let boundary = boundary(subtype)
      octets += "Content-Type: multipart/\(subtype); boundary=\"\(boundary)\"\r\n".utf8
      for body in bodies {
        octets += "\r\n--\(boundary)\r\n".utf8
        write(body)
      }
      octets += "\r\n--\(boundary)--\r\n".utf8
    }
  }

  /// `=_` stands in no quoted-printable or base64 body (RFC 2045, section 6.7), and text that holds it is encoded so.
  private func boundary(_ subtype: String) -> String {
    // FNV-1a, 64 bits: short and the same in every process, unlike Swift's Hasher.
    let hash = "\(message.messageID) \(subtype)".utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    return "=_\(subtype.prefix(1))\(String(hash, radix: 36))"
  }

  /// - Parameter method: of a calendar part (RFC 6047, section 2.4).
  private mutating func write(_ text: BodyText, subtype: String, method: String?) {
    let method = method.map { "; method=\($0)" } ?? ""
    octets += "Content-Type: text/\(subtype); charset=utf-8\(method)\r\n".utf8
    // What is shared is not looked at again.
    if text.isQuotedPrintable {
      writeEncoding(.quotedPrintable)
      writeQuotedPrintable(text)
      return
    }
    var lines = text.string.withLineFeeds
    let encoding = TransferEncoding(for: lines.withUTF8(TextTraits.init))
    writeEncoding(encoding)
    switch encoding {
    case .sevenBit: writeLines(lines)
    case .quotedPrintable: writeQuotedPrintable(BodyText(lines))
    case .base64:
      // The line breaks of text are CRLF (RFC 2046, section 4.1.1).
      writeBase64(Data(lines.replacing("\n", with: "\r\n").utf8))
    }
  }

  /// The last field of a part's header.
  private mutating func writeEncoding(_ encoding: TransferEncoding) {
    octets += "Content-Transfer-Encoding: \(encoding.rawValue)\r\n\r\n".utf8
  }

  /// RFC 2045, section 6.8. Some lines at a time: of a large file the whole would be made once more beside it.
  private mutating func writeBase64(_ content: Data) {
    var rest = content[...]
    while !rest.isEmpty {
      // 57 octets make a line of 76.
      octets += rest.prefix(57 * 1_024).base64EncodedData(options: [
        .lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed,
      ])
      octets += Octet.lineEnd
      rest = rest.dropFirst(57 * 1_024)
    }
  }

  /// Text with LF for line ends.
  private mutating func writeLines(_ text: String) {
    var text = text
    text.withUTF8 { text in
      var start = 0
      while let place = UnsafeRawBufferPointer(text).firstLineFeed(from: start) {
        octets.append(text, start..<place)
        octets += Octet.lineEnd
        start = place + 1
      }
      octets.append(text, start..<text.count)
    }
  }

  /// A final line end is added where it is missing.
  private mutating func writeQuotedPrintable(_ text: BodyText) {
    var column = 0
    for piece in text.pieces {
      switch piece {
      // No line begins for what is empty.
      case .shared(let words) where words.text.isEmpty: continue
      case .shared(let words):
        // It is encoded as from the beginning of a line.
        if column > 0 { octets += QuotedPrintable.softLineEnd }
        octets += words.quoted.octets
        column = words.quoted.column
      case .own(let words): writeQuotedPrintable(words.withLineFeedsOnly, &column)
      }
    }
    if column > 0 { writeQuotedPrintable("\n", &column) }
  }

  private mutating func writeQuotedPrintable(_ text: String, _ column: inout Int) {
    // A blank at the end of a line would be lost.
    if column > 0, text.utf8.first == Octet.lineFeed, octets.last == Octet.space || octets.last == Octet.tab {
      octets += QuotedPrintable.softLineEnd
      column = 0
    }
    var text = text
    let lines = text.withUTF8 { QuotedPrintable.encoded($0, from: column) }
    octets += lines.octets
    column = lines.column
  }
}

private enum Octet {
  static let tab: UInt8 = 0x09
  static let lineFeed: UInt8 = 0x0A
  static let space: UInt8 = 0x20
  static let lineEnd: [UInt8] = [0x0D, 0x0A]
}

extension [UInt8] {
  fileprivate mutating func append(_ octets: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    // As one block, which a slice is not.
    append(contentsOf: UnsafeBufferPointer(rebasing: octets[range]))
  }
}
