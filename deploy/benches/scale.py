"""Scale: the same figures with years of mail in the store."""
import statistics
import time
from pathlib import Path

from benches import fanout, intake, latency
from rig.history import fill
from rig.stage import Stage

READERS, ACCOUNTS, THREADS, ENTRIES = 1000, 20_000, 100_000, 1_000_000
ROUTE, OCTETS, MAILS, SECONDS = 'nieuws.klas0', 5120, 1000, 40


def start(stage, _):
    """Seconds."""
    took = stage.serve()
    stage.school.stop()
    return took,


def fan_out(stage, _):
    return fanout.rates(stage, ROUTE, READERS, OCTETS)


def take_in(stage, replies):
    return intake.ours(stage, list(intake.replies_to(replies, MAILS)))


def look_how_late(stage, replies):
    return latency.measure(stage, replies, SECONDS)


# What is measured, how often, and what it says of a store.
MEASURES = ((start, 5, ['start, s']),
            (fan_out, 5, ['fan-out from the start, mails a second', 'fan-out where it runs, mails a second', 'memory at most, MB']),
            (take_in, 3, ['intake, mails a second', 'until all notices were sent, mails a second', 'memory at intake, MB']),
            (look_how_late, 3, ['latency, ms in the middle', 'latency, ms at the 99th percentile']))


def compare(small, large):
    """Both after each other, again and again: the machine is not always as quick."""
    replies = {stage: stage.reply_addresses(ROUTE, READERS) for stage in (small, large)}
    for measure, rounds, names in MEASURES:
        found = [[measure(stage, replies[stage]) for stage in (small, large)] for _ in range(rounds)]
        for place, name in enumerate(names):
            each = [(before[place], after[place]) for before, after in found]
            worse = [before / after if name.endswith('a second') else after / before for before, after in each]
            before, after = (statistics.median(values) for values in zip(*each))
            print(f'  {name:<40} {after:8.2f} beside {before:8.2f}: {statistics.median(worse):.2f} times as bad (most {max(worse):.2f})', flush=True)


def run(arguments):
    with Stage(READERS, group=READERS) as small, Stage(ACCOUNTS, group=READERS, school=arguments.keep) as large:
        if not large.school.count('SELECT count(*) FROM thread'):
            begun = time.monotonic()
            fill(large.school, THREADS, ENTRIES)
            print(f'store filled in {time.monotonic() - begun:.0f} s', flush=True)
        size = sum(file.stat().st_size for file in Path(large.school.folder / 'store').glob('postplein.sqlite*')) / 1e6
        print(f'with {THREADS:,} threads, {ENTRIES:,} entries and {ACCOUNTS:,} accounts ({size:,.0f} MB), beside a store of {READERS:,} accounts alone:')
        compare(small, large)
