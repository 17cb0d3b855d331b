"""Scenes on one's own settings, digests with several answers, and moderation."""
import io
import time
import zipfile

from clients import plain


def settings(day):
    day.scene('11:40  The Hoekstra family looks at its settings, and changes them by one word each')
    parent = day.hoekstra
    parent.write(day.at('mijn'), 'mijn', '')
    shown = day.got(parent, 'Jo ynstellingen by De Wilgenhof', 'a mail to mijn is answered with all settings, in Frisian')
    day.check(shown and 'gesach' in plain(shown), 'with the children and the authority that the school knows of')
    parent.answer(shown, 'stil 00:00-23:59')
    receipt = day.got(parent, 'Jo stille oeren binne no 00:00–23:59', 'one word sets quiet hours')
    day.anna.write(day.at('nieuws.groep5'), 'Stil', 'Dit nieuws heeft geen haast.')
    day.got(day.okafor, 'heeft geen haast', 'news reaches the others')
    time.sleep(1)
    day.check(not parent.find('heeft geen haast'), 'and waits for the Hoekstra family')
    parent.answer(receipt, 'werom')
    day.got(parent, 'Jo ha gjin stille oeren mear', 'werom takes the change back')
    why = day.okafor.wait('heeft geen haast')
    day.okafor.answer(why, 'why')
    told = day.got(day.okafor, 'Why did you get this mail?', 'Ngozi Okafor asks why she got the news')
    day.check(told and 'all parents of' in plain(told), 'and reads for which group and child')


def my_data(day):
    day.scene('11:50  Els Bakker asks for all that is kept of her')
    els = day.els_bakker
    els.write(day.at('mijn'), 'mijn', 'mijn gegevens')
    question = day.got(els, 'mijn gegevens', 'she is asked at her registered address')
    els.answer(question, 'JA')
    mail = day.got(els, 'Uw gegevens bij De Wilgenhof', 'she answers JA and gets the archive')
    files = [part for part in mail.iter_attachments()] if mail else []
    names = zipfile.ZipFile(io.BytesIO(files[0].get_payload(decode=True))).namelist() if files else []
    day.check('data.json' in names and any(name.startswith('messages/') for name in names),
              f'a zip that any computer opens, with {len(names)} files')


def digest(day):
    day.scene('11:55  The De Vries family answers two items of their digest in one mail')
    # What earlier scenes left for it goes first.
    day.run('digest', '--school', day.school)
    for subject in ('Luizen', 'Leesouders'):
        day.anna.write(day.at('schoolplein.groep5'), subject, f'Wie helpt bij {subject}?')
        item = day.okafor.wait(f'Wie helpt bij {subject}?')
        day.okafor.answer(item, f'I help with {subject}.')
        day.got(day.okafor, f'Posted: {subject}', f'Ngozi Okafor comments on {subject}')
    time.sleep(3.5)
    day.run('digest', '--school', day.school)
    parent = day.gezin_devries
    digest = day.got(parent, 'Schoolplein: 2 nieuwe reacties', 'the De Vries family has both in one digest')
    day.check(digest and digest['List-Unsubscribe'] and 'mailto:r.' in digest['List-Unsubscribe'],
              'with a button to stop such mail (List-Unsubscribe)')
    parent.answer(digest, '1: Wij helpen ook\n2: Ik lees graag voor\nen kan op maandag\n9: En nog iets')
    receipt = day.got(parent, 'Geplaatst: 2 reacties', 'one answer with 1: and 2: answers both; one receipt says where')
    day.check(receipt and 'En nog iets' in plain(receipt), 'and asks about what belongs to no item')
    parent.answer(receipt, 'herstel 2')
    day.got(parent, 'Teruggehaald: 1 reactie', 'herstel 2 takes one of them back')
    day.got(day.anna, 'Wij helpen ook', 'Anna gets the other')
    time.sleep(3.5)
    day.check(not day.anna.find('Ik lees graag voor'), 'and never the one that was taken back')


def moderation(day):
    day.scene('12:20  A comment that is not nice is reported, and taken away')
    day.anna.write(day.at('schoolplein.groep5'), 'Sportdag', 'Wie helpt bij de sportdag?')
    item = day.okafor.wait('Wie helpt bij de sportdag?')
    day.okafor.answer(item, 'Bas is too lazy to do it himself.')
    comment = day.got(day.anna, 'too lazy', 'Ngozi Okafor comments on the schoolplein')
    day.frank_smit.answer(day.frank_smit.wait('Wie helpt bij de sportdag?'), 'melden')
    day.got(day.bas, 'Gemeld: Sportdag', 'Frank reports the item by mistake: its teachers read what was reported')
    day.anna.answer(comment, 'weg')
    day.got(day.okafor, 'Removed: Sportdag', 'Anna answers the comment with weg, and its author is told')
    day.run('digest', '--school', day.school)
    time.sleep(1)
    day.check(not day.gezin_devries.find('too lazy'), 'it is in nobody\'s digest')
    threads = day.run('threads', 'list', '--school', day.school)
    number = next((line.split()[0][1:] for line in threads.splitlines() if 'Sportdag' in line), '1')
    shown = day.run('threads', 'show', number, '--school', day.school)
    day.check('taken away by Anna de Boer' in shown, 'and postplein threads show says who took it away, and when')
    approval(day)


def approval(day):
    day.scene('12:40  Els and Frank open items on the schoolplein; the school sees them first')
    day.els_bakker.write(day.at('schoolplein.groep5'), 'Fietsen', 'Wie fietst er mee op woensdag?')
    waits = day.got(day.els_bakker, 'Wacht op de school: Fietsen', 'Els is told that her item waits for the school')
    question = day.got(day.anna, 'Akkoord? Fietsen', 'Anna, of that group, is asked')
    time.sleep(1)
    day.check(waits and not day.okafor.find('Wie fietst er mee'), 'and no parent has it yet')
    day.anna.answer(question, 'akkoord')
    day.got(day.okafor, 'Wie fietst er mee', 'Anna answers akkoord, and the families have it')
    day.got(day.els_bakker, 'Akkoord: Fietsen', 'Els is told')
    day.frank_smit.write(day.at('schoolplein.groep5'), 'Te koop', 'Wie wil mijn auto kopen?')
    day.bas.answer(day.bas.wait('Akkoord? Te koop'), 'weg')
    day.got(day.frank_smit, 'Niet geplaatst: Te koop', 'Bas answers weg to another item, and Frank is told')
    time.sleep(1)
    day.check(not day.okafor.find('mijn auto'), 'no parent ever has it')
