/// The calendar: each event with all its versions, who was mailed of it, and what they answered.
extension Schema {
  static let withdrawnVersion = 1
  static let heldVersion = 2

  static let calendar = [
    """
    CREATE TABLE calendar_event (
      id INTEGER PRIMARY KEY AUTOINCREMENT, audience TEXT NOT NULL, author INTEGER NOT NULL REFERENCES account (id),
      thread INTEGER REFERENCES thread (id) ON DELETE SET NULL
    ) STRICT
    """,
    // A version that was taken back before it was mailed is withdrawn: the one before it stands again. `heldVersion`
    // stands there for one that waits for a colleague's approval.
    """
    CREATE TABLE calendar_version (
      id INTEGER PRIMARY KEY, event INTEGER NOT NULL REFERENCES calendar_event (id), sequence INTEGER NOT NULL,
      entry INTEGER REFERENCES entry (id) ON DELETE SET NULL, details TEXT NOT NULL, source TEXT,
      is_cancelled INTEGER NOT NULL, ends_at INTEGER NOT NULL, is_withdrawn INTEGER NOT NULL DEFAULT 0,
      UNIQUE (event, sequence)
    ) STRICT
    """,
    "CREATE INDEX calendar_version_ends ON calendar_version (ends_at)",
    "CREATE INDEX calendar_version_entry ON calendar_version (entry)",
    // By which delivery; what took the place of one that waited, so that it can be put back.
    """
    CREATE TABLE calendar_told (
      id INTEGER PRIMARY KEY, event INTEGER NOT NULL REFERENCES calendar_event (id),
      account INTEGER NOT NULL REFERENCES account (id), delivery INTEGER REFERENCES delivery (id) ON DELETE SET NULL,
      superseded_by INTEGER REFERENCES entry (id) ON DELETE SET NULL
    ) STRICT
    """,
    "CREATE INDEX calendar_told_event ON calendar_told (event)",
    "CREATE INDEX calendar_told_account ON calendar_told (account)",
    "CREATE INDEX calendar_told_delivery ON calendar_told (delivery)",
    "CREATE INDEX calendar_told_superseded ON calendar_told (superseded_by) WHERE superseded_by IS NOT NULL",
    """
    CREATE TABLE calendar_answer (
      event INTEGER NOT NULL REFERENCES calendar_event (id), account INTEGER NOT NULL REFERENCES account (id),
      answer TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (event, account)
    ) STRICT
    """,
    "CREATE INDEX calendar_answer_account ON calendar_answer (account)",
  ]
}
