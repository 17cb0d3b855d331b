import Foundation
import GRDB
import School

/// Something that is not as it was written.
package struct StoreFault: Sendable, Hashable {
  package enum Kind: String, Sendable, CaseIterable {
    /// SQLite itself finds its file damaged.
    case damagedDatabase = "damaged-database"
    /// A row refers to one that is not there.
    case danglingReference = "dangling-reference"
    /// A row's inner form cannot be read.
    case unreadableRow = "unreadable-row"
    /// A row's file is not there.
    case missingFile = "missing-file"
    /// A file is not what its name says.
    case damagedFile = "damaged-file"
    /// No row knows the file: a crash came between the two. Harmless.
    case strayFile = "stray-file"
    /// Half of a file, which a crash left behind. Harmless.
    case leftover
    /// Nothing of the store has that name there. Left alone, and harmless itself: a file of the store that lies in a
    /// wrong place is missing in its own as well.
    case unknownFile = "unknown-file"

    /// Whether something is lost.
    package var isDamage: Bool { self != .strayFile && self != .leftover && self != .unknownFile }
    /// Whether one row or file alone is lost.
    var isOfOne: Bool { self != .damagedDatabase }
  }

  package var kind: Kind
  /// Which row or file: a table and an id, or a path in the store's folder; never an address or a text.
  package var place: String
}

/// What a verification looked at, and found.
package struct StoreVerification: Sendable, Hashable {
  package var rows = 0
  package var files = 0
  package var octets = 0
  package var faults: [StoreFault] = []

  package var isSound: Bool { !faults.contains { $0.kind.isDamage } }
}

extension Store {
  /// Looks at everything: SQLite's own structure, every reference, the inner form of every row, every file against its
  /// name and its row. Changes nothing; may run beside the gateway, and reads all of the store.
  ///
  /// - Parameter progress: told now and then how many files were read, and of how many.
  package func verification(
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws(StoreError) -> StoreVerification {
    var result = StoreVerification()
    // Files first: one that comes meanwhile has its row before the rows are read.
    let found = try await offPool { [self] in try messages.inventory() + files.inventory() }
    let others = try await offPool { [folder] in try Self.unknownThings(in: folder) }
    let rows = try await read { database in try RowReading(database) }
    result.rows = rows.count
    result.faults = rows.faults + others
    // Nil where the database is too damaged to tell.
    var wanted = rows.files
    for (place, one) in found.enumerated() {
      if place % 100 == 0 { progress(place, found.count) }
      switch one.kind {
      case .leftover: result.faults.append(StoreFault(kind: .leftover, place: one.path))
      case .unknown: result.faults.append(StoreFault(kind: .unknownFile, place: one.path))
      case .content(let digest):
        if wanted != nil, wanted?.remove("\(one.path.prefix { $0 != "/" })/\(digest)") == nil {
          result.faults.append(StoreFault(kind: .strayFile, place: one.path))
        }
        let octets = try await offPool { [folder] in try Self.soundOctets(folder, one.path, digest) }
        if octets == nil { result.faults.append(StoreFault(kind: .damagedFile, place: one.path)) }
        result.octets += octets ?? 0
        result.files += 1
      }
    }
    progress(found.count, found.count)
    // One that came after the look around is there now.
    for missing in (wanted ?? []).sorted() where !isThere(missing) {
      result.faults.append(StoreFault(kind: .missingFile, place: missing))
    }
    return result
  }

  /// What a store's folder holds; the rest is somebody else's.
  private static let parts: Set<String> = [
    "postplein.sqlite", "postplein.sqlite-wal", "postplein.sqlite-shm", "postplein.lock", "upkeep.lock", "messages",
    "files",
  ]

  private static func unknownThings(in folder: URL) throws -> [StoreFault] {
    try FilesByDigest.names(in: folder).filter { !parts.contains($0) }.map {
      // Of a backup that was cut off.
      StoreFault(kind: $0.hasPrefix("postplein.sqlite.new") ? .leftover : .unknownFile, place: $0)
    }
  }

  private func isThere(_ file: String) -> Bool {
    let parts = file.split(separator: "/").map(String.init)
    return (parts[0] == "messages" ? messages : files).isThere(parts[1])
  }

  /// Nil where the file is not what its name says.
  private static func soundOctets(_ folder: URL, _ path: String, _ digest: String) throws -> Int? {
    guard let data = FileManager.default.contents(atPath: folder.appending(path: path).path) else { return nil }
    return FilesByDigest.digest(data) == digest ? data.count : nil
  }
}

/// Reads every row as the gateway would.
struct RowReading: Sendable {
  private(set) var count = 0
  private(set) var faults: [StoreFault] = []
  /// `messages/DIGEST` and `files/DIGEST`, as rows name them; nil where SQLite cannot read those.
  private(set) var files: Set<String>?

