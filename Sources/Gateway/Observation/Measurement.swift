import CoreMetrics
import Deliverability
import Foundation
import Mail
import School
import Store

/// The names under which the gateway counts and measures; nothing in them names a person.
package enum MetricName {
  static let outboxWaiting = "postplein_outbox_waiting_mails"
  static let outboxOldest = "postplein_outbox_oldest_seconds"
  static let sent = "postplein_mails_total"
  static let received = "postplein_received_total"
  static let inboundWaiting = "postplein_intake_waiting_mails"
  static let intakeLag = "postplein_intake_lag_seconds"
  static let reconnects = "postplein_imap_reconnects_total"
  static let isMailboxOpen = "postplein_imap_connected"
  static let storeOctets = "postplein_store_bytes"

  /// What each means.
  package static let help = [
    outboxWaiting: "Mails that are due and were not accepted yet, by lane.",
    outboxOldest: "How long the oldest of them has waited.",
    sent: "What servers said of mails, by provider and outcome, since the start.",
    received: "Mails handled, by what became of them, since the start.",
    inboundWaiting: "Mails that were seen in the inbox or recorded, and are not handled.",
    intakeLag: "How long the oldest mail has waited that was seen and is not handled.",
    reconnects: "How often the connection to the mailbox was made anew since the start.",
    isMailboxOpen: "Whether the mailbox is connected.",
    storeOctets: "The size of the store, by part; counted at most every ten minutes.",
  ]
}

extension SchoolGateway {
  /// Reads what is measured, as it is now.
  package func measure() async throws(StoreError) {
    let figures = try await store.figures(now: now())
    for lane in Lane.allCases {
      gauge(MetricName.outboxWaiting, ["lane": "\(lane)"], Double(figures.waiting[lane] ?? 0))
      gauge(MetricName.outboxOldest, ["lane": "\(lane)"], age(figures.oldest[lane]))
    }
    // What is recorded and not handled mostly lies in the inbox as well.
    let inbox = vitals.unhandled
    gauge(MetricName.inboundWaiting, [:], Double(max(figures.inboundWaiting, inbox.count)))
    gauge(MetricName.intakeLag, [:], max(age(figures.inboundOldest), inbox.age))
    gauge(MetricName.isMailboxOpen, [:], vitals.isMailboxOpen ? 1 : 0)
    for (part, octets) in figures.octets { gauge(MetricName.storeOctets, ["part": part], Double(octets)) }
    count(MetricName.reconnects, [:], by: 0)
  }

  private func age(_ since: Date?) -> TimeInterval { since.map { max(0, now().timeIntervalSince($0)) } ?? 0 }

  private func gauge(_ name: String, _ labels: KeyValuePairs<String, String>, _ value: Double) {
    Gauge(label: name, dimensions: labels.map { ($0, $1) }, factory: metrics).record(value)
  }

  func count(_ name: String, _ labels: KeyValuePairs<String, String>, by amount: Int = 1) {
    Counter(label: name, dimensions: labels.map { ($0, $1) }, factory: metrics).increment(by: amount)
  }

  /// What a server said of a mail to that address.
  func count(_ result: DeliveryOutcome.Result, to address: MailAddress?) {
    let outcome: String
    switch result {
    case .accepted: outcome = "accepted"
    case .deferred: outcome = "deferred"
    case .refused: outcome = "refused"
    case .bounced: outcome = "bounced"
    case .noted: return
    }
    let provider = address.flatMap { Provider.of(domain: $0.domain) } ?? "other"
    count(MetricName.sent, ["outcome": outcome, "provider": provider])
  }
}
