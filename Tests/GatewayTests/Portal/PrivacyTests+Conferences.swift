import Foundation
import Mail
import School
import Store
import Testing

@testable import Gateway

/// Conferences: separated parents book apart for the same child, and neither ever sees the other's.
extension PrivacyTests {
  /// Words that stand in mails on conferences, with everybody who may read them.
  static let conferenceReaders: [String: Set<String>] = [
    "geheim-gesprekswoord": [P.els, P.anna], "geheim-roosterwens": [P.frank],
    "geheim-lokaal": [P.els, P.frank, P.shared, P.anna, P.dirk],
  ]

  /// By subject, the mails of conferences of parents: those that name no other family.
  private static var aboutConferences: Regex<Substring> {
    /[Oo]udergesprek|[Gg]esprek over|Waarom deze tijd|is een tijd vrij/
  }

  /// Each kind of mail on conferences goes to those whom it concerns, and names nobody else.
  @Test(
    "Parents who live apart book apart for one child; neither sees the other, and no parent without custody anything")
  func conferences() async throws {
    let school = try await P()
    try await playConferences(school)
    Self.look(into: school)
    Self.lookForBookings(in: school)
    let kinds = NoticeKind.allCases.filter { $0.rawValue.hasPrefix("conference-") }
    #expect(school.kinds.isSuperset(of: kinds), "each kind was played")
    let mails = school.inboxes.values.joined().map { P.everything($0) }
    for word in Self.conferenceReaders.keys { #expect(mails.contains { $0.contains(word) }, "\(word) was played") }
  }

  static func lookForBookings(in school: P) {
    let names = [
      P.els: ["Frank Smit", "de Vries", "Sanne", "Oscar"], P.frank: ["Els Bakker", "de Vries", "Sanne", "Oscar"],
      P.shared: ["Els Bakker", "Frank Smit", "Noor", "Oscar"],
    ]
    for (address, mails) in school.inboxes {
      let own = mails.filter { $0.subject.contains(aboutConferences) }
      for mail in own {
        let text = P.everything(mail)
        for name in names[address] ?? [] { #expect(!text.contains(name), "\(name) in “\(mail.subject)” to \(address)") }
        for (word, allowed) in conferenceReaders where text.contains(word) {
          #expect(allowed.contains(address), "\(word) in “\(mail.subject)” to \(address)")
        }
      }
      // On request, without authority, or of another group: no word of it.
      if [P.uncle, P.foreign, P.without, P.cor].contains(address) {
        #expect(own.isEmpty, "\(own.map(\.subject)) to \(address)")
      }
    }
    #expect(!school.inboxes[P.els, default: []].isEmpty && !school.inboxes[P.frank, default: []].isEmpty)
  }

  /// Wishes, the outcome and why, a swap, a waiting list, a declined invitation; every answer of each parent.
  func playConferences(_ school: P) async throws {
    try await school.write(P.anna, "gesprekken", "Plan", "di 24 november 15:30-16:00\nGroep 5\nonzin & meer")
    let plan = """
      di 24 november 15:30-16:00
      10 minuten
      Groep 5, lokaal geheim-lokaal
      wensen tot 21 november 2026 20:00
      """
    try await school.write(P.dirk, "gesprekken", "Plan", plan)
    let clock = ConferenceClock(gateway: school.gateway)
    for seconds: TimeInterval in [700, 86_400] {
      try await school.pass(seconds)
      try await clock.doDue()
      try await school.collect()
    }
    for (parent, text) in [(P.els, "1: 15:40, 2: 15:50"), (P.frank, "15:40 geheim-roosterwens"), (P.frank, "15:40")] {
      try await school.answer(school.mail(to: parent, with: "Oudergesprekken: kies"), as: parent, text)
    }
    let invitation = try school.mail(to: P.els, with: "Oudergesprekken: kies")
    try await school.answer(invitation, as: P.els, "geheim-gesprekswoord")
    // A mail of hers that he forwarded to himself, and his own wish by her key.
    try await school.answer(invitation, as: P.frank, "15:30")
    for outsider in [P.uncle, P.without, P.foreign] {
      try await school.write(outsider, "gesprekken", "Stand", "stand")
    }
    try await school.pass(25 * 3_600)
    try await clock.doDue()
    try await school.collect()
    try await school.pass(26 * 3_600)
    try await clock.doDue()
    try await school.collect()
    try await afterAssignment(school, clock)
  }

  private func afterAssignment(_ school: P, _ clock: ConferenceClock) async throws {
    for parent in [P.els, P.frank, P.shared] {
      try await school.answer(school.mail(to: parent, with: "Gesprek over"), as: parent, "waarom")
      try await school.write(parent, "gesprekken", "Stand", "")
    }
    try await school.answer(school.mail(to: P.els, with: "Gesprek over"), as: P.els, "wachtlijst")
    let times = ["15:30", "15:40", "15:50"]
    for time in times { try await school.answer(school.mail(to: P.els, with: "Gesprek over"), as: P.els, time) }
    let booked = try school.mail(to: P.frank, with: "Gesprek over")
    let event = try #require(try WholeCalendarTests.object(booked, method: "REQUEST").events.first)
    let (text, fields) = WholeCalendarTests.reply(event, as: P.frank, .declined, comment: nil)
    try await school.write(
      P.frank, try #require(event.organizer?.address), "Afgewezen: \(event.summary)", text, fields: fields)
    _ = try school.mail(to: P.els, with: "is een tijd vrij")
    try await school.pass(700)
    try await clock.doDue()
    try await school.collect()
    let receipt = try school.mail(to: P.dirk, with: "zo hebben wij uw plan begrepen")
    for word in ["stand", "vervalt"] { try await school.answer(receipt, as: P.dirk, word) }
  }
}
