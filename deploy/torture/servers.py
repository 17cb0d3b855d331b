"""Mail servers that die, hang, are slow, refuse, or show another certificate."""
import itertools
import time

from rig.school import GATEWAY, TEACHER
from rig.wires import CLOSED, STAGES
from torture.clocks import turned_clock
from torture.world import CONNECTIONS, PATIENCE, Broken

CODES = ('421 4.3.2 going down', '450 4.2.1 mailbox busy', '451 4.3.0 try later', '452 4.2.2 full', '550 5.7.1 not wanted',
         '554 5.6.0 no')
WIRES = {'wires': True}


def faults(some):
    yield 'IMAP server killed and restarted', lambda world, times: restarted(world, 'imap', times), some(10, 1), {}
    yield 'SMTP server killed and restarted', lambda world, times: restarted(world, 'smtp', times), some(10, 1), {}
    yield 'servers that hang, connections that stay so', hang, some(6, 1), WIRES
    yield 'servers that say an octet a second', slow, some(4, 0), WIRES
    yield 'connections cut in the middle', cut, some(10, 1), WIRES
    yield 'TLS that fails in the middle', garble, some(6, 1), WIRES
    yield 'TLS that fails after it worked', impostor, some(6, 2), WIRES
    yield '4xx, 5xx or an end at every stage', replies, some(len(STAGES) * len(CODES) + 1, 3), {'moody': True}


def restarted(world, server, times):
    world.serve()
    world.busy()
    for _ in range(times):
        time.sleep(world.random.uniform(0.5, 3))
        world.server(f'kill-{server}')
        if server == 'smtp':
            # It may have cut off an answer that was on its way, on each connection: the mail goes again.
            world.died(CONNECTIONS, 'death of the mail server')
        time.sleep(world.random.uniform(0.2, 2))
        world.server(f'start-{server}')
    world.rest()
    # What the killed Postfix had taken it delivers by itself.
    world.settle(120)
    return times


def moods(world, mood, seconds, noticed, noticed_imap=True):
    """Each server is in a mood while mail is under way to it, until it shows, and some seconds longer; then both are.

    :param noticed: of a wire, how often it showed
    """
    world.busy(0.1)
    for wire in (world.smtp, world.imap):
        before = noticed(wire)
        wire.turn(mood)
        world.write(TEACHER, 'nieuws')
        deadline = time.monotonic() + 30
        while noticed(wire) == before and time.monotonic() < deadline and (noticed_imap or wire is world.smtp):
            time.sleep(0.05)
        time.sleep(seconds)
        wire.turn('pass')
        if noticed(wire) == before and (noticed_imap or wire is world.smtp):
            raise Broken(f'a server was in the mood to {mood} for 30 s, and it was not seen')
    for turn in (mood, 'pass'):
        for wire in (world.imap, world.smtp):
            wire.turn(turn)
        time.sleep(seconds)
    world.rest()
    world.settle(60)


def hang(world, times):
    """Connections that hang never say a word again, and nor do new ones for a while: only who leaves them goes on."""
    world.serve(POSTPLEIN_PATIENCE=str(PATIENCE))
    for _ in range(times):
        moods(world, 'hang', world.random.uniform(0, PATIENCE), lambda wire: wire.given_up)
    return times


def waits_for_ever(world, times):
    """The control for `hang`: a gateway that waits longer must not go on."""
    world.serve(POSTPLEIN_PATIENCE='3600')
    world.write(TEACHER, 'nieuws')
    world.settle()
    for turn in ('hang', 'pass'):
        for wire in (world.imap, world.smtp):
            wire.turn(turn)
    world.write(TEACHER, 'nieuws')
    try:
        world.settle(20)
    except Broken as broken:
        world.note = f'the control was caught: {broken}'
        return times
    raise Broken('a gateway that waits for an hour went on, and so hung servers were not tried')


def slow(world, times):
    """On the way out an answer takes longer than the gateway waits. Of IMAP it waits for each octet, and goes on."""
    world.serve(POSTPLEIN_PATIENCE=str(PATIENCE))
    for _ in range(times):
        moods(world, 'slow', world.random.uniform(0, 2 * PATIENCE), lambda wire: wire.given_up, noticed_imap=False)
    return times


def cut(world, times):
    world.serve()
    for _ in range(times):
        moods(world, 'cut', world.random.uniform(0, 2), lambda wire: wire.cuts)
    world.note = f'{world.imap.cuts} IMAP and {world.smtp.cuts} SMTP connections'
    return times


def garble(world, times):
    world.serve()
    for _ in range(times):
        moods(world, 'garble', world.random.uniform(0, 2), lambda wire: wire.garbled)
    world.note = f'{world.imap.garbled} pieces of IMAP and {world.smtp.garbled} of SMTP'
    return times


def impostor(world, times):
    """Who shows another certificate hears nothing from the gateway: no password, no mail."""
    world.serve()
    for number in range(times):
        world.write(TEACHER, 'nieuws')
        world.settle()
        wire = (world.smtp, world.imap)[number % 2]
        met = wire.met
        wire.turn('impostor')
        wire.cut_all()
        world.write(TEACHER, 'nieuws')
        deadline = time.monotonic() + 20
        while wire.met == met and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(1)
        waiting = world.count("SELECT count(*) FROM delivery WHERE status = 'waiting'") if wire is world.smtp else \
            len(world.boxes.files(GATEWAY))
        wire.turn('pass')
        if wire.met == met or not waiting:
            raise Broken('the server with another certificate was not met, or mail went all the same')
        if wire.trusted:
            raise Broken('a server was trusted whose certificate is not')
        world.settle(90)
    return times


def replies(world, times):
    """A temporary answer at any stage only delays; a permanent one to a message is the end of that message alone. So is
    each where the connection is closed while the message comes."""
    pairs = [*itertools.product(STAGES, CODES), ('middle', CLOSED)]
    if times < len(pairs):
        pairs = [('rcpt', CODES[1]), ('middle', CLOSED), ('mail', CODES[4])][:times]
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
            world.write(TEACHER, 'nieuws')
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
            world.refused = world.count("SELECT count(*) FROM delivery WHERE status = 'refused' AND kind = 'news'")
    return len(pairs)
