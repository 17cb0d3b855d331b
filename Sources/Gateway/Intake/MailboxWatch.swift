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
  private var folders: SchoolSettings.Folders { gateway.settings.folders }

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
        guard !Task.isCancelled else { return }
        let wait = backoff.wait()
        gateway.log.warning(
          "mailbox not reached", metadata: ["error": "\(error)", "again in": "\(wait)"])
        await pause(wait)
      }
    }
  }

  private func watch(whenConnected: () -> Void) async throws(TransportError) {
    let session = try await connector.connect(folder: folders.inbox)
    whenConnected()
    do throws(TransportError) {
      for folder in [folders.handled, folders.attention] { try await session.createFolder(folder) }
      let status = await session.status
      gateway.log.info("mailbox open", metadata: ["uidValidity": "\(status.uidValidity)"])
      while !Task.isCancelled {
        let limit = try await sweep(session) ? folders.pollInterval : Self.retry
        try await session.waitForChange(limit: limit, pollInterval: folders.pollInterval)
      }
      await session.close()
    } catch {
      await session.close()
      throw error
    }
  }

  /// Goes through all that lies in the inbox: while one handful is read, the next is fetched. False where something
  /// must be tried again.
  private func sweep(_ session: any IMAPSession) async throws(TransportError) -> Bool {
    let listings = try await session.list()
    guard !listings.isEmpty else { return true }
    let uidValidity = await session.status.uidValidity
    let known = try? await gateway.store.inbound(
      mailbox: folders.inbox, uidValidity: uidValidity, uids: listings.map(\.uid))
    guard let known else { return false }
    var isDone = true
    var handful = Handful()
    for listings in Handful.split(listings) + [[]] {
      let mails = handful.mails
      async let statuses = read(mails)
      let next = Task.isCancelled ? Handful() : try await take(listings, uidValidity, known: known, session)
      isDone = try await acknowledge(handful, await statuses, session) && isDone
      handful = next
    }
    return isDone
  }

  /// Has what is not known yet fetched and recorded.
  private func take(
    _ listings: [MessageListing], _ uidValidity: UInt32, known: [UID: InboundRecord], _ session: any IMAPSession
  ) async throws(TransportError) -> Handful {
    var handful = Handful()
    var fetched: [IncomingMail] = []
    for listing in listings {
      if let record = known[listing.uid] {
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
        let record = await leave(source, reason: "too large to read: \(listing.size) octets")
        if let record {
          handful.mails.append(TakenMail(uid: listing.uid, record: record))
        } else {
          handful.isWhole = false
        }
      }
    }
    guard !fetched.isEmpty else { return handful }
    guard let kept = await keep(fetched) else {
      handful.isWhole = false
      return handful
    }
    handful.mails += kept
    handful.mails.sort { $0.uid < $1.uid }
    return handful
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
    return mails.map { statuses[$0.record.id] ?? .waiting }
  }

  /// Moves all that was read out of the inbox. False where something was not.
  private func acknowledge(
    _ handful: Handful, _ statuses: [InboundRecord.Status], _ session: any IMAPSession
  ) async throws(TransportError) -> Bool {
    for (status, folder) in [(InboundRecord.Status.handled, folders.handled), (.setAside, folders.attention)] {
      let uids = zip(handful.mails, statuses).filter { $0.1 == status }.map(\.0.uid)
      guard !uids.isEmpty else { continue }
      try await session.move(uids, to: folder)
      for _ in uids { Failpoint.acknowledged.pass() }
    }
    return handful.isWhole && !statuses.contains(.waiting)
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
      return zip(mails, recorded).compactMap { mail, recorded in
        mail.source.map { TakenMail(uid: $0.uid, record: recorded.record, raw: recorded.isNew ? mail.raw : nil) }
      }
    } catch {
      gateway.log.error("mails not recorded", metadata: ["count": "\(mails.count)", "error": "\(error)"])
      return nil
    }
  }
}

/// A mail of the inbox that is in the store.
struct TakenMail: Sendable {
  var uid: UID
  var record: InboundRecord
  /// What it is, where it was recorded just now and its reading counts as begun.
  var raw: Data?
}

/// Mails that are recorded, and moved away, together.
struct Handful: Sendable {
  /// So many mails, or fewer that are as large as this together, in octets; two handfuls are in memory at a time.
  static let most = 32
  static let octets = 8 << 20

  var mails: [TakenMail] = []
  /// False where one could not be recorded.
  var isWhole = true

  static func split(_ listings: [MessageListing]) -> [[MessageListing]] {
    var (handfuls, size) = ([[MessageListing]](), 0)
    for listing in listings {
      if let last = handfuls.last, last.count < most, size + listing.size <= octets {
        handfuls[handfuls.count - 1].append(listing)
        size += listing.size
      } else {
        handfuls.append([listing])
        size = listing.size
      }
    }
    return handfuls
  }
}

/// Handles what was recorded and not finished: mail that `postplein send` put in, and what a crash left behind.
struct WaitingMail: Sendable {
  static let interval: Duration = .seconds(1)
  /// Younger than this it is probably in the hands of `MailboxWatch`.
  static let patience: TimeInterval = 2

  let gateway: SchoolGateway

  func run() async {
    while !Task.isCancelled {
      await sweep()
      await pause(Self.interval)
    }
  }

  /// Handles what waits now.
  func sweep() async {
    for record in (try? await gateway.store.waitingInbound(limit: 100)) ?? [] where !Task.isCancelled {
      // One from the future came before the clock was turned back.
      let isFresh = (0..<Self.patience).contains(gateway.now().timeIntervalSince(record.receivedAt))
      if isFresh { continue }
      _ = await MailReader(gateway: gateway).handle(record)
    }
  }
}
