import GRDB

/// The tables, by versions that are never changed once released: a new version adds a migration. Instants are
/// milliseconds since 1970 in UTC; values with an inner form are JSON. AUTOINCREMENT where keys and Message-IDs are
/// made of ids: those of a row that was erased never come back.
enum Schema {
  static func migrate(_ pool: DatabasePool) throws {
    try pool.read(refuseNewer)
    try migrator.migrate(pool)
  }

  /// A new, empty store of an older version.
  static func make(version: String, at path: String) throws {
    try migrator.migrate(DatabasePool(path: path), upTo: version)
  }

  static func isCurrent(_ database: Database) throws -> Bool { try migrator.hasCompletedMigrations(database) }

  static func isEmpty(_ database: Database) throws -> Bool { try migrator.appliedIdentifiers(database).isEmpty }

  /// For who may not migrate.
  static func verify(_ database: Database) throws {
    try refuseNewer(database)
    guard try migrator.hasCompletedMigrations(database) else {
      throw StoreError(.olderVersion, "The store is from an older version: serve it once with this one")
    }
  }

  private static func refuseNewer(_ database: Database) throws {
    guard try !migrator.hasBeenSuperseded(database) else {
      throw StoreError(.newerVersion, "The store was written by a newer version of postplein: use that one")
    }
  }

  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { database in
      for sql in people + directoryVersion + mail + threads + deliveries + reports + standings {
        try database.execute(sql: sql)
      }
    }
    migrator.registerMigration("2") { database in
      // A raw message that was given up after a time; its row stays, so that the same message is known again.
      try database.execute(sql: "ALTER TABLE inbound ADD COLUMN raw_expired_at INTEGER")
    }
    migrator.registerMigration("revisions") { database in
      try database.execute(sql: "CREATE TABLE revision (subject TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT")
    }
    migrator.registerMigration("documents") { database in
      for sql in documents { try database.execute(sql: sql) }
    }
    migrator.registerMigration("class lists") { database in
      for sql in classLists { try database.execute(sql: sql) }
    }
    migrator.registerMigration("offers") { database in
      for sql in offers { try database.execute(sql: sql) }
    }
    migrator.registerMigration("settings") { database in
      for sql in settings { try database.execute(sql: sql) }
    }
    migrator.registerMigration("moderation") { database in
      try database.execute(
        sql: """
          CREATE TABLE entry_removal (
            entry INTEGER PRIMARY KEY REFERENCES entry (id), account INTEGER NOT NULL REFERENCES account (id),
            at INTEGER NOT NULL
          ) STRICT
          """)
    }
    migrator.registerMigration("calendar") { database in
      for sql in calendar { try database.execute(sql: sql) }
    }
    migrator.registerMigration("conferences") { database in
      for sql in conferences { try database.execute(sql: sql) }
    }
    migrator.registerMigration("results") { database in
      for sql in results { try database.execute(sql: sql) }
    }
    migrator.registerMigration("absence") { database in
      for sql in absence { try database.execute(sql: sql) }
    }
    migrator.registerMigration("photos") { database in
      for sql in photos { try database.execute(sql: sql) }
    }
    migrator.registerMigration("fingerprints") { database in
      // Those that are there are Message-IDs still, which no fingerprint is.
      try database.execute(sql: "ALTER TABLE handled_route RENAME COLUMN message_id TO fingerprint")
    }
    migrator.registerMigration("damage") { database in
      for sql in damage { try database.execute(sql: sql) }
    }
    migrator.registerMigration("answers in private") { database in
      // One post may have a thousand.
      try database.execute(sql: "DROP INDEX thread_about")
      try database.execute(sql: "CREATE INDEX thread_about ON thread (about, author) WHERE about IS NOT NULL")
    }
    migrator.registerMigration("fewer indexes") { database in
      for sql in fewerIndexes { try database.execute(sql: sql) }
    }
    migrator.registerMigration("former addresses") { database in
      try database.execute(
        sql: """
          CREATE TABLE former_address (
            account INTEGER NOT NULL REFERENCES account (id), address TEXT NOT NULL, PRIMARY KEY (account, address)
          ) STRICT
          """)
      // Until now only the mail to the person themselves told it.
      try database.execute(
        sql: """
          INSERT OR IGNORE INTO former_address (account, address)
          SELECT account, lower(json_extract(facts, '$.addressChange.old')) FROM delivery
          WHERE kind = 'address-change' AND account IS NOT NULL AND json_valid(facts)
            AND json_extract(facts, '$.addressChange.stage') = 'approved'
            AND json_extract(facts, '$.addressChange.old') IS NOT NULL
          """)
    }
    migrator.registerMigration("holds by returns") { database in
      try database.execute(sql: "ALTER TABLE provider_hold ADD COLUMN by_returns INTEGER NOT NULL DEFAULT 0")
    }
    migrator.registerMigration("answers by version") { database in
      // Those that are there are all to the time at which their event is: others were taken away.
      try database.execute(sql: "ALTER TABLE calendar_answer ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0")
      try database.execute(
        sql: """
          UPDATE calendar_answer SET sequence = coalesce((
            SELECT max(sequence) FROM calendar_version WHERE event = calendar_answer.event AND is_withdrawn = 0), 0)
          """)
    }
    migrator.registerMigration("last mail to a former address") { database in
      try database.execute(sql: "ALTER TABLE account ADD COLUMN last_to_former_address INTEGER")
    }
    return migrator
  }

  private static let people = [
    """
    CREATE TABLE account (
      id INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT NOT NULL UNIQUE, new_address TEXT, language TEXT NOT NULL,
      digest TEXT NOT NULL, key_generation INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
    "CREATE TABLE school_group (id TEXT PRIMARY KEY, name TEXT NOT NULL, route_word TEXT NOT NULL) STRICT",
    "CREATE TABLE pupil (id TEXT PRIMARY KEY, name TEXT NOT NULL, group_ids TEXT NOT NULL) STRICT",
    """
    CREATE TABLE carer (
      id TEXT PRIMARY KEY, name TEXT NOT NULL, account INTEGER NOT NULL REFERENCES account (id),
      authority TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE staff (
      id TEXT PRIMARY KEY, name TEXT NOT NULL, account INTEGER REFERENCES account (id), route_word TEXT NOT NULL,
      roles TEXT NOT NULL, group_ids TEXT NOT NULL
    ) STRICT
    """,
  ]

  /// Counts the changes of people, whoever makes them, so that a directory in memory is known to be old.
  private static let directoryVersion =
    [
      "CREATE TABLE directory_version (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL) STRICT",
      "INSERT INTO directory_version (id, version) VALUES (1, 1)",
    ]
    + ["account", "school_group", "pupil", "carer", "staff"].flatMap(countingChanges)

  static func countingChanges(of table: String) -> [String] {
    ["INSERT", "UPDATE", "DELETE"].map { change in
      """
      CREATE TRIGGER \(table)_\(change.lowercased()) AFTER \(change) ON \(table)
      BEGIN UPDATE directory_version SET version = version + 1; END
      """
    }
  }

  private static let mail = [
    """
    CREATE TABLE inbound (
      id INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE, status TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
      outcome TEXT, reason TEXT, received_at INTEGER NOT NULL, handled_at INTEGER
    ) STRICT
    """,
    "CREATE INDEX inbound_waiting ON inbound (id) WHERE status = 'waiting'",
    """
    CREATE TABLE inbound_source (
      mailbox TEXT NOT NULL, uid_validity INTEGER NOT NULL, uid INTEGER NOT NULL,
      inbound INTEGER NOT NULL REFERENCES inbound (id), PRIMARY KEY (mailbox, uid_validity, uid)
    ) STRICT
    """,
    """
    CREATE TABLE handled_route (
      message_id TEXT NOT NULL, route TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (message_id, route)
    ) STRICT
    """,
    """
    CREATE TABLE held (
      inbound INTEGER PRIMARY KEY REFERENCES inbound (id), account INTEGER NOT NULL REFERENCES account (id),
      reason TEXT NOT NULL, status TEXT NOT NULL, at INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX held_waiting ON held (account) WHERE status = 'held'",
    """
    CREATE TABLE automatic_answer (
      recipient TEXT NOT NULL, word TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (recipient, word)
    ) STRICT
    """,
  ]

  private static let threads = [
    """
    CREATE TABLE thread (
      id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, subject TEXT NOT NULL,
      author INTEGER NOT NULL REFERENCES account (id), audience TEXT, about INTEGER REFERENCES thread (id),
      opened_at INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE INDEX thread_urgent ON thread (opened_at) WHERE kind = 'urgent'",
    "CREATE INDEX thread_about ON thread (about) WHERE about IS NOT NULL",
    """
    CREATE TABLE thread_member (
      thread INTEGER NOT NULL REFERENCES thread (id), account INTEGER NOT NULL REFERENCES account (id),
      position INTEGER NOT NULL, PRIMARY KEY (thread, account)
    ) STRICT
    """,
    "CREATE INDEX thread_member_account ON thread_member (account)",
    """
    CREATE TABLE entry (
      id INTEGER PRIMARY KEY AUTOINCREMENT, thread INTEGER NOT NULL REFERENCES thread (id),
      author INTEGER NOT NULL REFERENCES account (id), sender INTEGER NOT NULL REFERENCES account (id),
      text TEXT NOT NULL, files TEXT NOT NULL, origin TEXT,
      is_retracted INTEGER NOT NULL DEFAULT 0, at INTEGER NOT NULL, message_id TEXT
    ) STRICT
    """,
    "CREATE INDEX entry_thread ON entry (thread)",
    "CREATE INDEX entry_message_id ON entry (message_id) WHERE message_id IS NOT NULL",
    """
    CREATE TABLE seen (
      thread INTEGER NOT NULL REFERENCES thread (id), account INTEGER NOT NULL REFERENCES account (id),
      at INTEGER NOT NULL, PRIMARY KEY (thread, account)
    ) STRICT
    """,
    """
    CREATE TABLE digest_line (
      account INTEGER NOT NULL REFERENCES account (id), entry INTEGER NOT NULL REFERENCES entry (id),
      PRIMARY KEY (account, entry)
    ) STRICT
    """,
  ]

  private static let deliveries = [
    """
    CREATE TABLE delivery (
      id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, account INTEGER REFERENCES account (id), stranger TEXT,
      lane INTEGER NOT NULL, thread INTEGER REFERENCES thread (id), entry INTEGER REFERENCES entry (id),
      reply_target TEXT NOT NULL, facts TEXT NOT NULL, message_id TEXT UNIQUE, in_reply_to TEXT,
      message_references TEXT NOT NULL, created_at INTEGER NOT NULL, first_due_at INTEGER NOT NULL,
      due_at INTEGER NOT NULL, status TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
      CHECK ((account IS NULL) <> (stranger IS NULL))
    ) STRICT
    """,
    "CREATE INDEX delivery_waiting ON delivery (lane, due_at, id) WHERE status = 'waiting'",
    "CREATE INDEX delivery_next ON delivery (due_at) WHERE status = 'waiting'",
    "CREATE INDEX delivery_thread ON delivery (thread, account)",
    "CREATE INDEX delivery_entry ON delivery (entry)",
    "CREATE INDEX delivery_account ON delivery (account)",
    """
    CREATE TABLE delivery_event (
      id INTEGER PRIMARY KEY, delivery INTEGER NOT NULL REFERENCES delivery (id), at INTEGER NOT NULL,
      outcome TEXT NOT NULL, code INTEGER, status_code TEXT, words TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX delivery_event_delivery ON delivery_event (delivery)",
  ]

  /// A post to a thousand wrote to a thousand places of the index by Message-ID, and nobody asks by it: its key tells
  /// the row (`KeyRing.delivery`). What is due is found in `delivery_waiting`. SQLite drops no UNIQUE, so the table is
  /// made anew (sqlite.org, lang_altertable.html); numbers once given stay given. No text is shared with the table's
  /// first version: neither ever changes.
  private static let fewerIndexes = [
    """
    CREATE TABLE delivery_anew (
      id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, account INTEGER REFERENCES account (id), stranger TEXT,
      lane INTEGER NOT NULL, thread INTEGER REFERENCES thread (id), entry INTEGER REFERENCES entry (id),
      reply_target TEXT NOT NULL, facts TEXT NOT NULL, message_id TEXT, in_reply_to TEXT,
      message_references TEXT NOT NULL, created_at INTEGER NOT NULL, first_due_at INTEGER NOT NULL,
      due_at INTEGER NOT NULL, status TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
      CHECK ((account IS NULL) <> (stranger IS NULL))
    ) STRICT
    """,
    "INSERT INTO delivery_anew SELECT * FROM delivery",
    "DELETE FROM sqlite_sequence WHERE name = 'delivery_anew'",
    "UPDATE sqlite_sequence SET name = 'delivery_anew' WHERE name = 'delivery'",
    "DROP TABLE delivery",
    "ALTER TABLE delivery_anew RENAME TO delivery",
    "CREATE INDEX delivery_waiting ON delivery (lane, due_at, id) WHERE status = 'waiting'",
    "CREATE INDEX delivery_thread ON delivery (thread, account)",
    "CREATE INDEX delivery_entry ON delivery (entry)",
    "CREATE INDEX delivery_account ON delivery (account)",
  ]

  /// The standing only of accounts whose mail ever failed; the activation of those who were asked.
  private static let standings = [
    """
    CREATE TABLE address_standing (
      account INTEGER PRIMARY KEY REFERENCES account (id), state TEXT NOT NULL, score INTEGER NOT NULL, failure TEXT,
      failed_at INTEGER, is_told INTEGER NOT NULL DEFAULT 0, probed_at INTEGER
    ) STRICT
    """,
    """
    CREATE TABLE provider_hold (
      provider TEXT PRIMARY KEY, since INTEGER NOT NULL, reason TEXT NOT NULL, words TEXT NOT NULL,
      refusals INTEGER NOT NULL, probed_at INTEGER
    ) STRICT
    """,
    """
    CREATE TABLE activation (
      account INTEGER PRIMARY KEY REFERENCES account (id), state TEXT NOT NULL, since INTEGER NOT NULL
    ) STRICT
    """,
    "CREATE TABLE periodic_task (task TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT",
  ]

  /// What other mail servers reported of mail in the school's name; the same report comes more than once.
  private static let reports = [
    """
    CREATE TABLE authentication_report (
      id INTEGER PRIMARY KEY, kind TEXT NOT NULL, organisation TEXT NOT NULL, report_id TEXT NOT NULL,
      domain TEXT NOT NULL, begin_at INTEGER, end_at INTEGER, passed INTEGER NOT NULL, failed INTEGER NOT NULL,
      body TEXT NOT NULL, received_at INTEGER NOT NULL, UNIQUE (kind, organisation, report_id, domain)
    ) STRICT
    """,
    "CREATE INDEX authentication_report_received ON authentication_report (received_at)",
  ]

  /// What people settle for themselves, and who asked for all that is kept of them.
  private static let settings = [
    "ALTER TABLE account ADD COLUMN quiet_hours TEXT",
    "ALTER TABLE account ADD COLUMN stopped TEXT NOT NULL DEFAULT '[]'",
    "CREATE TABLE data_request (account INTEGER PRIMARY KEY REFERENCES account (id), at INTEGER NOT NULL) STRICT",
  ]
}
