import Foundation
import GRDB
import School
import Testing

@testable import Store

@Suite("Albums and consents are kept", .timeLimit(.minutes(6)))
struct PhotoStoreTests {
  typealias F = StoreFixture
  static let noor = PupilID("p1")

  /// Adds photos as Anna; those that are held name Noor.
  @discardableResult
  private func add(
    _ fixture: F, _ numbers: [Int], to album: AlbumID? = nil, title: String = "Naar het bos",
    held: Set<Int> = [], after seconds: TimeInterval = 0
  ) async throws -> Committed {
    let anna = try await fixture.account("anna@school.test")
    var photos: [PhotoChange.New] = []
    for number in numbers {
      let screen = try await fixture.store.keep(
        file: Data("screen \(title) \(number)".utf8), name: "", mediaType: "image/jpeg")
      let small = try await fixture.store.keep(
        file: Data("small \(title) \(number)".utf8), name: "", mediaType: "image/jpeg")
      photos.append(
        PhotoChange.New(
          number: number, name: "IMG_\(number).jpg", caption: "Moe", named: held.contains(number) ? [Self.noor] : [],
          state: held.contains(number) ? .held : .shown, screen: screen, thumbnail: small))
    }
    let open: [Change] =
      album == nil ? [.photos(.open(title: title, audience: .group(F.group), by: anna))] : []
    return try await fixture.commit(
      Decision(
        changes: open + [.photos(.add(photos, to: album, text: "Leuk!", by: anna))],
        notices: [Notice(.photoReceipt, to: .account(anna), replyTarget: .photoBatch)]), after: seconds)
  }

