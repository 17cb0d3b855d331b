import Foundation
import GRDB
import School
import Synchronization
import Testing

@testable import Store

/// Damage that leaves SQLite's header whole, as a disk does it.
@Suite("A store that is damaged", .timeLimit(.minutes(6)))
struct DamageTests {
  typealias F = StoreFixture

  /// Spoils the first page of a table.
  private func spoil(_ table: String, _ fixture: F) async throws {
    let place = try await fixture.store.pool.writeWithoutTransaction { database -> (root: Int, size: Int) in
      try database.checkpoint(.truncate)
      let root = try Int.fetchOne(
        database, sql: "SELECT rootpage FROM sqlite_master WHERE name = ?", arguments: [table])
      return (try #require(root), try #require(try Int.fetchOne(database, sql: "PRAGMA page_size")))
    }
    let file = try FileHandle(forUpdating: fixture.folder.appending(path: "postplein.sqlite"))
    try file.seek(toOffset: UInt64((place.root - 1) * place.size))
    try file.write(contentsOf: Data(repeating: 0xA5, count: 64))
    try file.close()
    fixture.store.pool.releaseMemory()
  }

  private func post(_ fixture: F, uid: UInt32 = 1) async throws -> Committed {
    let raw = try await fixture.mail("From: Anna <anna@school.test>\r\n\r\nMorgen gym \(uid)", uid: uid)
    return try await fixture.commit(try await fixture.news(), inbound: raw, messageID: "\(uid)@x", route: "nieuws")
  }

  @Test(
    "A backup of a damaged database leaves the one that was there as it was, and sound",
    arguments: ["thread_member", "handled_route", "carer", "delivery", "entry"])
  func backup(_ table: String) async throws {
    let fixture = try await F()
    _ = try await post(fixture)
    let target = fixture.folder.appending(path: "backup")
    _ = try await fixture.store.backup(to: target)
    try await spoil(table, fixture)
    await #expect { try await fixture.store.backup(to: target) } throws: { ($0 as? StoreError)?.kind == .corrupt }
    let kept = try await Store.open(folder: target, access: .readOnly)
    #expect(try await kept.verification().faults.isEmpty, "and nothing of the second lies there")
    #expect(try await kept.waitingDeliveries() == 3)
  }

  @Test("A row that cannot be read takes no sound backup's place; a new folder takes it, and says so")
  func backupOfRow() async throws {
    let fixture = try await F()
    _ = try await post(fixture)
    let (target, other) = (fixture.folder.appending(path: "backup"), fixture.folder.appending(path: "other"))
    _ = try await fixture.store.backup(to: target)
    try await fixture.store.write { try $0.execute(sql: "UPDATE thread SET audience = '{broken'") }
    await #expect { try await fixture.store.backup(to: target) } throws: { ($0 as? StoreError)?.kind == .damaged }
    #expect(try await Store.open(folder: target, access: .readOnly).verification().isSound)
    let report = try await fixture.store.backup(to: other)
    #expect(report.faults == [StoreFault(kind: .unreadableRow, place: "thread 1")])
    let home = fixture.folder.appending(path: "home")
    await #expect(throws: StoreError.self) { try await Store.restore(other, to: home, rereads: false, at: F.now) }
    _ = try await Store.restore(other, to: home, rereads: false, mayLack: true, at: F.now)
  }

  @Test("A gateway does not open a damaged database; what is found later is remembered, and told of once")
  func opening() async throws {
    let fixture = try await F()
    _ = try await post(fixture)
    try await spoil("handled_route", fixture)
    #expect(fixture.store.corruption == nil)
    await #expect { try await post(fixture, uid: 2) } throws: {
      ($0 as? StoreError)?.kind == .corrupt && ($0 as? StoreError)?.isOfStore == true
    }
    #expect(fixture.store.corruption?.kind == .corrupt)
    let copy = fixture.folder.appending(path: "copy")
    try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
    _ = try await fixture.store.pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    try FileManager.default.copyItem(
      at: fixture.folder.appending(path: "postplein.sqlite"), to: copy.appending(path: "postplein.sqlite"))
    await #expect { try await Store.open(folder: copy) } throws: { ($0 as? StoreError)?.kind == .corrupt }
    let large = try await Store.open(folder: copy, large: 4_096)
    #expect(large.corruption == nil)
    await #expect(throws: StoreError.self) { try await large.lookThroughLarge() }
    #expect(large.corruption?.kind == .corrupt)
  }

  @Test("A verification goes on where the database is damaged: it names tables, and looks at files all the same")
  func verification() async throws {
    let fixture = try await F()
    let raw = try await fixture.mail("x", uid: 9)
    _ = try await post(fixture)
    let digest = try #require(try await fixture.store.inbound(raw)).digest
    try Data("y".utf8).write(to: fixture.store.messages.url(digest))
    try await spoil("thread_member", fixture)
    let found = try await Store.open(folder: fixture.folder, access: .readOnly).verification()
    #expect(found.rows > 8 && found.files == 2)
    #expect(found.faults.contains { $0.kind == .damagedDatabase && $0.place.hasPrefix("table thread_member: ") })
    #expect(found.faults.filter { $0.kind != .damagedDatabase }.map(\.kind) == [.damagedFile])
  }

