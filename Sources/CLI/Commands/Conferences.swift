import ArgumentParser
import Foundation
import School

struct Conferences: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Plans conferences for families that nobody knows.", subcommands: [ConferencesRehearse.self])
}

/// The step that the clock takes when wishes close, on a school that is made up.
struct ConferencesRehearse: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rehearse",
    abstract: "Grants made-up wishes for a school of so many families, and says how well and how fast.",
    discussion: """
      To see beforehand whether there are enough slots for everybody. Touches no school and no mail; the same seed gives \
      the same families.

      \(Exit.documentation)
      """)

  @Option(help: "Families; the children are theirs in turn, so that some have several.")
  var families = 300
  @Option(help: "Children, at least one a family.")
  var children = 500
  @Option(help: "Teachers, each with a desk and a share of the children.")
  var teachers = 20
  @Option(help: "Slots of a desk, on two days.")
  var slots = 36
  @Option(help: "Wishes for each conversation; one family in five says nothing.")
  var wishes = 3
  @Option(help: "Whose families.")
  var seed: UInt64 = 1
  @Flag(help: "Print one JSON object.")
  var json = false

  private struct Result: Encodable {
    let seconds: Double
    let conversations, placed, several, gapMinutes, wished, firstWishes, notices: Int
  }

  func validate() throws {
    guard (1...100_000).contains(families), (families...100_000).contains(children), (1...80).contains(teachers),
      (2...200).contains(slots), (0...5).contains(wishes)
    else { throw ValidationError("Children at least as families, 1 to 80 teachers, 2 to 200 slots, at most 5 wishes") }
  }

  func run() async throws {
    let school = MadeUpSchool(
      families: families, children: children, teachers: teachers, slots: slots, wishes: wishes, seed: seed)
    let state = school.state
    let began = ContinuousClock.now
    let decision = conferenceDecision(.assign, state, directory: school.directory, now: MadeUpSchool.now)
    let took = ContinuousClock.now - began
    let placed = decision.changes.count { if case .conference(.promise) = $0 { true } else { false } }
    let facts = decision.notices.compactMap(\.facts.conference).first { $0.stage == .assigned }
    let result = Result(
      seconds: Double(took.components.seconds) + Double(took.components.attoseconds) / 1e18,
      conversations: state.talks.count, placed: placed, several: facts?.several ?? 0, gapMinutes: facts?.gap ?? 0,
      wished: facts?.wished ?? 0, firstWishes: facts?.firstWishes ?? 0, notices: decision.notices.count)
    if json { return try Output.json(result) }
    Output.line("\(result.placed) of \(result.conversations) conversations have a slot")
    Output.line("\(result.several) families with several wait \(result.gapMinutes) minutes in between, all together")
    Output.line("\(result.firstWishes) of \(result.wished) that wished have their first wish")
    Output.line("\(result.notices) mails, \((result.seconds * 100).rounded() / 100) seconds")
  }
}

/// Families with one address each, their children over the groups in turn, and what they wish.
private struct MadeUpSchool {
  static let now = Date(timeIntervalSince1970: 1_795_020_400)

  let directory: Directory
  let state: ConferenceState

  /// SplitMix64: a seed always gives the same families.
  private struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  init(families: Int, children: Int, teachers: Int, slots: Int, wishes: Int, seed: UInt64) {
    var random = Seeded(state: seed)
    let groups = (0..<teachers).map { GroupID("g\($0)") }
    let pupils = (0..<children).map {
      Pupil(id: PupilID("p\($0)"), name: "Child \($0)", groups: [groups[$0 % teachers]])
    }
    // The first is everybody's; the rest fall where they fall.
    let family = (0..<children).map { $0 < families ? $0 : Int.random(in: 0..<families, using: &random) }
    let account = { (number: Int) in AccountID(Int64(number + 1_000)) }
    let carers = (0..<families).map { number in
      let own = pupils.indices.filter { family[$0] == number }.map { (pupils[$0].id, ParentalAuthority.full) }
      return Carer(
        id: CarerID("c\(number)"), name: "Parent \(number)", account: account(number),
        authority: Dictionary(uniqueKeysWithValues: own))
    }
    let staff = (0..<teachers).map { number in
      StaffMember(
        id: StaffID("s\(number)"), name: "Teacher \(number)", account: AccountID(Int64(number + 1)),
        routeWord: "t\(number)", roles: [], groups: [groups[number]])
    }
    directory = Directory(
      accounts: (0..<teachers).map { Account(id: AccountID(Int64($0 + 1)), address: "t\($0)@school.test") }
        + (0..<families).map { Account(id: account($0), address: "p\($0)@parents.test") },
      groups: groups.map { SchoolGroup(id: $0, name: $0.rawValue, routeWord: $0.rawValue) }, pupils: pupils,
      carers: carers, staff: staff)
    let days = [slots / 2, slots - slots / 2].enumerated().map { day, count in
      let start = Self.now + Double(7 + 2 * day) * 86_400
      return ConferencePlan.Window(start: start, end: start + Double(count) * 600)
    }
    let plan = ConferencePlan(
      windows: days, minutes: 10,
      desks: staff.map { .init(name: $0.name, teachers: [$0.id], groups: $0.groups.sorted()) }, closesAt: Self.now)
    let silent = Set((0..<families).filter { _ in Int.random(in: 0..<5, using: &random) == 0 })
    let talks = pupils.indices.map { place in
      let wished = silent.contains(family[place]) ? [] : Array((0..<slots).shuffled(using: &random).prefix(wishes))
      return Talk(
        id: TalkID(Int64(place + 1)), household: account(family[place]), parties: [account(family[place])],
        pupil: pupils[place].id, desk: place % teachers, wishes: wished, hasAnswered: !wished.isEmpty)
    }
    state = ConferenceState(
      conference: Conference(id: ConferenceID(1), organiser: AccountID(1), plan: plan, openedAt: Self.now),
      talks: talks,
      revision: Revision(subject: "conference 1", number: 0))
  }
}
