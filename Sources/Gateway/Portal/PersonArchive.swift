import Foundation
import Packing
import School
import Store

/// All that is kept of one person as files: `data.json` with who they are, the conversations, what was sent and what
/// became of it; `messages/` with the mails they wrote as they came in; `files/` with what came along (GDPR, articles
/// 15 and 20).
package struct PersonArchive: Sendable {
  package let files: [ZIP.File]
  /// How many of each are told.
  package let conversations: Int
  package let sent: Int
  package let received: Int
  /// What is damaged or gone, with the store's words; it keeps nobody from the rest.
  package let problems: [String]
  /// It holds more than was wanted, and is not whole.
  package let isTooLarge: Bool

  /// What of private conversations is told.
  package enum Words: Sendable {
    /// What others wrote there too: for who reads it before it is handed over.
    case all
    /// Of others what the school's staff wrote, and no other parent; of staff and of who is neither nothing: what was
    /// written to them was about others.
    case own
  }

  /// - Parameter limit: in octets, before they are packed; where there is more, `isTooLarge`.
  package static func make(
    of account: AccountID, store: Store, words: Words = .all, limit: Int = .max
  ) async throws(StoreError) -> PersonArchive {
    var record = try await store.person(account)
    if words == .own {
      let directory = try await store.directory()
      let isParent = { (id: AccountID) in !directory.isStaff(id) && !directory.carers(of: id).isEmpty }
      let mayReadStaff = isParent(account)
      record.threads = record.threads.map { thread, entries in
        (thread, entries.filter { $0.author == account || mayReadStaff && !isParent($0.author) })
      }
      if !mayReadStaff {
        // What they noted of others' children is about those.
        let own = Set(record.pupils.map(\.id))
        record.absences.removeAll { !own.contains($0.child) }
      }
    }
    // Taken back, by its author or the school, is gone for its readers.
    let entries = record.threads.flatMap(\.entries).filter { !$0.isRetracted || $0.author == account }
    return try await PersonArchive(
      data: PersonData(record), messages: record.messages, attached: entries.flatMap(\.files),
      conversations: record.threads.count, sent: record.sent.count, store: store, limit: limit)
  }

  /// The same of an address that is nobody's whom the school knows.
  package static func make(ofStranger address: String, store: Store) async throws(StoreError) -> PersonArchive {
    let record = try await store.stranger(address)
    return try await PersonArchive(
      data: StrangerData(address: record.address, sent: record.sent.map(MailData.init)), messages: record.messages,
      attached: [], conversations: 0, sent: record.sent.count, store: store, limit: .max)
  }

  private init(
    data: some Encodable, messages: [InboundID], attached: [StoredFile], conversations: Int, sent: Int, store: Store,
    limit: Int
  ) async throws(StoreError) {
    var files = [ZIP.File("data.json", try Self.json(data))]
    var problems: [String] = []
    var octets = files[0].data.count
    let add = { (path: String, read: () async throws(StoreError) -> Data) async throws(StoreError) in
      guard octets <= limit else { return }
      do throws(StoreError) {
        files.append(ZIP.File(path, try await read()))
        octets += files[files.count - 1].data.count
      } catch {
        if error.isOfStore { throw error }
        problems.append("\(path): \(error)")
      }
    }
    for id in messages {
      try await add("messages/\(id).eml") { () async throws(StoreError) in try await store.raw(of: id) }
    }
    var seen: Set<String> = []
    for file in attached {
      let name = "files/\(file.digest.prefix(12))-\(file.name.replacing("/", with: "_"))"
      guard seen.insert(name).inserted else { continue }
      try await add(name) { () async throws(StoreError) in try await store.content(of: file) }
    }
    (self.files, self.problems, isTooLarge) = (files, problems, octets > limit)
    (self.conversations, self.sent, received) = (conversations, sent, messages.count)
  }

  private static func json(_ data: some Encodable) throws(StoreError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    encoder.dateEncodingStrategy = .iso8601
    do { return try encoder.encode(data) } catch {
      throw StoreError(.damaged, "What is kept of a person is no text: \(error)")
    }
  }
}

/// What `data.json` holds of an address that is nobody's whom the school knows.
private struct StrangerData: Encodable {
  let address: String
  let sent: [MailData]
}

/// A mail that was sent to them, and what became of it.
private struct MailData: Encodable {
  let kind, messageID, status: String
  let createdAt: Date
  let events: [Event]

  struct Event: Encodable {
    let at: Date
    let outcome, words: String
  }

  init(_ sent: PersonRecord.Sent) {
    kind = sent.delivery.kind.rawValue
    messageID = sent.delivery.messageID
    status = sent.delivery.status.rawValue
    createdAt = sent.delivery.createdAt
    events = sent.events.map { Event(at: $0.at, outcome: $0.outcome, words: $0.words) }
  }
}

