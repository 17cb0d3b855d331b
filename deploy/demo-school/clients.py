"""The people's mail clients: Python's own SMTP and IMAP libraries, and swaks. Nothing here is Postplein's code."""
import email
import email.policy
import email.utils
import imaplib
import json
import smtplib
import ssl
import subprocess
import time
from email.message import EmailMessage

PATIENCE = 20  # seconds to wait for a mail


class Client:
    """One person with a mailbox of their own."""

    def __init__(self, world, name, address, password):
        self.world, self.name, self.address, self.password = world, name, address, password
        self.context = ssl.create_default_context(cafile=world['ca'])
        self.sent = []

    def write(self, to, subject, text, reply_to_id=None, references=(), files=()):
        """Composes and submits a mail with one's own login, as a mail client does."""
        mail = EmailMessage(policy=email.policy.SMTP)
        mail['From'] = email.utils.formataddr((self.name, self.address))
        mail['To'] = to
        mail['Subject'] = subject
        mail['Date'] = email.utils.localtime()
        mail['Message-ID'] = email.utils.make_msgid(domain=self.address.split('@')[1])
        if reply_to_id:
            mail['In-Reply-To'] = reply_to_id
            mail['References'] = ' '.join([*references, reply_to_id])
        mail.set_content(text)
        for name, kind, data in files:
            mail.add_attachment(data, maintype=kind.split('/')[0], subtype=kind.split('/')[1], filename=name)
        with smtplib.SMTP_SSL('localhost', self.world['submissions'], context=self.context, timeout=30) as server:
            server.login(self.address, self.password)
            server.send_message(mail, self.address, [to])
        self.sent.append(mail['Message-ID'])
        return mail['Message-ID']

    def answer(self, mail, text):
        """Answers a mail as clients do: to its Reply-To, with the original quoted below."""
        quoted = '\n'.join('> ' + line for line in plain(mail).splitlines())
        author = mail['From'].addresses[0].display_name
        body = f'{text}\n\nOp di 24 nov 2026 om 09:00 schreef {author} <{mail["From"].addresses[0].addr_spec}>:\n{quoted}\n'
        subject = mail['Subject'] if mail['Subject'].lower().startswith('re:') else f'Re: {mail["Subject"]}'
        return self.write(mail['Reply-To'].addresses[0].addr_spec, subject, body, mail['Message-ID'],
                          (mail['References'] or '').split())

    def mails(self):
        """All mails in the inbox, oldest first."""
        server = imaplib.IMAP4_SSL('localhost', self.world['imaps'], ssl_context=self.context)
        try:
            server.login(self.address, self.password)
            server.select('INBOX', readonly=True)
            numbers = server.search(None, 'ALL')[1][0].split()
            if not numbers:
                return []
            parts = server.fetch(b','.join(numbers), '(BODY.PEEK[])')[1]
            return [email.message_from_bytes(part[1], policy=email.policy.default)
                    for part in parts if isinstance(part, tuple)]
        finally:
            server.logout()

    def find(self, words):
        return [mail for mail in self.mails() if words in (mail['Subject'] or '') or words in plain(mail)]

    def wait(self, words, patience=PATIENCE):
        """The first mail with these words in its subject or text; None where it does not come."""
        deadline = time.monotonic() + patience
        while True:
            found = self.find(words)
            if found or time.monotonic() > deadline:
                return found[0] if found else None
            time.sleep(0.1)


def plain(mail):
    part = mail.get_body(('plain',))
    return part.get_content() if part else ''


def from_outside(world, sender, to, subject, text, headers=()):
    """Hands a mail over by swaks, as an outside server does: nothing proves who wrote it."""
    command = ['swaks', '--silent', '2', '--server', f'127.0.0.1:{world["smtp"]}', '--from', sender, '--to', to,
               '--header', f'Subject: {subject}', '--body', text]
    for header in headers:
        command += ['--header', header]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def json_lines(text):
    return [json.loads(line) for line in text.splitlines() if line.strip()]
