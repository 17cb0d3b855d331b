"""Reads what a mail world shall be, and writes its configuration, certificates, queues and mailboxes."""
import grp
import os
import pwd
import re
import secrets
import subprocess
import time
from pathlib import Path
from string import Template

AUTHSERV_ID = 'mail.school.test'
PORTS = ('smtp', 'submission', 'submissions', 'imap', 'imaps')
# Longer ones would make Dovecot's socket paths overrun sun_path (108 bytes, unix(7)).
LONGEST_DIRECTORY = 70
CERTIFICATES = {  # name: (its CA, its subjectAltName)
    'trusted': ('ca', 'DNS:localhost,DNS:mail.school.test,IP:127.0.0.1'),
    'untrusted': ('untrusted-ca', 'DNS:localhost,DNS:mail.school.test,IP:127.0.0.1'),
    'wrong-name': ('ca', 'DNS:elsewhere.test'),
}

FORGED = r'/^Authentication-Results:.*mail\.school\.test/ IGNORE' + '\n'


class Failure(Exception):
    """Ends the program with its words on standard error."""


def address(text):
    """A plain lower-case NAME@DOMAIN; the odd ones of RFC 5321 are of no use here and could escape a path."""
    if not re.fullmatch(r'[a-z0-9][a-z0-9._+-]*@[a-z0-9][a-z0-9.-]*', text.lower()):
        raise Failure(f'not an address: {text!r}')
    return text.lower()


def secret(text):
    if not re.fullmatch(r'[!-9;-~]+', text):  # no space and no colon: fields of passwd-file end there
        raise Failure('a password holds printable ASCII without spaces and colons only')
    return text


def split(option, text):
    left, separator, right = text.partition('=')
    if not separator or not right:
        raise Failure(f'{option} wants ADDRESS=WORDS, not {text!r}')
    return address(left), right


def read_users(options):
    """Address to password, of --gateway and all --users files."""
    gateway, password = split('--gateway', options.gateway)
    users = {gateway: secret(password)}
    for file in options.users:
        for number, line in enumerate(Path(file).read_text().splitlines(), 1):
            words = line.split()
            if not words or words[0].startswith('#'):
                continue
            if len(words) != 2:
                raise Failure(f'{file}:{number}: expected "address password"')
            if address(words[0]) in users:
                raise Failure(f'{file}:{number}: {words[0]} is there twice')
            users[address(words[0])] = secret(words[1])
    return gateway, users


def home(directory, user):
    name, domain = user.split('@')
    return directory / 'mail' / domain / name


def recipient_answers(options):
    """The regexp table that answers chosen recipients in the SMTP dialogue, with any +detail."""
    lines = []
    for option, texts, first in (('--refuse', options.refuse, '5'), ('--defer', options.defer, '4')):
        for text in texts:
            who, words = split(option, text)
            if not re.fullmatch(first + r'\d\d( \d\.\d+\.\d+)? .+', words):
                raise Failure(f'{option} wants ADDRESS={first}NN {first}.N.N WORDS, not {text!r}')
            name, domain = who.split('@')
            lines.append(rf'/^{re.escape(name)}(\+[^@]*)?@{re.escape(domain)}$/ {words}')
    return lines


def chown_tree(top, uid, gid):
    for path, directories, files in os.walk(top):
        for name in [path] + [os.path.join(path, entry) for entry in directories + files]:
            os.lchown(name, uid, gid)


def own(path, user='postfix', group='postfix', mode=0o700):
    path.mkdir(exist_ok=True)
    path.chmod(mode)
    chown_tree(path, pwd.getpwnam(user).pw_uid, grp.getgrnam(group).gr_gid)


def prepare(directory):
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o755)
    if len(str(directory)) > LONGEST_DIRECTORY:
        raise Failure(f'{directory}: longer than {LONGEST_DIRECTORY} bytes, too long for Dovecot\'s sockets')
    for parent in directory.parents:
        if not parent.stat().st_mode & 0o001:
            raise Failure(f'{parent}: the servers\' own users may not enter it (chmod o+x)')


