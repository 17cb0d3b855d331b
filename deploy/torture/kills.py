"""Deaths of the gateway: at random moments, at named steps, at system calls."""
import collections
import time

from torture.world import Broken

STEPS = ('fetched', 'kept', 'recorded', 'attempted', 'decided', 'committed', 'acknowledged', 'claimed', 'composed', 'submitted', 'noted',
         'writing', 'written')
# At each how many-th of the calls to die, of all that a gateway makes from its start until two mails are through.
CALLS = {'fsync': 1, 'fdatasync': 1, 'rename': 1, 'send': 1, 'write': 2, 'pwrite': 5}
# In a short campaign, at these.
SOME_CALLS = {'fsync': [3], 'fdatasync': [4], 'rename': [1], 'send': [25, 60], 'pwrite': [40]}


def faults(some):
    yield 'killed at random', random_kills, some('kills', 8), {}
    yield 'killed at named steps', kills_at_steps, some(10, 1), {}
    yield 'killed at system calls', kills_at_calls, some(2, 1), {}


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
            world.write(route='nieuws')
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


def dies(world, when):
    """Where two mails made fewer calls than that, the next ones make them."""
    for _ in range(20):
        if world.wait_for_death(2):
            break
        world.write()
    if world.told != 1:
        raise Broken(f'the gateway did not die {when}')


def two_mails(world, number):
    world.write(route='nieuws')
    world.write(route='postvak.anna', sender=world.school.parent(number % world.families))


def counted(world):
    """The numbers of the calls to die at: a gateway that lives is watched first."""
    two_mails(world, 0)
    world.serve('any:count')
    world.settle()
    made = collections.Counter(line.split()[0] for line in world.fault_log.read_text().splitlines())
    world.school.stop()
    if missing := CALLS.keys() - made.keys():
        raise Broken(f'no call was counted of {", ".join(missing)}')
    return {call: range(1, made[call] + 1, step) for call, step in CALLS.items()}


def kills_at_calls(world, times):
    """SIGKILL at each fsync, rename and send and at some of the writes, before it and after (sends: one of the two in turn),
    counted over all threads: none may be missed."""
    done, counts = 0, []
    for call, numbers in (counted(world) if times > 1 else SOME_CALLS).items():
        before = done
        for number in numbers:
            for moment in ('before', 'after')[:times] if call != 'send' else [('before', 'after')[number % 2]]:
                two_mails(world, done)
                world.serve(f'{call}:{moment}:{number}')
                dies(world, f'{moment} {call} {number}')
                breathe(world, done)
                done += 1
        counts.append(f'{call} {done - before}')
    world.serve()
    world.settle(120)
    world.note = 'died at ' + ', '.join(counts)
    return done