  /// As far as SQLite can read its file.
  init(_ database: Database) throws {
    try unlessDamaged("the file as a whole") { try $0.askSQLite(database) }
    var tables: [String] = []
    try unlessDamaged("the list of tables") { _ in tables = try String.fetchAll(database, sql: Self.tables) }
    for table in tables {
      try unlessDamaged("table \(table)") { try $0.all(database, table, Self.forms[table]) }
    }
    try unlessDamaged("reply keys") { try $0.keysLeadSomewhere(database) }
    try unlessDamaged("names of files") { $0.files = try FileNames(database).paths }
  }

  private mutating func unlessDamaged(_ place: String, _ look: (inout RowReading) throws -> Void) throws {
    do { try look(&self) } catch {
      let error = StoreError(error)
      guard error.kind == .corrupt || error.kind == .damaged else { throw error }
      faults.append(StoreFault(kind: .damagedDatabase, place: "\(place): \(error.message)"))
    }
  }

  private static let tables = """
    SELECT name FROM sqlite_master
    WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'grdb_%' ORDER BY name
    """

  /// How the gateway reads the rows that have an inner form.
  static let forms: [String: @Sendable (Row) throws -> Void] = [
    "account": { try Account($0).requireAddress() }, "pupil": { _ = try $0.json(Set<GroupID>.self, "group_ids") },
    "staff": { _ = try StaffMember($0) }, "carer": { _ = try Carer($0) },
    "inbound": { _ = try $0.word(InboundRecord.Status.self, "status") },
    "held": {
      _ = try $0.word(HoldReason.self, "reason")
      _ = try $0.word(HeldMessage.Status.self, "status")
    }, "thread": { _ = try SchoolThread($0, members: []) },
    "entry": { _ = try ThreadEntry($0) }, "delivery": { _ = try DeliveryRecord($0) },
    "delivery_event": { try $0.requireWord("outcome") },
    "address_standing": { _ = try StandingRecord($0) }, "activation": { _ = try ActivationRecord($0) },
    "document": { _ = try $0.json(Audience.self, "audience") },
    "document_version": { _ = try $0.jsonIfPresent(StoredFile.self, "file") },
    "class_list_shown": { _ = try $0.word(ContactField.self, "field") },
    "offer": { _ = try $0.json(OfferTerms.self, "terms") },
    "calendar_event": { _ = try $0.json(Audience.self, "audience") },
    "calendar_version": { _ = try $0.json(EventDetails.self, "details") },
    "calendar_answer": { _ = try $0.word(EventAnswer.self, "answer") },
    "conference": { _ = try $0.json(ConferencePlan.self, "plan") },
    "conference_step": { _ = try $0.word(ConferenceStep.self, "step") }, "conference_talk": { _ = try Talk($0) },
    "conference_promise": { _ = try $0.json(ConferenceReason.self, "reason") },
    "test_result": { _ = try $0.jsonIfPresent(TestResult.self, "result") },
    "absence": { _ = try Absence($0) },
    "photo_album": { _ = try $0.json(Audience.self, "audience") }, "photo": { _ = try Photo($0) },
    "photo_consent": { _ = try ConsentRecord($0) },
  ]

