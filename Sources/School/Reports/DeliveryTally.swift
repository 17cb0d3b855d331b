/// How many mails fared how, each counted once by what became of it last.
package struct DeliveryTally: Sendable, Hashable, Codable {
  /// By a server: nobody knows of an inbox.
  package var accepted = 0
  /// To be sent, or tried and to be tried again.
  package var waiting = 0
  /// Refused at once, or returned later.
  package var failed = 0
  /// Not sent, for the address is broken.
  package var withheld = 0
  /// What it was about was taken back.
  package var cancelled = 0

  package init(accepted: Int = 0, waiting: Int = 0, failed: Int = 0, withheld: Int = 0, cancelled: Int = 0) {
    self.accepted = accepted
    self.waiting = waiting
    self.failed = failed
    self.withheld = withheld
    self.cancelled = cancelled
  }

  package var total: Int { accepted + waiting + failed + withheld + cancelled }

  package static func + (left: Self, right: Self) -> Self {
    Self(
      accepted: left.accepted + right.accepted, waiting: left.waiting + right.waiting,
      failed: left.failed + right.failed, withheld: left.withheld + right.withheld,
      cancelled: left.cancelled + right.cancelled)
  }

  package static func += (left: inout Self, right: Self) { left = left + right }
}
