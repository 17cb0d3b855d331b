import Foundation
import ICalendar
import Mail
import School
import Store
import Testing

@testable import Gateway

/// The calendar, help requests and polls, what waits for approval, and what support hears of floods.
extension PrivacyTests {
  /// Words of this part of the day, with everybody who may read them.
  static let portalReaders: [String: Set<String>] = {
    let group5: Set = [P.els, P.frank, P.shared, P.anna]
    let families: Set = [P.els, P.frank, P.shared, P.foreign]
    return [
      "geheim-viering": group5, "geheim-toelichting": group5, "geheim-afgelast": group5, "geheim-lijst": group5,
      "geheim-schoolfeest": families.union([P.dirk]), "geheim-verhinderd": [P.frank, P.anna],
      "geheim-agendavraag": [P.shared, P.anna], "Komen (1)": [P.anna], "Komen niet (1)": [P.anna],
      "geheim-hulpvraag": group5, "geheim-taart": group5, "geheim-slagroom": [P.els, P.anna],
      "geheim-wachtend": [P.frank, P.anna], "geheim-onduidelijk": [P.shared],
      "geheim-keuze": group5, "geheim-optie": group5, "geheim-stemreden": [],
      "geheim-rondzending": families.union([P.anna, P.cor]), "geheim-bezwaar": [P.cor, P.anna],
      "geheim-afgekeurd": [P.cor, P.anna], "geheim-ouderitem": group5, "geheim-ouderbezwaar": [P.els, P.anna],
      "geheim-geweerd": [P.frank, P.anna], "geheim-ingetrokken": [P.els, P.anna], "geheim-buitenstaander": [P.foreign],
    ]
  }()

  /// What is answered to these, parents never read of each other.
  static let answered = ["geheim-viering", "geheim-afgelast", "geheim-taart", "geheim-optie"]

  /// Names that stand in no parent's mail about what is answered, for each of them.
  static let others: [String: [String]] = [
    P.els: ["Frank Smit", "de Vries", "Sanne"], P.frank: ["Els Bakker", "de Vries", "Sanne"],
    P.shared: ["Els Bakker", "Frank Smit", "Noor"],
  ]

  /// A school that looks first at what goes to everybody, and at what parents open on the schoolplein.
  static func watchful() async throws -> P {
    try await P {
      $0.broadcast.check = .approval
      $0.broadcast.approvers = [P.cor]
      $0.people.parentsMayOpenSchoolyard = true
      $0.schoolyard.approvesParentItems = true
    }
  }

