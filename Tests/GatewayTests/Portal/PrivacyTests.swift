import Foundation
import Mail
import School
import Store
import Testing

@testable import Gateway

/// Plays every kind of mail, with a word in each text that only some may read, and looks into every mailbox.
@Suite("Nothing private reaches the wrong person")
struct PrivacyTests {
  typealias P = PlayedSchool

  /// Kinds that this day does not bring about, and why.
  static let notPlayed: [NoticeKind: String] = [
    .providerAlarm: "it tells of a provider and of nobody",
    .damage: "it names rows of the store, and to support who did not get a mail",
    .filesRefused: "it goes to who wrote, and names their own file",
  ]

  /// Words that stand in what people wrote, with everybody who may read them; nobody where it is none.
  static let readers: [String: Set<String>] = {
    let group5 = [P.els, P.frank, P.shared]
    return [
      "geheim-nieuws5": Set(group5), "geheim-nieuwsschool": Set(group5 + [P.foreign]),
      "geheim-spoed": Set(group5 + [P.foreign]),
      "geheim-els-postvak": [P.els, P.anna], "geheim-anna-antwoord": [P.els, P.anna],
      "geheim-frank-antwoord": [P.frank, P.anna], "geheim-els-antwoord": [P.els, P.anna],
      "geheim-prive-item": [P.shared, P.anna], "geheim-antwoordspoed": [P.els, P.dirk],
      "geheim-support": [P.shared, P.dirk], "geheim-doorgestuurd": [P.anna], "geheim-vals": [P.els],
      "geheim-sleutel": [P.els, P.frank], "geheim-geweigerd": [P.foreign], "geheim-item": Set(group5 + [P.anna]),
      "geheim-reactie": Set(group5 + [P.anna]), "geheim-overzicht": Set(group5 + [P.anna]),
      "geheim-teruggehaald": [P.shared], "geheim-nergens": [P.shared],
      "geheim-document": [P.els], "geheim-reden": [P.anna], "geheim-onaardig": Set(group5 + [P.anna]),
      "geheim-instelling": [P.frank],
    ].merging(portalReaders) { $0.union($1) }
      .merging(resultReaders) { $0.union($1) }
      .merging(absenceReaders) { $0.union($1) }
      .merging(photoReaders) { $0.union($1) }
  }()

  @Test("A separated parent, a shared address and another family read what is theirs, and no more")
  func everyKind() async throws {
    let school = try await P()
    try await publications(school)
    try await conversations(school)
    try await schoolyard(school)
    try await calendar(school)
    try await offers(school)
    try await doubts(school)
    try await settings(school)
    try await papers(school)
    try await results(school)
    try await photos(school)
    try await addresses(school)
    try await floods(school)
    let watchful = try await Self.watchful()
    try await approvals(watchful)
    let attendance = try await absences()
    let missing = Set(NoticeKind.allCases).subtracting(school.kinds.union(watchful.kinds).union(attendance.kinds))
      .subtracting(Self.notPlayed.keys)
      // They have a day of their own, below.
      .filter { !$0.rawValue.hasPrefix("conference-") }
    #expect(missing.isEmpty, "play them here too, or say why not: \(missing.map(\.rawValue).sorted())")
    for school in [school, watchful, attendance] {
      Self.look(into: school)
      Self.lookForAnswers(in: school)
    }
    try Self.lookForPhotos(in: school)
    let mails = [school, watchful, attendance].flatMap(\.inboxes.values).joined().map { P.everything($0) }
    for (word, allowed) in Self.readers where !allowed.isEmpty {
      #expect(mails.contains { $0.contains(word) }, "\(word) was played, and reached somebody")
    }
    try await Self.archives(of: school)
    try await Self.erase(from: school)
  }

