import Foundation
import GRDB
import Mail
import School

/// What an erasure took away.
package struct ErasureReport: Sendable, Hashable {
  package var entries = 0
  package var deliveries = 0
  /// Mails to others that told of them, or quoted them.
  package var traces = 0
  package var messages = 0
  package var files = 0
  /// Files that no row names and that are so young that a mail may be being read which is about to.
  package var youngFiles = 0
}

extension Store {
  /// Takes away what is kept of an account (GDPR, article 17): who is behind it, the text and files of what they wrote,
  /// what was sent to them, what mails to others told of them, and every raw message that names one of their addresses.
  /// Threads keep their places, so that what others wrote there stands; so do documents that they filed for the school.
  /// SQLite overwrites what it deletes. May take `settling` longer than its work.
  ///
  /// - Parameter settling: how old a file must be to be given up at once: the gateway may be about to name a newer one,
  ///   and may wait ten seconds until it can write.
  package func erase(
    _ id: AccountID, at now: Date, settling: Duration = .seconds(30)
  ) async throws(StoreError) -> ErasureReport {
    let directory = try await directory()
    guard let account = directory.accounts[id] else { throw StoreError(.notFound, "There is no account \(id)") }
    let names = directory.carers(of: id).map(\.name) + directory.staff(of: id).map(\.name)
    let traces = try await read { try $0.traces(of: account, names: names) }
    return try await erase(traces, at: now, settling: settling)
  }

  /// The same of an address that is nobody's whom the school knows.
  ///
  /// - Throws: `.notFound` where nothing is kept of it, or it is no address.
  package func erase(
    stranger address: String, at now: Date, settling: Duration = .seconds(30)
  ) async throws(StoreError) -> ErasureReport {
    guard let known = MailAddress(address) else { throw StoreError(.notFound, "This is no mail address: \(address)") }
    let report = try await erase(Traces(addresses: [known.canonical]), at: now, settling: settling)
    guard report != ErasureReport() else {
      throw StoreError(.notFound, "Nothing is kept of \(address)")
    }
    return report
  }

  private func erase(_ traces: Traces, at now: Date, settling: Duration) async throws(StoreError) -> ErasureReport {
    let lock = try await offPool { [folder] in try UpkeepLock(folder) }
    let messages = try await messages { traces.areNamed(inMessage: $0) }
    // Before the transaction, in which the gateway waits; those that it makes meanwhile are few.
    let named = try await read { try FileNames($0).paths }
    let facts = try await read { database in
      let last = try Int64.fetchOne(database, sql: "SELECT max(id) FROM delivery") ?? 0
      return (last, try database.factsWithout(traces, after: 0))
    }
    do {
      try await pool.barrierWriteWithoutTransaction { try $0.execute(sql: "PRAGMA secure_delete = ON") }
    } catch { throw StoreError(error) }
    var report = try await write { database in
      var report = ErasureReport()
      for (delivery, rest) in try facts.1 + database.factsWithout(traces, after: facts.0) {
        try database.execute(sql: "UPDATE delivery SET facts = ? WHERE id = ?", arguments: [rest, delivery])
        report.traces += database.changesCount
      }
      try database.eraseFromServerWords(traces)
      try database.erase(traces, &report)
      try database.give(up: messages, &report, at: now.milliseconds)
      return report
    }
    report.files = try await removeFiles(named, settling: settling)
    // And what an erasure left behind that was interrupted before it came to its files.
    let strays = try await removeStrayFiles(messagesOlderThan: Self.strayMessageAge)
    (report.files, report.youngFiles) = (report.files + strays.removed, strays.young)
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

  /// Takes away those files that no row names any more. One that never was named may be of a mail that is being read.
  private func removeFiles(_ named: Set<String>, settling: Duration) async throws(StoreError) -> Int {
    let (removed, left) = try await removeFiles(named, olderThan: settling)
    guard left > 0 else { return removed }
    // What a running gateway was about to name is named by then.
    try? await Task.sleep(for: settling)
    return try await removed + removeFiles(named, olderThan: settling).removed
  }

  private func removeFiles(
    _ named: Set<String>, olderThan age: Duration
  ) async throws(StoreError) -> (removed: Int, left: Int) {
    let unnamed = named.subtracting(try await read { try FileNames($0).paths })
    return try await offPool { [self] in
      let limit = Date(timeIntervalSinceNow: -Double(age.components.seconds))
      var (removed, left) = (0, 0)
      for (name, folderOfFiles) in [("messages/", messages), ("files/", files)] {
        for path in unnamed where path.hasPrefix(name) {
          let digest = String(path.dropFirst(name.count))
          guard folderOfFiles.isThere(digest) else { continue }
          guard folderOfFiles.isOlder(digest, than: limit) else {
            left += 1
            continue
          }
          try folderOfFiles.remove(digest)
          removed += 1
        }
      }
      return (removed, left)
    }
  }
}

extension Database {
  fileprivate func erase(_ traces: Traces, _ report: inout ErasureReport) throws {
    if let account = traces.account { try erase(account, &report) }
    for address in traces.addresses {
      report.deliveries += try expireDeliveries("lower(stranger) = ?", [address])
      try execute(sql: "DELETE FROM automatic_answer WHERE recipient = ?", arguments: [address])
      // What support is told once a day names whom it is about.
      for (table, column) in [("automatic_answer", "word"), ("authentication_report", "body")] {
        let sql = "SELECT rowid, \(column) FROM \(table) WHERE instr(lower(\(column)), ?) > 0"
        for row in try Row.fetchAll(self, sql: sql, arguments: [address])
        where traces.areNamed(in: Data((row[1] as String).utf8)) {
          try execute(sql: "DELETE FROM \(table) WHERE rowid = ?", arguments: [row[0] as Int64])
          report.traces += 1
        }
      }
    }
  }

