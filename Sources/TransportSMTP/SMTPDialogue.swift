import Transport

/// Follows what client and server say to each other during one transfer, as far as the verdict needs it: which command
/// was the last, and what the server answered to it (RFC 5321, sections 4.1 and 4.2). Sees lines only, no sockets.
struct SMTPDialogue {
  enum Command: Hashable {
    /// Nothing was sent yet: the server speaks first.
    case greeting
    case hello, startTLS, login, mail, recipient, data, other
  }

  /// Why libcurl must be told to stop.
  enum Refusal: Hashable {
    /// libcurl goes on without a login where the server offers none.
    case noLoginOffered
    /// One reply crossed `replyOctets`.
    case replyTooLong
  }

  private(set) var command = Command.greeting
  /// The answer to `command`, once its last line was read.
  private(set) var reply: SMTPReply?
  private(set) var hasLoggedIn = false
  private(set) var refusal: Refusal?

  private let limits: SubmissionLimits
  private var isSecure: Bool
  private var hasQuit = false
  private var offersLogin = false
  private var lines: [SMTPReplyLine] = []
  private var octets = 0
  private var keptOctets = 0

  init(security: TransportSecurity, limits: SubmissionLimits) {
    self.isSecure = security == .implicitTLS
    self.limits = limits
  }

  /// What the client wrote: one command line, or a line of the exchange that follows AUTH (RFC 4954, section 4).
  mutating func sent(_ line: some Collection<UInt8>) {
    guard !hasQuit else { return }
    let text = String(decoding: line.prefix(10), as: UTF8.self)
    if text.hasPrefix("QUIT\r\n") {
      // libcurl quits after a refusal by itself; the refusal remains the last word.
      hasQuit = true
      return
    }
    if let verb = Self.verbs.first(where: { text.hasPrefix($0.0) }) {
      command = verb.1
    } else if command != .login {
      command = .other
    }
    reply = nil
    offersLogin = false
    forgetLines()
  }

  /// A line that the server sent, with its line end. False where the transfer must stop: see `refusal`.
  mutating func received(_ bytes: some Collection<UInt8>) -> Bool {
    guard !hasQuit else { return true }
    octets += bytes.count
    guard octets <= limits.replyOctets else {
      refusal = .replyTooLong
      return false
    }
    guard let line = SMTPReplyLine(bytes) else { return true }
    if command == .hello, line.isKeyword("AUTH") { offersLogin = true }
    keptOctets += line.text.utf8.count
    if line.isLast || keptOctets <= limits.replyTextOctets { lines.append(line) }
    return line.isLast ? ended(line) : true
  }

  private mutating func ended(_ line: SMTPReplyLine) -> Bool {
    let reply = SMTPReply(lines: lines, limit: limits.replyTextOctets)
    self.reply = reply
    forgetLines()
    switch command {
    case .startTLS where reply.isAccepted: isSecure = true
    case .login where reply.isAccepted: hasLoggedIn = true
    case .hello where reply.isAccepted && isSecure && !offersLogin:
      refusal = .noLoginOffered
      return false
    default: break
    }
    return true
  }

  private static let verbs: [(String, Command)] = [
    ("EHLO ", .hello), ("HELO ", .hello), ("STARTTLS\r\n", .startTLS), ("AUTH ", .login), ("MAIL FROM:", .mail),
    ("RCPT TO:", .recipient), ("DATA\r\n", .data),
  ]

  private mutating func forgetLines() {
    lines = []
    octets = 0
    keptOctets = 0
  }
}

/// One line of a reply: `250-text`, `250 text` or `250` (RFC 5321, section 4.2.1), its enhanced code apart.
struct SMTPReplyLine: Hashable {
  let code: Int
  let isLast: Bool
  let enhancedStatusCode: String?
  let text: String

  /// Nil where the line is no reply line; libcurl skips those too.
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

  /// Whether an EHLO line names this extension (RFC 5321, section 4.1.1.1); the old form `AUTH=LOGIN` is none.
  func isKeyword(_ keyword: String) -> Bool {
    text.split(separator: " ").first?.uppercased() == keyword
  }

  /// `class.subject.detail` of RFC 3463, section 2, whose class is the first digit of the code.
  private static func isEnhancedStatusCode(_ word: some Collection<UInt8>, of code: Int) -> Bool {
    let parts = word.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, parts.allSatisfy({ (1...3).contains($0.count) }) else { return false }
    guard parts.allSatisfy({ $0.allSatisfy { (0x30...0x39).contains($0) } }) else { return false }
    return Array(parts[0]) == Array(String(code / 100).utf8)
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
}