  /// The target of a reply key is no reference that SQLite knows of.
  private mutating func keysLeadSomewhere(_ database: Database) throws {
    let rows = try Row.fetchCursor(database, sql: "SELECT id, reply_target FROM delivery")
    while let row = try rows.next() {
      guard let target = try? row.json(ReplyTarget.self, "reply_target"), let (table, key) = target.row
      else { continue }
      let sql = "SELECT EXISTS (SELECT 1 FROM \(table) WHERE id = ?)"
      let isThere = try Bool.fetchOne(database.cachedStatement(sql: sql), arguments: [key]) ?? false
      let id: Int64 = row["id"]
      if !isThere {
        faults.append(StoreFault(kind: .danglingReference, place: "reply key of delivery \(id) to \(table) \(key)"))
      }
    }
  }

  private mutating func askSQLite(_ database: Database) throws {
    let words = try String.fetchAll(database, sql: "PRAGMA integrity_check(100)")
    if words != ["ok"] { faults += words.map { StoreFault(kind: .damagedDatabase, place: $0) } }
    for row in try Row.fetchAll(database, sql: "PRAGMA foreign_key_check") {
      let (table, parent): (String, String) = (row["table"], row["parent"])
      let id: Int64? = row["rowid"]
      faults.append(StoreFault(kind: .danglingReference, place: "\(table) \(id ?? 0) to \(parent)"))
    }
  }

  private mutating func all(_ database: Database, _ table: String, _ look: ((Row) throws -> Void)?) throws {
    let rows = try Row.fetchCursor(database, sql: "SELECT * FROM \(table)")
    while let row = try rows.next() {
      count += 1
      do { try look?(row) } catch {
        faults.append(StoreFault(kind: .unreadableRow, place: Self.place(row, table)))
      }
    }
  }

  static func place(_ row: Row, _ table: String) -> String {
    let id: DatabaseValue = row["id"] ?? row[0]
    return "\(table) \(String.fromDatabaseValue(id) ?? "\(id)")"
  }
}

extension Account {
  fileprivate func requireAddress() throws {
    guard [address, newAddress].compactMap(\.self).allSatisfy({ $0.contains("@") }) else {
      throw StoreError(.damaged, "An account's address is none")
    }
  }
}

extension Row {
  /// Of a column with more words than one enumeration has.
  fileprivate func requireWord(_ column: String) throws {
    let text: String = self[column]
    let isWord = text.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x2D }
    guard isWord, !text.isEmpty else { throw StoreError(.damaged, "A row of the store has an unknown \(column)") }
  }
}

extension ReplyTarget {
  /// What an answer needs to be there.
  fileprivate var row: (table: String, id: Int64)? {
    switch self {
    case .thread(let id), .privately(let id): ("thread", id.rawValue)
    case .offer(let id): ("offer", id.rawValue)
    case .entry(let id), .broadcast(let id), .reported(let id): ("entry", id.rawValue)
    case .held(let id): ("inbound", id.rawValue)
    case .digest(let id), .posted(let id), .settingsReceipt(let id), .results(let id), .addressApproval(let id):
      ("delivery", id.rawValue)
    case .addressChange(let id): ("account", id.rawValue)
    case .filing(let id): ("document_filing", id.rawValue)
    case .calendarPost(let id): ("entry", id.rawValue)
    case .absence(let id): ("delivery", id.rawValue)
    // Events that are over, and old photos, go before the mail that told of them.
    case .support, .activation, .documents, .classList, .settings, .unsubscribe, .calendarWeek, .event, .conference,
      .album,
      .photoBatch,
      .albums, .consent:
      nil
    }
  }
}
