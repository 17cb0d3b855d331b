import CLibcurl
import Foundation
import Transport

/// One easy handle, told once where the server is and who we are; one transfer after another goes through it. Not
/// Sendable: made, used and freed on the thread of its connection.
final class CurlHandle {
  let easy: UnsafeMutableRawPointer
  let security: TransportSecurity
  private let errorText: UnsafeMutablePointer<CChar>

  /// Nil where libcurl has no memory or lacks an option that this needs.
  init?(account: ServerAccount, url: String, limits: SubmissionLimits) {
    guard let easy = curl_easy_init() else { return nil }
    self.easy = easy
    security = account.security
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

  func forgetFailure() { errorText.pointee = 0 }

  func number(_ info: CURLINFO) -> Int {
    var value = 0
    return postplein_curl_get_long(easy, info, &value) == CURLE_OK ? value : -1
  }

  func set(_ option: CURLoption, _ value: Int) -> Bool { postplein_curl_set_long(easy, option, value) == CURLE_OK }

  /// Nil for none.
  func set(_ option: CURLoption, _ value: String?) -> Bool {
    postplein_curl_set_string(easy, option, value) == CURLE_OK
  }

  /// Where the server is, and that nothing is said in clear text but on loopback, where there is no login either.
  private func set(_ account: ServerAccount, url: String) -> Bool {
    set(CURLOPT_URL, url) && set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
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
      && set(CURLOPT_CONNECTTIMEOUT_MS, limits.connectTimeout.curlMilliseconds)
      && set(CURLOPT_TIMEOUT_MS, limits.transferTimeout.curlMilliseconds)
      && set(CURLOPT_SERVER_RESPONSE_TIMEOUT, limits.answerTimeout.curlSeconds)
      && set(CURLOPT_LOW_SPEED_LIMIT, 1) && set(CURLOPT_LOW_SPEED_TIME, limits.answerTimeout.curlSeconds)
      && set(CURLOPT_MAXAGE_CONN, limits.idleTimeout.curlSeconds)
      && set(CURLOPT_MAXLIFETIME_CONN, limits.connectionAge.curlSeconds)
      && set(CURLOPT_UPLOAD_BUFFERSIZE, limits.uploadBufferOctets)
  }
}
