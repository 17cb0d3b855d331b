"""Fan-out: one post to many parents, from the gateway's start to the last acceptance, beside what others do."""
import subprocess
import tempfile
import time
from pathlib import Path

from rig.school import School, program
from rig.sinks import FastSink

LINE = 'Morgen gaan we met de hele groep naar het bos, neem een regenjas en laarzen mee en iets te drinken. '


def smtp_source(sink, mails, octets):
    begun = time.perf_counter()
    subprocess.run(['/usr/sbin/smtp-source', '-s', '16', '-m', str(mails), '-l', str(octets), '-f', 'a@example.test', '-t', 'b@example.test',
                    '-d', f'127.0.0.1:{sink.plain}'], check=True, stdout=subprocess.DEVNULL)
    return mails / (time.perf_counter() - begun)


def ours(folder, sink, families, octets):
    """Mails a second by the whole process, from its start, and the most memory it held."""
    school = School(folder, program(), families, imap=9, smtp=sink.port, ca=sink.ca)
    school.populate()
    school.publish('nieuws', 'Naar het bos', LINE * (octets // len(LINE)))
    begun = time.perf_counter()
    school.serve()
    done = school.until("SELECT count(*) FROM delivery WHERE status = 'accepted' AND kind = 'news'", families, pause=0.02)
    took = time.perf_counter() - begun
    memory = school.memory()
    school.stop()
    if not done:
        raise SystemExit(f'the gateway did not send all; see {school.log_path}')
    return families / took, memory


def run(arguments):
    for families in arguments.parents:
        with tempfile.TemporaryDirectory() as place:
            sink = FastSink(place)
            try:
                rate, memory = ours(Path(place) / 'school', sink, families, arguments.octets)
                peer = smtp_source(sink, 20_000, arguments.octets)
            finally:
                sink.stop()
        print(f'fan-out to {families}: {rate:.0f} mails/s, {memory} MB; smtp-source with 16 sessions {peer:.0f}/s; {rate / peer:.0%}')
