"""Intake: replies that lie in Dovecot's inbox, until each is an entry in the store and out of the inbox."""
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

from benches.reading import mail
from rig.stage import Stage

PARENTS = 1000
PHOTO = 2_000_000
PEERS = ('mbsync@peers.test', 'python@peers.test')
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
    """Mails a second, and the most memory in MB."""
    for octets in mails:
        stage.inbox.put(octets)
    before = stage.school.count('SELECT coalesce(max(id), 0) FROM entry')
    begun = time.monotonic()
    stage.school.serve()
    stage.wait_for(lambda: stage.inbox.count() == 0, 'the inbox is not empty')
    took = time.monotonic() - begun
    memory = stage.school.memory()
    # Asked afterwards: a count of all that is there takes time.
    entries = stage.school.count('SELECT count(*) FROM entry WHERE id > ?', before)
    stage.school.stop()
    if entries != len(mails):
        raise SystemExit(f'{entries} entries of {len(mails)} mails')
    return len(mails) / took, memory


def filled(stage, user, mails):
    inbox = stage.inbox_of(user)
    for octets in mails:
        inbox.put(octets)
    return inbox


def mbsync(stage, mails, folder):
    if not shutil.which('mbsync'):
        return None
    filled(stage, PEERS[0], mails)
    (folder / 'maildir').mkdir()
    (folder / 'mbsyncrc').write_text(
        MBSYNC.format(port=stage.ports['imaps'], user=PEERS[0], ca=stage.school.folder.parent / 'ca.pem', folder=folder / 'maildir'))
    begun = time.monotonic()
    done = subprocess.run(['mbsync', '-q', '-c', folder / 'mbsyncrc', 'all'], capture_output=True, text=True)
    took = time.monotonic() - begun
    copied = sum(1 for part in ('new', 'cur') for _ in (folder / 'maildir/INBOX' / part).iterdir())
    if copied != len(mails):
        raise SystemExit(f'mbsync copied {copied} of {len(mails)}: {done.stderr}')
    return len(mails) / took


def loop(stage, mails, folder):
    inbox = filled(stage, PEERS[1], mails)
    begun = time.monotonic()
    subprocess.run([sys.executable, LOOP, str(stage.ports['imaps']), PEERS[1], stage.ports['ca'], folder / 'loop'], check=True)
    took = time.monotonic() - begun
    if inbox.count():
        raise SystemExit('the loop left mails in the inbox')
    return len(mails) / took


def run(arguments):
    with Stage(PARENTS, users=PEERS) as stage:
        mails = list(replies_to(stage.reply_addresses(), arguments.mails))
        rate, memory = ours(stage, mails)
        folder = Path(stage.place.name)
        slow, copied = loop(stage, mails, folder), mbsync(stage, mails, folder)
    beside = f'mbsync, which only copies, {copied:.0f}/s ({rate / copied:.0%} of it)' if copied else 'mbsync is not there: deploy/install --bench'
    print(f'{len(mails)} replies, {sum(map(len, mails)) / 1e6:.0f} MB: {rate:.0f} a second, {memory} MB at most; a loop in Python {slow:.0f}/s '
          f'({rate / slow:.1f} times as fast); {beside}')
