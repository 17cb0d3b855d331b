import Foundation

/// Something that is kept and cannot be read any more.
package struct DamagedRow: Sendable, Hashable, Codable {
  /// Which row: a table and an id.
  package var place: String
  /// Without addresses, keys or text.
  package var reason: String
  /// Who did not get the mail that it is; nil for what is no mail to one of the school's people.
  package var account: AccountID?
  package var at: Date

  package init(place: String, reason: String, account: AccountID? = nil, at: Date) {
    self.place = place
    self.reason = reason
    self.account = account
    self.at = at
  }

  /// So many are named in one mail; the rest is counted.
  package static let mostNamed = 50
}

/// Tells support once what is damaged, and who did not get a mail by it.
package func tellOfDamage(_ rows: [DamagedRow], policy: SchoolPolicy) -> Decision {
  Decision(
    changes: [.markDamageTold(rows.map(\.place))],
    notices: policy.supportDesk.map {
      var facts = NoticeFacts(count: rows.count)
      facts.damage = Array(rows.prefix(DamagedRow.mostNamed))
      return Notice(.damage, to: .account($0), replyTarget: .support, facts: facts)
    })
}
