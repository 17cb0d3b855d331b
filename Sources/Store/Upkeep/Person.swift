import Foundation
import GRDB
import School

/// All that is kept of one account: who is behind it, what they wrote, what was sent to them and what became of it.
package struct PersonRecord: Sendable {
  package struct Sent: Sendable, Hashable {
    package var delivery: DeliveryRecord
    /// `accepted` and the like, each with its instant and the server's words.
    package var events: [(at: Date, outcome: String, words: String)]

    package static func == (left: Self, right: Self) -> Bool { left.delivery == right.delivery }
    package func hash(into hasher: inout Hasher) { hasher.combine(delivery) }
  }

  /// An absence of a child: its days, and the words that were theirs.
  package struct Absence: Sendable, Hashable {
    package var pupil: String
    package var kind: AbsenceKind
    package var status: AbsenceReport.Status
    package var first: String
    package var last: String?
    package var words: String?
    package var isTheirs: Bool
    package var at: Date
  }

  package var account: Account
  package var carers: [Carer]
  package var staff: [StaffMember]
  package var pupils: [Pupil]
  package var standing: AddressStanding
  /// Threads that they read in private, or wrote in; in a public one only their own entries.
  package var threads: [(thread: SchoolThread, entries: [ThreadEntry])]
  package var sent: [Sent]
  /// Documents that they filed, removed ones included, each with its instant.
  package var documents: [(title: String, at: Date)]
  /// What they answered to help requests and polls.
  package var offers: [(subject: String, line: String, note: String?, at: Date)]
  /// What they answered to invitations.
  package var eventAnswers: [(event: String, answer: EventAnswer, at: Date)]
  /// Their conferences: what they wished, and what was promised.
  package var conferences: [ConferenceRecord]
  /// Those of the children over whom they have full authority, corrected and withdrawn ones too, oldest first.
  package var results: [KeptResult]
  /// What was reported of their children, or by them.
  package var absences: [Absence]
  /// What they said of their children's photos, all of it.
  package var consents: [(pupil: String, purpose: ConsentPurpose, answer: ConsentAnswer, at: Date)]
  /// Albums in which they filed photos.
  package var photos: [(title: String, count: Int, at: Date)]
  /// Messages that they wrote, as far as their bytes are kept.
  package var messages: [InboundID]
}

/// What an erasure took away.
package struct ErasureReport: Sendable, Hashable {
  package var entries = 0
  package var deliveries = 0
  package var messages = 0
  package var files = 0
}

extension Store {
  /// What is kept of an account (GDPR, article 15).
  ///
  /// - Throws: `.notFound`.
  package func person(_ id: AccountID) async throws(StoreError) -> PersonRecord {
    let directory = try await directory()
    guard let account = directory.accounts[id] else { throw StoreError(.notFound, "There is no account \(id)") }
    let standing = try await standing(of: id)
    let messages = try await messagesNaming(addresses(of: account), inHeaderOnly: true)
    return try await read { database in
      let sql = """
        SELECT thread FROM thread_member WHERE account = :id UNION SELECT thread FROM entry WHERE author = :id
        UNION SELECT id FROM thread WHERE author = :id ORDER BY 1
        """
      let threads = try ThreadID.fetchAll(database, sql: sql, arguments: ["id": id]).compactMap {
        try database.thread($0)
      }
      let rows = try Row.fetchAll(
        database, sql: "SELECT * FROM delivery WHERE account = ? ORDER BY id", arguments: [id])
      let filed = """
        SELECT title, at FROM document_version AS version
        JOIN document_filing AS filing ON filing.id = version.filing
        WHERE author = ? AND file IS NOT NULL ORDER BY version.id
        """
      return PersonRecord(
        account: account, carers: directory.carers(of: id), staff: directory.staff(of: id),
        pupils: directory.pupils(of: id), standing: standing,
        threads: try threads.map { thread in
          let all = "SELECT * FROM entry WHERE thread = ? ORDER BY id"
          let entries = try Row.fetchAll(database, sql: all, arguments: [thread.id]).map(ThreadEntry.init)
          return (thread, entries.filter { thread.members.contains(id) || $0.author == id })
        },
        sent: try rows.map { row in
          let delivery = try DeliveryRecord(row)
          let events = "SELECT at, outcome, words FROM delivery_event WHERE delivery = ? ORDER BY id"
          return PersonRecord.Sent(
            delivery: delivery,
            events: try Row.fetchAll(database, sql: events, arguments: [delivery.id]).map {
              ($0.date("at"), $0["outcome"], $0["words"])
            })
        },
        documents: try Row.fetchAll(database, sql: filed, arguments: [id]).map { ($0["title"], $0.date("at")) },
        offers: try database.offerAnswers(of: id), eventAnswers: try database.eventAnswers(of: id),
        conferences: try database.conferenceRecords(of: id),
        results: try directory.pupils(of: id).flatMap { try database.keptResults(of: $0.id) },
        absences: try database.absences(of: directory.pupils(of: id), by: id),
        consents: try database.consents(of: id), photos: try database.photosFiled(by: id), messages: messages)
    }
  }

