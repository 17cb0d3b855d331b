import Foundation
import Mail
import School
import Store
import TestServers
import Testing

@testable import Gateway

@Suite("Photos, logos, and who has a say", .timeLimit(.minutes(6)))
struct PhotoFilesTests {
  typealias P = PlayedSchool

  /// A mail whose HTML shows some of its pictures, as Outlook writes it.
  private func write(
    _ school: P, _ subject: String, shown: [(String, Data)], files: [(String, Data)], from: String = P.anna,
    _ route: String = "fotos.groep5"
  ) async throws {
    let parts = (shown + files).enumerated().map { place, file in
      """
      --m
      Content-Type: image/\(file.0.hasSuffix("png") ? "png" : "jpeg"); name="\(file.0)"
      Content-Disposition: \(place < shown.count ? "inline" : "attachment"); filename="\(file.0)"
      Content-ID: <\(place)@outlook>
      Content-Transfer-Encoding: base64

      \(file.1.base64EncodedString(options: [.lineLength76Characters]))

      """
    }
    let images = shown.indices.map { "<img src=\"cid:\($0)@outlook\">" }.joined()
    try await school.write(
      from, route, subject,
      "--m\nContent-Type: text/html; charset=utf-8\n\n<p>Leuk</p>\(images)\n\(parts.joined())--m--",
      fields: ["Content-Type: multipart/related; boundary=m"])
  }

  /// A drawing of so many octets: noise behind the end of a PNG, as no camera writes.
  private func logo(_ octets: Int, width: Int = 300) throws -> Data {
    let drawn = try Photograph.black(width: width, height: 100)
    return drawn + Data(repeating: 7, count: max(0, octets - drawn.count))
  }

  private func album(_ school: P, _ title: String) async throws -> [String] {
    try await school.store.openAlbum(title, for: .group(GroupID("g5")), since: .distantPast)?.photos.map(\.name) ?? []
  }

  @Test("A signature's logo is no photo, however large; photos within the text are, and its sender is told")
  func logos() async throws {
    let school = try await P()
    let photo = try Photograph.make(width: 900, height: 600)
    try await write(
      school, "Bos", shown: [("logo.png", logo(80_000)), ("klein.png", logo(2_000)), ("IMG_1.jpg", photo)],
      files: [
        ("IMG_2.jpg", try Photograph.make(width: 900, height: 600, seed: 2)),
        ("tekening.png", logo(80_000, width: 500)),
      ])
    #expect(try await album(school, "Bos") == ["IMG_1.jpg", "IMG_2.jpg", "tekening.png"], "what is attached is meant")
    let receipt = try school.mail(to: P.anna, with: "ontvangen: Bos").readableText
    #expect(receipt.contains("logo.png: dit lijkt een logo") && !receipt.contains("klein.png"))
  }

  @Test("What came with an earlier mail of the sender is no photo of the day; a parent's logo is no photo at all")
  func before() async throws {
    let school = try await P()
    // A screenshot: large, within the text, by no camera.
    let banner = try logo(400_000, width: 2_000)
    try await write(school, "Een", shown: [("banner.png", banner)], files: [])
    #expect(try await album(school, "Een") == ["banner.png"])
    try await write(
      school, "Twee", shown: [("image001.png", banner)],
      files: [("IMG_2.jpg", try Photograph.make(width: 900, height: 600))])
    #expect(try await album(school, "Twee") == ["IMG_2.jpg"])
    try await write(school, "Albums", shown: [("logo.png", logo(80_000))], files: [], from: P.els, "fotos")
    #expect(school.kinds.contains(.albumList) && !school.kinds.contains(.refusal))
    #expect(
      try school.mail(to: P.anna, with: "ontvangen: Twee").readableText.contains("image001.png: dit lijkt een logo"))
  }

  @Test("An import that takes a parent's say away holds the photos that rested on it, and gives them back")
  func custody() async throws {
    let school = try await P()
    try await PrivacyTests.photos(school, P.anna, "fotos.groep5", "Bos", "Leuk", files: ["noor.jpg"])
    try await school.write(P.els, "toestemming", "", "toestemming groep ja Noor")
    var judged: Int?
    let clock = AlbumClock(gateway: school.gateway)
    func states() async throws -> [Photo.State] {
      try await clock.judgeAnew(since: &judged)
      return try await school.store.openAlbum("Bos", for: .group(GroupID("g5")), since: .distantPast)?.photos
        .map(\.state) ?? []
    }
    func put(_ authority: ParentalAuthority) async throws {
      try await school.store.apply(
        [
          .putCarer(
            RosterCarer(
              id: CarerID("c1"), name: "Els Bakker", address: P.els, language: .dutch,
              authority: [PupilID("p1"): authority]))
        ], defaultLanguage: .dutch)
    }
    #expect(try await states() == [.shown])
    try await put(.onRequest)
    #expect(try await states() == [.held])
    try await school.collect()
    #expect(try school.mail(to: P.anna, with: "Bos").readableText.contains("Noor"))
    let mails = school.inboxes[P.anna, default: []].count
    #expect(try await states() == [.held], "told once")
    try await school.collect()
    #expect(school.inboxes[P.anna, default: []].count == mails)
    try await put(.full)
    #expect(try await states() == [.shown])
  }
}
