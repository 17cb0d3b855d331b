"""A school between a Dovecot of its own and a sink: what a benchmark of the running gateway needs."""
import itertools
import json
import os
import subprocess
import tempfile
import time
from pathlib import Path

from rig.school import DOMAIN, GATEWAY, TEACHER, School, program
from rig.sinks import FastSink

HERE = Path(__file__).resolve().parent
# What our own server says of who logged in; see deploy/mail-servers.
PROVEN = 'Authentication-Results: mail.school.test; auth=pass smtp.auth={}\r\n'


class Inbox:
    """A maildir of Dovecot, into which mails are laid as a server that delivers there would."""

    def __init__(self, maildir):
        self.maildir, self.numbers = Path(maildir), itertools.count()

    def put(self, mail):
        """The instant (CLOCK_MONOTONIC) at which it was there."""
        name = f'{time.time():.6f}.{next(self.numbers)}.bench'
        path = self.maildir / 'tmp' / name
        path.write_bytes(mail)
        path.chmod(0o666)
        path.rename(self.maildir / 'new' / name)
        return time.monotonic()

    def count(self):
        return sum(len(os.listdir(self.maildir / part)) for part in ('new', 'cur'))


class Stage:
    def __init__(self, families, *, latency=0, connections=16, group=100, school=None, users=()):
        self.place = tempfile.TemporaryDirectory(prefix='bench-')
        folder = Path(self.place.name)
        folder.chmod(0o755)  # the servers have users of their own
        (folder / 'sink').mkdir()
        self.sink = FastSink(folder / 'sink', latency)
        (folder / 'users').write_text(''.join(f'{user} secret\n' for user in users))
        self.servers = subprocess.Popen(
            [HERE.parent / 'mail-servers', 'start', folder / 'mail', '--with-parent', '--gateway', f'{GATEWAY}=secret',
             '--users', folder / 'users', '--catch-all', DOMAIN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ports = json.loads(self.servers.stdout.readline())
        self.inbox = self.inbox_of(GATEWAY)
        # One file of both authorities: the servers have each their own.
        ca = folder / 'ca.pem'
        ca.write_text(Path(self.ports['ca']).read_text() + self.sink.ca.read_text())
        at = school or folder / 'school'
        is_new = not at.exists()
        self.school = School(at, program(), families, imap=self.ports['imaps'], smtp=self.sink.port, ca=ca,
                             connections=connections, group=group)
        if is_new:
            self.school.populate()

    def inbox_of(self, user):
        name, domain = user.split('@')
        return Inbox(Path(self.ports['mail']) / domain / name / 'Maildir')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.school.stop()
        self.servers.terminate()
        self.servers.wait(20)
        self.sink.stop()
        self.place.cleanup()

    def serve(self):
        """Seconds until the gateway watches its mailbox."""
        log = self.school.log_path
        log.touch()
        with open(log) as lines:
            lines.seek(0, os.SEEK_END)
            begun = time.monotonic()
            self.school.serve()
            said = ''
            while 'mailbox open' not in said:
                if self.school.gateway.poll() is not None or time.monotonic() > begun + 60:
                    raise SystemExit(f'the gateway does not serve; see {log}: {said}')
                time.sleep(0.002)
                said += lines.read()
        return time.monotonic() - begun

    def reply_addresses(self, route='nieuws', readers=None):
        """Publishes once, and tells where each parent would answer that."""
        readers = readers or self.school.families
        before = self.sink.count()
        self.school.publish(route, 'Naar het bos', 'Morgen gaan we naar het bos.')
        self.school.serve()
        self.wait_for(lambda: self.sink.count() >= before + readers, 'the news was not sent')
        self.school.stop()
        return {to: reply for _, to, _, reply, _ in self.sink.accepted() if to != TEACHER}

    def wait_for(self, condition, words, seconds=180, pause=0.05):
        deadline = time.monotonic() + seconds
        while not condition():
            gateway = self.school.gateway
            if time.monotonic() > deadline or (gateway and gateway.poll() is not None):
                log = self.school.log_path.read_text()[-1500:]
                raise SystemExit(f'{words}; the end of the log:\n{log}')
            time.sleep(pause)


def teachers_mail(route, subject, text):
    """As it lies in the gateway's inbox."""
    head = (f'X-Original-To: {route}@{DOMAIN}\r\n' + PROVEN.format(TEACHER)
            + f'From: Anna Juf <{TEACHER}>\r\nTo: {route}@{DOMAIN}\r\nSubject: {subject}\r\n'
            f'Message-ID: <{time.monotonic_ns()}@client.test>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n')
    return (head + text + '\r\n').encode()
