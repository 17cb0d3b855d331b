"""What must be noticed: for each invariant somebody breaks it on purpose, and it must say so. Else it would hold of
anything."""
import contextlib
import itertools
import shutil
import sqlite3
import time

from rig.school import GATEWAY, TEACHER, School
from torture import servers
from torture.boxes import read
from torture.invariants import HANDLED, INVARIANTS, MANY, View
from torture.letters import opening
from torture.world import UNWRITTEN, Broken


def faults(some):
    yield 'control: each invariant broken on purpose', broken_on_purpose, some(1, 1), {}
    yield 'control: a gateway that waits an hour', servers.waits_for_ever, some(1, 0), {'wires': True, 'is_lost': True}
    yield 'control: acknowledged before stored', acknowledged_first, some(2, 1), {'is_lost': True}


def acknowledged_first(world, times):
    """A gateway that moves mail away before it stores it must lose some, and must be seen to."""
    for _ in range(times):
        for _ in range(3):
            world.write()
        world.serve(POSTPLEIN_CONTROL='acknowledge-first', POSTPLEIN_FAILPOINT='kept:1')
        if not world.wait_for_death():
            raise Broken('the control did not die')
    world.serve()
    deadline = time.monotonic() + 20
    while world.boxes.files(GATEWAY) and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(1)
    try:
        world.verdict()
    except Broken as broken:
        world.note = f'the control was caught: {broken}'
        return times
    raise Broken('mail was acknowledged before it was stored, and nobody noticed')


def broken_on_purpose(world, times):
    """A school with some of everything; then one thing at a time is wrong, and put right again."""
    world.serve()
    with_file = next(marker for marker in map('merk-{:016x}'.format, itertools.count())
                     if opening(marker, School.parent(0), 'postvak.anna', world.families).size)
    for route in ('nieuws', 'nieuws', 'spoed', 'schoolplein.klas0'):
        world.write(TEACHER, route)
    world.write(School.parent(0), 'postvak.anna', with_file)
    world.write(School.parent(1), 'postvak.anna')
    world.settle()
    world.school.stop()
    world.verdict()
    for title, tamper in TAMPERS:
        with tamper(world):
            notice(world, title)
    if missing := INVARIANTS.keys() - {title for title, _ in TAMPERS}:
        raise Broken(f'nobody broke these: {", ".join(missing)}')
    world.note = f'{len(TAMPERS)} controls were caught'
    return len(TAMPERS)


def notice(world, title):
    world.boxes.forget()
    try:
        INVARIANTS[title](View(world))
    except Broken:
        return
    except sqlite3.DatabaseError:
        if title == 'the database is whole':
            return
        raise
    finally:
        world.boxes.forget()
    raise Broken(f'nobody noticed: {title}')


def database(world):
    return world.school.folder / 'store/postplein.sqlite'


def sql(statement):
    """The store says something else."""
    @contextlib.contextmanager
    def tamper(world):
        file = database(world)
        with kept(file):
            store = sqlite3.connect(file)
            with store:
                if not store.execute(statement).rowcount:
                    raise Broken(f'a control changed nothing: {statement}')
            store.close()
            yield
    return tamper


@contextlib.contextmanager
def kept(file):
    """The file is put back as it was."""
    copy = file.with_name(f'kept-{file.name}')
    shutil.copy(file, copy)
    try:
        yield
    finally:
        for suffix in ('-wal', '-shm'):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        copy.replace(file)


@contextlib.contextmanager
def damaged_pages(world):
    """The header is whole."""
    file = database(world)
    with kept(file):
        octets = bytearray(file.read_bytes())
        for place in range(4096, len(octets) - 512, 4096):
            octets[place:place + 512] = world.random.randbytes(512)
        file.write_bytes(octets)
        yield


def flipped(find):
    """One octet of a file is another."""
    @contextlib.contextmanager
    def tamper(world):
        file = find(world)
        octets = file.read_bytes()
        place = octets.rindex(b'A') if b'A' in octets else len(octets) // 2
        file.write_bytes(octets[:place] + bytes([octets[place] ^ 1]) + octets[place + 1:])
        try:
            yield
        finally:
            file.write_bytes(octets)
    return tamper


def moved(find, to=lambda world: world.folder):
    @contextlib.contextmanager
    def tamper(world):
        file = find(world)
        place = file.rename(to(world) / 'moved.test')
        try:
            yield
        finally:
            place.rename(file)
    return tamper


