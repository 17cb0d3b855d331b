import Foundation
import GRDB
import School
import Testing

@testable import Store

extension FileNames {
  fileprivate static func paths(of store: Store) async throws -> Set<String> {
    try await store.read { try FileNames($0).paths }
  }
}

@Suite("Upkeep of the store", .timeLimit(.minutes(6)))
struct UpkeepTests {
  typealias F = StoreFixture

  /// A post with a file, its raw mail, and one mail that waits for each family.
  private func posted(_ fixture: F) async throws -> (raw: InboundID, entry: EntryID, file: StoredFile) {
    let raw = try await fixture.mail("From: Anna <anna@school.test>\r\n\r\nMorgen gym", uid: 1)
    let file = try await fixture.store.keep(file: Data("foto".utf8), name: "foto.jpg", mediaType: "image/jpeg")
    var decision = try await fixture.news()
    guard case .addEntry(let thread, let author, var body, let origin) = decision.changes[1] else {
      throw CancellationError()
    }
    body.files = [file]
    decision.changes[1] = .addEntry(thread: thread, author: author, body: body, origin: origin)
    let done = try await fixture.commit(decision, inbound: raw, messageID: "1@x", route: "nieuws")
    return (raw, try #require(done.entry), file)
  }

  private func path(_ fixture: F, _ file: String) -> String { fixture.folder.appending(path: file).path }

  @Test("A store that nothing happened to is sound; every damage is found, and told from what is harmless")
  func verification() async throws {
    let fixture = try await F()
    let (raw, entry, file) = try await posted(fixture)
    let sound = try await fixture.store.verification()
    #expect(sound.faults.isEmpty && sound.files == 2 && sound.rows > 8)

    let record = try #require(try await fixture.store.inbound(raw))
    let rawPath = path(fixture, "messages/\(record.digest.prefix(2))/\(record.digest).eml")
    try Data("something else".utf8).write(to: URL(filePath: rawPath))
    try FileManager.default.removeItem(atPath: path(fixture, "files/\(file.digest.prefix(2))/\(file.digest)"))
    _ = try await fixture.store.keep(file: Data("nobody's".utf8), name: "x", mediaType: "x/y")
    try Data("half".utf8).write(to: URL(filePath: path(fixture, "messages/\(record.digest.prefix(2))/.half")))
    try await fixture.store.write {
      try $0.execute(sql: "UPDATE entry SET origin = '{' WHERE id = ?", arguments: [entry])
      try $0.execute(sql: "PRAGMA defer_foreign_keys = ON")
    }
    let found = try await fixture.store.verification()
    #expect(
      Set(found.faults.map(\.kind)) == [.damagedFile, .missingFile, .strayFile, .leftover, .unreadableRow])
    #expect(!found.isSound)
  }