  /// Each word only where it may be read, and no family's address with another.
  static func look(into school: P) {
    let private5 = ["Noor", "Sanne", "Els Bakker", "Frank Smit", "de Vries", "geheim-nieuws5", "geheim-item"]
    for (address, mails) in school.inboxes {
      for mail in mails {
        let text = P.everything(mail)
        for (word, allowed) in readers where text.contains(word) {
          #expect(allowed.contains(address), "\(word) in “\(mail.subject)” to \(address)")
        }
        for other in [P.els, P.frank, P.shared, P.uncle, P.foreign, P.without] + P.staff
        where other != address && !address.hasPrefix("bo.nieuw")
          && !(P.staff.contains(address) && mail.subject.contains(aboutAddresses))
        {
          #expect(!text.contains(other), "\(other) in “\(mail.subject)” to \(address)")
        }
        // Who has no authority may report the child sick, and gets what they wrote back.
        let own = mail.subject.contains(/Genoteerd: uw melding|Niet gelukt/) ? "Noor" : nil
        if address == P.foreign || address == P.without {
          for name in private5 where address == P.foreign || name != own {
            #expect(!text.contains(name), "\(name) in “\(mail.subject)”")
          }
        }
      }
    }
  }

  /// Subjects of mails by which support looks after addresses.
  static var aboutAddresses: Regex<Substring> {
    /[Aa]dres|antwoordde|[Aa]ctivatie|Mail aan|bereikt|niet bevestigd|bevestigden|families|gezin|Te veel mail|te groot/
  }

  // MARK: The day

  private func publications(_ school: P) async throws {
    try await ActivationWatch(gateway: school.gateway).askNew()
    try await school.collect()
    try await school.answer(school.mail(to: P.els, with: "met het woord: JA"), as: P.els, "JA")
    try await school.write(P.anna, "nieuws.groep5", "Bos", "geheim-nieuws5")
    try await school.write(P.dirk, "nieuws", "Avond", "geheim-nieuwsschool")
    try await school.write(P.dirk, "spoed", "Dicht", "geheim-spoed")
    try await school.pass(90)
    try await UrgentWatch(gateway: school.gateway).tell()
    try await school.collect()
    try await school.answer(school.mail(to: P.els, with: "geheim-spoed"), as: P.els, "geheim-antwoordspoed")
    try await school.write(P.foreign, "nieuws.groep5", "Mag dit", "geheim-geweigerd")
    try await school.write(P.stranger, "onzin", "Hoi", "Wie is daar?", proven: false)
    try await school.write(P.frank, "test", "Proef", "Komt dit aan?")
  }

  private func conversations(_ school: P) async throws {
    try await school.write(P.els, "postvak.anna", "Tandarts", "geheim-els-postvak")
    try await school.answer(school.mail(to: P.anna, with: "geheim-els-postvak"), as: P.anna, "geheim-anna-antwoord")
    for (parent, word) in [(P.els, "geheim-els-antwoord"), (P.frank, "geheim-frank-antwoord")] {
      try await school.answer(school.mail(to: parent, with: "geheim-nieuws5"), as: parent, word)
    }
    try await school.write(P.shared, "support", "Vraag", "geheim-support")
    let forward = """
      ---------- Doorgestuurd bericht ---------
      Van: Els Bakker <els@ouders.test>
      Datum: di 17 nov 2026 om 08:12
      Onderwerp: Noor
      Aan: Anna <anna@school.test>

      geheim-doorgestuurd
      """
    try await school.write(P.anna, "doorsturen", "Fwd: Noor", forward)
  }

  private func schoolyard(_ school: P) async throws {
    try await school.write(P.anna, "schoolplein.groep5", "Kerst", "geheim-item")
    try await school.answer(school.mail(to: P.els, with: "geheim-item"), as: P.els, "geheim-reactie")
    try await school.answer(school.mail(to: P.shared, with: "geheim-item"), as: P.shared, "geheim-teruggehaald")
    try await school.answer(school.mail(to: P.shared, with: "geheim-teruggehaald"), as: P.shared, "herstel")
    let item = try school.mail(to: P.shared, with: "geheim-item")
    let privately = try #require(item.readableText.matches(of: /r\.[a-z2-7]+@ouders\.school\.test/).first)
    try await school.write(P.shared, String(privately.output), "Re: Kerst", "geheim-prive-item")
    try await school.pass(700)
    try await DigestClock(gateway: school.gateway).makeDue(regardlessOfHour: true)
    try await school.collect()
    let digest = try school.mail(to: P.shared, with: "Schoolplein: 1")
    try await school.answer(digest, as: P.shared, "geheim-nergens")
    try await school.answer(digest, as: P.shared, "1: geheim-overzicht")
    try await school.answer(school.mail(to: P.frank, with: "geheim-item"), as: P.frank, "geheim-onaardig")
    try await school.pass(700)
    let comment = try school.mail(to: P.els, with: "geheim-onaardig")
    try await school.answer(comment, as: P.els, "melden\ngeheim-reden")
    try await school.answer(school.mail(to: P.anna, with: "geheim-reden"), as: P.anna, "weg")
    try await DigestClock(gateway: school.gateway).makeDue(regardlessOfHour: true)
    try await school.collect()
  }