  /// Takes away what is kept of an account (GDPR, article 17): who is behind it, the text and files of what they wrote,
  /// what was sent to them, and every raw message that names one of their addresses. Threads keep their places, so that
  /// what others wrote there stands; so do documents that they filed for the school. SQLite overwrites what it deletes.
  package func erase(_ id: AccountID, at now: Date) async throws(StoreError) -> ErasureReport {
    let lock = try await offPool { [folder] in try UpkeepLock(folder) }
    guard let account = try await directory().accounts[id] else {
      throw StoreError(.notFound, "There is no account \(id)")
    }
    let addresses = addresses(of: account)
    let messages = try await messagesNaming(addresses, inHeaderOnly: false)
    do {
      try await pool.barrierWriteWithoutTransaction { try $0.execute(sql: "PRAGMA secure_delete = ON") }
    } catch { throw StoreError(error) }
    var report = try await write { try $0.erase(id, addresses: addresses, messages: messages, at: now.milliseconds) }
    report.messages = messages.count
    report.files = try await removeFilesNow()
    do {
      // What was deleted stands in the write-ahead log too.
      try await pool.writeWithoutTransaction {
        _ = try $0.checkpoint(.truncate)
        try $0.execute(sql: "PRAGMA secure_delete = OFF")
      }
    } catch { throw StoreError(error) }
    withExtendedLifetime(lock) {}
    return report
  }

  private func addresses(of account: Account) -> [String] {
    [account.address, account.newAddress].compactMap(\.self).map { $0.lowercased() }
  }

  /// Messages in whose octets an address stands, without regard to case. Reads all that is kept: as slow as the disk.
  private func messagesNaming(_ addresses: [String], inHeaderOnly: Bool) async throws(StoreError) -> [InboundID] {
    let all = try await read { database in
      let sql = "SELECT id, digest FROM inbound WHERE digest NOT LIKE 'unread %' AND raw_expired_at IS NULL ORDER BY id"
      return try Row.fetchAll(database, sql: sql).map { (InboundID($0["id"]), $0["digest"] as String) }
    }
    return try await offPool { [messages] in
      all.filter { _, digest in
        guard let raw = FileManager.default.contents(atPath: messages.url(digest).path) else { return false }
        let text = inHeaderOnly ? Self.sender(in: raw) : String(decoding: raw, as: UTF8.self)
        let lower = text.lowercased()
        return addresses.contains { Self.names($0, in: lower) }
      }.map(\.0)
    }
  }

  /// Whether an address stands in a text, and not as the end of another: `an@x.nl` does not stand in `jan@x.nl`.
  static func names(_ address: String, in text: String) -> Bool {
    let isPart = { (character: Character) in character.isLetter || character.isNumber || "._%+-".contains(character) }
    var rest = text[...]
    while let found = rest.range(of: address) {
      let isWhole = found.lowerBound == text.startIndex || !isPart(text[text.index(before: found.lowerBound)])
      let after = text[found.upperBound...]
      let goesOn = after.first.map { $0.isLetter || $0.isNumber || $0 == "-" } ?? false
      // A full stop may end a sentence.
      let goesOnBehindDot = after.first == "." && after.dropFirst().first.map { $0.isLetter || $0.isNumber } ?? false
      if isWhole, !goesOn, !goesOnBehindDot { return true }
      rest = text[found.upperBound...]
    }
    return false
  }