  @Test("A row that refers to nothing, and a file that is no database, are found")
  func damagedDatabase() async throws {
    let fixture = try await F()
    _ = try await posted(fixture)
    try await fixture.store.pool.writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA foreign_keys = OFF")
      try $0.execute(sql: "UPDATE delivery SET entry = 999 WHERE id = 1")
      try $0.execute(sql: "PRAGMA foreign_keys = ON")
    }
    let found = try await fixture.store.verification()
    #expect(found.faults == [StoreFault(kind: .danglingReference, place: "delivery 1 to entry")])
    try await fixture.store.write {
      try $0.execute(
        sql: "UPDATE delivery SET entry = NULL, reply_target = ? WHERE id = 1",
        arguments: [try JSONText.of(ReplyTarget.thread(ThreadID(77)))])
    }
    let lost = try await fixture.store.verification()
    #expect(lost.faults == [StoreFault(kind: .danglingReference, place: "reply key of delivery 1 to thread 77")])
    let other = fixture.folder.appending(path: "other")
    try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
    try Data(repeating: 7, count: 8_192).write(to: other.appending(path: "postplein.sqlite"))
    await #expect(throws: StoreError.self) { try await Store.open(folder: other, access: .readOnly) }
  }

  @Test("A backup is a sound store of one moment; a second one copies only what is new")
  func backup() async throws {
    let fixture = try await F()
    _ = try await posted(fixture)
    let target = fixture.folder.appending(path: "backup/store")
    let first = try await fixture.store.backup(to: target)
    #expect(first.copied == 2 && first.kept == 0)
    _ = try await fixture.mail("later", uid: 2)
    let second = try await fixture.store.backup(to: target)
    #expect(second.copied == 1 && second.kept == 2 && second.removed == 0)
    let copy = try await Store.open(folder: target, access: .readOnly)
    #expect(try await copy.verification().faults.isEmpty)
    #expect(try await copy.waitingDeliveries() == 3)
    #expect(try await copy.waitingInbound(limit: 9).count == 1)
  }

  @Test("While mail comes in, a backup holds every file that its rows name")
  func backupUnderLoad() async throws {
    let fixture = try await F()
    let store = fixture.store
    let writing = Task {
      for number in 0..<400 { _ = try await store.record(Data("mail \(number)".utf8), from: nil, at: F.now) }
    }
    for round in 0..<5 {
      let target = fixture.folder.appending(path: "backup-\(round)")
      _ = try await store.backup(to: target)
      #expect(try await Store.open(folder: target, access: .readOnly).verification().isSound)
    }
    try await writing.value
  }

  /// A store with a post, and a backup of it.
  private func backedUp() async throws -> (F, URL) {
    let fixture = try await F()
    _ = try await posted(fixture)
    let backup = fixture.folder.appending(path: "backup")
    _ = try await fixture.store.backup(to: backup)
    return (fixture, backup)
  }

  @Test("A restore keeps the old store, carries later mail over, and never uses an id a second time")
  func restore() async throws {
    let (fixture, backup) = try await backedUp()
    let later = try await fixture.mail("after the backup", uid: 7)
    let done = try await fixture.commit(
      try await fixture.news("later"), inbound: later, messageID: "2@x", route: "nieuws")
    let lastID = try #require(done.deliveries.max())

    let home = fixture.folder.appending(path: "home/store")
    try FileManager.default.createDirectory(
      at: home.deletingLastPathComponent(), withIntermediateDirectories: true)
    // The school's store as it stands, in a place of its own; its gateway is gone.
    _ = try await fixture.store.backup(to: home)
    let report = try await Store.restore(backup, to: home, rereads: false, at: F.now)
    #expect(report.later == 1)
    #expect(FileManager.default.fileExists(atPath: try #require(report.before).path))
    let restored = try await Store.open(folder: home)
    #expect(try await restored.setAsideInbound(limit: 9).count == 1, "left to a person")
    #expect(try await restored.verification().faults.isEmpty)
    let next = try await restored.commit(
      Outcome(inbound: nil, label: "x", decision: try await fixture.news("new"), at: F.now)
    ) { "\($0)@school.test" }
    #expect(next.deliveries.allSatisfy { $0 > lastID })
    await #expect(throws: StoreError.self, "a gateway serves it") {
      try await Store.restore(backup, to: home, rereads: false, at: F.now)
    }
  }

  @Test("A store is restored into a folder that is there and holds none")
  func restoreIntoNothing() async throws {
    let (fixture, backup) = try await backedUp()
    let home = fixture.folder.appending(path: "empty")
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    #expect(try await Store.restore(backup, to: home, rereads: false, at: F.now).later == 0)
    #expect(try await Store.open(folder: home, access: .readOnly).verification().isSound)
  }

  @Test("What is held for somebody, and is erased since it names another, waits no longer")
  func heldAndErased() async throws {
    let fixture = try await F()
    let (els, anna) = (try await fixture.account("els@ouders.test"), try await fixture.account("anna@school.test"))
    let raw = try await fixture.mail("Vraag het aan els@ouders.test", uid: 9)
    let other = try await fixture.mail("Niemand", uid: 10)
    for mail in [raw, other] {
      try await fixture.commit(Decision(changes: [.hold(mail, account: anna, reason: .unproven)]), inbound: mail)
    }
    _ = try await fixture.store.erase(els, at: F.now, settling: .zero)
    #expect(try await fixture.store.held(of: anna).map(\.inbound) == [other])
  }

  @Test("A damaged backup is not restored, and nothing is touched")
  func damagedBackup() async throws {
    let fixture = try await F()
    let (raw, _, _) = try await posted(fixture)
    let backup = fixture.folder.appending(path: "backup")
    _ = try await fixture.store.backup(to: backup)
    let digest = try #require(try await fixture.store.inbound(raw)).digest
    try FileManager.default.removeItem(at: backup.appending(path: "messages/\(digest.prefix(2))/\(digest).eml"))
    let home = fixture.folder.appending(path: "home")
    await #expect(throws: StoreError.self) {
      try await Store.restore(backup, to: home, rereads: false, at: F.now)
    }
    #expect(!FileManager.default.fileExists(atPath: home.path))
    _ = try await Store.restore(backup, to: home, rereads: false, mayLack: true, at: F.now)
    #expect(try await Store.open(folder: home, access: .readOnly).verification().faults.map(\.kind) == [.missingFile])
  }

  @Test("One damaged file keeps nobody from a backup of the rest, and is named")
  func backupOfDamage() async throws {
    let fixture = try await F()
    let (raw, _, _) = try await posted(fixture)
    let digest = try #require(try await fixture.store.inbound(raw)).digest
    try Data("x".utf8).write(to: URL(filePath: path(fixture, "messages/\(digest.prefix(2))/\(digest).eml")))
    let backup = fixture.folder.appending(path: "backup")
    let report = try await fixture.store.backup(to: backup)
    #expect(report.lacking == ["messages/\(digest)"] && report.copied == 1)
    let found = try await Store.open(folder: backup, access: .readOnly).verification().faults
    #expect(found.map(\.kind) == [.missingFile])
  }

  @Test("What the store lost, and the backup has, is kept there and no fault of the backup")
  func backupOfLost() async throws {
    let fixture = try await F()
    let (raw, _, _) = try await posted(fixture)
    let digest = try #require(try await fixture.store.inbound(raw)).digest
    let backup = fixture.folder.appending(path: "backup")
    _ = try await fixture.store.backup(to: backup)
    try FileManager.default.removeItem(atPath: path(fixture, "messages/\(digest.prefix(2))/\(digest).eml"))
    let report = try await fixture.store.backup(to: backup)
    #expect(report.lacking.isEmpty && report.copied == 0 && report.removed == 0)
    #expect(try await Store.open(folder: backup, access: .readOnly).verification().isSound)
  }

  @Test("An empty file is no backup, and no store that knows nobody comes of it")
  func emptyBackup() async throws {
    let fixture = try await F()
    let (backup, home) = (fixture.folder.appending(path: "backup"), fixture.folder.appending(path: "home"))
    _ = try await fixture.store.backup(to: backup)
    try Data().write(to: backup.appending(path: "postplein.sqlite"))
    await #expect(throws: StoreError.self) {
      try await Store.restore(backup, to: home, rereads: false, at: F.now)
    }
    #expect(!FileManager.default.fileExists(atPath: home.path))
  }

  @Test("Expiry counts first, gives up by kind, and leaves what waits or is held", arguments: ExpiringKind.allCases)
  func expiry(_ kind: ExpiringKind) async throws {
    let fixture = try await F()
    let (raw, entry, file) = try await posted(fixture)
    let waiting = try await fixture.mail("waits", uid: 9)
    let later = F.now + 400 * 86_400
    let counted = try await fixture.store.expire(kind, before: later, at: later, applies: false)
    #expect(try await fixture.store.verification().faults.isEmpty, "nothing was changed")
    // Files without a row are given up by age.
    for place in ["messages", "files"] {
      for found in try filesByDigest(place, in: fixture.folder).inventory() {
        try FileManager.default.setAttributes(
          [.modificationDate: Date(timeIntervalSinceNow: -9_999)], ofItemAtPath: path(fixture, found.path))
      }
    }
    let done = try await fixture.store.expire(kind, before: later, at: later, applies: true)
    #expect(done.rows == counted.rows)
    #expect(try await fixture.store.verification().faults.isEmpty)
    #expect(try await fixture.store.raw(of: waiting) == Data("waits".utf8))
    switch kind {
    case .raw:
      #expect(done.rows == 1 && done.files == 1)
      await #expect(throws: StoreError.self) { try await fixture.store.raw(of: raw) }
      let places = try await fixture.store.read { try Int64.fetchAll($0, sql: "SELECT inbound FROM inbound_source") }
      #expect(places == [waiting.rawValue])
      #expect(try await fixture.mail("From: Anna <anna@school.test>\r\n\r\nMorgen gym", uid: 22) == raw, "known again")
    case .deliveries: #expect(done.rows == 0, "all of it waits")
    case .threads:
      #expect(done.rows == 0, "its mails wait")
      for id in 1...3 {
        try await fixture.store.record([
          DeliveryOutcome(delivery: DeliveryID(Int64(id)), at: F.now, result: .accepted(ServerWords(text: "ok")))
        ])
      }
      let subject = "entry \(entry)"
      try await fixture.store.write { try $0.advance(Revision(subject: subject, number: 0)) }
      let now = try await fixture.store.expire(kind, before: later, at: later, applies: true)
      #expect(now.rows == 1 && now.files == 1)
      #expect(try await fixture.store.revision(of: subject).number == 0)
      #expect(try await fixture.store.entry(entry) == nil)
      await #expect(throws: StoreError.self) { try await fixture.store.content(of: file) }
    case .setAside, .documents, .reports, .results, .absence, .photos: #expect(done.rows == 0)
    }
  }

  @Test("What was given up goes from a backup as well that is taken again")
  func backupAfterExpiry() async throws {
    let fixture = try await F()
    let (raw, _, _) = try await posted(fixture)
    let digest = try #require(try await fixture.store.inbound(raw)).digest
    let target = fixture.folder.appending(path: "backup")
    _ = try await fixture.store.backup(to: target)
    let copy = target.appending(path: "messages/\(digest.prefix(2))/\(digest).eml").path
    #expect(FileManager.default.fileExists(atPath: copy))
    let later = F.now + 400 * 86_400
    _ = try await fixture.store.expire(.raw, before: later, at: later, applies: true)
    #expect(try await fixture.store.backup(to: target).removed == 1)
    #expect(!FileManager.default.fileExists(atPath: copy))
    #expect(try await Store.open(folder: target, access: .readOnly).verification().faults.isEmpty)
  }

  @Test("Mail that was left to a person is given up at its own age, and read when it is laid back")
  func expirySetAside() async throws {
    let fixture = try await F()
    let broken = try await fixture.mail("broken", uid: 1)
    let much = try await fixture.mail("one of many", uid: 2)
    try await fixture.store.setAside(broken, reason: "damaged", at: F.now)
    try await fixture.store.setAside(much, outcome: InboundRecord.overBudget, reason: "too much", at: F.now)
    let expire = { (kind: ExpiringKind, days: Double) in
      let now = F.now + days * 86_400
      return try await fixture.store.expire(kind, before: now, at: now, applies: true).rows
    }
    #expect(try await expire(.raw, 999) == 0)
    #expect(try await fixture.store.setAsideInbound(limit: 9).count == 2)
    #expect(try await expire(.setAside, -1) == 0)
    #expect(try await expire(.setAside, 1) == 2)
    #expect(try await fixture.store.setAsideInbound(limit: 9).isEmpty)
    _ = try await fixture.store.removeStrayFiles()
    #expect(try await fixture.mail("one of many", uid: 3) == much)
    #expect(try await fixture.store.waitingInbound(limit: 9).map(\.id) == [much])
    #expect(try await FileNames.paths(of: fixture.store).count == 1, "its file is wanted again")
  }

  @Test("By what a handled mail is known goes with its raw bytes, not while a mail waits")
  func expiryOfClaims() async throws {
    let fixture = try await F()
    _ = try await posted(fixture)
    let waiting = try await fixture.mail("waits", uid: 9)
    let claims = { try await fixture.store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM handled_route") } }
    let later = F.now + 400 * 86_400
    _ = try await fixture.store.expire(.raw, before: later, at: later, applies: true)
    #expect(try await claims() == 1)
    try await fixture.store.setAside(waiting, reason: "x", at: F.now)
    _ = try await fixture.store.expire(.raw, before: later, at: later, applies: true)
    #expect(try await claims() == 0)
  }

  @Test("A store of the version before is brought up to date when it is served, and refused read-only until then")
  func previousVersion() async throws {
    let fixture = try await F()
    let folder = fixture.folder.appending(path: "old")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Schema.make(version: "1", at: folder.appending(path: "postplein.sqlite").path)
    await #expect(throws: StoreError.self) { try await Store.open(folder: folder, access: .readOnly) }
    let store = try await Store.open(folder: folder)
    #expect(try await store.verification().faults.isEmpty)
    _ = try await store.record(Data("x".utf8), from: nil, at: F.now)
  }

  @Test("A backup of a version before is put back, also from where nobody can write; a failed one leaves no copy")
  func oldBackup() async throws {
    let fixture = try await F()
    let (backup, home) = (fixture.folder.appending(path: "old-backup"), fixture.folder.appending(path: "new-home"))
    try FileManager.default.createDirectory(at: backup, withIntermediateDirectories: true)
    try Schema.make(version: "answers in private", at: backup.appending(path: "postplein.sqlite").path)
    let rights = { (mode: Int) in
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: backup.path)
    }
    try rights(0o500)
    _ = try await Store.restore(backup, to: home, rereads: false, at: F.now)
    try rights(0o700)
    #expect(try await Store.open(folder: home, access: .readOnly).verification().isSound)
    #expect(!FileManager.default.fileExists(atPath: backup.appending(path: "upkeep.lock").path))
    try Data("none".utf8).write(to: backup.appending(path: "postplein.sqlite"))
    await #expect(throws: StoreError.self) {
      try await Store.restore(backup, to: home, rereads: false, at: F.now)
    }
    let left = try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path)
    #expect(!left.contains { $0.contains("restoring") }, "\(left)")
  }

  @Test("Mail of a store with more indexes stays as it was, with what happened to it; no number is given twice")
  func fewerIndexes() async throws {
    let folder = try await F().folder.appending(path: "old")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = folder.appending(path: "postplein.sqlite").path
    try Schema.make(version: "answers in private", at: path)
    let mail: @Sendable (Int) -> String = { id in
      """
      INSERT INTO delivery (id, kind, stranger, lane, reply_target, facts, message_id, message_references, created_at,
        first_due_at, due_at, status)
      VALUES (\(id), 'help', 'x@ouder.test', 1, '{"support":{}}', '{}', '\(id)@x', '[]', 1, 2, 3, 'accepted')
      """
    }
    try await DatabasePool(path: path).write { database in
      for id in 1...3 { try database.execute(sql: mail(id)) }
      try database.execute(
        sql: """
          INSERT INTO delivery_event (delivery, at, outcome, words) VALUES (2, 1, 'accepted', 'ok');
          INSERT INTO account (id, address, language, digest) VALUES (1, 'y@ouder.test', 'nl', 'daily');
          INSERT INTO calendar_event (id, audience, author) VALUES (1, '"school"', 1);
          INSERT INTO calendar_told (event, account, delivery) VALUES (1, 1, 2);
          DELETE FROM delivery WHERE id = 3
          """)
    }
    let store = try await Store.open(folder: folder)
    #expect(try await store.delivery(DeliveryID(2))?.messageID == "2@x")
    let number: @Sendable (String) async throws -> Int? = { sql in
      try await store.read { try Int.fetchOne($0, sql: sql) }
    }
    #expect(try await number("SELECT delivery FROM calendar_told") == 2)
    #expect(try await number("SELECT delivery FROM delivery_event") == 2)
    #expect(try await number("SELECT seq FROM sqlite_sequence WHERE name = 'delivery'") == 3)
    #expect(try await number("SELECT count(*) FROM pragma_foreign_key_check") == 0)
  }
}
