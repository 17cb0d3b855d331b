"""Deaths of the gateway: at random moments, at named steps, at system calls; and the control that must be caught."""
import os
import signal
import time

from rig.school import GATEWAY
from torture.world import Broken

STEPS = ('fetched', 'kept', 'recorded', 'attempted', 'decided', 'committed', 'acknowledged', 'claimed', 'composed', 'submitted', 'noted',
         'writing', 'written')
CALLS = {'fsync': 6, 'fdatasync': 24, 'rename': 4, 'sendto': 30, 'write': 30, 'pwrite64': 40}


def random_kills(world, times):
    """SIGKILL at any moment, under load in both directions."""
    world.busy()
    for _ in range(times):
        world.serve()
        time.sleep(world.random.uniform(0.05, 1.2))
        world.crash()
    world.rest()
    world.serve()
    world.settle(180)
    return times


def breathe(world, deaths):
    """Between some deaths all is done: a mail that is always hit at the same place would be left to a person."""
    if deaths % 5 == 4:
        world.serve()
        world.settle()
        world.school.stop()


def kills_at_steps(world, times):
    """SIGKILL at each named step, the first time it is passed and a later one."""
    done = 0
    for step in STEPS:
        for _ in range(times):
            world.write(route='nieuws', sender='anna@school.test')
            for _ in range(3):
                world.write()
            world.serve(POSTPLEIN_FAILPOINT=f'{step}:{world.random.randint(1, 4)}')
            if not world.wait_for_death():
                raise Broken(f'the step {step} was not passed')
            breathe(world, done)
            done += 1
    world.serve()
    world.settle()
    return done


def kills_at_calls(world, times):
    """SIGKILL as a system call is entered, by strace(1): each fsync, rename, send and write in turn."""
    done, counts = 0, []
    for call, most in CALLS.items():
        before = done
        numbers = range(1, most + 1) if times >= most else sorted(world.random.sample(range(1, 2 + most // 6), times))
        for place, number in enumerate(numbers):
            world.write(route='nieuws', sender='anna@school.test')
            world.write()
            world.serve(['strace', '-f', '-qq', '-o', '/dev/null', '-e', f'trace={call}', '-e', f'inject={call}:signal=KILL:when={number}'])
            if world.wait_for_death(6):
                done += 1
            else:
                # Fewer such calls than that were made: stopped from outside, which is a crash as well.
                stop_traced(world)
            breathe(world, place)
        counts.append(f'{call} {done - before}')
    world.serve()
    world.settle(120)
    world.note = 'died at ' + ', '.join(counts)
    return done


def stop_traced(world):
    """strace would leave its child behind."""
    children = open(f'/proc/{world.school.gateway.pid}/task/{world.school.gateway.pid}/children').read().split()
    for child in children:
        os.kill(int(child), signal.SIGKILL)
    world.school.gateway.wait(20)
    world.school.gateway = None
    world.crashes += 1


def control(world, times):
    """A gateway that moves mail away before it stores it must lose some, and must be seen to."""
    for _ in range(times):
        for _ in range(3):
            world.write()
        world.serve(POSTPLEIN_CONTROL='acknowledge-first', POSTPLEIN_FAILPOINT='kept:1')
        if not world.wait_for_death():
            raise Broken('the control did not die')
    world.serve()
    deadline = time.monotonic() + 20
    while any(world.mails(GATEWAY)) and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(1)
    try:
        world.verdict()
    except Broken as broken:
        world.note = f'the control was caught: {broken}'
        return times
    raise Broken('mail was acknowledged before it was stored, and nobody noticed')
