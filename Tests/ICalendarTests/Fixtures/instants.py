"""Reads an iCalendar object from standard input by the Python library icalendar and prints, for each event, its start
and end as seconds since 1970, or as days, with what else a client shows."""
import datetime
import json
import sys

import icalendar


def place(value):
    if value is None:
        return None
    moment = value.dt
    if isinstance(moment, datetime.datetime):
        return moment.timestamp()
    return moment.isoformat()


calendar = icalendar.Calendar.from_ical(sys.stdin.buffer.read())
events = [{
    'uid': str(event['UID']), 'sequence': int(event['SEQUENCE']), 'summary': str(event['SUMMARY']),
    'location': str(event.get('LOCATION', '')), 'description': str(event.get('DESCRIPTION', '')),
    'start': place(event['DTSTART']), 'end': place(event.get('DTEND')), 'status': str(event.get('STATUS', '')),
    'organizer': str(event.get('ORGANIZER', '')), 'attendee': str(event.get('ATTENDEE', '')),
} for event in calendar.walk('VEVENT')]
print(json.dumps({'method': str(calendar.get('METHOD', '')), 'events': events}))
