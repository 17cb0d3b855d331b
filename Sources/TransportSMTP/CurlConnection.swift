import CLibcurl
import Foundation
import Transport

/// One connection that is logged in: libcurl makes it and carries the octets, the transactions are ours, because
/// libcurl cannot pipeline (Decisions/0012). Not Sendable: made, used and freed on one thread, which it blocks.
final class CurlConnection {
  private let handle: CurlHandle
  private let socket: CInt
  private let limits: SubmissionLimits
  private let stop: StopSignal
  private let openedAt = ContinuousClock.now
  private var reader: SMTPReplyReader
  /// Octets that were received and are not read yet.
  private var received: ArraySlice<UInt8> = []
  private var mustReset = false
  /// Of the mail that comes next: its first commands went with the message before it, and are not answered yet.
  private var begun: SMTPTransaction?

  /// What the server said when we were in.
  let welcome: SMTPReply
  /// Whether the server may know the connection no more, or where we are in the dialogue.
  private(set) var isBroken = false
  /// Whether the server asked for the last message by 354: from then on to send again may send twice.
  private(set) var hasBegunMessage = false

  /// Connects and logs in, in `connectTimeout` at most or until `stop` is set.
  init(account: ServerAccount, url: String, limits: SubmissionLimits, stop: StopSignal) throws(TransportError) {
    guard let handle = CurlHandle(account: account, url: url, limits: limits, stop: stop) else {
      // It says nothing of the mail, as `.limit` would.
      throw TransportError(.network, "libcurl cannot be set up")
    }
    let code = curl_easy_perform(handle.easy)
    guard code == CURLE_OK, handle.opening.isDone, let welcome = handle.opening.reply, let socket = handle.socket else {
      throw handle.refusal(code)
    }
    (self.handle, self.welcome, self.socket, self.limits, self.stop) = (handle, welcome, socket, limits, stop)
    reader = SMTPReplyReader(limits: limits)
  }

  /// Whether it may take one more message.
  var isFresh: Bool { !isBroken && (isYoung || begun != nil) }

  private var isYoung: Bool { openedAt.duration(to: .now) < limits.connectionAge }
  private var isPipelining: Bool { handle.opening.extensions.contains(.pipelining) }

  /// Says QUIT, and does not wait for the answer: libcurl closes a connection of `CURLOPT_CONNECT_ONLY` without it.
  deinit {
    guard !isBroken else { return }
    var sent = 0
    "QUIT\r\n".withCString { _ = curl_easy_send(handle.easy, $0, 6, &sent) }
  }

  /// One mail transaction. What was thrown says nothing of what the server did with the message, where it
  /// `mayHaveSent`.
  ///
  /// - Parameter next: asked at most once, where the server can pipeline and is ready for a message of one piece: the
  ///   mail that comes after it on this connection, whose first commands go with it (RFC 2920, section 3.1).
  func submit(_ mail: SubmittedMail, then next: () -> SubmittedMail?) throws(TransportError) -> SMTPReply {
    do throws(TransportError) {
      return try transact(mail, then: next)
    } catch {
      throw TransportError(error.kind, error.message, mayHaveSent: hasBegunMessage)
    }
  }

  private func transact(_ mail: SubmittedMail, then next: () -> SubmittedMail?) throws(TransportError) -> SMTPReply {
    let end = ContinuousClock.now + limits.transferTimeout
    var transaction = begun.take() ?? SMTPTransaction(pipelined: isPipelining, reset: mustReset)
    hasBegunMessage = false
    while !transaction.isOver {
      let commands = transaction.next()
      let lines = try mail.lines(commands, handle.opening.extensions)
      // Whoever leaves early leaves the server in the middle of something.
      isBroken = true
      if commands == [.message] {
        // One that takes long must hold up no other.
        let after = isPipelining && isYoung && mail.message.count <= limits.pieceOctets ? next() : nil
        hasBegunMessage = true
        if let early = try send(mail.data, andBegin: after, by: end) { return early }
      } else if try send(lines, by: end) != nil {
        throw TransportError(.protocolViolation, "The SMTP server answered half a command")
      }
      for _ in 0..<transaction.answersDue where !transaction.isOver {
        do throws(TransportError) {
          try transaction.received(nextReply(by: end))
        } catch {
          // It refused, and left before it answered the rest.
          guard let refusal = transaction.verdict else { throw error }
          return refusal
        }
      }
    }
    guard let verdict = transaction.verdict else { throw TransportError(.protocolViolation, "SMTP: no answer") }
    // The end of a message is the end of its transaction, whatever is said of it (RFC 5321, section 4.1.1.4).
    mustReset = verdict.isRefusal && !hasBegunMessage
    isBroken = verdict.code == 421
    return verdict
  }
}

// MARK: - Octets

