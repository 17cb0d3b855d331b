"""Photos: what a school trip brings, mailed in by a teacher, until pictures are made of all of it."""
import base64
import subprocess
import tempfile
import time
from pathlib import Path

from rig.school import DOMAIN, TEACHER
from rig.stage import PROVEN, Stage

PARENTS = 30
OF_A_MAIL = 3  # 20 MB in base64: what most providers still take
HEIC = 10      # every so many is one; encoding is slow, so that two are made and sent by turns
SIDES = (4000, 3000)


def vips(*arguments):
    subprocess.run(['vips', *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


def photo(folder, number, form):
    """12 million pixels with as much detail as 5 MB hold, and where it was made: a tile of colours and noise, repeated."""
    tile, width, height = folder / 'tile', SIDES[0] // 4, SIDES[1] // 4
    for band in range(3):
        vips('gaussnoise', f'{tile}{band}.v', width, height, '--mean', 128, '--sigma', 7, '--seed', number * 3 + band)
    vips('bandjoin', ' '.join(f'{tile}{band}.v' for band in range(3)), f'{tile}.v')
    vips('add', f'{tile}.v', folder / 'light.v', f'{tile}-lit.v')
    vips('cast', f'{tile}-lit.v', f'{tile}-cast.v', 'uchar')
    vips('copy', f'{tile}-cast.v', f'{tile}-rgb.v', '--interpretation', 'srgb')
    out = folder / f'IMG_{number:04d}.{form}'
    vips('replicate', f'{tile}-rgb.v', f'{out}[Q={60 if form == "heic" else 90}]', 4, 4)
    return out


def photos(folder, count):
    """So many; those that the folder has are not made anew."""
    if not list(folder.glob('IMG_*')):
        make(folder, count)
    heic, jpeg = sorted(folder.glob('*.heic')), sorted(folder.glob('*.jpg'))
    return [heic[number // HEIC % len(heic)] if number % HEIC == 0 else jpeg.pop() for number in range(count)]


def make(folder, count):
    vips('perlin', folder / 'noise.v', SIDES[0] // 4, SIDES[1] // 4, '--cell-size', 250)
    vips('linear', folder / 'noise.v', folder / 'light.v', 90, 0)
    for number in range(2):
        photo(folder, number, 'heic')
    jpeg = [photo(folder, number, 'jpg') for number in range(2, 2 + count - count // HEIC)]
    subprocess.run(['exiftool', '-q', '-overwrite_original', '-GPSLatitude=53.2', '-GPSLatitudeRef=N', '-GPSLongitude=5.8',
                    '-GPSLongitudeRef=E', '-Orientation#=6', '-Make=Telefoon', *map(str, jpeg)], check=True)


def mail(number, files):
    head = (f'X-Original-To: fotos@{DOMAIN}\r\n' + PROVEN.format(TEACHER)
            + f'From: Anna Juf <{TEACHER}>\r\nTo: fotos@{DOMAIN}\r\nSubject: Schoolreis\r\nMessage-ID: <{number}.photos@client.test>\r\n'
            'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n'
            '--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHet was mooi weer.\r\n').encode()
    for file in files:
        kind = 'heic' if file.suffix == '.heic' else 'jpeg'
        head += (f'--b\r\nContent-Type: image/{kind}; name="{file.name}"\r\nContent-Transfer-Encoding: base64\r\n'
                 f'Content-Disposition: attachment; filename="{file.name}"\r\n\r\n').encode()
        head += base64.encodebytes(file.read_bytes()).replace(b'\n', b'\r\n')
    return head + b'--b--\r\n'


def run(arguments):
    with Stage(PARENTS) as stage, tempfile.TemporaryDirectory(prefix='photos-') as folder:
        folder = arguments.keep or Path(folder)
        folder.mkdir(exist_ok=True)
        made = photos(folder, arguments.photos)
        size = sum(file.stat().st_size for file in made)
        for first in range(0, len(made), OF_A_MAIL):
            stage.inbox.put(mail(first, made[first:first + OF_A_MAIL]))
        begun = time.monotonic()
        stage.school.serve()
        stage.wait_for(lambda: stage.inbox.count() == 0, 'the inbox is not empty', seconds=300)
        took, memory = time.monotonic() - begun, stage.school.memory()
        shown = stage.school.count("SELECT count(*) FROM photo WHERE state = 'shown'")
        stage.school.stop()
    if shown != len(set(made)):
        raise SystemExit(f'{shown} photos in the album of {len(made)}')
    print(f'{len(made)} photos of {size / len(made) / 1e6:.1f} MB and 12 million pixels, each tenth HEIC, in mails of {OF_A_MAIL}: '
          f'in the album after {took:.0f} s, {memory} MB at most')
