"""Help that is asked and votes that are cast on the schoolplein, by number."""
import csv
import io
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from clients import plain


def opened(day):
    day.scene('10:40  Anna asks for help at the kerstmarkt, and puts the school trip to a secret vote')
    # The help request closes by the clock, while the day goes on.
    closes = (datetime.now(ZoneInfo('Europe/Amsterdam')) + timedelta(seconds=105)).strftime('%d-%m-%Y %H:%M')
    day.anna.write(day.at('schoolplein.groep5'), 'Hulp kerstmarkt',
                   f'Beste ouders,\n\nHulp gevraagd (tot {closes}):\n- Taart bakken (1)\n- Kraam opbouwen (3)\n\nDank u wel!\nAnna')
    receipt = day.got(day.anna, 'Geplaatst: Hulp kerstmarkt', 'Anna reads back how her mail was understood')
    day.check(receipt and '1. Taart bakken (1 plaats)' in plain(receipt), 'a task with 1 place, and one with 3')
    item = day.got(day.els_bakker, 'Hulp kerstmarkt', 'Els Bakker has it, with a button a task')
    html = item.get_body(('html',)).get_content() if item else ''
    day.check('body=ja%201' in html and 'body=ja%202' in html, 'each sends ja and its number')
    day.els_bakker.answer(item, 'ja 1')
    claimed = day.got(day.els_bakker, 'Hier helpt u nu', 'she taps the first, and it is hers')
    frisian = day.hoekstra.wait('Hulp kerstmarkt')
    day.hoekstra.answer(frisian, 'Ja, 1 en 2!\n\nWy kinne fan tsien oere ôf.')
    waits = day.got(day.hoekstra, 'jo steane op de wachtlist, plak 1', 'Hoekstra is first on the waiting list of the cake')
    day.check(waits and 'Els' not in plain(waits), 'and does not see who has it')
    english = day.okafor.wait('asks for help on the schoolplein')
    day.okafor.answer(english, 'Can we bring our own stall?')
    day.got(day.okafor, 'Posted', 'other words of Ngozi Okafor are a comment')
    day.els_bakker.answer(claimed, 'herstel')
    day.got(day.els_bakker, 'U heeft nu geen plaats meer', 'Els gives it back with one word')
    day.got(day.hoekstra, 'Der kaam in plak frij', 'Hoekstra moves up, and is told')
    day.anna.answer(receipt, 'stand')
    state = day.got(day.anna, 'Stand: Hulp kerstmarkt', 'Anna asks how it stands')
    table = sheet(state)
    day.check(table and [row[3] != '' for row in table[1:]] == [True, True], 'a table of names came as a file')
    day.check(table and 'fan tsien oere' in table[1][5], 'with what Hoekstra wrote beside the claim, for Anna alone')
    vote(day)


def vote(day):
    day.anna.write(day.at('schoolplein.groep5'), 'Schoolreis',
                   'Geheime stemming: waar gaan we heen?\n1. De Efteling\n2. Dierenpark Emmen\n3. Een dag naar zee')
    receipt = day.anna.wait('Geplaatst: Schoolreis')
    for person, words in ((day.els_bakker, 'Eftelling'), (day.gezin_devries, '2\n\nGroet, Marie'), (day.frank_smit, 'zee')):
        person.answer(person.wait('De stemming is geheim'), words)
        day.got(person, 'Uw stem is geteld', f'{person.name} votes with “{words.splitlines()[0]}”')
    day.gezin_devries.answer(day.gezin_devries.wait('Uw stem is geteld'), 'nee, toch 1')
    day.got(day.gezin_devries, 'Wij weten niet zeker wat u bedoelt', 'what could be more than one thing is asked')
    day.gezin_devries.answer(day.gezin_devries.wait('Uw stem is geteld'), '1')
    day.got(day.gezin_devries, '- 1. De Efteling', 'De Vries changes to 1: the last vote counts')
    day.anna.answer(receipt, 'stand')
    hidden = day.got(day.anna, 'wordt pas getoond als zij sluit', 'Anna asks how it stands: that stays secret')
    day.check(hidden and sheet(hidden) is None, 'also in files')


def closed(day):
    day.scene('15:20  The vote is closed by its teacher, the help request by the clock')
    day.anna.answer(day.anna.wait('Geplaatst: Schoolreis'), 'sluiten')
    result = day.got(day.hoekstra, 'Utslach: Schoolreis', 'Hoekstra, who did not vote, has the result')
    day.check(result and 'De Efteling: 2 stimmen' in plain(result) and 'Een dag naar zee: 1 stim' in plain(result),
              'two votes for De Efteling, one for the sea')
    table = day.got(day.anna, 'Gesloten: Schoolreis', 'Anna has the table')
    day.check(table and [row[2] for row in sheet(table)] == ['Stemmen', '2', '0', '1'], 'of counts')
    day.check(table and not any(name in table.as_string() for name in ('Els', 'Frank', 'Vries')), 'without a name')
    ended = day.anna.wait('Gesloten: Hulp kerstmarkt', patience=120)
    day.check(ended is not None, 'at its minute the help request closed by itself: Anna has the list')
    day.got(day.hoekstra, 'It opjaan is sletten', 'and Hoekstra what they promised')
    day.okafor.answer(day.okafor.wait('asks for help on the schoolplein'), 'yes 2')
    day.got(day.okafor, 'This question has closed', 'an answer after that is too late')


def sheet(mail):
    """The rows of the table that came with a mail; None without one."""
    for part in mail.iter_attachments() if mail else ():
        if part.get_content_type() == 'text/csv':
            return list(csv.reader(io.StringIO(part.get_payload(decode=True).decode('utf-8-sig'), newline=''), delimiter=';'))
    return None
