import Foundation

/// What people can answer.
package enum ThreadKind: String, Sendable, Hashable, Codable, CaseIterable {
  case news
  case urgent
  /// Postvak: private, between one account of parents and one or more teachers.
  case mailbox
  /// Schoolplein: an item where everybody concerned reads every answer.
  case schoolyard
  /// A person of the school's support and one account.
  case support
  /// Events that staff made known.
  case calendar
}

/// One conversation.
package struct SchoolThread: Sendable, Hashable, Identifiable {
  package var id: ThreadID
  package var kind: ThreadKind
  package var subject: String
  /// Who opened it.
  package var author: AccountID
  /// News, urgent and schoolplein: for whom. Nil for a private thread.
  package var audience: Audience?
  /// Private threads: everybody who reads it, the parents' account and the teachers'. Else empty.
  package var members: [AccountID]
  /// Of a private answer: the news item or schoolplein item that it answers.
  package var about: ThreadID?
  package var openedAt: Date

  package init(
    id: ThreadID, kind: ThreadKind, subject: String, author: AccountID, audience: Audience? = nil,
    members: [AccountID] = [], about: ThreadID? = nil, openedAt: Date
  ) {
    self.id = id
    self.kind = kind
    self.subject = subject
    self.author = author
    self.audience = audience
    self.members = members
    self.about = about
    self.openedAt = openedAt
  }
}

/// A file that came with a message and lies in the store under the digest of its content.
package struct StoredFile: Sendable, Hashable, Codable {
  /// SHA-256 in lower-case hexadecimal.
  package var digest: String
  package var name: String
  package var mediaType: String
  /// In octets.
  package var size: Int

  package init(digest: String, name: String, mediaType: String, size: Int) {
    self.digest = digest
    self.name = name
    self.mediaType = mediaType
    self.size = size
  }
}

/// A file that was too large to keep with its message.
package struct RefusedFile: Sendable, Hashable, Codable {
  package var name: String
  package var size: Int
  /// Of one file, where it is larger; nil where it was too much together with the others.
  package var limit: Int?

  package init(name: String, size: Int, limit: Int?) {
    self.name = name
    self.size = size
    self.limit = limit
  }
}

/// What somebody wrote.
package struct MessageBody: Sendable, Hashable {
  package var text: String
  package var files: [StoredFile]
  package var refusedFiles: [RefusedFile]

  package init(text: String, files: [StoredFile] = [], refusedFiles: [RefusedFile] = []) {
    self.text = text
    self.files = files
    self.refusedFiles = refusedFiles
  }
}

/// Whose words a forwarded entry holds, as far as they could be recovered.
package struct ForwardedOrigin: Sendable, Hashable, Codable {
  package var name: String?
  package var address: String?
  package var date: Date?
  /// The account of the teacher who forwarded it.
  package var forwardedBy: AccountID

  package init(name: String?, address: String?, date: Date?, forwardedBy: AccountID) {
    self.name = name
    self.address = address
    self.date = date
    self.forwardedBy = forwardedBy
  }
}

/// One contribution to a thread.
package struct ThreadEntry: Sendable, Hashable, Identifiable {
  package var id: EntryID
  package var thread: ThreadID
  package var author: AccountID
  package var text: String
  package var files: [StoredFile]
  package var at: Date
  package var origin: ForwardedOrigin?
  /// Taken back by its author; kept, never shown again.
  package var isRetracted: Bool

  package init(
    id: EntryID, thread: ThreadID, author: AccountID, text: String, files: [StoredFile] = [], at: Date,
    origin: ForwardedOrigin? = nil, isRetracted: Bool = false
  ) {
    self.id = id
    self.thread = thread
    self.author = author
    self.text = text
    self.files = files
    self.at = at
    self.origin = origin
    self.isRetracted = isRetracted
  }
}
