import Foundation
import School
import Testing

@testable import Store

@Suite("Mail that comes in is kept")
struct InboundTests {
  @Test(
    "What was left for a reason that passes is read when it is laid back in the inbox; what was left for else is not")
  func laidBack() async throws {
    let fixture = try await StoreFixture()
    let source = { (uid: UInt32) in InboundSource(mailbox: "INBOX", uidValidity: 1, uid: uid) }
    let cases: [(String, InboundRecord.Status)] = [
      (InboundRecord.overBudget, .waiting), (InboundRecord.unavailable, .waiting), (InboundRecord.setAside, .setAside),
    ]
    for (place, (outcome, status)) in zip([10, 20, 30] as [UInt32], cases) {
      let raw = Data("mail that is \(outcome)".utf8)
      let id = try await fixture.store.record(raw, from: source(place), at: StoreFixture.now).id
      _ = try await fixture.store.noteAttempt(id)
      try await fixture.store.setAside(id, outcome: outcome, reason: "x", at: StoreFixture.now)
      let same = try await fixture.store.record(raw, from: source(place), at: StoreFixture.now)
      #expect(same.status == .setAside, "it still lies where it lay")
      let back = try await fixture.store.record(raw, from: source(place + 1), at: StoreFixture.now)
      #expect(back.id == id && back.status == status)
      let kept = try #require(try await fixture.store.inbound(id))
      #expect(kept.status == status && kept.attempts == (status == .waiting ? 0 : 1))
    }
  }

  @Test("It says so while the disk takes nothing, until it takes something again")
  func full() async throws {
    let fixture = try await StoreFixture()
    #expect(fixture.store.takesWrites)
    try await fixture.store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1") }
    do throws(StoreError) {
      // As many rows as need a page more.
      for number in 0..<1_000 {
        _ = try await fixture.store.record(Data("\(number)".utf8), from: nil, at: StoreFixture.now)
      }
      Issue.record("the database is not full")
    } catch { #expect(error.kind == .diskFull) }
    #expect(!fixture.store.takesWrites)
    try await fixture.store.pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
    _ = try await fixture.mail("again")
    #expect(fixture.store.takesWrites)
  }

  @Test("The same bytes again are the same message, found in one more place")
  func once() async throws {
    let fixture = try await StoreFixture()
    let first = try await fixture.mail("hallo", uid: 1)
    let second = try await fixture.mail("hallo", uid: 2)
    let other = try await fixture.mail("dag", uid: 3)
    #expect(first == second && other != first)
    let known = try await fixture.store.inbound(mailbox: "INBOX", uidValidity: 1, uids: [1, 2, 3, 4])
    #expect(known.mapValues(\.id) == [1: first, 2: first, 3: other])
    #expect(try await fixture.store.inbound(mailbox: "INBOX", uidValidity: 2, uids: [1]).isEmpty)
  }

  @Test("Of several that are recorded together the new ones count as begun")
  func together() async throws {
    let fixture = try await StoreFixture()
    let first = try await fixture.mail("hallo", uid: 1)
    let mails = ["hallo", "dag", "dag"].enumerated().map { place, text in
      let source = InboundSource(mailbox: "INBOX", uidValidity: 1, uid: UInt32(place + 2))
      return IncomingMail(raw: Data(text.utf8), source: source)
    }
    let recorded = try await fixture.store.record(mails, at: StoreFixture.now)
    #expect(recorded.map(\.isNew) == [false, true, false] && recorded.map(\.record.attempts) == [0, 1, 1])
    #expect(recorded[0].record.id == first && recorded[1].record.id == recorded[2].record.id)
    let known = try await fixture.store.inbound(mailbox: "INBOX", uidValidity: 1, uids: [1, 2, 3, 4])
    #expect(known.count == 4)
    #expect(try await fixture.store.raw(of: recorded[1].record.id) == Data("dag".utf8))
  }

  @Test("What was recorded is there after a crash, byte for byte, and waits")
  func survives() async throws {
    let fixture = try await StoreFixture()
    let raw = Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0) })
    let id = try await fixture.store.record(raw, from: nil, at: StoreFixture.now).id
    try await fixture.reopen()
    #expect(try await fixture.store.raw(of: id) == raw)
    #expect(try await fixture.store.waitingInbound(limit: 10).map(\.id) == [id])
  }

  @Test("A raw message that was damaged on the disk is said to be damaged")
  func damaged() async throws {
    let fixture = try await StoreFixture()
    let id = try await fixture.mail("hallo")
    let digest = try #require(try await fixture.store.inbound(id)).digest
    let file = fixture.folder.appending(path: "messages/\(digest.prefix(2))/\(digest).eml")
    try Data("hello".utf8).write(to: file)
    await #expect { try await fixture.store.raw(of: id) } throws: { ($0 as? StoreError)?.kind == .damaged }
    try FileManager.default.removeItem(at: file)
    await #expect { try await fixture.store.raw(of: id) } throws: { ($0 as? StoreError)?.kind == .notFound }
  }

  @Test("Attempts are counted over crashes, and can be taken back")
  func attempts() async throws {
    let fixture = try await StoreFixture()
    let id = try await fixture.mail("hallo")
    #expect(try await fixture.store.noteAttempt(id) == 1)
    try await fixture.reopen()
    #expect(try await fixture.store.noteAttempt(id) == 2)
    try await fixture.store.withdrawAttempt(id)
    #expect(try await fixture.store.noteAttempt(id) == 2)
    try await fixture.store.setAside(id, reason: "ended the reading", at: StoreFixture.now)
    let record = try #require(try await fixture.store.inbound(id))
    #expect(record.status == .setAside && record.reason == "ended the reading")
    #expect(try await fixture.store.waitingInbound(limit: 1).isEmpty)
  }

  @Test("A mail that was never read is known by its place and reason")
  func unread() async throws {
    let fixture = try await StoreFixture()
    let source = InboundSource(mailbox: "INBOX", uidValidity: 1, uid: 9)
    for _ in 1...2 { _ = try await fixture.store.recordUnread(source, reason: "too large", at: StoreFixture.now) }
    let known = try await fixture.store.inbound(mailbox: "INBOX", uidValidity: 1, uids: [9])
    #expect(known[9]?.status == .setAside)
    #expect(try await fixture.store.setAsideInbound(limit: 5).map(\.reason) == ["too large"])
  }

  @Test("Files are kept under their digest, readable by their owner alone")
  func files() async throws {
    let fixture = try await StoreFixture()
    let file = try await fixture.store.keep(file: Data("abc".utf8), name: "a.txt", mediaType: "text/plain")
    #expect(file.digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" && file.size == 3)
    #expect(try await fixture.store.content(of: file) == Data("abc".utf8))
    let path = fixture.folder.appending(path: "files/ba/\(file.digest)").path
    let rights = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(rights == 0o600)
  }
}

