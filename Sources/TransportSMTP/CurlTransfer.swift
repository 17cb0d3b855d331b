import CLibcurl
import Foundation
import Transport

/// One easy handle and all that libcurl reads while it performs: one message, or a login only. Not Sendable: made, used
/// and freed on the thread of its connection.
final class CurlTransfer {
  enum Work: Sendable {
    case message(Data, SMTPEnvelope)
    case login
  }

  let easy: UnsafeMutableRawPointer
  private(set) var dialogue: SMTPDialogue
  /// Whether libcurl asked for the message: the server answered 354, and from here on sending again may send twice.
  private(set) var hasBegunMessage = false
  private(set) var hasReadMessage = false

  private let stop: StopSignal
  private let message: Data
  private var offset = 0
  private var recipients: UnsafeMutablePointer<curl_slist>?
  private let errorText: UnsafeMutablePointer<CChar>

  /// Nil where libcurl has no memory or lacks an option that this needs.
  init?(_ work: Work, account: ServerAccount, url: String, limits: SubmissionLimits, stop: StopSignal) {
    guard let easy = curl_easy_init() else { return nil }
    self.easy = easy
    self.stop = stop
    dialogue = SMTPDialogue(security: account.security, limits: limits)
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    if case .message(let data, _) = work { message = data } else { message = Data() }
    guard set(account, url: url), set(limits), setCallbacks(), set(work) else { return nil }
  }

  deinit {
    curl_easy_cleanup(easy)
    curl_slist_free_all(recipients)
    errorText.deallocate()
  }

  /// What libcurl says of a failure, in one line; empty where it says nothing.
  var failure: String { String(cString: errorText) }

  /// Whether no connection was made for this: an old one was used, or none could be made.
  var madeNoConnection: Bool { number(CURLINFO_NUM_CONNECTS) == 0 }

  func number(_ info: CURLINFO) -> Int {
    var value = 0
    return postplein_curl_get_long(easy, info, &value) == CURLE_OK ? value : -1
  }

  /// Where the server is, who we are, and that nothing is said in clear text.
  private func set(_ account: ServerAccount, url: String) -> Bool {
    set(CURLOPT_URL, url) && set(CURLOPT_PROTOCOLS_STR, "smtp,smtps")
      // The environment's ALL_PROXY must not see this traffic.
      && set(CURLOPT_PROXY, "")
      && set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue))
      && set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
      && set(CURLOPT_SSL_VERIFYPEER, 1) && set(CURLOPT_SSL_VERIFYHOST, 2)
      && trust(account.trustedCertificatesFile)
      && set(CURLOPT_USERNAME, account.userName) && set(CURLOPT_PASSWORD, account.password)
      && set(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN")
  }

  /// Without the second line libcurl would go on trusting the system's folder of certificates beside the file.
  private func trust(_ file: String?) -> Bool {
    guard let file else { return true }
    return set(CURLOPT_CAINFO, file) && postplein_curl_set_string(easy, CURLOPT_CAPATH, nil) == CURLE_OK
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

  private func set(_ work: Work) -> Bool {
    guard case .message(let data, let envelope) = work else { return setLoginOnly() }
    // An unset CURLOPT_MAIL_FROM is sent as the null reverse path.
    if let reversePath = envelope.reversePath, !set(CURLOPT_MAIL_FROM, "<\(reversePath)>") { return false }
    recipients = curl_slist_append(nil, "<\(envelope.forwardPath)>")
    // libcurl counts the octets after dot-stuffing up to this, and would cut the end off by the true size: see Quirks.
    let size = curl_off_t(data.dotStuffedCount)
    return recipients != nil && postplein_curl_set_list(easy, CURLOPT_MAIL_RCPT, recipients) == CURLE_OK
      && set(CURLOPT_UPLOAD, 1)
      && postplein_curl_set_offset(easy, CURLOPT_INFILESIZE_LARGE, size) == CURLE_OK
  }

  /// CURLOPT_CONNECT_ONLY would log in too, but leave without QUIT.
  private func setLoginOnly() -> Bool { set(CURLOPT_CUSTOMREQUEST, "NOOP") && set(CURLOPT_NOBODY, 1) }

  private func set(_ option: CURLoption, _ value: Int) -> Bool {
    postplein_curl_set_long(easy, option, value) == CURLE_OK
  }

  private func set(_ option: CURLoption, _ value: String) -> Bool {
    postplein_curl_set_string(easy, option, value) == CURLE_OK
  }
}

// MARK: - What libcurl calls back, always on the thread that performs

extension CurlTransfer {
  private func setCallbacks() -> Bool {
    let context = Unmanaged.passUnretained(self).toOpaque()
    let pointers = [CURLOPT_READDATA, CURLOPT_HEADERDATA, CURLOPT_DEBUGDATA, CURLOPT_XFERINFODATA]
    return pointers.allSatisfy { postplein_curl_set_pointer(easy, $0, context) == CURLE_OK }
      && postplein_curl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText) == CURLE_OK
      && postplein_curl_set_bytes_callback(easy, CURLOPT_READFUNCTION, readMessage) == CURLE_OK
      && postplein_curl_set_bytes_callback(easy, CURLOPT_HEADERFUNCTION, hearReply) == CURLE_OK
      && postplein_curl_set_debug_callback(easy, hearCommand) == CURLE_OK && set(CURLOPT_VERBOSE, 1)
      && postplein_curl_set_progress_callback(easy, mayGoOn) == CURLE_OK && set(CURLOPT_NOPROGRESS, 0)
  }

  fileprivate static func of(_ context: UnsafeMutableRawPointer?) -> CurlTransfer? {
    context.map { Unmanaged<CurlTransfer>.fromOpaque($0).takeUnretainedValue() }
  }

  fileprivate func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    hasBegunMessage = true
    let start = message.startIndex + offset
    let count = min(buffer.count, message.endIndex - start)
    if count > 0 { message.copyBytes(to: buffer, from: start..<start + count) }
    offset += count
    hasReadMessage = offset == message.count
    return count
  }

  fileprivate func hear(reply: UnsafeRawBufferPointer) -> Bool { dialogue.received(reply) }
  fileprivate func hear(command: UnsafeRawBufferPointer) { dialogue.sent(command) }
  fileprivate var mustStop: Bool { stop.isSet }
}

private func readMessage(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
)
  -> Int
{
  guard let transfer = CurlTransfer.of(context) else { return Int(CURL_READFUNC_ABORT) }
  return transfer.read(into: UnsafeMutableRawBufferPointer(start: bytes, count: size * count))
}

private func hearReply(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
)
  -> Int
{
  guard let transfer = CurlTransfer.of(context) else { return 0 }
  return transfer.hear(reply: UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}

/// Among what libcurl tells here is the password, base64: nothing of it is kept or logged.
private func hearCommand(
  _ easy: UnsafeMutableRawPointer?, _ type: curl_infotype, _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int,
  _ context: UnsafeMutableRawPointer?
) -> CInt {
  if type == CURLINFO_HEADER_OUT {
    CurlTransfer.of(context)?.hear(command: UnsafeRawBufferPointer(start: bytes, count: count))
  }
  return 0
}

private func mayGoOn(
  _ context: UnsafeMutableRawPointer?, _: curl_off_t, _: curl_off_t, _: curl_off_t, _: curl_off_t
) -> CInt {
  CurlTransfer.of(context)?.mustStop == false ? 0 : 1
}
