import Foundation
import Testing

@testable import School

@Suite("Families and how far mail reaches them")
struct FamilyTests {
  @Test("Who shares a child is of one family; who has no say over it is not")
  func families() {
    let pupil = { (id: String) in Pupil(id: PupilID(id), name: id, groups: []) }
    let carer = { (id: String, account: Int64, authority: [PupilID: ParentalAuthority]) in
      Carer(id: CarerID(id), name: id, account: AccountID(account), authority: authority)
    }
    let (noor, jelle, tim) = (PupilID("noor"), PupilID("jelle"), PupilID("tim"))
    let directory = Directory(
      accounts: (1...5).map { Account(id: AccountID($0), address: "\($0)@x.test") },
      pupils: ["noor", "jelle", "tim"].map(pupil),
      carers: [
        carer("a", 1, [noor: .full]), carer("b", 2, [noor: .full, jelle: .full]), carer("c", 3, [jelle: .full]),
        carer("d", 4, [tim: .full]), carer("e", 5, [tim: .onRequest]),
      ])
    let families = directory.allFamilies
    #expect(families.map { $0.accounts.map(\.rawValue) } == [[1, 2, 3], [4]])
    #expect(families.map { $0.pupils.map(\.name) } == [["jelle", "noor"], ["tim"]])
  }

  @Test("A family is reached as far as its addresses work")
  func reach() {
    let line = { (states: [AddressStanding.State]) in
      DeliverabilityReport.FamilyLine(
        family: Family(accounts: [], pupils: []),
        members: states.map {
          .init(account: AccountID(1), standing: AddressStanding(state: $0), tally: DeliveryTally())
        }
      ).reach
    }
    #expect(line([.working, .working]) == .whole && line([.working, .broken]) == .part)
    #expect(line([.broken]) == .none && line([.broken, .doubtful]) == .doubtful)
    #expect([.whole, .none, .part, .doubtful].sorted() == DeliverabilityReport.Reach.allCases)
  }

  @Test("An activation without answer makes a working address doubtful, and says nothing of one that failed")
  func unanswered() {
    let silent = AddressStanding().with(.unanswered, provider: "kpn")
    #expect(silent.state == .doubtful && silent.failure?.reason == "perhaps-spam" && silent.failure?.provider == "kpn")
    #expect(AddressStanding().with(.asked, provider: nil) == AddressStanding())
    let broken = AddressStanding(state: .broken, score: 10)
    #expect(broken.with(.unanswered, provider: nil) == broken)
  }
}

@Suite("The weekly report to support")
struct WeeklyReportTests {
  static let failure = AddressFailure(reason: "mailbox-full", provider: "kpn", actor: "parent", words: "552")
  static let policy = SchoolPolicy(
    supportDesk: [AccountID(9)], timeZone: TimeZone(identifier: "Europe/Amsterdam") ?? .gmt)

  private func family(_ states: [AddressStanding.State]) -> DeliverabilityReport.FamilyLine {
    .init(
      family: Family(accounts: [], pupils: []),
      members: states.enumerated().map { place, state in
        .init(
          account: AccountID(Int64(place)), standing: AddressStanding(state: state, failure: Self.failure),
          tally: DeliveryTally())
      })
  }

  @Test("It names those whom mail does not reach, and is not sent where all are reached")
  func content() {
    let decision = weeklyReport(
      [family([.working]), family([.working, .doubtful]), family([.broken])], policy: Self.policy)
    #expect(decision.changes == [.markDone(.weeklyReport)])
    #expect(decision.notices.count == 1 && decision.notices[0].facts.count == 2)
    #expect(decision.notices[0].facts.unreached?.map(\.account.rawValue) == [1, 0])
    let none = weeklyReport([family([.working])], policy: Self.policy)
    #expect(none.notices.isEmpty && none.changes == [.markDone(.weeklyReport)])
  }

  @Test(
    "It is due once after Monday at 8 in the school's time zone, also across the change of the clocks",
    arguments: [
      // Monday 19 October 2026, 08:00 in Amsterdam is 06:00 UTC; a week later it is 07:00 UTC.
      ("2026-10-19T05:59:59Z", "2026-10-12T07:00:00Z", false), ("2026-10-19T06:00:01Z", "2026-10-12T07:00:00Z", true),
      ("2026-10-19T12:00:00Z", "2026-10-19T06:00:01Z", false), ("2026-10-26T06:59:00Z", "2026-10-19T06:00:01Z", false),
      ("2026-10-26T07:00:01Z", "2026-10-19T06:00:01Z", true), ("2026-10-30T07:00:01Z", "2026-10-19T06:00:01Z", true),
    ])
  func due(now: String, last: String, isDue: Bool) throws {
    let (now, last) = (try Date(now, strategy: .iso8601), try Date(last, strategy: .iso8601))
    #expect(Self.policy.isReportDue(last: last, now: now) == isDue)
  }
}
