import Foundation

/// Given by the store. One mail of a member of staff, or one removal, is one filing, whatever it holds.
package typealias DocumentID = Identifier<Document, Int64>
package typealias FilingID = Identifier<DocumentVersion, Int64>

/// What the school keeps for its parents under one title. A new version of the same title for the same readers takes
/// the place of the one before, which is kept.
package struct Document: Sendable, Hashable, Identifiable {
  package var id: DocumentID
  package var audience: Audience
  /// Of the latest version.
  package var title: String
  /// Oldest first; those that were taken back are left out.
  package var versions: [DocumentVersion]

  package init(id: DocumentID, audience: Audience, title: String, versions: [DocumentVersion]) {
    self.id = id
    self.audience = audience
    self.title = title
    self.versions = versions
  }

  /// What parents get; nil where it was removed.
  package var current: DocumentVersion? { versions.last.flatMap { $0.file == nil ? nil : $0 } }

  /// Two titles with the same key are the same title: case, accents, spaces and punctuation do not count.
  package static func key(_ title: String) -> String {
    let key = Glossary.plain(title).filter { $0.isLetter || $0.isNumber }
    return key.isEmpty ? title.lowercased() : key
  }
}

package struct DocumentVersion: Sendable, Hashable {
  package var filing: FilingID
  package var author: AccountID
  /// Nil where the document was removed.
  package var file: StoredFile?
  package var at: Date

  package init(filing: FilingID, author: AccountID, file: StoredFile?, at: Date) {
    self.filing = filing
    self.author = author
    self.file = file
    self.at = at
  }
}

/// All documents of the school, removed ones included, as a decision looks at them.
package struct DocumentShelf: Sendable, Hashable {
  package var documents: [Document]
  /// Read before the documents were.
  package var revision: Revision

  package static let subject = "documents"

  package init(documents: [Document], revision: Revision) {
    self.documents = documents
    self.revision = revision
  }
}

/// What becomes different among the documents. All of one decision are one filing.
package enum DocumentChange: Sendable, Hashable {
  /// A version under this title; the document is made where there is none.
  case put(StoredFile, title: String, audience: Audience, by: AccountID)
  case remove(DocumentID, by: AccountID)
  /// The versions of these documents that this filing made count no longer.
  case withdraw(FilingID, of: [DocumentID])
}

/// What a mail says of documents: a snapshot, so that it stays what it was when it is sent again.
package struct DocumentFacts: Sendable, Hashable, Codable {
  package struct Line: Sendable, Hashable, Codable {
    package var title: String
    /// The group that it is for; nil for the whole school.
    package var group: String?
    package var file: StoredFile?
    package var at: Date?
    /// What asks for exactly this one, behind a command.
    package var words: String
    /// A receipt: what was done, and of when the version before is.
    package var change: DocumentStep?
    package var before: Date?

    package init(
      title: String, group: String?, file: StoredFile?, at: Date?, words: String, change: DocumentStep? = nil,
      before: Date? = nil
    ) {
      self.title = title
      self.group = group
      self.file = file
      self.at = at
      self.words = words
      self.change = change
      self.before = before
    }
  }

  package var lines: [Line]
  /// Further ones that are not named.
  package var more: Int
  /// Whether the lines are what comes nearest to what was asked.
  package var isNearest: Bool
  /// Whether somebody wants to remove one.
  package var isRemoval: Bool

  package init(lines: [Line], more: Int = 0, isNearest: Bool = false, isRemoval: Bool = false) {
    self.lines = lines
    self.more = more
    self.isNearest = isNearest
    self.isRemoval = isRemoval
  }
}

/// What happened to a document.
package enum DocumentStep: String, Sendable, Hashable, Codable, CaseIterable {
  case filed, replaced, removed
  /// It was there already, octet by octet.
  case same
  /// The version before is the current one again.
  case restored
  /// There was none before: it is gone again.
  case withdrawn
}

extension SchoolPolicy {
  /// Documents that parents can ask for at a time.
  package static let mostDocuments = 2_000
  /// Documents that one mail lists; the rest are counted.
  package static let mostListed = 100
  /// Documents that are offered where it is not clear which one is meant.
  package static let mostNearest = 3
  /// Characters of a title.
  package static let longestTitle = 120
}
