import Testing

@testable import School

@Suite("Who gets what concerns a group")
struct DirectoryTests {
  /// Anna and Bert teach group 5 together; Femke's separated parents have an address each, Sietse's parents share one.
  static let directory = Directory(
    accounts: [
      Account(id: AccountID(1), address: "anna@school.test"), Account(id: AccountID(2), address: "bert@school.test"),
      Account(id: AccountID(3), address: "moeder@ouders.test"), Account(id: AccountID(4), address: "vader@ouders.test"),
      Account(id: AccountID(5), address: "samen@ouders.test"), Account(id: AccountID(6), address: "oma@ouders.test"),
    ],
    groups: [
      SchoolGroup(id: GroupID("g5"), name: "Groep 5", routeWord: "groep5"),
      SchoolGroup(id: GroupID("g8"), name: "Groep 8", routeWord: "groep8"),
    ],
    pupils: [
      Pupil(id: PupilID("p1"), name: "Femke", groups: [GroupID("g5")]),
      Pupil(id: PupilID("p2"), name: "Sietse", groups: [GroupID("g5")]),
      Pupil(id: PupilID("p3"), name: "Jelle", groups: [GroupID("g8")]),
    ],
    carers: [
      carer("c1", "Moeder", 3, ["p1": .full]), carer("c2", "Vader", 4, ["p1": .full]),
      carer("c3", "Ouder een", 5, ["p2": .full, "p3": .full]), carer("c4", "Ouder twee", 5, ["p2": .full]),
      carer("c5", "Oma", 6, ["p1": .onRequest, "p2": .none]),
    ],
    staff: [
      StaffMember(
        id: StaffID("s1"), name: "Anna", account: AccountID(1), routeWord: "anna", roles: ["LRK"],
        groups: [GroupID("g5")]),
      StaffMember(
        id: StaffID("s2"), name: "Bert", account: AccountID(2), routeWord: "bert", roles: ["LRK"],
        groups: [GroupID("g5")]),
      StaffMember(
        id: StaffID("s3"), name: "Zonder adres", account: nil, routeWord: "zonder", roles: [], groups: [GroupID("g5")]),
    ])

  static func carer(_ id: String, _ name: String, _ account: Int64, _ pupils: [String: ParentalAuthority]) -> Carer {
    Carer(
      id: CarerID(id), name: name, account: AccountID(account),
      authority: Dictionary(uniqueKeysWithValues: pupils.map { (PupilID($0.key), $0.value) }))
  }

  @Test("A group's families are each account once, separated parents both, and nobody without full authority")
  func families() {
    #expect(Self.directory.families(of: .group(GroupID("g5"))) == [3, 4, 5].map { AccountID($0) })
    #expect(Self.directory.families(of: .group(GroupID("g8"))) == [AccountID(5)])
    #expect(Self.directory.families(of: .group(GroupID("g1"))).isEmpty)
    #expect(Self.directory.families(of: .school) == [3, 4, 5].map { AccountID($0) })
  }

  @Test("A duo are both the group's teachers; who has no address cannot be written to")
  func teachers() {
    #expect(Self.directory.teachers(of: GroupID("g5")) == [AccountID(1), AccountID(2)])
    #expect(Self.directory.teachers(of: GroupID("g8")).isEmpty)
  }

  @Test("An account is found by its address in any case, and names everybody behind it")
  func accounts() {
    #expect(Self.directory.account(address: "Samen@Ouders.TEST")?.id == AccountID(5))
    #expect(Self.directory.account(address: "niemand@ouders.test") == nil)
    #expect(Self.directory.names(of: AccountID(5)) == ["Ouder een", "Ouder twee"])
    #expect(Self.directory.pupils(of: AccountID(6)).isEmpty)
    #expect(Self.directory.isStaff(AccountID(1)))
    #expect(!Self.directory.isStaff(AccountID(5)))
  }
}
