import GRDB

extension Schema {
  /// Albums with their photos: two pictures each, which lie in `files/`. The ledger of consents is only ever added to;
  /// a child's name stands in it, since it outlives the child's row.
  static let photos = [
    """
    CREATE TABLE photo_album (
      id INTEGER PRIMARY KEY AUTOINCREMENT, audience TEXT NOT NULL, key TEXT NOT NULL, title TEXT NOT NULL,
      author INTEGER NOT NULL REFERENCES account (id), opened_at INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX photo_album_audience ON photo_album (audience, opened_at)",
    """
    CREATE TABLE photo_batch (
      id INTEGER PRIMARY KEY AUTOINCREMENT, album INTEGER NOT NULL REFERENCES photo_album (id),
      author INTEGER NOT NULL REFERENCES account (id), text TEXT NOT NULL, at INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX photo_batch_album ON photo_batch (album)",
    """
    CREATE TABLE photo (
      id INTEGER PRIMARY KEY AUTOINCREMENT, album INTEGER NOT NULL REFERENCES photo_album (id),
      number INTEGER NOT NULL, batch INTEGER NOT NULL REFERENCES photo_batch (id), state TEXT NOT NULL,
      state_at INTEGER NOT NULL, removed_by INTEGER REFERENCES photo_batch (id),
      cleared_by INTEGER REFERENCES account (id), name TEXT NOT NULL, caption TEXT NOT NULL, named TEXT NOT NULL,
      screen TEXT NOT NULL, thumbnail TEXT NOT NULL, announced_at INTEGER, UNIQUE (album, number)
    ) STRICT
    """,
    "CREATE INDEX photo_batch_photos ON photo (batch)",
    "CREATE INDEX photo_waiting ON photo (album, state_at) WHERE state = 'shown' AND announced_at IS NULL",
    """
    CREATE TABLE photo_consent (
      id INTEGER PRIMARY KEY AUTOINCREMENT, pupil TEXT NOT NULL, pupil_name TEXT NOT NULL, purpose TEXT NOT NULL,
      account INTEGER NOT NULL REFERENCES account (id), answer TEXT NOT NULL, message_id TEXT, at INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX photo_consent_pupil ON photo_consent (pupil)",
    "CREATE INDEX photo_consent_account ON photo_consent (account)",
    """
    CREATE TRIGGER photo_consent_stays BEFORE UPDATE OF pupil, purpose, account, answer, at ON photo_consent
    BEGIN SELECT RAISE(ABORT, 'what a parent said is never changed'); END
    """,
  ]
}
