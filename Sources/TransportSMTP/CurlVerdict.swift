import CLibcurl
import Foundation
import Transport

typealias SubmissionResult = Result<SMTPReply, TransportError>

extension CurlTransfer {
  /// What became of the transfer: the server's last word on the message where there is one, else why there is none.
  /// The dialogue decides before libcurl's code does, since that is the same for many refusals.
  func verdict(_ code: CURLcode) -> SubmissionResult {
    if let refusal = dialogue.refusal { return .failure(error(of: refusal)) }
    if let reply = dialogue.reply, let result = verdict(of: reply, code) { return result }
    return .failure(error(of: code))
  }

  /// Whether, the connection being an old one, the server had left it, or left it now, and nothing of the message was
  /// sent: then it is safe, and worth it, to try again on a new connection (RFC 5321, section 3.8).
  func deservesNewConnection(_ code: CURLcode) -> Bool {
    guard madeNoConnection, !hasBegunMessage, code != CURLE_OPERATION_TIMEDOUT, code != CURLE_ABORTED_BY_CALLBACK else {
      return false
    }
    return code != CURLE_OK && (dialogue.reply == nil || dialogue.reply?.code == 421)
  }

  private func verdict(of reply: SMTPReply, _ code: CURLcode) -> SubmissionResult? {
    let isRefusal = reply.isTemporary || reply.isPermanent
    switch dialogue.command {
    // libcurl takes no 2xx but 250 for success, and reads nothing of an empty message.
    case .data where reply.isAccepted && (hasReadMessage || code == CURLE_OK): return .success(reply)
    case .mail where isRefusal, .recipient where isRefusal, .data where isRefusal: return .success(reply)
    case .login where isRefusal:
      return .failure(refused("the login", reply, reply.isTemporary ? .network : .authentication))
    case .startTLS where isRefusal:
      return .failure(refused("STARTTLS", reply, reply.isTemporary ? .network : .tls))
    case .greeting where isRefusal, .hello where isRefusal:
      return .failure(refused("the connection", reply, reply.isTemporary ? .network : .protocolViolation))
    default: return nil
    }
  }

  /// The server's words are left out: they may repeat addresses.
  private func refused(_ what: String, _ reply: SMTPReply, _ kind: TransportError.Kind) -> TransportError {
    let codes = [String(reply.code), reply.enhancedStatusCode].compactMap { $0 }.joined(separator: " ")
    return TransportError(kind, "The SMTP server refused \(what): \(codes)")
  }

  private func error(of refusal: SMTPDialogue.Refusal) -> TransportError {
    switch refusal {
    case .noLoginOffered: TransportError(.authentication, "The SMTP server offers no login")
    case .replyTooLong: TransportError(.protocolViolation, "The SMTP server's reply is too long")
    }
  }

  private func error(of code: CURLcode) -> TransportError {
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
