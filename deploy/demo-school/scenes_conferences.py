"""Conferences: a plan by mail, wishes by one tap, times by the clock, and each parent's own calendar. The calendar program
is Python's icalendar, not Postplein's own."""
import subprocess
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from clients import plain
from scenes_agenda import answer as answer_in_calendar
from scenes_agenda import dutch, event_in

AMSTERDAM = ZoneInfo('Europe/Amsterdam')
AFTERNOON, EVENING = date.today() + timedelta(days=20), date.today() + timedelta(days=22)


def slot(day, hour, minute):
    """As a parent writes it."""
    return f'{day.day}-{day.month} {hour}:{minute:02}'


def planned(day):
    day.scene('10:50  Dirk mails a plan for conferences; families with several children are invited first')
    # Wishes close by the clock, while the day goes on; here a minute stands for the day that such families are ahead.
    closes = (datetime.now(AMSTERDAM) + timedelta(seconds=190)).strftime('%d-%m-%Y %H:%M')
    plan = (f'Hoi,\n\n{dutch(AFTERNOON)} 15:30-16:40\n{dutch(EVENING)} 19:00-19:30\n10 minuten\n'
            f'Groep 5, lokaal 5\nGroep 7, lokaal 7\nwensen tot {closes}\n')
    day.dirk.write(day.at('gesprekken'), 'Oudergesprekken', plan + 'Denk aan de koffie\n')
    refused = day.got(day.dirk, 'Oudergesprekken: niet gelukt', 'a line that is no part of a plan is named')
    day.check(refused and '“Denk aan de koffie”: deze regel begrijpen wij niet' in plain(refused), 'and nobody is mailed')
    day.dirk.write(day.at('gesprekken'), 'Oudergesprekken', plan + '\nGroet,\nDirk')
    receipt = day.got(day.dirk, 'zo hebben wij uw plan begrepen', 'without it Dirk has his plan read back')
    day.check(receipt and 'Groep 5: Anna de Boer & Bas Visser, lokaal 5; gesprekken: 7, tijden: 10' in plain(receipt).replace('\n', ' '),
              'a duo is one desk; Els and Frank, who live apart, count for two')
    family = day.got(day.gezin_devries, 'Oudergesprekken: kies een tijd', 'the De Vries family, with two children, is invited')
    day.check(family and 'Ons voorstel' in plain(family), 'with a proposal')
    day.check(not day.els_bakker.find('Oudergesprekken'), 'Els, with one, is not yet')
    day.gezin_devries.answer(family, 'voorstel')
    events = {}
    for child in ('Sanne', 'Tim'):
        mail = day.got(day.gezin_devries, f'Gesprek over {child}', f'one tap takes it: {child} has a time')
        events[child] = event_in(mail, 'REQUEST') if mail else None
    sanne, tim = events['Sanne'], events['Tim']
    day.check(sanne and tim and tim['DTSTART'].dt in (sanne['DTEND'].dt, sanne['DTSTART'].dt - timedelta(minutes=10)),
              'and the two are back to back in their calendar, at two desks')


def chosen(day):
    day.scene('11:30  The other families choose')
    els = day.els_bakker.wait('Oudergesprekken: kies een tijd', patience=90)
    day.check(els is not None, 'Els has her invitation, later')
    html = els.get_body(('html',)).get_content() if els else ''
    day.check(html.count('class="slot"') >= 8, f'with one tap for each of {html.count(chr(34) + "slot" + chr(34))} times')
    first = [slot(AFTERNOON, 15, minute) for minute in (30, 40, 50)] + [slot(AFTERNOON, 16, 0)]
    day.els_bakker.answer(els, f'1: {slot(EVENING, 19, 0)}, 2: {slot(EVENING, 19, 10)}')
    wishes = day.got(day.els_bakker, 'Genoteerd: uw wensen', 'she answers with two wishes, the dearer first')
    day.check(wishes and 'wens 2' in plain(wishes) and 'Frank' not in plain(wishes), 'both are noted')
    frank = day.got(day.frank_smit, 'Oudergesprekken: kies een tijd', 'Frank has an invitation of his own for the same child')
    day.frank_smit.answer(frank, f'{slot(EVENING, 19, 0)} of {first[3]}')
    day.got(day.frank_smit, 'Genoteerd: uw wensen', 'and wishes the same, without knowing it')
    frisian = day.got(day.hoekstra, 'Alderpetearen: kies in tiid', 'the Hoekstra family reads Frisian')
    day.hoekstra.answer(frisian, f'{EVENING.strftime("%d-%m")} 19.00 oere')
    day.got(day.hoekstra, 'Notearre: jo winsken', 'and wishes it too')
    english = day.got(day.okafor, 'Conferences: choose a time', 'the Okafor family English')
    day.okafor.answer(english, '19:05 please')
    day.got(day.okafor, 'what do you mean?', 'what names no time for certain is asked')
    day.okafor.answer(english, 'Could we talk by phone instead?')
    day.got(day.anna, 'by phone instead', 'words go to the teachers')
    for person in (day.oom_oscar, day.gijs_volkers, day.bos):
        day.check(not person.find('Oudergesprek'), f'{person.name} gets nothing: it does not concern them')


