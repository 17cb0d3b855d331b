/// What the pupil administration says: groups, pupils and staff, by its own keys.
package struct AdministrationRoster: Sendable, Hashable {
  package struct Group: Sendable, Hashable {
    package var id: GroupID
    package var name: String

    package init(id: GroupID, name: String) {
      self.id = id
      self.name = name
    }
  }

  package struct Member: Sendable, Hashable {
    package var id: StaffID
    package var givenName: String?
    package var familyName: String?
    /// In lower case.
    package var address: String?
    package var roles: Set<String>
    package var groups: Set<GroupID>

    package init(
      id: StaffID, givenName: String?, familyName: String?, address: String?, roles: Set<String>, groups: Set<GroupID>
    ) {
      self.id = id
      self.givenName = givenName
      self.familyName = familyName
      self.address = address
      self.roles = roles
      self.groups = groups
    }

    var name: String { [givenName, familyName].compactMap(\.self).joined(separator: " ") }
  }

  package var groups: [Group]
  package var pupils: [Pupil]
  package var staff: [Member]

  package init(groups: [Group] = [], pupils: [Pupil] = [], staff: [Member] = []) {
    self.groups = groups
    self.pupils = pupils
    self.staff = staff
  }
}

/// What an import would change, for a person to read and for the store to apply.
package struct RosterPlan: Sendable, Hashable {
  package struct Difference: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable { case added, changed, removed }
    package enum Subject: String, Sendable, Hashable, Codable { case group, pupil, staff, carer }

    package var kind: Kind
    package var subject: Subject
    package var name: String
    /// What is new, or `what: before → after`.
    package var details: [String]
  }

  package var changes: [RosterChange] = []
  package var differences: [Difference] = []

  /// How many of those that are known would go, of how many: a wrong file shows here.
  package var removed = 0
  package var known = 0

  /// A third of all, and more than a handful, never leaves in one import but by mistake.
  package var removesTooMany: Bool { removed > 5 && removed * 3 > known }

  /// The differences between the administration's file and what is known; pupils' carers are left as they are.
  package static func of(_ roster: AdministrationRoster, against directory: Directory) -> RosterPlan {
    var plan = RosterPlan()
    var groupWords = RouteWords(
      reserved: roster.groups.compactMap { directory.groups[$0.id]?.routeWord }
        + roster.staff.compactMap { directory.staff[$0.id]?.routeWord })
    let groups = roster.groups.map { group in
      SchoolGroup(
        id: group.id, name: group.name,
        routeWord: groupWords.word(for: [group.name], kept: directory.groups[group.id]?.routeWord, isGroup: true))
    }
    plan.compare(
      groups, with: directory.groups, as: .group, put: RosterChange.putGroup, remove: RosterChange.removeGroup,
      describe: { $0.description })
    plan.compare(
      roster.pupils, with: directory.pupils, as: .pupil, put: RosterChange.putPupil, remove: RosterChange.removePupil,
      describe: { $0.description(groups: Dictionary(groups.map { ($0.id, $0.name) }) { first, _ in first }) })
    // A teacher's word and a group's would be the same address.
    var staffWords = groupWords
    let staff = roster.staff.map { member in
      RosterStaff(
        id: member.id, name: member.name, address: member.address,
        routeWord: staffWords.word(
          for: [member.givenName, member.familyName].compactMap(\.self), kept: directory.staff[member.id]?.routeWord),
        roles: member.roles, groups: member.groups)
    }
    plan.compare(
      staff, with: directory.rosterStaff, as: .staff, put: RosterChange.putStaff, remove: RosterChange.removeStaff,
      describe: { $0.description })
    return plan
  }

  /// The differences between the school's file of carers and what is known.
  ///
  /// - Parameter keepsAbsent: leaves those be who are not in it: some of its rows could not be read.
  package static func of(
    carers: [RosterCarer], against directory: Directory, keepsAbsent: Bool = false
  ) -> RosterPlan {
    var plan = RosterPlan()
    var known = directory.rosterCarers
    if keepsAbsent {
      let present = Set(carers.map(\.id))
      known = known.filter { present.contains($0.key) }
    }
    // What is not stated stays what it is.
    let complete = carers.map { carer in
      var carer = carer
      let before = known[carer.id]?.authority ?? [:]
      for pupil in carer.unstated { carer.authority[pupil] = before[pupil] ?? carer.authority[pupil] }
      carer.unstated = []
      carer.language = carer.language ?? known[carer.id]?.language
      carer.contact = (known[carer.id]?.contact ?? ContactDetails().parts).merging(carer.contact) { _, stated in stated
      }
      return carer
    }
    plan.compare(
      complete, with: known, as: .carer, put: RosterChange.putCarer, remove: RosterChange.removeCarer,
      describe: { $0.description(pupils: directory.pupils) })
    return plan
  }

  private mutating func compare<Value: Hashable & Named>(
    _ values: [Value], with known: [Value.ID: Value], as subject: Difference.Subject,
    put: (Value) -> RosterChange, remove: (Value.ID) -> RosterChange, describe: (Value) -> [String]
  ) where Value.ID: Comparable {
    self.known += known.count
    var present: Set<Value.ID> = []
    for value in values {
      present.insert(value.id)
      guard let before = known[value.id] else {
        changes.append(put(value))
        differences.append(
          Difference(kind: .added, subject: subject, name: value.name, details: describe(value).filter { !$0.isEmpty }))
        continue
      }
      guard before != value else { continue }
      changes.append(put(value))
      let known = { $0.isEmpty ? "nothing" : $0 }
      var details = zip(describe(before), describe(value)).filter { $0 != $1 }.map { "\(known($0)) → \(known($1))" }
      if before.name != value.name { details.insert("\(before.name) → \(value.name)", at: 0) }
      differences.append(Difference(kind: .changed, subject: subject, name: value.name, details: details))
    }
    for id in known.keys.filter({ !present.contains($0) }).sorted() {
      removed += 1
      changes.append(remove(id))
      differences.append(
        Difference(kind: .removed, subject: subject, name: known[id]?.name ?? "\(id)", details: []))
    }
  }
}

