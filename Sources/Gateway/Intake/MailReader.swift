import Deliverability
import Foundation
import Logging
import Mail
import School
import Store

/// Reads one recorded message and writes down what becomes of it.
struct MailReader: Sendable {
  let gateway: SchoolGateway
  private var store: Store { gateway.store }
  private var settings: SchoolSettings { gateway.settings }

  /// So long others who write wait for mails that are handled together, and for one more, in seconds.
  static let patience: TimeInterval = 0.025

  /// Handles a message that waits, whatever is in it; one that cannot be handled is set aside with the reason.
  ///
  /// Once begun it is finished, also when the task is cancelled meanwhile.
  ///
  /// - Parameter mail: the message, where its reading was written down as begun when it was recorded.
  /// - Returns: what the message is afterwards: `waiting` where the store was in trouble, and it must be tried again.
  func handle(_ record: InboundRecord, begun mail: ReceivedMail? = nil) async -> InboundRecord.Status {
    await Task { await handleNow(record, mail) }.value
  }

  private func handleNow(_ record: InboundRecord, _ mail: ReceivedMail?) async -> InboundRecord.Status {
    do throws(StoreError) {
      if mail == nil, try await store.noteAttempt(record.id) > settings.limits.attempts {
        return try await setAside(record.id, "reading it ended the program \(settings.limits.attempts) times")
      }
      Failpoint.attempted.pass()
      if let mail { return try await read(mail) }
      return try await readAgain(record.id)
    } catch {
      gateway.log.error("mail not handled", metadata: ["inbound": "\(record.id)", "error": "\(error)"])
      if let outcome = Self.outcome(of: error),
        let status = try? await setAside(record.id, outcome: outcome, "\(error)")
      {
        return status
      }
      try? await store.withdrawAttempt(record.id)
      return .waiting
    }
  }

  /// Damage of its own goes to a person; trouble with the disk or the database is not the mail's fault.
  ///
  /// - Returns: what the mail becomes; nil where it waits until the store is well again.
  static func outcome(of error: StoreError) -> String? {
    if error.isOfStore { return nil }
    return error.kind == .notInstalled ? InboundRecord.unavailable : InboundRecord.setAside
  }

  /// Handles mails, whose reading was written down as begun, one after the other in one transaction: until one of them
  /// fails or takes long, which is undone alone and must be handled by itself, or others have waited long enough.
  ///
  /// - Returns: what the first of them are afterwards; none where nothing was done.
  func handleTogether(_ mails: [ReceivedMail]) async -> [InboundRecord.Status] {
    await Task { await handleTogetherNow(mails) }.value
  }

  private func handleTogetherNow(_ mails: [ReceivedMail]) async -> [InboundRecord.Status] {
    do throws(StoreError) {
      return try await store.together {
        let begun = gateway.now()
        var done: [InboundRecord.Status] = []
        for mail in mails where done.isEmpty || abs(gateway.now().timeIntervalSince(begun)) < Self.patience {
          Failpoint.attempted.pass()
          let status = try? await store.attempt { () async throws(StoreError) in try await read(mail) }
          guard let status else { break }
          done.append(status)
        }
        return done
      }
    } catch {
      gateway.log.warning("mails are handled one by one", metadata: ["error": "\(error)"])
      return []
    }
  }

  private func setAside(
    _ id: InboundID, outcome: String = InboundRecord.setAside, _ reason: String
  ) async throws(StoreError) -> InboundRecord.Status {
    try await store.setAside(id, outcome: outcome, reason: reason, at: gateway.now())
    gateway.log.warning("mail set aside", metadata: ["inbound": "\(id)", "reason": "\(reason)"])
    return .setAside
  }

  /// One whose bytes the store has lost is set aside as damaged.
  private func readAgain(_ id: InboundID) async throws(StoreError) -> InboundRecord.Status {
    let raw: Data
    do throws(StoreError) { raw = try await store.raw(of: id) } catch {
      guard error.kind == .damaged || error.kind == .notFound else { throw error }
      return try await setAside(id, outcome: InboundRecord.damaged, "\(error)")
    }
    return try await read(ReceivedMail(id: id, raw: raw, gateway: gateway))
  }

  /// What it cost stands once it is done: trying it again until then costs nothing more.
  private func read(_ mail: ReceivedMail) async throws(StoreError) -> InboundRecord.Status {
    let status = try await readBySort(mail)
    store.whenDurable { [gateway] in gateway.budget.settle(mail.id) }
    return status
  }

  private func readBySort(_ mail: ReceivedMail) async throws(StoreError) -> InboundRecord.Status {
    switch mail.sort {
    case .person, .calendarReply: return try await answer(mail)
    case .report:
      guard try await mayRead(mail, of: .machines) else { return .setAside }
      let reports = ReceivedReports.records(mail.message, domain: settings.scheme.domain)
      try await finish(mail, label: mail.sort.label, reports: reports)
    case .bulk:
      let side = try await side(of: mail, store.directory())
      // Programs of parents call a letter bulk mail as well.
      if case .sender = side, !MachineSigns.isOfList(mail.message) { return try await answer(mail) }
      guard try await mayRead(mail, of: side) else { return .setAside }
      try await finish(mail, label: mail.sort.label)
    case .ownLoop:
      guard try await mayRead(mail, of: .machines) else { return .setAside }
      try await finish(mail, label: mail.sort.label)
    case .deliveryStatus, .autoReply, .readReceipt, .challenge, .complaint:
      guard let outcomes = try await ReturnedMail(gateway: gateway).outcomes(mail) else { return .setAside }
      try await finish(mail, label: outcomes.isEmpty ? "\(mail.sort.label)-of-nothing" : mail.sort.label, outcomes)
    }
    return .handled
  }

