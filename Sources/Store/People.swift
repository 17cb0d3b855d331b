import Foundation
import GRDB
import School

/// Everybody at the school.
extension Store {
  /// As it is now; read anew only where somebody changed it.
  package func directory() async throws(StoreError) -> Directory {
    try await read { [self] in try directory($0) }
  }

  /// Another number whenever people changed, whoever changed them.
  package func directoryVersion() async throws(StoreError) -> Int { try await read { try $0.directoryVersion() } }

  /// The same, as this transaction sees it.
  func directory(_ database: Database) throws -> Directory {
    let version = try database.directoryVersion()
    if let unit {
      // What a transaction that goes on sees of it is its own: it may be undone.
      let known = unit.directory ?? cachedDirectory.withLock { $0 }
      if let known, known.version == version { return known.directory }
      let directory = try database.directory()
      unit.directory = VersionedDirectory(version: version, directory: directory)
      return directory
    }
    // Read under the lock, so that all who find it old wait for one reading: of thousands of people it takes long.
    return try cachedDirectory.withLock { known in
      if let known, known.version == version { return known.directory }
      let directory = try database.directory()
      known = VersionedDirectory(version: version, directory: directory)
      return directory
    }
  }

  /// The account of an address, made where nobody has it.
  package func ensureAccount(address: String, language: Language) async throws(StoreError) -> AccountID {
    try await write { try $0.account(of: address, language: language) }
  }

  /// Applies a roster's differences in one transaction. Accounts are found or made by address, and never deleted:
  /// threads are theirs. Whose address changes keeps their account, with all its threads, where nobody else is behind
  /// it and nobody has the new address; else they move to the new address's account.
  package func apply(_ changes: [RosterChange], defaultLanguage: Language) async throws(StoreError) {
    try await write { database in
      for change in changes { try database.apply(change, defaultLanguage) }
    }
  }
}

/// A directory, and which one it is.
struct VersionedDirectory: Sendable {
  var version: Int
  var directory: Directory
}

extension Database {
  fileprivate func directoryVersion() throws -> Int {
    try Int.fetchOne(cachedStatement(sql: "SELECT version FROM directory_version")) ?? 0
  }

  /// Row by row, and by the places of columns: of thousands of people all rows at once are more than the directory
  /// itself, and the gateway's start waits for it. What cannot be read counts as not there: a damaged row gives nobody
  /// a group, a role or authority, and keeps nobody from the rest.
  fileprivate func directory() throws -> Directory {
    Directory(
      accounts: try Array(Row.fetchCursor(self, sql: Account.query).map(Account.init(readable:))),
      groups: try Row.fetchAll(self, sql: "SELECT * FROM school_group").map {
        SchoolGroup(id: $0["id"], name: $0["name"], routeWord: $0["route_word"])
      },
      pupils: try readablePupils(), carers: try readableCarers(),
      staff: try Row.fetchAll(self, sql: "SELECT * FROM staff").map(StaffMember.init(readable:)))
  }

  // SQLite takes JSON apart several times as fast as Foundation.

  private func readablePupils() throws -> [Pupil] {
    let rows = try Row.fetchCursor(self, sql: "SELECT id, name, group_ids FROM pupil")
    let words = try makeStatement(
      sql: "SELECT value FROM json_each(CASE WHEN json_valid(:ids) THEN :ids ELSE '[]' END) WHERE type = 'text'")
    var pupils: [Pupil] = []
    // A class has its groups once.
    var groups: [String: Set<GroupID>] = [:]
    while let row = try rows.next() {
      let text: String = row[2]
      let known = try groups[text] ?? GroupID.fetchSet(words, arguments: ["ids": text])
      groups[text] = known
      pupils.append(Pupil(id: row[0], name: row[1], groups: known))
    }
    return pupils
  }

  /// A row for each pupil, those of a carer after each other.
  private func readableCarers() throws -> [Carer] {
    let sql = """
      SELECT carer.id, json_each.key, json_each.value, name, account, phone, street, postcode, city
      FROM carer
      LEFT JOIN json_each(CASE WHEN json_valid(authority) THEN authority ELSE '{}' END, '$.byPupil')
        ON json_each.type = 'text'
      """
    let (rows, shown) = (try Row.fetchCursor(self, sql: sql), try classListShown())
    var carers: [Carer] = []
    while let row = try rows.next() {
      let id: CarerID = row[0]
      if carers.last?.id != id {
        let contact = ContactDetails(phone: row[5], street: row[6], postcode: row[7], city: row[8])
        carers.append(
          Carer(id: id, name: row[3], account: row[4], authority: [:], contact: contact, shown: shown[id] ?? [:]))
      }
      guard let pupil: PupilID = row[1] else { continue }
      carers[carers.count - 1].authority[pupil] = ParentalAuthority(rawValue: row[2])
    }
    return carers
  }
}

