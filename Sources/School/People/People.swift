/// The languages in which the gateway speaks.
package enum Language: String, Sendable, Hashable, Codable, CaseIterable {
  case dutch = "nl"
  case frisian = "fy"
  case english = "en"
}

/// How often somebody wants to hear of what others wrote on the schoolplein.
package enum DigestChoice: String, Sendable, Hashable, Codable, CaseIterable {
  case direct, daily, weekly, off
}

/// One mail address that the school knows, with everybody behind it: two carers who share an address share an account,
/// and a teacher with a child at the school has one account too.
package struct Account: Sendable, Hashable, Identifiable {
  package var id: AccountID
  /// The user name, in lower case: by what the school's administration knows them.
  package var address: String
  /// Where mail goes meanwhile, until the school approves it as the user name; nil where nothing was changed.
  package var newAddress: String?
  /// The last mail that was made before mail went where it goes now; nil where it always went there.
  package var lastToFormerAddress: DeliveryID?
  package var language: Language
  package var digest: DigestChoice
  /// When mail that is not urgent waits; nil for never.
  package var quietHours: QuietHours?
  /// What they want no mail of, beside the schoolplein, which `digest` tells.
  package var stopped: Set<Subscription>
  /// Raised when the keys of this account were misused; older keys are then worth nothing.
  package var keyGeneration: Int

  /// Where mail goes.
  package var mailAddress: String { newAddress ?? address }

  /// The user name of one that became part of another; `invalid` is nobody's (RFC 2606).
  package static func absorbedAddress(_ id: AccountID) -> String { "absorbed-\(id)@invalid" }
  package var isAbsorbed: Bool { address == Self.absorbedAddress(id) }

  package init(
    id: AccountID, address: String, newAddress: String? = nil, lastToFormerAddress: DeliveryID? = nil,
    language: Language = .dutch, digest: DigestChoice = .daily, quietHours: QuietHours? = nil,
    stopped: Set<Subscription> = [],
    keyGeneration: Int = 0
  ) {
    self.id = id
    self.address = address
    self.newAddress = newAddress
    self.lastToFormerAddress = lastToFormerAddress
    self.language = language
    self.digest = digest
    self.quietHours = quietHours
    self.stopped = stopped
    self.keyGeneration = keyGeneration
  }
}

/// What a carer may know of a pupil (art. 1:377b and c BW).
package enum ParentalAuthority: String, Sendable, Hashable, Codable, CaseIterable {
  /// Gets everything that concerns the child.
  case full
  /// Gets important facts, and only on request: no mail by itself.
  case onRequest = "on-request"
  case none
}

/// A parent or other carer.
package struct Carer: Sendable, Hashable, Identifiable {
  package var id: CarerID
  package var name: String
  package var account: AccountID
  package var authority: [PupilID: ParentalAuthority]
  package var contact: ContactDetails
  /// What they show of themselves on the class list, beside each child; hidden is what is not in it.
  package var shown: [PupilID: Set<ContactField>]

  package init(
    id: CarerID, name: String, account: AccountID, authority: [PupilID: ParentalAuthority],
    contact: ContactDetails = ContactDetails(), shown: [PupilID: Set<ContactField>] = [:]
  ) {
    self.id = id
    self.name = name
    self.account = account
    self.authority = authority
    self.contact = contact
    self.shown = shown
  }
}

package struct Pupil: Sendable, Hashable, Identifiable {
  package var id: PupilID
  package var name: String
  package var groups: Set<GroupID>

  package init(id: PupilID, name: String, groups: Set<GroupID>) {
    self.id = id
    self.name = name
    self.groups = groups
  }
}

package struct SchoolGroup: Sendable, Hashable, Identifiable {
  package var id: GroupID
  package var name: String
  /// The word for it in an address: `groep5`. Unique in the school.
  package var routeWord: String

  package init(id: GroupID, name: String, routeWord: String) {
    self.id = id
    self.name = name
    self.routeWord = routeWord
  }
}

package struct StaffMember: Sendable, Hashable, Identifiable {
  package var id: StaffID
  package var name: String
  /// Nil where the administration gives no address: then this person cannot write or be written to.
  package var account: AccountID?
  /// The word for this person in an address: `anna`. Unique in the school.
  package var routeWord: String
  /// EDEXML's codes: `LRK`, `DIR`, `IB`, …
  package var roles: Set<String>
  package var groups: Set<GroupID>

  package init(
    id: StaffID, name: String, account: AccountID?, routeWord: String, roles: Set<String>, groups: Set<GroupID>
  ) {
    self.id = id
    self.name = name
    self.account = account
    self.routeWord = routeWord
    self.roles = roles
    self.groups = groups
  }
}
