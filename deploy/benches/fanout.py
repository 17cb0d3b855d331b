"""Fan-out: one post to many parents, from the gateway's start to the last acceptance, beside what others do."""
import statistics
import subprocess
import time

from benches import lists
from rig.stage import Stage, teachers_mail

ROUNDS = 5  # how soon a gateway that runs already looks into its inbox is chance, and the machine has other guests

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


def rates(stage, route, readers, octets):
    """Mails a second by the whole process from its start, those by one that runs already, and the most memory it held."""
    anew = sent(stage, route, readers, octets, stage.school.serve)
    time.sleep(2)
    running = sent(stage, route, readers, octets)
    memory = stage.school.memory()
    stage.school.stop()
    return readers / anew, readers / running, memory


def ours(stage, route, readers, octets):
    """In the middle of some posts; of memory the most."""
    anew, running, memory = zip(*(rates(stage, route, readers, octets) for _ in range(ROUNDS)))
    return statistics.median(anew), statistics.median(running), max(memory)


def run(arguments):
    for families in arguments.parents:
        with Stage(families) as stage, lists.postfix(families, arguments.octets) as postfix:
            protected, protected_running, most = ours(stage, 'nieuws', families, arguments.octets)
            # As the peers are: into the same sink, in clear text and without a login.
            stage.school.relay(stage.sink.plain)
            peers = {
                'smtp-source, 16 sessions': lambda: smtp_source(stage.sink, 20_000, arguments.octets, '-d'),
                'smtp-source, a connection for each mail': lambda: smtp_source(stage.sink, 20_000, arguments.octets),
                # They run already as well when the post is handed in.
                'Postfix, XVERP': postfix}
            # After each other, again and again: the machine is not always as quick.
            rounds = [(rates(stage, 'nieuws', families, arguments.octets), [peer() for peer in peers.values()]) for _ in range(ROUNDS)]
        anew, running = (statistics.median(own[which] for own, _ in rounds) for which in (0, 1))
        memory = max([most] + [own[2] for own, _ in rounds])
        print(f'fan-out to {families}: {anew:.0f} mails/s from the start of the process, {running:.0f}/s where it runs already; by TLS '
              f'{protected:.0f} and {protected_running:.0f}/s; {memory} MB', flush=True)
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
