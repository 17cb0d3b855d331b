import Foundation
import School
import Synchronization
import Testing

@testable import Store

@Suite("What is done together is one transaction", .timeLimit(.minutes(6)))
struct UnitOfWorkTests {
  typealias F = StoreFixture

  @Test("Each sees what those before it wrote, others see it when it is durable, and then it has its effects")
  func together() async throws {
    let fixture = try await F()
    let news = [try await fixture.news("Een"), try await fixture.news("Twee")]
    let (store, other) = (fixture.store, try await Store.open(folder: fixture.folder, access: .readOnly))
    let effects = Mutex<[Int]>([])
    let seen = try await store.together {
      var seen: [Int?] = []
      for (place, news) in news.enumerated() {
        try? await store.attempt { () async throws(StoreError) in
          _ = try await store.commit(Outcome(inbound: nil, label: "posted", decision: news, at: F.now)) { "\($0)@x" }
          store.whenDurable { effects.withLock { $0.append(place) } }
        }
        seen.append(try? await store.threads(limit: 9).count)
        seen.append(try? await other.threads(limit: 9).count)
        seen.append(effects.withLock(\.count))
      }
      return seen
    }
    #expect(seen == [1, 0, 0, 2, 0, 0])
    #expect(effects.withLock { $0 } == [0, 1])
    #expect(try await other.threads(limit: 9).count == 2)
  }

  @Test("What fails is undone alone, with its effects, also where who wrote it goes on")
  func attempt() async throws {
    let fixture = try await F()
    let store = fixture.store
    let (news, els) = (try await fixture.news(), try await fixture.account("els@ouders.test"))
    var broken = news
    broken.notices.append(Notice(.news, to: .account(AccountID(999))))
    let write = { (decision: Decision) async throws(StoreError) in
      _ = try await store.commit(Outcome(inbound: nil, label: "posted", decision: decision, at: F.now)) { "\($0)@x" }
    }
    let effects = Mutex<[String]>([])
    let errors = try await store.together {
      var errors: [StoreError.Kind?] = []
      for (name, decision, isHidden) in [
        ("one", news, false), ("two", broken, false), ("three", broken, true), ("four", news, false),
      ] {
        do throws(StoreError) {
          try await store.attempt { () async throws(StoreError) in
            store.whenDurable { effects.withLock { $0.append(name) } }
            do throws(StoreError) { try await write(decision) } catch { if !isHidden { throw error } }
          }
          errors.append(nil)
        } catch { errors.append(error.kind) }
      }
      return errors
    }
    #expect(errors == [nil, .damaged, .busy, nil])
    #expect(effects.withLock { $0 } == ["one", "four"])
    #expect(try await store.threads(limit: 9).count == 2)
    let numbers = try await store.report(limit: 9).flatMap(\.lines).map(\.delivery)
    #expect(numbers.count { $0.recipient == .account(els) } == 2)
    #expect(Set(numbers.map(\.messageID)).count == numbers.count)
  }

  @Test("Where a write fails that nobody attempts nothing of all stands")
  func unattempted() async throws {
    let fixture = try await F()
    let store = fixture.store
    let news = try await fixture.news()
    var broken = news
    broken.notices.append(Notice(.news, to: .account(AccountID(999))))
    await #expect(throws: StoreError.self) {
      try await store.together {
        for decision in [news, broken, news] {
          let outcome = Outcome(inbound: nil, label: "posted", decision: decision, at: F.now)
          _ = try? await store.commit(outcome) { "\($0)@x" }
        }
      }
    }
    #expect(try await store.threads(limit: 9).isEmpty)
  }

  @Test("The directory that was undone is nobody's, though the next one has the same version")
  func directory() async throws {
    let fixture = try await F()
    let store = fixture.store
    let make = { (address: String) async throws(StoreError) in
      _ = try await store.ensureAccount(address: address, language: .dutch)
    }
    let knew = try await store.together {
      let knew = try? await store.attempt { () async throws(StoreError) -> Bool in
        try await make("weg@x.test")
        if try await store.directory().account(address: "weg@x.test") != nil {
          throw StoreError(.busy, "known")
        }
        return false
      }
      let after = try? await store.directory().account(address: "weg@x.test")
      return (knew, after ?? nil)
    }
    #expect(knew.0 == nil && knew.1 == nil)
    try await make("nieuw@x.test")
    let directory = try await store.directory()
    #expect(directory.account(address: "nieuw@x.test") != nil && directory.account(address: "weg@x.test") == nil)
  }

  @Test("A file is kept before what was written of it; where it cannot be, nothing of all is")
  func files() async throws {
    let fixture = try await F()
    let store = fixture.store
    let news = try await fixture.news()
    let photo = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
    let work = { () async -> StoredFile? in
      try? await store.attempt { () async throws(StoreError) in
        _ = try await store.commit(Outcome(inbound: nil, label: "posted", decision: news, at: F.now)) { "\($0)@x" }
        return try await store.keep(file: photo, name: "foto.jpg", mediaType: "image/jpeg")
      }
    }
    // A file stands where its folder would be made.
    let place = fixture.folder.appending(path: "files/\(FilesByDigest.digest(photo).prefix(2))")
    try Data().write(to: place)
    let effects = Mutex(0)
    await #expect(throws: StoreError.self) {
      try await store.together {
        _ = await work()
        store.whenDurable { effects.withLock { $0 += 1 } }
      }
    }
    #expect(try await store.threads(limit: 9).isEmpty && effects.withLock { $0 } == 0)
    try FileManager.default.removeItem(at: place)
    let file = try #require(try await store.together { await work() })
    #expect(try await store.content(of: file) == photo && file.size == photo.count)
  }

  @Test("Where the transaction never begins the work is told, and ends")
  func closed() async throws {
    let fixture = try await F()
    let store = fixture.store
    try store.pool.close()
    let told = Mutex<StoreError?>(nil)
    await #expect(throws: StoreError.self) {
      try await store.together {
        do throws(StoreError) { _ = try await store.directory() } catch { told.withLock { $0 = error } }
      }
    }
    #expect(told.withLock { $0 } != nil)
  }

  @Test("What takes long is refused within, and what is asked for outside is not within")
  func needsTime() async throws {
    let fixture = try await F()
    let (store, other) = (fixture.store, try await F().store)
    try store.needsTime()
    let refused = try await store.together {
      var refused: [Bool] = []
      for store in [store, other] {
        do throws(StoreError) {
          try store.needsTime()
          refused.append(false)
        } catch { refused.append(true) }
      }
      return refused
    }
    #expect(refused == [true, false], "another store's transaction is another one")
    let value = try await store.attempt { () async throws(StoreError) in 7 }
    #expect(value == 7, "outside it is what it is")
  }
}
