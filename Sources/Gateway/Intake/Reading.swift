import Deliverability
import Foundation
import Mail
import School
import Store

/// One destination of a person's mail, from who wrote it to the decision.
struct Reading: Sendable {
  let gateway: SchoolGateway
  let mail: ReceivedMail
  let directory: Directory
  let destination: Destination
  /// The account's owner has said that the mail is theirs.
  var isConfirmed = false

  private var store: Store { gateway.store }

  /// What becomes of it; the caller says whose handling that ends.
  func outcome() async throws(StoreError) -> Outcome {
    switch standing {
    case .granted(let actor): return try await granted(actor)
    case .held(let account, let reason):
      let question = hold(
        mail.id, for: account, reason: reason, isProven: mail.proof.isProven,
        excerpt: contents.excerpt(for: contents.act(destination.act)), summary: contents.summary(for: [destination]),
        now: gateway.now())
      return outcome("held", of: .account(account), question)
    case .stranger: return try await stranger()
    }
  }

  private var standing: Standing {
    let evidence = Evidence(
      writer: writer, keyOwner: keyOwner, isProven: mail.proof.isProven && !(level >= .proven && mayBeReplayed),
      isConfirmed: isConfirmed)
    return Standing.judge(evidence, for: level)
  }

  /// After so long, in seconds, a signature no longer proves that somebody wants now what the mail says.
  static let longestWay: TimeInterval = 14 * 86_400

  /// Whether anybody who once got the mail may have sent it on to this address, its signature whole: it does not name
  /// the address, or is old.
  private var mayBeReplayed: Bool {
    guard !mail.isBroughtBySender else { return false }
    let isOld = mail.message.date.map { gateway.now().timeIntervalSince($0) > Self.longestWay } ?? false
    return isOld || !destination.isAddressed
  }

  /// A key of an account that became part of another, or is to, proves nothing; what it leads to is that one's.
  private var keyOwner: AccountID? {
    guard let owner = destination.keyOwner, directory.accounts[owner]?.isAbsorbed != true else { return nil }
    if let writer, directory.isForerunner(owner, of: writer) { return nil }
    return owner
  }

  private var contents: MailContents {
    let pupils = (keyOwner ?? writer).map { directory.pupils(of: $0) } ?? []
    return MailContents(gateway: gateway, mail: mail, children: pupils.map(\.name))
  }

  /// What exactly is asked stands in the mail.
  private var level: AuthorityLevel { contents.act(destination.act).level }

  /// Two addresses in From are no proof of either.
  private var writer: AccountID? {
    guard mail.message.from.count == 1, let from = mail.message.from.first else { return nil }
    return directory.account(address: from.address.canonical)?.id
  }

  /// - Parameter writer: who gets the answers, as far as we know; nil where nobody does.
  private func outcome(_ label: String, of writer: Notice.Recipient?, _ decision: Decision) -> Outcome {
    Outcome(
      inbound: nil, label: label, messageID: mail.message.messageID, writer: writer,
      fingerprint: mail.message.fingerprint, route: destination.name, decision: decision, at: gateway.now())
  }

  /// Nobody whom the school knows: help, once a day; but a person of support for who is proven to be who they say,
  /// since parents write from a new address.
  private func stranger() async throws(StoreError) -> Outcome {
    guard mail.message.from.count == 1, let from = mail.message.from.first?.address else {
      return outcome("no-sender", of: nil, Decision())
    }
    if destination.name == RouteWord.support.canonical, mail.proof.isProven {
      let account = try await store.ensureAccount(address: from.canonical, language: gateway.settings.language)
      let directory = try await store.directory()
      return try await Reading(gateway: gateway, mail: mail, directory: directory, destination: destination)
        .granted(account)
    }
    let writer = Notice.Recipient.stranger(address: from.canonical)
    if case .testLoop = destination.act, case .testLoop(let test) = contents.act(destination.act) {
      return outcome("stranger", of: writer, decideTestForStranger(address: from.canonical, test))
    }
    let isAbsence = if case .absence = destination.act { true } else { false }
    return outcome("stranger", of: writer, decideForStranger(address: from.canonical, isAbsence: isAbsence))
  }

  private func granted(_ actor: AccountID) async throws(StoreError) -> Outcome {
    let act = contents.act(destination.act)
    let body = try await contents.body(for: act)
    // A confirmed mail that is itself such an answer releases nothing more: two could go round for ever.
    if !isConfirmed, case .answer(.held(let held)) = act, HeldAnswer(body.text) == .mine {
      return try await release(held, for: actor)
    }
    let command = Command(
      actor: actor, act: act, subject: subject(of: body), body: body, givenName: mail.message.from.first?.name)
    var state = try await SituationReader(
      store: store, keys: gateway.keys, settings: gateway.settings, directory: directory
    )
    .state(for: act, actor: actor, message: mail.message)
    try await CalendarSituation(
      store: store, settings: gateway.settings, message: mail.message, now: gateway.now()
    ).fill(&state, for: act, actor: actor)
    state.conference = try await ConferenceReading(gateway: gateway, message: mail.message)
      .situation(of: act, actor: actor)
    try await AbsenceSituation(store: store, settings: gateway.settings, now: gateway.now()).fill(&state, for: command)
    try await PhotoSituation(gateway: gateway, mail: mail).fill(&state, for: act, actor: actor)
    var decision = decide(command, state, now: gateway.now())
    if let again = try await askedAgain(act, body, actor) { decision.notices.append(again) }
    // Whoever forges a From gets its owner no more mail than that, and a program that may answer us no answer for each.
    if act.level == .anyone && !mail.proof.isProven || mail.sort == .bulk {
      decision = decision.answeredOnceADay(actor)
    }
    var outcome = outcome(decision.label, of: .account(actor), decision)
    outcome.isProven = mail.proof.isProven
    return outcome
  }

