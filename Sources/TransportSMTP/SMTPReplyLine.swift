import Transport

/// One line of a reply: `250-text`, `250 text` or `250` (RFC 5321, section 4.2.1), its enhanced code apart.
struct SMTPReplyLine: Hashable {
  let code: Int
  let isLast: Bool
  let enhancedStatusCode: String?
  let text: String

  /// Nil where the line is no reply line.
  init?(_ bytes: some Collection<UInt8>) {
    let line = Array(bytes.prefix { $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") })
    guard line.count >= 3, line.prefix(3).allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    let separator = line.count > 3 ? line[3] : UInt8(ascii: " ")
    guard separator == UInt8(ascii: " ") || separator == UInt8(ascii: "-") else { return nil }
    code = line.prefix(3).reduce(0) { $0 * 10 + Int($1 - 0x30) }
    isLast = separator == UInt8(ascii: " ")
    let rest = line.dropFirst(4).map { $0 < 0x20 || $0 == 0x7F ? 0x20 : $0 }
    let words = rest.split(separator: 0x20, maxSplits: 1, omittingEmptySubsequences: false)
    if let first = words.first, Self.isEnhancedStatusCode(first, of: code) {
      enhancedStatusCode = String(decoding: first, as: UTF8.self)
      text = words.count > 1 ? String(decoding: words[1], as: UTF8.self) : ""
    } else {
      enhancedStatusCode = nil
      text = String(decoding: rest, as: UTF8.self)
    }
  }

  /// `class.subject.detail` of RFC 3463, section 2, whose class is the first digit of the code.
  private static func isEnhancedStatusCode(_ word: some Collection<UInt8>, of code: Int) -> Bool {
    let parts = word.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, parts.allSatisfy({ (1...3).contains($0.count) }) else { return false }
    guard parts.allSatisfy({ $0.allSatisfy { (0x30...0x39).contains($0) } }) else { return false }
    return Array(parts[0]) == Array(String(code / 100).utf8)
  }
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
