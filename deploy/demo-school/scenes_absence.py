"""Absence on the next school day: who is sick or late, the board at 08:20, a child that is missed, and leave."""
import datetime
import re
import urllib.parse
import zoneinfo

from clients import plain

AMSTERDAM = zoneinfo.ZoneInfo('Europe/Amsterdam')


def next_school_day():
    day = datetime.datetime.now(AMSTERDAM).date() + datetime.timedelta(days=1)
    while day.isoweekday() > 5:
        day += datetime.timedelta(days=1)
    return day


def turn(day, hour, minute):
    """It becomes so late on the next school day: the gateway's clock runs ahead by as much (a debug build reads it)."""
    then = datetime.datetime.combine(next_school_day(), datetime.time(hour, minute), AMSTERDAM)
    ahead = (then - datetime.datetime.now(AMSTERDAM)).total_seconds()
    (day.folder / 'clock.new').write_text(f'{ahead}\n')
    (day.folder / 'clock.new').replace(day.folder / 'clock')


def tap(person, mail, words):
    """Opens the link whose text is this, as a mail program does, and presses Send."""
    html = mail.get_body(('html',)).get_content()
    link = next(url for url, text in re.findall(r'<a [^>]*href="(mailto:[^"]*)"[^>]*>([^<]*)</a>', html) if words in text)
    address, _, query = link.removeprefix('mailto:').replace('&amp;', '&').partition('?')
    fields = dict(urllib.parse.parse_qsl(query))
    person.write(urllib.parse.unquote(address), fields['subject'], fields['body'])


def reported(day):
    turn(day, 7, 40)
    day.scene('07:40, the next school day  Parents say who is sick or late')
    day.els_bakker.write(day.at('ziek'), 'Ziekmelding', 'Goedemorgen,\n\nNoor is ziek, ze heeft hoge koorts.\n\nGroet, Els')
    receipt = day.got(day.els_bakker, 'Genoteerd: uw melding', 'Els writes in her own words, and has a receipt')
    day.check(receipt and '07:4' in plain(receipt) and 'hoge koorts' in plain(receipt), 'with the time, and what was noted')
    told = day.got(day.frank_smit, 'Bericht over uw kind', 'Frank, who lives apart and has authority too, is told')
    day.check(told and 'ziek' in plain(told) and 'koorts' not in plain(told) and 'Els' not in plain(told),
              'that Noor is sick, and not why or by whom')
    day.hoekstra.write(day.at('siik'), 'siik', 'Sietse')
    day.got(day.hoekstra, 'Notearre: jo melding', 'Hoekstra mails the one word siik, and the name')
    day.okafor.write(day.at('sick'), 'late Ada 9:15', '')
    day.got(day.okafor, 'expected at 9:15', 'Ngozi Okafor writes it in the subject alone')
    day.gezin_devries.write(day.at('ziek'), '', 'ziek')
    which = day.got(day.gezin_devries, 'Welk kind bedoelt u?', 'De Vries name no child: they are asked')
    tap(day.gezin_devries, which, 'Tim')
    day.got(day.gezin_devries, 'Tim de Vries: ziek', 'and tap Tim')
    day.bos.write(day.at('ziek'), 'Vandaag', 'Hij moet om tien uur naar de tandarts.')
    day.got(day.bos, 'Uw bericht is doorgegeven', 'what is not understood goes to a person, and Bos is told')
    passed = day.got(day.dirk, 'naar de tandarts', 'Dirk, at the desk, reads it')
    day.check(passed and 'tandarts' not in passed['Subject'], 'under a subject that says nothing of it')
    day.gijs_volkers.write(day.at('ziek'), '', 'ziek Daan')
    day.got(day.gijs_volkers, 'Genoteerd: uw melding', 'Gijs Volkers, without authority, may report too')


