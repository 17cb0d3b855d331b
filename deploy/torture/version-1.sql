-- The tables of the first version, as it made them: for a store that is older than the program.

CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
CREATE TABLE account (
  id INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT NOT NULL UNIQUE, new_address TEXT, language TEXT NOT NULL,
  digest TEXT NOT NULL, key_generation INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE school_group (id TEXT PRIMARY KEY, name TEXT NOT NULL, route_word TEXT NOT NULL) STRICT;
CREATE TABLE pupil (id TEXT PRIMARY KEY, name TEXT NOT NULL, group_ids TEXT NOT NULL) STRICT;
CREATE TABLE carer (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, account INTEGER NOT NULL REFERENCES account (id),
  authority TEXT NOT NULL
) STRICT;
CREATE TABLE staff (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, account INTEGER REFERENCES account (id), route_word TEXT NOT NULL,
  roles TEXT NOT NULL, group_ids TEXT NOT NULL
) STRICT;
CREATE TABLE directory_version (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL) STRICT;
CREATE TABLE inbound (
  id INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL UNIQUE, status TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  outcome TEXT, reason TEXT, received_at INTEGER NOT NULL, handled_at INTEGER
) STRICT;
CREATE TABLE inbound_source (
  mailbox TEXT NOT NULL, uid_validity INTEGER NOT NULL, uid INTEGER NOT NULL,
  inbound INTEGER NOT NULL REFERENCES inbound (id), PRIMARY KEY (mailbox, uid_validity, uid)
) STRICT;
CREATE TABLE handled_route (
  message_id TEXT NOT NULL, route TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (message_id, route)
) STRICT;
CREATE TABLE held (
  inbound INTEGER PRIMARY KEY REFERENCES inbound (id), account INTEGER NOT NULL REFERENCES account (id),
  reason TEXT NOT NULL, status TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
CREATE TABLE automatic_answer (
  recipient TEXT NOT NULL, word TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (recipient, word)
) STRICT;
CREATE TABLE thread (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, subject TEXT NOT NULL,
  author INTEGER NOT NULL REFERENCES account (id), audience TEXT, about INTEGER REFERENCES thread (id),
  opened_at INTEGER NOT NULL
) STRICT;
CREATE TABLE thread_member (
  thread INTEGER NOT NULL REFERENCES thread (id), account INTEGER NOT NULL REFERENCES account (id),
  position INTEGER NOT NULL, PRIMARY KEY (thread, account)
) STRICT;
CREATE TABLE entry (
  id INTEGER PRIMARY KEY AUTOINCREMENT, thread INTEGER NOT NULL REFERENCES thread (id),
  author INTEGER NOT NULL REFERENCES account (id), sender INTEGER NOT NULL REFERENCES account (id),
  text TEXT NOT NULL, files TEXT NOT NULL, origin TEXT,
  is_retracted INTEGER NOT NULL DEFAULT 0, at INTEGER NOT NULL, message_id TEXT
) STRICT;
CREATE TABLE seen (
  thread INTEGER NOT NULL REFERENCES thread (id), account INTEGER NOT NULL REFERENCES account (id),
  at INTEGER NOT NULL, PRIMARY KEY (thread, account)
) STRICT;
CREATE TABLE digest_line (
  account INTEGER NOT NULL REFERENCES account (id), entry INTEGER NOT NULL REFERENCES entry (id),
  PRIMARY KEY (account, entry)
) STRICT;
CREATE TABLE delivery (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, account INTEGER REFERENCES account (id), stranger TEXT,
  lane INTEGER NOT NULL, thread INTEGER REFERENCES thread (id), entry INTEGER REFERENCES entry (id),
  reply_target TEXT NOT NULL, facts TEXT NOT NULL, message_id TEXT UNIQUE, in_reply_to TEXT,
  message_references TEXT NOT NULL, created_at INTEGER NOT NULL, first_due_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL, status TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
  CHECK ((account IS NULL) <> (stranger IS NULL))
) STRICT;
CREATE TABLE delivery_event (
  id INTEGER PRIMARY KEY, delivery INTEGER NOT NULL REFERENCES delivery (id), at INTEGER NOT NULL,
  outcome TEXT NOT NULL, code INTEGER, status_code TEXT, words TEXT NOT NULL
) STRICT;
CREATE TABLE authentication_report (
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, organisation TEXT NOT NULL, report_id TEXT NOT NULL,
  domain TEXT NOT NULL, begin_at INTEGER, end_at INTEGER, passed INTEGER NOT NULL, failed INTEGER NOT NULL,
  body TEXT NOT NULL, received_at INTEGER NOT NULL, UNIQUE (kind, organisation, report_id, domain)
) STRICT;
CREATE TABLE address_standing (
  account INTEGER PRIMARY KEY REFERENCES account (id), state TEXT NOT NULL, score INTEGER NOT NULL, failure TEXT,
  failed_at INTEGER, is_told INTEGER NOT NULL DEFAULT 0, probed_at INTEGER
) STRICT;
CREATE TABLE provider_hold (
  provider TEXT PRIMARY KEY, since INTEGER NOT NULL, reason TEXT NOT NULL, words TEXT NOT NULL,
  refusals INTEGER NOT NULL, probed_at INTEGER
) STRICT;
CREATE TABLE activation (
  account INTEGER PRIMARY KEY REFERENCES account (id), state TEXT NOT NULL, since INTEGER NOT NULL
) STRICT;
CREATE TABLE periodic_task (task TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;
CREATE TRIGGER account_insert AFTER INSERT ON account
BEGIN UPDATE directory_version SET version = version + 1; END;
CREATE TRIGGER account_update AFTER UPDATE ON account
BEGIN UPDATE directory_version SET version = version + 1; END;
CREATE TRIGGER account_delete AFTER DELETE ON account
BEGIN UPDATE directory_version SET version = version + 1; END;
CREATE TRIGGER school_group_insert AFTER INSERT ON school_group
BEGIN UPDATE directory_version SET version = version + 1; END;
CREATE TRIGGER school_group_update AFTER UPDATE ON school_group
BEGIN UPDATE directory_version SET version = version + 1; END;
CREATE TRIGGER school_group_delete AFTER DELETE ON school_group
BEGIN UPDATE directory_version SET version = version + 1; END;
CREATE TRIGGER pupil_insert AFTER INSERT ON pupil
BEGIN UPDATE directory_version SET version = version + 1; END;
CREATE TRIGGER pupil_update AFTER UPDATE ON pupil
BEGIN UPDATE directory_version SET version = version + 1; END;
CREATE TRIGGER pupil_delete AFTER DELETE ON pupil
BEGIN UPDATE directory_version SET version = version + 1; END;
CREATE TRIGGER carer_insert AFTER INSERT ON carer
BEGIN UPDATE directory_version SET version = version + 1; END;
CREATE TRIGGER carer_update AFTER UPDATE ON carer
BEGIN UPDATE directory_version SET version = version + 1; END;
CREATE TRIGGER carer_delete AFTER DELETE ON carer
BEGIN UPDATE directory_version SET version = version + 1; END;
CREATE TRIGGER staff_insert AFTER INSERT ON staff
BEGIN UPDATE directory_version SET version = version + 1; END;
CREATE TRIGGER staff_update AFTER UPDATE ON staff
BEGIN UPDATE directory_version SET version = version + 1; END;
CREATE TRIGGER staff_delete AFTER DELETE ON staff
BEGIN UPDATE directory_version SET version = version + 1; END;
CREATE INDEX inbound_waiting ON inbound (id) WHERE status = 'waiting';
CREATE INDEX held_waiting ON held (account) WHERE status = 'held';
CREATE INDEX thread_urgent ON thread (opened_at) WHERE kind = 'urgent';
CREATE INDEX thread_about ON thread (about) WHERE about IS NOT NULL;
CREATE INDEX thread_member_account ON thread_member (account);
CREATE INDEX entry_thread ON entry (thread);
CREATE INDEX entry_message_id ON entry (message_id) WHERE message_id IS NOT NULL;
CREATE INDEX delivery_waiting ON delivery (lane, due_at, id) WHERE status = 'waiting';
CREATE INDEX delivery_next ON delivery (due_at) WHERE status = 'waiting';
CREATE INDEX delivery_thread ON delivery (thread, account);
CREATE INDEX delivery_entry ON delivery (entry);
CREATE INDEX delivery_account ON delivery (account);
CREATE INDEX delivery_event_delivery ON delivery_event (delivery);
CREATE INDEX authentication_report_received ON authentication_report (received_at);
INSERT INTO directory_version (id, version) VALUES (1, 1);
INSERT INTO grdb_migrations (identifier) VALUES ('1');
