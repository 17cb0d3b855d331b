"""Mail servers that die, hang, are slow, refuse, or show another certificate."""
import itertools
import time

from rig.wires import STAGES
from torture.clocks import turned_clock
from torture.world import Broken

CODES = ('421 4.3.2 going down', '450 4.2.1 mailbox busy', '451 4.3.0 try later', '452 4.2.2 full', '550 5.7.1 not wanted',
         '554 5.6.0 no')


def faults(some):
    yield 'IMAP server killed and restarted', lambda world, times: restarted(world, 'imap', times), some(10, 1), {}
    yield 'SMTP server killed and restarted', lambda world, times: restarted(world, 'smtp', times), some(10, 1), {}
    yield 'servers that hang', lambda world, times: mood(world, 'hang', times), some(6, 1), {'wires': True}
    yield 'servers that say an octet a second', lambda world, times: mood(world, 'slow', times), some(4, 0), {'wires': True}
    yield 'connections cut in the middle', lambda world, times: mood(world, 'cut', times), some(10, 1), {'wires': True}
    yield '4xx and 5xx at every stage', replies, some(len(STAGES) * len(CODES), 3), {'moody': True}
    yield 'TLS that fails in the middle', lambda world, times: mood(world, 'garble', times), some(6, 1), {'wires': True}
    yield 'TLS that fails after it worked', wrong_certificate, some(4, 1), {'moody': True}


def restarted(world, server, times):
    world.serve()
    world.busy()
    for _ in range(times):
        time.sleep(world.random.uniform(0.5, 3))
        world.server(f'kill-{server}')
        time.sleep(world.random.uniform(0.2, 2))
        world.server(f'start-{server}')
    world.rest()
    # What the killed Postfix had taken it delivers by itself.
    world.settle(120)
    # Each kill may have cut off an answer that was on its way: the mail goes again.
    world.crashes += times
    return times


def mood(world, mood, times):
    world.serve()
    for _ in range(times):
        world.busy(0.1)
        time.sleep(1)
        world.imap.mood = world.smtp.mood = mood
        time.sleep(world.random.uniform(1.5, 4))
        world.imap.mood = world.smtp.mood = 'pass'
        if mood != 'hang' or world.random.random() < 0.5:
            world.imap.cut_all()
            world.smtp.cut_all()
        world.rest()
        world.settle(120)
    # As above: a connection that is cut after the message and before the answer.
    world.crashes += times * 4
    return times


def replies(world, times):
    """A temporary answer at any stage only delays; a permanent one to a message is the end of that message alone."""
    pairs = list(itertools.product(STAGES, CODES))
    if times < len(pairs):
        pairs = [('rcpt', CODES[1]), ('end', CODES[0]), ('mail', CODES[4])][:times]
    with turned_clock(world) as clock:
        for stage, code in pairs:
            left = [3]

            def answer(at, stage=stage, code=code, left=left):
                if at != stage or left[0] == 0:
                    return None
                left[0] -= 1
                return code

            # The first stages are those of a new connection.
            world.smtp.cut_all()
            world.smtp.answer = answer
            before = world.count("SELECT count(*) FROM delivery WHERE status = 'refused'")
            world.write('anna@school.test', 'nieuws')
            deadline = time.monotonic() + 30
            while left[0] and time.monotonic() < deadline:
                time.sleep(0.05)
            if left[0]:
                raise Broken(f'the server was not asked three times at {stage}')
            time.sleep(0.5)
            # What was put off is due by then.
            clock.forward(2 * 3600)
            world.settle(90)
            refused = world.count("SELECT count(*) FROM delivery WHERE status = 'refused'") - before
            expected = 3 if code[0] == '5' and stage in ('mail', 'rcpt', 'data', 'end') else 0
            if refused != expected:
                raise Broken(f'{code} at {stage}: {refused} mails were given up, not {expected}')
            refused_news = world.count("SELECT count(*) FROM delivery WHERE status = 'refused' AND kind = 'news'")
            world.refused = refused_news
    return len(pairs)


def wrong_certificate(world, times):
    world.smtp.answer = lambda stage: None
    world.serve()
    for _ in range(times):
        world.write('anna@school.test', 'nieuws')
        world.settle()
        world.smtp.certificate = world.certificates['untrusted']
        world.smtp.cut_all()
        world.write('anna@school.test', 'nieuws')
        time.sleep(2)
        if not world.count("SELECT count(*) FROM delivery WHERE status = 'waiting'"):
            raise Broken('mail went to a server whose certificate is not trusted')
        world.smtp.certificate = world.certificates['trusted']
        world.settle(90)
    return times
