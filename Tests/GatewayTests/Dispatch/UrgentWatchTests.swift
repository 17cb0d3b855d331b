import Foundation
import Mail
import School
import Store
import Testing

@testable import Gateway

@Suite("Who sent an urgent message hears whom it did not reach")
struct UrgentWatchTests {
  typealias P = PlayedSchool

  private func tell(_ school: P, after seconds: TimeInterval) async throws -> Int {
    try await school.pass(seconds)
    let before = receipts(school).count
    try await UrgentWatch(gateway: school.gateway).tell()
    try await school.collect()
    return receipts(school).count - before
  }

  private func receipts(_ school: P) -> [MailMessage] {
    school.inboxes[P.dirk, default: []].filter { $0.subject.contains("Spoedbericht") }
  }

  @Test("The first receipt names the children of whom nobody's address is known")
  func children() async throws {
    let school = try await P()
    let alone = [("p8", "Zoë", "g7"), ("p9", "Abel", "g5")].map { id, name, group in
      RosterChange.putPupil(Pupil(id: PupilID(id), name: name, groups: [GroupID(group)]))
    }
    try await school.store.apply(alone, defaultLanguage: .dutch)
    try await school.write(P.dirk, "spoed", "Gaslek", "De school is dicht.")
    #expect(try await tell(school, after: 10) == 1)
    let text = try #require(receipts(school).last).readableText
    let lines = text.split(whereSeparator: \.isNewline).filter { $0.hasPrefix("- ") }
    #expect(lines == ["- Abel (Groep 5)", "- Zoë (Groep 7)"] && text.contains("(2)"), "\(text.debugDescription)")
    #expect(!text.contains("Bel deze ouders"), "all mails were accepted")
  }

  @Test("Where the school named nobody for support its head hears what support would")
  func heads() async throws {
    let school = try await P()
    var settings = school.gateway.settings
    let directory = try await school.store.directory()
    let head = try #require(directory.account(address: P.dirk)?.id)
    #expect(directory.heads == [head])
    settings.people.supportDesk = []
    #expect(settings.policy(directory).supportDesk == [head])
    settings.people.supportDesk = [P.anna]
    #expect(settings.policy(directory).supportDesk == directory.account(address: P.anna).map { [$0.id] })
  }

  @Test("A group without any address makes a receipt too")
  func nobody() async throws {
    let school = try await P()
    let roster: [RosterChange] = [
      .putGroup(SchoolGroup(id: GroupID("g1"), name: "Groep 1", routeWord: "groep1")),
      .putPupil(Pupil(id: PupilID("p9"), name: "Abel", groups: [GroupID("g1")])),
    ]
    try await school.store.apply(roster, defaultLanguage: .dutch)
    try await school.write(P.dirk, "spoed.groep1", "Gaslek", "De school is dicht.")
    #expect(try await tell(school, after: 10) == 1)
    #expect(try #require(receipts(school).last).readableText.contains("- Abel (Groep 1)"))
  }

  @Test("Mails that come back after it are told of in a mail of their own, each once")
  func later() async throws {
    let school = try await P()
    try await school.write(P.dirk, "spoed.groep5", "Gaslek", "De school is dicht.")
    #expect(try await tell(school, after: 10) == 1)
    #expect(!(try #require(receipts(school).last).readableText.contains("Bel deze ouders")))

    let els = try #require(try await school.store.directory().carers.values.first { $0.name == "Els Bakker" })
    let numbered = RosterCarer(
      id: els.id, name: els.name, address: P.els, language: nil, authority: els.authority,
      contact: [.phone: "06 12 34 56 78"])
    try await school.store.apply([.putCarer(numbered)], defaultLanguage: .dutch)
    let delivery = try await school.delivery(.urgent, to: P.els)
    let words = ServerWords(code: 550, text: "no such user")
    try await school.store.record([
      DeliveryOutcome(delivery: delivery.id, at: school.now, result: .bounced(words))
    ])
    #expect(try await tell(school, after: 30) == 0, "others may follow")
    #expect(try await tell(school, after: 30) == 1)
    let mail = try #require(receipts(school).last)
    #expect(mail.subject.contains("nog een mail teruggekomen"))
    #expect(mail.readableText.contains("- Els Bakker (Noor): 06 12 34 56 78") && !mail.readableText.contains("Frank"))
    #expect(try await tell(school, after: 120) == 0)
  }
}