  /// No family learns who answered what; of a secret poll not even its organiser does.
  static func lookForAnswers(in school: P) {
    for (address, mails) in school.inboxes {
      // An archive holds what its owner read on the schoolplein, with its authors.
      for mail in mails where !mail.attachments.contains(where: { $0.mediaType == "application/zip" }) {
        let text = P.everything(mail)
        for name in others[address] ?? [] where answered.contains(where: text.contains) {
          #expect(!text.contains(name), "\(name) in “\(mail.subject)” to \(address)")
        }
        if address == P.anna, text.contains("geheim-optie") {
          for name in others.values.joined() { #expect(!text.contains(name), "\(name) in “\(mail.subject)”") }
        }
      }
    }
  }

  // MARK: The calendar

  func calendar(_ school: P) async throws {
    // The first time it only notes when it began.
    try await CalendarClock(gateway: school.gateway).makeDue()
    let events = """
      25-11-2026 19:00-20:30 geheim-viering, hal
        geheim-toelichting
      26-11-2026 10:00 geheim-afgelast
      """
    try await school.write(P.anna, "agenda.groep5", "Agenda", events)
    try await school.write(P.dirk, "agenda", "Agenda", "27-11-2026 15:00 geheim-schoolfeest")
    let many = (1...6).map { "\($0)-12-2026 geheim-lijst\($0)" }.joined(separator: "\n")
    try await school.pass(700)
    let receipt = try school.mail(to: P.anna, with: "dit hebben wij gelezen")
    try await answers(school)
    try await school.answer(receipt, as: P.anna, "wie komt er")
    try await school.answer(receipt, as: P.anna, "2 vervalt")
    try await school.write(P.anna, "agenda.groep5", "December", many)
    try await school.pass(700)
    for parent in [P.els, P.foreign] { try await school.write(parent, "agenda", "Agenda", "") }
  }

  /// By a word, by a calendar program with a comment, and by other words.
  private func answers(_ school: P) async throws {
    try await school.answer(school.mail(to: P.els, with: "geheim-viering"), as: P.els, "ja")
    let invitation = try school.mail(to: P.frank, with: "geheim-viering")
    let event = try #require(try WholeCalendarTests.object(invitation, method: "REQUEST").events.first)
    let (text, fields) = WholeCalendarTests.reply(event, as: P.frank, .declined, comment: "geheim-verhinderd")
    try await school.write(
      P.frank, try #require(event.organizer?.address), "Afgewezen: \(event.summary)", text, fields: fields)
    try await school.answer(school.mail(to: P.shared, with: "geheim-viering"), as: P.shared, "geheim-agendavraag")
  }

  // MARK: Help and polls

  func offers(_ school: P) async throws {
    let help = """
      geheim-hulpvraag

      Hulp gevraagd (tot 21 november 2026 20:00):
      - geheim-taart (1)
      - Koffie (2)
      """
    try await school.write(P.anna, "schoolplein.groep5", "Kerst", help)
    for (parent, note) in [(P.els, "geheim-slagroom"), (P.frank, "geheim-wachtend")] {
      try await school.answer(school.mail(to: parent, with: "geheim-taart"), as: parent, "ja 1\n\n\(note)")
    }
    let item = try school.mail(to: P.shared, with: "geheim-taart")
    try await school.answer(item, as: P.shared, "ja 1 of 2\n\ngeheim-onduidelijk")
    try await school.answer(school.mail(to: P.anna, with: "geheim-taart"), as: P.anna, "stand")
    try await school.answer(school.mail(to: P.els, with: "geheim-taart"), as: P.els, "nee 1")
    try await poll(school)
    // Friday evening, a day before they close; Saturday evening; Sunday, when the overview of the week goes out.
    for seconds: TimeInterval in [48 * 3_600, 27 * 3_600, 20 * 3_600] {
      try await school.pass(seconds)
      try await OfferClock(gateway: school.gateway).doDue()
      try await CalendarClock(gateway: school.gateway).makeDue()
      try await school.collect()
    }
  }

  private func poll(_ school: P) async throws {
    let poll = """
      Geheime stemming (tot 21 november 2026 20:00): geheim-keuze?
      - geheim-optie
      - Emmen
      """
    try await school.write(P.anna, "schoolplein.groep5", "Schoolreis", poll)
    try await school.answer(school.mail(to: P.els, with: "geheim-optie"), as: P.els, "stem 1\n\ngeheim-stemreden")
    try await school.answer(school.mail(to: P.frank, with: "geheim-optie"), as: P.frank, "stem 2")
    try await school.answer(school.mail(to: P.anna, with: "geheim-optie"), as: P.anna, "stand")
  }

  // MARK: What waits, and floods

  func approvals(_ school: P) async throws {
    try await school.write(P.anna, "nieuws", "Studiedag", "geheim-rondzending")
    let question = try school.mail(to: P.cor, with: "geheim-rondzending")
    try await school.answer(question, as: P.cor, "geheim-bezwaar")
    try await school.answer(question, as: P.cor, "akkoord")
    try await school.write(P.anna, "nieuws", "Feest", "geheim-afgekeurd")
    try await school.answer(school.mail(to: P.cor, with: "geheim-afgekeurd"), as: P.cor, "niet akkoord")

    try await school.write(P.els, "schoolplein.groep5", "Oppas", "geheim-ouderitem")
    let item = try school.mail(to: P.anna, with: "geheim-ouderitem")
    try await school.answer(item, as: P.anna, "geheim-ouderbezwaar")
    try await school.answer(item, as: P.anna, "akkoord")
    try await school.write(P.frank, "schoolplein.groep5", "Ruzie", "geheim-geweerd")
    try await school.answer(school.mail(to: P.anna, with: "geheim-geweerd"), as: P.anna, "weg")
    try await school.write(P.els, "schoolplein.groep5", "Fiets", "geheim-ingetrokken")
    try await school.answer(school.mail(to: P.els, with: "Wacht op de school: Fiets"), as: P.els, "herstel")
    try await school.write(P.foreign, "schoolplein.groep5", "Hoi", "geheim-buitenstaander")
    try await school.pass(700)
  }

  func floods(_ school: P) async throws {
    for (flood, from) in [(Flood.sender, P.els), (.strangers, nil), (.returns, nil), (.large, P.foreign)] {
      try await school.gateway.tell(flood, from: from, count: 200)
    }
    try await school.collect()
  }
}
