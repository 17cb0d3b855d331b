import Foundation
import Mail
import School
import Store
import Testing

@testable import Gateway

@Suite("Documents and class lists by mail, on real servers", .serialized, .timeLimit(.minutes(6)))
struct PapersTests {
  typealias R = RunningGateway
  static let uncle = "oom@ouders.test"
  static let other = "ander@ouders.test"

  /// Els and Fatima are separated parents of Noor, in group 5; the uncle has authority on request; the other's child is in
  /// group 7. Everybody has a phone and an address.
  static func run(_ body: (R) async throws -> Void) async throws {
    var options = R.options()
    for address in [uncle, other] { options.passwords[address] = "secret-of-\(address)" }
    try await R.run(options) { school in
      let carer = { (id: String, name: String, address: String, pupil: String, level: ParentalAuthority) in
        RosterChange.putCarer(
          RosterCarer(
            id: CarerID(id), name: name, address: address, language: .dutch, authority: [PupilID(pupil): level],
            contact: [.phone: "06-of-\(name)", .street: "Straat van \(name)", .city: "Grou"]))
      }
      try await school.store.apply(
        [
          .putGroup(SchoolGroup(id: GroupID("g7"), name: "Groep 7", routeWord: "groep7")),
          .putPupil(Pupil(id: PupilID("p7"), name: "Tim", groups: [GroupID("g7")])),
          carer("c1", "Els", R.els, "p1", .full), carer("c2", "Fatima", R.fatima, "p1", .full),
          carer("c8", "Oom", uncle, "p1", .onRequest), carer("c9", "Ander", other, "p7", .full),
        ], defaultLanguage: .dutch)
      try await body(school)
    }
  }

  /// A mail with a file.
  private func send(
    _ school: R, _ from: String, to: String, _ subject: String, file: String, _ content: String
  ) async throws {
    let text = """
      --x
      Content-Type: text/plain; charset=utf-8

      Voor alle ouders.
      --x
      Content-Type: application/pdf
      Content-Disposition: attachment; filename="\(file)"

      \(content)
      --x--
      """
    try await school.write(from, to: to, subject, text, fields: ["Content-Type: multipart/mixed; boundary=x"])
  }

  private func content(_ mail: MailMessage) -> String? {
    mail.attachments.first.map { String(decoding: $0.data, as: UTF8.self).trimmingCharacters(in: .newlines) }
  }

  @Test(
    "Staff file a document and a new version, a parent finds it in spite of a typo, and herstel brings the old one back"
  )
  func documents() async throws {
    try await Self.run { school in
      try await send(school, R.anna, to: "documenten@\(R.domain)", "Luizenprotocol", file: "l.pdf", "versie een")
      _ = try await school.mail(to: R.anna, with: "opgeslagen")
      try await school.write(R.els, to: "documenten@\(R.domain)", "Vraag", "document luisenprotokol")
      let first = try await school.mail(to: R.els, with: "Hierbij het document “Luizenprotocol”")
      #expect(content(first) == "versie een" && first.attachments.first?.fileName == "l.pdf")

      try await send(school, R.anna, to: "documenten@\(R.domain)", "luizen protocol", file: "l2.pdf", "versie twee")
      let replaced = try await school.mail(to: R.anna, with: "nieuwe versie opgeslagen")
      try await school.answer(first, as: R.els, "documenten")
      let list = try await school.mail(to: R.els, with: "Deze documenten kunt u opvragen")
      try await school.answer(list, as: R.els, "document luizen protocol")
      let second = try await school.mail(to: R.els, with: "“luizen protocol”")
      #expect(content(second) == "versie twee")

      try await school.answer(replaced, as: R.anna, "herstel")
      _ = try await school.mail(to: R.anna, with: "teruggezet")
      try await school.answer(list, as: R.els, "document luizen protocol")
      let back = try await school.mails(to: R.els, count: 2, with: "“Luizenprotocol”")
      #expect(back.map(content) == ["versie een", "versie een"], "with its own title")

      try await school.answer(replaced, as: R.anna, "weg luizen protocol")
      let removed = try await school.mail(to: R.anna, with: "verwijderd")
      try await school.answer(list, as: R.els, "document luizen protocol")
      _ = try await school.mail(to: R.els, with: "Wij vonden geen document")
      try await school.answer(removed, as: R.anna, "herstel")
      _ = try await school.mails(to: R.anna, count: 2, with: "teruggezet")
      #expect(try await school.store.verification().isSound)
    }
  }

