"""The scene in which the school looks at its reports; it takes the day."""
import json
import time

from clients import json_lines, plain


def report(day):
    """What support and the head see of all that went out and came back."""
    day.scene('15:30  What the school sees')
    deadline = time.monotonic() + 20
    while True:
        report = json_lines(day.run('report', '--school', day.school, '--json'))
        text = json.dumps(report)
        if text.count('"bounced"') >= 3 or time.monotonic() > deadline:
            break
        time.sleep(0.5)
    print(day.run('threads', 'list', '--school', day.school))
    shown = day.run('report', '--school', day.school)
    print(shown)
    day.check('5.1.1' in text, 'Wim Prins\'s address does not exist: his mail came back, with the server\'s words (5.1.1)')
    day.check('5.2.2' in text, 'Vera Volkers\'s mailbox is full: her mail came back too (5.2.2)')
    told = day.got(day.dirk, 'Mail aan Wim Prins', 'Dirk, of support, is told once that Wim cannot be reached, and what to do')
    day.check(told and 'Bel de ouder' in plain(told) and len(day.dirk.find('Mail aan Wim Prins')) == 1, 'call the parent')
    advice = day.run('addresses', 'advise', 'weg@ouders.test', '--school', day.school, '--letter', day.folder / 'brief.pdf')
    day.check('tikfout' not in advice and 'niet bestaat' in advice and (day.folder / 'brief.pdf').read_bytes()[:5] == b'%PDF-',
               'a letter for the bag of his child is made (brief.pdf)')
    families = day.run('report', 'families', '--trouble', '--school', day.school)
    print(families)
    day.check('unknown-user' in families, 'the families whom mail does not reach are listed, with why')
    timeline = [line['event'] for line in json_lines(
        day.run('report', 'person', 'weg@ouders.test', '--json', '--html', day.folder / 'tijdlijn.html', '--school', day.school))]
    day.check({'queued', 'accepted', 'bounced', 'advised'} <= set(timeline), 'all that happened to Wim\'s mail, in order (tijdlijn.html)')
    day.run('report', 'page', day.folder / 'rapport.html', '--school', day.school)
    page = (day.folder / 'rapport.html').read_text()
    day.check('<svg' in page and '<script' not in page and 'weg@ouders.test' in page, 'and the report to print (rapport.html)')
    threads = json_lines(day.run('threads', 'list', '--school', day.school, '--json'))
    day.check(len(threads) >= 7, f'{len(threads)} conversations are in the store')
    bounced = [thread for thread in json.dumps(threads).lower().split('"') if 'undeliver' in thread or 'mailer-daemon' in thread]
    day.check(not bounced, 'no bounce became a conversation')
    log = (day.folder / 'gateway.log').read_text()
    day.check('@' not in log.replace('…@…', ''), 'the gateway\'s log holds no address')