  private func erase(_ id: AccountID, _ report: inout ErasureReport) throws {
    let arguments: StatementArguments = [id]
    try execute(
      sql: "DELETE FROM digest_line WHERE account = :id OR entry IN (SELECT id FROM entry WHERE author = :id)",
      arguments: ["id": id])
    try execute(sql: "DELETE FROM automatic_answer WHERE recipient = ?", arguments: ["\(id)"])
    try eraseOffers(of: id)
    try eraseConferences(of: id)
    try eraseAbsence(of: id)
    report.deliveries = try expireDeliveries("account = ?", arguments)
    // All that was kept of somebody else holds what was said to them.
    report.traces += try expireDeliveries("kind = ? AND status <> 'waiting'", [NoticeKind.myData.rawValue])
    // Their own words; a subject was theirs where they opened the thread.
    try execute(
      sql:
        "UPDATE entry SET text = '', files = '[]', origin = NULL, is_retracted = 1, message_id = NULL WHERE author = ?",
      arguments: arguments)
    report.entries = changesCount
    try execute(sql: "UPDATE entry SET message_id = NULL WHERE sender = ?", arguments: arguments)
    // By which a stranger wrote to support.
    try execute(
      sql: """
        UPDATE delivery SET facts = json_remove(facts, '$.givenName')
        WHERE entry IN (SELECT id FROM entry WHERE author = ?)
        """, arguments: arguments)
    try execute(sql: "UPDATE thread SET subject = ? WHERE author = ?", arguments: [Traces.gone, id])
    // The photos are the school's; the ledger of consents is its proof, and then names nobody's address.
    let filed = "SELECT id FROM photo_batch WHERE author = ?"
    try execute(sql: "UPDATE photo SET caption = '' WHERE batch IN (\(filed))", arguments: arguments)
    try execute(sql: "UPDATE photo_batch SET text = '' WHERE author = ?", arguments: arguments)
    try execute(sql: "UPDATE photo_consent SET message_id = NULL WHERE account = ?", arguments: arguments)
    for table in [
      "address_standing", "activation", "seen", "thread_member", "carer", "data_request", "calendar_answer",
      "calendar_told", "former_address",
    ] {
      try execute(sql: "DELETE FROM \(table) WHERE account = ?", arguments: arguments)
    }
    try execute(sql: "UPDATE staff SET account = NULL WHERE account = ?", arguments: arguments)
    try execute(sql: "UPDATE held SET status = 'discarded' WHERE account = ? AND status = 'held'", arguments: arguments)
    // The row stays for what refers to it; `invalid` is nobody's (RFC 2606). No key of theirs is good any longer.
    try execute(
      sql: """
        UPDATE account SET address = ?, new_address = NULL, key_generation = key_generation + 1, quiet_hours = NULL,
          stopped = '[]' WHERE id = ?
        """, arguments: ["erased-\(id)@invalid", id])
  }

  fileprivate func give(up messages: [InboundID], _ report: inout ErasureReport, at now: Int64) throws {
    for message in messages {
      try execute(
        sql: "UPDATE inbound SET raw_expired_at = ? WHERE id = ? AND raw_expired_at IS NULL AND status <> 'waiting'",
        arguments: [now, message])
      report.messages += changesCount
      // What is gone cannot be confirmed by whoever it was held for.
      try execute(
        sql: "UPDATE held SET status = 'discarded' WHERE inbound = ? AND status = 'held'", arguments: [message])
    }
  }
}
