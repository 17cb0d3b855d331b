"""Mailing lists as others do them: one post to many members, each with a return path of its own, into smtp-sink."""
import contextlib
import json
import os
import shutil
import smtplib
import subprocess
import tempfile
import time
from email.message import EmailMessage
from pathlib import Path

from rig.school import GATEWAY
from rig.sinks import FastSink, free_port

DEPLOY = Path(__file__).resolve().parents[1]
SECONDS = 150
LINE = 'Morgen gaan we met de hele groep naar het bos, neem een regenjas en laarzen mee en iets te drinken. '
MAILMAN = """
[mailman]
site_owner: eigenaar@lijst.test
layout: here

[paths.here]
var_dir: {folder}/var
bin_dir: /usr/lib/mailman3/bin
etc_dir: {folder}
log_dir: $var_dir/logs
lock_dir: $var_dir/locks
data_dir: $var_dir/data
cache_dir: $var_dir/cache
queue_dir: $var_dir/queue
list_data_dir: $var_dir/lists
messages_dir: $var_dir/messages
archive_dir: $var_dir/archives
template_dir: $var_dir/templates
ext_dir: $var_dir/ext
pid_file: $var_dir/master.pid
lock_file: $lock_dir/master.lck

[mta]
incoming: mailman.mta.null.NullMTA
outgoing: mailman.mta.deliver.deliver
smtp_host: 127.0.0.1
smtp_port: {port}
verp_personalized_deliveries: yes
verp_delivery_interval: 1

[webservice]
port: {free}
"""
MAILMAN_LIST = """
from mailman.app.lifecycle import create_list
from mailman.interfaces.mailinglist import Personalization
from mailman.interfaces.member import MemberRole
from mailman.interfaces.usermanager import IUserManager
from mailman.interfaces.action import Action
from zope.component import getUtility
from mailman.interfaces.domain import IDomainManager
getUtility(IDomainManager).add('lijst.test')
created = create_list('nieuws@lijst.test', [])
created.personalize = Personalization.individual
created.default_nonmember_action = Action.accept
created.max_message_size = 0
created.send_welcome_message = False
users = getUtility(IUserManager)
for number in range({members}):
    created.subscribe(users.create_address('ouder%d@ouders.test' % number, 'Ouder %d' % number), MemberRole.member)

commit()
"""


