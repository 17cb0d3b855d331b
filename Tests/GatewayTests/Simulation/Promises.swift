import Foundation
import Mail
import School
import Store

@testable import Gateway

/// What must hold whatever happened; see `Decisions/0009`.
extension SimulatedSchool {
  /// After each death: all is whole, and no entry that was there is gone or another.
  @discardableResult
  func compareWithBefore() async throws -> StoreVerification {
    let verification = try await store.verification()
    guard verification.isSound else { throw Broken("the store is damaged: \(verification.faults)") }
    let entries = try await entries()
    for (id, text) in entriesSeen where entries[id] != text { throw Broken("entry \(id) was lost or changed") }
    entriesSeen = entries
    return verification
  }

  /// No mail is put off for longer than the schedule says, whatever the clock did.
  func nothingWaitsTooLong() async throws {
    let latest = clock.now.addingTimeInterval(RetrySchedule.longestWait)
    guard try await waitingByTime().allSatisfy({ $0.dueAt <= latest }) else {
      throw Broken("a mail is put off for too long")
    }
  }

  private func entries() async throws -> [EntryID: String] {
    var found: [EntryID: String] = [:]
    for summary in try await store.threads(limit: 10_000) {
      for entry in try await store.entries(of: summary.thread.id) { found[entry.id] = entry.text }
    }
    return found
  }

  /// At the end of a story, when nothing waits any more.
  func keepPromises() async throws {
    try await inOnce(try await compareWithBefore())
    try outAtLeastOnce()
    try await sameMessageID()
    try await answeredOnce()
    try await placesOnce()
    try await slotsOnce()
  }

  /// Every mail that came in is kept once, is one entry, and lies in the folder of what was handled.
  private func inOnce(_ verification: StoreVerification) async throws {
    let (received, folders) = servers.state.withLock { ($0.received, $0.folders) }
    let different = Set(received).count
    guard verification.files == different else {
      throw Broken("\(verification.files) raw mails are kept of \(different) that came")
    }
    let handled = folders["Postplein/Verwerkt"]?.count ?? 0
    guard handled == received.count else { throw Broken("\(handled) mails are filed of \(received.count) that came") }
    let texts = entriesSeen.values
    for one in sent where one.letter.isEntry {
      let count = texts.count { $0.contains(one.marker) }
      guard count == 1 else { throw Broken("\(one.marker) by \(one.author) stands \(count) times in the store") }
    }
  }

  /// Everybody who was due a mail had it accepted, unless the server refused it for good or the address is broken; and
  /// nobody what no colleague approved.
  private func outAtLeastOnce() throws {
    let (accepted, refused) = servers.state.withLock { ($0.accepted, $0.refused) }
    let texts = { (mails: [SimulatedServers.Accepted]) in
      Dictionary(grouping: mails, by: \.to).mapValues { $0.map { MailMessage.parse($0.octets).readableText } }
    }
    let (got, lost) = (texts(accepted), texts(refused))
    for one in sent {
      if one.letter == .broadcast, !approved.contains(one.marker) {
        guard one.due.allSatisfy({ !(got[$0.rawValue] ?? []).contains { $0.contains(one.marker) } }) else {
          throw Broken("\(one.marker) went out, and nobody approved it")
        }
        continue
      }
      for person in one.due where bounces[person.rawValue, default: 0] < 2 {
        let all = (got[person.rawValue] ?? []) + (lost[person.rawValue] ?? [])
        guard all.contains(where: { $0.contains(one.marker) }) else {
          throw Broken("\(person) never got \(one.marker), \(one.letter.rawValue) by \(one.author)")
        }
      }
    }
  }

