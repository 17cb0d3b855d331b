import Foundation
import Logging
import Mail
import School
import Store
import Transport

/// Sends what is due: a message on each connection and those that come after it, urgent before normal before bulk, each
/// within the school's rate. A message's status changes only when a server has answered, so a crash sends it again.
struct Dispatcher: Sendable {
  /// How often the outbox is looked at without being told, since other processes write too.
  static let interval: Duration = .seconds(2)
  /// Failures of the connection, amid the message or with answers about others between them, after which a message
  /// waits longer than those: it may be to blame itself.
  static let patience = 5
  /// A mail that was made longer ago than this, in seconds, is looked at again before it goes.
  static let waited: TimeInterval = 30
  let gateway: SchoolGateway
  let submitter: any MailSubmitter
  private let outbox: Outbox
  private let writer: OutcomeWriter

  init(gateway: SchoolGateway, submitter: any MailSubmitter) {
    self.gateway = gateway
    self.submitter = submitter
    outbox = Outbox(gateway: gateway)
    writer = OutcomeWriter(
      store: gateway.store, onWritten: { [outbox] in await outbox.recorded($0) },
      // All that send wait for the disk then; nobody hangs.
      onWait: { gateway.vitals.beat(.dispatch, within: Vitals.transfer) })
  }

  /// Until the task is cancelled; messages that a server has in hand are waited for, and what it says is written down.
  func run() async {
    await untilStoreIsWritten()
    await withTaskGroup { group in
      group.addTask {
        for await _ in gateway.store.changes() { await outbox.wake() }
      }
      group.addTask {
        while !Task.isCancelled {
          await pause(Self.interval)
          await outbox.wake()
        }
      }
      let sending = gateway.settings.sending
      let workers = sending.connections * sending.messagesPerConnection
      for _ in 0..<workers { group.addTask { await work() } }
    }
    await writer.finish()
  }

  /// Nothing is sent before the store took a write: a full disk, and a program that is started again and again, would
  /// send the same mails each time.
  private func untilStoreIsWritten() async {
    var isTold = false
    while !Task.isCancelled {
      gateway.vitals.beat(.dispatch, within: Vitals.transfer)
      do throws(StoreError) { return try await gateway.store.noteStart(gateway.now()) } catch {
        if !isTold {
          gateway.log.error("nothing is sent: the store takes no writes", metadata: ["error": "\(error)"])
        }
        isTold = true
      }
      await pause(.seconds(1))
    }
  }

  private func work() async {
    while !Task.isCancelled {
      // For all workers: one that hangs is known by its connection's own limits.
      gateway.vitals.beat(.dispatch, within: Vitals.transfer)
      guard let mail = await outbox.next() else {
        await outbox.wait()
        continue
      }
      switch await send(mail) {
      case .notSent: await outbox.done(mail.delivery.id, wasTried: false)
      case .unanswered: await outbox.done(mail.delivery.id, wasTried: true)
      // With the outcome in the writer's hands, the message stays under way until that is written.
      case .outcome: break
      }
    }
  }

  // MARK: One message

  private enum Sending {
    /// No server was asked: it waits, is not wanted any more, or cannot be made.
    case notSent
    case unanswered
    case outcome
  }

  private func send(_ mail: DueMail) async -> Sending {
    Failpoint.claimed.pass()
    let delivery = mail.delivery
    do throws(StoreError) {
      let material = try mail.material.get()
      if delivery.kind.isContent, material.entry?.isRetracted == true || isNobodysAnyMore(delivery, material) {
        try await gateway.store.cancel(delivery.id)
        return .notSent
      }
      if let until = quietUntil(delivery, material.directory) {
        try await gateway.store.hold(delivery.id, until: until)
        return .notSent
      }
      let address = material.directory.address(of: delivery)
      if let until = await gateway.providers.waits(delivery, to: address, gateway) {
        try await gateway.store.hold(delivery.id, until: until)
        return .notSent
      }
      let mail = try await DeliveryComposer(gateway: gateway).compose(delivery, material)
      Failpoint.composed.pass()
      do throws(TransportError) {
        let reply = try await submitter.submit(mail.octets, envelope: mail.envelope)
        Failpoint.submitted.pass()
        await record(delivery, reply, address)
        return .outcome
      } catch { return await failed(delivery, error) ? .outcome : .unanswered }
    } catch {
      await gateway.providers.giveUp(delivery.id)
      gateway.log.error("mail not composed", metadata: ["delivery": "\(delivery.id)", "error": "\(error)"])
      if error.isOfStore {
        await outbox.rest()
        return .notSent
      }
      await setAside(delivery.id, error)
      return .notSent
    }
  }

