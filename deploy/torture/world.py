"""One school under load on real servers, and the invariants, looked at from outside: by files and SQL alone."""
import collections
import hashlib
import json
import random
import re
import signal
import smtplib
import sqlite3
import ssl
import subprocess
import threading
import time
from email import message_from_bytes
from email.message import EmailMessage
from pathlib import Path

from rig.wires import MoodyServer, Wire
from rig.school import DOMAIN, GATEWAY, TEACHER, School

HERE = Path(__file__).resolve().parent
MARKER = re.compile(r'merk-[0-9a-f]{16}')
FAMILIES = 5
CONNECTIONS = 4
# These deaths are no mail's fault; after three a school would leave the mail to a person.
MANY_DEATHS = '  attempts: 10\n'


class Broken(Exception):
    """An invariant that did not hold."""


class World:
    """Dovecot, Postfix, a school of five families, and people who write to each other through its gateway."""

    def __init__(self, folder, binary, prepare=None, wires=False, moody=False, families=FAMILIES):
        """`prepare` is given the store's folder before there is one; `wires` puts one before each server; `moody` lets
        mail leave through a server that answers as it is told."""
        self.folder, self.random, self.families = Path(folder), random.Random(), families
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o755)
        self.sent, self.crashes, self.note = {}, 0, ''
        # Mails that one crash can catch between the server's answer and its being written down.
        self.unwritten = CONNECTIONS
        self.load = None
        passwords = {School.parent(n): 'secret' for n in range(families)} | {TEACHER: 'secret', 'dirk@school.test': 'secret'}
        users = self.folder / 'users'
        users.write_text(''.join(f'{address} {word}\n' for address, word in passwords.items()))
        self.servers = subprocess.Popen(
            [HERE.parent / 'mail-servers', 'start', self.folder / 'mail', '--with-parent', '--gateway', f'{GATEWAY}=secret',
             '--users', users, '--catch-all', DOMAIN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ports = json.loads(self.servers.stdout.readline())
        imap, smtp = self.ports['imaps'], self.ports['submissions']
        self.imap = self.smtp = None
        if wires:
            self.imap, self.smtp = Wire(imap), Wire(smtp)
            imap, smtp = self.imap.port, self.smtp.port
        self.certificates = {name: [str(self.folder / f'mail/tls/{name}.{kind}') for kind in ('pem', 'key')]
                             for name in ('trusted', 'untrusted')}
        if moody:
            self.smtp = MoodyServer(self.ports['smtp'], self.certificates['trusted'])
            smtp = self.smtp.port
        self.school = School(self.folder / 'school', binary, families, imap=imap, smtp=smtp, ca=self.ports['ca'], connections=CONNECTIONS,
                             extra=MANY_DEATHS)
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

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def server(self, command):
        """`kill-imap`, `start-smtp` and the like; see deploy/mail-servers."""
        self.servers.stdin.write(command + '\n')
        self.servers.stdin.flush()
        answer = json.loads(self.servers.stdout.readline())
        if 'error' in answer:
            raise Broken(f'{command}: {answer["error"]}')

    # The gateway

    def serve(self, prefix=(), **environment):
        return self.school.serve(prefix, **environment)

    def crash(self):
        self.crashes += 1
        self.school.stop(signal.SIGKILL)

    def wait_for_death(self, seconds=20):
        """Whether the gateway died by itself, as it was told to."""
        try:
            self.school.gateway.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        self.crashes += 1
        self.school.gateway = None
        return True

    # People

    def message(self, sender, route, marker):
        mail = EmailMessage()
        mail['From'], mail['To'], mail['Subject'] = sender, f'{route}@{DOMAIN}', f'Bericht {marker[-6:]}'
        mail['Message-ID'] = f'<{marker}@client.test>'
        mail.set_content(f'Beste school,\n\nDit is {marker}.\n')
        return mail

    def write(self, sender=None, route=None, marker=None):
        """A mail by somebody's own login; noted as sent once the server has it."""
        sender = sender or (TEACHER if self.random.random() < 0.25 else School.parent(self.random.randrange(self.families)))
        route = route or ('nieuws' if sender == TEACHER else 'postvak.anna')
        marker = marker or f'merk-{self.random.getrandbits(64):016x}'
        with smtplib.SMTP_SSL('localhost', self.ports['submissions'], context=self.tls, timeout=20) as server:
            server.login(sender, 'secret')
            server.send_message(self.message(sender, route, marker), sender, [f'{route}@{DOMAIN}'])
        self.sent[marker] = (sender, route)
        return marker

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

    def maildir(self, address, folder=None):
        name, domain = address.split('@')
        place = Path(self.ports['mail']) / domain / name / 'Maildir'
        return place / ('.' + folder.replace('/', '.')) if folder else place

    def files(self, address, folder=None):
        place = self.maildir(address, folder)
        return [file for part in ('new', 'cur') if (place / part).is_dir() for file in sorted((place / part).glob('*'))]

    def mails(self, address, folder=None):
        for file in self.files(address, folder):
            try:
                yield file.read_bytes()
            except FileNotFoundError:
                pass

    def count(self, sql):
        return self.school.count(sql)

    def is_quiet(self):
        inbox = sum(1 for _ in self.mails(GATEWAY))
        # Each mail is one entry, but for those that are left to a person.
        return (inbox == 0 and self.count('SELECT count(*) FROM entry') >= len(self.sent) - len(self.left)
                and not self.count("SELECT count(*) FROM inbound WHERE status = 'waiting'")
                and not self.count("SELECT count(*) FROM delivery WHERE status = 'waiting'"))

    def settle(self, seconds=60):
        """Waits until nothing is under way any more."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                if self.is_quiet() and self.arrived():
                    return
            except sqlite3.OperationalError:
                pass
            if self.school.gateway and self.school.gateway.poll() is not None:
                raise Broken(f'the gateway ended by itself; see {self.school.log_path}')
            if time.monotonic() > deadline:
                inbox = sum(1 for _ in self.mails(GATEWAY))
                waiting = self.count("SELECT count(*) FROM delivery WHERE status = 'waiting'")
                entries = self.count('SELECT count(*) FROM entry')
                raise Broken(f'after {seconds} s {inbox} mails lie in the inbox, {waiting} wait to be sent, '
                             f'{entries} entries are there of {len(self.sent)}')
            time.sleep(0.05)

    def accepted(self):
        return self.school.query("""SELECT delivery.message_id, account.address FROM delivery JOIN account ON account.id = delivery.account
            WHERE delivery.status = 'accepted'""")

    def arrived(self):
        boxes = {}
        for identifier, address in self.accepted():
            if address not in boxes:
                boxes[address] = {self.identifier(mail) for mail in self.mails(address)}
            if identifier not in boxes[address]:
                return False
        return True

    @staticmethod
    def identifier(mail):
        return str(message_from_bytes(mail)['Message-ID'] or '').strip().strip('<>')

    # The invariants

    def verdict(self):
        """Raises `Broken` where a promise was not kept; else tells how much was looked at."""
        self.entries_once()
        doubles = self.mails_arrived()
        self.files_are_whole()
        return {'in': len(self.sent), 'out': len(self.accepted()), 'crashes': self.crashes, 'doubles': doubles}

    def entries_once(self):
        found = collections.Counter(MARKER.search(text)[0] for (text,) in self.school.query('SELECT text FROM entry') if MARKER.search(text))
        for marker in self.sent.keys() - self.left:
            if found[marker] != 1:
                raise Broken(f'{marker} stands in the store {found[marker]} times')
        aside = self.count("SELECT count(*) FROM inbound WHERE status <> 'handled'")
        if aside != len(self.left):
            raise Broken(f'{aside} mails are not handled')

    def mails_arrived(self):
        """Every parent that was due a mail has it: by the entries, not by what the outbox says of itself."""
        boxes = {School.parent(n): collections.Counter() for n in range(self.families)} | {TEACHER: collections.Counter()}
        markers = {address: collections.defaultdict(set) for address in boxes}
        for address, box in boxes.items():
            for mail in self.mails(address):
                box[self.identifier(mail)] += 1
                text = message_from_bytes(mail).get_payload(0) if message_from_bytes(mail).is_multipart() else message_from_bytes(mail)
                body = text.get_payload(decode=True) or b''
                if marker := MARKER.search(body.decode(errors='replace')):
                    markers[address][marker[0]].add(self.identifier(mail))
        missing = 0
        for marker, (_, route) in self.sent.items():
            if marker in self.left:
                continue
            due = [School.parent(n) for n in range(self.families)] if route == 'nieuws' else [TEACHER]
            missing += sum(1 for address in due if not markers[address][marker])
        if missing != self.refused:
            raise Broken(f'{missing} mails did not reach who was due them')
        per_address = collections.Counter(address for _, address in self.accepted() if address in boxes)
        for address, box in boxes.items():
            if len(box) != per_address[address]:
                raise Broken(f'{len(box)} mails arrived of {per_address[address]} that were accepted for one address')
        doubles = sum(count - 1 for box in boxes.values() for count in box.values())
        if doubles > self.crashes * self.unwritten:
            raise Broken(f'{doubles} mails came twice, in {self.crashes} crashes')
        return doubles

    def files_are_whole(self):
        store = self.school.folder / 'store'
        words = self.school.query('PRAGMA integrity_check')
        dangling = self.school.query('PRAGMA foreign_key_check')
        if words != [('ok',)] or dangling:
            raise Broken(f'SQLite: {words}, {len(dangling)} dangling references')
        for (digest,) in self.school.query("SELECT digest FROM inbound WHERE status = 'handled'"):
            file = store / 'messages' / digest[:2] / f'{digest}.eml'
            if not file.exists() or hashlib.sha256(file.read_bytes()).hexdigest() != digest:
                raise Broken(f'the raw mail {digest[:12]} is not what came in')
