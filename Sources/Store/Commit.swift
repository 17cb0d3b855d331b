import Foundation
import GRDB
import School

extension Store {
  /// How long one automatic answer keeps the next of its kind away, in seconds.
  static let limiterWindow: TimeInterval = 86_400
  /// In milliseconds: an instant so far ahead of now was written down by a clock that was wrong.
  static let clockTolerance: Int64 = 60_000

  /// Writes an outcome down in one transaction: the changes in their order, one delivery a notice with its Message-ID
  /// assigned, the message handled. After a crash the same call either does all of it or finds it done.
  package func commit(
    _ outcome: Outcome, messageID: @escaping @Sendable (DeliveryID) -> String
  ) async throws(StoreError) -> Committed {
    let committed = try await write { database in
      var commit = Commit(database: database, outcome: outcome, messageID: messageID)
      return try commit.run()
    }
    if !committed.deliveries.isEmpty { announceChange() }
    return committed
  }
}

/// One outcome on its way into the tables.
private struct Commit {
  let database: Database
  let outcome: Outcome
  let messageID: (DeliveryID) -> String
  private var result = Committed()
  /// What was opened and added, in order: what `Reference.made` counts.
  private var threads: [ThreadID] = []
  private var entries: [EntryID] = []
  private var newEvents: [EventID] = []
  /// Threads of these that answer no other, and who wrote in any thread: nobody else has a past there.
  private var unrelated: Set<ThreadID> = []
  private var writers: Set<AccountID> = []
  private var lastDelivery: Int64?
  /// Whose address takes no mail; few of those whom a post goes to.
  private var broken: Set<AccountID>?
  private var newDeliveries = NewDeliveries()
  /// Who is told of events, by which of the new deliveries.
  private var told: [(NoticeKind, CalendarFacts, AccountID, DeliveryID)] = []
  private var conference: ConferenceID?
  private var newAbsences: [AbsenceID] = []
  private var photosMade = PhotosMade()
  private var now: Int64 { outcome.at.milliseconds }

  init(database: Database, outcome: Outcome, messageID: @escaping (DeliveryID) -> String) {
    self.database = database
    self.outcome = outcome
    self.messageID = messageID
  }

  mutating func run() throws -> Committed {
    for basis in outcome.decision.bases {
      guard try database.isCurrent(basis) else { return Committed(isStale: true) }
    }
    guard try finishInbound(outcome.label, outcome.reason) else { return Committed(wasDone: true) }
    guard try questionsWait(), try claimRoute() else {
      try relabel("duplicate")
      return Committed(wasDone: true)
    }
    for change in outcome.decision.changes { try apply(change) }
    for basis in outcome.decision.bases { try database.advance(basis) }
    try database.record(outcome.deliveries)
    if outcome.isProven, case .account(let account) = outcome.writer {
      try database.apply(.answered, to: account, at: outcome.at)
      try database.activate(account, at: now)
    }
    for report in outcome.reports { try database.insert(report, at: now) }
    var threading: [ThreadingKey: Threading] = [:]
    for notice in outcome.decision.notices where try mayAnswer(notice) {
      try insert(notice, threading: &threading)
    }
    try newDeliveries.write(to: database)
    for (kind, calendar, account, delivery) in told {
      try database.noteTold(kind, calendar, account: account, delivery: delivery)
    }
    return result
  }

  // MARK: The message

  /// False where it was handled before.
  private func finishInbound(_ label: String, _ reason: String?) throws -> Bool {
    guard let inbound = outcome.inbound else { return true }
    try run(
      """
      UPDATE inbound SET status = 'handled', outcome = ?, reason = ?, handled_at = ? WHERE id = ? AND status = 'waiting'
      """, [label, reason, now, inbound])
    return database.changesCount == 1
  }

  private func relabel(_ label: String) throws {
    guard let inbound = outcome.inbound else { return }
    try database.execute(sql: "UPDATE inbound SET outcome = ? WHERE id = ?", arguments: [label, inbound])
  }