extension CurlConnection {
  /// Sends the message, a piece at a time, and with the last of them what the next mail begins with.
  ///
  /// - Returns: the refusal of a server that would not hear it to its end.
  private func send(
    _ data: SMTPData, andBegin next: SubmittedMail?, by end: ContinuousClock.Instant
  ) throws(TransportError) -> SMTPReply? {
    var data = data
    var early: SMTPReply?
    while early == nil, var piece = data.next(limits.pieceOctets) {
      let count = piece.count
      if data.isEnded { piece += begin(next) }
      do throws(TransportError) {
        early = try send(piece, heeding: count, by: end)
      } catch {
        // What it said before it closed may lie here still.
        guard error.kind == .network, let reply = try? nextReply(by: .now) else { throw error }
        early = reply
      }
    }
    guard let early, !early.isRefusal else { return early }
    throw TransportError(.protocolViolation, "The SMTP server answered \(early.code) to half a message")
  }

  /// The first commands of a mail; none where it has addresses that this server cannot take, of which it is told in its
  /// turn.
  private func begin(_ mail: SubmittedMail?) -> [UInt8] {
    var transaction = SMTPTransaction(pipelined: true)
    guard let mail, let lines = try? mail.lines(transaction.next(), handle.opening.extensions) else { return [] }
    begun = transaction
    return lines
  }

  /// Sends all, each part of it within `answerTimeout`.
  ///
  /// - Parameter heeded: until so many octets are sent, it is looked for what the server says amid them.
  /// - Returns: what the server said when it would take no more.
  private func send(
    _ octets: [UInt8], heeding heeded: Int = .max, by end: ContinuousClock.Instant
  ) throws(TransportError) -> SMTPReply? {
    var rest = octets[...]
    while !rest.isEmpty {
      var sent = 0
      let code = rest.withUnsafeBytes { curl_easy_send(handle.easy, $0.baseAddress, $0.count, &sent) }
      switch code {
      case CURLE_OK: rest = rest.dropFirst(sent)
      case CURLE_AGAIN:
        let events = rest.startIndex < heeded ? POLLIN | POLLOUT : POLLOUT
        let isWritable = try wait(for: events, by: min(end, .now + limits.answerTimeout)) & POLLOUT != 0
        if !isWritable, let reply = try replyThatIsThere() { return reply }
      default: throw handle.error(of: code)
      }
    }
    return nil
  }

  private func replyThatIsThere() throws(TransportError) -> SMTPReply? {
    do throws(TransportError) {
      return try nextReply(by: .now)
    } catch {
      if error.kind == .timeout { return nil }
      throw error
    }
  }

  /// The next reply, within `answerTimeout`.
  private func nextReply(by end: ContinuousClock.Instant) throws(TransportError) -> SMTPReply {
    let end = min(end, .now + limits.answerTimeout)
    while true {
      while let lineEnd = received.firstIndex(of: UInt8(ascii: "\n")) {
        let line = received[...lineEnd]
        received = received[(lineEnd + 1)...]
        if let reply = try reader.add(line) { return reply }
      }
      guard received.count <= limits.replyOctets else {
        throw TransportError(.protocolViolation, "The SMTP server's reply is too long")
      }
      try receive(by: end)
    }
  }

  /// Waits for octets and takes them.
  private func receive(by end: ContinuousClock.Instant) throws(TransportError) {
    var count = 0
    while true {
      // As large as a TLS record at most is (RFC 8446, section 5.1), so that none is left in part.
      let code = withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 1) { buffer in
        let code = curl_easy_recv(handle.easy, buffer.baseAddress, buffer.count, &count)
        if code == CURLE_OK { received.append(contentsOf: buffer[..<count]) }
        return code
      }
      switch code {
      case CURLE_OK where count > 0: return
      case CURLE_OK: throw TransportError(.network, "SMTP: the server closed the connection")
      case CURLE_AGAIN: _ = try wait(for: POLLIN, by: end)
      default: throw handle.error(of: code)
      }
    }
  }

  /// Blocks until the socket is ready for one of these (poll(2)), until `stop` is set (looked at twice a second) or the
  /// time has come.
  ///
  /// - Returns: for which it is.
  private func wait(for events: CInt, by end: ContinuousClock.Instant) throws(TransportError) -> CInt {
    var entry = pollfd(fd: socket, events: Int16(events), revents: 0)
    while true {
      if stop.isSet { throw .stopped }
      let left = ContinuousClock.now.duration(to: end)
      guard left > .zero else { throw TransportError(.timeout, "SMTP: no answer in time") }
      let ready = poll(&entry, 1, CInt(min(left.curlMilliseconds, 500)))
      if ready > 0 { return CInt(entry.revents) }
      guard ready == 0 || errno == EINTR else { throw TransportError(.network, "SMTP: poll failed (\(errno))") }
    }
  }
}
