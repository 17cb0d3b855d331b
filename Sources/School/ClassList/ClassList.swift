/// The children of a group, each with what their parents show of themselves: nothing by itself but the child's name.
package struct ClassList: Sendable, Hashable {
  package struct Row: Sendable, Hashable {
    package var pupil: String
    /// Only parents who show something.
    package var carers: [Entry]

    package init(pupil: String, carers: [Entry]) {
      self.pupil = pupil
      self.carers = carers
    }
  }

  /// What one parent shows; nil for what they do not, and for what the school does not have.
  package struct Entry: Sendable, Hashable {
    package var name: String
    package var phone: String?
    package var mail: String?
    package var address: String?

    package init(name: String, phone: String? = nil, mail: String? = nil, address: String? = nil) {
      self.name = name
      self.phone = phone
      self.mail = mail
      self.address = address
    }

    var isEmpty: Bool { phone == nil && mail == nil && address == nil }
  }

  package var group: SchoolGroup
  package var rows: [Row]
  /// Further children who are not named.
  package var more: Int

  /// Children of one list; more is a mistake of the administration.
  package static let mostRows = 100
  /// Lists of one mail.
  package static let mostGroups = 40
  /// EDEXML's codes of the roles that may ask for the list of any group.
  static let headRoles: Set<String> = ["DIR", "ADJ", "LOC"]

  package init(group: SchoolGroup, rows: [Row], more: Int = 0) {
    self.group = group
    self.rows = rows
    self.more = more
  }
}

extension Directory {
  /// The list of a group as it is now.
  package func classList(of group: SchoolGroup) -> ClassList {
    let members = pupils.values.filter { $0.groups.contains(group.id) }
      .sorted { (Glossary.plain($0.name), $0.id) < (Glossary.plain($1.name), $1.id) }
    let rows = members.prefix(ClassList.mostRows).map { pupil in
      ClassList.Row(
        pupil: pupil.name,
        carers: carers(withFullAuthorityOver: pupil.id).map { entry($0, pupil.id) }.filter { !$0.isEmpty })
    }
    return ClassList(group: group, rows: rows, more: max(0, members.count - ClassList.mostRows))
  }

  /// The groups whose lists somebody may have: parents those of the children over whom they have full authority, staff
  /// their own, heads all.
  package func classListGroups(for account: AccountID) -> [SchoolGroup] {
    let staff = staff(of: account)
    let isHead = staff.contains { !$0.roles.isDisjoint(with: ClassList.headRoles) }
    let own = Set(pupils(of: account).flatMap(\.groups)).union(staff.flatMap(\.groups))
    return groups.values.filter { isHead || own.contains($0.id) }
      .sorted { (Glossary.plain($0.name), $0.id) < (Glossary.plain($1.name), $1.id) }
  }

  /// The carers behind an account who may decide what is shown beside this child.
  package func carers(of account: AccountID, over pupil: PupilID) -> [Carer] {
    carers(of: account).filter { $0.authority[pupil] == .full }
  }

  /// What a carer has for a field; empty for nothing.
  package func value(_ field: ContactField, of carer: Carer) -> String {
    switch field {
    case .phone: carer.contact.phone
    case .mail: accounts[carer.account]?.mailAddress ?? ""
    case .address: carer.contact.postalAddress
    }
  }

  func carers(withFullAuthorityOver pupil: PupilID) -> [Carer] {
    carers.values.filter { $0.authority[pupil] == .full }.sorted { $0.id < $1.id }
  }

  private func entry(_ carer: Carer, _ pupil: PupilID) -> ClassList.Entry {
    let shown = carer.shown[pupil] ?? []
    let seen = { (field: ContactField) -> String? in
      let value = self.value(field, of: carer)
      return shown.contains(field) && !value.isEmpty ? value : nil
    }
    return ClassList.Entry(name: carer.name, phone: seen(.phone), mail: seen(.mail), address: seen(.address))
  }
}

/// What somebody shows of themselves beside each of their children.
package struct ClassListSettings: Sendable, Hashable {
  package struct Child: Sendable, Hashable {
    package var pupil: Pupil
    package var fields: [Field]

    package init(pupil: Pupil, fields: [Field]) {
      self.pupil = pupil
      self.fields = fields
    }
  }

  package struct Field: Sendable, Hashable {
    package var field: ContactField
    package var isShown: Bool
    /// What is shown. Nil for what is hidden, which stands in no mail, not even their own; empty where the school has
    /// nothing to show.
    package var value: String?

    package init(field: ContactField, isShown: Bool, value: String?) {
      self.field = field
      self.isShown = isShown
      self.value = value
    }
  }

  package var children: [Child]

  package init(children: [Child]) { self.children = children }
}

extension Directory {
  package func classListSettings(of account: AccountID) -> ClassListSettings {
    ClassListSettings(
      children: pupils(of: account).map { pupil in
        let carers = carers(of: account, over: pupil.id)
        return ClassListSettings.Child(
          pupil: pupil,
          fields: ContactField.allCases.map { field in
            let showing = carers.filter { $0.shown[pupil.id]?.contains(field) ?? false }
            var seen: Set<String> = []
            let values = showing.map { value(field, of: $0) }.filter { !$0.isEmpty && seen.insert($0).inserted }
            return ClassListSettings.Field(
              field: field, isShown: !showing.isEmpty,
              value: showing.isEmpty ? nil : values.joined(separator: ", "))
          })
      })
  }
}

/// What becomes different on the class lists.
package struct ClassListChange: Sendable, Hashable {
  package var carers: [CarerID]
  package var pupil: PupilID
  package var field: ContactField
  package var shows: Bool

  package init(carers: [CarerID], pupil: PupilID, field: ContactField, shows: Bool) {
    self.carers = carers
    self.pupil = pupil
    self.field = field
    self.shows = shows
  }
}

/// What a mail on class lists is about. What parents show is read when it is sent, and stands in no row: what they hid
/// meanwhile is hidden.
package struct ClassListFacts: Sendable, Hashable, Codable {
  package struct Step: Sendable, Hashable, Codable {
    package var pupil: PupilID
    package var field: ContactField
    package var shows: Bool

    package init(pupil: PupilID, field: ContactField, shows: Bool) {
      self.pupil = pupil
      self.field = field
      self.shows = shows
    }
  }

  package var groups: [GroupID]
  /// Further ones that are not in it.
  package var more: Int
  /// A receipt: what was changed.
  package var steps: [Step]

  package init(groups: [GroupID] = [], more: Int = 0, steps: [Step] = []) {
    self.groups = groups
    self.more = more
    self.steps = steps
  }
}
