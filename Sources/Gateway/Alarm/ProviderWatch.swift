import Deliverability
import Foundation
import Logging
import Mail
import School
import Store

/// Watches what each provider does with the school's mail. Where one refuses all, the administrator is told with the
/// common cause, and mail there waits instead of being refused one by one, until a probe is accepted.
package actor ProviderWatch {
  private var troubles: [String: ProviderTrouble] = [:]
  /// Nil until they were read from the store.
  private var holds: [String: ProviderHold]?
  /// Mails that met a hold, by provider; after a restart they come by themselves when their time is up.
  private var waiting: [String: Set<DeliveryID>] = [:]
  private var probing: [String: DeliveryID] = [:]
  /// Probes that our own server took, since when, and that may still come back.
  private var trials: [String: (probe: DeliveryID, at: Date)] = [:]
  private var usual: [String: (at: Date, share: Double?)] = [:]

  /// How far back it looks for what is usual, in seconds, and mails that make a share of them.
  static let history: TimeInterval = 28 * 86_400
  static let fewest = 50

  package init() {}

  // MARK: Before a mail goes

  /// Until when a mail that is due must wait; nil where it goes, perhaps to try a provider that is held.
  func waits(_ delivery: DeliveryRecord, to address: MailAddress?, _ gateway: SchoolGateway) async -> Date? {
    guard let provider = address.flatMap({ Provider.of(domain: $0.domain) }) else { return nil }
    guard let hold = await holds(gateway)[provider], delivery.lane != .urgent else { return nil }
    let now = gateway.now()
    if let trial = trials[provider] {
      // Not from the future: the clock may have been turned back; so below.
      let end = min(trial.at, now).addingTimeInterval(ProviderHold.returnTime)
      if now >= end {
        if await release(provider, gateway) { return nil }
        return now.addingTimeInterval(ProviderHold.probeInterval)
      }
      waiting[provider, default: []].insert(delivery.id)
      return end
    }
    let lastProbe = min(hold.probedAt ?? hold.since, now)
    let nextProbe = lastProbe.addingTimeInterval(ProviderHold.probeInterval)
    guard now >= nextProbe, probing[provider] == nil else {
      waiting[provider, default: []].insert(delivery.id)
      return max(nextProbe, now.addingTimeInterval(ProviderHold.probeInterval))
    }
    probing[provider] = delivery.id
    holds?[provider]?.probedAt = now
    try? await gateway.store.recordProbe(of: provider, at: now)
    return nil
  }

  // MARK: After it went

  /// What a server said of a mail, at once or by a bounce.
  ///
  /// - Returns: whether it was refused as all mail to that provider is.
  @discardableResult
  func note(
    _ delivery: DeliveryID, _ result: DeliveryOutcome.Result, _ address: MailAddress?, _ gateway: SchoolGateway
  ) async -> Bool {
    guard let provider = address.flatMap({ Provider.of(domain: $0.domain) }) else { return false }
    let wasProbe = probing[provider] == delivery
    if wasProbe { probing[provider] = nil }
    switch result {
    case .accepted:
      troubles[provider, default: ProviderTrouble()].accept(at: gateway.now())
      guard wasProbe else { return false }
      if holds?[provider]?.isByReturns == true {
        trials[provider] = (delivery, gateway.now())
      } else {
        await release(provider, gateway)
      }
      return false
    case .refused(let words), .bounced(let words), .deferred(let words, _):
      let verdict = words.verdict(for: address)
      // Only what is aimed at the school's server: an unknown user says nothing of the next one.
      guard verdict.outcome == .block else { return false }
      troubles[provider, default: ProviderTrouble()]
        .refuse(reason: verdict.reason, words: words.said, isReturned: result.isReturned, at: gateway.now())
      // What was sent before the hold comes back for hours, and says nothing of now.
      if trials[provider]?.probe == delivery { trials[provider] = nil }
      await alarm(provider, gateway)
      guard holds?[provider] != nil else { return false }
      waiting[provider, default: []].insert(delivery)
      return true
    case .noted: return false
    }
  }

  /// A probe that no server answered tried nothing.
  func giveUp(_ delivery: DeliveryID) { probing = probing.filter { $0.value != delivery } }

  private func alarm(_ provider: String, _ gateway: SchoolGateway) async {
    guard await holds(gateway)[provider] == nil, troubles[provider]?.mayAlarm == true else { return }
    let usual = await usualShare(provider, gateway)
    // Another refusal may have been here while the store was read.
    guard holds?[provider] == nil, let alarm = troubles[provider]?.alarm(usual: usual) else { return }
    let hold = ProviderHold(
      provider: provider, since: alarm.first.at, reason: alarm.first.reason, words: alarm.first.words,
      count: alarm.count, probedAt: gateway.now(), isByReturns: alarm.first.isReturned)
    holds?[provider] = hold
    gateway.log.error("provider refuses all", metadata: ["provider": "\(provider)", "reason": "\(hold.reason)"])
    do throws(StoreError) {
      let policy = gateway.settings.policy(try await gateway.store.directory())
      _ = try await gateway.commit(
        Outcome(
          inbound: nil, label: "provider-alarm", decision: tellOfProvider(hold, policy: policy), at: gateway.now()))
    } catch {
      // The next refusal tries again.
      holds?[provider] = nil
      gateway.log.error("alarm not written", metadata: ["error": "\(error)"])
    }
  }

  /// The share of mails to a provider that failed in the weeks before, as counted at most an hour ago; nil where too
  /// few were sent.
  private func usualShare(_ provider: String, _ gateway: SchoolGateway) async -> Double? {
    let now = gateway.now()
    if let known = usual[provider], now.timeIntervalSince(known.at) < 3_600 { return known.share }
    let tallies = (try? await gateway.store.hourTallies(since: now.addingTimeInterval(-Self.history))) ?? []
    // What is going on now is not what is usual.
    let before = now.addingTimeInterval(-ProviderTrouble.window - 3_600)
    let tally = tallies.filter { $0.hour < before && Provider.of(domain: $0.domain) == provider }
      .reduce(into: DeliveryTally()) { $0 += $1.tally }
    let tried = tally.accepted + tally.failed
    let share = tried < Self.fewest ? nil : Double(tally.failed) / Double(tried)
    usual[provider] = (now, share)
    return share
  }

  /// - Returns: false where the store could not write that: the hold stands.
  @discardableResult
  private func release(_ provider: String, _ gateway: SchoolGateway) async -> Bool {
    guard holds?[provider] != nil else { return true }
    // More may meet the hold while the store writes.
    repeat {
      let held = waiting.removeValue(forKey: provider) ?? []
      do throws(StoreError) {
        try await gateway.store.releaseProvider(provider, held: Array(held), at: gateway.now())
      } catch {
        waiting[provider, default: []].formUnion(held)
        gateway.log.error("provider not released", metadata: ["error": "\(error)"])
        return false
      }
      holds?[provider] = nil
    } while waiting[provider] != nil
    (troubles[provider], trials[provider]) = (nil, nil)
    gateway.log.notice("provider accepts again", metadata: ["provider": "\(provider)"])
    return true
  }

  private func holds(_ gateway: SchoolGateway) async -> [String: ProviderHold] {
    if let holds { return holds }
    guard let read = try? await gateway.store.providerHolds() else { return [:] }
    let known = Dictionary(read.map { ($0.provider, $0) }) { first, _ in first }
    if holds == nil { holds = known }
    return holds ?? known
  }
}

extension DeliveryOutcome.Result {
  fileprivate var isReturned: Bool { if case .bounced = self { true } else { false } }
}
