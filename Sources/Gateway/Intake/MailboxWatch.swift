import Foundation
import Logging
import School
import Store
import Transport

/// Watches the IMAP mailbox: records what comes in, has it handled, and moves it to the handled folder or to the one
/// for the eye. What is known already is moved only, so nothing is done twice, whatever died when.
struct MailboxWatch: Sendable {
  /// How soon mail is tried again that the store could not take.
  static let retry: Duration = .seconds(5)

  let gateway: SchoolGateway
  let connector: any IMAPConnector
  private let unmoved = UnmovedMail()
  private var folders: SchoolSettings.Folders { gateway.settings.folders }
  private var vitals: Vitals { gateway.vitals }

  init(gateway: SchoolGateway, connector: any IMAPConnector) {
    self.gateway = gateway
    self.connector = connector
  }

  /// Until the task is cancelled; a lost connection is made anew, after a while that grows.
  func run() async {
    var backoff = Backoff()
    while !Task.isCancelled {
      do throws(TransportError) {
        try await watch { backoff.reset() }
      } catch {
        vitals.setMailboxOpen(false)
        guard !Task.isCancelled else { return }
        gateway.count(MetricName.reconnects, [:])
        let wait = backoff.wait()
        vitals.beat(.mailbox, within: wait + Vitals.transfer)
        gateway.log.warning(
          "mailbox not reached", metadata: ["error": "\(error)", "again in": "\(wait)"])
        await pause(wait)
      }
    }
  }

  /// What to wait for after the inbox was gone through.
  private enum Pause {
    /// Nothing: more lies there.
    case more
    case news
    /// Something must be tried again.
    case retry
  }

  private func watch(whenConnected: () -> Void) async throws(TransportError) {
    vitals.beat(.mailbox, within: Vitals.transfer)
    let session = try await connector.connect(folder: folders.inbox)
    whenConnected()
    vitals.setMailboxOpen(true)
    unmoved.forget()
    do throws(TransportError) {
      for folder in [folders.handled, folders.attention] { try await session.createFolder(folder) }
      let status = await session.status
      gateway.log.info("mailbox open", metadata: ["uidValidity": "\(status.uidValidity)"])
      var senders: [UID: String] = [:]
      while !Task.isCancelled {
        vitals.beat(.mailbox, within: Vitals.transfer)
        let pause = try await sweep(session, senders: &senders)
        vitals.setTakingMail(pause != .retry)
        if pause == .more { continue }
        if pause == .news { vitals.noteInboxRead() }
        let limit = min(pause == .news ? folders.pollInterval : Self.retry, unmoved.wait ?? folders.pollInterval)
        vitals.beat(.mailbox, within: limit + Vitals.transfer)
        try await session.waitForChange(limit: limit, pollInterval: folders.pollInterval)
      }
      await session.close()
    } catch {
      await session.close()
      throw error
    }
  }

  /// Goes through what lies in the inbox, one turn of it where that is much: while one handful is read, the next is
  /// fetched.
  ///
  /// - Parameter senders: of mails that were listed before; kept for those that still lie there.
  private func sweep(
    _ session: any IMAPSession, senders: inout [UID: String]
  ) async throws(TransportError) -> Pause {
    let listings = unmoved.without(try await session.list())
    let uidValidity = await session.status.uidValidity
    defer { gateway.inHand.watchGivesBack() }
    vitals.see(listings.map(\.uid), uidValidity: uidValidity)
    guard !listings.isEmpty else { return .news }
    let known = try? await gateway.store.inbound(
      mailbox: folders.inbox, uidValidity: uidValidity, uids: listings.map(\.uid))
    guard let known else { return .retry }
    let turn = try await turn(listings, &senders, session)
    var isDone = true
    var handful = Handful()
    for listings in Handful.split(turn) + [[]] {
      vitals.beat(.mailbox, within: Vitals.transfer)
      let mails = handful.mails
      async let statuses = read(mails)
      let next = Task.isCancelled ? Handful() : try await take(listings, uidValidity, known: known, session)
      isDone = try await acknowledge(handful, await statuses, session) && isDone
      handful = next
    }
    return !isDone ? .retry : turn.count < listings.count ? .more : .news
  }

