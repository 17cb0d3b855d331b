import Foundation
import Mail
import School
import Store
import TestServers
import Testing

@testable import Gateway

/// Photos and what parents agree to, with somebody who has no authority at all among those who ask.
extension PrivacyTests {
  /// Words of this part of the day, with everybody who may read them.
  static let photoReaders: [String: Set<String>] = {
    let group5: Set = [P.els, P.frank, P.shared]
    return [
      "geheim-album": group5.union([P.anna]), "geheim-bijschrift-noor": [P.els, P.frank, P.shared],
      "geheim-bestand": [P.anna], "geheim-tekst": group5, "geheim-woord-van-frank": [P.frank, P.anna],
      "geheim-teruggenomen": [P.anna], Photograph.words: [],
    ]
  }()

  /// A mail of a member of staff with photos.
  static func photos(
    _ school: P, _ from: String, _ route: String, _ subject: String, _ text: String, files: [String]
  ) async throws {
    let parts = try files.enumerated().map { place, name in
      """
      --foto
      Content-Type: image/jpeg; name="\(name)"
      Content-Disposition: attachment; filename="\(name)"
      Content-Transfer-Encoding: base64

      \(try Photograph.make(width: 60, height: 40, seed: place).base64EncodedString(options: [.lineLength76Characters]))

      """
    }
    try await school.write(
      from, route, subject,
      "--foto\nContent-Type: text/plain; charset=utf-8\n\n\(text)\n\(parts.joined())--foto--",
      fields: ["Content-Type: multipart/mixed; boundary=foto"])
  }

  func photos(_ school: P) async throws {
    try await Self.photos(
      school, P.anna, "fotos.groep5", "geheim-album", "geheim-tekst\n2: geheim-bijschrift-noor met Noor",
      files: ["geheim-bestand.jpg", "IMG_2.jpg", "IMG_3.jpg"])
    let receipt = try school.mail(to: P.anna, with: "toestemming ontbreekt voor Noor")
    try await school.answer(receipt, as: P.anna, "vraag")
    for (parent, words) in [(P.els, "toestemming groep ja Noor"), (P.frank, "toestemming website nee Noor")] {
      try await school.answer(school.mail(to: parent, with: "Mag uw kind op een foto"), as: parent, words)
    }
    try await school.pass(700)
    try await AlbumClock(gateway: school.gateway).doDue()
    try await school.collect()
    for parent in [P.els, P.frank, P.shared] {
      try await school.answer(school.mail(to: parent, with: "geheim-album"), as: parent, "foto 1 2")
    }
    let album = try school.mail(to: P.frank, with: "geheim-album")
    try await school.answer(album, as: P.frank, "geheim-woord-van-frank")
    // A forwarded mail, with its key; those who have nothing to do with the group, or no say; and a stranger.
    let key = try #require(album.replyTo.first?.address.description)
    for person in [P.foreign, P.uncle, P.without] {
      try await school.write(person, key, "Re: foto's", "alle foto's")
      for route in ["fotos", "fotos.groep5", "toestemming"] { try await school.write(person, route, "Foto's", "") }
      try await school.write(person, "fotos", "Foto's", "album 1")
    }
    try await school.write(P.stranger, key, "Re: foto's", "alle foto's", proven: false)
    try await school.write(P.frank, key, "Re: foto's", "alle foto's", proven: false)
    for parent in [P.els, P.frank] { try await school.write(parent, "toestemming", "Toestemming", "") }
    try await school.write(P.anna, "toestemming", "Toestemming", "")
    try await school.write(P.shared, "fotos", "Albums", "")
    try await takenBack(school)
  }

  /// What was taken back goes to nobody, whatever waits or is asked.
  private func takenBack(_ school: P) async throws {
    try await Self.photos(school, P.anna, "fotos.groep5", "geheim-teruggenomen", "", files: ["IMG_9.jpg"])
    try await school.answer(
      school.mail(to: P.anna, with: "Foto’s ontvangen: geheim-teruggenomen"), as: P.anna, "herstel")
    try await school.pass(700)
    try await AlbumClock(gateway: school.gateway).doDue()
    try await school.collect()
  }

  /// Pictures came to the families of group 5 alone, and none of them tells more than its pixels; neither separated parent
  /// reads what the other said.
  static func lookForPhotos(in school: P) throws {
    var count = 0
    for (address, mails) in school.inboxes {
      for mail in mails {
        // Charts of test results are PNG.
        let pictures = mail.attachments.filter { $0.mediaType == "image/jpeg" }
        count += pictures.count
        #expect(pictures.isEmpty || [P.els, P.frank, P.shared].contains(address), "“\(mail.subject)” to \(address)")
        for picture in pictures { #expect(try Photograph.leftovers(of: picture.data) == []) }
      }
    }
    #expect(count == 3 * 3 + 3 * 2, "three small ones and two large ones for each of three families")
    let frank = try school.mail(to: P.frank, with: "Foto’s van uw kind").readableText
    #expect(frank.contains("eigen groep, alleen voor ouders van die groep; nu: nog geen keuze"))
    #expect(frank.contains("de website van de school; nu: nee"))
  }
}
