import CLibcurl
import Foundation
import Transport

/// One message, or a login only, on the way through a handle: all that libcurl reads and says while it performs. Not
/// Sendable: made, used and freed on the thread of its connection.
final class CurlTransfer {
  enum Work: Sendable {
    case message(Data, SMTPEnvelope)
    case login
  }

  private(set) var dialogue: SMTPDialogue
  /// Whether libcurl asked for the message: the server answered 354, and from here on sending again may send twice.
  private(set) var hasBegunMessage = false
  private(set) var hasReadMessage = false

  private let handle: CurlHandle
  private let stop: StopSignal
  private let message: Data
  private var offset = 0
  private var recipients: UnsafeMutablePointer<curl_slist>?

  /// Nil where libcurl has no memory or lacks an option that this needs.
  init?(_ work: Work, on handle: CurlHandle, limits: SubmissionLimits, stop: StopSignal) {
    self.handle = handle
    self.stop = stop
    dialogue = SMTPDialogue(security: handle.security, limits: limits)
    if case .message(let data, _) = work { message = data } else { message = Data() }
    handle.forgetFailure()
    guard setContext(), set(work) else { return nil }
  }

  deinit { curl_slist_free_all(recipients) }

  /// What libcurl says of a failure, in one line; empty where it says nothing.
  var failure: String { handle.failure }

  /// Whether no connection was made for this: an old one was used, or none could be made.
  var madeNoConnection: Bool { handle.number(CURLINFO_NUM_CONNECTS) == 0 }

  private func set(_ work: Work) -> Bool {
    guard case .message(let data, let envelope) = work else { return setLoginOnly() }
    // An unset CURLOPT_MAIL_FROM is sent as the null reverse path.
    guard handle.set(CURLOPT_MAIL_FROM, envelope.reversePath.map { "<\($0)>" }) else { return false }
    recipients = curl_slist_append(nil, "<\(envelope.forwardPath)>")
    // libcurl counts the octets after dot-stuffing up to this, and would cut the end off by the true size: see Quirks.
    let size = curl_off_t(data.dotStuffedCount)
    return recipients != nil && postplein_curl_set_list(handle.easy, CURLOPT_MAIL_RCPT, recipients) == CURLE_OK
      && handle.set(CURLOPT_UPLOAD, 1)
      && postplein_curl_set_offset(handle.easy, CURLOPT_INFILESIZE_LARGE, size) == CURLE_OK
  }

  /// CURLOPT_CONNECT_ONLY would log in too, but leave without QUIT.
  private func setLoginOnly() -> Bool { handle.set(CURLOPT_CUSTOMREQUEST, "NOOP") && handle.set(CURLOPT_NOBODY, 1) }
}

// MARK: - What libcurl calls back, always on the thread that performs

extension CurlTransfer {
  private func setContext() -> Bool {
    let context = Unmanaged.passUnretained(self).toOpaque()
    let pointers = [CURLOPT_READDATA, CURLOPT_HEADERDATA, CURLOPT_DEBUGDATA, CURLOPT_XFERINFODATA]
    return pointers.allSatisfy { postplein_curl_set_pointer(handle.easy, $0, context) == CURLE_OK }
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

extension CurlHandle {
  /// They ask the transfer that is under way.
  func setCallbacks() -> Bool {
    postplein_curl_set_bytes_callback(easy, CURLOPT_READFUNCTION, readMessage) == CURLE_OK
      && postplein_curl_set_bytes_callback(easy, CURLOPT_HEADERFUNCTION, hearReply) == CURLE_OK
      && postplein_curl_set_debug_callback(easy, hearCommand) == CURLE_OK && set(CURLOPT_VERBOSE, 1)
      && postplein_curl_set_progress_callback(easy, mayGoOn) == CURLE_OK && set(CURLOPT_NOPROGRESS, 0)
  }
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
