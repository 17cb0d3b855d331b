import Foundation
import Mail
import School
import Store
import Testing

@testable import Gateway

/// Test results: who is told, who gets them, and what comes back of them.
extension PrivacyTests {
  /// Words of results, with everybody who may read them.
  static let resultReaders: [String: Set<String>] = [
    "geheim-rekenen": [P.els, P.frank], "geheim-noot-noor": [P.els, P.frank], "geheim-spelling": [P.shared],
    "geheim-noot-sanne": [P.shared], "geheim-topografie": [P.foreign], "geheim-toetsvraag": [P.els, P.anna],
  ]

  static let resultFile = """
    leerlingnummer;vak;toets;datum;score;groepsgemiddelde;opmerking;leerkracht
    p1;geheim-rekenen;M5;15-1-2026;212;205;geheim-noot-noor;Anna
    p1;geheim-rekenen;E5;15-6-2026;220;211;;Anna
    p2;geheim-spelling;M5;15-1-2026;190;;geheim-noot-sanne;Anna
    p3;geheim-topografie;M7;15-1-2026;9;;;Cor
    """

  static func take(_ file: String = resultFile, in school: P, withdraws: Bool = false) async throws -> Int {
    let taken = try await ResultsImport(gateway: school.gateway).take(
      Data(file.utf8), withdraws: withdraws)
    #expect(taken.problems.isEmpty)
    try await school.collect()
    return taken.announcements
  }

  /// Of everybody's day: two separated parents and another family ask, one of them answers as a top-poster whose quote
  /// no rule finds.
  func results(_ school: P) async throws {
    #expect(try await Self.take(in: school) == 4)
    for parent in [P.els, P.frank, P.foreign] {
      let news = try school.mail(to: parent, with: "Er is iets nieuws over")
      try await school.answer(news, as: parent, "toetsen")
      try await school.answer(school.mail(to: parent, with: "Bent u dit?"), as: parent, "JA")
    }
    try await school.write(P.shared, "toetsen", "toetsen", "")
    try await school.answer(school.mail(to: P.shared, with: "Bent u dit?"), as: P.shared, "JA")
    try await school.write(P.uncle, "toetsen", "toetsen", "")
    try await school.answer(school.mail(to: P.uncle, with: "Bent u dit?"), as: P.uncle, "JA")
    let mail = try school.mail(to: P.els, with: "Toetsgegevens van Noor")
    try await school.answer(mail, as: P.els, "geheim-toetsvraag\n\n\(mail.plainText ?? "")")
  }

  // MARK: The challenge

  private static func hasResults(_ school: P, _ address: String) -> Bool {
    school.inboxes[address, default: []].contains { $0.subject.hasPrefix("Toetsgegevens van") }
  }

