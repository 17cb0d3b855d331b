"""What people write to each other through the gateway: news, urgent mail, the schoolplein, private mail, with and without a
file, and answers to any of it by the address that it came from."""
import functools
import hashlib
import random
from dataclasses import dataclass
from email.message import EmailMessage

from rig.school import DOMAIN, TEACHER, School

KINDS = {'nieuws': 'news', 'spoed': 'urgent', 'schoolplein': 'schoolyard', 'postvak': 'mailbox'}
# Answered in private: a thread of their own; in the thread they answer.
OPENS = {'news': 'answer'}
GOES_ON = {'mailbox': 'reply', 'answer': 'reply', 'reply': 'reply', 'schoolyard': 'comment', 'comment': 'comment'}
WITH_FILE = 0.25
FILE_SIZES = (3_000, 20_000, 20_000, 200_000)


@dataclass(frozen=True)
class Letter:
    """A mail that somebody sent, and who is due it; those who may have it as well take part in what all can read."""
    marker: str
    sender: str
    to: str
    kind: str
    due: frozenset
    may: frozenset = frozenset()
    about: 'Letter' = None
    answers: str = None

    @functools.cached_property
    def size(self):
        """Of its file; none where it has no file."""
        if self.kind in ('urgent', 'comment', 'schoolyard'):
            return None
        dice = random.Random(self.marker)
        return dice.choice(FILE_SIZES) if dice.random() < WITH_FILE else None

    @property
    def file(self):
        """Made of the marker alone: the same mail again has the same."""
        return b'%PDF-1.4\n' + random.Random(self.marker).randbytes(self.size)

    @functools.cached_property
    def digest(self):
        return hashlib.sha256(self.file).hexdigest()

    def message(self):
        mail = EmailMessage()
        mail['From'], mail['To'], mail['Subject'] = self.sender, self.to, f'Bericht {self.marker[-6:]}'
        mail['Message-ID'] = f'<{self.marker}@client.test>'
        if self.answers:
            mail['In-Reply-To'] = f'<{self.answers}>'
        mail.set_content(f'Beste school,\n\nDit is {self.marker}.\n')
        if self.size:
            mail.add_attachment(self.file, maintype='application', subtype='pdf', filename=f'brief-{self.marker[-6:]}.pdf')
        return mail


def everybody(families):
    return frozenset(School.parent(n) for n in range(families))


def opening(marker, sender, route, families):
    """A mail to a route."""
    kind = KINDS[route.split('.')[0]]
    due = frozenset([TEACHER]) if kind == 'mailbox' else everybody(families)
    return Letter(marker, sender, f'{route}@{DOMAIN}', kind, due)


def answer(marker, sender, mail, original, families):
    """An answer to a mail that somebody has, by its address."""
    kind = OPENS.get(original.kind) or GOES_ON[original.kind]
    people = everybody(families) | {TEACHER}
    if kind != 'comment':
        other = original.sender
        return Letter(marker, sender, mail.reply_to, kind, frozenset([other]), about=original, answers=mail.identifier)
    # The teacher's item; those who wrote to it take part, and others may see it in a digest.
    due = {TEACHER, original.sender} - {sender}
    return Letter(marker, sender, mail.reply_to, kind, frozenset(due), people - {sender}, original, mail.identifier)


def any_letter(marker, dice, families, box):
    """What somebody writes now; `box` gives what lies in the box of a person, with the letter that it brings."""
    chance = dice.random()
    for limit, route in ((0.10, 'nieuws'), (0.14, 'spoed'), (0.20, 'schoolplein.klas0')):
        if chance < limit:
            return opening(marker, TEACHER, route, families)
    person = TEACHER if dice.random() < 0.3 else School.parent(dice.randrange(families))
    if chance < 0.5:
        mails = [(mail, letter) for mail, letter in box(person) if letter.kind in OPENS or letter.kind in GOES_ON]
        if mails:
            mail, original = mails[dice.randrange(len(mails))]
            return answer(marker, person, mail, original, families)
    return opening(marker, School.parent(dice.randrange(families)), 'postvak.anna', families)