@Suite("Opening the store")
struct OpeningTests {
  @Test("A second gateway is refused; a command that reads or writes beside it is not")
  func access() async throws {
    let fixture = try await StoreFixture()
    await #expect { try await Store.open(folder: fixture.folder) } throws: {
      ($0 as? StoreError)?.kind == .unavailable && "\($0)".contains("Another gateway")
    }
    let reader = try await Store.open(folder: fixture.folder, access: .readOnly)
    let writer = try await Store.open(folder: fixture.folder, access: .shared)
    _ = try await writer.ensureAccount(address: "Nieuw@Ouders.test", language: .frisian)
    #expect(try await reader.directory().account(address: "nieuw@ouders.test")?.language == .frisian)
    await #expect(throws: StoreError.self) { try await reader.ensureAccount(address: "x@y.test", language: .dutch) }
    try await fixture.store.checkIntegrity()
  }

  @Test("A store that is not there is not made by who only reads")
  func missing() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "no-store-\(UUID().uuidString)")
    await #expect(throws: StoreError.self) { try await Store.open(folder: folder, access: .readOnly) }
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }

  @Test("A store of a newer version, and a file that is no store, are refused with what they are")
  func unreadable() async throws {
    var fixture: StoreFixture? = try await StoreFixture()
    let folder = try #require(fixture?.folder)
    try await fixture?.store.write {
      try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('999')")
    }
    await #expect { try await Store.open(folder: folder, access: .shared) } throws: {
      ($0 as? StoreError)?.kind == .newerVersion
    }
    fixture = nil
    let other = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: other) }
    try Data(repeating: 65, count: 8192).write(to: other.appending(path: "postplein.sqlite"))
    await #expect { try await Store.open(folder: other) } throws: { ($0 as? StoreError)?.kind == .corrupt }
  }
}
