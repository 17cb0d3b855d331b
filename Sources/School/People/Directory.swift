/// Everybody at the school, as a value: it never changes. A class, because all mails that are under way hold it.
package final class Directory: Sendable, Hashable {
  package let accounts: [AccountID: Account]
  package let groups: [GroupID: SchoolGroup]
  package let pupils: [PupilID: Pupil]
  package let carers: [CarerID: Carer]
  package let staff: [StaffID: StaffMember]
  private let accountByAddress: [String: AccountID]
  // In order of their keys.
  private let carersByAccount: [AccountID: [Carer]]
  private let staffByAccount: [AccountID: [StaffMember]]

  package init(
    accounts: [Account] = [], groups: [SchoolGroup] = [], pupils: [Pupil] = [], carers: [Carer] = [],
    staff: [StaffMember] = []
  ) {
    self.accounts = Dictionary(accounts.map { ($0.id, $0) }) { first, _ in first }
    self.groups = Dictionary(groups.map { ($0.id, $0) }) { first, _ in first }
    self.pupils = Dictionary(pupils.map { ($0.id, $0) }) { first, _ in first }
    self.carers = Dictionary(carers.map { ($0.id, $0) }) { first, _ in first }
    self.staff = Dictionary(staff.map { ($0.id, $0) }) { first, _ in first }
    carersByAccount = Dictionary(grouping: self.carers.values, by: \.account).mapValues { $0.sorted { $0.id < $1.id } }
    staffByAccount = Dictionary(grouping: self.staff.values.filter { $0.account != nil }, by: \.account)
      .reduce(into: [:]) { result, group in
        if let account = group.key { result[account] = group.value.sorted { $0.id < $1.id } }
      }
    // User names before addresses that wait for approval.
    let known =
      accounts.map { ($0.address, $0.id) } + accounts.compactMap { one in one.newAddress.map { ($0, one.id) } }
    accountByAddress = Dictionary(known.map { ($0.0.lowercased(), $0.1) }) { first, _ in first }
  }

  package static func == (left: Directory, right: Directory) -> Bool {
    left === right
      || left.accounts == right.accounts && left.groups == right.groups && left.pupils == right.pupils
        && left.carers == right.carers && left.staff == right.staff
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(accounts)
    hasher.combine(carers)
  }

  /// By user name, or by the address that their mail goes to.
  package func account(address: String) -> Account? {
    accountByAddress[address.lowercased()].flatMap { accounts[$0] }
  }

  /// The group with this word in its address; case does not matter.
  package func group(routeWord: String) -> SchoolGroup? {
    groups.values.first { $0.routeWord == routeWord.lowercased() }
  }

  package func staff(routeWord: String) -> StaffMember? {
    staff.values.first { $0.routeWord == routeWord.lowercased() }
  }

  /// The staff behind an account, in order of their keys.
  package func staff(of account: AccountID) -> [StaffMember] { staffByAccount[account] ?? [] }

  package func carers(of account: AccountID) -> [Carer] { carersByAccount[account] ?? [] }

  package func isStaff(_ account: AccountID) -> Bool { staffByAccount[account] != nil }

  /// The names behind an account: carers first, then staff, each once.
  package func names(of account: AccountID) -> [String] {
    var seen: Set<String> = []
    return (carers(of: account).map(\.name) + staff(of: account).map(\.name)).filter { seen.insert($0).inserted }
  }

  /// The accounts of the teachers of a group that can be written to; a duo gives two.
  package func teachers(of group: GroupID) -> [AccountID] {
    var seen: Set<AccountID> = []
    return staff.values.filter { $0.groups.contains(group) }.sorted { $0.id < $1.id }
      .compactMap(\.account).filter { seen.insert($0).inserted }
  }

  /// Nil for the whole school, and for a group that is gone.
  package func groupName(_ audience: Audience) -> String? {
    if case .group(let id) = audience { groups[id]?.name } else { nil }
  }

  /// The accounts of the families with full authority over a pupil in the audience; each account once, in order.
  package func families(of audience: Audience) -> [AccountID] {
    let concerned = Set(pupils.values.filter { audience.holds($0) }.map(\.id))
    let accounts = carers.values.filter { carer in
      carer.authority.contains { $0.value == .full && concerned.contains($0.key) }
    }.map(\.account)
    return Set(accounts).sorted()
  }

  /// The pupils over whom somebody behind this account has full authority.
  package func pupils(of account: AccountID) -> [Pupil] {
    let ids = carers(of: account).flatMap { carer in carer.authority.filter { $0.value == .full }.map(\.key) }
    return Set(ids).compactMap { pupils[$0] }.sorted { $0.id < $1.id }
  }
}

/// For whom something is meant.
package enum Audience: Sendable, Hashable, Codable {
  case school
  case group(GroupID)
}
