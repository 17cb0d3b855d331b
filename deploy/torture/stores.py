"""Mailboxes and stores that are not what they were: renumbered, doubled, very full, old, damaged."""
import contextlib
import itertools
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

from rig.school import GATEWAY, School
from torture import clocks
from torture.invariants import HANDLED
from torture.letters import opening
from torture.world import Broken


def faults(some):
    yield 'UIDVALIDITY changed', uid_validity, some(10, 1), {}
    yield 'the same mail twice, and by two folders', twice, some(20, 2), {}
    yield 'the clock a day forward and back', clocks.jumps, some(5, 1), {}
    yield 'thousands of mails in the inbox at start', crowd, some(5000, 150), {}
    yield 'a store of the first version, and the one before', old_version, some(4, 1), {}
    yield 'backups under load', backups, some(20, 2), {}
    yield 'a damaged database, and a backup', damaged_database, some(5, 1), {}
    yield 'a damaged raw mail', damaged_mail, some(10, 1), {}


def uid_validity(world, times):
    """The server forgets its numbering; what was handled before is in the inbox again under new numbers. Each second time
    the gateway sees it happen."""
    for number in range(times):
        for _ in range(3):
            world.write()
        world.serve()
        time.sleep(world.random.uniform(0, 1))
        if number % 2 == 0:
            world.crash()
        world.server('stop-imap')
        inbox, handled = world.boxes.maildir(GATEWAY), world.boxes.maildir(GATEWAY, HANDLED)
        again = [file.read_bytes() for file in world.boxes.files(GATEWAY, HANDLED)]
        for folder in (inbox, handled):
            for file in folder.glob('dovecot*'):
                file.unlink()
        for octets in again:
            world.lay(octets, name='again')
        world.server('start-imap')
        if not world.school.gateway:
            world.serve()
        world.settle()
        world.school.stop()
    return times


def twice(world, times):
    """By the sender's own server, which repeats it, and by a copy that somebody moved back to the inbox."""
    world.serve()
    for _ in range(times):
        world.write(marker=world.write())
        world.settle()
        for file in world.boxes.files(GATEWAY, HANDLED)[-2:]:
            world.lay(file.read_bytes(), name='back')
        world.settle()
    return times


