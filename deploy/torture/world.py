"""One school under load on real servers: what happens to it, and what waits."""
import functools
import json
import os
import random
import shutil
import signal
import smtplib
import sqlite3
import ssl
import subprocess
import threading
import time
from pathlib import Path

from rig.school import DOMAIN, GATEWAY, TEACHER, School
from rig.wires import MoodyServer, Wire
from torture.boxes import Boxes
from torture.invariants import AIMED, Broken, judge
from torture.letters import any_letter, everybody, opening

HERE = Path(__file__).resolve().parent
FAMILIES = 5
CONNECTIONS = 4
# Mails whose acceptance one death can catch unwritten: one under way on each connection, and what waits to be written
# (`OutcomeWriter.most`).
UNWRITTEN = CONNECTIONS + 32
# The seconds that a gateway waits for a silent server, where it is told to wait so long: a debug build alone can be.
PATIENCE = 2
# These deaths are no mail's fault; after three a school would leave the mail to a person. What parents say is mailed on at
# once, and the mailbox looked at often.
SETTINGS = '  attempts: 10\nschoolyard:\n  undo-seconds: 0\n'
# Seconds after which Postfix is asked to look at its whole queue: a mail that it deferred while it still gave it out ("still
# being delivered" in its log) lies there until the next one comes. postqueue(1) does that, and then misses pickup(8).
NUDGE = 10


@functools.cache
def faults_library(folder):
    """See faults.c."""
    library = Path(folder) / 'faults.so'
    compiler = shutil.which('cc') or shutil.which('clang')
    subprocess.run([compiler, '-O2', '-shared', '-fPIC', '-o', library, HERE / 'faults.c', '-ldl'], check=True)
    return library


