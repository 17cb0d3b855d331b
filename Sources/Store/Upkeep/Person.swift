import Foundation
import GRDB
import Mail
import School

/// All that is kept of an address that is nobody's whom the school knows.
package struct StrangerRecord: Sendable {
  package var address: String
  /// What they were answered.
  package var sent: [PersonRecord.Sent]
  package var messages: [InboundID]
}

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
    package var child: PupilID
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

extension Store {
  /// What is kept of an account (GDPR, article 15).
  ///
  /// - Throws: `.notFound`.
  package func person(_ id: AccountID) async throws(StoreError) -> PersonRecord {
    let directory = try await directory()
    guard let account = directory.accounts[id] else { throw StoreError(.notFound, "There is no account \(id)") }
    let standing = try await standing(of: id)
    let traces = Traces(addresses: try await read { try $0.addresses(of: account) })
    let messages = try await messages { traces.wrote($0) }
    return try await read { database in
      let sql = """
        SELECT thread FROM thread_member WHERE account = :id UNION SELECT thread FROM entry WHERE author = :id
        UNION SELECT id FROM thread WHERE author = :id ORDER BY 1
        """
      let threads = try ThreadID.fetchAll(database, sql: sql, arguments: ["id": id]).compactMap {
        try database.thread($0)
      }
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
          let entries = try Row.fetchAll(database, sql: all, arguments: [thread.id]).readable(ThreadEntry.init)
          return (thread, entries.filter { thread.members.contains(id) || $0.author == id })
        },
        sent: try database.sent(to: id) + traces.addresses.flatMap { try database.sent(toStranger: $0) },
        documents: try Row.fetchAll(database, sql: filed, arguments: [id]).map { ($0["title"], $0.date("at")) },
        offers: try database.offerAnswers(of: id), eventAnswers: try database.eventAnswers(of: id),
        conferences: try database.conferenceRecords(of: id),
        results: try directory.pupils(of: id).flatMap { try database.keptResults(of: $0.id) },
        absences: try database.absences(of: directory.pupils(of: id), by: id),
        consents: try database.consents(of: id), photos: try database.photosFiled(by: id), messages: messages)
    }
  }

  /// The same of an address that is nobody's whom the school knows.
  ///
  /// - Throws: `.notFound` where nothing is kept of it, or it is no address.
  package func stranger(_ address: String) async throws(StoreError) -> StrangerRecord {
    guard let known = MailAddress(address) else { throw StoreError(.notFound, "This is no mail address: \(address)") }
    let traces = Traces(addresses: [known.canonical])
    let messages = try await messages { traces.wrote($0) }
    let sent = try await read { try $0.sent(toStranger: traces.addresses[0]) }
    guard !messages.isEmpty || !sent.isEmpty else { throw StoreError(.notFound, "Nothing is kept of \(address)") }
    return StrangerRecord(address: address, sent: sent, messages: messages)
  }

  /// Those of the raw messages that are kept of which something is so. Reads all of them: as slow as the disk.
  func messages(where isSo: @escaping @Sendable (Data) -> Bool) async throws(StoreError) -> [InboundID] {
    let all = try await read { database in
      let sql = "SELECT id, digest FROM inbound WHERE digest NOT LIKE 'unread %' AND raw_expired_at IS NULL ORDER BY id"
      return try Row.fetchAll(database, sql: sql).map { (InboundID($0["id"]), $0["digest"] as String) }
    }
    return try await offPool { [messages] in
      all.filter { FileManager.default.contents(atPath: messages.url($0.1).path).map(isSo) ?? false }.map(\.0)
    }
  }
}

extension Database {
  fileprivate func sent(to account: AccountID) throws -> [PersonRecord.Sent] { try sent("account = ?", [account]) }

  /// - Parameter address: in lower case.
  fileprivate func sent(toStranger address: String) throws -> [PersonRecord.Sent] {
    try sent("lower(stranger) = ?", [address])
  }

  private func sent(_ condition: String, _ arguments: StatementArguments) throws -> [PersonRecord.Sent] {
    let sql = "SELECT * FROM delivery WHERE \(condition) ORDER BY id"
    return try Row.fetchAll(self, sql: sql, arguments: arguments).readable { row in
      let events = "SELECT at, outcome, words FROM delivery_event WHERE delivery = ? ORDER BY id"
      return PersonRecord.Sent(
        delivery: try DeliveryRecord(row),
        events: try Row.fetchAll(self, sql: events, arguments: [row["id"] as Int64]).map {
          ($0.date("at"), $0["outcome"], $0["words"])
        })
    }
  }
}