def crowd(world, times):
    """As after a weekend without a gateway."""
    # The same mail but for the marker, so without a file.
    letters = itertools.filterfalse(lambda letter: letter.size, (
        opening(f'merk-{world.random.getrandbits(64):016x}', School.parent(0), 'postvak.anna', world.families) for _ in itertools.count()))
    model = world.write(School.parent(0), 'postvak.anna', next(letters).marker)
    world.serve()
    world.settle()
    world.school.stop()
    raw = next(octets for octets in map(Path.read_bytes, world.boxes.files(GATEWAY, HANDLED)) if model.encode() in octets)
    for letter in itertools.islice(letters, times):
        world.lay(raw.replace(model.encode(), letter.marker.encode()), name='crowd')
        world.sent[letter.marker] = letter
    world.serve()
    world.settle(60 + times // 10)
    return times


# The last migration, and what takes it back.
LAST = ('last mail to a former address', 'ALTER TABLE account DROP COLUMN last_to_former_address')


def old_version(world, times):
    """What the version before or the first one wrote, with all that waits in it, is brought up to date and gone on with."""
    for number in range(times):
        world.write()
        world.serve()
        world.settle()
        world.school.stop()
        file = world.school.folder / 'store/postplein.sqlite'
        if number % 2 == 0:
            go_back(file)
        else:
            rewrite(file, Path(__file__).with_name('version-1.sql').read_text())
        world.write()
        world.serve()
        world.settle()
        world.school.stop()
    return times


def go_back(file):
    with contextlib.closing(sqlite3.connect(file)) as store, store:
        (last,), = store.execute('SELECT identifier FROM grdb_migrations ORDER BY rowid DESC LIMIT 1')
        if last != LAST[0]:
            raise Broken(f'the last migration is "{last}": say how it is taken back')
        store.execute(LAST[1])
        store.execute('DELETE FROM grdb_migrations WHERE identifier = ?', (last,))


# What a column is called today.
RENAMED = {('handled_route', 'message_id'): 'fingerprint'}


def rewrite(file, schema):
    """The same rows in older tables."""
    old = file.with_name('old.sqlite')
    store = sqlite3.connect(old)
    store.executescript(schema)
    store.execute('ATTACH ? AS new', (str(file),))
    with store:
        tables = store.execute("SELECT name FROM main.sqlite_master WHERE type = 'table' AND name <> 'grdb_migrations'").fetchall()
        # Those that count what the others do come last.
        for (table,) in sorted(tables, key=lambda row: row[0] in ('sqlite_sequence', 'directory_version')):
            columns = [row[1] for row in store.execute(f'PRAGMA main.table_info({table})')]
            of_today = ', '.join(RENAMED.get((table, column), column) for column in columns)
            store.execute(f'DELETE FROM main.{table}')
            store.execute(f'INSERT INTO main.{table} ({", ".join(columns)}) SELECT {of_today} FROM new.{table}')
    store.close()
    for suffix in ('-wal', '-shm'):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    old.rename(file)


def damaged_mail(world, times):
    """A raw mail that is not what was written is fetched again from the inbox, or set aside where it lies there no more."""
    for number in range(times):
        marker = world.write()
        world.serve(POSTPLEIN_FAILPOINT='recorded:1')
        if not world.wait_for_death():
            raise Broken('the mail was not recorded')
        (digest,), = world.school.query("SELECT digest FROM inbound WHERE status = 'waiting'")
        file = world.school.folder / f'store/messages/{digest[:2]}/{digest}.eml'
        octets = bytearray(file.read_bytes())
        octets[world.random.randrange(len(octets))] ^= 0xFF
        file.write_bytes(octets)
        said = subprocess.run([world.school.binary, 'store', 'verify', '--school', world.school.folder], capture_output=True, text=True)
        if said.returncode != 1 or digest not in said.stdout:
            raise Broken('store verify does not tell of the damaged mail')
        if number % 2 == 0:
            for copy in world.boxes.files(GATEWAY):
                copy.unlink()
            world.left.add(marker)
        world.write()
        world.serve()
        world.settle()
        world.school.stop()
        if world.count("SELECT count(*) FROM inbound WHERE outcome = 'damaged'") != len(world.left):
            raise Broken('the damaged mails are not those that are set aside')
    return times


def backups(world, times):
    """Each is sound, however busy the gateway is, and gives a school that goes on."""
    world.serve()
    world.busy()
    backup = world.folder / f'backup-{world.random.getrandbits(32)}'
    for _ in range(times):
        time.sleep(world.random.uniform(0.2, 1))
        world.school.run('store', 'backup', backup, '--school', world.school.folder)
        world.school.run('store', 'verify', '--school', backup)
    world.rest()
    world.settle(120)
    world.school.run('store', 'verify', '--school', world.school.folder)
    return times


def damaged_database(world, times):
    """Found, said, and put right by a backup; mail that came in after that stays in the inbox until then."""
    for number in range(times):
        world.write()
        world.serve()
        world.settle()
        # Then the backup: of a mail that left after it, as a receipt may by itself, the store that comes back knows nothing.
        world.school.stop()
        backup = world.folder / f'backup-{number}'
        world.school.run('store', 'backup', backup, '--school', world.school.folder)
        file = world.school.folder / 'store/postplein.sqlite'
        for suffix in ('-wal', '-shm'):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        spoil(file, world.random)
        world.write()
        told = world.school.log_path.stat().st_size
        gateway = world.serve()
        deadline = time.monotonic() + 20
        while b'school not served' not in world.school.log_path.read_bytes()[told:]:
            if gateway.poll() is not None:
                raise Broken('a damaged database ended the gateway')
            if time.monotonic() > deadline:
                raise Broken('nobody was told of the damage')
            time.sleep(0.05)
        # It tries again after a second, and then two.
        time.sleep(2)
        if len(world.boxes.files(GATEWAY)) != 1:
            raise Broken('a mail was taken out of the inbox of a damaged store')
        said = subprocess.run([world.school.binary, 'store', 'backup', backup, '--school', world.school.folder], capture_output=True)
        if said.returncode == 0:
            raise Broken('a damaged store took the place of its backup')
        world.school.stop(signal.SIGKILL)
        world.school.run('store', 'restore', backup, '--reread', '--school', world.school.folder)
        world.serve()
        world.settle()
        world.school.stop()
    return times


def spoil(file, random):
    """One page, as a disk does it: the root of a table or an index, so that SQLite's header stays whole."""
    with sqlite3.connect(file) as store:
        roots = [root for (root,) in store.execute('SELECT rootpage FROM sqlite_master WHERE rootpage > 1')]
        size = store.execute('PRAGMA page_size').fetchone()[0]
    store.close()
    for suffix in ('-wal', '-shm'):
        file.with_name(file.name + suffix).unlink(missing_ok=True)
    with open(file, 'r+b') as octets:
        octets.seek((random.choice(roots) - 1) * size)
        octets.write(b'\xa5' * 64)
