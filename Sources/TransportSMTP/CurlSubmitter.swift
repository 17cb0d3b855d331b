import CLibcurl
import Foundation
import Mail
import Transport

/// Submits mail over libcurl to one account, by at most `connections` connections that are kept open while there is
/// mail. Each has a thread of its own, which is started when it is needed and ends when it was idle; libcurl is called
/// on those threads only. TLS is required and verified, but where the account says `plain` and is on loopback.
///
/// At least once: a message that was sent whole without an answer gives an error, and the caller sends it again.
package final class CurlSubmitter: MailSubmitter {
  private let queue: SubmissionQueue
  private let limits: SubmissionLimits
  private let stop = StopSignal()

  /// - Parameter heloName: what EHLO says; nil for the machine's own name.
  package init(
    account: ServerAccount, connections: Int = 4, limits: SubmissionLimits = SubmissionLimits(), heloName: String? = nil
  ) {
    self.limits = limits
    let submission = Submission(account: account, heloName: heloName, limits: limits, stop: stop)
    queue = SubmissionQueue(connections: connections, idleTimeout: limits.idleTimeout) { thread, queue in
      submission.run(on: thread, queue: queue)
    }
  }

  /// See `MailSubmitter`. A refusal of MAIL, RCPT, DATA or the message, 421 among them, is a reply; a refusal of the
  /// connection or login is an error. Cancelling the task takes the message back as long as it waits for a connection
  /// (an error of kind `.network`); after that it is sent and its reply returned.
  ///
  /// Throws `.limit` where the message has a bare CR or LF, which some servers would take for the end of a line and
  /// others not (SMTP smuggling, CVE-2023-51764).
  package func submit(_ message: Data, envelope: SMTPEnvelope) async throws(TransportError) -> SMTPReply {
    guard message.hasCRLFLineEndsOnly else { throw TransportError(.limit, "The message has a bare CR or LF") }
    return try await result(of: .message(message, envelope)).get()
  }

  /// Connects, logs in and quits, on a connection of its own within the number allowed.
  package func verifyLogin() async throws(TransportError) {
    _ = try await result(of: .login).get()
  }

  /// Takes no more messages, fails those that wait (`.network`), lets those under way finish for `shutdownGrace`,
  /// closes the connections and ends the threads. Safe to call more than once.
  package func shutdown() async {
    queue.stop()
    let cut = Task { [limits, stop] in
      try await Task.sleep(for: limits.shutdownGrace)
      stop.set()
    }
    await queue.waitForEnd()
    cut.cancel()
  }

  private func result(of work: CurlTransfer.Work) async -> SubmissionResult {
    let id = queue.newID()
    return await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        queue.add(SubmissionJob(id: id, work: work, waiter: waiter))
        // A task that was cancelled already ran its handler before the job was there.
        if Task.isCancelled { queue.cancel(id) }
      }
    } onCancel: {
      queue.cancel(id)
    }
  }
}

/// What each thread does.
private struct Submission: Sendable {
  let account: ServerAccount
  let heloName: String?
  let limits: SubmissionLimits
  let stop: StopSignal

  func run(on thread: SubmissionThread, queue: SubmissionQueue) {
    repeat {
      var connection: CurlConnection?
      var tellVerdict: (() -> Void)?
      while let job = queue.next(for: thread, after: tellVerdict) {
        // A login must be tried anew, and is no use to the next message if it failed.
        if case .login = job.work { connection = nil }
        let verdict = perform(job.work, on: &connection)
        tellVerdict = { job.waiter.resume(returning: verdict) }
        if case .login = job.work { connection = nil }
      }
      // Says QUIT.
      connection = nil
    } while !queue.retire()
  }

  /// Retries once on a new connection where an old one turns out to be dead.
  private func perform(_ work: CurlTransfer.Work, on connection: inout CurlConnection?) -> SubmissionResult {
    guard let url else { return .failure(TransportError(.notFound, "The SMTP server's name or ours is not valid")) }
    guard account.security != .plain || account.isOnLoopback else {
      return .failure(TransportError(.tls, "Nothing is sent to another machine in clear text"))
    }
    while true {
      let open = connection ?? CurlConnection(account: account, url: url, limits: limits)
      connection = open
      guard let open, let transfer = CurlTransfer(work, on: open.handle, limits: limits, stop: stop) else {
        return .failure(TransportError(.limit, "libcurl cannot be set up"))
      }
      let wasOpen = open.hasServed
      let code = open.perform()
      if stop.isSet, code == CURLE_ABORTED_BY_CALLBACK { return .failure(.stopped) }
      let isIn = account.security == .plain ? code == CURLE_OK : transfer.dialogue.hasLoggedIn
      if case .login = work, isIn, let reply = transfer.dialogue.reply {
        return .success(reply)
      }
      // A new connection has not served, so there is no second retry.
      guard wasOpen, transfer.deservesNewConnection(code) else { return transfer.verdict(code) }
      connection = nil
    }
  }

  /// The path is what libcurl says by EHLO. Nil where a name has a character that means something in a URL.
  private var url: String? {
    let scheme = account.security == .implicitTLS ? "smtps" : "smtp"
    let forbidden = { (scalar: Unicode.Scalar) in
      scalar.value <= 0x20 || "/?#@\\%[]\u{7F}".unicodeScalars.contains(scalar)
    }
    let names = [account.host, heloName ?? "none"]
    guard names.allSatisfy({ !$0.isEmpty && !$0.unicodeScalars.contains(where: forbidden) }) else { return nil }
    let host = account.host.contains(":") ? "[\(account.host)]" : account.host
    return "\(scheme)://\(host):\(account.port)/\(heloName ?? "")"
  }
}
