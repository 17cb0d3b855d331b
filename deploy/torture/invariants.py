"""What must hold whatever happened, looked at by files and SQL alone when nothing is under way any more."""
import bisect
import collections
import hashlib
import json
from dataclasses import dataclass

from rig.school import GATEWAY
from torture.boxes import MARKER

CONTENT = ('news', 'urgent', 'mailbox-message', 'schoolyard-item', 'schoolyard-comment')
# A death at a step or a call that was chosen.
AIMED = 'aimed death'
# So many deaths are judged by their mean.
MANY = 100
HANDLED, LEFT = 'Postplein/Verwerkt', 'Postplein/Bekijken'
THREADS = {'news': 'news', 'urgent': 'urgent', 'mailbox': 'mailbox', 'schoolyard': 'schoolyard', 'answer': 'mailbox', 'reply': 'mailbox',
           'comment': 'schoolyard'}


class Broken(Exception):
    """An invariant that did not hold."""


@dataclass(frozen=True)
class Entry:
    marker: str
    files: list
    author: str
    thread: int
    kind: str
    is_first: bool


class View:
    """All there is, read once."""

    def __init__(self, world):
        self.world, query = world, world.school.query
        self.sent = {marker: letter for marker, letter in world.sent.items() if marker not in world.left}
        self.entries = collections.defaultdict(list)
        for text, *rest in query("""SELECT entry.text, entry.files, account.address, entry.thread, thread.kind,
                entry.id = (SELECT min(id) FROM entry AS other WHERE other.thread = entry.thread)
                FROM entry JOIN account ON account.id = entry.author JOIN thread ON thread.id = entry.thread"""):
            found = MARKER.search(text)
            entry = Entry(found[1] if found else None, json.loads(rest[0]), *rest[1:])
            self.entries[entry.marker].append(entry)
        self.members = collections.defaultdict(set)
        for thread, address in query('SELECT thread, address FROM thread_member JOIN account ON account.id = account'):
            self.members[thread].add(address)
        self.boxes = {address: world.boxes.mails(address) for address in world.addresses}
        self.accepted, self.refused = collections.defaultdict(set), set()
        for identifier, address, status, kind, text in query("""SELECT delivery.message_id, address, status, kind, entry.text
                FROM delivery JOIN account ON account.id = account LEFT JOIN entry ON entry.id = entry
                WHERE status IN ('accepted', 'refused')"""):
            if status == 'accepted':
                self.accepted[address].add(identifier)
            elif kind in CONTENT:
                self.refused.add((address, MARKER.search(text)[1]))
        # Message-IDs under which somebody has what somebody wrote.
        self.got = collections.defaultdict(set)
        for address, box in self.boxes.items():
            for mail in box:
                for marker in mail.markers:
                    self.got[address, marker].add(mail.identifier)

    def each(self):
        for marker, letter in self.sent.items():
            yield letter, self.entries[marker]


def one_entry(view):
    for letter, entries in view.each():
        if len(entries) != 1:
            raise Broken(f'{letter.marker} stands in the store {len(entries)} times')
    if unknown := view.entries.keys() - view.sent.keys():
        raise Broken(f'{len(unknown)} entries are there that nobody wrote')
    return len(view.sent)


def own_author(view):
    for letter, (entry, *_) in view.each():
        if entry.author != letter.sender:
            raise Broken(f'{letter.marker} stands in the name of another')
    return len(view.sent)


def own_thread(view):
    """What opens a thread opens one of its own; an answer stands in the thread that it answers, a private one where only
    the two of them are."""
    for letter, (entry, *_) in view.each():
        if entry.kind != THREADS[letter.kind]:
            raise Broken(f'{letter.marker} stands in a thread of kind {entry.kind}')
        if letter.kind in ('reply', 'comment'):
            if entry.thread != view.entries[letter.about.marker][0].thread:
                raise Broken(f'{letter.marker} stands in another thread than what it answers')
        elif letter.kind != 'answer' and not entry.is_first:
            raise Broken(f'{letter.marker} stands in a thread that it did not open')
        if entry.kind == 'mailbox' and view.members[entry.thread] != {letter.sender, *letter.due}:
            raise Broken(f'others than those two read the thread of {letter.marker}')
    return len(view.sent)


def all_handled(view):
    """What came in lies where handled mail lies, and nothing but what is left to a person where such mail does."""
    count = view.world.count("SELECT count(*) FROM inbound WHERE status <> 'handled'")
    if count != len(view.world.left):
        raise Broken(f'{count} mails are not handled')
    lying = [mail for mail in view.world.boxes.mails(GATEWAY)]
    filed = set().union(*(mail.markers for mail in view.world.boxes.mails(GATEWAY, HANDLED)))
    aside = sum(1 for _ in view.world.boxes.mails(GATEWAY, LEFT))
    # Some of those were taken away before.
    if lying or aside > len(view.world.left) or view.sent.keys() - filed:
        raise Broken(f'{len(lying)} mails lie in the inbox, {aside} are left to a person, {len(view.sent.keys() - filed)} are nowhere')
    return len(view.sent)


def all_arrived(view):
    """Everybody who was due a mail has it, but for those that the server refused for good."""
    due = [(address, letter.marker) for letter in view.sent.values() for address in letter.due]
    missing = {pair for pair in due if not view.got[pair]}
    if missing != view.refused or len(missing) != view.world.refused:
        raise Broken(f'{len(missing)} mails did not reach who was due them; {len(view.refused)} were refused, {view.world.refused} meant')
    return len(due)


