import Foundation
import Transport

/// One logged-in connection, on a thread of its own.
///
/// A command that the server refuses (NO) leaves it usable; after a network, time or protocol failure the connection
/// is closed and every further call throws. Limits and waits are `IMAPLimits`.
package actor EtpanSession: IMAPSession {
  private nonisolated let thread = SessionThread()
  package nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  private let wake: WakePipe
  private let limits: IMAPLimits
  private var connection: EtpanConnection?
  private var naming = MailboxNaming()
  /// What the last `listings` told, so that `fetch` need not ask again.
  private var sizes: [UID: Int] = [:]
  private var lastFetch = ContinuousClock.now
  /// Until it refused a NOOP, as providers do that count commands: then IDLE, or the interval, must do. To leave it for
  /// that would be worse: each new session asks anew.
  private var mayBeAskedOften = true
  /// How long the server took over the last two NOOPs since then.
  private var answers = (last: Duration.zero, before: Duration.zero)
  package private(set) var status = IMAPMailboxStatus(uidValidity: 0, uidNext: nil, messageCount: 0)

  init(limits: IMAPLimits) throws(TransportError) {
    self.limits = limits
    wake = try WakePipe()
  }

  deinit { thread.stop() }

  /// From connecting to SELECT. The certificate is verified before a byte of ours but STARTTLS is sent, and before
  /// libetpan reads a byte of theirs beyond the handshake.
  func open(_ account: ServerAccount, folder: String) async throws(TransportError) {
    guard account.security != .plain else { throw TransportError(.tls, "IMAP is not spoken in clear text") }
    let socket = try TCPSocket(host: account.host, port: account.port, timeout: limits.silence)
    if account.security == .startTLS { try socket.startTLS() }
    let stream = try EtpanConnection.handshake(over: socket, host: account.host, timeout: limits.silence)
    let connection = try EtpanConnection(stream, silence: limits.silence)
    self.connection = connection
    try await ServerCertificate.verify(connection.certificateChain, for: account)
    switch account.security {
    case .implicitTLS: try connection.readGreeting()
    case .startTLS, .plain: connection.continueAfterSTARTTLS()
    }
    try connection.readCapabilities()
    try connection.login(user: account.userName, password: account.password)
    try connection.readCapabilities()
    naming = try connection.readNaming()
    status = try connection.select(naming.wireName(of: folder))
    beginToAsk()
  }

  package func list() throws(TransportError) -> [UID] {
    Array(try live().searchUndeleted().prefix(limits.listedMessages))
  }

  package func listings(_ uids: [UID]) throws(TransportError) -> [MessageListing] {
    let connection = try live()
    for start in stride(from: 0, to: uids.count, by: limits.fetchBatch) {
      let chunk = uids[start..<min(start + limits.fetchBatch, uids.count)]
      sizes.merge(try Self.untilRefused(Array(chunk), else: 0, connection.fetchSizes)) { known, _ in known }
    }
    return uids.compactMap { uid in sizes[uid].map { MessageListing(uid: uid, size: $0) } }
  }

  /// `.limit` where the message is larger than `IMAPLimits.messageSize`; the session stays usable.
  package func fetch(_ uid: UID) throws(TransportError) -> FetchedMessage? {
    let connection = try live()
    if sizes[uid] == nil { sizes[uid] = try connection.fetchSizes([uid])[uid] }
    guard let size = sizes[uid] else { return nil }
    guard size <= limits.messageSize else { throw oversized(size) }
    guard let raw = try connection.fetchBodies([uid])[uid] else { return nil }
    beginToAsk()
    guard raw.count <= limits.messageSize else { throw oversized(raw.count) }
    return FetchedMessage(uid: uid, raw: raw)
  }

  /// Not one by whose size, as the last `listings` told it, that would be too large: `fetch` tells that of each.
  package func fetch(_ uids: [UID]) throws(TransportError) -> [UID: FetchedMessage] {
    let small = uids.filter { sizes[$0].map { $0 <= limits.messageSize } ?? false }
    guard !small.isEmpty else { return [:] }
    let bodies = try live().fetchBodies(small).filter { $0.value.count <= limits.messageSize }
    beginToAsk()
    return Dictionary(uniqueKeysWithValues: bodies.map { ($0, FetchedMessage(uid: $0, raw: $1)) })
  }

  package func fromFields(_ uids: [UID]) throws(TransportError) -> [UID: [UInt8]] {
    let connection = try live()
    var fields: [UID: [UInt8]] = [:]
    for start in stride(from: 0, to: uids.count, by: limits.fetchBatch) {
      let chunk = uids[start..<min(start + limits.fetchBatch, uids.count)]
      fields.merge(try Self.untilRefused(Array(chunk), else: nil, connection.fetchFromFields)) { $1 }
    }
    return fields
  }

  /// What a command fetches of these; where the server refuses, of each half of them, down to the one that it is about.
  ///
  /// - Parameter missing: of one that is refused; nil to leave it out.
  private static func untilRefused<Value>(
    _ uids: [UID], else missing: Value?, _ fetch: ([UID]) throws(TransportError) -> [UID: Value]
  ) throws(TransportError) -> [UID: Value] {
    do throws(TransportError) { return try fetch(uids) } catch  where error.kind == .refused {
      guard uids.count > 1 else { return missing.map { [uids[0]: $0] } ?? [:] }
      let half = uids.count / 2
      let first = try untilRefused(Array(uids[..<half]), else: missing, fetch)
      let second = try untilRefused(Array(uids[half...]), else: missing, fetch)
      return first.merging(second) { $1 }
    }
  }

  /// Where one message came, more follow; a server that was slow to say so once may be quick now.
  private func beginToAsk() {
    lastFetch = .now
    answers = (.zero, .zero)
  }

  private func oversized(_ size: Int) -> TransportError {
    TransportError(.limit, "a message of \(size) octets, more than \(limits.messageSize)")
  }

  package func move(_ uid: UID, to folder: String) throws(TransportError) { try move([uid], to: folder) }

  package func move(_ uids: [UID], to folder: String) throws(TransportError) {
    try live().move(uids, to: naming.wireName(of: folder))
    for uid in uids { sizes[uid] = nil }
  }

  package func list(arrivedBefore day: Date) throws(TransportError) -> [UID] {
    Array(try live().search(before: day).prefix(limits.listedMessages))
  }

  package func remove(_ uids: [UID]) throws(TransportError) {
    let connection = try live()
    for start in stride(from: 0, to: uids.count, by: limits.fetchBatch) {
      let chunk = Array(uids[start..<min(start + limits.fetchBatch, uids.count)])
      try connection.remove(chunk)
      for uid in chunk { sizes[uid] = nil }
    }
  }

  package func createFolder(_ folder: String) throws(TransportError) {
    try live().create(naming.wireName(of: folder))
  }

  package func waitForChange(limit: Duration, pollInterval: Duration) async throws(TransportError) {
    // Drained before the handler is set, which runs at once where the task is cancelled already.
    wake.drain()
    guard !wake.isClosed else { return }
    let result = await withTaskCancellationHandler {
      Result { () throws(TransportError) in try wait(limit: limit, pollInterval: pollInterval) }
    } onCancel: {
      wake.signal()
    }
    try result.get()
  }

  private func wait(limit: Duration, pollInterval: Duration) throws(TransportError) {
    let connection = try live()
    defer { connection.forgetNews() }
    guard !connection.hasNews else { return }
    let deadline = ContinuousClock.now + limit
    while mayBeAskedOften,
      let pause = limits.pause(after: .now - lastFetch, answeredIn: min(answers.last, answers.before))
    {
      guard wake.wait(for: min(pause, deadline - .now)) == .elapsed, .now < deadline else { return }
      let asked = ContinuousClock.now
      mayBeAskedOften = try connection.attemptNOOP()
      answers = (.now - asked, answers.last)
      guard !connection.hasNews else { return }
    }
    guard connection.has("IDLE") else {
      _ = wake.wait(for: min(deadline - .now, pollInterval))
      return
    }
    repeat {
      let isChanged = try connection.beginIdle()
      let event: WakePipe.Event =
        isChanged
        ? .readable
        : wake.wait(for: min(deadline - .now, limits.idleRenewal), reading: connection.descriptor)
      try connection.endIdle()
      if connection.hasNews || event != .elapsed { return }
    } while ContinuousClock.now < deadline
  }

  /// Wakes a waiting `waitForChange` at once; another call in progress ends first, by its own time limit.
  package nonisolated func close() async {
    wake.close()
    await logout()
  }

  private func logout() {
    connection?.logout(silence: limits.logoutSilence)
    connection = nil
  }

  private func live() throws(TransportError) -> EtpanConnection {
    guard let connection, !wake.isClosed else { throw TransportError(.network, "the session has ended") }
    return connection
  }
}