  /// Leaves a mail that can never be made to support.
  private func setAside(_ delivery: DeliveryID, _ error: StoreError) async {
    do throws(StoreError) {
      try await gateway.store.setAside(
        delivery, reason: "It could not be composed: \(error.kind.rawValue)", at: gateway.now())
    } catch {
      gateway.log.error("mail not set aside", metadata: ["delivery": "\(delivery)", "error": "\(error)"])
      await outbox.rest()
    }
  }

  /// Mail that waited may be for who reads that group's no more: an import took the child, or the authority, away. That
  /// an event is off is told to all who were told of it.
  private func isNobodysAnyMore(_ delivery: DeliveryRecord, _ material: DeliveryMaterial) -> Bool {
    guard gateway.now().timeIntervalSince(delivery.createdAt) > Self.waited, delivery.kind != .eventCancellation,
      let audience = material.thread?.audience, case .account(let account) = delivery.recipient
    else { return false }
    // Of a group that is gone nobody knows who was in it.
    let isGone = if case .group(let group) = audience { material.directory.groups[group] == nil } else { false }
    guard !material.directory.mayRead(account, isGone ? .school : audience) else { return false }
    gateway.log.notice("mail cancelled: its reader left", metadata: ["delivery": "\(delivery.id)"])
    return true
  }

  /// The end of its reader's quiet hours, for a mail that waits for them.
  private func quietUntil(_ delivery: DeliveryRecord, _ directory: Directory) -> Date? {
    guard case .account(let id) = delivery.recipient else { return nil }
    return directory.accounts[id]?.waits(
      delivery.lane, delivery.facts, now: gateway.now(), timeZone: gateway.settings.timeZone)
  }

  private func record(_ delivery: DeliveryRecord, _ reply: SMTPReply, _ address: MailAddress?) async {
    let words = ServerWords(code: reply.code, enhancedStatusCode: reply.enhancedStatusCode, text: reply.text)
    // Its quota, or its login, may be right again later: mail waits for that as it does for a server that is away.
    let isOfSubmitter = !reply.isAccepted && !reply.isTemporary && words.refuseSubmitter
    var result: DeliveryOutcome.Result =
      if reply.isAccepted {
        .accepted(words)
      } else if reply.isTemporary || isOfSubmitter { later(delivery, words) } else { .refused(words) }
    gateway.log.info(
      "mail sent",
      metadata: [
        "delivery": "\(delivery.id)", "kind": "\(delivery.kind.rawValue)", "code": "\(reply.code)",
        "status": "\(reply.enhancedStatusCode ?? "-")",
      ])
    if isOfSubmitter {
      gateway.log.error("mail server refuses the school's account", metadata: ["code": "\(reply.code)"])
      await gateway.providers.giveUp(delivery.id)
      await outbox.refused()
    } else if await gateway.providers.note(delivery.id, result, address, gateway), case .refused = result {
      // Where the provider refuses all, this mail is kept for when it does no longer.
      result = later(delivery, words)
    }
    gateway.count(result, to: address)
    await writer.write(
      DeliveryOutcome(
        delivery: delivery.id, at: gateway.now(), result: result,
        sign: reply.isOfRecipient ? .of(result, delivery, address) : nil))
  }

  private func later(_ delivery: DeliveryRecord, _ words: ServerWords) -> DeliveryOutcome.Result {
    let next = RetrySchedule.next(
      afterAttempts: delivery.attempts + 1, firstDue: delivery.firstDueAt, now: gateway.now())
    return next.map { .deferred(words, until: $0) } ?? .refused(words)
  }

  /// No server answered about this message. The row stays as it is, and all wait a while: most often the server is
  /// away, or does not take our login, and no message is to blame.
  ///
  /// - Returns: whether there is an outcome all the same.
  private func failed(_ delivery: DeliveryRecord, _ error: TransportError) async -> Bool {
    await gateway.providers.giveUp(delivery.id)
    guard !Task.isCancelled else { return false }
    gateway.log.warning("mail server not reached", metadata: ["delivery": "\(delivery.id)", "error": "\(error)"])
    let result: DeliveryOutcome.Result
    if error.kind == .limit {
      result = .refused(ServerWords(text: error.message))
    } else if await outbox.failed(delivery.id, mayHaveSent: error.mayHaveSent), error.isTemporary {
      result = later(delivery, ServerWords(text: error.message))
    } else {
      return false
    }
    await writer.write(DeliveryOutcome(delivery: delivery.id, at: gateway.now(), result: result))
    return true
  }
}
