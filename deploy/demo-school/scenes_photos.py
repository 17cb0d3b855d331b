"""A scene with photos and what parents agree to; it takes the day."""
import json
import subprocess
import time

from clients import plain
from scenes_papers import files, tap

# What says how the pixels are written, and no more.
STRUCTURE = {'FileType', 'FileTypeExtension', 'MIMEType', 'ImageWidth', 'ImageHeight', 'EncodingProcess', 'BitsPerSample',
             'ColorComponents', 'YCbCrSubSampling', 'JFIFVersion', 'ResolutionUnit', 'XResolution', 'YResolution', 'ImageSize',
             'Megapixels'}


def photo(day, name, seed):
    """A photo as a telephone makes it: with place, time and make, held upright."""
    plain_file, out = day.folder / f'{seed}.v', day.folder / name
    subprocess.run(['vips', 'gaussnoise', plain_file, '1800', '1200', '--mean', '128', '--seed', str(seed)], check=True)
    subprocess.run(['vips', 'cast', plain_file, out, 'uchar'], check=True)
    subprocess.run(['exiftool', '-q', '-overwrite_original', '-GPSLatitude=53.2', '-GPSLatitudeRef=N', '-GPSLongitude=5.8',
                    '-GPSLongitudeRef=E', '-Make=Telefoon', '-DateTimeOriginal=2026:11:18 10:00:00', '-Orientation#=6', out], check=True)
    return name, f'image/{"heic" if name.endswith("heic") else "jpeg"}', out.read_bytes()


def tags(day, picture):
    """What exiftool finds in a picture beside its structure."""
    file = day.folder / 'picture'
    file.write_bytes(picture)
    told = json.loads(subprocess.run(['exiftool', '-j', '-G1', '-a', '-u', file], capture_output=True, check=True).stdout)[0]
    return {tag for tag in told if ':' in tag and not tag.startswith(('System:', 'ExifTool:')) and tag.split(':')[1] not in STRUCTURE}


def pictures(mail):
    """All pictures of a mail, also those within its text."""
    return {part.get_filename(): part.get_content() for part in mail.walk() if part.get_content_maintype() == 'image'} if mail else {}


def album(day):
    day.scene('11:40  Anna and Bas mail photos of a trip; parents see them once their children may be seen')
    route = day.at('fotos.groep5')
    taken = [photo(day, name, seed) for seed, name in enumerate(('IMG_1.heic', 'IMG_2.jpg', 'noor.jpg', 'IMG_4.jpg'))]
    day.check(any('GPS' in tag for tag in tags(day, taken[0][2])), 'her telephone wrote into them where they were made')
    day.anna.write(route, 'Naar het bos', 'Beste ouders,\n\nHet was een mooie dag.\n2: Eekhoorn gezien!',
                   files=taken[:3] + [('stuk.jpg', 'image/jpeg', taken[1][2][:90_000])])
    receipt = day.got(day.anna, 'toestemming ontbreekt voor Noor', 'she is told that noor.jpg waits, for consent is missing')
    day.check(receipt and 'stuk.jpg: beschadigd' in plain(receipt), 'and that one file was broken')
    day.bas.write(route, 'Re: naar het bos', '', files=taken[3:])
    day.got(day.bas, 'Foto’s ontvangen: Naar het bos', 'Bas adds one to the same album')
    seen = {person: person.wait('Foto’s: Naar het bos') for person in (day.gezin_devries, day.els_bakker, day.frank_smit, day.hoekstra)}
    seen[day.okafor] = day.okafor.wait('Photos: Naar het bos')
    day.check(all(seen.values()), 'each family of group 5 has one mail of it, in its language')
    day.check(all(len(pictures(mail)) == 3 and 'Eekhoorn gezien!' in plain(mail) for mail in seen.values() if mail),
              'with three small pictures in it, and what Anna wrote beside one')
    day.check(all('cid:photo-1@album' in mail.get_body(('html',)).get_content() for mail in seen.values() if mail), 'within its text')
    found = [tag for mail in seen.values() for picture in pictures(mail).values() for tag in tags(day, picture)]
    day.check(not found, f'exiftool finds nothing in what a parent got {sorted(set(found)) if found else ""}')
    els = seen[day.els_bakker]
    day.check(els and tap(day.els_bakker, els, 'foto 2'), 'Els taps one')
    large = day.got(day.els_bakker, 'Uw foto’s uit “Naar het bos”', 'and gets it in large')
    day.check(list(pictures(large)) == ['foto-2.jpg'] and not tags(day, pictures(large)['foto-2.jpg']), 'without where it was made')
    (day.folder / 'foto-2.jpg').write_bytes(pictures(large).get('foto-2.jpg', b''))
    consents(day, receipt)
    outsiders(day, seen[day.hoekstra], receipt)


