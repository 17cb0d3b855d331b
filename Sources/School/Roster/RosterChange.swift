/// One difference between what the school's administration says of its people and what the store knows.
package enum RosterChange: Sendable, Hashable {
  /// Added, or changed into this.
  case putGroup(SchoolGroup)
  case putPupil(Pupil)
  case putStaff(RosterStaff)
  case putCarer(RosterCarer)
  case removeGroup(GroupID)
  case removePupil(PupilID)
  case removeStaff(StaffID)
  case removeCarer(CarerID)
}

/// A member of staff as the administration gives them; their account is found or made by address.
package struct RosterStaff: Sendable, Hashable {
  package var id: StaffID
  package var name: String
  /// In lower case; nil where the administration gives none.
  package var address: String?
  package var routeWord: String
  package var roles: Set<String>
  package var groups: Set<GroupID>

  package init(
    id: StaffID, name: String, address: String?, routeWord: String, roles: Set<String>, groups: Set<GroupID>
  ) {
    self.id = id
    self.name = name
    self.address = address
    self.routeWord = routeWord
    self.roles = roles
    self.groups = groups
  }
}

/// A carer as the school's file gives them; their account is found or made by address.
package struct RosterCarer: Sendable, Hashable {
  package var id: CarerID
  package var name: String
  /// In lower case.
  package var address: String
  /// Nil leaves the account's language as it is.
  package var language: Language?
  package var authority: [PupilID: ParentalAuthority]
  /// The children of whom the file says nothing of authority: what is known of it stays.
  package var unstated: Set<PupilID> = []
  /// What the file states, empty where a cell is; what is not in it stays as it is.
  package var contact: [ContactDetails.Part: String]

  package init(
    id: CarerID, name: String, address: String, language: Language?, authority: [PupilID: ParentalAuthority],
    contact: [ContactDetails.Part: String] = [:]
  ) {
    self.id = id
    self.name = name
    self.address = address
    self.language = language
    self.authority = authority
    self.contact = contact
  }
}