  @Test(
    "A group's documents go to its parents; not to others, on request, or to strangers; and nobody files in another's name"
  )
  func documentsPrivately() async throws {
    try await Self.run { school in
      try await send(
        school, R.anna, to: "documenten.groep5@\(R.domain)", "Rooster", file: "r.pdf", "geheim van groep 5")
      _ = try await school.mail(to: R.anna, with: "opgeslagen")
      for person in [Self.other, Self.uncle] {
        try await school.write(person, to: "documenten@\(R.domain)", "", "document rooster")
        let answer = try await school.mail(to: person, with: "Wij vonden geen document")
        #expect(answer.attachments.isEmpty && !answer.readableText.contains("Rooster"))
        try await school.write(person, to: "documenten.groep5@\(R.domain)", "", "document rooster")
        _ = try await school.mail(to: person, with: "alleen voor ouders en leerkrachten van die groep")
      }
      try await school.writeFromOutside("piet@elders.test", to: "documenten@\(R.domain)", "document rooster", "x")
      // Unproven, in a parent's name and in a teacher's: the owner is asked, nothing is sent or filed.
      try await school.writeFromOutside(R.els, to: "documenten@\(R.domain)", "document rooster", "x")
      _ = try await school.mail(to: R.els, with: "Bent u dit?")
      try await school.write(R.els, to: "documenten.groep5@\(R.domain)", "", "document rooster")
      #expect(content(try await school.mail(to: R.els, with: "“Rooster”")) == "geheim van groep 5")
      try await send(school, R.els, to: "documenten@\(R.domain)", "Van mij", file: "m.pdf", "van een ouder")
      _ = try await school.mail(to: R.els, with: "Alleen medewerkers")
      #expect(try await school.store.documentShelf().documents.map(\.title) == ["Rooster"])
      for account in try await school.store.directory().accounts.values {
        let sent = try await school.store.person(account.id).sent.filter { $0.delivery.kind == .document }
        #expect(sent.count == (account.address == R.els ? 1 : 0))
      }
    }
  }

  @Test("A class list shows what each parent shows; separated parents, on request and others get nothing of another's")
  func classList() async throws {
    try await Self.run { school in
      let route = "klassenlijst@\(R.domain)"
      try await school.write(R.els, to: route, "Lijst", "Graag de klassenlijst")
      let empty = try await school.mail(to: R.els, with: "Klassenlijst van")
      #expect(empty.readableText.contains("- Noor") && empty.readableText.contains("telefoon: verborgen"))
      #expect(empty.attachments.map(\.fileName) == ["klassenlijst-groep5.pdf"])
      #expect(!empty.readableText.contains("06-of"))

      try await school.answer(empty, as: R.els, "toon telefoon Noor")
      let receipt = try await school.mail(to: R.els, with: "uw telefoon is nu zichtbaar")
      #expect(receipt.readableText.contains("Antwoord met: verberg telefoon Noor"))
      try await school.write(R.fatima, to: route, "verberg telefoon", "")
      _ = try await school.mail(to: R.fatima, with: "Er is niets veranderd")
      try await school.write(R.fatima, to: route, "", "toon e-mail")
      _ = try await school.mail(to: R.fatima, with: "uw e-mail is nu zichtbaar")
      try await school.write(R.fatima, to: route, "", "lijst")
      let list = try await school.mail(to: R.fatima, with: "Klassenlijst van")
      #expect(list.readableText.contains("Els, 06-of-Els") && list.readableText.contains("Fatima, \(R.fatima)"))
      for hidden in ["06-of-Fatima", "Straat van", R.els] { #expect(!list.readableText.contains(hidden)) }

      for person in [Self.uncle, Self.other] {
        try await school.write(person, to: "klassenlijst.groep5@\(R.domain)", "", "graag")
        _ = try await school.mail(to: person, with: "alleen voor ouders en leerkrachten van die groep")
        try await school.write(person, to: route, "", "toon telefoon Noor")
      }
      _ = try await school.mail(to: Self.uncle, with: "geen kind")
      _ = try await school.mail(to: Self.other, with: "welk kind u bedoelt")
      // A key alone does not show anything: the mail may have been forwarded.
      let key = try #require(empty.replyTo.first?.address.description)
      try await school.writeFromOutside(R.els, to: key, "Re", "toon adres Noor")
      _ = try await school.mail(to: R.els, with: "Bent u dit?")

      try await school.answer(receipt, as: R.els, "verberg telefoon Noor")
      _ = try await school.mail(to: R.els, with: "uw telefoon is nu verborgen")
      try await nothingPrivate(school)
    }
  }

  /// What parents show stands in no row of what was sent; what is hidden in no mail to anybody, nor in its files.
  private func nothingPrivate(_ school: R) async throws {
    var deliveries: [DeliveryRecord] = []
    for account in try await school.store.directory().accounts.keys {
      deliveries += try await school.store.person(account).sent.map(\.delivery)
    }
    #expect(deliveries.count > 10)
    for delivery in deliveries {
      let facts = String(decoding: try JSONEncoder().encode(delivery.facts), as: UTF8.self)
      for value in ["06-of", "Straat van", "ouders.test", "kpn.test"] { #expect(!facts.contains(value), "\(facts)") }
    }
    for person in [R.anna, R.bas, R.els, R.fatima, Self.uncle, Self.other] {
      for mail in try school.servers.mailbox(of: person).map({ MailMessage.parse($0) }) {
        var texts = [mail.subject, mail.readableText, mail.html ?? ""]
        for file in mail.attachments { texts.append(try Self.text(ofPDF: file.data)) }
        for text in texts {
          for hidden in ["06-of-Fatima", "06-of-Oom", "06-of-Ander", "Straat van"] { #expect(!text.contains(hidden)) }
          if person != R.fatima, person != R.els { #expect(!text.contains("06-of-Els")) }
        }
      }
    }
  }

  static func text(ofPDF data: Data) throws -> String {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).pdf")
    defer { try? FileManager.default.removeItem(at: file) }
    try data.write(to: file)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/pdftotext")
    process.arguments = ["-layout", file.path, "-"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }
}
