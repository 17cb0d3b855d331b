import Foundation
import Mail
import School
import Store
import TestServers
import Testing

@testable import Gateway

@Suite("Photo albums by mail, on real servers", .serialized, .timeLimit(.minutes(6)))
struct AlbumTests {
  typealias R = RunningGateway

  private static func run(
    _ options: MailServers.Options, pause: TimeInterval, _ body: (R) async throws -> Void
  ) async throws {
    try await R.run(options, settings: { $0.photos.pause = pause }, body: body)
  }

  /// A mail with files, as Apple Mail and others write them.
  private func send(
    _ school: R, _ from: String, to: String, _ subject: String, _ text: String, files: [(name: String, data: Data)]
  ) async throws {
    let parts = files.map { file in
      """
      --foto
      Content-Type: image/\(file.name.hasSuffix("heic") ? "heic" : "jpeg"); name="\(file.name)"
      Content-Disposition: inline; filename="\(file.name)"
      Content-Transfer-Encoding: base64

      \(file.data.base64EncodedString(options: [.lineLength76Characters, .endLineWithLineFeed]))

      """
    }
    try await school.write(
      from, to: to, subject,
      "--foto\nContent-Type: text/plain; charset=utf-8\n\n\(text)\n\(parts.joined())--foto--",
      fields: ["Content-Type: multipart/mixed; boundary=foto"])
  }

