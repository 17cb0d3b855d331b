"""Scenes with documents and class lists; each takes the day."""
import html
import re
import subprocess
from urllib.parse import parse_qs, unquote, urlsplit

from clients import plain


def pdf(words):
    """A small PDF that says something."""
    return b'%PDF-1.4\n% ' + words.encode() + b'\n%%EOF\n'


def files(mail):
    return {part.get_filename(): part.get_content() for part in mail.iter_attachments()} if mail else {}


def tap(person, mail, words):
    """Taps the link that would send these words, and Send: a mailto: link with subject and text filled in."""
    for link in re.findall(r'href="(mailto:[^"]+)"', mail.get_body(('html',)).get_content()):
        parts = urlsplit(html.unescape(link))
        query = parse_qs(parts.query)
        if query.get('body', [''])[0] == words:
            return person.write(unquote(parts.path), query['subject'][0], words)
    return None


def printed(mail):
    """What stands on the class lists that came along."""
    text = ''
    for data in files(mail).values():
        text += subprocess.run(['pdftotext', '-layout', '-', '-'], input=data, capture_output=True, check=True).stdout.decode()
    return text


def documents(day):
    day.scene('10:50  Documents: staff file them by mail, parents ask for them')
    day.anna.write(day.at('documenten'), 'Luizenprotocol', 'Voor alle ouders.', files=[('luizen.pdf', 'application/pdf', pdf('een'))])
    day.got(day.anna, 'Documenten bijgewerkt: Luizenprotocol', 'Anna files one for the whole school, and has a receipt')
    day.bas.write(day.at('documenten.groep5'), 'Papieren', 'Twee tegelijk.', files=[
        ('Pestprotocol.pdf', 'application/pdf', pdf('pest')), ('gymrooster_2026.pdf', 'application/pdf', pdf('gym'))])
    receipt = day.got(day.bas, 'Documenten bijgewerkt', 'Bas files two for group 5')
    day.check(receipt and 'gymrooster 2026 (Groep 5)' in plain(receipt), 'each under its own name')
    day.els_bakker.write(day.at('documenten'), 'Vraag', 'document luisenprotokol')
    found = day.got(day.els_bakker, 'Hierbij het document “Luizenprotocol”', 'Els asks for it with two typos')
    day.check(files(found).get('luizen.pdf') == pdf('een'), 'and has the file')
    day.okafor.write(day.at('documents'), 'document protocol', '')
    which = day.got(day.okafor, 'Which document do you mean?', 'Ngozi asks for “protocol”: there are two, and she is asked which')
    day.check(which and tap(day.okafor, which, 'document Pestprotocol'), 'she taps one')
    day.check(files(day.okafor.wait('Here is the document')).get('Pestprotocol.pdf') == pdf('pest'), 'and has it')
    day.anna.write(day.at('documenten'), 'luizenprotocol', 'De nieuwe.', files=[('nieuw.pdf', 'application/pdf', pdf('twee'))])
    replaced = day.got(day.anna, 'nieuwe versie opgeslagen', 'Anna files a new version; the old one is kept')
    day.hoekstra.write(day.at('dokuminten'), 'dokumint lúzenprotokol', '')
    frisian = day.got(day.hoekstra, 'Hjirby it dokumint', 'Hoekstra asks in Frisian')
    day.check(files(frisian).get('nieuw.pdf') == pdf('twee'), 'and gets the new version')
    day.anna.answer(replaced, 'herstel')
    day.got(day.anna, 'teruggezet', 'Anna takes it back with one word')
    day.gezin_devries.write(day.at('documenten'), 'luizenprotocol', '')
    old = day.gezin_devries.wait('Hierbij het document “Luizenprotocol”')
    day.check(files(old).get('luizen.pdf') == pdf('een'), 'and the De Vries family gets the old version')
    for person, name in ((day.bos, 'Rik Bos, whose children are in other groups'), (day.oom_oscar, 'Oscar Prins, who knows on request only')):
        person.write(day.at('documenten'), 'documenten', '')
        shown = day.got(person, 'Deze documenten kunt u opvragen', f'{name}, sees the list')
        day.check(shown and 'Luizenprotocol' in plain(shown) and 'Pestprotocol' not in plain(shown), 'without what is for group 5')


def class_lists(day):
    day.scene('11:05  The class list: each parent shows what they want to')
    route = day.at('klassenlijst')
    day.els_bakker.write(route, 'Klassenlijst', 'Mag ik de klassenlijst?')
    empty = day.got(day.els_bakker, 'Klassenlijst van De Wilgenhof', 'Els asks for it')
    day.check(empty and 'Sanne de Vries' in plain(empty) and '06-1' not in plain(empty) + printed(empty), 'the children stand on it, and nothing else')
    day.check(empty and tap(day.els_bakker, empty, 'toon telefoon Noor Smit'), 'she taps “Laat zien” beside her phone')
    shown = day.got(day.els_bakker, 'uw telefoon is nu zichtbaar', 'and has a receipt')
    day.frank_smit.write(route, 'toon adres Noor', '')
    day.got(day.frank_smit, 'uw adres is nu zichtbaar', 'Frank, who lives apart from her, shows his address')
    day.gezin_devries.write(route, 'Lijst', 'graag')
    seen = day.got(day.gezin_devries, 'Klassenlijst van', 'the De Vries family asks for it')
    for text in (plain(seen), printed(seen)) if seen else ('', ''):
        day.check('06-10000003' in text and 'Wilgenlaan 4' in text and '06-10000004' not in text and 'Kade' not in text,
                  'Els\'s phone and Frank\'s address are on it, and nothing that they hide')
    (day.folder / 'klassenlijst.pdf').write_bytes(next(iter(files(seen).values()), b''))
    for person, words in ((day.bos, 'alleen voor ouders en leerkrachten'), (day.oom_oscar, 'alleen voor ouders en leerkrachten')):
        person.write(day.at('klassenlijst.groep5'), 'Lijst', 'graag')
        refused = day.got(person, words, f'{person.name} asks for group 5, and is refused')
        day.check(refused and not files(refused), 'nothing comes along')
    day.check(shown and tap(day.els_bakker, shown, 'verberg telefoon Noor Smit'), 'Els hides her phone again, by the receipt\'s link')
    day.got(day.els_bakker, 'uw telefoon is nu verborgen', 'and has a receipt')
    day.anna.write(route, 'klassenlijst', '')
    last = day.got(day.anna, 'Klassenlijst van', 'Anna asks for the list of her group')
    day.check(last and 'Wilgenlaan 4' in plain(last) and '06-1' not in plain(last) + printed(last), 'Els\'s phone is not on it any more')