  /// The next of a long row, the first of each sender before anybody's second.
  private func turn(
    _ listings: [MessageListing], _ senders: inout [UID: String], _ session: any IMAPSession
  ) async throws(TransportError) -> [MessageListing] {
    guard listings.count > FairOrder.shortRow, let directory = try? await gateway.store.directory() else {
      senders = [:]
      return listings
    }
    let there = Set(listings.map(\.uid))
    senders = senders.filter { there.contains($0.key) }
    let new = listings.map(\.uid).filter { senders[$0] == nil }
    let fields = try await session.fromFields(new)
    for uid in new { senders[uid] = fields[uid].flatMap(FairOrder.sender) ?? "" }
    return FairOrder.next(listings, senders: senders, directory: directory)
  }

  /// Has what is not known yet fetched and recorded.
  private func take(
    _ listings: [MessageListing], _ uidValidity: UInt32, known: [UID: InboundRecord], _ session: any IMAPSession
  ) async throws(TransportError) -> Handful {
    var handful = Handful()
    var fetched: [IncomingMail] = []
    for listing in listings {
      if let known = known[listing.uid], await isKept(known) {
        let record = await takeKnown(known)
        handful.mails.append(TakenMail(uid: listing.uid, record: record))
        continue
      }
      let source = InboundSource(mailbox: folders.inbox, uidValidity: uidValidity, uid: listing.uid)
      do throws(TransportError) {
        // Gone meanwhile where there is none: another client moved it.
        guard let message = try await session.fetch(listing.uid) else { continue }
        Failpoint.fetched.pass()
        if Failpoint.acknowledgesFirst { try await session.move(listing.uid, to: folders.handled) }
        fetched.append(IncomingMail(raw: message.raw, source: source))
      } catch  where error.kind == .limit {
        guard let record = try await leaveTooLarge(listing, source, session) else {
          handful.isWhole = false
          continue
        }
        handful.mails.append(TakenMail(uid: listing.uid, record: record))
      }
    }
    guard !fetched.isEmpty else { return handful }
    guard let kept = await keep(fetched) else {
      handful.isWhole = false
      return handful
    }
    handful.mails += kept
    // As it was asked for: everybody's first mail before anybody's second.
    let places = Dictionary(listings.enumerated().map { ($1.uid, $0) }) { first, _ in first }
    handful.mails.sort { places[$0.uid] ?? 0 < places[$1.uid] ?? 0 }
    return handful
  }

  /// False where the store has lost the bytes of a message that is not handled yet: they lie here still.
  private func isKept(_ record: InboundRecord) async -> Bool {
    guard record.status == .waiting || record.outcome == InboundRecord.damaged else { return true }
    return (try? await gateway.store.holds(record)) ?? true
  }

  /// What is known of it once `WaitingMail` is done with it.
  private func takeKnown(_ record: InboundRecord) async -> InboundRecord {
    guard record.status == .waiting else { return record }
    gateway.inHand.watchTakes([record.id])
    while gateway.inHand.isWithWaitingMail(record.id), !Task.isCancelled { await pause(.milliseconds(100)) }
    return (try? await gateway.store.inbound(record.id)) ?? record
  }

  /// What each is afterwards, one after the other: a decision sees what those before it changed.
  private func read(_ mails: [TakenMail]) async -> [InboundRecord.Status] {
    var statuses: [InboundID: InboundRecord.Status] = [:]
    // The same bytes may lie there twice.
    for mail in mails where statuses[mail.record.id] == nil {
      Failpoint.recorded.pass()
      let isWaiting = mail.record.status == .waiting
      statuses[mail.record.id] =
        isWaiting ? await MailReader(gateway: gateway).handle(mail.record, begun: mail.raw) : mail.record.status
    }
    vitals.finish(mails.filter { statuses[$0.record.id] != .waiting }.map(\.uid))
    return mails.map { statuses[$0.record.id] ?? .waiting }
  }

