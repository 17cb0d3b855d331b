import CLibcurl
import Foundation
import Transport

typealias SubmissionResult = Result<SMTPReply, TransportError>

extension CurlHandle {
  /// Why there is no connection that takes mail. What was said decides before libcurl's code does, since that is the
  /// same for many refusals.
  func refusal(_ code: CURLcode) -> TransportError {
    if stop.isSet, code == CURLE_ABORTED_BY_CALLBACK { return .stopped }
    if let failure = opening.failure { return failure }
    if let reply = opening.reply, reply.isRefusal, let error = refusal(of: opening.command, reply) { return error }
    return error(of: code)
  }

  private func refusal(of command: SMTPOpening.Command, _ reply: SMTPReply) -> TransportError? {
    switch command {
    case .login: refused("the login", reply, reply.isTemporary ? .network : .authentication)
    case .startTLS: refused("STARTTLS", reply, reply.isTemporary ? .network : .tls)
    case .greeting, .hello: refused("the connection", reply, reply.isTemporary ? .network : .protocolViolation)
    case .other: nil
    }
  }

  /// The server's words are left out: they may repeat addresses.
  private func refused(_ what: String, _ reply: SMTPReply, _ kind: TransportError.Kind) -> TransportError {
    let codes = [String(reply.code), reply.enhancedStatusCode].compactMap { $0 }.joined(separator: " ")
    return TransportError(kind, "The SMTP server refused \(what): \(codes)")
  }

  /// - Parameter code: of connecting, or of sending and receiving afterwards.
  func error(of code: CURLcode) -> TransportError {
    let words = failure.isEmpty ? String(cString: curl_easy_strerror(code)) : failure
    return TransportError(kind(of: code), "SMTP: \(words) (curl \(code.rawValue))")
  }

  private func kind(of code: CURLcode) -> TransportError.Kind {
    switch code {
    case CURLE_OPERATION_TIMEDOUT: .timeout
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR: .certificate
    case CURLE_SSL_CONNECT_ERROR: wasCutOff ? .network : .tls
    case CURLE_USE_SSL_FAILED, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_CIPHER: .tls
    case CURLE_LOGIN_DENIED: .authentication
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .notFound
    case CURLE_WEIRD_SERVER_REPLY, CURLE_REMOTE_ACCESS_DENIED: .protocolViolation
    default: .network
    }
  }

  /// A handshake that the network or the server broke off, not one that the two could not agree on: libcurl has one
  /// code for both, so its words decide, as each TLS library says them.
  private var wasCutOff: Bool {
    ["reset by peer", "SYSCALL", "properly terminated", "pull function", "push function", "unexpected eof"]
      .contains { failure.localizedCaseInsensitiveContains($0) }
  }
}