def post(octets):
    mail = EmailMessage()
    mail['From'], mail['To'], mail['Subject'] = 'anna@lijst.test', 'nieuws@lijst.test', 'Naar het bos'
    mail['Message-ID'] = f'<{time.monotonic_ns()}@lijst.test>'
    mail.set_content(LINE * (octets // len(LINE)))
    return mail


def rate(sink, members, begin):
    """Mails a second from the moment that the post is handed in to the last one in the sink."""
    begun, before = time.monotonic(), sink.plainly_accepted()
    begin()
    while (done := sink.plainly_accepted() - before) < members:
        if time.monotonic() > begun + SECONDS:
            return done / SECONDS
        time.sleep(0.01)
    return members / (time.monotonic() - begun)


# Postfix, which makes return paths of its own (XVERP); everybody gets the same text.

@contextlib.contextmanager
def postfix(members):
    """Gives what sends a post of so many octets, and says the rate."""
    with place() as (sink, folder):
        servers = subprocess.Popen([DEPLOY / 'mail-servers', 'start', folder / 'p', '--with-parent', '--gateway', f'{GATEWAY}=secret'],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        ports = json.loads(servers.stdout.readline())
        etc = folder / 'p/etc'
        subprocess.run(['postconf', '-c', etc, '-e', f'default_transport = smtp:[127.0.0.1]:{sink.plain}', 'mynetworks = 127.0.0.0/8',
                        'smtpd_relay_restrictions = permit_mynetworks, reject', 'smtpd_authorized_verp_clients = 127.0.0.1', f'smtpd_recipient_limit = {members}',
                        'initial_destination_concurrency = 16', 'default_destination_concurrency_limit = 16'], check=True)
        os.utime(etc / 'main.cf', (time.time() - 60,) * 2)
        servers.stdin.write('restart-smtp\n')
        servers.stdin.flush()
        servers.stdout.readline()

        def send(octets):
            with smtplib.SMTP('127.0.0.1', ports['smtp']) as client:
                def begin():
                    client.ehlo('lijst.test')
                    client.docmd('MAIL', 'FROM:<nieuws@lijst.test> XVERP')
                    for number in range(members):
                        client.docmd('RCPT', f'TO:<ouder{number}@ouders-elders.test>')
                    code, words = client.data(post(octets).as_bytes())
                    if code != 250:
                        raise SystemExit(f'Postfix does not take the post: {code} {words}')
                return rate(sink, members, begin)
        try:
            yield send
        finally:
            servers.terminate()
            servers.wait(20)


# mlmmj: a connection, and a mail a member.

def mlmmj(sink, folder, members, octets):
    spool = folder / 'nieuws'
    for name in ('incoming queue queue/discarded archive text subconf unsubconf bounce control moderation subscribers.d digesters.d requeue '
                 'nomailsubs.d').split():
        (spool / name).mkdir(parents=True)
    for name, value in {'listaddress': 'nieuws@lijst.test', 'owner': 'eigenaar@lijst.test', 'relayhost': '127.0.0.1',
                        'smtpport': str(sink.plain)}.items():
        (spool / 'control' / name).write_text(value + '\n')
    shutil.copytree('/usr/share/mlmmj/text.skel/en', spool / 'text', dirs_exist_ok=True)
    (spool / 'subscribers.d/o').write_text(''.join(f'ouder{number}@ouders.test\n' for number in range(members)))
    (folder / 'post').write_bytes(post(octets).as_bytes())
    return rate(sink, members, lambda: subprocess.run(['/usr/bin/mlmmj-send', '-L', spool, '-m', folder / 'post'], check=True))


# Mailman 3: personalised, with a return path a member. Its programs run as the user `list`.

def mailman(sink, folder, members, octets):
    (folder / 'var').mkdir()
    settings = folder / 'mailman.cfg'
    settings.write_text(MAILMAN.format(folder=folder, port=sink.plain, free=free_port()))
    (folder / 'list.py').write_text(MAILMAN_LIST.format(members=members))
    (folder / 'post').write_bytes(post(octets).as_bytes())
    shutil.chown(folder, 'list', 'list')
    for path in folder.rglob('*'):
        shutil.chown(path, 'list', 'list')

    def run(*words, **more):
        # Into a file: what it starts would keep a pipe open.
        with open(folder / 'said', 'ab') as said:
            done = subprocess.run(['runuser', '-u', 'list', '--', 'mailman', '-C', settings, *words], stdout=said, stderr=said, text=True, **more)
        if done.returncode:
            raise SystemExit(f'mailman {words[0]} ended with {done.returncode}: {(folder / "said").read_text()[-500:]}')

    run('shell', input=(folder / 'list.py').read_text() + '\n')
    run('start')
    try:
        time.sleep(15)  # its runners have to start first; that is not counted
        return rate(sink, members, lambda: run('inject', '-f', folder / 'post', 'nieuws@lijst.test'))
    finally:
        run('stop')


PEERS = (('mlmmj', mlmmj, 'mlmmj', '/usr/bin/mlmmj-send'), ('Mailman 3, personalised VERP', mailman, 'mailman3', '/usr/bin/mailman'))


@contextlib.contextmanager
def place():
    """A sink, and a folder for a list."""
    with tempfile.TemporaryDirectory(prefix='list-') as folder:
        folder = Path(folder)
        folder.chmod(0o755)
        (folder / 'sink').mkdir()
        (folder / 'list').mkdir()
        sink = FastSink(folder / 'sink')
        try:
            yield sink, folder / 'list'
        finally:
            sink.stop()


def measure(members, octets):
    """Name and rate of each; no rate where its package is not there."""
    for name, peer, package, program in PEERS:
        if not Path(program).exists():
            yield f'{name}: not there, install {package}', None
            continue
        with place() as (sink, folder):
            yield name, peer(sink, folder, members, octets)
