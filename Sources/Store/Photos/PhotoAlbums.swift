import Foundation
import GRDB
import School

extension Store {
  package func photoRevision() async throws(StoreError) -> Revision { try await revision(of: PhotoAlbum.revision) }

  package func album(_ id: AlbumID) async throws(StoreError) -> PhotoAlbum? {
    try await read { try $0.album("id = ?", [id]) }
  }

  /// The album that a batch belongs to.
  package func album(of batch: PhotoBatchID) async throws(StoreError) -> PhotoAlbum? {
    try await read { try $0.album("id = (SELECT album FROM photo_batch WHERE id = ?)", [batch]) }
  }

  /// The newest album of this title for these readers to which a photo was added since an instant.
  package func openAlbum(
    _ title: String, for audience: Audience, since: Date
  ) async throws(StoreError) -> PhotoAlbum? {
    try await read { database in
      try database.album(
        """
        audience = ? AND key = ? AND EXISTS (SELECT 1 FROM photo_batch WHERE album = photo_album.id AND at >= ?)
        ORDER BY id DESC LIMIT 1
        """, [try JSONText.of(audience), Document.key(title), since.milliseconds])
    }
  }

  /// The albums for any of these readers, the newest first.
  package func albums(
    for audiences: Set<Audience>, since: Date, limit: Int
  ) async throws(StoreError) -> [PhotoAlbum] {
    try await read { database in
      try database.albums(
        """
        audience IN (SELECT value FROM json_each(?)) AND opened_at >= ? ORDER BY id DESC LIMIT ?
        """, [try JSONText.of(audiences.map { try JSONText.of($0) }.sorted()), since.milliseconds, limit])
    }
  }

  /// The albums in which a photo names one of these pupils; nil for all that there are.
  package func albums(naming pupils: Set<PupilID>?) async throws(StoreError) -> [PhotoAlbum] {
    try await read { database in
      try database.albums(
        """
        id IN (
          SELECT album FROM photo, json_each(CASE WHEN json_valid(named) THEN named ELSE '[]' END) AS child
          WHERE photo.named <> '[]' AND state <> 'removed'
            AND child.value IN (\(pupils == nil ? "SELECT id FROM pupil" : "SELECT value FROM json_each(?)")))
        ORDER BY id
        """, try pupils.map { [try JSONText.of($0.map(\.rawValue).sorted())] } ?? [])
    }
  }

  /// Whether somebody sent the same file before with another mail, or a photo of the same pixels.
  ///
  /// - Parameters:
  ///   - photo: what was made of it for a screen.
  ///   - mail: the fingerprint of the mail that it came with: one that goes to two groups is one mail.
  package func hasSent(
    _ file: Data, orPhoto photo: Data, by account: AccountID, beside mail: String?
  ) async throws(StoreError) -> Bool {
    let before = "coalesce((SELECT min(at) FROM handled_route WHERE fingerprint = :mail), \(Int64.max))"
    let (file, photo) = (FilesByDigest.digest(file), FilesByDigest.digest(photo))
    let sql = """
      SELECT EXISTS (
        SELECT 1 FROM entry, json_each(CASE WHEN json_valid(files) THEN files ELSE '[]' END) AS file
        WHERE sender = :account AND entry.at < \(before) AND files <> '[]' AND json_extract(file.value, '$.digest') = :file
      ) OR EXISTS (
        SELECT 1 FROM photo JOIN photo_batch ON photo_batch.id = photo.batch WHERE author = :account
          AND photo_batch.at < \(before) AND state <> 'removed' AND CASE WHEN json_valid(screen) THEN json_extract(screen, '$.digest') = :photo END)
      """
    return try await read {
      try Bool.fetchOne(
        $0, sql: sql,
        arguments: [
          "account": account, "file": file, "photo": photo, "mail": mail,
        ]) ?? false
    }
  }

  /// The albums with photos that parents were not mailed of, the last of which has been there since this instant.
  package func albumsToAnnounce(before: Date) async throws(StoreError) -> [AlbumID] {
    let sql = """
      SELECT album FROM photo WHERE state = 'shown' AND announced_at IS NULL
      GROUP BY album HAVING max(state_at) <= ? ORDER BY album
      """
    return try await read { try AlbumID.fetchAll($0, sql: sql, arguments: [before.milliseconds]) }
  }

