"""A made-up school of any size in a folder, served by a gateway that runs as a process of its own."""
import csv
import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GATEWAY = 'school@school.test'
DOMAIN = 'ouders.school.test'
TEACHER = 'anna@school.test'
ENVIRONMENT = {**os.environ, 'POSTPLEIN_TEMPLATES': str(ROOT / 'templates')}


def program(kind='release'):
    """The program to measure or to torture: POSTPLEIN, else the build of that kind."""
    path = os.environ.get('POSTPLEIN', ROOT / f'.build/{kind}/postplein')
    if not os.access(path, os.X_OK):
        sys.exit(f'{path} is not there: swift build{" -c release --static-swift-stdlib" if kind == "release" else ""} --product postplein')
    return str(path)


class School:
    """One head teacher, one family a child, groups of a hundred children unless said otherwise. A folder that is there
    already keeps its people and its store."""

    def __init__(self, folder, binary, families, *, imap, smtp, ca, password='secret', connections=16, group=100, poll=60, extra=''):
        self.folder, self.binary, self.families, self.group = Path(folder), binary, families, group
        self.log_path = self.folder.with_suffix('.log')
        self.gateway = None
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.connections, self.imap, self.ca, self.poll, self.extra = connections, imap, ca, poll, extra
        secret = self.folder / 'mail-password'
        secret.touch(mode=0o600)
        secret.write_text(password + '\n')
        self.configure(f'  host: localhost\n  port: {smtp}\n{self.login}')

    @property
    def login(self):
        return f'  user: {GATEWAY}\n  password-file: mail-password\n  certificates: {self.ca}\n'

    def relay(self, port):
        """From the next start on mail leaves by a server on this machine that knows neither TLS nor a login."""
        self.configure(f'  host: 127.0.0.1\n  port: {port}\n  security: none\n')

    def configure(self, smtp):
        (self.folder / 'postplein.yaml').write_text(
            f'school:\n  name: De Wilgenhof\n  phone: "0512 00 00 00"\n'
            f'address:\n  mode: domain\n  mailbox: {GATEWAY}\n  domain: {DOMAIN}\n'
            f'imap:\n  host: localhost\n  port: {self.imap}\n  poll-seconds: {self.poll}\n{self.login}'
            f'smtp:\n{smtp}  connections: {self.connections}\n'
            f'authentication:\n  authserv-id: mail.school.test\n'
            f'people:\n  support: [dirk@school.test]\n  activation-by-mail: false\n'
            # What is measured is the way: not the minute to take it back, nor how many mails one person may write.
            f'broadcast:\n  check: none\n'
            f'limits:\n  mails-per-hour: 1000000\n  strangers-per-hour: 1000000\n{self.extra}')

    @staticmethod
    def parent(number):
        return f'ouder{number}@ouders.test'

    def populate(self):
        groups = range(1 + (self.families - 1) // self.group)
        xml = ['<?xml version="1.0" encoding="UTF-8"?><EDEX><school><schooljaar>2026-2027</schooljaar><brincode>99ZZ</brincode>'
               '<schoolkey>1</schoolkey><auteur>Postplein</auteur><xsdversie>2.3</xsdversie></school><groepen>']
        xml += [f'<groep key="G{n}"><naam>Klas {n}</naam><jaargroep>5</jaargroep></groep>' for n in groups]
        xml += ['</groepen><leerlingen>']
        xml += [f'<leerling key="K{n}"><achternaam>Kind</achternaam><roepnaam>Kind {n}</roepnaam><groep key="G{n // self.group}"/></leerling>'
                for n in range(self.families)]
        xml += ['</leerlingen><leerkrachten>']
        for key, name, role in (('L1', 'anna', 'DIR'), ('L2', 'dirk', 'LRK')):
            xml += [f'<leerkracht key="{key}"><achternaam>Juf</achternaam><roepnaam>{name.title()}</roepnaam>'
                    f'<emailadres>{name}@school.test</emailadres><rol>{role}</rol></leerkracht>']
        xml += ['</leerkrachten></EDEX>']
        people = self.folder / 'school.xml'
        people.write_text(''.join(xml))
        carers = self.folder / 'carers.csv'
        with open(carers, 'w', newline='') as file:
            rows = csv.writer(file, delimiter=';')
            rows.writerow(['Code', 'Voornaam', 'Achternaam', 'E-mailadres', 'Leerlingnummers', 'Taal', 'Gezag'])
            rows.writerows([f'V{n}', f'Ouder {n}', 'Jansen', self.parent(n), f'K{n}', 'nl', 'ja'] for n in range(self.families))
        self.run('import', 'edexml', people, '--school', self.folder, '--apply')
        self.run('import', 'carers', carers, '--school', self.folder, '--apply')

    def run(self, *arguments, text=None):
        done = subprocess.run([self.binary, *map(str, arguments)], capture_output=True, text=True, input=text, env=ENVIRONMENT)
        if done.returncode:
            sys.exit(f'postplein {" ".join(map(str, arguments))} ended with {done.returncode}: {done.stderr}')
        return done.stdout

    def publish(self, route, subject, text):
        self.run('send', '--school', self.folder, '--from', TEACHER, '--to', route, '--subject', subject, '--proven', text=text)

    # The gateway

    def serve(self, **environment):
        self.gateway = subprocess.Popen(
            [self.binary, 'serve', self.folder], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=open(self.log_path, 'ab'), env={**ENVIRONMENT, **environment})
        return self.gateway

    def stop(self, sign=signal.SIGTERM):
        if self.gateway and self.gateway.poll() is None:
            self.gateway.send_signal(sign)
            self.gateway.wait(20)
        self.gateway = None

    def memory(self):
        """The most the gateway ever held, in MB."""
        for line in open(f'/proc/{self.gateway.pid}/status'):
            if line.startswith('VmHWM'):
                return int(line.split()[1]) // 1024

    # The store, from outside

    def store(self):
        return closing(sqlite3.connect(f'file:{self.folder}/store/postplein.sqlite?mode=ro', uri=True, timeout=10))

    def query(self, sql, *arguments):
        with self.store() as store:
            return store.execute(sql, arguments).fetchall()

    def count(self, sql, *arguments):
        return self.query(sql, *arguments)[0][0]

    def until(self, sql, value, seconds=120, pause=0.05):
        """Waits until a count reaches a value; false where it does not."""
        deadline = time.monotonic() + seconds
        while self.count(sql) < value:
            if time.monotonic() > deadline or (self.gateway and self.gateway.poll() is not None):
                return False
            time.sleep(pause)
        return True


def token():
    return secrets.token_hex(8)