class World:
    """Dovecot, Postfix, a school of five families, and people who write to each other through its gateway."""

    def __init__(self, folder, binary, prepare=None, wires=False, moody=False, families=FAMILIES):
        """`prepare` is given the store's folder before there is one; `wires` puts one before each server; `moody` lets
        mail leave through a server that answers as it is told."""
        self.folder, self.random, self.people, self.families = Path(folder), random.Random(), random.Random(), families
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        # What was sent, and what may have been: the server died.
        self.sent, self.perhaps, self.note, self.load = {}, {}, '', None
        # When the gateway or a connection to the mail server died, how many mails that can have caught, and what it was.
        self.deaths = []
        self.doubles = self.most_doubles = 0
        passwords = {School.parent(n): 'secret' for n in range(families)} | {TEACHER: 'secret', 'dirk@school.test': 'secret'}
        users = self.folder / 'users'
        users.write_text(''.join(f'{address} {word}\n' for address, word in passwords.items()))
        self.servers = subprocess.Popen(
            [HERE.parent / 'mail-servers', 'start', self.folder / 'mail', '--with-parent', '--gateway', f'{GATEWAY}=secret',
             '--users', users, '--catch-all', DOMAIN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ports = json.loads(self.servers.stdout.readline())
        self.boxes = Boxes(self.ports['mail'])
        certificates = {name: [str(self.folder / f'mail/tls/{name}.{kind}') for kind in ('pem', 'key')]
                        for name in ('trusted', 'untrusted')}
        imap, smtp = self.ports['imaps'], self.ports['submissions']
        self.imap = self.smtp = None
        if wires:
            self.imap = Wire(imap, 'down', (1_000, 20_000), certificates['untrusted'], b'* OK ready\r\n')
            self.smtp = Wire(smtp, 'up', (600, 6_000), certificates['untrusted'], b'220 ready ESMTP\r\n')
            imap, smtp = self.imap.port, self.smtp.port
        if moody:
            self.smtp = MoodyServer(self.ports['smtp'], certificates['trusted'])
            smtp = self.smtp.port
        self.school = School(self.folder / 'school', binary, families, imap=imap, smtp=smtp, ca=self.ports['ca'], connections=CONNECTIONS,
                             poll=5, extra=SETTINGS)
        # Mails that were refused for good, or are left to a person: told apart from those that are lost.
        self.refused, self.left = 0, set()
        if prepare:
            prepare(self.school.folder / 'store')
        self.school.populate()
        self.tls = ssl.create_default_context(cafile=self.ports['ca'])

    def close(self):
        self.rest()
        self.school.stop(signal.SIGKILL)
        for wire in (self.imap, self.smtp):
            if wire:
                wire.close()
        self.servers.terminate()
        self.servers.wait(20)

    def server(self, command):
        """`kill-imap`, `start-smtp` and the like; see deploy/mail-servers."""
        self.servers.stdin.write(command + '\n')
        self.servers.stdin.flush()
        answer = json.loads(self.servers.stdout.readline())
        if 'error' in answer:
            raise Broken(f'{command}: {answer["error"]}')

    # The gateway

    def serve(self, fault=None, **environment):
        """With a fault of faults.c, where one is given; what it did then stands in `told`."""
        if fault:
            self.fault_log = self.folder / 'fault.log'
            self.fault_log.write_text('')
            environment |= {'LD_PRELOAD': str(faults_library(self.folder)), 'FAULT': fault, 'FAULT_LOG': str(self.fault_log)}
        return self.school.serve(**environment)

    @property
    def told(self):
        return self.fault_log.read_text().count('\n')

    def died(self, most=UNWRITTEN, what='death of the gateway'):
        self.deaths.append((time.time(), most, what))

    @property
    def losses(self):
        connections = [(at, 1, 'lost connection') for at in self.smtp.losses] if isinstance(self.smtp, Wire) else []
        return self.deaths + connections

    def crash(self):
        self.school.stop(signal.SIGKILL)
        self.died()

    def wait_for_death(self, seconds=20):
        """Whether the gateway died by itself, as it was told to."""
        try:
            self.school.gateway.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        if self.school.gateway.returncode != -signal.SIGKILL:
            raise Broken(f'the gateway ended by {self.school.gateway.returncode}; see {self.school.log_path}')
        self.died(what=AIMED)
        self.school.gateway = None
        return True

    def must_live(self, what):
        if self.school.gateway.poll() is not None:
            raise Broken(f'{what} ended the gateway; see {self.school.log_path}')

    # People

    def write(self, sender=None, route=None, marker=None):
        """A mail by somebody's own login; noted as sent once the server has it."""
        marker = marker or f'merk-{self.people.getrandbits(64):016x}'
        if marker in self.sent:
            letter = self.sent[marker]
        elif route:
            letter = opening(marker, sender or TEACHER, route, self.families)
        else:
            letter = any_letter(marker, self.people, self.families, self.letters_of)
        with smtplib.SMTP_SSL('localhost', self.ports['submissions'], context=self.tls, timeout=20) as server:
            server.login(letter.sender, 'secret')
            try:
                server.send_message(letter.message(), letter.sender, [letter.to])
            except (OSError, smtplib.SMTPException):
                # The server died: perhaps after it took the mail.
                self.perhaps[marker] = letter
                raise
        self.sent[marker] = letter
        return marker

    @property
    def addresses(self):
        return everybody(self.families) | {TEACHER}

    def letters_of(self, person):
        mails = [(mail, self.sent.get(next(iter(mail.markers)))) for mail in self.boxes.mails(person) if mail.is_of_person and mail.markers]
        return [(mail, letter) for mail, letter in mails if letter]

    def busy(self, pause=0.05):
        """People write until `rest`."""
        self.load = threading.Event()

        def work(stop):
            while not stop.is_set():
                try:
                    self.write()
                except (OSError, smtplib.SMTPException):
                    stop.wait(0.2)
                stop.wait(pause)

        self.worker = threading.Thread(target=work, args=(self.load,), daemon=True)
        self.worker.start()

    def rest(self):
        if self.load:
            self.load.set()
            self.worker.join()
            self.load = None

    # What is there

    def count(self, sql):
        return self.school.count(sql)

    def lay(self, octets, folder='new', name='laid'):
        """Lays a mail into the gateway's inbox, by way of tmp, as maildir(5) has it: the server takes what is in new at once."""
        inbox = self.boxes.maildir(GATEWAY)
        name = f'{int(time.time())}.{name}-{self.random.getrandbits(48)}.test'
        (inbox / 'tmp' / name).write_bytes(octets)
        about = inbox.stat()
        os.chown(inbox / 'tmp' / name, about.st_uid, about.st_gid)
        (inbox / 'tmp' / name).rename(inbox / folder / name)

    def is_quiet(self):
        # Each mail is one entry, but for those that are left to a person.
        return (not self.boxes.files(GATEWAY) and self.count('SELECT count(*) FROM entry') >= len(self.sent) - len(self.left)
                and not self.count("SELECT count(*) FROM inbound WHERE status = 'waiting'")
                and not self.count("SELECT count(*) FROM delivery WHERE status = 'waiting'"))

    def settle(self, seconds=60):
        """Waits until nothing is under way any more."""
        deadline, nudge = time.monotonic() + seconds, time.monotonic() + NUDGE
        while True:
            if time.monotonic() > nudge:
                subprocess.run(['/usr/sbin/postqueue', '-c', self.folder / 'mail/etc', '-f'], stderr=subprocess.DEVNULL)
                nudge += NUDGE
            try:
                if self.is_quiet() and self.arrived():
                    return
            except sqlite3.OperationalError:
                pass
            if self.school.gateway and self.school.gateway.poll() is not None:
                raise Broken(f'the gateway ended by itself; see {self.school.log_path}')
            if time.monotonic() > deadline:
                waiting = self.count("SELECT count(*) FROM delivery WHERE status = 'waiting'")
                entries = self.count('SELECT count(*) FROM entry')
                raise Broken(f'after {seconds} s {len(self.boxes.files(GATEWAY))} mails lie in the inbox, {waiting} wait to be sent, '
                             f'{entries} entries are there of {len(self.sent)}')
            time.sleep(0.05)

    def arrived(self):
        accepted = self.school.query("""SELECT delivery.message_id, address FROM delivery JOIN account ON account.id = account
            WHERE status = 'accepted'""")
        boxes = {address: {mail.identifier for mail in self.boxes.mails(address)} for address in {address for _, address in accepted}}
        return all(identifier in boxes[address] for identifier, address in accepted)

    def verdict(self):
        """Of each invariant how much was looked at.

        Raises `Broken` where one does not hold."""
        came = ' '.join(text for (text,) in self.school.query('SELECT text FROM entry'))
        self.sent |= {marker: letter for marker, letter in self.perhaps.items() if marker in came}
        return judge(self)
