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

  /// Handles a message that waits, whatever is in it; one that cannot be handled is set aside with the reason.
  ///
  /// Once begun it is finished, also when the task is cancelled meanwhile.
  ///
  /// - Parameter raw: the message, where its reading was written down as begun when it was recorded.
  /// - Returns: what the message is afterwards: `waiting` where the store was in trouble, and it must be tried again.
  func handle(_ record: InboundRecord, begun raw: Data? = nil) async -> InboundRecord.Status {
    await Task { await handleNow(record, raw) }.value
  }

  private func handleNow(_ record: InboundRecord, _ raw: Data?) async -> InboundRecord.Status {
    do throws(StoreError) {
      if raw == nil, try await store.noteAttempt(record.id) > settings.limits.attempts {
        return try await setAside(record.id, "reading it ended the program \(settings.limits.attempts) times")
      }
      Failpoint.attempted.pass()
      return try await read(record.id, raw)
    } catch {
      gateway.log.error("mail not handled", metadata: ["inbound": "\(record.id)", "error": "\(error)"])
      // Damage of its own goes to a person; trouble with the disk or the database is not the mail's fault.
      if !error.isOfStore, let status = try? await setAside(record.id, "\(error)") { return status }
      try? await store.withdrawAttempt(record.id)
      return .waiting
    }
  }

  private func setAside(
    _ id: InboundID, outcome: String = "set-aside", _ reason: String
  ) async throws(StoreError) -> InboundRecord.Status {
    try await store.setAside(id, outcome: outcome, reason: reason, at: gateway.now())
    gateway.log.warning("mail set aside", metadata: ["inbound": "\(id)", "reason": "\(reason)"])
    return .setAside
  }

  private func read(_ id: InboundID, _ raw: Data?) async throws(StoreError) -> InboundRecord.Status {
    let known: Data
    do throws(StoreError) { known = if let raw { raw } else { try await store.raw(of: id) } } catch {
      guard error.kind == .damaged || error.kind == .notFound else { throw error }
      return try await setAside(id, outcome: InboundRecord.damaged, "\(error)")
    }
    let mail = ReceivedMail(id: id, raw: known, gateway: gateway)
    switch mail.sort {
    case .person, .calendarReply: return try await answer(mail)
    case .report:
      let reports = ReceivedReports.records(mail.message, domain: settings.scheme.domain)
      try await finish(mail, label: mail.sort.label, reports: reports)
    case .ownLoop, .bulk: try await finish(mail, label: mail.sort.label)
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
    gateway.count(MetricName.received, ["as": label])
    gateway.log.info("mail noted", metadata: ["inbound": "\(mail.id)", "as": "\(label)"])
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
    }
    guard case .leave(let isFirst) = gateway.budget.spend(side, limit: limit, now: gateway.now()) else { return true }
    try await store.setAside(
      mail.id, outcome: InboundRecord.overBudget, reason: "more than \(limit) in an hour", at: gateway.now())
    gateway.count(MetricName.received, ["as": InboundRecord.overBudget])
    if isFirst {
      gateway.log.warning("more mail than is read", metadata: ["inbound": "\(mail.id)", "flood": "\(flood.rawValue)"])
      try await gateway.tell(flood, from: address, count: limit)
    }
    return false
  }

  // MARK: A person's mail

  /// Each destination is an outcome of its own; the last one ends the message's handling. After a crash in between,
  /// those that were done are found done.
  private func answer(_ mail: ReceivedMail) async throws(StoreError) -> InboundRecord.Status {
    let directory = try await store.directory()
    let sender = mail.message.from.count == 1 ? mail.message.from.first : nil
    let account = sender.flatMap { directory.account(address: $0.address.canonical)?.id }
    let side = account.map { MailBudget.Side.sender($0, isProven: mail.proof.isProven) } ?? .strangers
    guard try await mayRead(mail, of: side) else { return .setAside }
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
      gateway.count(MetricName.received, ["as": done.wasDone ? "duplicate" : outcome.label])
      gateway.log.info(
        "mail handled",
        metadata: [
          "inbound": "\(mail.id)", "as": "\(done.wasDone ? "duplicate" : outcome.label)",
          "thread": "\(done.thread.map { "\($0)" } ?? "-")", "notices": "\(done.deliveries.count)",
        ])
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
  /// What a person newly wrote; empty for what no person did.
  let newText: String

  init(id: InboundID, raw: Data, gateway: SchoolGateway) {
    self.id = id
    message = MailMessage.parse(raw)
    let scheme = gateway.settings.scheme
    sort = MailSort.of(message) { mark in
      switch mark {
      case .messageID(let messageID): gateway.delivery(messageID: messageID) != nil
      case .sender(let address): scheme.isOurs(address)
      }
    }
    switch sort {
    case .person, .calendarReply: newText = NewText.read(message).text
    default: newText = ""
    }
    proof =
      if let authservID = gateway.settings.authservID, let from = message.from.first, message.from.count == 1 {
        AuthenticationResults.read(message.header, authservID: authservID).proof(of: from.address)
      } else {
        .none
      }
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
