/// What one connection to the submission server may cost. RFC 5321, section 4.5.3.2 asks for patience: minutes for an
/// answer, because giving up on a server that is still taking the message sends it twice.
package struct SubmissionLimits: Sendable, Hashable {
  /// Name look-up, TCP, TLS, greeting and login together.
  package var connectTimeout = Duration.seconds(30)
  /// The wait for the answer to one command or to the message, and how long the upload may stand still.
  package var answerTimeout = Duration.seconds(300)
  /// One message from connecting to the last answer.
  package var transferTimeout = Duration.seconds(900)
  /// A connection that had nothing to do for so long is closed by QUIT, before the server does it.
  package var idleTimeout = Duration.seconds(30)
  /// A connection older than this takes no new message.
  package var connectionAge = Duration.seconds(600)
  /// How long `shutdown()` lets messages under way finish.
  package var shutdownGrace = Duration.seconds(20)
  /// The text kept of one reply, in octets; what comes after is cut off.
  package var replyTextOctets = 4_096
  /// One reply, in octets; a server that sends more is left.
  package var replyOctets = 262_144
  /// The message goes to TLS in pieces of about this size, in octets.
  package var pieceOctets = 65_536

  package init() {}
}

extension Duration {
  /// Rounded up, and at least 1: to libcurl 0 means its own default.
  var curlMilliseconds: Int { max(1, Int((self / .milliseconds(1)).rounded(.up))) }
}
