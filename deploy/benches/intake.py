"""Intake: replies that lie in Dovecot's inbox, until each is an entry in the store and out of the inbox."""
import random
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benches.reading import mail
from rig.stage import Stage

PARENTS = 1000
PHOTO = 2_000_000
ROUNDS = 5
# One for each round, so that nobody has mail of the round before.
COPIERS = [f'mbsync{number}@peers.test' for number in range(ROUNDS)]
SLOW = 'python@peers.test'
LOOP = Path(__file__).with_name('intake_loop.py')
MBSYNC = """
IMAPAccount school
Host localhost
Port {port}
User {user}
Pass secret
SSLType IMAPS
CertificateFile {ca}
PipelineDepth 50

IMAPStore far
Account school

MaildirStore near
Path {folder}/
Inbox {folder}/INBOX

Channel all
Far :far:
Near :near:
Sync Pull New
Create Near
SyncState *
"""


def replies_to(replies, number):
    """As many mails, each twentieth with a photo, from all parents in turn."""
    random.seed(1)
    parents, tag = list(replies.items()), time.monotonic_ns()
    for place in range(number):
        parent, reply = parents[place % len(parents)]
        yield mail(f'{tag}.{place}', parent, reply, random.randbytes(PHOTO) if place % 20 == 0 else None)


def ours(stage, mails):
    """Mails a second, the same until the teacher was told of each, and the most memory in MB."""
    for octets in mails:
        stage.inbox.put(octets)
    before = stage.school.count('SELECT coalesce(max(id), 0) FROM entry')
    begun = time.monotonic()
    stage.school.serve()
    stage.wait_for(lambda: stage.inbox.count() == 0, 'the inbox is not empty')
    took = time.monotonic() - begun
    # Notices to the teacher wait while a long row is read; the next round is not to send them.
    stage.wait_for(lambda: stage.school.count("SELECT count(*) FROM delivery WHERE status = 'waiting'") == 0, 'notices wait')
    told = time.monotonic() - begun
    memory = stage.school.memory()
    # Asked afterwards: a count of all that is there takes time.
    entries = stage.school.count('SELECT count(*) FROM entry WHERE id > ?', before)
    stage.school.stop()
    if entries != len(mails):
        raise SystemExit(f'{entries} entries of {len(mails)} mails')
    return len(mails) / took, len(mails) / told, memory


def filled(stage, user, mails):
    inbox = stage.inbox_of(user)
    for octets in mails:
        inbox.put(octets)
    return inbox


def mbsync(stage, user, mails, folder):
    filled(stage, user, mails)
    folder.mkdir()
    (folder / 'maildir').mkdir()
    (folder / 'mbsyncrc').write_text(
        MBSYNC.format(port=stage.ports['imaps'], user=user, ca=stage.school.folder.parent / 'ca.pem', folder=folder / 'maildir'))
    begun = time.monotonic()
    done = subprocess.run(['mbsync', '-q', '-c', folder / 'mbsyncrc', 'all'], capture_output=True, text=True)
    took = time.monotonic() - begun
    copied = sum(1 for part in ('new', 'cur') for _ in (folder / 'maildir/INBOX' / part).iterdir())
    if copied != len(mails):
        raise SystemExit(f'mbsync copied {copied} of {len(mails)}: {done.stderr}')
    return len(mails) / took


def loop(stage, mails, folder):
    inbox = filled(stage, SLOW, mails)
    begun = time.monotonic()
    subprocess.run([sys.executable, LOOP, str(stage.ports['imaps']), SLOW, stage.ports['ca'], folder / 'loop'], check=True)
    took = time.monotonic() - begun
    if inbox.count():
        raise SystemExit('the loop left mails in the inbox')
    return len(mails) / took


def run(arguments):
    copies = shutil.which('mbsync') is not None
    if not copies:
        print('mbsync is not there: deploy/install --bench')
    with Stage(PARENTS, users=(*COPIERS, SLOW)) as stage:
        replies, folder = stage.reply_addresses(), Path(stage.place.name)
        rounds, most = [], 0
        for user in COPIERS:
            mails = list(replies_to(replies, arguments.mails))
            rate, told, memory = ours(stage, mails)
            copied = mbsync(stage, user, mails, folder / user) if copies else None
            rounds.append((rate, told, copied))
            most = max(most, memory)
            beside = f', mbsync {copied:.0f} ({rate / copied:.0%} of it)' if copied else ''
            print(f'  a round: {rate:.0f} a second, {told:.0f} until all notices were sent{beside}', flush=True)
        slow = loop(stage, mails, folder)
    rate, told = (statistics.median(each[place] for each in rounds) for place in (0, 1))
    beside = ''
    if copies:
        shares = [rate / copied for rate, _, copied in rounds]
        beside = (f'; mbsync, which only copies, {statistics.median(copied for *_, copied in rounds):.0f}/s '
                  f'({statistics.median(shares):.0%} of it, {min(shares):.0%} to {max(shares):.0%})')
    print(f'{len(mails)} replies, {sum(map(len, mails)) / 1e6:.0f} MB, in the middle of {ROUNDS} rounds: {rate:.0f} a second ({told:.0f} until all '
          f'notices were sent), {most} MB at most; '
          f'a loop in Python, once, {slow:.0f}/s ({rate / slow:.1f} times as fast){beside}')
