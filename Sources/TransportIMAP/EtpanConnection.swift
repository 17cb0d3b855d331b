import CLibetpan
import Foundation
import Transport

/// Owns one libetpan session and calls it: each method is one blocking exchange and says what went wrong as a
/// `TransportError`. After a broken exchange the stream is closed and everything throws. Not for two threads at once.
final class EtpanConnection {
  let session: UnsafeMutablePointer<mailimap>
  private let silence: Duration
  /// Clocks differ by a little: libetpan's `poll` counts milliseconds, ours nanoseconds.
  static let clockTolerance: Duration = .milliseconds(50)

  /// Takes the stream over; `readGreeting` or `continueAfterSTARTTLS` comes next, once it is verified.
  init(_ stream: UnsafeMutablePointer<mailstream>, silence: Duration) throws(TransportError) {
    guard let session = mailimap_new(0, nil) else {
      mailstream_close(stream)
      throw TransportError(.network, "no memory for a session")
    }
    self.session = session
    self.silence = silence
    session.pointee.imap_stream = stream
    mailimap_set_timeout(session, silence.wholeSeconds)
  }

  deinit {
    hangUp()
    mailimap_free(session)
  }

  /// Closes without a word. `mailimap_free` would say LOGOUT and wait if the stream were still there.
  func hangUp() {
    guard let stream = session.pointee.imap_stream else { return }
    session.pointee.imap_stream = nil
    mailstream_close(stream)
  }

  var descriptor: Int32 { session.pointee.imap_stream == nil ? -1 : mailimap_idle_get_fd(session) }

  // MARK: - Before login

  func readGreeting() throws(TransportError) {
    let stream = session.pointee.imap_stream
    // 2 is success here: MAILIMAP_NO_ERROR_NON_AUTHENTICATED.
    let greeted = try attempt("the greeting", accepting: MAILIMAP_NO_ERROR_NON_AUTHENTICATED) {
      mailimap_connect($0, stream)
    }
    guard greeted else { throw broken(.protocolViolation, "the server turned the connection away") }
  }

  /// A server greets once, before STARTTLS (RFC 3501, section 6.2.1), and that greeting was read outside libetpan.
  func continueAfterSTARTTLS() {
    session.pointee.imap_connection_info = mailimap_connection_info_new()
    session.pointee.imap_state = Int32(MAILIMAP_STATE_NON_AUTHENTICATED)
  }

  /// Asks anew. Not by `mailimap_capability`, which copies the answer and crashes where the server gave none.
  func readCapabilities() throws(TransportError) {
    try command("CAPABILITY") { mailimap_custom_command($0, "CAPABILITY") }
  }

  func has(_ capability: String) -> Bool { mailimap_has_extension(session, capability) == 1 }

  /// LOGIN, or AUTHENTICATE PLAIN (RFC 4616) with an initial response (RFC 4959) where LOGIN is disabled or cannot
  /// carry the characters.
  func login(user: String, password: String) throws(TransportError) {
    let bytes = Array(user.utf8) + Array(password.utf8)
    guard !bytes.contains(where: { $0 == 0 || $0 == 10 || $0 == 13 }) else {
      throw TransportError(.authentication, "user name or password with a line end or NUL")
    }
    let isPlain = mailimap_has_authentication(session, "PLAIN") == 1 && has("SASL-IR")
    let isAccepted: Bool
    if !has("LOGINDISABLED") && (!isPlain || bytes.allSatisfy { $0 < 0x80 }) {
      isAccepted = try attempt("LOGIN") { mailimap_login($0, user, password) }
    } else if isPlain {
      let response = Data("\0\(user)\0\(password)".utf8).base64EncodedString()
      isAccepted = try attempt("AUTHENTICATE") { mailimap_custom_command($0, "AUTHENTICATE PLAIN \(response)") }
      if isAccepted { session.pointee.imap_state = Int32(MAILIMAP_STATE_AUTHENTICATED) }
    } else {
      throw TransportError(.authentication, "the server offers neither LOGIN nor AUTHENTICATE PLAIN with SASL-IR")
    }
    guard !isAccepted else { return }
    guard !isTemporaryRefusal else { throw TransportError(.refused, "the server cannot log in now") }
    // The server's own words stay out: they may repeat what was sent.
    throw TransportError(.authentication, "the server refused the user name or password")
  }

  // MARK: - Exchanges

  /// One exchange that the server must grant.
  func command(
    _ name: String, refusal: TransportError.Kind = .protocolViolation, _ call: (UnsafeMutablePointer<mailimap>) -> Int32
  ) throws(TransportError) {
    guard try attempt(name, call) else { throw refused(name, refusal) }
  }

  /// One exchange; false where the server answered NO, which leaves the session usable.
  func attempt(
    _ name: String, accepting success: Int = MAILIMAP_NO_ERROR, _ call: (UnsafeMutablePointer<mailimap>) -> Int32
  ) throws(TransportError) -> Bool {
    guard session.pointee.imap_stream != nil else { throw TransportError(.network, "the session has ended") }
    let start = ContinuousClock.now
    switch Int(call(session)) {
    case success: return true
    case MAILIMAP_ERROR_STREAM: throw streamFailure(name, after: ContinuousClock.now - start)
    case MAILIMAP_ERROR_BAD_STATE, MAILIMAP_ERROR_PARSE, MAILIMAP_ERROR_FATAL, MAILIMAP_ERROR_PROTOCOL,
      MAILIMAP_ERROR_INVAL, MAILIMAP_NO_ERROR_AUTHENTICATED:
      throw broken(.protocolViolation, "\(name): the server's answer is not IMAP, or not to this")
    case MAILIMAP_ERROR_MEMORY: throw broken(.network, "\(name): no memory for the server's answer")
    default: return false
    }
  }

  /// What a NO means, by its response code: RFC 5530 and RFC 3501, section 7.1.
  func refused(_ name: String, _ kind: TransportError.Kind) -> TransportError {
    let text = session.pointee.imap_response.map { String(cString: $0) } ?? ""
    let printable = String(
      String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
    return TransportError(isTemporaryRefusal ? .refused : kind, "\(name) was refused: \(printable.prefix(200))")
  }

  private var isTemporaryRefusal: Bool {
    guard let code = session.pointee.imap_response_info?.pointee.rsp_atom else { return false }
    return ["UNAVAILABLE", "INUSE", "SERVERBUG", "LIMIT"].contains(String(cString: code).uppercased())
  }

  /// Closes the stream for good and gives the error to throw.
  func broken(_ kind: TransportError.Kind, _ message: String) -> TransportError {
    hangUp()
    return TransportError(kind, message)
  }

  /// libetpan says "stream" both for a silent and for a dead peer. Silent is: the whole time passed and the socket has
  /// neither data nor an end to report.
  func streamFailure(_ name: String, after elapsed: Duration) -> TransportError {
    var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let isSilent = elapsed >= silence - Self.clockTolerance && poll(&polled, 1, 0) == 0
    return isSilent
      ? broken(.timeout, "\(name): the server is silent") : broken(.network, "\(name): the connection ended")
  }
}