/// A dictionary with keys that JSON knows.
private struct AuthorityTable: Codable {
  var byPupil: [String: ParentalAuthority]

  init(_ value: [PupilID: ParentalAuthority]) {
    byPupil = Dictionary(value.map { ($0.key.rawValue, $0.value) }) { first, _ in first }
  }

  var value: [PupilID: ParentalAuthority] {
    Dictionary(byPupil.map { (PupilID($0.key), $0.value) }) { first, _ in first }
  }
}

extension Carer {
  init(_ row: Row) throws {
    self.init(
      id: row["id"], name: row["name"], account: row["account"],
      authority: try row.json(AuthorityTable.self, "authority").value, contact: ContactDetails(row))
  }
}

extension Account {
  init(_ row: Row) throws {
    self.init(
      id: row["id"], address: row["address"], newAddress: row["new_address"],
      lastToFormerAddress: row["last_to_former_address"],
      language: try row.word(Language.self, "language"),
      digest: try row.word(DigestChoice.self, "digest"),
      quietHours: try row.jsonIfPresent(QuietHours.self, "quiet_hours"),
      stopped: try row.json(Set<Subscription>.self, "stopped"), keyGeneration: row["key_generation"])
  }

  /// In the order in which `init(readable:)` reads them.
  fileprivate static let query = """
    SELECT id, address, new_address, language, digest, key_generation, stopped, quiet_hours, last_to_former_address
    FROM account
    """

  /// What was chosen and cannot be read counts as not chosen: who has the account goes on getting mail.
  fileprivate init(readable row: Row) {
    let quietHours: String? = row[7]
    self.init(
      id: row[0], address: row[1], newAddress: row[2], lastToFormerAddress: row[8],
      language: Language(rawValue: row[3]) ?? .dutch, digest: DigestChoice(rawValue: row[4]) ?? .daily,
      quietHours: quietHours.flatMap { try? JSONText.read(QuietHours.self, $0) },
      stopped: (try? JSONText.read(Set<Subscription>.self, row[6])) ?? [], keyGeneration: row[5])
  }
}

extension StaffMember {
  init(_ row: Row) throws {
    self.init(
      id: row["id"], name: row["name"], account: row["account"], routeWord: row["route_word"],
      roles: try row.json(Set<String>.self, "roles"), groups: try row.json(Set<GroupID>.self, "group_ids"))
  }

  fileprivate init(readable row: Row) {
    self.init(
      id: row["id"], name: row["name"], account: row["account"], routeWord: row["route_word"],
      roles: (try? row.json(Set<String>.self, "roles")) ?? [],
      groups: (try? row.json(Set<GroupID>.self, "group_ids")) ?? [])
  }
}

extension Database {
  fileprivate func account(of address: String, language: Language) throws -> AccountID {
    let address = address.lowercased()
    if let id = try existingAccount(address) { return id }
    try execute(
      sql: "INSERT INTO account (address, language, digest) VALUES (?, ?, ?)",
      arguments: [address, language.rawValue, DigestChoice.daily.rawValue])
    return AccountID(lastInsertedRowID)
  }

  private func existingAccount(_ address: String) throws -> AccountID? {
    try AccountID.fetchOne(self, sql: "SELECT id FROM account WHERE address = ?", arguments: [address.lowercased()])
  }

  /// The account for a person with this address, who may have had another one.
  private func account(of address: String, before: AccountID?, language: Language) throws -> AccountID {
    let address = address.lowercased()
    if let before, try people(behind: before) == 1 { try absorb(address, into: before) }
    guard let before, try existingAccount(address) == nil, try people(behind: before) == 1 else {
      return try account(of: address, language: language)
    }
    // What the administration says ends a change that waits for approval.
    try keepFormerAddress(of: before)
    try execute(sql: "UPDATE account SET address = ?, new_address = NULL WHERE id = ?", arguments: [address, before])
    try forgetAddress(of: before)
    return before
  }

  /// What was known of an old address, and what still comes back of mail to it, says nothing of a new one.
  private func forgetAddress(of account: AccountID) throws {
    let last = "SELECT seq FROM sqlite_sequence WHERE name = 'delivery'"
    try execute(sql: "UPDATE account SET last_to_former_address = (\(last)) WHERE id = ?", arguments: [account])
    try execute(sql: "DELETE FROM address_standing WHERE account = ?", arguments: [account])
    try execute(sql: "DELETE FROM activation WHERE account = ?", arguments: [account])
  }

