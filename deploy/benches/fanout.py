"""Fan-out: one post to many parents, from the gateway's start to the last acceptance, beside what others do."""
import statistics
import subprocess
import time

from benches import lists
from rig.stage import Stage, teachers_mail

POSTS = 5  # to a gateway that runs already: how soon it looks into its inbox is chance

LINE = 'Morgen gaan we met de hele groep naar het bos, neem een regenjas en laarzen mee en iets te drinken. '


def smtp_source(sink, mails, octets, *options):
    """Mails a second, over connections that are kept, or by `-d` not given one for each mail."""
    begun = time.perf_counter()
    subprocess.run(['/usr/sbin/smtp-source', '-s', '16', '-m', str(mails), '-l', str(octets), '-f', 'a@example.test', '-t', 'b@example.test',
                    *options, f'127.0.0.1:{sink.plain}'], check=True, stdout=subprocess.DEVNULL)
    return mails / (time.perf_counter() - begun)


def sent(stage, route, readers, octets, begin=None):
    """Seconds from the moment that the post is in the inbox, or from then on that something begins, to the last acceptance."""
    school = stage.school
    last = school.count('SELECT coalesce(max(id), 0) FROM delivery')
    stage.inbox.put(teachers_mail(route, 'Naar het bos', LINE * (octets // len(LINE))))
    begun = time.perf_counter()
    if begin:
        begin()
    # Looks often, and so for one that waits: to count those that were accepted takes from what is measured.
    done = """SELECT (SELECT max(id) FROM delivery) >= ?
      AND NOT EXISTS (SELECT 1 FROM delivery INDEXED BY delivery_waiting WHERE status = 'waiting' AND kind = 'news')"""
    with school.store() as store:
        stage.wait_for(lambda: store.execute(done, [last + readers]).fetchone()[0], 'not all was sent', pause=0.002)
    took = time.perf_counter() - begun
    if school.count("SELECT count(*) FROM delivery WHERE id > ? AND status = 'accepted' AND kind = 'news'", last) != readers:
        raise SystemExit('not all was accepted')
    return took


def ours(stage, route, readers, octets):
    """Mails a second by the whole process from its start, those by one that runs already, and the most memory it held."""
    anew = sent(stage, route, readers, octets, stage.school.serve)
    running = []
    for _ in range(POSTS):
        time.sleep(2)
        running.append(sent(stage, route, readers, octets))
    memory = stage.school.memory()
    stage.school.stop()
    return readers / anew, readers / statistics.median(running), memory


def run(arguments):
    for families in arguments.parents:
        with Stage(families) as stage:
            protected, protected_running, memory = ours(stage, 'nieuws', families, arguments.octets)
            # As the peers are: into the same sink, in clear text and without a login.
            stage.school.relay(stage.sink.plain)
            rate, running, more = ours(stage, 'nieuws', families, arguments.octets)
            kept, anew = (smtp_source(stage.sink, 20_000, arguments.octets, *options) for options in (['-d'], []))
        print(f'fan-out to {families}: {rate:.0f} mails/s from the start of the process, {running:.0f}/s where it runs already; by TLS '
              f'{protected:.0f} and {protected_running:.0f}/s; {max(memory, more)} MB', flush=True)
        for name, peer in (('smtp-source, 16 sessions', kept), ('smtp-source, a connection for each mail', anew)):
            print(f'  {name:<40} {peer:.0f}/s: {rate / peer:.0%} and {running / peer:.0%} of it', flush=True)
        # They run already as well when the post is handed in.
        for name, peer in lists.measure(families, arguments.octets) if not arguments.no_lists else ():
            times = f'{peer:.0f}/s: {rate / peer:.1f} and {running / peer:.1f} times as fast' if peer else ''
            print(f'  {name:<40} {times}', flush=True)
