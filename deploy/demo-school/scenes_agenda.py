"""The calendar: events by mail, invitations that calendar programs read, and their answers. The program here is
Python's icalendar, not Postplein's own."""
import copy
import datetime
import email.policy
import email.utils
import smtplib
import zoneinfo
from email.message import EmailMessage

import icalendar

from clients import plain

AMSTERDAM = zoneinfo.ZoneInfo('Europe/Amsterdam')
# Two evenings at the same hour of the clock, one before and one after the change to summer time.
YEAR = datetime.date.today().year + 1
LAST_SUNDAY_OF_MARCH = max(day for day in (datetime.date(YEAR, 3, number) for number in range(25, 32)) if day.weekday() == 6)
WINTER, SUMMER = LAST_SUNDAY_OF_MARCH - datetime.timedelta(days=3), LAST_SUNDAY_OF_MARCH + datetime.timedelta(days=4)


def event_in(mail, method):
    """The event that a calendar program finds in a mail: the part with this method, as Gmail and Outlook look for it."""
    for part in mail.walk():
        if part.get_content_type() == 'text/calendar' and part.get_param('method') == method:
            return icalendar.Calendar.from_ical(part.get_payload(decode=True)).walk('VEVENT')[0]
    return None


def answer(person, invitation, partstat, comment=None):
    """Answers as a calendar program does: a METHOD:REPLY to the organiser of the event, and nothing else."""
    event = event_in(invitation, 'REQUEST')
    calendar = icalendar.Calendar()
    calendar.add('prodid', '-//Demo//Client//NL')
    calendar.add('version', '2.0')
    calendar.add('method', 'REPLY')
    reply = icalendar.Event()
    for name in ('UID', 'SEQUENCE', 'DTSTART', 'DTEND', 'SUMMARY', 'ORGANIZER'):
        if name in event:
            reply[name] = copy.copy(event[name])
    reply.add('dtstamp', datetime.datetime.now(datetime.timezone.utc))
    attendee = icalendar.vCalAddress(f'mailto:{person.address}')
    attendee.params['PARTSTAT'] = icalendar.vText(partstat)
    reply.add('attendee', attendee, encode=0)
    if comment:
        reply.add('comment', comment)
    calendar.add_component(reply)
    mail = EmailMessage(policy=email.policy.SMTP)
    mail['From'] = email.utils.formataddr((person.name, person.address))
    mail['To'] = str(event['ORGANIZER']).split(':', 1)[1]
    mail['Subject'] = f'{partstat}: {event["SUMMARY"]}'
    mail['Date'] = email.utils.localtime()
    mail['Message-ID'] = email.utils.make_msgid(domain=person.address.split('@')[1])
    mail.set_content(f'{person.name} heeft op deze uitnodiging geantwoord.\n')
    mail.add_alternative(calendar.to_ical(), maintype='text', subtype='calendar', params={'method': 'REPLY', 'charset': 'utf-8'})
    with smtplib.SMTP_SSL('localhost', person.world['submissions'], context=person.context, timeout=30) as server:
        server.login(person.address, person.password)
        server.send_message(mail, person.address, [mail['To']])


def dutch(day):
    return f'{day.day}-{day.month}-{day.year}'


