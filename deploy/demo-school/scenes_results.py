"""The scene with test results; it takes the day."""
import base64
import re
import smtplib
import struct
import time
import zlib
from email.message import EmailMessage
from pathlib import Path

from clients import PATIENCE, plain
from scenes_papers import tap

FILE = Path(__file__).resolve().parent / 'results.csv'
# What only Noor's parents may read, and that only once they confirmed it.
SECRETS = ('Rekenen', 'egrijpend lezen', r'(?<![%\w])203\b', '196,4', 'keersommen')


def pictures(mail):
    return [part.get_content() for part in mail.walk() if part.get_content_type() == 'image/png'] if mail else []


def size(png):
    """Width and height of a PNG whose every chunk is whole; None for anything else."""
    if png[:8] != b'\x89PNG\r\n\x1a\n':
        return None
    place, found, kind = 8, None, b''
    while place < len(png):
        length, kind = struct.unpack('>I4s', png[place:place + 8])
        body = png[place + 4:place + 8 + length]
        if zlib.crc32(body) != struct.unpack('>I', png[place + 8 + length:place + 12 + length])[0]:
            return None
        if kind == b'IHDR':
            found = struct.unpack('>II', body[4:12])
        place += 12 + length
    return found if kind == b'IEND' else None


def everything(mail):
    return (mail['Subject'] or '') + ''.join(
        part.get_content() for part in mail.walk() if part.get_content_maintype() == 'text')


def tells(mail):
    return [word for word in SECRETS if re.search(word, everything(mail))]


def paste_below(person, mail, words):
    """Answers as a client does that pastes all of a mail below, unmarked, with its pictures under names of its own."""
    answer = EmailMessage()
    answer['From'], answer['To'] = person.address, mail['Reply-To'].addresses[0].addr_spec
    answer['Subject'], answer['In-Reply-To'] = f'Re: {mail["Subject"]}', mail['Message-ID']
    answer.set_content(f'{words}\n\n{plain(mail)}')
    answer.add_alternative(f'<p>{words}</p>{mail.get_body(("html",)).get_content()}', subtype='html')
    for number, png in enumerate(pictures(mail)):
        answer.get_payload()[1].add_related(png, 'image', 'png', cid=f'<image{number}@client>', filename=f'image00{number}.png')
    with smtplib.SMTP_SSL('localhost', person.world['submissions'], context=person.context, timeout=30) as server:
        server.login(person.address, person.password)
        server.send_message(answer)


def take(day, file, *options):
    # One row names a pupil whom the school does not have.
    return day.run('import', 'results', file, '--school', day.school, *options, ok=(1,))


def results(day):
    day.scene('13:50  Test results are imported; parents hear that there is something new, and confirm before they see it')
    els, frank, jelle = day.els_bakker, day.frank_smit, day.hoekstra
    dry = take(day, FILE)
    day.check('10 new' in dry and 'nothing was changed' in dry, 'a dry run shows what would change, without a score')
    day.check('"line":12' in take(day, FILE, '--json').replace(' ', ''), 'and names the row of a pupil whom the school does not have')
    done = take(day, FILE, '--apply')
    day.check('10 new' in done and 'mails tell' in done, done.strip().splitlines()[-1])
    day.check('0 new, 0 corrected' in take(day, FILE, '--apply'), 'the same file again is no news')
    news = day.got(els, 'Er is iets nieuws over Noor', 'Els is told that there is something new about Noor')
    day.got(frank, 'Er is iets nieuws over Noor', 'Frank, who lives apart from her, too')
    day.check(news and not tells(news), 'no score and no subject stands in it')
    for child in ('Sanne', 'Tim'):
        day.got(day.gezin_devries, f'Er is iets nieuws over {child}', f'the De Vries family has one mail about {child}')
    for person in (day.oom_oscar, day.gijs_volkers):
        day.check(not person.find('Er is iets nieuws'), f'{person.name}, without authority, hears nothing')

    day.check(news and tap(els, news, 'toetsen'), 'Els taps the button in it')
    question = day.got(els, '“toetsen”', 'and is asked, at her registered address, whether it is she')
    day.check(not any(tells(mail) for mail in els.mails()), 'nothing is told yet')
    frank.write(question['Reply-To'].addresses[0].addr_spec, 'Re: Bent u dit?', 'JA')
    day.got(els, 'Iemand anders gebruikte', 'the question is answered from another address: Els is told')
    day.check(not any(tells(mail) for mail in els.mails() + frank.mails()), 'and nobody gets anything')
    els.answer(question, 'JA')
    mail = day.got(els, 'Toetsgegevens van Noor', 'she answers JA herself, and has the results')
    day.check(mail and '19-1-2026 | M5 | 203 | II | 196,4' in plain(mail) and 'keersommen' in plain(mail),
              'as a table in the text, with the teacher\'s note')
    charts = pictures(mail)
    day.check([size(png) for png in charts] == [(880, 520)] * 2, 'with a chart for each of two subjects, as pictures within the mail')
    if charts:
        shown = mail.get_body(('html',)).get_content()
        for name, png in zip(re.findall(r'src="(cid:[^"]+)"', shown), charts):
            shown = shown.replace(name, 'data:image/png;base64,' + base64.b64encode(png).decode())
        (day.folder / 'toetsen.html').write_text(shown)
    els.answer(question, 'JA')
    day.got(els, 'Er wacht geen bericht meer', 'a second JA gives nothing')

    paste_below(els, mail, 'Hoeveel moet ze thuis oefenen?')
    asked = day.got(day.anna, 'Hoeveel moet ze thuis oefenen?', 'Els asks Anna about it, with all of the mail pasted below')
    day.got(day.bas, 'Hoeveel moet ze thuis oefenen?', 'Bas, of the same group, reads it too')
    day.check(asked and not tells(asked) and not pictures(asked), 'neither a result nor a chart comes along')
    day.check(not any(tells(mail) for mail in frank.mails()), 'and Frank has none of it')

    jelle.write(day.at('toetsen'), 'toetsen', '')
    jelle.answer(day.got(jelle, '“toetsen”', 'the Hoekstra family mails to toetsen, and is asked in Frisian'), 'JA')
    frisian = day.got(jelle, 'Toetsgegevens fan Sietse', 'and has the results of Sietse')
    day.check(frisian and 'skoare' in plain(frisian) and 'Sietse wurket sekuer' in plain(frisian), 'in Frisian')

    corrected = day.folder / 'correctie.csv'
    corrected.write_text(FILE.read_text().replace(';203;II;', ';205;II;'))
    day.check('0 new, 1 corrected' in take(day, corrected, '--apply'), 'a corrected row takes the place of the first')
    deadline = time.monotonic() + PATIENCE
    while len(els.find('Er is iets nieuws over Noor')) < 2 and time.monotonic() < deadline:
        time.sleep(0.2)
    day.check(len(els.find('Er is iets nieuws over Noor')) == 2, 'and is news again')
    day.check('Rekenen' not in (day.folder / 'gateway.log').read_text(), 'the log tells nothing of it')
