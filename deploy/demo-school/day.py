"""Plays a school day: starts mail servers and the gateway, lets people mail, and checks what each of them got."""
import csv
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import scenes_absence
import scenes_agenda
import scenes_conferences
import scenes_mine
import scenes_offers
import scenes_papers
import scenes_photos
import scenes_report
import scenes_results
from clients import Client, from_outside, plain

HERE = Path(__file__).resolve().parent
DOMAIN = 'ouders.school.test'
GATEWAY = 'school@school.test'
NOBODY = 'weg@ouders.test'
FULL = 'vol@ziggo.test'
STAFF = ['ilse', 'joke', 'kees', 'lia', 'anna', 'bas', 'marieke', 'cor', 'petra', 'dirk']


class Day:
    def __init__(self, program):
        self.program = program
        self.folder = Path(tempfile.mkdtemp(prefix='postplein-', dir='/tmp'))
        os.chmod(self.folder, 0o755)  # Dovecot and Postfix run as users of their own.
        self.school = self.folder / 'school'
        self.failures = 0
        self.gateway = self.servers = None
        self.began = time.monotonic()

    # What the reader sees

    def scene(self, title):
        print(f'\n\033[1m{title}\033[0m' if sys.stdout.isatty() else f'\n== {title}', flush=True)

    def tell(self, text):
        print(f'   {text}', flush=True)

    def check(self, holds, text):
        """One thing that must have happened."""
        self.failures += 0 if holds else 1
        print(f'   {"✓" if holds else "✗ NOT TRUE:"} {text}', flush=True)
        return holds

    def got(self, person, words, text):
        mail = person.wait(words)
        self.check(mail is not None, text)
        return mail

    # Servers, school and gateway

    def start_servers(self):
        people = {row['E-mailadres'] for row in csv.DictReader(open(HERE / 'carers.csv'), delimiter=';')}
        people |= {f'{name}@school.test' for name in STAFF} | {'piet@elders.test', 'frank.nieuw@ouders.test'}
        passwords = {address: secrets.token_hex(6) for address in sorted(people - {NOBODY})}
        passwords[GATEWAY] = secrets.token_hex(12)
        (self.folder / 'users').write_text(
            ''.join(f'{address} {word}\n' for address, word in passwords.items() if address != GATEWAY))
        command = [HERE.parent / 'mail-servers', 'start', self.folder / 'mail', '--with-parent',
                   '--gateway', f'{GATEWAY}={passwords[GATEWAY]}', '--users', self.folder / 'users',
                   '--catch-all', DOMAIN, '--full', FULL]
        self.servers = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        line = self.servers.stdout.readline()
        if not line:
            sys.exit('deploy/demo: the mail servers did not start; the reason stands above')
        self.world = json.loads(line)
        self.passwords = passwords
        for address, word in passwords.items() - {(GATEWAY, passwords[GATEWAY])}:
            name = address.split('@')[0].replace('.', '_')
            setattr(self, name, Client(self.world, name.replace('_', ' ').title(), address, word))
        self.tell(f'Dovecot (imaps {self.world["imaps"]}) and Postfix (submissions {self.world["submissions"]}) run on 127.0.0.1')

    def make_school(self):
        self.school.mkdir(mode=0o700)
        secret = self.school / 'mail-password'
        secret.touch(mode=0o600)
        secret.write_text(self.passwords[GATEWAY] + '\n')
        server = f'  user: {GATEWAY}\n  password-file: mail-password\n  certificates: {self.world["ca"]}\n'
        (self.school / 'postplein.yaml').write_text(
            f'school:\n  name: De Wilgenhof\n  phone: "0512 00 00 00"\n'
            f'address:\n  mode: domain\n  mailbox: {GATEWAY}\n  domain: {DOMAIN}\n'
            f'imap:\n  host: localhost\n  port: {self.world["imaps"]}\n{server}'
            f'smtp:\n  host: localhost\n  port: {self.world["submissions"]}\n{server}'
            f'authentication:\n  authserv-id: {self.world["authservID"]}\n'
            f'people:\n  support: [dirk@school.test]\n  parents-may-open-schoolyard: true\n'
            # A demo is short: comments are mailed on after three seconds, and news to the whole school after five.
            f'schoolyard:\n  undo-seconds: 3\n  approve-parents: true\nbroadcast:\n  undo-seconds: 5\n'
            f'conferences:\n  lead-minutes: 1\nphotos:\n  pause-seconds: 6\n')

    def run(self, *arguments, ok=(0,)):
        """Runs postplein and gives what it printed."""
        done = subprocess.run([self.program, *arguments], capture_output=True, text=True)
        if done.returncode not in ok:
            self.check(False, f'postplein {" ".join(map(str, arguments))} ended with {done.returncode}: {done.stderr}')
        return done.stdout

    def start_gateway(self):
        self.log = open(self.folder / 'gateway.log', 'a')
        clock = os.environ | {'POSTPLEIN_CLOCK': str(self.folder / 'clock')}  # Turned by scenes_absence.
        self.gateway = subprocess.Popen([self.program, 'serve', self.school], stderr=self.log, env=clock)

    def stop(self):
        for process in (self.gateway, self.servers):
            if process and process.poll() is None:
                process.terminate()
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()

    def at(self, route):
        return f'{route}@{DOMAIN}'

    # The day

    def prepare(self):
        self.scene('07:30  The school is set up')
        self.start_servers()
        self.make_school()
        for _ in range(2):
            dry = self.run('import', 'edexml', HERE / 'school.xml', '--school', self.school)
        self.check('32 new' in dry and 'nothing was changed' in dry, 'a dry run shows what would change, and changes nothing')
        first = self.run('import', 'edexml', HERE / 'school.xml', '--school', self.school, '--apply')
        self.check('32 new' in first, f'EDEXML: {first.strip().splitlines()[-2]}')
        carers = self.run('import', 'carers', HERE / 'carers.csv', '--school', self.school, '--apply')
        self.check('15 new' in carers, f'parents: {carers.strip().splitlines()[-2]}')
        again = self.run('import', 'carers', HERE / 'carers.csv', '--school', self.school, '--apply')
        self.check('0 new, 0 changed, 0 gone' in again, 'the same file again changes nothing')
        check = self.run('check', self.school)
        for line in check.splitlines():
            self.tell(line)
        self.check('FAIL' not in check.upper(), 'postplein check finds all well')
        self.start_gateway()

    def first_mails(self):
        self.scene('08:00  New parents get their first mail; one answers JA, one tests, one looks among spam')
        asked = self.got(self.els_bakker, 'met het woord: JA', 'Els Bakker is asked whether mail reaches her')
        self.els_bakker.answer(asked, 'JA')
        self.got(self.els_bakker, 'Uw adres is nu bevestigd', 'she answers JA, and is active')
        self.okafor.write(self.at('test'), 'Test', 'Does this arrive?')
        self.got(self.okafor, 'This is what we saw of your mail', 'Ngozi Okafor mails to test, and reads what was seen of it')
        states = self.run('activation', 'list', '--school', self.school)
        self.check(any(line.startswith('active') and 'els.bakker' in line for line in states.splitlines()),
                   'postplein activation list says who is active')

    def news(self):
        self.scene('08:30  Anna mails news to nieuws.groep5, with a leaflet')
        began = time.monotonic()
        self.anna.write(self.at('nieuws.groep5'), 'Morgen naar het bos',
                        'Beste ouders,\n\nMorgen gaan we naar het bos. Neem laarzen mee!\n\nGroet,\nAnna',
                        files=[('bos.pdf', 'application/pdf', b'%PDF-1.4 demo')])
        family = self.got(self.gezin_devries, 'Neem laarzen mee', 'the De Vries family has it')
        self.tell(f'{time.monotonic() - began:.1f} s from Anna pressing Send to the family\'s inbox')
        self.check(family and 'Jan de Vries en Marie de Vries' in plain(family), 'it greets both parents of the shared address')
        self.check(family and [part.get_filename() for part in family.iter_attachments()] == ['bos.pdf'], 'with the leaflet')
        frisian = self.got(self.hoekstra, 'Nijs fan Anna de Boer', 'the Hoekstra family reads Frisian around it')
        english = self.got(self.okafor, 'News from Anna de Boer', 'the Okafor family reads English around it')
        for parent in (self.els_bakker, self.frank_smit):
            self.got(parent, 'Neem laarzen mee', f'{parent.name} (separated) has a copy')
        receipt = self.got(self.anna, 'Verstuurd', 'Anna has a receipt')
        self.check(receipt and '7 gezinnen' in plain(receipt), 'for 7 families')
        for person in (self.oom_oscar, self.gijs_volkers, self.bos):
            self.check(not person.find('laarzen'), f'{person.name} gets nothing: it does not concern them')
        self.look = family or frisian or english

    def answer(self):
        self.scene('08:41  Marie de Vries answers the news; Anna answers her')
        news = self.gezin_devries.wait('Neem laarzen mee')
        self.gezin_devries.answer(news, 'Sanne heeft geen laarzen. Mag het ook op gympen?\n\nGroet, Marie')
        question = self.got(self.anna, 'Mag het ook op gympen', 'Anna gets it as mail')
        self.check(question and 'Neem laarzen mee' not in plain(question), 'without the quoted news')
        self.check(question and 'gezin.devries' not in question.as_string(), 'and without the family\'s address')
        self.anna.answer(question, 'Gympen mag ook, hoor.')
        reply = self.got(self.gezin_devries, 'Gympen mag ook', 'the family gets Anna\'s answer')
        self.check(reply and news['Message-ID'] in (reply['References'] or ''), 'in the same conversation of their mail client')
        self.check(reply and 'anna@school.test' not in reply.as_string(), 'without Anna\'s own address')
        for other in (self.els_bakker, self.frank_smit, self.bas):
            self.check(not other.find('gympen'), f'{other.name} does not see it')

    def postvak(self):
        self.scene('09:05  Els mails postvak.groep5 out of the blue; both of the duo get it')
        self.els_bakker.write(self.at('postvak.groep5'), 'Tandarts', 'Noor komt morgen om 10 uur, ze moet naar de tandarts.')
        first = self.got(self.bas, 'naar de tandarts', 'Bas has it')
        self.got(self.anna, 'naar de tandarts', 'Anna has it')
        self.bas.answer(first, 'Dank je, ik geef het door.')
        self.got(self.els_bakker, 'ik geef het door', 'Els has Bas\'s answer')
        self.got(self.anna, 'ik geef het door', 'Anna reads along')
        self.check(not self.frank_smit.find('tandarts'), 'Frank, who is separated from Els, does not see it')

    def schoolplein(self):
        self.scene('10:15  Anna asks on schoolplein.groep5 who bakes; parents answer where all can read')
        self.anna.write(self.at('schoolplein.groep5'), 'Kerstmarkt', 'Wie bakt er iets voor de kerstmarkt?')
        item = self.got(self.hoekstra, 'Wie bakt er iets', 'the Hoekstra family has it')
        self.check(item and 'kinne alle âlden' in plain(item), 'its first line says in Frisian that all can read an answer')
        self.hoekstra.answer(item, 'Wy bakke oranjekoeke!')
        self.got(self.hoekstra, 'Pleatst', 'Hoekstra has a receipt')
        self.got(self.anna, 'oranjekoeke', 'Anna, who asked, has the comment at once')
        oops = self.okafor.wait('Wie bakt er iets')
        self.okafor.answer(oops, 'Oops, wrong button')
        receipt = self.got(self.okafor, 'Posted', 'Ngozi Okafor commented by mistake')
        self.okafor.answer(receipt, 'undo')
        self.got(self.okafor, 'Taken back', 'and took it back with one word')
        private = self.els_bakker.wait('Wie bakt er iets')
        address = [word for word in plain(private).split() if word.startswith('r.') and word.endswith(DOMAIN)]
        self.els_bakker.write(address[0], 'Re: Kerstmarkt', 'Alleen voor jou: wij zijn er dan niet.')
        self.got(self.anna, 'wij zijn er dan niet', 'Els answered Anna alone, by the private way beside it')
        time.sleep(3.5)
        self.check(not self.anna.find('wrong button'), 'nobody ever saw what was taken back')
        self.check('digests made' in self.run('digest', '--school', self.school), 'the hour of the digest comes')
        digest = self.got(self.gezin_devries, 'Schoolplein: 1 nieuwe reactie', 'the De Vries family has the comment in a digest')
        self.gezin_devries.answer(digest, '1: Dan nemen wij koffie mee')
        self.got(self.hoekstra, 'koffie mee', 'their numbered answer reaches Hoekstra, who takes part')

    def forward(self):
        self.scene('11:20  Anna forwards a mail that Els had sent to her own address')
        self.anna.write(self.at('doorsturen'), 'Fwd: Noor en gym',
                        'Voor het dossier.\n\n---------- Doorgestuurd bericht ---------\n'
                        'Van: Els Bakker <els.bakker@ouders.test>\nDatum: ma 23 nov 2026 om 20:14\n'
                        'Onderwerp: Noor en gym\nAan: Anna de Boer <anna@school.test>\n\n'
                        'Noor mag deze week niet gymmen.\n')
        receipt = self.got(self.anna, 'Opgeborgen', 'Anna has a receipt')
        self.check(receipt and 'Els Bakker' in plain(receipt), 'that says in whose postvak it is')

    def urgent(self):
        self.scene('13:02  Dirk sends an urgent message to the whole school')
        began = time.monotonic()
        self.dirk.write(self.at('spoed'), 'School dicht', 'De school sluit vandaag om 14 uur: er is geen water.')
        everybody = [self.gezin_devries, self.els_bakker, self.frank_smit, self.hoekstra, self.okafor, self.bos, self.vandam,
                     self.haddad, self.wolters, self.kok]
        self.check(all(person.wait('er is geen water') for person in everybody), f'{len(everybody)} families have it')
        self.tell(f'{time.monotonic() - began:.1f} s to the last inbox')
        self.check(len(self.gezin_devries.find('er is geen water')) == 1, 'De Vries, with two children, once')
        self.okafor.answer(self.okafor.wait('er is geen water'), 'seen')
        self.got(self.okafor, 'Received: School dicht', 'Ngozi taps "I have seen this" and gets a receipt')
        receipt = self.got(self.dirk, 'Bel deze ouders', 'Dirk is told which servers took it, and whom to phone')
        self.check(receipt and 'Wim Prins' in plain(receipt), 'Wim Prins, whose address does not exist, is among them')
        self.anna.write(self.at('spoed.groep5'), 'Mag dit?', 'Ik probeer ook spoed.')
        self.got(self.anna, 'U mag geen spoedberichten versturen', 'Anna may not send urgent messages, and is told so')

    def new_address(self):
        self.scene('13:40  Frank has a new address')
        self.frank_smit.write(self.at('mijn'), 'Nieuw adres', 'adres frank.nieuw@ouders.test')
        question = self.got(self.frank_smit, 'Bent u dit?', 'he mails it to mijn, and is asked at his registered address')
        self.frank_smit.answer(question, 'JA')
        self.got(self.frank_nieuw, 'Onze mail gaat nu naar', 'he answers JA, and his mail goes to the new address at once')
        self.got(self.frank_smit, 'Heeft u dit niet gevraagd?', 'the old address is told too')
        approval = self.got(self.dirk, 'Nieuw mailadres van Frank', 'Dirk, of support, is asked')
        self.dirk.answer(approval, 'akkoord')
        self.got(self.frank_nieuw, 'is goedgekeurd', 'he answers akkoord: the new address is Frank\'s user name')
        self.frank_smit = self.frank_nieuw

    def strangers(self):
        self.scene('14:30  Mail that nobody should trust')
        from_outside(self.world, 'anna@school.test', self.at('nieuws.groep5'), 'Vrij', 'Morgen hebben jullie vrij, haha')
        question = self.got(self.anna, 'Bent u dit?', 'news in Anna\'s name from outside: Anna herself is asked')
        self.anna.answer(question, 'Dit was ik niet')
        self.got(self.anna, 'zijn vernieuwd', 'she says it was not her')
        news = self.gezin_devries.wait('Neem laarzen mee')
        self.frank_smit.write(news['Reply-To'].addresses[0].addr_spec, 'Re: Morgen naar het bos', 'Ik doe of ik De Vries ben')
        self.got(self.gezin_devries, 'Iemand anders gebruikte', 'a forwarded mail answered by another: its owner is asked')
        for _ in range(3):
            from_outside(self.world, 'piet@elders.test', self.at('onzin'), 'Hallo', 'Wie is daar?')
        self.got(self.piet, 'Zo werkt mailen', 'a stranger gets help')
        from_outside(self.world, 'els.bakker@ouders.test', self.at('postvak.anna'), 'Automatisch antwoord: Gym',
                     'Ik ben met vakantie.', ['Auto-Submitted: auto-replied'])
        self.els_bakker.write(self.at('postvak.anna'), 'Na de vakantie', 'Dit is een gewone mail.')
        self.got(self.anna, 'Dit is een gewone mail', 'a real mail after that is posted')
        self.check(len(self.piet.mails()) == 1, 'the stranger got one help mail for three')
        self.check(not self.anna.find('met vakantie'), 'out-of-office is not posted')
        self.check(not self.gezin_devries.find('vrij, haha'), 'the forged news went to nobody')

    def crash(self):
        self.scene('15:10  The gateway is killed (SIGKILL) while it mails news to the school, and started again')
        self.dirk.write(self.at('nieuws'), 'Ouderavond', 'Donderdag is er ouderavond.')
        log = self.folder / 'gateway.log'
        before, deadline = log.read_text().count('kind=news'), time.monotonic() + 20
        while log.read_text().count('kind=news') == before and time.monotonic() < deadline:
            time.sleep(0.001)
        self.gateway.kill()
        self.gateway.wait()
        self.tell(f'killed after the mail server had {log.read_text().count("kind=news") - before} of 12 mails')
        self.start_gateway()
        families = [self.gezin_devries, self.els_bakker, self.frank_smit, self.hoekstra, self.okafor, self.bos, self.vandam,
                    self.haddad, self.wolters, self.kok]
        self.check(all(person.wait('is er ouderavond') for person in families), 'every family has it')
        ids = [len({mail['Message-ID'] for mail in person.find('is er ouderavond')}) for person in families]
        self.check(ids == [1] * len(families), 'each as one message (a copy sent twice has the same Message-ID)')
        self.check(self.dirk.wait('12 gezinnen') is not None, 'and Dirk one receipt')

    def shutdown(self):
        self.scene('16:00  The gateway is told to stop')
        began = time.monotonic()
        self.gateway.send_signal(signal.SIGTERM)
        code = self.gateway.wait(20)
        self.check(code == 0 and time.monotonic() - began < 5, f'it stops cleanly within 5 s ({time.monotonic() - began:.1f} s)')

    def play(self):
        self.prepare()
        for scene in (self.first_mails, self.news, self.answer, self.postvak, self.schoolplein):
            scene()
        for scene in (scenes_agenda.agenda, scenes_offers.opened, scenes_conferences.planned, scenes_papers.documents, scenes_papers.class_lists):
            scene(self)
        self.forward()
        scenes_conferences.chosen(self)
        scenes_photos.album(self)
        for scene in (scenes_mine.settings, scenes_mine.my_data, scenes_mine.digest, scenes_mine.moderation):
            scene(self)
        for scene in (self.urgent, self.new_address, lambda: scenes_results.results(self), self.strangers, self.crash):
            scene()
        scenes_offers.closed(self)
        scenes_conferences.granted(self)
        scenes_report.report(self)
        scenes_absence.absence(self)

    def tell_where(self):
        name = self.folder / 'mail.html'
        if getattr(self, 'look', None) is not None:
            name.write_text(self.look.get_body(('html',)).get_content())
        print(f'''
To look around, in {self.folder}:
  {self.program} threads list --school {self.school}
  {self.program} threads show 1 --school {self.school}
  {self.program} report --school {self.school}
  {name}   the news as the De Vries family sees it; open it in a browser
  {self.folder / 'rapport.html'}   the report to print; tijdlijn.html, what happened to one parent's mail
  gateway.log, mail/ (all mailboxes), school/ (configuration and store)''')


def main():
    program, stays = Path(sys.argv[1]).resolve(), '--stay' in sys.argv[2:]
    day = Day(program)
    try:
        day.play()
        if not stays:
            day.shutdown()
        day.tell_where()
        took = time.monotonic() - day.began
        if day.failures:
            print(f'\n{day.failures} things did not happen as they should ({took:.0f} s).')
        else:
            print(f'\nAll of it happened, in {took:.0f} s.')
        if stays:
            print(f'\nIt stays: IMAP at localhost:{day.world["imaps"]}, SMTP at localhost:{day.world["submissions"]}, both TLS '
                  f'(authority {day.world["ca"]}). Accounts:')
            for address, word in day.passwords.items():
                print(f'  {address:32} {word}')
            print(f'Write to nieuws.groep5@{DOMAIN}, postvak.anna@{DOMAIN}, help@{DOMAIN}, … Ctrl-C ends it.', flush=True)
            signal.pause()
    except KeyboardInterrupt:
        print()
    finally:
        day.stop()
    sys.exit(1 if day.failures else 0)


if __name__ == '__main__':
    main()
