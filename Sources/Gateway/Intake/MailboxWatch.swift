import Foundation
import Logging
import School
import Store
import Transport

/// Watches the IMAP mailbox: records what comes in, has it handled, and moves it to the handled folder or to the one
/// for the eye. What is known by its bytes is moved only, so nothing is done twice, whatever died when.
struct MailboxWatch: Sendable {
  /// How soon mail is tried again that the store could not take.
  static let retry: Duration = .seconds(5)

  let gateway: SchoolGateway
  let connector: any IMAPConnector
  private let unmoved = UnmovedMail()
  private let ungiven: UngivenMail
  private var folders: SchoolSettings.Folders { gateway.settings.folders }
  private var vitals: Vitals { gateway.vitals }

  init(gateway: SchoolGateway, connector: any IMAPConnector, ungiven: UngivenMail = UngivenMail()) {
    self.gateway = gateway
    self.connector = connector
    self.ungiven = ungiven
  }

  /// Until the task is cancelled; a lost connection is made anew, after a while that grows.
  func run() async {
    var backoff = Backoff()
    while !Task.isCancelled {
      do throws(TransportError) {
        try await watch(whenRead: { backoff.reset() })
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

  /// - Parameter whenRead: called when the inbox was gone through: what fails before that, fails again at once.
  private func watch(whenRead: () -> Void) async throws(TransportError) {
    vitals.beat(.mailbox, within: Vitals.transfer)
    let session = try await connector.connect(folder: folders.inbox)
    vitals.setMailboxOpen(true)
    unmoved.forget()
    do throws(TransportError) {
      for folder in [folders.handled, folders.attention] { try await make(folder, session) }
      let status = await session.status
      ungiven.begin(uidValidity: status.uidValidity)
      gateway.log.info("mailbox open", metadata: ["uidValidity": "\(status.uidValidity)"])
      var senders: [UID: String] = [:]
      while !Task.isCancelled {
        vitals.beat(.mailbox, within: Vitals.transfer)
        let isDone = try await sweep(session, senders: &senders)
        whenRead()
        ungiven.endOfTurn()
        vitals.setTakingMail(isDone)
        if isDone { vitals.noteInboxRead() }
        let limit = min(isDone ? folders.pollInterval : Self.retry, unmoved.wait ?? folders.pollInterval)
        vitals.beat(.mailbox, within: limit + Vitals.transfer)
        try await session.waitForChange(limit: limit, pollInterval: folders.pollInterval)
      }
      await session.close()
    } catch {
      await session.close()
      throw error
    }
  }

  /// Where the server will not make it, mail is read all the same; `move` tells support when it cannot be put away.
  private func make(_ folder: String, _ session: any IMAPSession) async throws(TransportError) {
    do throws(TransportError) { try await session.createFolder(folder) } catch  where error.kind == .refused {
      gateway.log.warning("folder not made", metadata: ["error": "\(error)"])
    }
  }

  /// Goes through what lies in the inbox: while one handful is read, the next is recorded, and beside both those before
  /// are moved away and the one after is fetched.
  ///
  /// - Parameter senders: of mails that were listed before; kept for those that still lie there.
  /// - Returns: false where something must be tried again.
  private func sweep(_ session: any IMAPSession, senders: inout [UID: String]) async throws(TransportError) -> Bool {
    defer { gateway.inHand.watchGivesBack() }
    guard var turn = try await nextTurn(session, &senders) else { return false }
    var isDone = true
    var (fetched, inHand, read) = (FetchedHandful(), Handful(), ReadHandful())
    repeat {
      vitals.beat(.mailbox, within: Vitals.transfer)
      let (mails, next) = (inHand.mails, fetched)
      async let statuses = self.read(mails)
      async let kept = keep(next)
      // Of many at once: for each command Dovecot goes through its folder.
      if read.uids.count >= Handful.most || mails.isEmpty {
        isDone = try await acknowledge(read, session) && isDone
        read = ReadHandful()
      }
      if Task.isCancelled { turn = Turn() }
      if turn.handfuls.isEmpty, turn.isLong, isDone {
        let underWay = Set(mails.map(\.uid) + next.listings.map(\.uid))
        guard let more = try await nextTurn(session, &senders, read: Set(read.uids), inHand: underWay) else {
          return false
        }
        turn = more
      }
      fetched = try await fetch(turn.handfuls.popFirst() ?? [], known: turn.known, session)
      read.uids += mails.map(\.uid)
      read.statuses += await statuses
      inHand = await kept
      isDone = inHand.isWhole && isDone
    } while !fetched.listings.isEmpty || !inHand.mails.isEmpty || !read.uids.isEmpty || !turn.handfuls.isEmpty
    return isDone
  }

  /// What is read of a row before it is looked at again.
  private struct Turn {
    var handfuls: ArraySlice<[MessageListing]> = []
    /// Of these mails, what the store has already.
    var known: [UID: InboundRecord] = [:]
    /// Whether more lies there.
    var isLong = false
  }

  /// Looks at the inbox: the next of a long row, the first of each sender before anybody's second.
  ///
  /// - Parameters:
  ///   - read: mails that lie there and are read.
  ///   - inHand: mails that are being read.
  /// - Returns: nil where the store is in trouble.
  private func nextTurn(
    _ session: any IMAPSession, _ senders: inout [UID: String], read: Set<UID> = [], inHand: Set<UID> = []
  ) async throws(TransportError) -> Turn? {
    let unread = unmoved.without(ungiven.without(try await session.list())).filter { !read.contains($0) }
    let uidValidity = await session.status.uidValidity
    vitals.see(unread, uidValidity: uidValidity)
    let row = unread.filter { !inHand.contains($0) }
    guard !row.isEmpty else { return Turn() }
    let uids = try await inOrder(row, &senders, session)
    let placed = try? await gateway.store.inbound(mailbox: folders.inbox, uidValidity: uidValidity, uids: uids)
    guard let placed else { return nil }
    // A number alone is no proof that it is the same mail: a mailbox that was restored gives its numbers once more.
    // Only what could not be moved away on this connection was seen on it.
    let known = placed.filter { unmoved.holds($0.key) || $0.value.isUnread }
    // What is known, or given up, is asked for no more.
    let asked = uids.filter { known[$0] == nil && !ungiven.isGivenUp($0) }
    let sizes = Dictionary(
      try await listings(asked, session).map { ($0.uid, $0.size) }, uniquingKeysWith: { first, _ in first })
    let gone = Set(asked).subtracting(sizes.keys)
    let handfuls = Handful.split(
      uids.filter { !gone.contains($0) }.map { MessageListing(uid: $0, size: sizes[$0] ?? 0) })
    return Turn(handfuls: handfuls[...], known: known, isLong: uids.count < row.count)
  }

  private func listings(
    _ uids: [UID], _ session: any IMAPSession
  ) async throws(TransportError) -> [MessageListing] {
    var listings: [MessageListing] = []
    for part in ungiven.mayAskTogether ? [uids] : uids.map({ [$0] }) where !part.isEmpty {
      ungiven.ask(part)
      let told = try await session.listings(part)
      ungiven.told(of: told.map(\.uid))
      listings += told
    }
    return listings
  }

  private func inOrder(
    _ row: [UID], _ senders: inout [UID: String], _ session: any IMAPSession
  ) async throws(TransportError) -> [UID] {
    guard ungiven.mayAskTogether else { return Array(row.prefix(FairOrder.shortRow)) }
    guard row.count > FairOrder.shortRow, let directory = try? await gateway.store.directory() else {
      senders = [:]
      return row
    }
    let there = Set(row)
    senders = senders.filter { there.contains($0.key) }
    let new = row.filter { senders[$0] == nil }
    ungiven.ask(new)
    let fields = try await session.fromFields(new)
    // One without sender is read all the same.
    ungiven.told(of: new)
    for uid in new { senders[uid] = fields[uid].flatMap(FairOrder.sender) ?? "" }
    return FairOrder.next(row, senders: senders, directory: directory)
  }

  /// Has what is not known yet fetched.
  private func fetch(
    _ listings: [MessageListing], known: [UID: InboundRecord], _ session: any IMAPSession
  ) async throws(TransportError) -> FetchedHandful {
    var handful = FetchedHandful(listings: listings)
    let uidValidity = await session.status.uidValidity
    let short = listings.filter { $0.size <= Handful.short && known[$0.uid] == nil }.map(\.uid)
    var messages = short.count > 1 && ungiven.mayAskTogether ? try await fetchTogether(short, session) : [:]
    for listing in listings {
      if let known = known[listing.uid], await isKept(known) {
        let record = await takeKnown(known)
        handful.known.append(TakenMail(uid: listing.uid, record: record))
        continue
      }
      let source = InboundSource(mailbox: folders.inbox, uidValidity: uidValidity, uid: listing.uid)
      if ungiven.isGivenUp(listing.uid) {
        handful.add(await leaveUngiven(source), uid: listing.uid)
        continue
      }
      do throws(TransportError) {
        var message = messages.removeValue(forKey: listing.uid)
        if message == nil { message = try await fetchAlone(listing.uid, session) }
        // Where there is none another client moved it, or the server keeps it back.
        guard let message else { continue }
        Failpoint.fetched.pass()
        if Failpoint.acknowledgesFirst { try await session.move(listing.uid, to: folders.handled) }
        handful.new.append(IncomingMail(raw: message.raw, source: source))
      } catch  where error.kind == .limit {
        handful.add(try await leaveTooLarge(listing, source, session), uid: listing.uid)
      } catch  where error.kind == .refused {
        gateway.log.warning("mail not given", metadata: ["uid": "\(listing.uid)", "error": "\(error)"])
        handful.isWhole = false
      }
    }
    return handful
  }

  /// Those that the server gives; where it refuses, each is to be asked for by itself.
  private func fetchTogether(
    _ uids: [UID], _ session: any IMAPSession
  ) async throws(TransportError) -> [UID: FetchedMessage] {
    ungiven.ask(uids)
    do throws(TransportError) {
      let messages = try await session.fetch(uids)
      ungiven.got(messages.keys, askingRest: true)
      return messages
    } catch  where error.kind == .refused {
      ungiven.refused()
      return [:]
    }
  }

  private func fetchAlone(_ uid: UID, _ session: any IMAPSession) async throws(TransportError) -> FetchedMessage? {
    ungiven.ask([uid])
    do throws(TransportError) {
      let message = try await session.fetch(uid)
      ungiven.got(message.map { [$0.uid] } ?? [])
      return message
    } catch {
      if error.kind == .refused { ungiven.refused() }
      if error.kind == .limit { ungiven.got([uid]) }
      throw error
    }
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
    var waiting: ArraySlice<TakenMail> = []
    // The same bytes may lie there twice.
    for mail in mails where statuses.updateValue(mail.record.status, forKey: mail.record.id) == nil {
      Failpoint.recorded.pass()
      if mail.record.status == .waiting { waiting.append(mail) }
    }
    let reader = MailReader(gateway: gateway)
    while let first = waiting.first {
      let together = waiting.map(\.mail).prefix { $0?.mayGoWithOthers ?? false }.compactMap(\.self)
      let done = together.isEmpty ? [] : await reader.handleTogether(together)
      for (mail, status) in zip(waiting, done) { statuses[mail.record.id] = status }
      waiting = waiting.dropFirst(done.count)
      guard done.isEmpty else { continue }
      statuses[first.record.id] = await reader.handle(first.record, begun: first.mail)
      waiting.removeFirst()
    }
    vitals.finish(mails.filter { statuses[$0.record.id] != .waiting }.map(\.uid))
    return mails.map { statuses[$0.record.id] ?? .waiting }
  }

  /// Moves all that was read out of the inbox. False where something was not.
  private func acknowledge(_ read: ReadHandful, _ session: any IMAPSession) async throws(TransportError) -> Bool {
    for (status, folder) in [(InboundRecord.Status.handled, folders.handled), (.setAside, folders.attention)] {
      let uids = zip(read.uids, read.statuses).filter { $0.1 == status }.map(\.0)
      guard !uids.isEmpty else { continue }
      guard try await move(uids, to: folder, session) else { continue }
      for _ in uids { Failpoint.acknowledged.pass() }
    }
    return !read.statuses.contains(.waiting)
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
      try await make(folder, session)
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

  /// Nil where that could not be written down.
  private func leaveUngiven(_ source: InboundSource) async -> InboundRecord? {
    guard let record = await leave(source, reason: "the mail server does not give it") else { return nil }
    ungiven.forget(source.uid)
    try? await gateway.tell(.ungiven, from: nil, count: 1)
    return record
  }

  /// Writes down that a mail is left to a person unread.
  private func leave(_ source: InboundSource, reason: String) async -> InboundRecord? {
    gateway.log.warning("mail not read", metadata: ["uid": "\(source.uid)", "reason": "\(reason)"])
    return try? await gateway.store.recordUnread(source, reason: reason, at: gateway.now())
  }

  /// Has them recorded. Where the store is in trouble they stay where they are.
  private func keep(_ fetched: FetchedHandful) async -> Handful {
    var handful = Handful(mails: fetched.known, isWhole: fetched.isWhole)
    guard !fetched.new.isEmpty else { return handful }
    guard let kept = await keep(fetched.new) else {
      handful.isWhole = false
      return handful
    }
    handful.mails += kept
    // As it was asked for: everybody's first mail before anybody's second.
    let places = Dictionary(fetched.listings.enumerated().map { ($1.uid, $0) }) { first, _ in first }
    handful.mails.sort { places[$0.uid] ?? 0 < places[$1.uid] ?? 0 }
    return handful
  }

  private func keep(_ mails: [IncomingMail]) async -> [TakenMail]? {
    do throws(StoreError) {
      let recorded = try await gateway.store.record(mails, at: gateway.now())
      gateway.inHand.watchTakes(recorded.map(\.record.id))
      let parsed = await parse(zip(mails, recorded).filter(\.1.isNew).map { ($0.1.record.id, $0.0.raw) })
      var taken: [TakenMail] = []
      for (mail, recorded) in zip(mails, recorded) {
        guard let uid = mail.source?.uid else { continue }
        let record = recorded.isNew ? recorded.record : await takeKnown(recorded.record)
        taken.append(TakenMail(uid: uid, record: record, mail: recorded.isNew ? parsed[record.id] : nil))
      }
      return taken
    } catch {
      gateway.log.error("mails not recorded", metadata: ["count": "\(mails.count)", "error": "\(error)"])
      return nil
    }
  }

  /// Beside each other, and beside the decisions on those before them: nothing in it asks the store.
  private func parse(_ mails: [(id: InboundID, raw: Data)]) async -> [InboundID: ReceivedMail] {
    await withTaskGroup(of: ReceivedMail.self) { group in
      for mail in mails { group.addTask { [gateway] in ReceivedMail(id: mail.id, raw: mail.raw, gateway: gateway) } }
      return await group.reduce(into: [:]) { $0[$1.id] = $1 }
    }
  }
}
