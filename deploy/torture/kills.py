"""Deaths of the gateway: at random moments, at named steps, at system calls; and the control that must be caught."""
import shutil
import time

from torture.world import Broken

STEPS = ('fetched', 'kept', 'recorded', 'attempted', 'decided', 'committed', 'acknowledged', 'claimed', 'composed', 'submitted', 'noted')
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
            done += 1
    world.serve()
    world.settle()
    return done


def kills_at_calls(world, times):
    """SIGKILL as a system call is entered, by strace(1): each fsync, rename, send and write in turn."""
    if not shutil.which('strace'):
        raise Broken('strace is not installed: deploy/install --campaign')
    done = 0
    for call, most in CALLS.items():
        numbers = range(1, most + 1) if times >= most else sorted(world.random.sample(range(1, most + 1), times))
        for number in numbers:
            world.write(route='nieuws', sender='anna@school.test')
            world.write()
            world.serve(['strace', '-f', '-qq', '-o', '/dev/null', '-e', f'trace={call}', '-e', f'inject={call}:signal=KILL:when={number}'])
            if world.wait_for_death(12):
                done += 1
            else:
                # Fewer such calls than that were made: stopped from outside, which is a crash as well.
                stop_traced(world)
    world.serve()
    world.settle(120)
    return done


def stop_traced(world):
    """strace would leave its child behind."""
    import os
    import signal
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
    time.sleep(3)
    try:
        world.settle(10)
        world.verdict()
    except Broken as broken:
        print(f'    the control was caught: {broken}', flush=True)
        return times
    raise Broken('mail was acknowledged before it was stored, and nobody noticed')
