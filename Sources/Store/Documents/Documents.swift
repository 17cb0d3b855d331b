import Foundation
import GRDB
import School

extension Schema {
  /// A version without file says that the document was removed. What was taken back stays, for who asks later. The key
  /// is that of every version's title.
  static let documents = [
    """
    CREATE TABLE document (
      id INTEGER PRIMARY KEY AUTOINCREMENT, audience TEXT NOT NULL, key TEXT NOT NULL, UNIQUE (audience, key)
    ) STRICT
    """,
    """
    CREATE TABLE document_filing (
      id INTEGER PRIMARY KEY AUTOINCREMENT, author INTEGER NOT NULL REFERENCES account (id), at INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX document_filing_author ON document_filing (author)",
    """
    CREATE TABLE document_version (
      id INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL REFERENCES document (id),
      filing INTEGER NOT NULL REFERENCES document_filing (id), title TEXT NOT NULL, file TEXT,
      is_withdrawn INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
    "CREATE INDEX document_version_document ON document_version (document)",
    "CREATE INDEX document_version_filing ON document_version (filing)",
  ]
}

extension Store {
  /// All documents with what they were, in order of their ids.
  package func documentShelf() async throws(StoreError) -> DocumentShelf {
    let revision = try await revision(of: DocumentShelf.subject)
    return DocumentShelf(documents: try await read { try $0.documents() }, revision: revision)
  }
}

extension Document {
  /// Without its versions.
  fileprivate init(_ row: Row) throws {
    self.init(id: row["id"], audience: try row.json(Audience.self, "audience"), title: row["title"], versions: [])
  }
}

extension DocumentVersion {
  fileprivate init(_ row: Row) throws {
    self.init(
      filing: row["filing"], author: row["author"], file: try row.jsonIfPresent(StoredFile.self, "file"),
      at: row.date("at"))
  }
}

extension Database {
  fileprivate func documents() throws -> [Document] {
    let sql = """
      SELECT document.id, audience, title, filing, author, file, at FROM document_version AS version
      JOIN document ON document.id = version.document JOIN document_filing ON document_filing.id = filing
      WHERE is_withdrawn = 0 ORDER BY document.id, version.id
      """
    var documents: [Document] = []
    var current: Document?
    let rows = try Row.fetchCursor(self, sql: sql)
    while let row = try rows.next() {
      if current?.id != row["id"] {
        documents += [current].compactMap(\.self)
        current = try? Document(row)
      }
      current?.title = row["title"]
      if let version = try? DocumentVersion(row) {
        current?.versions.append(version)
      } else {
        // No older version takes the place of one that cannot be read.
        current?.versions = []
      }
    }
    return (documents + [current].compactMap(\.self)).filter { !$0.versions.isEmpty }
  }

  /// - Parameter filing: what this decision filed before; made where it is the first.
  /// - Returns: the filing that it is of; nil where something was only taken back.
  func apply(_ change: DocumentChange, filing: FilingID?, at now: Int64) throws -> FilingID? {
    switch change {
    case .put(let file, let title, let audience, let author):
      let filing = try filing ?? makeFiling(author, at: now)
      try run(
        "INSERT INTO document (audience, key) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [try JSONText.of(audience), Document.key(title)])
      try run(
        """
        INSERT INTO document_version (document, filing, title, file)
        SELECT id, ?, ?, ? FROM document WHERE audience = ? AND key = ?
        """, [filing, title, try JSONText.of(file), try JSONText.of(audience), Document.key(title)])
      return filing
    case .remove(let document, let author):
      let filing = try filing ?? makeFiling(author, at: now)
      try cancelCopies("document = ?", [document])
      try run(
        """
        INSERT INTO document_version (document, filing, title, file)
        SELECT document, ?, title, NULL FROM document_version WHERE document = ? AND is_withdrawn = 0
        ORDER BY id DESC LIMIT 1
        """, [filing, document])
      return filing
    case .withdraw(let filing, let documents):
      for document in documents {
        try cancelCopies("filing = ? AND document = ?", [filing, document])
        try run("UPDATE document_version SET is_withdrawn = 1 WHERE filing = ? AND document = ?", [filing, document])
      }
      return nil
    }
  }

  /// What was taken back and waits for a server is not sent to who asked for it any more.
  private func cancelCopies(_ versions: String, _ arguments: StatementArguments) throws {
    let sql = """
      UPDATE delivery SET status = 'cancelled' WHERE status = 'waiting' AND kind = 'document' AND EXISTS (
        SELECT 1 FROM document_version AS version
        WHERE \(versions) AND CASE WHEN json_valid(file) THEN instr(facts, json_extract(file, '$.digest')) > 0 END)
      """
    try execute(sql: sql, arguments: arguments)
  }

  /// Documents that were removed before an instant, and versions that another followed or that were taken back.
  ///
  /// - Returns: how many versions.
  func expireDocuments(before: Int64) throws -> Int {
    let old = "filing IN (SELECT id FROM document_filing WHERE at < :before)"
    try execute(
      sql: """
        DELETE FROM document_version AS version WHERE \(old) AND (is_withdrawn = 1 OR EXISTS (
          SELECT 1 FROM document_version AS next
          WHERE next.document = version.document AND next.id > version.id AND next.is_withdrawn = 0 AND next.\(old)))
        """, arguments: ["before": before])
    var count = changesCount
    // What says of a document that it was removed, and is all that is left of it.
    try execute(
      sql: """
        DELETE FROM document_version WHERE file IS NULL AND is_withdrawn = 0 AND \(old)
          AND document IN (SELECT document FROM document_version GROUP BY document HAVING count(*) = 1)
        """, arguments: ["before": before])
    count += changesCount
    try execute(sql: "DELETE FROM document WHERE id NOT IN (SELECT document FROM document_version)")
    // An answer to the receipt of a filing looks for it.
    try execute(
      sql: """
        DELETE FROM document_filing WHERE at < ? AND id NOT IN (SELECT filing FROM document_version)
          AND NOT EXISTS (SELECT 1 FROM delivery WHERE reply_target = '{"filing":{"_0":' || document_filing.id || '}}')
        """, arguments: [before])
    return count
  }

  private func makeFiling(_ author: AccountID, at now: Int64) throws -> FilingID {
    try run("INSERT INTO document_filing (author, at) VALUES (?, ?)", [author, now])
    return FilingID(lastInsertedRowID)
  }
}