def one_identifier(view):
    """However often a mail comes, it is the same mail."""
    for (_, marker), identifiers in view.got.items():
        if len(identifiers) > 1:
            raise Broken(f'{marker} came to one person under {len(identifiers)} Message-IDs')
    return len(view.got)


def nobody_else(view):
    for (address, marker), identifiers in view.got.items():
        letter = view.world.sent.get(marker)
        if identifiers and (not letter or address not in letter.due | letter.may):
            raise Broken(f'{marker} came to somebody whom it does not concern')
    return len(view.got)


def as_written_down(view):
    """What the outbox says was accepted arrived, and nothing else."""
    for address, box in view.boxes.items():
        arrived = {mail.identifier for mail in box}
        if lost := view.accepted[address] - arrived:
            raise Broken(f'{len(lost)} mails for one address were accepted and did not arrive')
        if unknown := arrived - view.accepted[address]:
            raise Broken(f'{len(unknown)} mails arrived that the outbox does not call accepted')
    return sum(len(box) for box in view.accepted.values())


def blamed(view):
    """How many mails came again by each death. For each time more that a mail came there must be another death after the
    server took it and before it took it again; of several deaths at a time, one that may have caught it."""
    losses, spans = sorted(view.world.losses), []
    for address, box in view.boxes.items():
        copies = collections.defaultdict(dict)
        for mail in box:
            copies[mail.identifier][mail.taken_as] = mail.accepted
        for identifier, taken in copies.items():
            times = sorted(taken.values())
            # Seconds are as exact as a server's Received is.
            spans += [(after + 1, before, (address, identifier)) for before, after in zip(times, times[1:])]
    blame, blamed_for = collections.Counter(), collections.defaultdict(set)
    # Who must be caught first takes the first that may: no other order finds room for more.
    for last, first, mail in sorted(spans):
        between = [place for place in range(bisect.bisect_left(losses, (first,)), len(losses))
                   if losses[place][0] <= last and place not in blamed_for[mail]]
        if not between:
            raise Broken('a mail came twice, and nothing had died in between')
        place = next((place for place in between if blame[place] < losses[place][1]), between[0])
        blame[place] += 1
        blamed_for[mail].add(place)
    return losses, blame


def twice_by_a_death(view):
    """The gateway, or its connection, died after the server took it; none is to blame for more than was under way."""
    losses, blame = blamed(view)
    for place, count in blame.items():
        _, most, what = losses[place]
        if count > most:
            raise Broken(f'{count} mails came twice by one {what}, which can catch {most}')
    return len(losses)


def seldom_twice(view):
    """By deaths at random moments (some are meant to hit just there); one alone catches several mails, many do not."""
    losses, blame = blamed(view)
    view.world.doubles, view.world.most_doubles = blame.total(), max(blame.values(), default=0)
    chance = [place for place, (_, _, what) in enumerate(losses) if what != AIMED]
    bar = len(chance) if len(chance) >= MANY else len(chance) + max((losses[place][1] for place in chance), default=0)
    if (total := sum(blame[place] for place in chance)) > bar:
        raise Broken(f'{total} mails came twice, in {len(chance)} deaths')
    return len(chance)


def whole_database(view):
    words = view.world.school.query('PRAGMA integrity_check')
    dangling = view.world.school.query('PRAGMA foreign_key_check')
    if words != [('ok',)] or dangling:
        raise Broken(f'SQLite: {words[:3]}, {len(dangling)} dangling references')
    return 1


def whole_raw_mails(view):
    digests = [digest for (digest,) in view.world.school.query("SELECT digest FROM inbound WHERE status = 'handled'")]
    for digest in digests:
        check_file(view, 'messages', digest, '.eml')
    return len(digests)


def whole_files(view):
    """The file of a mail is kept with its entry, and came to everybody who was due it."""
    letters = [letter for letter in view.sent.values() if letter.size]
    for letter in letters:
        kept = [file['digest'] for file in view.entries[letter.marker][0].files]
        if kept != [letter.digest]:
            raise Broken(f'the file of {letter.marker} is not kept with it')
        check_file(view, 'files', letter.digest, '')
        for address in letter.due:
            mails = [mail for mail in view.boxes[address] if letter.marker in mail.markers]
            if any(mail.files != {letter.digest} for mail in mails):
                raise Broken(f'the file of {letter.marker} did not arrive whole')
    return len(letters)


def check_file(view, folder, digest, suffix):
    file = view.world.school.folder / 'store' / folder / digest[:2] / f'{digest}{suffix}'
    if not file.exists() or hashlib.sha256(file.read_bytes()).hexdigest() != digest:
        raise Broken(f'{folder}/{digest[:12]} is not what came in')


INVARIANTS = {
    'a mail that came in is one entry': one_entry,
    'in the name of who wrote it': own_author,
    'in its own thread, or the one it answers': own_thread,
    'and is filed as handled': all_handled,
    'all who are due a mail have it': all_arrived,
    'under one Message-ID': one_identifier,
    'and nobody else': nobody_else,
    'the outbox tells what arrived': as_written_down,
    'a mail comes again by a death alone': twice_by_a_death,
    'and less often than there are deaths': seldom_twice,
    'the database is whole': whole_database,
    'raw mails are whole': whole_raw_mails,
    'files are whole, and arrive': whole_files,
}


def judge(world):
    """Of each invariant how much was looked at.

    Raises `Broken` for the first that does not hold."""
    view = View(world)
    return {title: invariant(view) for title, invariant in INVARIANTS.items()}