  /// What the ledger holds of these pupils, in the order in which it was said.
  package func consents(of pupils: Set<PupilID>) async throws(StoreError) -> [ConsentRecord] {
    let sql = "SELECT * FROM photo_consent WHERE pupil IN (SELECT value FROM json_each(?)) ORDER BY id"
    return try await read { database in
      try Row.fetchAll(database, sql: sql, arguments: [try JSONText.of(pupils.map(\.rawValue).sorted())])
        .flatMap(ConsentRecord.all)
    }
  }
}

extension Database {
  /// Those that can be read.
  fileprivate func albums(_ condition: String, _ arguments: StatementArguments) throws -> [PhotoAlbum] {
    try Row.fetchAll(self, sql: "SELECT * FROM photo_album WHERE \(condition)", arguments: arguments)
      .readable { try album($0) }
  }

  fileprivate func album(_ condition: String, _ arguments: StatementArguments) throws -> PhotoAlbum? {
    try Row.fetchOne(self, sql: "SELECT * FROM photo_album WHERE \(condition)", arguments: arguments)
      .map { try album($0) }
  }

  private func album(_ row: Row) throws -> PhotoAlbum {
    let id: AlbumID = row["id"]
    let photos = "SELECT * FROM photo WHERE album = ? ORDER BY number"
    let batches = "SELECT * FROM photo_batch WHERE album = ? ORDER BY id"
    return PhotoAlbum(
      id: id, audience: try row.json(Audience.self, "audience"), title: row["title"], author: row["author"],
      openedAt: row.date("opened_at"),
      photos: try Row.fetchAll(self, sql: photos, arguments: [id]).map(Photo.init),
      batches: try Row.fetchAll(self, sql: batches, arguments: [id]).map {
        PhotoAlbum.Batch(id: $0["id"], author: $0["author"], text: $0["text"])
      })
  }

  /// What an account said of consent, for who asks for all that is kept of them.
  func consents(of account: AccountID) throws -> [(
    pupil: String, purpose: ConsentPurpose, answer: ConsentAnswer, at: Date
  )] {
    try Row.fetchAll(self, sql: "SELECT * FROM photo_consent WHERE account = ? ORDER BY id", arguments: [account]).map {
      (
        $0["pupil_name"], try $0.word(ConsentPurpose.self, "purpose"), try $0.word(ConsentAnswer.self, "answer"),
        $0.date("at")
      )
    }
  }

  /// The albums in which an account filed photos, with how many and when it first did.
  func photosFiled(by account: AccountID) throws -> [(title: String, count: Int, at: Date)] {
    let sql = """
      SELECT title, count(*) AS count, min(at) AS at FROM photo JOIN photo_batch ON photo_batch.id = photo.batch
      JOIN photo_album ON photo_album.id = photo.album WHERE photo_batch.author = ? GROUP BY photo_album.id
      ORDER BY photo_album.id
      """
    return try Row.fetchAll(self, sql: sql, arguments: [account]).map { ($0["title"], $0["count"], $0.date("at")) }
  }
}

extension Photo {
  init(_ row: Row) throws {
    self.init(
      id: row["id"], number: row["number"], state: try row.word(State.self, "state"), batch: row["batch"],
      removedBy: row["removed_by"], name: row["name"], caption: row["caption"],
      named: try row.json(Set<PupilID>.self, "named"), screen: try row.json(StoredFile.self, "screen"),
      thumbnail: try row.json(StoredFile.self, "thumbnail"), isAnnounced: row["announced_at"] as Int64? != nil)
  }
}

extension ConsentRecord {
  /// What cannot be read counts as a refusal of everything: no older word takes its place.
  fileprivate static func all(_ row: Row) -> [ConsentRecord] {
    if let record = try? ConsentRecord(row) { return [record] }
    return ConsentPurpose.allCases.map {
      ConsentRecord(pupil: row["pupil"], purpose: $0, account: row["account"], answer: .refused, at: row.date("at"))
    }
  }

  init(_ row: Row) throws {
    self.init(
      pupil: row["pupil"], purpose: try row.word(ConsentPurpose.self, "purpose"), account: row["account"],
      answer: try row.word(ConsentAnswer.self, "answer"), at: row.date("at"))
  }
}