def granted(day):
    day.scene('15:25  At its minute the wishes are granted')
    table = day.dirk.wait('de tijden zijn verdeeld', patience=180)
    day.check(table is not None, 'Dirk is told how it went')
    day.check(table and '1 van de 3 gesprekken met wensen kregen de eerste wens' in plain(table).replace('\n', ' '), 'of three who wished 19:00 one has it')
    booked = {person: day.got(person, words, f'{person.name} has a time') for person, words in (
        (day.els_bakker, 'Gesprek over Noor'), (day.frank_smit, 'Gesprek over Noor'), (day.hoekstra, 'Petear oer Sietse'),
        (day.okafor, 'Conversation about Ada'))}
    events = {person: event_in(mail, 'REQUEST') for person, mail in booked.items() if mail}
    day.check(len({event['DTSTART'].dt for event in events.values()}) == 4, 'four parents at one desk, four times')
    day.check(len({str(event['UID']) for event in events.values()}) == 4, 'each with an event of its own')
    day.check(booked[day.frank_smit] and 'Els' not in booked[day.frank_smit].as_string()
              and 'Frank' not in booked[day.els_bakker].as_string(), 'Els and Frank do not see each other')
    late = next(person for person in (day.els_bakker, day.frank_smit)
                if events[person]['DTSTART'].dt != datetime(EVENING.year, EVENING.month, EVENING.day, 19, 0, tzinfo=AMSTERDAM))
    late.answer(booked[late], 'waarom')
    why = day.got(late, 'Waarom deze tijd?', f'{late.name} asks why')
    day.check(why and 'Wens 1' in plain(why) and 'die tijd was al bezet' in plain(why), 'and reads why not the first wish, of nobody else')
    schedule = day.got(day.anna, 'Rooster oudergesprekken', 'Anna has her schedule')
    names = [part.get_filename() for part in schedule.iter_attachments()] if schedule else []
    day.check(names == ['gesprekken.ics', 'gesprekken.pdf'], 'as a calendar and to print')
    for part in schedule.iter_attachments() if schedule else ():
        if part.get_filename().endswith('.pdf'):
            text = subprocess.run(['pdftotext', '-layout', '-', '-'], input=part.get_payload(decode=True), capture_output=True).stdout.decode()
            day.check('Els Bakker' in text and 'Frank Smit' in text, 'in which Els and Frank stand each in a row')
    changes(day, booked, events)


def changes(day, booked, events):
    day.okafor.answer(booked[day.okafor], 'waiting list')
    day.got(day.okafor, 'you are on the waiting list', 'Ngozi would like to hear of any other time')
    day.frank_smit.answer(booked[day.frank_smit], f'ruil {slot(EVENING, 19, 20)}')
    moved = day.got(day.frank_smit, 'Verzet: gesprek over Noor', 'Frank swaps for a free time')
    update = event_in(moved, 'REQUEST') if moved else None
    day.check(update and update['UID'] == events[day.frank_smit]['UID'] and update['SEQUENCE'] > events[day.frank_smit]['SEQUENCE'],
              'the same event in his calendar, with a higher sequence')
    day.got(day.okafor, 'A time came free', 'Ngozi is told of the one he left')
    day.gezin_devries.answer(day.gezin_devries.wait('Gesprek over Sanne'), f'Sanne {slot(EVENING, 19, 20)}')
    day.got(day.gezin_devries, 'die tijd is al bezet', 'De Vries wants Frank\'s new time: it is taken')
    if moved:
        answer_in_calendar(day.frank_smit, moved, 'DECLINED')
    off = day.got(day.frank_smit, 'Afgezegd: gesprek over Noor', 'Frank declines in his calendar: the time is free again')
    cancelled = event_in(off, 'CANCEL') if off else None
    day.check(cancelled and cancelled['UID'] == update['UID'], 'and it leaves his calendar')
    day.check(day.got(day.anna, 'Gewijzigd: Rooster oudergesprekken', 'Anna has the changed schedule') is not None, 'once things are quiet')