def agenda(day):
    day.scene('10:40  Anna mails dates to agenda.groep5; parents have them in their own calendar')
    day.anna.write(day.at('agenda.groep5'), 'Voorjaar',
                   f'Hoi,\n\n{dutch(WINTER)} 19:00-20:30 Ouderavond, hal\n{dutch(SUMMER)} 19:00 Musical, aula\n32-3 Onzin\n')
    receipt = day.got(day.anna, 'Agenda: dit hebben wij gelezen', 'Anna reads back what was understood')
    day.check(receipt and '19:00–20:30: Ouderavond, hal (nieuw)' in plain(receipt) and '“32-3 Onzin”' in plain(receipt),
              'with the line that is no date')
    evening = day.got(day.gezin_devries, 'Agenda: Ouderavond', 'the De Vries family has an invitation')
    musical = day.got(day.gezin_devries, 'Agenda: Musical', 'and one for the other evening')
    event, other = event_in(evening, 'REQUEST'), event_in(musical, 'REQUEST')
    start, later = event['DTSTART'].dt, other['DTSTART'].dt
    day.check(start == datetime.datetime.combine(WINTER, datetime.time(19), AMSTERDAM)
              and later == datetime.datetime.combine(SUMMER, datetime.time(19), AMSTERDAM),
              'Python\'s icalendar reads 19:00 in the Netherlands on both sides of the change to summer time')
    day.check(start.utcoffset() != later.utcoffset(), f'which are {start.utcoffset()} and {later.utcoffset()} from UTC')
    day.got(day.hoekstra, 'Aginda: Ouderavond', 'the Hoekstra family reads Frisian around it')
    day.got(day.okafor, 'Calendar: Ouderavond', 'the Okafor family English')
    for person in (day.oom_oscar, day.gijs_volkers, day.bos):
        day.check(not person.find('Ouderavond'), f'{person.name} gets nothing: it does not concern them')

    answer(day.gezin_devries, evening, 'ACCEPTED')
    answer(day.okafor, day.okafor.wait('Calendar: Ouderavond'), 'DECLINED', 'We are abroad that week')
    day.got(day.anna, 'abroad that week', 'Ngozi declines in her calendar; her note goes to Anna alone')
    day.els_bakker.answer(day.els_bakker.wait('Agenda: Ouderavond'), 'misschien')
    day.got(day.els_bakker, 'Doorgegeven: Ouderavond', 'Els, whose mail program has no calendar, taps Misschien')
    day.anna.answer(receipt, 'wie komt er?')
    who = day.got(day.anna, 'Wie komt er', 'Anna asks who comes')
    day.check(who and 'Komen (1):\n- Jan de Vries, Marie de Vries (Sanne de Vries)' in plain(who).replace('\r', ''), 'and sees the De Vries family by name')
    day.check(not day.frank_smit.find('Doorgegeven') and not day.bas.find('misschien'), 'nobody else sees an answer')

    day.anna.answer(receipt, f'1: {dutch(WINTER)} 19:30-20:30 Ouderavond, gymzaal')
    changed = day.got(day.gezin_devries, 'Gewijzigd: Ouderavond', 'she changes the first: the family\'s calendar is told')
    update = event_in(changed, 'REQUEST')
    day.check(update['UID'] == event['UID'] and update['SEQUENCE'] > event['SEQUENCE'], 'of the same event, with a higher sequence')
    day.anna.answer(receipt, 'herstel')
    day.got(day.anna, 'De uitnodigingen zijn al verstuurd', 'herstel comes too late for what was mailed')
    day.anna.answer(receipt, '2 vervalt')
    off = day.got(day.frank_smit, 'Gaat niet door: Musical', 'she calls the second off')
    cancelled = event_in(off, 'CANCEL')
    day.check(cancelled['UID'] == other['UID'] and cancelled['STATUS'] == 'CANCELLED', 'and it leaves the parents\' calendars')
    day.anna.write(day.at('agenda.groep5'), 'Oeps', f'{dutch(SUMMER)} Vergissing')
    day.anna.answer(day.anna.wait('Vergissing (nieuw)'), 'herstel')
    day.got(day.anna, 'Agenda: teruggehaald', 'a mistake is taken back within the window')

    day.okafor.write(day.at('agenda'), 'agenda', '')
    day.got(day.okafor, 'Calendar of De Wilgenhof', 'Ngozi mails agenda, and reads what is coming')
    day.bos.write(day.at('agenda.groep5'), 'agenda', '')
    day.got(day.bos, 'Niet gelukt', 'the Bos family, of another group, is refused the calendar of group 5')
    day.check(not any(person.find('Vergissing') for person in (day.els_bakker, day.hoekstra)), 'and nobody saw the mistake')
