import Transport

/// What a server offers by EHLO (RFC 5321, section 4.1.1.1), as far as it matters here.
struct SMTPExtensions: OptionSet, Hashable {
  let rawValue: Int
  /// RFC 4954. The old form `AUTH=LOGIN` is none.
  static let login = Self(rawValue: 1)
  /// RFC 2920.
  static let pipelining = Self(rawValue: 2)
  /// RFC 1870.
  static let size = Self(rawValue: 4)
  /// RFC 6531.
  static let smtpUTF8 = Self(rawValue: 8)

  private static let keywords = ["AUTH": login, "PIPELINING": pipelining, "SIZE": size, "SMTPUTF8": smtpUTF8]

  /// By one line of the answer.
  init(line: SMTPReplyLine) {
    self = line.text.split(separator: " ").first.flatMap { Self.keywords[$0.uppercased()] } ?? []
  }

  init(rawValue: Int) { self.rawValue = rawValue }
}

/// Follows what libcurl and the server say to each other until we are logged in, as far as the verdict needs it: which
/// command was the last, and what the server answered to it. Sees lines only, no sockets.
struct SMTPOpening {
  enum Command: Hashable {
    /// Nothing was sent yet: the server speaks first.
    case greeting
    case hello, startTLS, login, other
  }

  private(set) var command = Command.greeting
  /// The answer to `command`, once its last line was read.
  private(set) var reply: SMTPReply?
  /// Of the last EHLO: what a server says before TLS does not count after it (RFC 3207, section 4.2).
  private(set) var extensions: SMTPExtensions = []
  private(set) var hasLoggedIn = false
  /// Why libcurl must be told to stop.
  private(set) var failure: TransportError?

  private let security: TransportSecurity
  private var isSecure: Bool
  private var reader: SMTPReplyReader

  init(security: TransportSecurity, limits: SubmissionLimits) {
    self.security = security
    isSecure = security == .implicitTLS
    reader = SMTPReplyReader(limits: limits)
  }

  /// Whether the server will take mail from us. On loopback without a login where the account says so.
  var isDone: Bool { failure == nil && (security == .plain || hasLoggedIn) }

  /// What the client wrote: one command line, or a line of the exchange that follows AUTH (RFC 4954, section 4).
  mutating func sent(_ line: some Collection<UInt8>) {
    let text = String(decoding: line.prefix(10), as: UTF8.self)
    if let verb = Self.verbs.first(where: { text.hasPrefix($0.0) }) {
      command = verb.1
    } else if command != .login {
      command = .other
    }
    if command == .hello { extensions = [] }
    reply = nil
    reader.forget()
  }

  /// A line that the server sent, with its line end. False where libcurl must stop: see `failure`.
  mutating func received(_ bytes: some Collection<UInt8>) -> Bool {
    if command == .hello, let line = SMTPReplyLine(bytes) { extensions.formUnion(SMTPExtensions(line: line)) }
    do throws(TransportError) {
      if let reply = try reader.add(bytes) { try ended(reply) }
    } catch { failure = error }
    return failure == nil
  }

  private mutating func ended(_ reply: SMTPReply) throws(TransportError) {
    self.reply = reply
    guard reply.isAccepted else { return }
    switch command {
    case .startTLS: isSecure = true
    case .login: hasLoggedIn = true
    case .hello where isSecure && !extensions.contains(.login):
      // libcurl would go on without one.
      throw TransportError(.authentication, "The SMTP server offers no login")
    default: break
    }
  }

  private static let verbs: [(String, Command)] = [
    ("EHLO ", .hello), ("HELO ", .hello), ("STARTTLS\r\n", .startTLS), ("AUTH ", .login),
  ]
}