  /// Without `Re:` and the like; where there is none, how the text begins.
  private func subject(of body: MessageBody) -> String {
    let subject = SubjectLine(destination.subject).base
    return subject.isEmpty ? String(body.excerpt.prefix(60)) : subject
  }

  // MARK: Held messages

  /// The question whether a held mail was theirs, to who answered neither yes nor no: once a day, since a robot may
  /// have answered.
  private func askedAgain(_ act: Act, _ body: MessageBody, _ actor: AccountID) async throws(StoreError) -> Notice? {
    guard case .answer(.held(let id)) = act, HeldAnswer(body.text) == .other,
      CommandWord(firstLineOf: body.text) != .help, let held = try await store.held(id), held.account == actor,
      held.reason.expiry(since: held.at).map({ gateway.now() <= $0 }) ?? true,
      let (excerpt, summary) = try await shown(of: id)
    else { return nil }
    return askAbout(
      id, of: actor, reason: held.reason, since: held.at, excerpt: excerpt, summary: summary,
      onceADay: "\(confirmationWord) again")
  }

  /// `JA`: the held message is decided anew, as its own; and the next one that waits is asked about.
  private func release(_ held: InboundID, for actor: AccountID) async throws(StoreError) -> Outcome {
    let waiting = try await store.held(of: actor)
    guard let asked = waiting.first(where: { $0.inbound == held }) else {
      let command = Command(actor: actor, act: .answer(.held(held)), subject: "", body: MessageBody(text: "JA"))
      let state = SchoolState(directory: directory, policy: gateway.settings.policy(directory))
      return outcome("nothing-held", of: .account(actor), decide(command, state, now: gateway.now()))
    }
    var released = try await heldOutcomes(asked)
    // All but the last are written down at once; a second time they are found done.
    for outcome in released.dropLast() where try await gateway.commit(outcome).isStale {
      return try await release(held, for: actor)
    }
    var last = released.popLast() ?? outcome("nothing-held", of: .account(actor), Decision())
    last.decision.changes.append(.releaseHeld(held))
    let isOpen = { (one: HeldMessage) in one.reason.expiry(since: one.at).map { gateway.now() <= $0 } ?? true }
    for next in waiting where next.inbound != held && isOpen(next) {
      guard let (excerpt, summary) = try await shown(of: next.inbound) else { continue }
      last.decision.notices.append(
        askAbout(
          next.inbound, of: actor, reason: next.reason, since: next.at, excerpt: excerpt, summary: summary,
          onceADay: nil))
      break
    }
    return last
  }

  /// What a question about a held mail shows. Nil where its bytes are damaged or gone: the one that was confirmed is
  /// released all the same.
  private func shown(of held: InboundID) async throws(StoreError) -> (excerpt: String, HeldSummary)? {
    do throws(StoreError) {
      let raw = try await store.raw(of: held)
      let contents = MailContents(gateway: gateway, mail: ReceivedMail(id: held, raw: raw, gateway: gateway))
      let destinations = try await Router(
        scheme: gateway.settings.scheme, keys: gateway.keys, store: store, directory: directory
      ).destinations(of: contents.mail.message)
      let act = destinations.first.map { contents.act($0.act) } ?? .askSupport
      return (contents.excerpt(for: act), contents.summary(for: destinations))
    } catch {
      if error.isOfStore { throw error }
      return nil
    }
  }

  /// What a held message does now that it is confirmed: to each of its destinations for which it was held, and not to
  /// those that it reached when it came. What must always be confirmed is asked anew where that took too long.
  private func heldOutcomes(_ held: HeldMessage) async throws(StoreError) -> [Outcome] {
    let actor = held.account
    let isLate = gateway.now() > held.at.addingTimeInterval(AuthorityLevel.challengeLifetime)
    let original = try await ReceivedMail(id: held.inbound, raw: store.raw(of: held.inbound), gateway: gateway)
    let router = Router(scheme: gateway.settings.scheme, keys: gateway.keys, store: store, directory: directory)
    var outcomes: [Outcome] = []
    for destination in try await router.destinations(of: original.message) {
      var reading = Reading(gateway: gateway, mail: original, directory: directory, destination: destination)
      guard case .held(actor, _) = reading.standing else { continue }
      reading.isConfirmed = true
      let isExpired = isLate && reading.level == .challenged
      var outcome =
        isExpired
        ? reading.outcome("", of: .account(actor), challengeExpired(for: actor)) : try await reading.outcome()
      outcome.label = isExpired ? "expired" : "released"
      outcome.route = "released \(destination.name)"
      outcomes.append(outcome)
    }
    return outcomes
  }
}

extension Decision {
  /// Each kind of answer to who wrote at most once a day.
  fileprivate func answeredOnceADay(_ actor: AccountID) -> Decision {
    var limited = self
    for place in limited.notices.indices where limited.notices[place].recipient == .account(actor) {
      limited.notices[place].onceADay = limited.notices[place].onceADay ?? limited.notices[place].kind.rawValue
    }
    return limited
  }

  /// One word for the record.
  fileprivate var label: String {
    if notices.contains(where: { $0.kind == .refusal }) { return "refused" }
    if changes.contains(where: { if case .addEntry = $0 { true } else { false } }) { return "posted" }
    return changes.isEmpty ? "answered" : "done"
  }
}
