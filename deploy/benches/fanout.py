"""Fan-out: one post to many parents, from the gateway's start to the last acceptance, beside what others do."""
import statistics
import subprocess
import time

from benches import lists
from rig.stage import Stage, teachers_mail

ROUNDS = 5  # how soon a gateway that runs already looks into its inbox is chance, and the machine has other guests
PAUSE = 2  # seconds that ours has nothing to do before it is measured where it runs, and so the peers too

LINE = 'Morgen gaan we met de hele groep naar het bos, neem een regenjas en laarzen mee en iets te drinken. '


def smtp_source(sink, octets):
    """Mails a second, over connections that are kept."""
    mails = 20_000
    begun = time.perf_counter()
    subprocess.run(['/usr/sbin/smtp-source', '-d', '-s', '16', '-m', str(mails), '-l', str(octets), '-f', 'a@example.test', '-t', 'b@example.test',
                    f'127.0.0.1:{sink.plain}'], check=True, stdout=subprocess.DEVNULL)
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


def rates(stage, route, readers, octets):
    """Mails a second by the whole process from its start, those by one that runs already, and the most memory it held."""
    anew = sent(stage, route, readers, octets, stage.school.serve)
    time.sleep(PAUSE)
    running = sent(stage, route, readers, octets)
    memory = stage.school.memory()
    stage.school.stop()
    return readers / anew, readers / running, memory


def rested(peer):
    time.sleep(PAUSE)
    return peer()


def run(arguments):
    for families in arguments.parents:
        with Stage(families) as stage, lists.postfix(families) as postfix:
            protected = [rates(stage, 'nieuws', families, arguments.octets) for _ in range(ROUNDS)]
            size = stage.sink.largest()
            # As the peers are: into the same sink, in clear text and without a login.
            stage.school.relay(stage.sink.plain)
            peers = {
                f'smtp-source, 16 sessions, {size:,} octets': lambda: smtp_source(stage.sink, size),
                f'smtp-source, 16 sessions, {arguments.octets:,} octets': lambda: smtp_source(stage.sink, arguments.octets),
                # It runs already as well when the post is handed in.
                f'Postfix, XVERP, {size:,} octets': lambda: postfix(size),
                f'Postfix, XVERP, {arguments.octets:,} octets': lambda: postfix(arguments.octets)}
            # After each other, again and again: the machine is not always as quick.
            rounds = [(rates(stage, 'nieuws', families, arguments.octets), [rested(peer) for peer in peers.values()]) for _ in range(ROUNDS)]
        clear = [own for own, _ in rounds]
        (anew, running), (anew_by_tls, running_by_tls) = ([statistics.median(own[which] for own in each) for which in (0, 1)]
                                                          for each in (clear, protected))
        memory = max(own[2] for own in protected + clear)
        print(f'fan-out to {families}, a post of {arguments.octets:,} octets that makes mails of {size:,}: {anew:.0f} mails/s from the start of the '
              f'process, {running:.0f}/s where it runs already; by TLS {anew_by_tls:.0f} and {running_by_tls:.0f}/s; {memory} MB', flush=True)
        for place, name in enumerate(peers):
            def times(which):
                """How many times as fast in each round, in the middle and at least."""
                each = [own[which] / others[place] for own, others in rounds]
                return f'{statistics.median(each):.2f} (least {min(each):.2f})'
            peer = statistics.median(others[place] for _, others in rounds)
            print(f'  {name:<40} {peer:.0f}/s: {times(0)} and {times(1)} times as fast', flush=True)
        for name, peer in lists.measure(families, arguments.octets) if not arguments.no_lists else ():
            more = f'{peer:.0f}/s: {anew / peer:.1f} and {running / peer:.1f} times as fast' if peer else ''
            print(f'  {name:<40} {more}', flush=True)
