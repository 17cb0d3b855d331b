import Foundation
import School

/// What became of one inbound message, or of a moment at which something was due, to be written down as one.
package struct Outcome: Sendable {
  /// The message that this ends the handling of; nil where there is none, or where more of it is to come.
  package var inbound: InboundID?
  /// One word for it: `posted`, `held`, `bounce`.
  package var label: String
  package var reason: String?
  /// The Message-ID of the message; kept with an entry that it adds, for threading and to find answers to it.
  package var messageID: String?
  /// Who wrote it: what they are told joins it in their mail client, where no thread of theirs went before.
  package var writer: Notice.Recipient?
  /// Tells the message from every other; copies of it have the same.
  package var fingerprint: String?
  /// Together with the fingerprint: what the message did. The same a second time does nothing.
  package var route: String?
  package var decision: Decision
  package var deliveries: [DeliveryOutcome]
  /// What the message reported of mail in the school's name.
  package var reports: [ReportRecord] = []
  /// That `writer` wrote it is proven: their address works.
  package var isProven = false
  package var at: Date

  package init(
    inbound: InboundID?, label: String, reason: String? = nil, messageID: String? = nil,
    writer: Notice.Recipient? = nil, fingerprint: String? = nil, route: String? = nil, decision: Decision = Decision(),
    deliveries: [DeliveryOutcome] = [], at: Date
  ) {
    self.inbound = inbound
    self.label = label
    self.reason = reason
    self.messageID = messageID
    self.writer = writer
    self.fingerprint = fingerprint
    self.route = route
    self.decision = decision
    self.deliveries = deliveries
    self.at = at
  }
}

/// What a commit made.
package struct Committed: Sendable, Hashable {
  /// The message had done this before, or was handled before: nothing was changed.
  package var wasDone = false
  /// What the decision was made on is no longer so: nothing was changed, and it must be made anew.
  package var isStale = false
  package var thread: ThreadID?
  package var entry: EntryID?
  package var filing: FilingID?
  package var deliveries: [DeliveryID] = []
}
