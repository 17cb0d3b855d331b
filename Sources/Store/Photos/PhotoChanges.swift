import Foundation
import GRDB
import School

/// What a commit made among the albums so far.
struct PhotosMade {
  var album: AlbumID?
  var batch: PhotoBatchID?
}

extension Database {
  func apply(_ change: PhotoChange, _ made: inout PhotosMade, messageID: String?, at now: Int64) throws {
    switch change {
    case .open(let title, let audience, let author):
      try run(
        "INSERT INTO photo_album (audience, key, title, author, opened_at) VALUES (?, ?, ?, ?, ?)",
        [try JSONText.of(audience), Document.key(title), title, author, now])
      made.album = AlbumID(lastInsertedRowID)
    case .add(let photos, let album, let text, let author):
      guard let album = album ?? made.album else { preconditionFailure("photos are added to no album") }
      let batch = try makeBatch(album, author, text, at: now)
      made.batch = batch
      for photo in photos { try insert(photo, album, batch, at: now) }
    case .remove(let photos, let album, let author):
      let batch = try makeBatch(album, author, "", at: now)
      made.batch = batch
      for photo in photos {
        try run(
          "UPDATE photo SET state = 'removed', state_at = ?, removed_by = ? WHERE id = ? AND state <> 'removed'",
          [now, batch, photo])
      }
      try cancelEmptyMails(of: album)
    case .restore(let photos, let state):
      for photo in photos {
        try run(
          "UPDATE photo SET state = ?, state_at = ?, removed_by = NULL WHERE id = ?", [state.rawValue, now, photo])
      }
    case .set(let photos, let state):
      for photo in photos {
        try run("UPDATE photo SET state = ?, state_at = ? WHERE id = ?", [state.rawValue, now, photo])
      }
      if state == .held {
        let albums = "SELECT DISTINCT album FROM photo WHERE id IN (SELECT value FROM json_each(?))"
        for album in try AlbumID.fetchAll(self, sql: albums, arguments: [try JSONText.of(photos.map(\.rawValue))]) {
          try cancelEmptyMails(of: album)
        }
      }
    case .clear(let photos, let account):
      for (photo, named) in photos {
        try run(
          "UPDATE photo SET state = 'shown', state_at = ?, named = ?, cleared_by = ? WHERE id = ?",
          [now, try JSONText.of(named.map(\.rawValue).sorted()), account, photo])
      }
    case .announce(let photos):
      for photo in photos { try run("UPDATE photo SET announced_at = ? WHERE id = ?", [now, photo]) }
    case .consent(let records):
      for record in records { try insert(record, messageID: messageID, at: now) }
    }
  }

  private func makeBatch(_ album: AlbumID, _ author: AccountID, _ text: String, at now: Int64) throws -> PhotoBatchID {
    try run("INSERT INTO photo_batch (album, author, text, at) VALUES (?, ?, ?, ?)", [album, author, text, now])
    return PhotoBatchID(lastInsertedRowID)
  }

  private func insert(_ photo: PhotoChange.New, _ album: AlbumID, _ batch: PhotoBatchID, at now: Int64) throws {
    try run(
      """
      INSERT INTO photo (album, number, batch, state, state_at, name, caption, named, screen, thumbnail)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        album, photo.number, batch, photo.state.rawValue, now, photo.name, photo.caption,
        try JSONText.of(photo.named.map(\.rawValue).sorted()), try JSONText.of(photo.screen),
        try JSONText.of(photo.thumbnail),
      ])
  }

  private func insert(_ record: ConsentRecord, messageID: String?, at now: Int64) throws {
    try run(
      """
      INSERT INTO photo_consent (pupil, pupil_name, purpose, account, answer, message_id, at)
      VALUES (?, coalesce((SELECT name FROM pupil WHERE id = ?), ''), ?, ?, ?, ?, ?)
      """,
      [
        record.pupil, record.pupil, record.purpose.rawValue, record.account, record.answer.rawValue, messageID, now,
      ])
  }

  /// Mails of an album that wait for a server and have nothing left to show. The others show what is left when they go.
  private func cancelEmptyMails(of album: AlbumID) throws {
    try run(
      """
      UPDATE delivery SET status = 'cancelled' WHERE status = 'waiting' AND kind IN ('album', 'photos')
        AND CASE WHEN json_valid(facts) THEN json_extract(facts, '$.photos.album') = ? AND NOT EXISTS (
          SELECT 1 FROM json_each(facts, '$.photos.photos') AS one JOIN photo ON photo.id = one.value
          WHERE photo.state = 'shown') END
      """, [album])
  }

  /// Albums whose last mail is that old, photos taken away so long ago, and what was said of children who left.
  func expirePhotos(before: Int64) throws -> Int {
    let albums = """
      SELECT id FROM photo_album WHERE id NOT IN (SELECT album FROM photo_batch WHERE at >= \(before))
      AND id NOT IN (SELECT album FROM photo WHERE state_at >= \(before))
      """
    var rows = 0
    for sql in [
      "DELETE FROM photo WHERE state = 'removed' AND state_at < \(before)",
      "DELETE FROM photo WHERE album IN (\(albums))",
      // One that removed photos elsewhere is of the same album.
      "DELETE FROM photo_batch WHERE album NOT IN (SELECT album FROM photo) AND at < \(before)",
      "DELETE FROM photo_album WHERE id NOT IN (SELECT album FROM photo_batch)",
      "DELETE FROM photo_consent WHERE at < \(before) AND pupil NOT IN (SELECT id FROM pupil)",
    ] {
      try execute(sql: sql)
      rows += changesCount
    }
    return rows
  }
}
