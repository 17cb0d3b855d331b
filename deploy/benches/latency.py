"""Latency: from the inbox to the entry in the store, at a steady few mails a second."""
import random
import sqlite3
import statistics
import threading
import time

from benches.reading import mail
from rig.stage import Stage

RATE = 5
PARENTS = 1000


class Watch:
    """Looks at the store every other millisecond, and notes when an entry is first there."""

    def __init__(self, school):
        self.seen, self.stop = {}, threading.Event()
        self.path = school.folder / 'store' / 'postplein.sqlite'
        self.last = school.count('SELECT coalesce(max(id), 0) FROM entry')
        self.thread = threading.Thread(target=self.look)
        self.thread.start()

    def look(self):
        store = sqlite3.connect(f'file:{self.path}?mode=ro', uri=True, timeout=10)
        while not self.stop.wait(0.002):
            rows = store.execute('SELECT id, message_id FROM entry WHERE id > ?', (self.last,)).fetchall()
            for self.last, message in rows:
                self.seen[message] = time.monotonic()
        store.close()

    def close(self):
        self.stop.set()
        self.thread.join()


def measure(stage, replies, seconds):
    """Median and 99th percentile in milliseconds. `replies` are where each of the parents answers."""
    random.seed(2)
    stage.serve()
    time.sleep(1)
    watch, put = Watch(stage.school), {}
    tag = time.monotonic_ns()
    begun = time.monotonic()
    for number, (parent, reply) in enumerate(list(replies.items())[:seconds * RATE]):
        octets = mail(f'{tag}.{number}', parent, reply)
        time.sleep(max(0, begun + number / RATE - time.monotonic()))
        put[f'm{tag}.{number}@example.nl'] = stage.inbox.put(octets)
    stage.wait_for(lambda: put.keys() <= watch.seen.keys(), 'not all mails came in', seconds=30)
    watch.close()
    stage.school.stop()
    times = sorted((watch.seen[message] - at) * 1000 for message, at in put.items())
    return statistics.median(times), statistics.quantiles(times, n=100)[98]


def run(arguments):
    with Stage(PARENTS) as stage:
        median, worst = measure(stage, stage.reply_addresses(), arguments.seconds)
    print(f'{RATE} mails a second for {arguments.seconds} s: from the inbox to the entry in the store {median:.0f} ms in the middle, '
          f'{worst:.0f} ms at the 99th percentile')
