import Foundation
import GRDB
import School
import Testing

@testable import Store

@Suite("Documents and class lists are kept", .timeLimit(.minutes(6)))
struct DocumentStoreTests {
  typealias F = StoreFixture

  /// Files one version as Anna, and gives the filing.
  @discardableResult
  private func put(
    _ fixture: F, _ title: String, _ content: String, _ audience: Audience = .school, basis: Revision? = nil
  ) async throws -> Committed {
    let anna = try await fixture.account("anna@school.test")
    let file = try await fixture.store.keep(
      file: Data(content.utf8), name: "\(content).pdf", mediaType: "application/pdf")
    return try await fixture.commit(
      Decision(
        changes: [.documents(.put(file, title: title, audience: audience, by: anna))],
        notices: [Notice(.documentReceipt, to: .account(anna), replyTarget: .filing)], basis: basis))
  }

  private func titles(_ fixture: F) async throws -> [String] {
    try await fixture.store.documentShelf().documents.map { "\($0.title): \($0.current?.file?.name ?? "none")" }
  }

  @Test("A new version takes the place of the old, which is kept and comes back; a removal is a version without file")
  func versions() async throws {
    let fixture = try await F()
    try await put(fixture, "Gids", "oud")
    let second = try await put(fixture, "gids!", "nieuw")
    try await put(fixture, "Gids", "groep", .group(F.group))
    #expect(try await titles(fixture) == ["gids!: nieuw.pdf", "Gids: groep.pdf"])
    let delivery = try #require(try await fixture.store.delivery(second.deliveries[0]))
    let filing = try #require(second.filing)
    #expect(delivery.replyTarget == .filing(filing))
    let shelf = try await fixture.store.documentShelf()
    #expect(shelf.documents[0].versions.count == 2 && shelf.documents[0].versions[1].filing == filing)
    try await fixture.commit(Decision(changes: [.documents(.withdraw(filing, of: [shelf.documents[0].id]))]))
    #expect(try await titles(fixture)[0] == "Gids: oud.pdf")
    let anna = try await fixture.account("anna@school.test")
    let removed = try await fixture.commit(
      Decision(changes: [.documents(.remove(shelf.documents[0].id, by: anna))]))
    #expect(try await titles(fixture)[0] == "Gids: none")
    try await fixture.commit(
      Decision(changes: [.documents(.withdraw(try #require(removed.filing), of: [shelf.documents[0].id]))]))
    #expect(try await titles(fixture)[0] == "Gids: oud.pdf")
    try await fixture.reopen()
    #expect(try await titles(fixture).count == 2)
  }

  @Test("What was removed, replaced or taken back is given up at its age, and what stands stays")
  func expiry() async throws {
    let fixture = try await F()
    try await put(fixture, "Gids", "oud")
    try await put(fixture, "Gids", "nieuw")
    try await put(fixture, "Regels", "regels")
    let back = try await put(fixture, "Regels", "fout")
    let shelf = try await fixture.store.documentShelf().documents
    try await fixture.commit(
      Decision(changes: [.documents(.withdraw(try #require(back.filing), of: [shelf[1].id]))]))
    try await put(fixture, "Weg", "weg")
    let anna = try await fixture.account("anna@school.test")
    let gone = try #require(try await fixture.store.documentShelf().documents.last?.id)
    try await fixture.commit(Decision(changes: [.documents(.remove(gone, by: anna))]))
    let expire = { (now: Date) in
      try await fixture.store.expire(.documents, before: now, at: now, applies: true).rows
    }
    #expect(try await expire(F.now) == 0, "not of the day itself")
    #expect(try await expire(F.now + 86_400) == 4)
    #expect(try await expire(F.now + 86_400) == 0)
    #expect(try await titles(fixture) == ["Gids: nieuw.pdf", "Regels: regels.pdf"])
    let shelfAfter = try await fixture.store.documentShelf().documents
    #expect(shelfAfter.allSatisfy { $0.versions.count == 1 })
    #expect(try await fixture.store.verification().isSound, "receipts find their filings")
  }

  @Test("A copy that waits for a server is not sent once its document was removed or taken back; others are")
  func copies() async throws {
    let fixture = try await F()
    try await put(fixture, "Gids", "oud")
    let second = try await put(fixture, "Gids", "nieuw")
    try await put(fixture, "Regels", "regels")
    let (anna, els) = (try await fixture.account("anna@school.test"), try await fixture.account("els@ouders.test"))
    let shelf = try await fixture.store.documentShelf().documents
    let ask = { (file: StoredFile?) in
      let line = DocumentFacts.Line(title: "x", group: nil, file: file, at: nil, words: "x")
      let facts = NoticeFacts(documents: DocumentFacts(lines: [line]))
      let done = try await fixture.commit(
        Decision(notices: [Notice(.document, to: .account(els), replyTarget: .documents, facts: facts)]))
      return done.deliveries[0]
    }
    let status = { (id: DeliveryID) in try await fixture.store.delivery(id)?.status }
    let old = try await ask(shelf[0].versions[0].file)
    let new = try await ask(shelf[0].versions[1].file)
    let other = try await ask(shelf[1].current?.file)
    try await fixture.commit(
      Decision(changes: [.documents(.withdraw(try #require(second.filing), of: [shelf[0].id]))]))
    #expect(try await status(new) == .cancelled)
    #expect(try await status(old) == .waiting)
    try await fixture.commit(Decision(changes: [.documents(.remove(shelf[0].id, by: anna))]))
    #expect(try await status(old) == .cancelled)
    #expect(try await status(other) == .waiting)
  }

  @Test("Two who decided on the same documents are not both written down")
  func stale() async throws {
    let fixture = try await F()
    let basis = try await fixture.store.documentShelf().revision
    #expect(try await put(fixture, "Gids", "a", basis: basis).isStale == false)
    #expect(try await put(fixture, "Gids", "b", basis: basis).isStale)
    #expect(try await titles(fixture) == ["Gids: a.pdf"])
  }

  @Test("Files of documents are in backups, are not taken for strays, and are missed where they are gone")
  func upkeep() async throws {
    let fixture = try await F()
    try await put(fixture, "Gids", "oud")
    try await put(fixture, "Gids", "nieuw")
    #expect(try await fixture.store.verification().faults.isEmpty)
    let backup = FileManager.default.temporaryDirectory.appending(path: "backup-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: backup) }
    #expect(try await fixture.store.backup(to: backup).copied == 2)
    let old = FilesByDigest.digest(Data("oud".utf8))
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 0)],
      ofItemAtPath: fixture.folder.appending(path: "files/\(old.prefix(2))/\(old)").path)
    #expect(try await fixture.store.removeStrayFiles().removed == 0)
    let path = fixture.folder.appending(path: "files/\(old.prefix(2))/\(old)").path
    try FileManager.default.removeItem(atPath: path)
    #expect(try await fixture.store.verification().faults.map(\.kind) == [.missingFile])
    let anna = try await fixture.account("anna@school.test")
    #expect(try await fixture.store.person(anna).documents.map(\.title) == ["Gids", "Gids"])
  }

  @Test("What carers show is theirs alone, goes with the carer, and stays through the next import")
  func shown() async throws {
    let fixture = try await F()
    let noor = PupilID("p1")
    let carer = { (id: String) in try await fixture.store.directory().carers[CarerID(id)] }
    let change = { (shows: Bool) in
      Decision(changes: [
        .classList(ClassListChange(carers: [CarerID("c1")], pupil: noor, field: .phone, shows: shows))
      ])
    }
    try await fixture.commit(change(true))
    try await fixture.commit(change(true))
    #expect(try await carer("c1")?.shown == [noor: [.phone]])
    #expect(try await carer("c2")?.shown == [:])
    try await fixture.store.apply(F.roster, defaultLanguage: .dutch)
    #expect(try await carer("c1")?.shown == [noor: [.phone]])
    #expect(try await fixture.store.verification().isSound)
    try await fixture.commit(change(false))
    #expect(try await carer("c1")?.shown == [:])
    try await fixture.commit(change(true))
    try await fixture.store.apply([.removeCarer(CarerID("c1"))], defaultLanguage: .dutch)
    try await fixture.store.apply(F.roster, defaultLanguage: .dutch)
    #expect(try await carer("c1")?.shown == [:], "who comes back has everything hidden")
    try await fixture.commit(change(true))
    try await fixture.store.apply([.removePupil(noor)], defaultLanguage: .dutch)
    #expect(try await carer("c1")?.shown == [:])
  }

  @Test("Phone and postal address stay where an import does not state them, and are erased with the person")
  func contact() async throws {
    let fixture = try await F()
    var els = RosterCarer(
      id: CarerID("c1"), name: "Els", address: "els@ouders.test", language: nil, authority: [PupilID("p1"): .full],
      contact: [.phone: "06 12", .street: "Dorpsstraat 1"])
    try await fixture.store.apply([.putCarer(els)], defaultLanguage: .dutch)
    els.contact = [.city: "Grou"]
    try await fixture.store.apply([.putCarer(els)], defaultLanguage: .dutch)
    let known = try await fixture.store.directory().carers[CarerID("c1")]?.contact
    #expect(known == ContactDetails(phone: "06 12", street: "Dorpsstraat 1", city: "Grou"))
    let id = try await fixture.account("els@ouders.test")
    #expect(try await fixture.store.person(id).carers.first?.contact.phone == "06 12")
    _ = try await fixture.store.erase(id, at: F.now)
    let left = try await fixture.store.read { database in
      let sql = "SELECT (SELECT count(*) FROM carer WHERE phone <> '') + (SELECT count(*) FROM class_list_shown)"
      return try Int.fetchOne(database, sql: sql)
    }
    #expect(left == 0)
  }
}