  /// One Message-ID for each recipient, entry and kind, and none that the store does not know.
  private func sameMessageID() async throws {
    struct Key: Hashable {
      let recipient: Notice.Recipient
      let entry: EntryID
      let kind: NoticeKind
      /// A later receipt of an urgent message names others.
      let names: [AccountID]?
    }
    var known: [Key: String] = [:]
    for id in Set(servers.accepted.map(\.messageID)) {
      guard let delivery = try await store.delivery(messageID: id) else { throw Broken("a mail went out of nowhere") }
      guard let entry = delivery.entry else { continue }
      let key = Key(
        recipient: delivery.recipient, entry: entry, kind: delivery.kind,
        names: delivery.kind == .urgentReceipt ? delivery.facts.accounts : nil)
      guard known.updateValue(id, forKey: key) == nil else {
        throw Broken("\(delivery.kind.rawValue) of entry \(entry) went to one person under two Message-IDs")
      }
    }
  }

  /// What is a word to the school has one receipt, however often it came and whatever died.
  private func answeredOnce() async throws {
    var receipts: [String: [NoticeKind: Set<String>]] = [:]
    for mail in servers.state.withLock({ $0.accepted + $0.refused }) {
      guard let kind = try await store.delivery(messageID: mail.messageID)?.kind else { continue }
      receipts[mail.to, default: [:]][kind, default: []].insert(mail.messageID)
    }
    for person in Person.readers where bounces[person.rawValue, default: 0] < 2 {
      // A place is refused where the request is closed.
      for (letter, kinds) in [
        (Happening.Letter.absence, [NoticeKind.absenceReceipt]), (.claim, [.offerReceipt, .refusal]),
        (.plan, [.conferencePlan]),
      ] {
        let words = sent.count { $0.author == person && $0.letter == letter }
        let count = kinds.reduce(0) { $0 + (receipts[person.rawValue]?[$1]?.count ?? 0) }
        guard count == words else {
          throw Broken("\(person) has \(count) receipts of \(words) mails: \(letter.rawValue)")
        }
      }
    }
  }

  /// Nobody stands twice on a line of a help request, and who asked for a place stands there.
  private func placesOnce() async throws {
    for summary in try await store.threads(limit: 10_000) {
      guard let state = try await store.offer(summary.thread.id) else { continue }
      let holders = state.answers.filter { $0.line == 1 }.map(\.account)
      guard Set(holders).count == holders.count else { throw Broken("one person has two places of \(state.offer.id)") }
    }
  }

  /// Nobody has a time that another has, each was invited once, and whoever has a time was told so.
  private func slotsOnce() async throws {
    struct Invitation: Hashable {
      let to: String
      let target: ReplyTarget
      let stage: ConferenceFacts.Stage?
    }
    var invitations: [Invitation: String] = [:]
    var told: [AccountID: Set<TalkID>] = [:]
    for mail in servers.state.withLock({ $0.accepted + $0.refused }) {
      guard let delivery = try await store.delivery(messageID: mail.messageID), let facts = delivery.facts.conference
      else { continue }
      switch delivery.kind {
      case .conferenceInvitation:
        let one = Invitation(to: mail.to, target: delivery.replyTarget, stage: facts.stage)
        let known = invitations.updateValue(mail.messageID, forKey: one)
        guard known ?? mail.messageID == mail.messageID else { throw Broken("\(mail.to) was invited twice") }
      case .conferenceAppointment:
        guard case .account(let account) = delivery.recipient else { continue }
        told[account, default: []].formUnion(facts.lines.map(\.talk))
      default: break
      }
    }
    let broken = bounces.filter { $0.value >= 2 }.keys
    let directory = try await store.directory()
    for state in try await store.conferences(endingAfter: clock.now) {
      let slots = state.talks.compactMap(\.slot)
      guard Set(slots).count == slots.count else { throw Broken("one time of \(state.conference.id) was given twice") }
      for talk in state.talks where talk.slot != nil {
        for account in talk.parties where !broken.contains(directory.accounts[account]?.address ?? "") {
          guard told[account]?.contains(talk.id) == true else { throw Broken("a parent was not told of their time") }
        }
      }
    }
  }
}