  @Test(
    "Rows that the gateway could not read are found",
    arguments: [
      "UPDATE thread SET audience = '{broken'", "UPDATE account SET address = 'nobody' WHERE id = 1",
      "UPDATE held SET status = '{zz'", "UPDATE delivery_event SET outcome = '{zz'",
    ])
  func rows(_ sql: String) async throws {
    let fixture = try await F()
    let done = try await post(fixture)
    try await fixture.store.record([
      DeliveryOutcome(delivery: done.deliveries[0], at: F.now, result: .accepted(ServerWords(text: "ok")))
    ])
    let raw = try await fixture.mail("held", uid: 3)
    try await fixture.store.write { database in
      try database.execute(
        sql: "INSERT INTO held (inbound, account, reason, status, at) VALUES (?, 1, ?, 'held', 0)",
        arguments: [raw, HoldReason.foreignKey.rawValue])
    }
    #expect(try await fixture.store.verification().faults.isEmpty)
    try await fixture.store.write { try $0.execute(sql: sql) }
    #expect(try await fixture.store.verification().faults.map(\.kind) == [.unreadableRow])
  }

  @Test("What lies in a wrong place is found and left there; what nobody knows is told of, and disturbs nothing")
  func wrongPlaces() async throws {
    let fixture = try await F()
    let raw = try await fixture.mail("x", uid: 9)
    let digest = try #require(try await fixture.store.inbound(raw)).digest
    let messages = fixture.store.messages
    let wrong = messages.folder.appending(path: digest.hasPrefix("00") ? "11" : "00")
    try FileManager.default.createDirectory(at: wrong, withIntermediateDirectories: true)
    try FileManager.default.moveItem(at: messages.url(digest), to: wrong.appending(path: "\(digest).eml"))
    try Data("x".utf8).write(to: messages.folder.appending(path: "README"))
    try Data("x".utf8).write(to: fixture.folder.appending(path: "notes.txt"))
    try FileManager.default.createDirectory(
      at: fixture.folder.appending(path: "lost+found"), withIntermediateDirectories: true)
    for found in try messages.inventory() {
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -9_999)],
        ofItemAtPath: fixture.folder.appending(path: found.path).path)
    }
    let report = try await fixture.store.expire(.raw, before: F.now, at: F.now, applies: true)
    #expect(report.files == 0, "the only copy of a mail")
    let faults = Set(try await fixture.store.verification().faults)
    #expect(
      faults == [
        StoreFault(kind: .unknownFile, place: "messages/README"), StoreFault(kind: .unknownFile, place: "notes.txt"),
        StoreFault(kind: .unknownFile, place: "messages/\(wrong.lastPathComponent)/\(digest).eml"),
        StoreFault(kind: .missingFile, place: "messages/\(digest)"),
      ])
  }

  @Test("The same bytes again mend a damaged file of the same size")
  func keptAnew() async throws {
    let fixture = try await F()
    let raw = try await fixture.mail("hoi", uid: 1)
    let record = try #require(try await fixture.store.inbound(raw))
    try Data("hui".utf8).write(to: fixture.store.messages.url(record.digest))
    #expect(try await !fixture.store.holds(record))
    #expect(try await fixture.mail("hoi", uid: 2) == raw)
    #expect(try await fixture.store.holds(record))
    #expect(try await fixture.store.raw(of: raw) == Data("hoi".utf8))
  }

  @Test("Restored twice, with tables that were empty, no id comes a second time")
  func ids() async throws {
    let fixture = try await F()
    let backup = fixture.folder.appending(path: "backup")
    _ = try await fixture.store.backup(to: backup)
    let home = fixture.folder.appending(path: "home")
    var (threads, mails): (Set<ThreadID>, Set<DeliveryID>) = ([], [])
    for round in 1...3 {
      _ = try await Store.restore(backup, to: home, rereads: false, at: F.now + Double(round))
      let store = try await Store.open(folder: home)
      let done = try await store.commit(
        Outcome(inbound: nil, label: "x", decision: try await fixture.news(), at: F.now)
      ) { "\($0)@school.test" }
      threads.insert(try #require(done.thread))
      mails.formUnion(done.deliveries)
    }
    #expect(threads.count == 3 && mails.count == 9)
    #expect(
      threads.allSatisfy { $0.rawValue > Store.skippedIDs } && mails.allSatisfy { $0.rawValue > Store.skippedIDs })
  }

  @Test("While a restore puts one store in another's place, there is one at every moment")
  func exchange() async throws {
    let fixture = try await F()
    let (backup, home) = (fixture.folder.appending(path: "backup"), fixture.folder.appending(path: "home"))
    for place in [backup, home] { _ = try await fixture.store.backup(to: place) }
    let state = Mutex((gaps: 0, isOver: false))
    let path = home.appending(path: "postplein.sqlite").path
    async let watching: Void = offPool {
      while !state.withLock({ $0.isOver }) {
        if access(path, F_OK) != 0 { state.withLock { $0.gaps += 1 } }
      }
    }
    for round in 1...20 {
      let report = try await Store.restore(backup, to: home, rereads: false, at: F.now + Double(round))
      #expect(try Store.isThere(in: try #require(report.before)))
    }
    state.withLock { $0.isOver = true }
    try await watching
    #expect(state.withLock(\.gaps) == 0)
  }
}
