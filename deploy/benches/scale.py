"""Scale: the same figures with years of mail in the store."""
import time
from pathlib import Path

from benches import fanout, intake, latency
from rig.history import fill
from rig.stage import Stage

READERS, ACCOUNTS, THREADS, ENTRIES = 1000, 20_000, 100_000, 1_000_000
MAILS, SECONDS, OCTETS = 1000, 40, 5120


def measure(stage):
    start = stage.serve()
    stage.school.stop()
    replies = stage.reply_addresses('nieuws.klas0', READERS)
    fan, running, memory = fanout.ours(stage, 'nieuws.klas0', READERS, OCTETS)
    taken, most = intake.ours(stage, list(intake.replies_to(replies, MAILS)))
    median, worst = latency.measure(stage, replies, SECONDS)
    return {'fan-out from the start, mails a second': fan, 'fan-out where it runs, mails a second': running,
            'intake, mails a second': taken, 'latency, ms in the middle': median,
            'latency, ms at the 99th percentile': worst, 'start, s': start, 'memory at most, MB': max(memory, most)}


def run(arguments):
    with Stage(READERS, group=READERS) as stage:
        small = measure(stage)
    with Stage(ACCOUNTS, group=READERS, school=arguments.keep) as stage:
        if not stage.school.count('SELECT count(*) FROM thread'):
            begun = time.monotonic()
            fill(stage.school, THREADS, ENTRIES)
            print(f'store filled in {time.monotonic() - begun:.0f} s', flush=True)
        size = sum(file.stat().st_size for file in Path(stage.school.folder / 'store').glob('postplein.sqlite*')) / 1e6
        large = measure(stage)
    print(f'with {THREADS:,} threads, {ENTRIES:,} entries and {ACCOUNTS:,} accounts ({size:,.0f} MB), beside a store of {READERS:,} accounts alone:')
    for name, value in large.items():
        worse = small[name] / value if 'second' in name else value / small[name]
        print(f'  {name:<40} {value:8.2f} beside {small[name]:8.2f}: {worse:.2f} times as bad')