/// What `data.json` holds.
private struct PersonData: Encodable {
  let address: String
  let newAddress: String?
  let language: String
  let digest: String
  let quietHours: QuietHours?
  let stopped: [String]
  let names: [String]
  let roles: [String]
  let pupils: [String]
  let addressState: String
  /// What a server last said of why mail to them failed.
  let addressFailure: String?
  let contacts: [Contact]
  let documents: [Document]
  let conversations: [Conversation]
  let sent: [MailData]
  let answers: [Answer]
  let eventAnswers: [EventReply]
  let conferences: [ConferenceTalk]

  struct ConferenceTalk: Encodable {
    let child, teachers: String
    let isDeclined: Bool
    let wishes: [Date]
    let promises: [Promise]
  }

  struct Promise: Encodable {
    let start: Date?
    let reason: String
    let at: Date
  }

  let testResults: [Result]

  /// Of a child of theirs; the newest of a subject, test and date counts, unless it was withdrawn.
  struct Result: Encodable {
    let child: String
    let keptSince: Date
    let isWithdrawn: Bool
    let date: String?
    let result: TestResult?
  }

  let absences: [Absence]

  struct Absence: Encodable {
    let child, kind, status, first: String
    let last, words: String?
    let isTheirs: Bool
    let at: Date
  }

  let consents: [ConsentWord]
  let photos: [PhotosFiled]

  struct ConsentWord: Encodable {
    let child, purpose, answer: String
    let at: Date
  }

  struct PhotosFiled: Encodable {
    let album: String
    let count: Int
    let at: Date
  }

  struct EventReply: Encodable {
    let event, answer: String
    let at: Date
  }

  struct Contact: Encodable {
    let name, phone, postalAddress: String
    /// By child, what they show on the class list.
    let shown: [String: [String]]
  }

  struct Document: Encodable {
    let title: String
    let filedAt: Date
  }

  struct Conversation: Encodable {
    let kind, subject: String
    let openedAt: Date
    let entries: [Entry]
  }

  struct Entry: Encodable {
    let at: Date
    let isTheirs: Bool
    let isTakenBack: Bool
    let text: String
    let files: [String]
  }

  /// To a help request or poll.
  struct Answer: Encodable {
    let subject, line: String
    let note: String?
    let at: Date
  }

  init(_ record: PersonRecord) {
    address = record.account.address
    newAddress = record.account.newAddress
    language = record.account.language.rawValue
    digest = record.account.digest.rawValue
    quietHours = record.account.quietHours
    stopped = record.account.stopped.map(\.rawValue).sorted()
    names = record.carers.map(\.name) + record.staff.map(\.name)
    roles = record.staff.flatMap { $0.roles.sorted() }
    pupils = record.pupils.map(\.name)
    addressState = record.standing.state.rawValue
    addressFailure = record.standing.failure?.words
    let pupilNames = Dictionary(record.pupils.map { ($0.id, $0.name) }) { first, _ in first }
    contacts = record.carers.map { carer in
      Contact(
        name: carer.name, phone: carer.contact.phone, postalAddress: carer.contact.postalAddress,
        shown: Dictionary(
          carer.shown.map { (pupilNames[$0.key] ?? $0.key.rawValue, $0.value.map(\.rawValue).sorted()) }
        ) { $0 + $1 })
    }
    documents = record.documents.map { Document(title: $0.title, filedAt: $0.at) }
    conversations = record.threads.map { thread, entries in
      Conversation(
        kind: thread.kind.rawValue, subject: thread.subject, openedAt: thread.openedAt,
        entries: entries.map {
          // What others took back is not theirs to read; what they took back themselves is kept all the same.
          let isTheirs = $0.author == record.account.id
          let isGone = $0.isRetracted && !isTheirs
          return Entry(
            at: $0.at, isTheirs: isTheirs, isTakenBack: $0.isRetracted, text: isGone ? "" : $0.text,
            files: isGone ? [] : $0.files.map(\.name))
        })
    }
    conferences = record.conferences.map { talk in
      ConferenceTalk(
        child: pupilNames[talk.pupil] ?? "", teachers: talk.teachers, isDeclined: talk.isDeclined, wishes: talk.wishes,
        promises: talk.promises.map { Promise(start: $0.start, reason: $0.reason, at: $0.at) })
    }
    consents = record.consents.map {
      ConsentWord(child: $0.pupil, purpose: $0.purpose.rawValue, answer: $0.answer.rawValue, at: $0.at)
    }
    photos = record.photos.map { PhotosFiled(album: $0.title, count: $0.count, at: $0.at) }
    eventAnswers = record.eventAnswers.map { EventReply(event: $0.event, answer: $0.answer.rawValue, at: $0.at) }
    testResults = record.results.map { kept in
      Result(
        child: pupilNames[kept.pupil] ?? kept.pupil.rawValue, keptSince: kept.at, isWithdrawn: kept.result == nil,
        date: kept.result?.day.text, result: kept.result)
    }
    absences = record.absences.map {
      Absence(
        child: $0.pupil, kind: $0.kind.rawValue, status: $0.status.rawValue, first: $0.first, last: $0.last,
        words: $0.words, isTheirs: $0.isTheirs, at: $0.at)
    }
    answers = record.offers.map { Answer(subject: $0.subject, line: $0.line, note: $0.note, at: $0.at) }
    sent = record.sent.map(MailData.init)
  }
}
