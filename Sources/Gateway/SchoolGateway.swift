import CoreMetrics
import Foundation
import Logging
import Mail
import Rendering
import School
import Store
import Synchronization
import Transport

/// One school's gateway: what its parts share, there once however many of them hold it. `run` reads the mailbox, sends
/// what is due and makes digests, until its task is cancelled.
package final class SchoolGateway: Sendable {
  package let settings: SchoolSettings
  package let store: Store
  package let templates: Templates
  package let keys: KeyRing
  package let vitals = Vitals()
  let providers = ProviderWatch()
  let budget = MailBudget()
  let inHand = MailsInHand()
  let metrics: any MetricsFactory
  /// See `forEach`.
  let damageLogged = Mutex<Set<String>>([])
  private let turns = Turns()
  let routes: [RouteWord: NoticeAddresses.Target]
  let log: Logger
  /// The clock; the real one but in tests.
  let now: @Sendable () -> Date

  package init(
    settings: SchoolSettings, store: Store, templates: Templates, keys: KeyRing, log: Logger,
    metrics: any MetricsFactory = NOOPMetricsHandler.instance,
    now: @escaping @Sendable () -> Date = { Date() }
  ) {
    self.settings = settings
    routes = settings.scheme.offeredRoutes
    self.store = store
    self.templates = templates
    self.keys = keys
    self.log = log
    self.metrics = metrics
    self.now = now
  }

  /// Serves the school until the task is cancelled; mail that is under way is finished first. Trouble with the servers
  /// or the store is logged and tried again: it never ends the run. But where SQLite finds its file damaged nothing
  /// that is read is to be trusted: the run ends, and the store's `corruption` says why.
  package func run(imap: any IMAPConnector, smtp: any MailSubmitter) async {
    let waiting = (try? await store.waitingDeliveries()) ?? 0
    log.notice("serving", metadata: ["waiting": "\(waiting)"])
    await makeDeskAccounts()
    await withTaskGroup { group in
      group.addTask { await self.runParts(imap, smtp) }
      group.addTask { await self.untilCorrupt() }
      await group.next()
      group.cancelAll()
    }
    log.notice("stopped")
  }

  private func untilCorrupt() async {
    // Listened to before it is asked for: it is not missed between the two.
    let changes = store.changes()
    try? await store.lookThroughLarge()
    guard store.corruption == nil else { return }
    for await _ in changes where store.corruption != nil { return }
  }

  private func runParts(_ imap: any IMAPConnector, _ smtp: any MailSubmitter) async {
    await withTaskGroup { group in
      for part in Vitals.Part.allCases { group.addTask { await self.run(part, imap, smtp) } }
    }
  }

  /// Each part beats, so that its silence is noticed.
  private func run(_ part: Vitals.Part, _ imap: any IMAPConnector, _ smtp: any MailSubmitter) async {
    switch part {
    case .mailbox: await MailboxWatch(gateway: self, connector: imap).run()
    case .waitingMail: await WaitingMail(gateway: self).run()
    case .dispatch: await Dispatcher(gateway: self, submitter: smtp).run()
    case .digests: await DigestClock(gateway: self).run()
    case .standing: await StandingWatch(gateway: self).run()
    case .activation: await ActivationWatch(gateway: self).run()
    case .reports: await ReportClock(gateway: self).run()
    case .calendar: await CalendarClock(gateway: self).run()
    case .urgent: await UrgentWatch(gateway: self).run()
    case .clock: await ClockWatch(gateway: self).run()
    case .offers: await OfferClock(gateway: self).run()
    case .dataRequests: await DataRequests(gateway: self).run()
    case .conferences: await ConferenceClock(gateway: self).run()
    case .absence: await AbsenceClock(gateway: self).run()
    case .albums: await AlbumClock(gateway: self).run()
    case .damage: await DamageWatch(gateway: self).run()
    case .handledFolder: await HandledFolder(gateway: self, connector: imap).run()
    }
  }

  /// Whoever answers for support or urgent mail, or approves what goes to the school, can be written to, also where no
  /// administration knows them.
  func makeDeskAccounts() async {
    let people = settings.people
    let desks =
      people.supportDesk + people.urgentDesk + people.mailAdmins + settings.broadcast.approvers
      + settings.schoolyard.moderators + settings.absence.desk + settings.absence.head
    for address in desks {
      do throws(StoreError) { _ = try await store.ensureAccount(address: address, language: settings.language) } catch {
        log.error("a desk's account cannot be made", metadata: ["error": "\(error)"])
      }
    }
  }

  /// The Message-ID of a delivery, without angle brackets.
  func messageID(_ delivery: DeliveryID) -> String { "\(keys.messageIDKey(delivery))@\(settings.scheme.domain)" }

  func commit(_ outcome: Outcome) async throws(StoreError) -> Committed {
    Failpoint.decided.pass()
    let done = try await store.commit(outcome) { [self] in messageID($0) }
    store.whenDurable { Failpoint.committed.pass() }
    return done
  }

  /// How often a decision is made anew because others decided on the same thing meanwhile; each time one of them did.
  static let mostDecisions = 1_000

  /// Commits what `outcome` gives; asks it again where what that was decided on had changed by then.
  ///
  /// - Throws: what `outcome` throws; `.busy` where others are always faster.
  func commit(
    deciding outcome: () async throws(StoreError) -> Outcome
  ) async throws(StoreError) -> (Committed, Outcome) {
    let first = try await outcome()
    let done = try await commit(first)
    if !done.isStale { return (done, first) }
    // Whose turn it is may be waiting for what is done together here.
    try store.needsTime()
    // Those who were too slow go one by one: else of a thousand each makes its decision a thousand times.
    await turns.take()
    defer { Task { await turns.pass() } }
    for _ in 1..<Self.mostDecisions {
      let outcome = try await outcome()
      let done = try await commit(outcome)
      if !done.isStale { return (done, outcome) }
    }
    throw StoreError(.busy, "Others decided on the same thing \(Self.mostDecisions) times meanwhile")
  }
}

/// Sleeps, unless the task is cancelled: then it returns at once.
func pause(_ duration: Duration) async { try? await Task.sleep(for: duration) }