  private func album(_ fixture: F, _ title: String = "Naar het bos") async throws -> PhotoAlbum {
    try #require(
      try await fixture.store.openAlbum(title, for: .group(F.group), since: F.now - 86_400))
  }

  @Test("Mails under one title join one album for a while; a receipt leads to the batch that it tells of")
  func joins() async throws {
    let fixture = try await F()
    let first = try await add(fixture, [1, 2], held: [2])
    let id = try await album(fixture, "naar het BOS!").id
    try await add(fixture, [3], to: id)
    let album = try await album(fixture)
    #expect(album.photos.map(\.number) == [1, 2, 3] && album.photos.map(\.state) == [.shown, .held, .shown])
    #expect(album.photos[1].named == [Self.noor] && album.batches.map(\.text) == ["Leuk!", "Leuk!"])
    let delivery = try #require(try await fixture.store.delivery(first.deliveries[0]))
    #expect(delivery.replyTarget == .photoBatch(album.photos[0].batch))
    #expect(try await fixture.store.album(of: album.photos[0].batch)?.id == id)
    #expect(try await fixture.store.openAlbum("Naar het bos", for: .school, since: .distantPast) == nil)
    #expect(try await fixture.store.openAlbum("Naar het bos", for: .group(F.group), since: F.now + 60) == nil)
    let listed = try await fixture.store.albums(for: [.school, .group(F.group)], since: .distantPast, limit: 9)
    #expect(listed.map(\.id) == [id])
    #expect(try await fixture.store.albums(for: [.school], since: .distantPast, limit: 9).isEmpty)
    #expect(try await fixture.store.albums(naming: [Self.noor]).map(\.id) == [id])
    #expect(try await fixture.store.albums(naming: [PupilID("p9")]).isEmpty)
    #expect(try await fixture.store.verification().faults.isEmpty)
    _ = try await fixture.store.erase(try await fixture.account("anna@school.test"), at: F.now)
    let erased = try #require(try await fixture.store.album(id))
    #expect(album.photos.allSatisfy { $0.caption == "Moe" } && erased.photos.count == 3)
    #expect(erased.photos.allSatisfy(\.caption.isEmpty) && erased.batches.allSatisfy(\.text.isEmpty), "her words go")
  }

  @Test("An album is told of once nothing was added for a while; held photos when they are released")
  func announces() async throws {
    let fixture = try await F()
    try await add(fixture, [1, 2], held: [2])
    try await add(fixture, [3], to: try await album(fixture).id, after: 300)
    let due = { (seconds: TimeInterval) in try await fixture.store.albumsToAnnounce(before: F.now + seconds) }
    #expect(try await due(299).isEmpty)
    #expect(try await due(300).count == 1)
    let before = try await album(fixture)
    try await fixture.commit(Decision(changes: [.photos(.announce(before.shown.map(\.id)))]), after: 900)
    #expect(try await due(9_999).isEmpty)
    let held = before.held.map(\.id)
    let anna = try await fixture.account("anna@school.test")
    try await fixture.commit(Decision(changes: [.photos(.clear([held[0]: [Self.noor]], by: anna))]), after: 1_000)
    #expect(try await album(fixture).photos[1].named == [Self.noor])
    #expect(try await due(1_000).count == 1)
    #expect(try await album(fixture).photos.map(\.isAnnounced) == [true, false, true])
  }

  @Test("Taken back and brought again; mails with nothing left to show are not sent, others are")
  func removes() async throws {
    let fixture = try await F()
    try await add(fixture, [1, 2])
    let (album, anna, els) = (
      try await album(fixture), try await fixture.account("anna@school.test"),
      try await fixture.account("els@ouders.test")
    )
    let mail = { (photos: [Photo]) -> Notice in
      var facts = NoticeFacts()
      facts.photos = PhotoFacts(album: album)
      facts.photos?.photos = photos.map(\.id)
      return Notice(.photos, to: .account(els), replyTarget: .album(album.id), facts: facts)
    }
    let sent = try await fixture.commit(Decision(notices: [mail([album.photos[0]]), mail(album.photos)]))
    let gone = [album.photos[0].id]
    try await fixture.commit(Decision(changes: [.photos(.remove(gone, of: album.id, by: anna))]))
    let states = try await [0, 1].asyncMap { try await fixture.store.delivery(sent.deliveries[$0])?.status }
    #expect(states == [.cancelled, .waiting])
    let removed = try await self.album(fixture)
    #expect(removed.photos[0].state == .removed && removed.photos[0].removedBy == removed.batches.last?.id)
    try await fixture.commit(Decision(changes: [.photos(.restore(gone, .shown))]))
    #expect(try await self.album(fixture).photos[0].removedBy == nil)
    let again = try await fixture.commit(Decision(notices: [mail([album.photos[0]])]))
    try await fixture.commit(Decision(changes: [.photos(.set(gone, .held))]))
    #expect(try await fixture.store.delivery(again.deliveries[0])?.status == .cancelled, "its consent went")
  }

  @Test("The ledger of consents is only added to, outlives its parent, and is told to who asks")
  func ledger() async throws {
    let fixture = try await F()
    let els = try await fixture.account("els@ouders.test")
    for answer in [ConsentAnswer.given, .refused] {
      let record = ConsentRecord(pupil: Self.noor, purpose: .group, account: els, answer: answer, at: F.now)
      try await fixture.commit(
        Decision(changes: [.photos(.consent([record]))]), messageID: "\(answer)@ouders.test", route: "x")
    }
    #expect(try await fixture.store.consents(of: [Self.noor]).map(\.answer) == [.given, .refused])
    await #expect(throws: StoreError.self) {
      try await fixture.store.write { try $0.execute(sql: "UPDATE photo_consent SET answer = 'given'") }
    }
    let told = try await fixture.store.person(els).consents
    #expect(told.map(\.answer) == [.given, .refused] && told.map(\.pupil) == ["Noor", "Noor"])
    _ = try await fixture.store.erase(els, at: F.now)
    #expect(try await fixture.store.consents(of: [Self.noor]).count == 2)
    #expect(try await fixture.store.verification().faults.isEmpty)
    let later = F.now + 900 * 86_400
    #expect(try await fixture.store.expire(.photos, before: later, at: later, applies: true).rows == 0, "Noor is there")
    try await fixture.store.write { try $0.execute(sql: "DELETE FROM pupil") }
    #expect(try await fixture.store.expire(.photos, before: later, at: later, applies: true).rows == 2)
  }

  @Test("Old albums are given up with their files; what was taken away goes before the rest")
  func expires() async throws {
    let fixture = try await F()
    try await add(fixture, [1, 2])
    let (album, anna) = (try await album(fixture), try await fixture.account("anna@school.test"))
    let gone = [album.photos[0].id]
    try await fixture.commit(Decision(changes: [.photos(.remove(gone, of: album.id, by: anna))]))
    try await add(fixture, [3], to: album.id, after: 86_400 * 300)
    let older = F.now + 86_400 * 100
    #expect(try await fixture.store.expire(.photos, before: older, at: older, applies: true).rows == 1)
    #expect(try await fixture.store.album(album.id)?.photos.map(\.number) == [2, 3])
    #expect(try await fixture.store.verification().faults.allSatisfy { $0.kind == .strayFile })
    let later = F.now + 86_400 * 900
    #expect(try await fixture.store.expire(.photos, before: later, at: later, applies: true).rows == 6)
    #expect(try await fixture.store.album(album.id) == nil)
    #expect(try await fixture.store.verification().faults.allSatisfy { $0.kind == .strayFile })
  }
}

extension Array {
  fileprivate func asyncMap<T>(_ body: (Element) async throws -> T) async throws -> [T] {
    var result: [T] = []
    for element in self { result.append(try await body(element)) }
    return result
  }
}
