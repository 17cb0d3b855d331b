"""What one would write in an afternoon: IMAP to SQLite, a mail at a time, as durable as the gateway's intake.

    intake_loop.py PORT USER CA FOLDER
"""
import email
import email.policy
import hashlib
import imaplib
import os
import sqlite3
import ssl
import sys
from pathlib import Path


def keep(folder, octets):
    """Named by its digest, whole or not there at all, and durable; as what is in it."""
    name = hashlib.sha256(octets).hexdigest()
    path = folder / name[:2]
    if not path.exists():
        path.mkdir(parents=True)
        sync(folder)
    with open(path / f'.{name}', 'wb') as file:
        file.write(octets)
        file.flush()
        os.fsync(file.fileno())
    (path / f'.{name}').rename(path / name)
    sync(path)
    return name


def sync(folder):
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def thread_of(store, message):
    for identifier in [message['In-Reply-To'], *reversed((message['References'] or '').split())]:
        found = store.execute('SELECT thread FROM entry WHERE message_id = ?', (identifier,)).fetchone()
        if found:
            return found[0]
    return store.execute('INSERT INTO thread (subject) VALUES (?)', (message['Subject'],)).lastrowid


def take(store, folder, octets):
    name = keep(folder / 'messages', octets)
    message = email.message_from_bytes(octets, policy=email.policy.default)
    body = message.get_body(('plain', 'html'))
    files = [keep(folder / 'files', part.get_content()) for part in message.iter_attachments()]
    with store:
        thread = thread_of(store, message)
        store.execute('INSERT INTO entry (thread, sender, text, files, message_id, raw) VALUES (?, ?, ?, ?, ?, ?)',
                      (thread, message['From'], body.get_content(), ' '.join(files), message['Message-ID'], name))


def main(port, user, ca, folder):
    folder = Path(folder)
    folder.mkdir()
    store = sqlite3.connect(folder / 'store.sqlite')
    store.executescript("""
        PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
        CREATE TABLE thread (id INTEGER PRIMARY KEY, subject TEXT);
        CREATE TABLE entry (id INTEGER PRIMARY KEY, thread INTEGER, sender TEXT, text TEXT, files TEXT, message_id TEXT, raw TEXT);
        CREATE INDEX entry_message_id ON entry (message_id);""")
    server = imaplib.IMAP4_SSL('localhost', int(port), ssl_context=ssl.create_default_context(cafile=ca))
    server.login(user, 'secret')
    server.create('Handled')
    server.select('INBOX')
    for uid in server.uid('SEARCH', 'UNDELETED')[1][0].split():
        take(store, folder, server.uid('FETCH', uid, '(BODY.PEEK[])')[1][0][1])
        server.uid('MOVE', uid, 'Handled')
    server.logout()


main(*sys.argv[1:])