def make_certificates(tls):
    """Once for a directory: two authorities, and a leaf for each row of CERTIFICATES."""
    if (tls / 'complete').exists():
        return
    tls.mkdir(exist_ok=True)

    def openssl(*arguments):
        done = subprocess.run(('openssl',) + arguments, cwd=tls, stdin=subprocess.DEVNULL, capture_output=True)
        if done.returncode:
            raise Failure('openssl: ' + done.stderr.decode(errors='replace'))

    new_key = ('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes')
    for ca in ('ca', 'untrusted-ca'):
        openssl('req', '-x509', *new_key, '-keyout', f'{ca}.key', '-out', f'{ca}.pem', '-days', '3650',
                '-subj', f'/CN=Postplein test {ca}', '-addext', 'keyUsage=critical,keyCertSign,cRLSign')
    for name, (ca, alternatives) in CERTIFICATES.items():
        openssl('req', '-x509', *new_key, '-keyout', f'{name}.key', '-out', f'{name}.pem', '-days', '825',
                '-subj', f'/CN=Postplein {name}', '-CA', f'{ca}.pem', '-CAkey', f'{ca}.key',
                '-addext', f'subjectAltName={alternatives}', '-addext', 'basicConstraints=critical,CA:FALSE',
                '-addext', 'keyUsage=critical,digitalSignature', '-addext', 'extendedKeyUsage=serverAuth')
    (tls / 'complete').touch()


def write_mailboxes(directory, users, full):
    """Home directories and Dovecot's list. Everybody may read and write them: Dovecot copies the maildir's mode."""
    lines = []
    for user, password in users.items():
        maildir = home(directory, user) / 'Maildir'
        for path in (*reversed(maildir.parents[:2]), maildir, maildir / 'cur', maildir / 'new', maildir / 'tmp'):
            path.mkdir(exist_ok=True)
            path.chmod(0o777)
        quota = 'userdb_quota_rule=*:bytes=1' if user in full else ''
        lines.append(f'{user}:{{PLAIN}}{password}::::{home(directory, user)}::{quota}')
    (directory / 'etc/users').write_text('\n'.join(lines) + '\n')
    own(directory / 'mail', mode=0o755)


def write_queue(directory):
    queue = directory / 'queue'
    queue.mkdir(exist_ok=True)
    for name in 'active bounce corrupt defer deferred flush hold incoming private saved trace'.split():
        own(queue / name)
    own(queue / 'maildrop', group='postdrop', mode=0o1730)
    own(queue / 'public', group='postdrop', mode=0o2710)
    own(queue / 'pid', 'root', 'root', 0o755)
    own(directory / 'data')


def write_tables(directory, gateway, catch_all, answers):
    # The login reaches the submission service's cleanup in a field whose name nobody else can know, and which never
    # leaves it: thus neither a forged field nor a forged Received line can claim a login.
    token = 'X-Login-' + secrets.token_hex(16)
    tables = {
        'rcpt.re': '\n'.join(answers) + '\n',
        'aliases.re': f'/@{re.escape(catch_all)}$/ {gateway}\n',
        'login.re': f'/^(.+)$/ PREPEND {token}: $1\n',
        'incoming.re': FORGED,
        'submission.re': f'/^{token}: (.+)$/ REPLACE Authentication-Results: {AUTHSERV_ID};'
                         f' auth=pass smtp.auth=$1\n{FORGED}',
    }
    for name, text in tables.items():
        (directory / 'etc' / name).write_text(text)


def write_configuration(directory, ports, token, domains, options):
    values = {'D': directory, 'TOKEN': token, 'AUTHSERV_ID': AUTHSERV_ID, 'DOMAINS': ' '.join(sorted(domains)),
              'CATCH_ALL': options.catch_all, 'CERTIFICATE': options.certificate,
              **{name.upper(): port for name, port in ports.items()}}
    for name in ('dovecot.conf', 'main.cf', 'master.cf'):
        template = Template((Path(__file__).parent / name).read_text())
        (directory / 'etc' / name).write_text(template.substitute(values))
    # Postfix waits seconds for a main.cf that was written this moment (dict_load_file_xt), in case it is not finished.
    long_ago = time.time() - 60
    os.utime(directory / 'etc/main.cf', (long_ago, long_ago))