  private func finish(
    _ mail: ReceivedMail, label: String, _ outcomes: [DeliveryOutcome] = [], reports: [ReportRecord] = []
  ) async throws(StoreError) {
    var outcome = Outcome(inbound: mail.id, label: label, deliveries: outcomes, at: gateway.now())
    outcome.reports = reports
    _ = try await gateway.commit(outcome)
    note(mail.id, as: label, "mail noted")
  }

  private func note(_ id: InboundID, as label: String, _ words: Logger.Message, _ facts: Logger.Metadata = [:]) {
    store.whenDurable { [gateway] in
      gateway.count(MetricName.received, ["as": label])
      let what: Logger.Metadata = ["inbound": "\(id)", "as": "\(label)"]
      gateway.log.info(words, metadata: what.merging(facts) { $1 })
    }
  }

  // MARK: Too much mail

  /// False where a side's hour is used up: then the mail is left to a person, and support told.
  func mayRead(_ mail: ReceivedMail, of side: MailBudget.Side) async throws(StoreError) -> Bool {
    let flood: Flood
    let limit: Int
    var address: String?
    switch side {
    case .sender:
      (flood, limit) = (.sender, settings.limits.mailsPerHour)
      address = mail.message.from.first?.address.canonical
    case .strangers: (flood, limit) = (.strangers, settings.limits.strangersPerHour)
    case .returns: (flood, limit) = (.returns, settings.limits.strangersPerHour)
    case .machines: (flood, limit) = (.machines, settings.limits.strangersPerHour)
    }
    let verdict = gateway.budget.spend(side, on: mail.id, limit: limit, now: gateway.now())
    guard case .leave(let isFirst) = verdict else { return true }
    try await store.setAside(
      mail.id, outcome: InboundRecord.overBudget, reason: "more than \(limit) in an hour", at: gateway.now())
    store.whenDurable { [gateway] in
      gateway.count(MetricName.received, ["as": InboundRecord.overBudget])
      guard isFirst else { return }
      gateway.log.warning("more mail than is read", metadata: ["inbound": "\(mail.id)", "flood": "\(flood.rawValue)"])
    }
    if isFirst {
      try await gateway.tell(flood, from: address, count: limit)
    }
    return false
  }

  private func side(of mail: ReceivedMail, _ directory: Directory) -> MailBudget.Side {
    let sender = mail.message.from.count == 1 ? mail.message.from.first : nil
    let account = sender.flatMap { directory.account(address: $0.address.canonical)?.id }
    return account.map { .sender($0, isProven: mail.proof.isProven) } ?? .strangers
  }

  // MARK: A person's mail

  /// Each destination is an outcome of its own; the last one ends the message's handling. After a crash in between,
  /// those that were done are found done.
  private func answer(_ mail: ReceivedMail) async throws(StoreError) -> InboundRecord.Status {
    let directory = try await store.directory()
    guard try await mayRead(mail, of: side(of: mail, directory)) else { return .setAside }
    let router = Router(scheme: settings.scheme, keys: gateway.keys, store: store, directory: directory)
    let destinations = try await router.destinations(of: mail.message)
    for (place, destination) in destinations.enumerated() {
      let isLast = place == destinations.count - 1
      let reading = Reading(gateway: gateway, mail: mail, directory: directory, destination: destination)
      let (done, outcome) = try await gateway.commit { () async throws(StoreError) in
        var outcome = try await reading.outcome()
        outcome.inbound = isLast ? mail.id : nil
        return outcome
      }
      note(
        mail.id, as: done.wasDone ? "duplicate" : outcome.label, "mail handled",
        ["thread": "\(done.thread.map { "\($0)" } ?? "-")", "notices": "\(done.deliveries.count)"])
    }
    return .handled
  }
}

/// A message as it was read, and who or what it comes from.
struct ReceivedMail: Sendable {
  let id: InboundID
  let message: MailMessage
  let sort: MailSort
  let proof: SenderProof
  /// Whether it came from a server of its sender's, and is no mail that somebody else sent once more.
  let isBroughtBySender: Bool
  /// What a person newly wrote, or may have; empty for what no person did.
  let newText: String
  /// Decisions on what a person wrote are made in one transaction with others. What comes back of mail that was sent
  /// changes more than the store.
  var mayGoWithOthers: Bool {
    switch sort {
    case .person, .calendarReply: true
    default: false
    }
  }

  init(id: InboundID, raw: Data, gateway: SchoolGateway) {
    self.id = id
    message = MailMessage.parse(raw)
    let scheme = gateway.settings.scheme
    sort = MailSort.of(message) { mark in
      switch mark {
      case .messageID(let messageID): gateway.keys.delivery(messageID: messageID) != nil
      case .sender(let address): scheme.isOurs(address)
      }
    }
    switch sort {
    case .person, .calendarReply, .bulk: newText = NewText.read(message).text
    default: newText = ""
    }
    let found = AuthenticationResults.ofSender(message, authservID: gateway.settings.authservID)
    proof = found.map { $0.results.proof(of: $0.from) } ?? .none
    isBroughtBySender = found.map { $0.results.isBrought(by: $0.from) } ?? false
  }
}

extension MailSort {
  /// For the record of a message.
  var label: String {
    switch self {
    case .person, .calendarReply: "person"
    case .challenge: "challenge"
    case .deliveryStatus: "bounce"
    case .readReceipt: "read-receipt"
    case .autoReply: "auto-reply"
    case .complaint: "complaint"
    case .report: "report"
    case .ownLoop: "own-loop"
    case .bulk: "bulk"
    }
  }
}