  private func doubts(_ school: P) async throws {
    try await school.write(P.els, "postvak.anna", "Vals", "geheim-vals", proven: false)
    // One question a day.
    try await school.pass(86_500)
    try await school.answer(school.mail(to: P.els, with: "geheim-nieuws5"), as: P.frank, "geheim-sleutel")
    let warning = try school.mail(to: P.els, with: "Iemand anders gebruikte")
    try await school.answer(warning, as: P.els, "Dit was ik niet")
  }

  private func settings(_ school: P) async throws {
    try await school.write(P.frank, "mijn", "Mijn", "geheim-instelling")
    try await school.answer(school.mail(to: P.frank, with: "Uw instellingen bij"), as: P.frank, "weekoverzicht")
    try await school.write(P.shared, "mijn", "Mijn", "nieuwe sleutels")
    for mail in ["geheim-nieuws5", "geheim-frank-antwoord"] {
      let asked = mail == "geheim-nieuws5" ? P.frank : P.anna
      try await school.answer(school.mail(to: asked, with: mail), as: asked, "waarom")
    }
    try await school.write(P.frank, "mijn", "Mijn", "mijn gegevens")
    try await school.answer(school.mail(to: P.frank, with: "Bent u dit?"), as: P.frank, "JA")
    try await DataRequests(gateway: school.gateway).answer()
    try await school.collect()
    let frank = try #require(try await school.store.directory().account(address: P.frank)?.id)
    _ = try await school.gateway.commit(
      Outcome(inbound: nil, label: "test", decision: sendData(to: frank, archive: nil), at: school.now))
  }

  private func papers(_ school: P) async throws {
    let file = """
      --b
      Content-Type: text/plain

      Voor de ouders.
      --b
      Content-Type: text/csv; name="luizen.csv"
      Content-Disposition: attachment; filename="luizen.csv"

      geheim-document
      --b--
      """
    try await school.write(
      P.anna, "documenten.groep5", "Luizenprotocol", file, fields: ["Content-Type: multipart/mixed; boundary=b"])
    for parent in [P.els, P.foreign] {
      try await school.write(parent, "documenten", "Vraag", "document luizenprotocol")
    }
    try await school.write(P.els, "documenten", "Vraag", "")
    try await school.write(P.shared, "klassenlijst", "Lijst", "toon telefoon Sanne")
    for parent in [P.els, P.foreign] { try await school.write(parent, "klassenlijst", "Lijst", "") }
  }

  private func addresses(_ school: P) async throws {
    try await school.write(P.foreign, "mijn", "Mijn", "adres bo.nieuw@ouders.test")
    try await school.answer(school.mail(to: P.foreign, with: "Bent u dit?"), as: P.foreign, "JA")
    try await school.write(P.dirk, "support", "Activatie", "nieuwe activatie \(P.uncle)")
    for (kind, text) in [(NoticeKind.news, "geheim-nieuws5"), (.news, "geheim-nieuwsschool")] {
      _ = try school.mail(to: P.frank, with: text)
      let delivery = try await school.delivery(kind, to: P.frank)
      let failure = AddressFailure(
        reason: "unknown-user", provider: nil, actor: "school", words: "550 5.1.1 no such user")
      try await school.store.record([
        DeliveryOutcome(
          delivery: delivery.id, at: school.now, result: .bounced(ServerWords(code: 550, text: "5.1.1 no such user")),
          sign: .hardFailure(failure))
      ])
    }
    try await StandingWatch(gateway: school.gateway).tell()
    try await school.pass(4 * 86_400)
    try await ActivationWatch(gateway: school.gateway).tellOfUnanswered()
    try await ReportClock(gateway: school.gateway).makeDue()
    try await school.pass(8 * 86_400)
    try await ReportClock(gateway: school.gateway).makeDue()
    try await school.collect()
  }
}
