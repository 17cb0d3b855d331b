"""Years of a school's mail, written into its store by SQL."""
import hashlib
import sqlite3
import time

from rig.school import TEACHER

TEXT = ('Beste juf Anna, ' + 'we komen morgen graag kijken bij de gymles en nemen dan ook de tas en het boek weer mee. ' * 4)
YEARS = 5 * 365 * 86_400_000

# :threads threads between a parent and the teacher, :entries entries taking turns over all threads, each by a mail that
# was handled and mailed on to the other of the two, accepted.
FILL = """
CREATE TEMP TABLE number AS
  WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < :entries) SELECT n FROM counted;
CREATE TEMP TABLE parent AS SELECT row_number() OVER (ORDER BY id) AS n, id FROM account WHERE id IN (SELECT account FROM carer);
CREATE TEMP TABLE talk AS
  SELECT number.n AS id, parent.id AS parent, (SELECT id FROM account WHERE address = :teacher) AS teacher
  FROM number JOIN parent ON parent.n = 1 + number.n % (SELECT count(*) FROM parent) WHERE number.n <= :threads;
CREATE TEMP TABLE word AS
  SELECT number.n AS id, 1 + (n - 1) % :threads AS thread, :begin + n * :step AS at, 'm' || n || '@history.test' AS mail,
    CASE WHEN (n - 1) / :threads % 2 THEN talk.teacher ELSE talk.parent END AS author,
    CASE WHEN (n - 1) / :threads % 2 THEN talk.parent ELSE talk.teacher END AS reader
  FROM number JOIN talk ON talk.id = 1 + (n - 1) % :threads;

INSERT INTO thread (id, kind, subject, author, opened_at) SELECT id, 'mailbox', 'Vraag ' || id, parent, :begin + id * :step FROM talk;
INSERT INTO thread_member (thread, account, position)
  SELECT id, parent, 0 FROM talk UNION ALL SELECT id, teacher, 1 FROM talk;
INSERT INTO entry (id, thread, author, sender, text, files, at, message_id)
  SELECT id, thread, author, author, :text || id, '[]', at, mail FROM word;
INSERT INTO inbound (id, digest, status, attempts, outcome, received_at, handled_at, raw_expired_at)
  SELECT id, digest(id), 'handled', 1, 'posted', at, at, at FROM word;
INSERT INTO inbound_source (mailbox, uid_validity, uid, inbound) SELECT 'INBOX', 1, id, id FROM word;
INSERT INTO handled_route (fingerprint, route, at) SELECT mail, 'thread ' || thread || ' of ' || author, at FROM word;
INSERT INTO delivery (id, kind, account, lane, thread, entry, reply_target, facts, message_id, message_references, created_at,
    first_due_at, due_at, status, attempts)
  SELECT id, 'mailbox-message', reader, 1, thread, id, '{"thread":{"_0":' || thread || '}}', '{}', digest(-id) || '@ouders.school.test',
    '[]', at, at, at, 'accepted', 1 FROM word;
INSERT INTO delivery_event (id, delivery, at, outcome, code, status_code, words)
  SELECT id, id, at + 500, 'accepted', 250, '2.0.0', 'taken' FROM word;
"""


def fill(school, threads, entries):
    """The school has people, and nothing else yet. Not durable while it writes: nobody serves it."""
    store = sqlite3.connect(school.folder / 'store' / 'postplein.sqlite', isolation_level=None)
    store.create_function('digest', 1, lambda number: hashlib.sha256(str(number).encode()).hexdigest(), deterministic=True)
    for sql in ('PRAGMA synchronous = OFF', 'PRAGMA cache_size = -1000000', 'PRAGMA temp_store = MEMORY', 'BEGIN'):
        store.execute(sql)
    values = {'threads': threads, 'entries': entries, 'teacher': TEACHER, 'text': TEXT, 'begin': int(time.time() * 1000) - YEARS,
              'step': YEARS // entries}
    for statement in FILL.split(';'):
        if statement.strip():
            store.execute(statement, values)
    store.execute('COMMIT')
    store.execute('PRAGMA wal_checkpoint(TRUNCATE)')
    store.close()