  /// Moves all that was read out of the inbox. False where something was not.
  private func acknowledge(
    _ handful: Handful, _ statuses: [InboundRecord.Status], _ session: any IMAPSession
  ) async throws(TransportError) -> Bool {
    for (status, folder) in [(InboundRecord.Status.handled, folders.handled), (.setAside, folders.attention)] {
      let uids = zip(handful.mails, statuses).filter { $0.1 == status }.map(\.0.uid)
      guard !uids.isEmpty else { continue }
      guard try await move(uids, to: folder, session) else { continue }
      for _ in uids { Failpoint.acknowledged.pass() }
    }
    return handful.isWhole && !statuses.contains(.waiting)
  }

  /// False where the server refuses that, and support was told.
  private func move(
    _ uids: [UID], to folder: String, _ session: any IMAPSession
  ) async throws(TransportError) -> Bool {
    do throws(TransportError) {
      try await session.move(uids, to: folder)
      unmoved.moved(uids)
      return true
    } catch  where error.kind == .refused || error.kind == .notFound {
      // Somebody may have taken the folder away: it is there the next time.
      try await session.createFolder(folder)
      let count = unmoved.keep(uids)
      gateway.log.warning("mail not moved out of the inbox", metadata: ["count": "\(count)", "error": "\(error)"])
      try? await gateway.tell(.unmoved, from: folder, count: count)
      return false
    }
  }

  /// Nil where that could not be written down.
  private func leaveTooLarge(
    _ listing: MessageListing, _ source: InboundSource, _ session: any IMAPSession
  ) async throws(TransportError) -> InboundRecord? {
    let record = await leave(source, reason: "too large to read: \(listing.size) octets")
    let sender = try await session.fromFields([listing.uid])[listing.uid].flatMap(FairOrder.sender)
    try? await gateway.tell(.large, from: sender, count: listing.size >> 20)
    return record
  }

  /// Writes down that a mail is left to a person unread.
  private func leave(_ source: InboundSource, reason: String) async -> InboundRecord? {
    gateway.log.warning("mail not read", metadata: ["uid": "\(source.uid)", "reason": "\(reason)"])
    return try? await gateway.store.recordUnread(source, reason: reason, at: gateway.now())
  }

  /// Nil where the store is in trouble: then the mails stay where they are.
  private func keep(_ mails: [IncomingMail]) async -> [TakenMail]? {
    do throws(StoreError) {
      let recorded = try await gateway.store.record(mails, at: gateway.now())
      gateway.inHand.watchTakes(recorded.map(\.record.id))
      return zip(mails, recorded).compactMap { mail, recorded in
        mail.source.map { TakenMail(uid: $0.uid, record: recorded.record, raw: recorded.isNew ? mail.raw : nil) }
      }
    } catch {
      gateway.log.error("mails not recorded", metadata: ["count": "\(mails.count)", "error": "\(error)"])
      return nil
    }
  }
}

/// Handles what was recorded and not finished: mail that `postplein send` put in, and what a crash left behind.
struct WaitingMail: Sendable {
  static let interval: Duration = .seconds(1)
  /// Younger than this it is probably in the hands of `MailboxWatch`.
  static let patience: TimeInterval = 2

  let gateway: SchoolGateway

  func run() async {
    await gateway.repeatedly(.waitingMail, every: Self.interval, complaint: "waiting mail not read") {
      () async throws(StoreError) in
      try await sweep()
    }
  }

  /// Handles what waits now.
  func sweep() async throws(StoreError) {
    for record in try await gateway.store.waitingInbound(limit: 100) where !Task.isCancelled {
      gateway.vitals.beat(.waitingMail, within: Vitals.patience)
      // One from the future came before the clock was turned back.
      let isFresh = (0..<Self.patience).contains(gateway.now().timeIntervalSince(record.receivedAt))
      if isFresh { continue }
      guard gateway.inHand.waitingMailTakes(record.id) else { continue }
      defer { gateway.inHand.waitingMailGivesBack() }
      // Others may have read it since the row of them was.
      guard try await gateway.store.inbound(record.id)?.status == .waiting else { continue }
      _ = await MailReader(gateway: gateway).handle(record)
    }
  }
}