def consents(day, receipt):
    day.anna.answer(receipt, 'vraag')
    day.got(day.anna, 'Toestemming gevraagd', 'Anna answers “vraag”')
    question = day.got(day.els_bakker, 'Mag uw kind op een foto?', 'Noor\'s parents are asked, each for themselves')
    day.check(question and tap(day.els_bakker, question, 'toestemming groep ja Noor Smit'), 'Els taps yes for the album of the group')
    day.got(day.els_bakker, 'Uw keuze voor foto’s is opgeslagen', 'and has a receipt')
    day.got(day.anna, 'Toestemming gekregen: Naar het bos', 'Anna is told that the photo goes along')
    def bring():
        return [mail for mail in day.gezin_devries.find('Foto’s: Naar het bos') if list(pictures(mail)) == ['foto-3.jpg']]
    deadline = time.monotonic() + 20
    while not bring() and time.monotonic() < deadline:
        time.sleep(0.2)
    day.check(bring(), 'the families get it, alone')
    day.frank_smit.write(day.at('toestemming'), 'toestemming groep nee Noor', '')
    own = day.got(day.frank_smit, 'Uw keuze voor foto’s is opgeslagen', 'Frank says no')
    day.check(own and 'Els' not in plain(own), 'and reads nothing of what Els said')
    told = day.got(day.anna, 'Foto’s niet meer zichtbaar: Naar het bos', 'refusal wins: the photo is shown no longer')
    day.check(told and 'Frank' not in plain(told) and 'Els' not in plain(told), 'and nobody tells Anna which parent it was')
    day.gezin_devries.answer(day.gezin_devries.wait('Foto’s: Naar het bos'), 'alle foto\'s')
    every = day.got(day.gezin_devries, 'Uw foto’s uit “Naar het bos”', 'the De Vries family asks for all')
    day.check(sorted(pictures(every)) == ['foto-1.jpg', 'foto-2.jpg', 'foto-4.jpg'], 'and gets all but that one')


def outsiders(day, album, receipt):
    key = album['Reply-To'].addresses[0].addr_spec if album else day.at('fotos')
    day.bos.write(key, 'Re: foto\'s', 'alle foto\'s')
    day.got(day.hoekstra, 'In oar brûkte jo antwurdadres', 'Rik Bos, of another group, uses the Hoekstra family\'s key: they are asked')
    for person in (day.bos, day.oom_oscar):
        person.write(day.at('fotos.groep5'), 'Foto\'s', '')
        refused = day.got(person, 'Niet gelukt', f'{person.name} asks for the albums of group 5, and is refused')
        day.check(not files(refused), 'nothing comes along')
    day.check(not any(pictures(mail) for person in (day.bos, day.oom_oscar, day.gijs_volkers) for mail in person.mails()),
              'nobody outside the group has a picture')
    day.anna.answer(receipt, 'herstel')
    day.got(day.anna, 'Foto’s weggehaald: Naar het bos', 'Anna takes her photos back')
    day.hoekstra.answer(day.hoekstra.wait('Foto’s: Naar het bos'), 'alle foto\'s')
    last = day.got(day.hoekstra, 'Jo foto’s út', 'Hoekstra asks for all')
    day.check(list(pictures(last)) == ['foto-4.jpg'], 'and gets the one that Bas sent')
