"""Reading: mails and bounces parsed by `postplein explain`, beside Python's email package, which merely parses them."""
import base64
import os
import quopri
import random
import resource
import subprocess
import sys
import tempfile
import time

from rig.school import program

WORDS = ("de het een juf meester kind school morgen vandaag graag mee gym tas groep ouder avond halen brengen laat klas "
         "thuis vraag antwoord fijn bedankt lezen rekenen boek pauze klas brief formulier vakantie week dag uur plein").split()
PEER = """
import email, email.policy, sys
for name in open(sys.argv[1]).read().split():
    with open(name, 'rb') as file:
        email.message_from_binary_file(file, policy=email.policy.default)
"""


def text(length):
    paragraphs, size = [[]], 0
    while size < length:
        sentence = " ".join(random.choices(WORDS, k=random.randint(5, 14))).capitalize() + "."
        paragraphs[-1].append(sentence)
        size += len(sentence)
        if random.random() < 0.3:
            paragraphs.append([])
    return "\n\n".join(" ".join(p) for p in paragraphs if p)


def mail(number, sender=None, to="k@post.school.example", photo=None):
    """A reply as Gmail writes it, most of it quoted; with a photo, if one is given."""
    sender = sender or f"anna{number}@example.nl"
    own, quoted = text(300), text(3000)
    told = f"Op ma 3 nov 2025 om 10:{hash(number) % 60:02d} schreef Juf Marja <k.{number}@post.school.example>:"
    plain = f"{own}\n\nMet vriendelijke groet,\nAnna\n\n{told}\n\n" + "\n".join("> " + line for line in quoted.split("\n"))
    html = ("<html><body><div dir=\"ltr\">" + "".join(f"<div>{p}</div><div><br></div>" for p in own.split("\n\n"))
            + "<div>Met vriendelijke groet,</div><div>Anna</div></div><br><div class=\"gmail_quote\"><div dir=\"ltr\" "
            f"class=\"gmail_attr\">{told.replace('<', '&lt;')}<br></div><blockquote class=\"gmail_quote\" style=\"margin:0px "
            "0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex\">"
            + "".join(f"<p style=\"font-family:Arial;font-size:14px;color:#333333\">{p}</p>" for p in quoted.split("\n\n"))
            + "</blockquote></div></body></html>")
    head = ["Return-Path: <anna@example.nl>",
            "Received: from mail.example.nl (mail.example.nl [192.0.2.1])\n\tby mx.school.example (Postfix) with ESMTPS id 4A\n"
            f"\tfor <{to}>; Mon, 3 Nov 2025 11:00:00 +0100 (CET)", f"X-Original-To: {to}",
            f"Authentication-Results: mail.school.test; dmarc=pass header.from={sender.split('@')[1]}",
            "DKIM-Signature: v=1; a=rsa-sha256; d=example.nl; s=s1;\n\th=from:to:subject; bh=" + "A" * 43 + "=;\n\tb=" + "B" * 300,
            "MIME-Version: 1.0", f"In-Reply-To: <a{number}@post.school.example>",
            f"From: =?UTF-8?Q?Anna_de_Vri=C3=ABs?= <{sender}>", "Date: Mon, 3 Nov 2025 11:00:00 +0100",
            f"Message-ID: <m{number}@example.nl>", "Subject: =?UTF-8?Q?Re=3A_Nieuws_over_de_gymles_=E2=82=AC?=",
            f"To: Juf Marja <{to}>"]
    kind = 'Content-Type: multipart/alternative; boundary="b"\n\n'
    part = "--b\nContent-Type: text/{}; charset=UTF-8\nContent-Transfer-Encoding: quoted-printable\n\n{}\n"
    body = "".join(part.format(kind, quopri.encodestring(value.encode()).decode()) for kind, value in (("plain", plain), ("html", html)))
    content = f"{kind}{body}--b--\n"
    if photo:
        content = (f'Content-Type: multipart/mixed; boundary="m"\n\n--m\n{content}\n--m\nContent-Type: image/jpeg; name="IMG_{number}.jpg"\n'
                   f'Content-Disposition: attachment; filename="IMG_{number}.jpg"\nContent-Transfer-Encoding: base64\n\n'
                   f'{base64.encodebytes(photo).decode()}--m--\n')
    return ("\n".join(head) + "\n" + content).replace("\n", "\r\n").encode()


