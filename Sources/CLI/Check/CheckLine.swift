import Transport

/// One thing that `postplein check` looked at.
struct CheckLine: Sendable, Hashable, Encodable {
  enum Status: String, Sendable, Encodable {
    case ok
    /// It works, but not as the school will want it.
    case warning
    case failed
  }

  var status: Status
  /// `imap`, `store`, …
  var subject: String
  var message: String
  /// What to do.
  var advice: String?
  /// Whether it may be well later without anybody doing anything.
  var isTemporary = false

  static func ok(_ subject: String, _ message: String) -> Self { Self(status: .ok, subject: subject, message: message) }

  static func warning(_ subject: String, _ message: String, advice: String) -> Self {
    Self(status: .warning, subject: subject, message: message, advice: advice)
  }

  static func failed(_ subject: String, _ message: String, advice: String, isTemporary: Bool = false) -> Self {
    Self(status: .failed, subject: subject, message: message, advice: advice, isTemporary: isTemporary)
  }

  /// `FAIL smtp: … → do this`
  var text: String {
    let mark =
      switch status {
      case .ok: "ok  "
      case .warning: "WARN"
      case .failed: "FAIL"
      }
    return "\(mark) \(subject): \(message)" + (advice.map { "\n     → \($0)" } ?? "")
  }
}

extension CheckLine {
  /// What to do about a server that does not let us in.
  static func failed(_ server: String, _ error: TransportError, account: ServerAccount) -> Self {
    let place = "\(account.host):\(account.port)"
    let advice =
      switch error.kind {
      case .network:
        "see that \(place) is right (\(server).host, \(server).port), and that this machine may reach it; try again"
      case .timeout:
        "the server does not answer: see that \(server).port \(account.port) belongs to \(server).security "
          + "\(account.security.rawValue), and that no firewall stands between; try again"
      case .certificate:
        "set \(server).host to a name that the server's certificate carries; for a certificate of your own authority "
          + "give its PEM file as \(server).certificates; an expired one must be renewed at the server"
      case .tls:
        "see that \(server).security is right: \(account.security == .implicitTLS ? "starttls" : "tls") may be what "
          + "port \(account.port) wants; clear text is never used"
      case .authentication:
        "see that \(server).user and its password are right, and that the provider allows passwords for "
          + "\(server.uppercased()) (often an app password, or a switch in the administration)"
      case .protocolViolation:
        "see that \(place) is \(server.uppercased()); the server refused what the protocol allows: ask its administrator"
      case .refused: "the server cannot do this now: try again, or ask its administrator"
      case .notFound: "see that the folder and host name exist: \(server).inbox, \(server).host"
      case .limit: "the server sends more than we take: ask its administrator"
      }
    return .failed(server, "\(place): \(error.message)", advice: advice, isTemporary: error.isTemporary)
  }
}
