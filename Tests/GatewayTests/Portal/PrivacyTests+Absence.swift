import Foundation
import Mail
import School
import Store
import Testing

@testable import Gateway

/// Absence: words on a child's health reach its teachers and nobody else; leave, the head alone.
extension PrivacyTests {
  static let absenceReaders: [String: Set<String>] = [
    "geheim-koorts": [P.els, P.anna], "geheim-oom": [P.uncle, P.anna], "geheim-gijs": [P.without, P.anna],
    "geheim-tandarts": [P.shared, P.anna, P.dirk], "geheim-trein": [P.foreign, P.cor],
    "geheim-griep": [P.frank, P.anna], "geheim-bruiloft": [P.els, P.dirk], "geheim-reis": [P.frank, P.dirk],
    "geheim-afwijzing": [P.frank, P.dirk], "geheim-anders": [P.foreign, P.cor],
  ]

  /// From Wednesday evening to Friday morning, with a parent who has no authority over Noor.
  func absences() async throws -> P {
    let school = try await P()
    let clock = AbsenceClock(gateway: school.gateway)
    try await clock.doDue()
    // Thursday, half past seven.
    try await school.pass(13 * 3_600 + 44 * 60)
    try await school.write(P.els, "ziek", "", "ziek Noor\ngeheim-koorts")
    try await school.write(P.uncle, "ziek", "Noor", "Noor is ziek: geheim-oom")
    try await school.write(P.without, "ziek", "", "ziek Noor, geheim-gijs")
    try await school.write(P.shared, "ziek", "", "Sanne moet naar de tandarts: geheim-tandarts")
    try await school.write(P.foreign, "ziek", "", "te laat Tim 9:15 geheim-trein")
    try await school.write(P.without, "verlof", "", "verlof Noor 12-03: x")
    try await school.pass(55 * 60)
    try await clock.doDue()
    try await school.collect()
    try await school.write(P.frank, "postvak.anna", "Noor", "beter Noor")
    try await leave(school)
    try await missed(school, clock)
    Self.lookAtAbsence(school)
    return school
  }

  private func leave(_ school: P) async throws {
    try await school.write(P.els, "verlof", "", "verlof Noor 12-03: geheim-bruiloft")
    try await school.answer(school.mail(to: P.dirk, with: "geheim-bruiloft"), as: P.dirk, "akkoord")
    try await school.write(P.frank, "verlof", "", "verlof Noor 13-03: geheim-reis")
    try await school.answer(
      school.mail(to: P.dirk, with: "geheim-reis"), as: P.dirk, "afgewezen: geheim-afwijzing")
    try await school.answer(school.mail(to: P.els, with: "Toegekend"), as: P.els, "herstel")
  }

  private func missed(_ school: P, _ clock: AbsenceClock) async throws {
    try await school.pass(86_400)
    try await clock.doDue()
    try await school.write(P.anna, "ziek", "", "afwezig Noor")
    let question = try school.mail(to: P.frank, with: "Vraag van school over Noor")
    try await school.answer(question, as: P.frank, "ziek\n\ngeheim-griep")
    try await school.write(P.cor, "ziek", "", "afwezig Tim")
    try await school.pass(16 * 60)
    try await clock.doDue()
    try await school.collect()
    try await school.answer(
      school.mail(to: P.foreign, with: "Vraag van school"), as: P.foreign, "anders\ngeheim-anders")
    try await school.write(P.anna, "ziek", "", "afwezig Sanne")
    try await school.answer(school.mail(to: P.anna, with: "Wij vragen de ouders"), as: P.anna, "herstel")
  }

  /// Separated parents read nothing of each other; who has no full authority gets receipts alone; and no subject says a
  /// word of health.
  static func lookAtAbsence(_ school: P) {
    for (address, other) in [(P.els, "Frank"), (P.frank, "Els")] {
      for mail in school.inboxes[address] ?? [] {
        #expect(!P.everything(mail).contains(other), "\(other) in “\(mail.subject)” to \(address)")
      }
    }
    #expect(
      school.inboxes[P.without]?.map(\.subject) == [
        "Genoteerd: uw melding aan De Wilgenhof", "Niet gelukt: uw mail aan De Wilgenhof",
      ])
    #expect(school.inboxes[P.uncle]?.map(\.subject) == ["Genoteerd: uw melding aan De Wilgenhof"])
    let health = /(?i)\b(ziek|koorts|griep|beter|tandarts|geheim)\b/
    for mail in school.inboxes.values.joined() {
      #expect(mail.subject.firstMatch(of: health) == nil, "\(mail.subject)")
    }
  }
}
