"""Fan-out: one post to many parents, from the gateway's start to the last acceptance, beside what others do."""
import subprocess
import time

from benches import lists
from rig.stage import Stage, teachers_mail

LINE = 'Morgen gaan we met de hele groep naar het bos, neem een regenjas en laarzen mee en iets te drinken. '


def smtp_source(sink, mails, octets, *options):
    """Mails a second, over connections that are kept, or by `-d` not given one for each mail."""
    begun = time.perf_counter()
    subprocess.run(['/usr/sbin/smtp-source', '-s', '16', '-m', str(mails), '-l', str(octets), '-f', 'a@example.test', '-t', 'b@example.test',
                    *options, f'127.0.0.1:{sink.plain}'], check=True, stdout=subprocess.DEVNULL)
    return mails / (time.perf_counter() - begun)


def ours(stage, route, readers, octets, running=False):
    """Mails a second by the whole process, from its start with the post in its inbox, or where it runs already from the
    moment the post is there; and the most memory it held."""
    school = stage.school
    last = school.count('SELECT coalesce(max(id), 0) FROM delivery')
    if running:
        stage.serve()
        time.sleep(2)
    begun = time.perf_counter()
    stage.inbox.put(teachers_mail(route, 'Naar het bos', LINE * (octets // len(LINE))))
    if not running:
        begun = time.perf_counter()
        school.serve()
    stage.wait_for(lambda: school.count("SELECT count(*) FROM delivery WHERE id > ? AND status = 'accepted' AND kind = 'news'", last) >= readers,
                   'not all was sent', pause=0.02)
    took = time.perf_counter() - begun
    memory = school.memory()
    school.stop()
    return readers / took, memory


def run(arguments):
    for families in arguments.parents:
        with Stage(families) as stage:
            protected, memory = ours(stage, 'nieuws', families, arguments.octets)
            # As the peers are: into the same sink, in clear text and without a login.
            stage.school.relay(stage.sink.plain)
            rate, more = ours(stage, 'nieuws', families, arguments.octets)
            warm, _ = ours(stage, 'nieuws', families, arguments.octets, running=True)
            kept, anew = (smtp_source(stage.sink, 20_000, arguments.octets, *options) for options in (['-d'], []))
            print(f'fan-out to {families}: {rate:.0f} mails/s in clear text, {protected:.0f} by TLS, {max(memory, more)} MB; {warm:.0f}/s '
                  f'where the gateway runs already; smtp-source with 16 sessions {kept:.0f}/s: {rate / kept:.0%} of it (with a '
                  f'connection for each mail {anew:.0f}/s: {rate / anew:.0%})', flush=True)
    if not arguments.no_lists:
        for name, peer in lists.measure(arguments.octets):
            print(f'  {name:<40} {f"{peer:.0f}/s: {rate / peer:.1f} times as fast" if peer else ""}', flush=True)
