"""What lies in people's mailboxes: maildirs (maildir(5)), read as files, each of them once."""
import hashlib
import re
import threading
from dataclasses import dataclass
from email import message_from_bytes
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import Path

MARKER = re.compile(r'^Dit is (merk-[0-9a-f]{16})\.$', re.MULTILINE)
TAKEN_AS = re.compile(r'with E?SMTPS?A? id (\w+)')


@dataclass(frozen=True)
class Mail:
    identifier: str
    markers: frozenset
    reply_to: str
    # Whether it brings what one person wrote: receipts and digests come from the school.
    is_of_person: bool
    # Digests of the files that came with it.
    files: frozenset
    # The second in which our server took it (Received): before that it was not accepted, and soon after it was. By what name
    # it took it: one that is killed may itself deliver twice what it took once.
    accepted: float
    taken_as: str


def read(octets):
    message = message_from_bytes(octets)
    text, files = '', set()
    for part in message.walk():
        if part.get_filename():
            files.add(hashlib.sha256(part.get_payload(decode=True) or b'').hexdigest())
        elif part.get_content_type() == 'text/plain' and not text:
            text = (part.get_payload(decode=True) or b'').decode(errors='replace').replace('\r', '')
    taken = next((line for line in message.get_all('Received', []) if '(Postfix)' in line), '')
    return Mail(
        str(message['Message-ID'] or '').strip().strip('<>'), frozenset(MARKER.findall(text)), parseaddr(message['Reply-To'] or '')[1],
        '(' in str(message['From']), frozenset(files), parsedate_to_datetime(taken.rpartition(';')[2].strip()).timestamp() if taken else 0,
        TAKEN_AS.search(taken)[1] if taken else '')


class Boxes:
    def __init__(self, place):
        self.place, self.lock, self.known = Path(place), threading.Lock(), {}

    def maildir(self, address, folder=None):
        name, domain = address.split('@')
        place = self.place / domain / name / 'Maildir'
        return place / ('.' + folder.replace('/', '.')) if folder else place

    def files(self, address, folder=None):
        place = self.maildir(address, folder)
        return [file for part in ('new', 'cur') if (place / part).is_dir() for file in sorted((place / part).glob('*'))]

    def mails(self, address, folder=None):
        """A file keeps its name but for the flags behind it, and never changes."""
        found = []
        with self.lock:
            for file in self.files(address, folder):
                name = file.name.split(':')[0]
                try:
                    if (address, name) not in self.known:
                        self.known[address, name] = read(file.read_bytes())
                    found.append(self.known[address, name])
                except FileNotFoundError:
                    pass
        return found

    def forget(self):
        """Somebody changed what never changes."""
        with self.lock:
            self.known = {}