  /// What somebody wrote from an address that was nobody's yet, to support, is theirs when it becomes their own: once
  /// the administration or support says so, for anybody may claim an address.
  private func absorb(_ address: String, into account: AccountID) throws {
    guard let stranger = try existingAccount(address), stranger != account, try people(behind: stranger) == 0 else {
      return
    }
    for sql in [
      "UPDATE thread SET author = :account WHERE author = :stranger",
      "UPDATE entry SET author = :account WHERE author = :stranger",
      "UPDATE entry SET sender = :account WHERE sender = :stranger",
      "UPDATE OR IGNORE thread_member SET account = :account WHERE account = :stranger",
      "DELETE FROM thread_member WHERE account = :stranger",
      "UPDATE delivery SET account = :account WHERE account = :stranger AND status = 'waiting'",
      "UPDATE held SET account = :account WHERE account = :stranger AND status = 'held'",
    ] {
      try execute(sql: sql, arguments: ["account": account, "stranger": stranger])
    }
    try execute(
      sql: "UPDATE account SET address = ? WHERE id = ?", arguments: [Account.absorbedAddress(stranger), stranger])
  }

  func setNewAddress(_ account: AccountID, _ address: String?) throws {
    try execute(sql: "UPDATE account SET new_address = ? WHERE id = ?", arguments: [address, account])
    try forgetAddress(of: account)
  }

  func approveAddress(_ account: AccountID) throws {
    try keepFormerAddress(of: account)
    let new = try String.fetchOne(self, sql: "SELECT new_address FROM account WHERE id = ?", arguments: [account])
    if let new { try absorb(new, into: account) }
    try execute(
      sql: "UPDATE account SET address = new_address, new_address = NULL WHERE id = ? AND new_address IS NOT NULL",
      arguments: [account])
  }

  /// What they wrote from an address that was theirs stays theirs.
  private func keepFormerAddress(of account: AccountID) throws {
    try execute(
      sql:
        "INSERT OR IGNORE INTO former_address (account, address) SELECT id, lower(address) FROM account WHERE id = ?",
      arguments: [account])
  }

  private func people(behind account: AccountID) throws -> Int {
    let sql = """
      SELECT (SELECT count(*) FROM carer WHERE account = :id) + (SELECT count(*) FROM staff WHERE account = :id)
      """
    return try Int.fetchOne(self, sql: sql, arguments: ["id": account]) ?? 0
  }

  fileprivate func apply(_ change: RosterChange, _ defaultLanguage: Language) throws {
    switch change {
    case .putGroup(let group):
      try put("school_group", ["id": group.id, "name": group.name, "route_word": group.routeWord])
    case .putPupil(let pupil):
      let groups = try JSONText.of(pupil.groups.sorted())
      try put("pupil", ["id": pupil.id, "name": pupil.name, "group_ids": groups])
    case .putStaff(let staff): try put(staff, defaultLanguage)
    case .putCarer(let carer): try put(carer, defaultLanguage)
    case .removeGroup(let id): try execute(sql: "DELETE FROM school_group WHERE id = ?", arguments: [id])
    case .removePupil(let id): try execute(sql: "DELETE FROM pupil WHERE id = ?", arguments: [id])
    case .removeStaff(let id): try execute(sql: "DELETE FROM staff WHERE id = ?", arguments: [id])
    case .removeCarer(let id): try execute(sql: "DELETE FROM carer WHERE id = ?", arguments: [id])
    }
  }

  private func put(_ staff: RosterStaff, _ language: Language) throws {
    let before = try AccountID.fetchOne(
      self, sql: "SELECT account FROM staff WHERE id = ? AND account IS NOT NULL", arguments: [staff.id])
    let account = try staff.address.map { try self.account(of: $0, before: before, language: language) }
    try put(
      "staff",
      [
        "id": staff.id, "name": staff.name, "account": account, "route_word": staff.routeWord,
        "roles": try JSONText.of(staff.roles.sorted()), "group_ids": try JSONText.of(staff.groups.sorted()),
      ])
  }

  private func put(_ carer: RosterCarer, _ language: Language) throws {
    let before = try AccountID.fetchOne(self, sql: "SELECT account FROM carer WHERE id = ?", arguments: [carer.id])
    let account = try account(of: carer.address, before: before, language: carer.language ?? language)
    if let stated = carer.language {
      try execute(sql: "UPDATE account SET language = ? WHERE id = ?", arguments: [stated.rawValue, account])
    }
    let authority = try JSONText.of(AuthorityTable(carer.authority))
    try put("carer", ["id": carer.id, "name": carer.name, "account": account, "authority": authority])
    try setContact(carer.id, carer.contact)
  }

  /// Inserts, or changes the row with that id.
  private func put(_ table: String, _ columns: KeyValuePairs<String, (any DatabaseValueConvertible)?>) throws {
    let names = columns.map(\.key)
    let changes = names.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", ")
    let sql = """
      INSERT INTO \(table) (\(names.joined(separator: ", "))) VALUES (\(names.map { _ in "?" }.joined(separator: ", ")))
      ON CONFLICT (id) DO UPDATE SET \(changes)
      """
    try execute(sql: sql, arguments: StatementArguments(columns.map(\.value)))
  }
}
