import Testing

@testable import School

@Suite("What an import would change")
struct RosterPlanTests {
  static let roster = AdministrationRoster(
    groups: [
      .init(id: GroupID("g5"), name: "Groep 5"), .init(id: GroupID("g6"), name: "6"),
      .init(id: GroupID("n"), name: "Nieuws"),
    ],
    pupils: [Pupil(id: PupilID("p1"), name: "Noor", groups: [GroupID("g5")])],
    staff: [
      member("s1", "Juf Anna", "de Boer", "anna@school.test"), member("s2", "Anna", "Visser", nil),
      member("s3", "Anna", "Vos", nil), member("s4", nil, "Groep 5", nil), member("s5", "Zoë", nil, nil),
    ])

  static func member(_ id: String, _ given: String?, _ family: String?, _ address: String?)
    -> AdministrationRoster.Member
  {
    .init(id: StaffID(id), givenName: given, familyName: family, address: address, roles: ["LRK"], groups: [])
  }

  /// What the store makes of a plan, as far as it concerns these tests.
  static func applied(_ changes: [RosterChange], to before: Directory = Directory()) -> Directory {
    var accounts = before.accounts
    func account(_ address: String, _ language: Language?) -> AccountID {
      if let known = accounts.values.first(where: { $0.address == address }) { return known.id }
      let id = AccountID(Int64(accounts.count + 1))
      accounts[id] = Account(id: id, address: address, language: language ?? .dutch)
      return id
    }
    var (groups, pupils, carers, staff) = (before.groups, before.pupils, before.carers, before.staff)
    for change in changes {
      switch change {
      case .putGroup(let group): groups[group.id] = group
      case .putPupil(let pupil): pupils[pupil.id] = pupil
      case .putStaff(let member):
        staff[member.id] = StaffMember(
          id: member.id, name: member.name, account: member.address.map { account($0, nil) },
          routeWord: member.routeWord,
          roles: member.roles, groups: member.groups)
      case .putCarer(let carer):
        carers[carer.id] = Carer(
          id: carer.id, name: carer.name, account: account(carer.address, carer.language), authority: carer.authority,
          contact: ContactDetails(
            phone: carer.contact[.phone] ?? "", street: carer.contact[.street] ?? "",
            postcode: carer.contact[.postcode] ?? "", city: carer.contact[.city] ?? ""))
      case .removeGroup(let id): groups[id] = nil
      case .removePupil(let id): pupils[id] = nil
      case .removeStaff(let id): staff[id] = nil
      case .removeCarer(let id): carers[id] = nil
      }
    }
    return Directory(
      accounts: Array(accounts.values), groups: Array(groups.values), pupils: Array(pupils.values),
      carers: Array(carers.values), staff: Array(staff.values))
  }

  @Test("The first import adds everybody, with words that are unique and no route of the gateway")
  func first() {
    let plan = RosterPlan.of(Self.roster, against: Directory())
    #expect(plan.differences.allSatisfy { $0.kind == .added } && plan.changes.count == 9 && plan.removed == 0)
    let directory = Self.applied(plan.changes)
    #expect(directory.groups.values.map(\.routeWord).sorted() == ["groep5", "groep6", "nieuws2"])
    #expect(directory.staff.values.map(\.routeWord).sorted() == ["anna", "annav", "annavos", "groep52", "zoe"])
  }

  @Test("The same file again changes nothing, whatever its order; who has a word keeps it")
  func idempotent() {
    let directory = Self.applied(RosterPlan.of(Self.roster, against: Directory()).changes)
    #expect(RosterPlan.of(Self.roster, against: directory).changes.isEmpty)
    var renamed = Self.roster
    renamed.staff[0].givenName = "Annemarie"
    let plan = RosterPlan.of(renamed, against: directory)
    #expect(plan.differences.map(\.kind) == [.changed])
    #expect(plan.differences.first?.details == ["Juf Anna de Boer → Annemarie de Boer"])
    #expect(Self.applied(plan.changes, to: directory).staff[StaffID("s1")]?.routeWord == "anna")
  }

