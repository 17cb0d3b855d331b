/// Everybody at the school, as a value: it never changes. A class, because all mails that are under way hold it.
package final class Directory: Sendable, Hashable {
  package let accounts: [AccountID: Account]
  package let groups: [GroupID: SchoolGroup]
  package let pupils: [PupilID: Pupil]
  package let carers: [CarerID: Carer]
  package let staff: [StaffID: StaffMember]
  private let accountByAddress: [String: AccountID]
  private let carersByAccount: ByAccount<CarerID>
  private let staffByAccount: ByAccount<StaffID>

  package init(
    accounts: [Account] = [], groups: [SchoolGroup] = [], pupils: [Pupil] = [], carers: [Carer] = [],
    staff: [StaffMember] = []
  ) {
    self.accounts = Self.byID(accounts)
    self.groups = Self.byID(groups)
    self.pupils = Self.byID(pupils)
    self.carers = Self.byID(carers)
    self.staff = Self.byID(staff)
    carersByAccount = ByAccount(self.carers.values) { $0.account }
    staffByAccount = ByAccount(self.staff.values) { $0.account }
    var known: [String: AccountID] = [:]
    known.reserveCapacity(accounts.count)
    func note(_ address: String?, of account: AccountID) {
      guard let address = address?.lowercased(), known[address] == nil else { return }
      known[address] = account
    }
    // User names of people before addresses that wait for approval, and these before accounts that are nobody's:
    // whoever wrote to support from their new address made one.
    let isSomebodys = { [carersByAccount, staffByAccount] (account: Account) in
      carersByAccount.holds(account.id) || staffByAccount.holds(account.id)
    }
    for account in accounts where isSomebodys(account) { note(account.address, of: account.id) }
    for account in accounts { note(account.newAddress, of: account.id) }
    for account in accounts where !isSomebodys(account) { note(account.address, of: account.id) }
    accountByAddress = known
  }

  /// The first of each.
  private static func byID<T: Identifiable>(_ all: [T]) -> [T.ID: T] {
    var result: [T.ID: T] = [:]
    // Else they are moved each time that it grows, which takes the most of this.
    result.reserveCapacity(all.count)
    for one in all {
      if let first = result.updateValue(one, forKey: one.id) { result[one.id] = first }
    }
    return result
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

  /// Whether a person of the school is behind an account: else it is of whoever wrote from there.
  package func isSomebodys(_ account: AccountID) -> Bool {
    carersByAccount.holds(account) || staffByAccount.holds(account)
  }

  /// Whether an account is nobody's, and its address waits to become the other's: whoever wrote to support from their
  /// new address made one.
  package func isForerunner(_ stranger: AccountID, of account: AccountID) -> Bool {
    guard let new = accounts[account]?.newAddress?.lowercased(), stranger != account else { return false }
    return accounts[stranger]?.address.lowercased() == new && !isSomebodys(stranger)
  }

  /// The group with this word in its address; case does not matter.
  package func group(routeWord: String) -> SchoolGroup? {
    groups.values.first { $0.routeWord == routeWord.lowercased() }
  }

  package func staff(routeWord: String) -> StaffMember? {
    staff.values.first { $0.routeWord == routeWord.lowercased() }
  }

  /// The staff behind an account, in order of their keys.
  package func staff(of account: AccountID) -> [StaffMember] {
    staffByAccount[account].compactMap { staff[$0] }
  }

  package func carers(of account: AccountID) -> [Carer] {
    carersByAccount[account].compactMap { carers[$0] }
  }

  package func isStaff(_ account: AccountID) -> Bool { staffByAccount.holds(account) }

  /// The names behind an account: carers first, then staff, each once.
  package func names(of account: AccountID) -> [String] {
    var seen: Set<String> = []
    return (carers(of: account).map(\.name) + staff(of: account).map(\.name)).filter { seen.insert($0).inserted }
  }

  /// Everybody behind an account, on one line; empty where it has no name.
  package func name(of account: AccountID) -> String { names(of: account).joined(separator: " & ") }

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

  /// Whether what is meant for these may be read by an account: of one of their families, or of staff.
  package func mayRead(_ account: AccountID, _ audience: Audience) -> Bool {
    isStaff(account) || pupils(of: account).contains { audience.holds($0) }
  }

  /// The pupils over whom somebody behind this account has full authority.
  package func pupils(of account: AccountID) -> [Pupil] {
    let ids = carers(of: account).flatMap { carer in carer.authority.filter { $0.value == .full }.map(\.key) }
    return Set(ids).compactMap { pupils[$0] }.sorted { $0.id < $1.id }
  }
}

/// Who is behind each account. Few accounts have more than one person, and thousands of lists take long to make.
private struct ByAccount<ID: Comparable & Hashable & Sendable>: Sendable {
  private var one: [AccountID: ID] = [:]
  /// In order.
  private var several: [AccountID: [ID]] = [:]

  init<T: Identifiable<ID>>(_ all: some Collection<T>, by account: (T) -> AccountID?) {
    one.reserveCapacity(all.count)
    for person in all {
      guard let account = account(person), let before = one.updateValue(person.id, forKey: account) else { continue }
      several[account, default: [before]].append(person.id)
    }
    for (account, ids) in several { several[account] = ids.sorted() }
  }

  func holds(_ account: AccountID) -> Bool { one[account] != nil }

  subscript(account: AccountID) -> [ID] { several[account] ?? one[account].map { [$0] } ?? [] }
}

/// For whom something is meant.
package enum Audience: Sendable, Hashable, Codable {
  case school
  case group(GroupID)
}
