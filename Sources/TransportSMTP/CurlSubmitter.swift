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
  /// Throws `.limit` where the message has a bare CR or LF.
  package func submit(_ message: Data, envelope: SMTPEnvelope) async throws(TransportError) -> SMTPReply {
    try await result(of: .message(SubmittedMail(message: message, envelope: envelope))).get()
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

  private func result(of work: SubmissionJob.Work) async -> SubmissionResult {
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
      var ahead: SubmissionJob?
      var tellVerdict: (() -> Void)?
      while let job = ahead.take() ?? queue.next(for: thread, after: tellVerdict) {
        let verdict = perform(job.work, on: &connection) {
          ahead = queue.nextMessage()
          return ahead?.work.mail
        }
        tellVerdict = { job.waiter.resume(returning: verdict) }
        if ahead != nil { tellVerdict?() }
      }
      // Says QUIT.
      connection = nil
    } while !queue.retire()
  }

  /// - Parameter next: as for `CurlConnection.submit`.
  private func perform(
    _ work: SubmissionJob.Work, on connection: inout CurlConnection?, then next: () -> SubmittedMail?
  ) -> SubmissionResult {
    // One that is of no more use is closed at once.
    defer { if connection?.isBroken == true { connection = nil } }
    return Result { () throws(TransportError) in
      switch work {
      case .message(let mail): return try submit(mail, on: &connection, then: next)
      case .login:
        // Tried anew, within the number of connections allowed.
        connection = nil
        return try open().welcome
      }
    }
  }

  /// Tries once more, on a new connection, where an old one turns out to be dead, or the server leaves it now, and
  /// nothing of the message was sent: then it is safe, and worth it (RFC 5321, section 3.8).
  private func submit(
    _ mail: SubmittedMail, on connection: inout CurlConnection?, then next: () -> SubmittedMail?
  ) throws(TransportError) -> SMTPReply {
    if let old = connection, old.isFresh {
      do throws(TransportError) {
        let reply = try old.submit(mail, then: next)
        if reply.code != 421 || old.hasBegunMessage { return reply }
      } catch {
        if error.kind != .network || error.mayHaveSent || stop.isSet { throw error }
      }
    }
    // Before the next one is made: there are never more than allowed.
    connection = nil
    let new = try open()
    connection = new
    return try new.submit(mail, then: next)
  }

  private func open() throws(TransportError) -> CurlConnection {
    guard let url else { throw TransportError(.notFound, "The SMTP server's name or ours is not valid") }
    guard account.security != .plain || account.isOnLoopback else {
      throw TransportError(.tls, "Nothing is sent to another machine in clear text")
    }
    return try CurlConnection(account: account, url: url, limits: limits, stop: stop)
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
