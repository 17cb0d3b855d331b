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

    /// Whether something is lost.
    package var isDamage: Bool { self != .strayFile && self != .leftover }
    /// Whether one file alone is lost.
    var isOfFile: Bool { self == .missingFile || self == .damagedFile }
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
    let rows = try await read { database in try RowReading(database) }
    result.rows = rows.count
    result.faults = rows.faults
    var wanted = rows.files
    for (place, one) in found.enumerated() {
      if place % 100 == 0 { progress(place, found.count) }
      guard case .content(let digest) = one.kind else {
        result.faults.append(StoreFault(kind: .leftover, place: one.path))
        continue
      }
      let folder = one.path.prefix { $0 != "/" }
      if wanted.remove("\(folder)/\(digest)") == nil {
        result.faults.append(StoreFault(kind: .strayFile, place: one.path))
      }
      let octets = try await offPool { [folder = self.folder] in try Self.soundOctets(folder, one.path, digest) }
      if let octets {
        result.octets += octets
      } else {
        result.faults.append(StoreFault(kind: .damagedFile, place: one.path))
      }
      result.files += 1
    }
    progress(found.count, found.count)
    // One that came after the look around is there now.
    for missing in wanted.sorted() where !isThere(missing) {
      result.faults.append(StoreFault(kind: .missingFile, place: missing))
    }
    return result
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
  /// `messages/DIGEST` and `files/DIGEST`, as rows name them.
  private(set) var files: Set<String> = []

  init(_ database: Database) throws {
    try askSQLite(database)
    // Where SQLite cannot read its own file, rows tell nothing.
    guard !faults.contains(where: { $0.kind == .damagedDatabase }) else { return }
    for table in try String.fetchAll(database, sql: Self.tables) { try all(database, table, Self.forms[table]) }
    try keysLeadSomewhere(database)
    files = try FileNames(database).paths
  }

  private static let tables = """
    SELECT name FROM sqlite_master
    WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'grdb_%' ORDER BY name
    """

  /// How the gateway reads the rows that have an inner form.
  static let forms: [String: @Sendable (Row) throws -> Void] = [
    "account": { _ = try Account($0) }, "pupil": { _ = try $0.json(Set<GroupID>.self, "group_ids") },
    "staff": { _ = try StaffMember($0) }, "carer": { _ = try Carer($0) },
    "inbound": { _ = try $0.word(InboundRecord.Status.self, "status") },
    "held": { _ = try $0.word(HoldReason.self, "reason") }, "thread": { _ = try $0.word(ThreadKind.self, "kind") },
    "entry": { _ = try ThreadEntry($0) }, "delivery": { _ = try DeliveryRecord($0) },
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

extension ReplyTarget {
  /// What an answer needs to be there.
  fileprivate var row: (table: String, id: Int64)? {
    switch self {
    case .thread(let id), .privately(let id): ("thread", id.rawValue)
    case .offer(let id): ("offer", id.rawValue)
    case .entry(let id), .broadcast(let id), .reported(let id): ("entry", id.rawValue)
    case .held(let id): ("inbound", id.rawValue)
    case .digest(let id), .posted(let id), .settingsReceipt(let id), .results(let id): ("delivery", id.rawValue)
    case .addressChange(let id): ("account", id.rawValue)
    case .filing(let id): ("document_filing", id.rawValue)
    case .calendarPost(let id): ("entry", id.rawValue)
    case .absence(let id): ("delivery", id.rawValue)
    // Events that are over, and old photos, go before the mail that told of them.
    case .support, .activation, .documents, .classList, .settings, .unsubscribe, .event, .conference, .album,
      .photoBatch,
      .albums, .consent:
      nil
    }
  }
}