def copied(find, to=None, change=lambda octets: octets, times=1, deaths=()):
    """A mail lies in a box once more; `deaths` are how many mails each may have caught, just when it was accepted."""
    @contextlib.contextmanager
    def tamper(world):
        files, before = find(world), world.deaths
        files = files if isinstance(files, list) else [files]
        copies = [(to(world) if to else file.parent) / f'copied-{number}-{file.name}' for file in files for number in range(times)]
        for place, copy in enumerate(copies):
            octets = files[place // times].read_bytes()
            # The server took each of them.
            copy.write_bytes(change(octets).replace(read(octets).taken_as.encode(), f'COPY{place}'.encode(), 1))
        world.deaths = [(read(files[0].read_bytes()).accepted, most, 'death') for most in deaths]
        try:
            yield
        finally:
            world.deaths = before
            for copy in copies:
                copy.unlink()
    return tamper


def mail(number=0, person=School.parent(0)):
    return lambda world: world.boxes.files(person)[number]


def handled_mail(world):
    return world.boxes.files(GATEWAY, HANDLED)[0]


def letter_with_file(world):
    return next(file for file in world.boxes.files(TEACHER) if read(file.read_bytes()).files)


def renamed(octets):
    return octets.replace(b'Message-ID: <', b'Message-ID: <another', 1)


def raw_mail(world):
    return next((world.school.folder / 'store/messages').rglob('*.eml'))


def kept_file(world):
    return next(file for file in (world.school.folder / 'store/files').rglob('*') if file.is_file())


TAMPERS = [
    ('a mail that came in is one entry', sql('DELETE FROM entry WHERE id = (SELECT max(id) FROM entry)')),
    ('a mail that came in is one entry', sql("""INSERT INTO entry (thread, author, sender, text, files, at, message_id)
        SELECT thread, author, sender, text, files, at, 'again@' || message_id FROM entry WHERE id = 1""")),
    ('in the name of who wrote it', sql('UPDATE entry SET author = (SELECT max(id) FROM account) WHERE id = 1')),
    ('in its own thread, or the one it answers', sql('UPDATE entry SET thread = (SELECT max(thread) FROM entry)')),
    ('in its own thread, or the one it answers', sql("""INSERT INTO thread_member (thread, account, position)
        SELECT min(thread), (SELECT id FROM account WHERE address = 'dirk@school.test'), 9 FROM thread_member""")),
    ('and is filed as handled', sql("UPDATE inbound SET status = 'set-aside' WHERE id = 1")),
    ('and is filed as handled', moved(handled_mail)),
    ('and is filed as handled', moved(handled_mail, lambda world: world.boxes.maildir(GATEWAY) / 'new')),
    ('all who are due a mail have it', moved(mail())),
    ('under one Message-ID', copied(mail(), change=renamed)),
    ('and nobody else', copied(letter_with_file, to=lambda world: world.boxes.maildir(School.parent(1)) / 'new')),
    ('the outbox tells what arrived', moved(mail(0, TEACHER))),
    ('the outbox tells what arrived', sql("UPDATE delivery SET status = 'cancelled' WHERE id = 1")),
    ('a mail comes again by a death alone', copied(mail())),
    ('a mail comes again by a death alone', copied(mail(), times=2, deaths=[UNWRITTEN])),
    ('a mail comes again by a death alone', copied(lambda world: world.boxes.files(School.parent(0))[:2], deaths=[1])),
    ('and less often than there are deaths',
     copied(lambda world: world.boxes.files(School.parent(0))[:4], times=20, deaths=[UNWRITTEN] * 20)),
    ('and less often than there are deaths',
     copied(lambda world: world.boxes.files(School.parent(0))[:4], times=MANY, deaths=[UNWRITTEN] * MANY)),
    ('the database is whole', damaged_pages),
    ('the database is whole', sql('UPDATE thread_member SET account = 4711 WHERE position = 1')),
    ('raw mails are whole', flipped(raw_mail)),
    ('raw mails are whole', moved(raw_mail)),
    ('files are whole, and arrive', flipped(kept_file)),
    ('files are whole, and arrive', moved(kept_file)),
    ('files are whole, and arrive', flipped(letter_with_file)),
    ('files are whole, and arrive', sql("UPDATE entry SET files = '[]' WHERE files <> '[]'")),
]