  @Test("Who is not in the file any more goes; a file that would empty the school is known for it")
  func removals() {
    let directory = Self.applied(RosterPlan.of(Self.roster, against: Directory()).changes)
    let plan = RosterPlan.of(
      AdministrationRoster(groups: Self.roster.groups, pupils: Self.roster.pupils, staff: []), against: directory)
    #expect(plan.removed == 5 && plan.differences.allSatisfy { $0.kind == .removed } && !plan.removesTooMany)
    #expect(RosterPlan.of(AdministrationRoster(), against: directory).removesTooMany)
  }

  @Test("Carers are compared by their key; a language that is not stated stays, and absent ones can be kept")
  func carers() {
    let school = Self.applied(RosterPlan.of(Self.roster, against: Directory()).changes)
    let els = RosterCarer(
      id: CarerID("c1"), name: "Els", address: "els@ouders.test", language: .frisian, authority: [PupilID("p1"): .full])
    let first = RosterPlan.of(carers: [els], against: school)
    #expect(first.differences.first?.details == ["els@ouders.test", "of Noor", "in fy"])
    let directory = Self.applied(first.changes, to: school)
    var unstated = els
    unstated.language = nil
    #expect(RosterPlan.of(carers: [unstated], against: directory).changes.isEmpty)
    var moved = els
    moved.address = "e@nieuw.test"
    let change = RosterPlan.of(carers: [moved], against: directory)
    #expect(change.differences.first?.details == ["els@ouders.test → e@nieuw.test"])
    var reached = els
    reached.contact = [.phone: "06 12", .city: "Grou"]
    let second = RosterPlan.of(carers: [reached], against: directory)
    #expect(second.differences.first?.details == ["nothing → phone 06 12", "nothing → city Grou"])
    let known = Self.applied(second.changes, to: directory)
    #expect(RosterPlan.of(carers: [els], against: known).changes.isEmpty, "a file without these columns takes nothing")
    reached.contact = [.phone: ""]
    let gone = RosterPlan.of(carers: [reached], against: known)
    #expect(gone.differences.first?.details == ["phone 06 12 → nothing"])
    #expect(Self.applied(gone.changes, to: known).carers[CarerID("c1")]?.contact == ContactDetails(city: "Grou"))
    #expect(RosterPlan.of(carers: [], against: directory).changes == [.removeCarer(CarerID("c1"))])
    #expect(RosterPlan.of(carers: [], against: directory, keepsAbsent: true).changes.isEmpty)
  }

  @Test("A newcomer takes nobody's word, wherever they stand in the file")
  func newcomers() {
    let school = Self.applied(RosterPlan.of(Self.roster, against: Directory()).changes)
    let before = Dictionary(uniqueKeysWithValues: school.staff.values.map { ($0.id, $0.routeWord) })
    let next = AdministrationRoster(
      groups: [.init(id: GroupID("g9"), name: "Zoe")] + Self.roster.groups.reversed(), pupils: Self.roster.pupils,
      staff: [Self.member("s9", "Anna", "Aal", nil)] + Self.roster.staff.reversed())
    let after = Self.applied(RosterPlan.of(next, against: school).changes, to: school)
    for (id, word) in before { #expect(after.staff[id]?.routeWord == word) }
    for (id, group) in school.groups { #expect(after.groups[id]?.routeWord == group.routeWord) }
    let words = after.staff.values.map(\.routeWord) + after.groups.values.map(\.routeWord)
    #expect(Set(words).count == words.count)
  }

  @Test("A file that says nothing of authority leaves it as it is")
  func authority() {
    let school = Self.applied(RosterPlan.of(Self.roster, against: Directory()).changes)
    let piet = RosterCarer(
      id: CarerID("c1"), name: "Piet", address: "piet@ouders.test", language: nil, authority: [PupilID("p1"): .none])
    let directory = Self.applied(RosterPlan.of(carers: [piet], against: school).changes, to: school)
    var phone = piet
    (phone.authority, phone.unstated, phone.contact) = ([PupilID("p1"): .full], [PupilID("p1")], [.phone: "06"])
    let after = Self.applied(RosterPlan.of(carers: [phone], against: directory).changes, to: directory)
    #expect(after.carers[CarerID("c1")]?.authority == [PupilID("p1"): .none])
    var new = phone
    new.id = CarerID("c2")
    let more = Self.applied(RosterPlan.of(carers: [phone, new], against: after).changes, to: after)
    #expect(more.carers[CarerID("c2")]?.authority == [PupilID("p1"): .full], "nothing was known of them")
  }
}