REFUSALS = [("550 5.1.1 <{}>: Recipient address rejected: User unknown in virtual mailbox table", "5.1.1"),
            ("552 5.2.2 The recipient's inbox is out of storage space - gsmtp", "5.2.2"),
            ("550 5.7.515 Access denied, sending domain school.example doesn't meet the required authentication level", "5.7.515"),
            ("554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", "5.7.1"),
            ("451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation", "4.7.650")]


def bounce(number):
    words, status = REFUSALS[number % len(REFUSALS)]
    to = f"ouder{number}@hotmail.com"
    words = words.format(to)
    original = mail(number).split(b"\r\n\r\n", 1)[0].decode()
    head = (f"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.net (Mail Delivery System)\r\nTo: b.{number}@school.example\r\n"
            f"Message-ID: <b{number}@mx.example.net>\r\nDate: Mon, 3 Nov 2025 11:00:00 +0100\r\nAuto-Submitted: auto-replied\r\n")
    kind = number // len(REFUSALS) % 3
    if kind == 0:
        return (head + "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
                'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n--b\r\n\r\n'
                f"I'm sorry to have to inform you that your message could not\r\nbe delivered.\r\n\r\n<{to}>: {words}\r\n\r\n"
                f"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
                f"Final-Recipient: rfc822; {to}\r\nAction: failed\r\nStatus: {status}\r\nDiagnostic-Code: smtp; {words}\r\n\r\n"
                f"--b\r\nContent-Type: message/rfc822\r\n\r\n{original}\r\n\r\nhoi\r\n\r\n--b--\r\n").encode()
    if kind == 1:
        return (head + f"X-Failed-Recipients: {to}\r\nSubject: Mail delivery failed: returning message to sender\r\n\r\n"
                "This message was created automatically by mail delivery software.\r\n\r\nA message that you sent could not be "
                f"delivered to one or more of its\r\nrecipients. The following address(es) failed:\r\n\r\n  {to}\r\n"
                f"    SMTP error from remote mail server after RCPT TO:<{to}>:\r\n    {words}\r\n\r\n"
                "------ This is a copy of the message, including all the headers. ------\r\n\r\n" + original + "\r\n\r\nhoi\r\n").encode()
    return (head + "Subject: failure notice\r\n\r\nHi. This is the qmail-send program at mx.example.net.\r\nI'm afraid I wasn't able "
            f"to deliver your message to the following addresses.\r\n\r\n<{to}>:\r\nRemote host said: {words}\r\n\r\n"
            "--- Below this line is a copy of the message.\r\n\r\n" + original + "\r\n\r\nhoi\r\n").encode()


def best(command, runs=5):
    def once():
        begun = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        return time.perf_counter() - begun
    return min(once() for _ in range(runs))


def compare(make, what, arguments):
    random.seed(1)
    binary = program()
    with tempfile.TemporaryDirectory() as folder:
        names = [os.path.join(folder, f"{number:05d}.eml") for number in range(arguments.mails)]
        for number, name in enumerate(names):
            with open(name, "wb") as file:
                file.write(make(number))
        size = sum(os.path.getsize(name) for name in names) / len(names)
        with open(os.path.join(folder, "list"), "w") as file:
            file.write("\n".join(names))
        peer = best([sys.executable, "-c", PEER, os.path.join(folder, "list")])
        ours = best([binary, "explain", "--json", *names])
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{len(names)} {what} of {size / 1024:.1f} KB, {len(names) / ours:.0f} a second: explain {ours:.2f} s, Python's parser {peer:.2f} s, "
          f"{peer / ours:.1f} times as fast; {memory} MB at most in either")


def reading(arguments):
    compare(mail, "mails", arguments)


def bounces(arguments):
    compare(bounce, "bounces", arguments)
