/// What a session allows a server, and how long it waits for it.
package struct IMAPLimits: Sendable, Hashable {
  /// The largest message that is fetched, in octets of RFC822.SIZE; a larger one is a `.limit` error and stays where it
  /// is. Well above what mail providers let through (25 to 50 MB), so that only nonsense crosses it.
  package var messageSize = 64 << 20
  /// The most messages that one `list()` returns, the lowest UIDs first; later calls show the rest once these moved
  /// away.
  package var listedMessages = 100_000
  /// How many UIDs one FETCH of sizes spans, which bounds what libetpan holds in memory at a time.
  package var fetchBatch = 500
  /// The longest silence in any exchange, and the longest that connecting or the TLS handshake may take. Whole seconds
  /// (libetpan counts in `time_t`), at least one.
  package var silence: Duration = .seconds(30)
  /// The longest silence after LOGOUT: a server that does not answer it is left.
  package var logoutSilence: Duration = .seconds(2)
  /// IDLE is ended and begun anew after this. RFC 2177 says within 29 minutes; routers forget sooner.
  package var idleRenewal: Duration = .seconds(600)
  /// How late IDLE may tell of a message (Dovecot's NOTIFY_DELAY_MSECS).
  package var idleDelay: Duration = .milliseconds(500)
  /// Where one message came, more follow. So after a message, and at first, the server is asked by NOOP: so often, then
  /// ever less, as the silence grows, until IDLE tells as soon.
  package var glance: Duration = .milliseconds(10)

  package init() {}

  /// The pause before the server is asked again; nil where IDLE is as good. It adds little to the silence so far, and
  /// asking takes a tenth of the time at most.
  ///
  /// - Parameter answer: how long the server took to answer, the quicker of the last two times: what once takes long,
  ///   as when a disk does, would hold up the next mail for nine times that.
  func pause(after silence: Duration, answeredIn answer: Duration) -> Duration? {
    let pause = max(glance, silence / 200, answer * 9)
    return pause < idleDelay ? pause : nil
  }
}

extension Duration {
  /// In seconds.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
  /// As libetpan counts: rounded up, and never 0, which means "no timeout of its own" there.
  var wholeSeconds: Int { max(1, Int(seconds.rounded(.up))) }
  /// As `poll(2)` counts: rounded up, at most a day, never negative (which would mean "for ever").
  var pollMilliseconds: Int32 { Int32(min(max(0, (seconds * 1000).rounded(.up)), 86_400_000)) }
}