def board(day):
    turn(day, 8, 20)
    day.scene('08:20  The board')
    mail = day.got(day.dirk, 'Afgemeld voor vandaag', 'Dirk has the list of the school')
    text = plain(mail) if mail else ''
    names = ('Noor', 'Sietse', 'Ada', 'Tim de Vries', 'Daan')
    day.check(all(name in text for name in names) and text.index('Noor') < text.index('Tim de Vries'), 'one list a group, with the hour')
    day.check('komt om 9:15 uur' in text and 'heeft geen gezag' in text, 'who is late and when, and that Gijs has no authority')
    day.check('koorts' not in text and 'Els' not in text, 'and nothing of why, or by whom')
    for teacher in (day.anna, day.bas):
        group = day.got(teacher, 'Afgemeld voor vandaag', f'{teacher.name} of group 5 has the list of their own group')
        day.check(group and 'hoge koorts' in plain(group) and 'Tim' not in plain(group), 'with why, and no child of other groups')
    turn(day, 8, 40)
    day.wolters.write(day.at('ziek'), 'ziek', '')
    day.got(day.wolters, 'Genoteerd: uw melding', 'Wolters sends the subject ziek alone: an only child needs no name')
    day.got(day.dirk, 'Dit kwam na de lijst', 'what comes later reaches the desk at once')
    day.frank_smit.write(day.at('postvak.anna'), 'Noor', 'beter Noor')
    day.got(day.els_bakker, 'weer op school vanaf', 'Frank says that Noor is better from tomorrow, and Els is told')


def missed(day):
    turn(day, 9, 0)
    day.scene('09:00  Anna misses two children')
    group = day.anna.wait('Afgemeld voor vandaag')
    tap(day.anna, group, 'afwezig Sanne')
    question = day.got(day.gezin_devries, 'Vraag van school over Sanne', 'she taps Sanne: De Vries are asked why')
    tap(day.gezin_devries, question, 'Komt later')
    day.got(day.anna, 'De ouders hebben geantwoord', 'they tap, and Anna reads it at once')
    tap(day.anna, group, 'afwezig Lotte')
    day.got(day.anna, 'Aanwezigheid: Lotte', 'she misses Lotte too, whose father no mail reaches')
    turn(day, 9, 20)
    phone = day.got(day.anna, 'Bel de ouders van Lotte', 'after a quarter of an hour without an answer she is told to phone')
    day.check(phone and 'Wim Prins' in plain(phone), 'whom')
    day.got(day.dirk, 'Bel de ouders van Lotte', 'and so is the desk')
    day.check(not day.oom_oscar.find('Vraag van school'), 'Oscar, who knows on request only, is not asked')


def leave(day):
    day.scene('09:30  Els asks for leave, and the head decides')
    first = next_school_day() + datetime.timedelta(days=60)
    last = first + datetime.timedelta(days=1)
    dates = f'{first.day}-{first.month}-{first.year} t/m {last.day}-{last.month}-{last.year}'
    day.els_bakker.write(day.at('verlof'), 'verlof', f'verlof Noor {dates}: bruiloft van mijn zus')
    request = day.got(day.dirk, 'Verlof gevraagd: Noor', 'Dirk, the head, has the request')
    day.check(request and 'bruiloft van mijn zus' in plain(request), 'with why')
    tap(day.dirk, request, 'Akkoord')
    day.got(day.els_bakker, 'Toegekend: uw aanvraag', 'he taps akkoord, and Els is told')
    granted = day.got(day.bas, 'De directie heeft dit verlof toegekend', 'the teachers are told')
    day.check(granted and 'bruiloft' not in plain(granted), 'without why')
    day.oom_oscar.write(day.at('verlof'), 'verlof', f'verlof Lotte {dates}: op reis')
    day.got(day.oom_oscar, 'Verlof kan alleen worden gevraagd', 'Oscar, without full authority, cannot ask for any')
    log = (day.folder / 'gateway.log').read_text().lower()
    day.check(not re.search(r'koorts|tandarts|\bziek|\bsick|\bsiik', log), 'the gateway\'s log holds no word of health')


def absence(day):
    for scene in (reported, board, missed, leave):
        scene(day)
