import CLibcurl
import Foundation
import Transport

/// One easy handle, which is told where the server is and who we are, and follows how libcurl connects and logs in.
/// Not Sendable: made, used and freed on the thread of its connection.
final class CurlHandle {
  let easy: UnsafeMutableRawPointer
  fileprivate(set) var opening: SMTPOpening
  let stop: StopSignal
  private let errorText: UnsafeMutablePointer<CChar>

  /// Nil where libcurl has no memory or lacks an option that this needs.
  init?(account: ServerAccount, url: String, limits: SubmissionLimits, stop: StopSignal) {
    guard CurlLibrary.isReady, let easy = curl_easy_init() else { return nil }
    self.easy = easy
    self.stop = stop
    opening = SMTPOpening(security: account.security, limits: limits)
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    guard set(account, url: url), set(limits), setCallbacks(),
      postplein_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText) == CURLE_OK
    else { return nil }
  }

  deinit {
    curl_easy_cleanup(easy)
    errorText.deallocate()
  }

  /// What libcurl says of a failure, in one line; empty where it says nothing.
  var failure: String { String(cString: errorText) }

  var socket: CInt? {
    var found = CURL_SOCKET_BAD
    return postplein_curl_get_socket(easy, &found) == CURLE_OK && found != CURL_SOCKET_BAD ? found : nil
  }

  private func set(_ option: CURLoption, _ value: Int) -> Bool {
    postplein_curl_set_long(easy, option, value) == CURLE_OK
  }

  /// Nil for none.
  private func set(_ option: CURLoption, _ value: String?) -> Bool {
    postplein_curl_set_string(easy, option, value) == CURLE_OK
  }

  /// Where the server is, and that nothing is said in clear text but on loopback, where there is no login either.
  private func set(_ account: ServerAccount, url: String) -> Bool {
    set(CURLOPT_URL, url) && set(CURLOPT_PROTOCOLS_STR, "smtp,smtps") && set(CURLOPT_CONNECT_ONLY, 1)
      // The environment's ALL_PROXY must not see this traffic.
      && set(CURLOPT_PROXY, "")
      && (account.security == .plain || protect(account) && logIn(account))
  }

  private func protect(_ account: ServerAccount) -> Bool {
    set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
      && set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
      && set(CURLOPT_SSL_VERIFYPEER, 1) && set(CURLOPT_SSL_VERIFYHOST, 2)
      && trust(account.trustedCertificatesFile)
  }

  private func logIn(_ account: ServerAccount) -> Bool {
    set(CURLOPT_USERNAME, account.userName) && set(CURLOPT_PASSWORD, account.password)
      && set(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN")
  }

  /// Without the second line libcurl would go on trusting the system's folder of certificates beside the file.
  private func trust(_ file: String?) -> Bool {
    guard let file else { return true }
    return set(CURLOPT_CAINFO, file) && set(CURLOPT_CAPATH, nil)
  }

  private func set(_ limits: SubmissionLimits) -> Bool {
    // Signals would be the process's, not the thread's.
    set(CURLOPT_NOSIGNAL, 1) && set(CURLOPT_TCP_NODELAY, 1) && set(CURLOPT_TCP_KEEPALIVE, 1)
      && set(CURLOPT_TIMEOUT_MS, limits.connectTimeout.curlMilliseconds)
  }
}

/// `curl_global_init`, once in a process, before any handle is made.
private enum CurlLibrary {
  static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}

// MARK: - What libcurl calls back, always on the thread that performs

extension CurlHandle {
  private func setCallbacks() -> Bool {
    let context = Unmanaged.passUnretained(self).toOpaque()
    let pointers = [CURLOPT_HEADERDATA, CURLOPT_DEBUGDATA, CURLOPT_XFERINFODATA]
    return pointers.allSatisfy { postplein_curl_set_pointer(easy, $0, context) == CURLE_OK }
      && postplein_curl_set_bytes_callback(easy, CURLOPT_HEADERFUNCTION, hearReply) == CURLE_OK
      && postplein_curl_set_debug_callback(easy, hearCommand) == CURLE_OK && set(CURLOPT_VERBOSE, 1)
      && postplein_curl_set_progress_callback(easy, mayGoOn) == CURLE_OK && set(CURLOPT_NOPROGRESS, 0)
  }

  fileprivate static func of(_ context: UnsafeMutableRawPointer?) -> CurlHandle? {
    context.map { Unmanaged<CurlHandle>.fromOpaque($0).takeUnretainedValue() }
  }
}

private func hearReply(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
  return CurlHandle.of(context)?.opening.received(line) == true ? size * count : 0
}

/// Among what libcurl tells here is the password, base64: nothing of it is kept or logged.
private func hearCommand(
  _ easy: UnsafeMutableRawPointer?, _ type: curl_infotype, _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> CInt {
  if type == CURLINFO_HEADER_OUT {
    CurlHandle.of(context)?.opening.sent(UnsafeRawBufferPointer(start: bytes, count: count))
  }
  return 0
}

private func mayGoOn(
  _ context: UnsafeMutableRawPointer?, _: curl_off_t, _: curl_off_t, _: curl_off_t, _: curl_off_t
) -> CInt {
  CurlHandle.of(context)?.stop.isSet == false ? 0 : 1
}
