import Transport

/// One line of a reply: `250-text`, `250 text` or `250` (RFC 5321, section 4.2.1), its enhanced code apart.
struct SMTPReplyLine: Hashable {
  let code: Int
  let isLast: Bool
  let enhancedStatusCode: String?
  let text: String

  /// Nil where the line is no reply line.
  init?(_ bytes: some Collection<UInt8>) {
    let line = bytes.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }
    var (code, digits) = (0, 0)
    for octet in line.prefix(3) {
      guard let digit = octet.asDigit else { return nil }
      (code, digits) = (code * 10 + digit, digits + 1)
    }
    let separator = line.dropFirst(3).first ?? UInt8(ascii: " ")
    guard digits == 3, separator == UInt8(ascii: " ") || separator == UInt8(ascii: "-") else { return nil }
    self.code = code
    isLast = separator == UInt8(ascii: " ")
    let rest = line.dropFirst(4)
    let word = rest.prefix { !$0.isBlank }
    if Self.isEnhancedStatusCode(word, of: code) {
      enhancedStatusCode = String(decoding: word, as: UTF8.self)
      text = Self.text(rest.dropFirst(word.count + 1))
    } else {
      enhancedStatusCode = nil
      text = Self.text(rest)
    }
  }

  /// With blanks for control characters.
  private static func text(_ octets: some Collection<UInt8>) -> String {
    guard octets.contains(where: { $0.isBlank && $0 != 0x20 }) else { return String(decoding: octets, as: UTF8.self) }
    return String(decoding: octets.map { $0.isBlank ? 0x20 : $0 }, as: UTF8.self)
  }

  /// `class.subject.detail` of RFC 3463, section 2, whose class is the first digit of the code.
  private static func isEnhancedStatusCode(_ word: some Collection<UInt8>, of code: Int) -> Bool {
    var (numbers, digits, status) = (1, 0, 0)
    for octet in word {
      if let digit = octet.asDigit, digits < (numbers == 1 ? 1 : 3) {
        digits += 1
        if numbers == 1 { status = digit }
      } else if octet == UInt8(ascii: "."), digits > 0, numbers < 3 {
        (numbers, digits) = (numbers + 1, 0)
      } else {
        return false
      }
    }
    return numbers == 3 && digits > 0 && status == code / 100
  }
}

extension UInt8 {
  /// The value of a digit of ASCII.
  fileprivate var asDigit: Int? { (0x30...0x39).contains(self) ? Int(self) - 0x30 : nil }
  /// Whether it is a space or a control character.
  fileprivate var isBlank: Bool { self <= 0x20 || self == 0x7F }
}

/// Puts the lines that a server sends together to replies.
struct SMTPReplyReader {
  let limits: SubmissionLimits
  private var lines: [SMTPReplyLine] = []
  private var octets = 0
  private var keptOctets = 0

  init(limits: SubmissionLimits) { self.limits = limits }

  /// The reply that this line ends; nil where more of it must come. What is no reply line is skipped.
  ///
  /// Throws `.protocolViolation` where the reply crosses `replyOctets`.
  mutating func add(_ line: some Collection<UInt8>) throws(TransportError) -> SMTPReply? {
    octets += line.count
    guard octets <= limits.replyOctets else {
      throw TransportError(.protocolViolation, "The SMTP server's reply is too long")
    }
    guard let line = SMTPReplyLine(line) else { return nil }
    keptOctets += line.text.utf8.count
    if line.isLast || keptOctets <= limits.replyTextOctets { lines.append(line) }
    guard line.isLast else { return nil }
    defer { forget() }
    return SMTPReply(lines: lines, limit: limits.replyTextOctets)
  }

  /// Begins anew: what came belongs to nothing.
  mutating func forget() {
    lines = []
    octets = 0
    keptOctets = 0
  }
}

extension SMTPReply {
  /// Joins the lines of one reply; the code is the last line's. Text past `limit` octets is cut off.
  init(lines: [SMTPReplyLine], limit: Int) {
    let text = lines.map(\.text).filter { !$0.isEmpty }.joined(separator: " ")
    self.init(
      code: lines.last?.code ?? 0, enhancedStatusCode: lines.lazy.compactMap(\.enhancedStatusCode).first,
      text: text.utf8.count <= limit ? text : String(decoding: text.utf8.prefix(limit), as: UTF8.self))
  }

  var isRefusal: Bool { isTemporary || isPermanent }
}
