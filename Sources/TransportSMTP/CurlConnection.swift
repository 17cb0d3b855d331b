import CLibcurl
import Foundation
import Transport

/// One multi handle that keeps one connection between transfers, and the handle that they go through. Not Sendable:
/// made, used and freed on one thread.
///
/// There is a multi handle for each connection, and not one for all, because libcurl waits inside
/// `curl_multi_perform` for the answer to a message and for the answer to QUIT: one slow server answer would hold up
/// every other connection of the same handle (measured; see Quirks).
final class CurlConnection {
  let handle: CurlHandle
  private let multi: UnsafeMutableRawPointer
  private var socket = CURL_SOCKET_BAD
  /// Whether a transfer went well, so that the connection may be there still.
  private(set) var hasServed = false

  /// Nil where libcurl has no memory. Connects by the first transfer.
  init?(account: ServerAccount, url: String, limits: SubmissionLimits) {
    guard CurlLibrary.isReady, let handle = CurlHandle(account: account, url: url, limits: limits),
      let multi = curl_multi_init()
    else { return nil }
    self.handle = handle
    self.multi = multi
    _ = postplein_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 1)
  }

  deinit {
    // libcurl says QUIT here and would wait two minutes for the answer; a socket closed for reading ends that wait.
    if socket != CURL_SOCKET_BAD { _ = Foundation.shutdown(socket, CInt(SHUT_RD)) }
    curl_multi_cleanup(multi)
  }

  /// Performs the transfer that the handle was set up for, until libcurl has a result. Blocks its thread, for
  /// `transferTimeout` at most or until `stop` is set.
  func perform() -> CURLcode {
    guard curl_multi_add_handle(multi, handle.easy) == CURLM_OK else { return CURLE_FAILED_INIT }
    defer {
      rememberSocket()
      curl_multi_remove_handle(multi, handle.easy)
    }
    while true {
      var running: CInt = 0
      guard curl_multi_perform(multi, &running) == CURLM_OK else { return CURLE_FAILED_INIT }
      var left: CInt = 0
      while let message = curl_multi_info_read(multi, &left) {
        guard message.pointee.msg == CURLMSG_DONE else { continue }
        let result = postplein_curl_message_result(message)
        if result == CURLE_OK { hasServed = true }
        return result
      }
      // Wakes at least so often to let the progress callback look at the stop signal, in milliseconds.
      guard curl_multi_poll(multi, nil, 0, 500, nil) == CURLM_OK else { return CURLE_FAILED_INIT }
    }
  }

  private func rememberSocket() {
    var found = CURL_SOCKET_BAD
    socket = postplein_curl_get_socket(handle.easy, &found) == CURLE_OK ? found : CURL_SOCKET_BAD
  }
}

/// `curl_global_init`, once in a process, before any handle is made.
private enum CurlLibrary {
  static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}