  /// The `From` field, its folded lines included (RFC 5322, section 2.2.3).
  private static func sender(in raw: Data) -> String {
    var isWanted = false
    var field = ""
    for line in raw.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let text = String(decoding: line, as: UTF8.self)
      if text.isEmpty || text == "\r" { break }
      if !(text.hasPrefix(" ") || text.hasPrefix("\t")) { isWanted = text.lowercased().hasPrefix("from:") }
      if isWanted { field += text }
    }
    return field
  }

  /// Files that no row names now, of whatever age: the gateway keeps the file again that it was about to name.
  private func removeFilesNow() async throws(StoreError) -> Int {
    let names = try await read(FileNames.init)
    let (wantedMessages, wantedFiles) = (Set(names.messages), Set(names.files))
    return try await offPool { [self] in
      let limit = Date(timeIntervalSinceNow: -10)
      var removed = 0
      for (folderOfFiles, wanted) in [(messages, wantedMessages), (files, wantedFiles)] {
        for case .content(let digest) in try folderOfFiles.inventory().map(\.kind) where !wanted.contains(digest) {
          let path = folderOfFiles.url(digest).path
          let made = try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
          guard let made, made < limit else { continue }
          try folderOfFiles.remove(digest)
          removed += 1
        }
      }
      return removed
    }
  }
}

extension Database {
  fileprivate func erase(
    _ id: AccountID, addresses: [String], messages: [InboundID], at now: Int64
  ) throws -> ErasureReport {
    var report = ErasureReport()
    let arguments: StatementArguments = [id]
    try execute(sql: "DELETE FROM digest_line WHERE account = ?", arguments: arguments)
    try eraseOffers(of: id)
    try eraseConferences(of: id)
    try eraseAbsence(of: id)
    report.deliveries = try expireDeliveries("account = ?", arguments)
    for address in addresses {
      report.deliveries += try expireDeliveries("lower(stranger) = ?", [address])
      try execute(sql: "DELETE FROM automatic_answer WHERE recipient = ?", arguments: [address])
      try execute(sql: "DELETE FROM authentication_report WHERE instr(lower(body), ?) > 0", arguments: [address])
    }
    // Their own words; a subject was theirs where they opened the thread.
    try execute(
      sql:
        "UPDATE entry SET text = '', files = '[]', origin = NULL, is_retracted = 1, message_id = NULL WHERE author = ?",
      arguments: arguments)
    report.entries = changesCount
    try execute(sql: "UPDATE thread SET subject = '…' WHERE author = ?", arguments: arguments)
    // The photos are the school's; the ledger of consents is its proof, and then names nobody's address.
    let filed = "SELECT id FROM photo_batch WHERE author = ?"
    try execute(sql: "UPDATE photo SET caption = '' WHERE batch IN (\(filed))", arguments: arguments)
    try execute(sql: "UPDATE photo_batch SET text = '' WHERE author = ?", arguments: arguments)
    try execute(sql: "UPDATE photo_consent SET message_id = NULL WHERE account = ?", arguments: arguments)
    for table in [
      "address_standing", "activation", "seen", "thread_member", "carer", "data_request", "calendar_answer",
      "calendar_told",
    ] {
      try execute(sql: "DELETE FROM \(table) WHERE account = ?", arguments: arguments)
    }
    try execute(sql: "UPDATE staff SET account = NULL WHERE account = ?", arguments: arguments)
    try execute(sql: "UPDATE held SET status = 'discarded' WHERE account = ? AND status = 'held'", arguments: arguments)
    for message in messages {
      try execute(
        sql: "UPDATE inbound SET raw_expired_at = ? WHERE id = ? AND raw_expired_at IS NULL AND status <> 'waiting'",
        arguments: [now, message])
    }
    // The row stays for what refers to it; `invalid` is nobody's (RFC 2606). No key of theirs is good any longer.
    try execute(
      sql: """
        UPDATE account SET address = ?, new_address = NULL, key_generation = key_generation + 1, quiet_hours = NULL,
          stopped = '[]' WHERE id = ?
        """, arguments: ["erased-\(id)@invalid", id])
    return report
  }
}