private protocol Named: Identifiable { var name: String { get } }
extension SchoolGroup: Named {}
extension Pupil: Named {}
extension RosterStaff: Identifiable, Named {}
extension RosterCarer: Identifiable, Named {}

// MARK: What stands in a difference; each in the same order, to compare before and after; empty for nothing

extension SchoolGroup {
  fileprivate var description: [String] { ["address word \(routeWord)"] }
}

extension Pupil {
  fileprivate func description(groups names: [GroupID: String]) -> [String] {
    ["in \(groups.sorted().map { names[$0] ?? $0.rawValue }.joined(separator: ", "))"]
  }
}

extension RosterStaff {
  fileprivate var description: [String] {
    [
      address ?? "no address", "address word \(routeWord)", "roles \(roles.sorted().joined(separator: " "))",
      "groups \(groups.sorted().map(\.rawValue).joined(separator: " "))",
    ]
  }
}

extension RosterCarer {
  fileprivate func description(pupils: [PupilID: Pupil]) -> [String] {
    let children = authority.sorted { $0.key < $1.key }.map { id, level in
      (pupils[id]?.name ?? id.rawValue) + (level == .full ? "" : " (\(level.rawValue))")
    }
    return [
      address, "of \(children.joined(separator: ", "))", language.map { "in \($0.rawValue)" } ?? "language not stated",
    ]
      + ContactDetails.Part.allCases.map { part in
        let value = contact[part] ?? ""
        return value.isEmpty ? "" : "\(part.rawValue) \(value)"
      }
  }
}

extension Directory {
  fileprivate var rosterStaff: [StaffID: RosterStaff] {
    staff.mapValues { member in
      RosterStaff(
        id: member.id, name: member.name, address: member.account.flatMap { accounts[$0]?.address },
        routeWord: member.routeWord, roles: member.roles, groups: member.groups)
    }
  }

  fileprivate var rosterCarers: [CarerID: RosterCarer] {
    carers.compactMapValues { carer in
      accounts[carer.account].map { account in
        RosterCarer(
          id: carer.id, name: carer.name, address: account.address, language: account.language,
          authority: carer.authority, contact: carer.contact.parts)
      }
    }
  }
}