  @Test("Nobody but the registered address gets them by answering, and only once, within a day, with authority")
  func challenge() async throws {
    let school = try await P()
    _ = try await Self.take(in: school)
    try await school.write(P.els, "toetsen", "toetsen", "")
    let question = try school.mail(to: P.els, with: "Bent u dit?")
    #expect(!Self.hasResults(school, P.els), "nothing at once, however proven the sender is")
    // Forwarded, and answered from elsewhere: by another parent, by the separated one, by a stranger.
    for other in [P.foreign, P.frank, P.stranger] {
      try await school.answer(question, as: other, "JA", proven: other != P.stranger)
      for person in school.inboxes.keys { #expect(!Self.hasResults(school, person), "\(person)") }
    }
    // Nor does the owner's word about that forged answer release what it tried to.
    let warning = try school.mail(to: P.els, with: "Iemand anders gebruikte")
    try await school.answer(warning, as: P.els, "JA")
    #expect(!Self.hasResults(school, P.els))
    try await school.answer(question, as: P.els, "JA")
    #expect(school.inboxes[P.els]?.filter { $0.subject.hasPrefix("Toetsgegevens") }.count == 1)
    try await school.answer(question, as: P.els, "JA\n\nen nog eens")
    #expect(school.inboxes[P.els]?.filter { $0.subject.hasPrefix("Toetsgegevens") }.count == 1, "one use")
    _ = try school.mail(to: P.els, with: "Er wacht geen bericht meer")
    for person in [P.frank, P.foreign, P.shared, P.uncle, P.anna] { #expect(!Self.hasResults(school, person)) }
  }

  @Test("An answer after a day gives nothing, and says so; the next question comes at once")
  func expired() async throws {
    let school = try await P()
    _ = try await Self.take(in: school)
    try await school.write(P.els, "toetsen", "toetsen", "")
    let question = try school.mail(to: P.els, with: "Bent u dit?")
    #expect(question.readableText.contains("U kunt antwoorden tot"))
    try await school.pass(86_401)
    try await school.answer(question, as: P.els, "JA")
    #expect(!Self.hasResults(school, P.els))
    _ = try school.mail(to: P.els, with: "Uw antwoord kwam te laat")
    // And twice on one day, each with its own question.
    for count in 1...2 {
      try await school.write(P.els, "toetsen", "toetsen", "keer \(count)")
      let asked = try school.mail(to: P.els, with: "keer \(count)")
      try await school.answer(asked, as: P.els, "JA")
      #expect(school.inboxes[P.els]?.filter { $0.subject.hasPrefix("Toetsgegevens") }.count == count)
    }
  }

  private func authority(_ level: ParentalAuthority) -> RosterChange {
    .putCarer(
      RosterCarer(
        id: CarerID("c2"), name: "Frank Smit", address: P.frank, language: .dutch, authority: [PupilID("p1"): level]))
  }

  @Test("Authority that is lost after asking, or after JA and before the mail goes, gives nothing")
  func lostAuthority() async throws {
    for level in [ParentalAuthority.none, .onRequest] {
      let school = try await P()
      _ = try await Self.take(in: school)
      try await school.write(P.frank, "toetsen", "toetsen", "")
      let question = try school.mail(to: P.frank, with: "Bent u dit?")
      try await school.store.apply([authority(level)], defaultLanguage: .dutch)
      try await school.answer(question, as: P.frank, "JA")
      #expect(!Self.hasResults(school, P.frank))
      _ = try school.mail(to: P.frank, with: "Niet gelukt")
    }
    let school = try await P()
    _ = try await Self.take(in: school)
    let frank = try #require(try await school.store.directory().account(address: P.frank)?.id)
    var facts = NoticeFacts()
    facts.results = ResultsFacts(pupil: PupilID("p1"), child: "Noor")
    _ = try await school.gateway.commit(
      Outcome(
        inbound: nil, label: "test",
        decision: Decision(notices: [Notice(.testResults, to: .account(frank), replyTarget: .results, facts: facts)]),
        at: school.now))
    try await school.store.apply([authority(.none)], defaultLanguage: .dutch)
    try await school.collect()
    let mail = try school.mail(to: P.frank, with: "Toetsgegevens van Noor")
    #expect(mail.attachments.isEmpty && !P.everything(mail).contains("geheim"))
  }

  @Test("An import tells each parent with authority once, nobody else, and not what; the same file tells nobody again")
  func announcements() async throws {
    let school = try await P()
    #expect(try await Self.take(in: school) == 4, "Els, Frank, the De Vries family, Bo")
    #expect(try await Self.take(in: school) == 0)
    let corrected = Self.resultFile.replacing("15-1-2026;212", with: "15-1-2026;213")
    #expect(try await Self.take(corrected, in: school) == 2, "both parents of Noor")
    #expect(try await Self.take(corrected, in: school, withdraws: true) == 0)
    #expect(try await school.store.testResults().isEmpty)
    for (address, mails) in school.inboxes {
      #expect(![P.uncle, P.without, P.anna, P.cor, P.dirk].contains(address))
      for mail in mails {
        #expect(mail.subject.hasPrefix("Er is iets nieuws over"))
        for word in ["geheim", "212", "213", "M5", "leerkracht Anna"] { #expect(!P.everything(mail).contains(word)) }
      }
    }
    try await school.write(P.without, "toetsen", "toetsen", "")
    try await school.answer(school.mail(to: P.without, with: "Bent u dit?"), as: P.without, "JA")
    #expect(!Self.hasResults(school, P.without))
  }

  // MARK: What comes back

  @Test("Quoted back in any way, neither results nor chart reach a thread, a teacher or a digest")
  func quotes() async throws {
    let school = try await P()
    _ = try await Self.take(in: school)
    try await school.write(P.els, "toetsen", "toetsen", "")
    try await school.answer(school.mail(to: P.els, with: "Bent u dit?"), as: P.els, "JA")
    let mail = try school.mail(to: P.els, with: "Toetsgegevens van Noor")
    let chart = try #require(mail.attachments.first)
    #expect(chart.mediaType == "image/png" && chart.isPrivatePart && chart.isInline)
    let reply = try #require(mail.replyTo.first?.address.description)
    let plain = try #require(mail.plainText)
    try await school.write(P.els, reply, "Re: Toetsgegevens", "Hoe komt dat?\n\n\(plain)")
    for (route, name) in [(reply, "image001.png"), ("postvak.anna@\(P.domain)", "toetsen-1.png")] {
      let body = Self.withPicture("Kijk eens\n\n\(plain)", chart.data, name: name)
      try await school.write(P.els, route, "Vraag", body, fields: ["Content-Type: multipart/related; boundary=b"])
    }
    let html = "<html><body><p>Zomaar een vraag</p>\(mail.html ?? "")</body></html>"
    try await school.write(
      P.els, "postvak.anna", "Nog een vraag", html, fields: ["Content-Type: text/html; charset=utf-8"])
    try await school.write(P.els, "support", "Vraag", "Bent u daar?\n\n\(plain)")
    try await school.write(P.anna, "schoolplein.groep5", "Kerst", "Wie bakt er?")
    try await school.answer(school.mail(to: P.els, with: "Wie bakt er?"), as: P.els, "Ik!\n\n\(plain)")
    try await school.pass(700)
    try await DigestClock(gateway: school.gateway).makeDue(regardlessOfHour: true)
    try await school.collect()
    for words in ["Hoe komt dat?", "Kijk eens", "Zomaar een vraag"] {
      _ = try school.mail(to: P.anna, with: words)
    }
    _ = try school.mail(to: P.shared, with: "Ik!")
    for (address, mails) in school.inboxes where address != P.els && address != P.frank {
      for mail in mails {
        #expect(mail.attachments.isEmpty, "\(mail.subject) to \(address)")
        for word in ["geheim-rekenen", "geheim-noot", "212"] where address != P.shared || word != "geheim-noot" {
          #expect(!P.everything(mail).contains(word), "\(word) in “\(mail.subject)” to \(address)")
        }
      }
    }
    let threads = try await school.store.person(
      try #require(try await school.store.directory().account(address: P.els)).id
    ).threads.flatMap(\.entries)
    #expect(threads.count >= 6)
    for entry in threads { #expect(!entry.text.contains("geheim") && entry.files.isEmpty) }
  }

  private static func withPicture(_ text: String, _ data: Data, name: String) -> String {
    """
    --b
    Content-Type: text/plain; charset=utf-8

    \(text)
    --b
    Content-Type: image/png; name="\(name)"
    Content-Disposition: inline; filename="\(name)"
    Content-ID: <x1>
    Content-Transfer-Encoding: base64

    \(data.base64EncodedString(options: [.lineLength76Characters, .endLineWithLineFeed]))
    --b--
    """
  }
}