  /// False where the same message did the same before.
  private func claimRoute() throws -> Bool {
    guard let fingerprint = outcome.fingerprint, let route = outcome.route else { return true }
    try run(
      "INSERT INTO handled_route (fingerprint, route, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      [fingerprint, route, now])
    return database.changesCount == 1
  }

  /// False where what this releases, ends or sends waits no longer: two answers to one question, or two digests, were
  /// decided on the same state.
  private func questionsWait() throws -> Bool {
    for change in outcome.decision.changes {
      switch change {
      case .releaseHeld(let inbound), .discardHeld(let inbound): guard try isHeld(inbound) else { return false }
      case .settleBroadcast(let entry, _): guard try database.awaitsApproval(entry) else { return false }
      case .takeFromDigest(let account, let entries):
        for entry in entries where try !database.waitsForDigest(entry, account) { return false }
      default: break
      }
    }
    return true
  }

  private func isHeld(_ inbound: InboundID) throws -> Bool {
    try Bool.fetchOne(
      database, sql: "SELECT EXISTS (SELECT 1 FROM held WHERE inbound = ? AND status = 'held')", arguments: [inbound])
      ?? false
  }

  // MARK: Changes

  private mutating func apply(_ change: Change) throws {
    switch change {
    case .openThread(let kind, let subject, let author, let audience, let members, let about):
      try openThread(kind, subject, author, audience, members, about)
    case .addEntry(let thread, let author, let body, let origin):
      try addEntry(resolve(thread), author, body, origin)
    case .retractEntry(let entry), .settleBroadcast(let entry, isApproved: false): try retract(entry)
    case .settleBroadcast(let entry, isApproved: true): try database.approve(entry, at: now)
    case .queueForDigest(let account, let entry):
      try run(
        "INSERT INTO digest_line (account, entry) VALUES (?, ?) ON CONFLICT DO NOTHING", [account, resolve(entry)])
    case .takeFromDigest(let account, let entries):
      for entry in entries { try run("DELETE FROM digest_line WHERE account = ? AND entry = ?", [account, entry]) }
    case .markSeen(let thread, let account):
      try run("INSERT INTO seen (thread, account, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", [thread, account, now])
    case .rotateKeys(let account):
      try run("UPDATE account SET key_generation = key_generation + 1 WHERE id = ?", [account])
    case .results(let change): try database.apply(change, at: now)
    case .hold(let inbound, let account, let reason):
      try run(
        "INSERT INTO held (inbound, account, reason, status, at) VALUES (?, ?, ?, 'held', ?) ON CONFLICT DO NOTHING",
        [inbound, account, reason.rawValue, now])
    case .releaseHeld(let inbound):
      try run("UPDATE held SET status = 'released' WHERE inbound = ?", [inbound])
      // Who answers is there: the next question need not wait for another day.
      let account = "SELECT CAST(account AS TEXT) FROM held WHERE inbound = ?"
      try run("DELETE FROM automatic_answer WHERE word = ? AND recipient = (\(account))", [confirmationWord, inbound])
    case .setActivation(let account, let state): try database.setActivation(account, state, at: now)
    case .holdProvider(let hold): try database.insert(hold)
    case .setNewAddress(let account, let address): try database.setNewAddress(account, address)
    case .approveAddress(let account): try database.approveAddress(account)
    case .documents(let change):
      result.filing = try database.apply(change, filing: result.filing, at: now) ?? result.filing
    case .classList(let change): try database.apply(change)
    case .markDone(let task): try database.markDone(task, at: now)
    case .offer(let change): try database.apply(change, opened: result.thread, at: now)
    case .moderation(let write): try database.apply(write, at: now)
    case .settings(let account, let write): try database.apply(write, to: account, at: now)
    case .calendar(let change):
      let event = try database.apply(change, thread: result.thread, entry: result.entry, at: now)
      if let event { newEvents.append(event) }
    case .conference(let change): conference = try database.apply(change, at: now) ?? conference
    case .absence(let change): if let made = try database.apply(change, at: now) { newAbsences.append(made) }
    case .photos(let change):
      try database.apply(change, &photosMade, messageID: outcome.messageID, at: now)
    case .markStandingTold(let account):
      try run("UPDATE address_standing SET is_told = 1 WHERE account = ?", [account])
    case .markDamageTold(let places): try database.markDamageTold(places, at: now)
    case .discardHeld(let inbound): try run("UPDATE held SET status = 'discarded' WHERE inbound = ?", [inbound])
    }
  }

  private func run(_ sql: String, _ arguments: StatementArguments) throws { try database.run(sql, arguments) }

  private mutating func openThread(
    _ kind: ThreadKind, _ subject: String, _ author: AccountID, _ audience: Audience?, _ members: [AccountID],
    _ about: ThreadID?
  ) throws {
    try run(
      "INSERT INTO thread (kind, subject, author, audience, about, opened_at) VALUES (?, ?, ?, ?, ?, ?)",
      [kind.rawValue, subject, author, try audience.map(JSONText.of), about, now])
    let thread = ThreadID(database.lastInsertedRowID)
    for (position, member) in members.enumerated() {
      try run(
        "INSERT INTO thread_member (thread, account, position) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [thread, member, position])
    }
    threads.append(thread)
    if about == nil { unrelated.insert(thread) }
    result.thread = thread
  }

  private mutating func addEntry(
    _ thread: ThreadID, _ author: AccountID, _ body: MessageBody, _ origin: ForwardedOrigin?
  ) throws {
    try run(
      """
      INSERT INTO entry (thread, author, sender, text, files, origin, at, message_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        thread, author, origin?.forwardedBy ?? author, body.text, try JSONText.of(body.files),
        try origin.map(JSONText.of), now, outcome.messageID,
      ])
    let entry = EntryID(database.lastInsertedRowID)
    entries.append(entry)
    writers.insert(origin?.forwardedBy ?? author)
    result.thread = thread
    result.entry = entry
  }

  private func retract(_ entry: EntryID) throws {
    try run("UPDATE entry SET is_retracted = 1 WHERE id = ?", [entry])
    try run("DELETE FROM digest_line WHERE entry = ?", [entry])
    try run(
      "UPDATE delivery SET status = 'cancelled' WHERE entry = ? AND status = 'waiting' AND kind NOT IN (?, ?, ?, ?, ?)",
      [entry]
        + StatementArguments(
          [NoticeKind.commentReceipt, .publishReceipt, .broadcastReceipt, .itemReceipt, .calendarReceipt].map(
            \.rawValue)))
  }

  private func resolve(_ thread: Reference<ThreadID>) -> ThreadID { resolve(thread, threads) }

  private func resolve(_ entry: Reference<EntryID>) -> EntryID { resolve(entry, entries) }

  private func resolve<ID>(_ reference: Reference<ID>, _ made: [ID]) -> ID {
    switch reference {
    case .existing(let id): return id
    case .made(let place):
      guard made.indices.contains(place) else { preconditionFailure("a decision names what it does not make") }
      return made[place]
    }
  }

  // MARK: Notices

  /// At most one automatic answer a recipient, word and day.
  private func mayAnswer(_ notice: Notice) throws -> Bool {
    guard let word = notice.onceADay else { return true }
    let recipient =
      switch notice.recipient {
      case .account(let account): "\(account)"
      case .stranger(let address): address.lowercased()
      }
    let since = outcome.at.addingTimeInterval(-Store.limiterWindow).milliseconds
    // What a clock wrote down that ran ahead would silence all answers until then.
    try run("DELETE FROM automatic_answer WHERE at <= ? OR at > ?", [since, now + Store.clockTolerance])
    try run(
      "INSERT INTO automatic_answer (recipient, word, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      [recipient, word, now])
    return database.changesCount == 1
  }

  private mutating func insert(_ notice: Notice, threading: inout [ThreadingKey: Threading]) throws {
    var facts = notice.facts
    facts.calendar?.assign(newEvents)
    facts.absence?.assign(newAbsences)
    let thread = notice.thread.map(resolve)
    let entry = notice.entry.map(resolve)
    var account: AccountID?
    var stranger: String?
    switch notice.recipient {
    case .account(let id): account = id
    case .stranger(let address): stranger = address
    }
    let key = ThreadingKey(account: account, thread: thread)
    let past = try past(key, &threading)
    let line = notice.recipient == outcome.writer ? past.answering(outcome.messageID) : past
    let due = (notice.notBefore ?? outcome.at).milliseconds
    if !notice.listed.isEmpty { facts.digestEntries = notice.listed.map(resolve) }
    let isWithheld = try notice.lane != .urgent && account.map { try mustWithhold($0) } ?? false
    let id = try nextDelivery()
    let event = facts.calendar?.events.first?.event
    let shared = NewDeliveries.Shared(
      kind: notice.kind, stranger: stranger, lane: notice.lane, thread: thread, entry: entry,
      replyTarget: try target(notice.replyTarget, thread: thread, entry: entry, event: event, delivery: id),
      facts: facts, inReplyTo: line.inReplyTo, references: line.references, createdAt: now, dueAt: due,
      status: isWithheld ? .withheld : .waiting)
    try newDeliveries.add(id, account: account, messageID: messageID(id), shared, to: database)
    if let calendar = facts.calendar, let account { told.append((notice.kind, calendar, account, id)) }
    result.deliveries.append(id)
  }

  private func past(_ key: ThreadingKey, _ threading: inout [ThreadingKey: Threading]) throws -> Threading {
    if let thread = key.thread, let account = key.account, unrelated.contains(thread), !writers.contains(account) {
      return Threading()
    }
    if let known = threading[key] { return known }
    let past = try Threading.of(key, database)
    threading[key] = past
    return past
  }

  private mutating func mustWithhold(_ account: AccountID) throws -> Bool {
    let broken = try self.broken ?? database.brokenAccounts()
    self.broken = broken
    return try broken.contains(account) && database.isWithheld(account, at: outcome.at)
  }

  /// A number that was never given before, for keys are made of it: SQLite remembers the last where a table is
  /// AUTOINCREMENT, whatever was deleted since.
  private mutating func nextDelivery() throws -> DeliveryID {
    let sql = "SELECT seq FROM sqlite_sequence WHERE name = 'delivery'"
    let next = try (lastDelivery ?? Int64.fetchOne(database.cachedStatement(sql: sql)) ?? 0) + 1
    lastDelivery = next
    return DeliveryID(next)
  }

  private func target(
    _ target: NoticeTarget, thread: ThreadID?, entry: EntryID?, event: EventID?, delivery: DeliveryID
  ) throws -> ReplyTarget {
    switch target {
    case .thread:
      guard let thread else { preconditionFailure("a notice is answered to a thread that it does not name") }
      return .thread(thread)
    case .entry:
      guard let entry else { preconditionFailure("a notice is answered to an entry that it does not name") }
      return .entry(entry)
    case .held(let inbound): return .held(inbound)
    case .digest: return .digest(delivery)
    case .support: return .support
    case .activation: return .activation
    case .addressChange(let account): return .addressChange(account)
    case .addressApproval: return .addressApproval(delivery)
    case .documents: return .documents
    case .filing:
      guard let filing = result.filing else { preconditionFailure("a notice names a filing without documents") }
      return .filing(filing)
    case .classList: return .classList
    case .broadcast:
      guard let entry else { preconditionFailure("a question is about an entry that it does not name") }
      return .broadcast(entry)
    case .offer:
      guard let thread else { preconditionFailure("a notice is answered to an offer that it does not name") }
      return .offer(thread)
    case .posted: return .posted(delivery)
    case .settings: return .settings
    case .settingsReceipt: return .settingsReceipt(delivery)
    case .reported(let entry): return .reported(entry)
    case .event(let event): return .event(event)
    case .newEvent:
      guard let event else { preconditionFailure("a notice is answered to an event that it does not name") }
      return .event(event)
    case .calendarPost(let entry): return .calendarPost(entry)
    case .calendarWeek: return .calendarWeek
    case .results: return .results(delivery)
    case .newPost:
      guard let entry else { preconditionFailure("a notice is answered to an entry that it does not name") }
      return .calendarPost(entry)
    case .conference(let target): return .conference(target.resolved(opened: conference))
    case .absence: return .absence(delivery)
    case .album(let album): return .album(album)
    case .photoBatch:
      guard let batch = photosMade.batch else { preconditionFailure("a notice names a batch without photos") }
      return .photoBatch(batch)
    case .albums: return .albums
    case .consent: return .consent
    }
  }
}