  @Test("Two mails of photos become one mail to each parent, without metadata; a child is shown once its parents agree")
  func album() async throws {
    try await Self.run(R.options(), pause: 2) { school in
      let route = "fotos.groep5@\(R.domain)"
      let heic = try Photograph.make(.heic, width: 1_800, height: 1_200)
      let jpeg = try Photograph.make(width: 2_000, height: 1_500, orientation: 6, seed: 3)
      let another = try Photograph.make(width: 2_000, height: 1_500, orientation: 6, seed: 4)
      try await send(
        school, R.anna, to: route, "Naar het bos", "Beste ouders,\n\nHet was leuk.",
        files: [("IMG_1.heic", heic), ("stuk.jpg", jpeg.prefix(60_000)), ("noor.jpg", jpeg)])
      try await send(school, R.bas, to: route, "Re: naar het bos", "1: Moe", files: [("IMG_3.jpg", another)])
      let receipt = try await school.mail(to: R.anna, with: "toestemming ontbreekt voor Noor")
      #expect(receipt.readableText.contains("stuk.jpg: beschadigd"))
      let els = try await school.mail(to: R.els, with: "Foto’s: Naar het bos")
      #expect(els.readableText.contains("Het was leuk.") && els.readableText.contains("- foto 3: Moe"))
      #expect(els.attachments.map(\.fileName) == ["foto-1.jpg", "foto-3.jpg"], "noor.jpg waits")
      #expect(els.html?.contains("cid:photo-3@album") == true && els.attachments.allSatisfy(\.isInline))
      for picture in els.attachments { #expect(try Photograph.leftovers(of: picture.data) == []) }

      try await school.answer(els, as: R.els, "foto 3 9")
      let large = try await school.mail(to: R.els, with: "Uw foto’s uit")
      #expect(
        large.attachments.map(\.fileName) == ["foto-3.jpg"]
          && large.readableText.contains("niet (meer) in dit album: 9"))
      let tags = try Photograph.tags(of: try #require(large.attachments.first).data)
      #expect(tags["File:ImageWidth"] == "1200" && tags["File:ImageHeight"] == "1600", "upright")
      #expect(try Photograph.leftovers(of: large.attachments[0].data) == [])

      try await school.answer(receipt, as: R.anna, "vraag")
      let question = try await school.mail(to: R.els, with: "Mag uw kind op een foto")
      try await school.answer(question, as: R.els, "toestemming groep ja Noor")
      _ = try await school.mail(to: R.els, with: "Uw keuze voor foto’s is opgeslagen")
      _ = try await school.mail(to: R.anna, with: "Toestemming gekregen")
      let second = try await school.mails(to: R.fatima, count: 2, with: "Photos: Naar het bos")
      #expect(second[1].attachments.map(\.fileName) == ["photo-2.jpg"], "only what is new")
      #expect(try await school.store.verification().isSound)
      try await nothingElse(school, originals: [heic, jpeg])
    }
  }

  /// The originals lie in the mails that brought them, and nowhere else.
  private func nothingElse(_ school: R, originals: [Data]) async throws {
    let files = try #require(FileManager.default.enumerator(atPath: school.folder.appending(path: "files").path))
    for case let name as String in files {
      let path = school.folder.appending(path: "files/\(name)")
      guard let data = try? Data(contentsOf: path), !data.isEmpty else { continue }
      #expect(!originals.contains(data) && data.range(of: Data(Photograph.words.utf8)) == nil)
    }
  }

  @Test("What is taken back, or whose consent is, is not sent any more; nobody outside the group gets anything")
  func takenBack() async throws {
    let other = "ander@ouders.test"
    var options = R.options()
    options.passwords[other] = "secret-of-\(other)"
    try await Self.run(options, pause: 1) { school in
      try await school.store.apply(
        [
          .putGroup(SchoolGroup(id: GroupID("g7"), name: "Groep 7", routeWord: "groep7")),
          .putPupil(Pupil(id: PupilID("p7"), name: "Tim", groups: [GroupID("g7")])),
          .putCarer(
            RosterCarer(
              id: CarerID("c9"), name: "Ander", address: other, language: .dutch, authority: [PupilID("p7"): .full])),
        ], defaultLanguage: .dutch)
      let photos = try (1...3).map { (name: "IMG_\($0).jpg", data: try Photograph.make(width: 800, seed: $0)) }
      try await send(school, R.anna, to: "fotos.groep5@\(R.domain)", "Gym", "", files: photos)
      let receipt = try await school.mail(to: R.anna, with: "Foto’s ontvangen: Gym")
      let album = try await school.mail(to: R.els, with: "Foto’s: Gym")
      try await school.answer(receipt, as: R.anna, "weg 2")
      let removed = try await school.mail(to: R.anna, with: "Foto’s weggehaald")
      try await school.answer(album, as: R.els, "alle foto's")
      let all = try await school.mail(to: R.els, with: "Uw foto’s uit")
      #expect(all.attachments.map(\.fileName) == ["foto-1.jpg", "foto-3.jpg"])
      try await school.answer(removed, as: R.anna, "herstel")
      _ = try await school.mail(to: R.anna, with: "Foto’s teruggezet")
      try await school.answer(album, as: R.els, "2")
      _ = try await school.mails(to: R.els, count: 2, with: "Uw foto’s uit")

      try await school.answer(album, as: other, "foto 1")
      _ = try await school.mail(to: R.els, with: "Iemand anders gebruikte")
      let key = try #require(album.replyTo.first?.address.description)
      try await school.writeFromOutside(R.els, to: key, "Re", "foto 1")
      let els = try #require(try await school.store.directory().account(address: R.els)?.id)
      try await school.until("both wait for her word") { try await school.store.held(of: els).count == 2 }
      try await school.write(other, to: "fotos.groep5@\(R.domain)", "", "")
      _ = try await school.mail(to: other, with: "alleen voor ouders en leerkrachten van die groep")
      try await school.answer(album, as: R.els, "waarom")
      _ = try await school.mail(to: R.els, with: "Waarom kreeg u deze mail")
      try await school.answer(album, as: R.els, "Wat leuk!")
      _ = try await school.mail(to: R.anna, with: "Wat leuk!")
      try await send(school, R.els, to: key, "Re: Gym", "Deze is van mij", files: [photos[0]])
      let own = try await school.mail(to: R.anna, with: "Deze is van mij")
      #expect(own.attachments.count == 1, "a parent's own picture goes along")
      let anna = try school.servers.mailbox(of: R.anna).map { MailMessage.parse($0).readableText }
      #expect(!anna.contains { $0.contains("waarom") })
      #expect(try await school.mails(to: R.els, with: "Uw foto’s uit").count == 2, "and no more")
      for raw in try school.servers.mailbox(of: other) {
        #expect(MailMessage.parse(raw).attachments.isEmpty)
      }
      #expect(try school.servers.mailbox(of: R.bas).allSatisfy { !MailMessage.parse($0).readableText.contains("leuk") })
    }
  }
}
