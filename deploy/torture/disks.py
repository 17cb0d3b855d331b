"""Disks that give errors, are full, or may not be written."""
import shutil
import subprocess
import time

from torture.kills import stop_traced
from torture.world import CONNECTIONS, Broken


def faults(some):
    yield 'errors of fsync and write (EIO, ENOSPC)', errors, some(24, 1), {'wants': 'strace'}
    yield 'a full disk, and room again', full, some(5, 1), {'prepare': small_disk, 'wants': 'mount'}
    yield 'a read-only disk, and writable again', read_only, some(3, 0), {'prepare': small_disk, 'wants': 'mount'}


def errors(world, times):
    """A call fails again and again for seconds; the gateway lives on, or comes back where it is started."""
    # While the store takes nothing, what is being written, what came meanwhile, and one more a connection.
    world.unwritten = 3 * CONNECTIONS
    kinds = [(call, error) for error in ('EIO', 'ENOSPC') for call in ('fsync', 'fdatasync', 'pwrite64', 'rename')]
    for number in range(times):
        call, error = kinds[(number * 3) % len(kinds)]
        when = f'{world.random.randint(1, 6)}+{world.random.randint(1, 3)}'
        world.busy(0.1)
        world.serve(['strace', '-f', '-qq', '-o', '/dev/null', '-e', f'trace={call}', '-e', f'inject={call}:error={error}:when={when}'])
        time.sleep(3)
        world.rest()
        if world.school.gateway.poll() is not None:
            raise Broken(f'{error} of {call} ended the gateway; see {world.school.log_path}')
        stop_traced(world)
    world.serve()
    world.settle(120)
    return times


def small_disk(store):
    store.mkdir(mode=0o700)
    subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=12m,mode=0700', 'tmpfs', store], check=True)


def give_back(world):
    """The store on the small disk, as files of the big one, so that it can still be looked at."""
    world.school.stop()
    store = world.school.folder / 'store'
    shutil.copytree(store, store.with_name('copy'))
    subprocess.run(['umount', store], check=True)
    store.rmdir()
    store.with_name('copy').rename(store)


def full(world, times):
    filler = world.school.folder / 'store' / 'filler'
    world.serve()
    world.write()
    world.settle()
    try:
        for _ in range(times):
            with open(filler, 'wb', buffering=0) as file:
                try:
                    while True:
                        file.write(bytes(65536))
                except OSError:
                    pass
            for _ in range(6):
                world.write()
            time.sleep(2)
            if world.school.gateway.poll() is not None:
                raise Broken(f'a full disk ended the gateway; see {world.school.log_path}')
            filler.unlink()
            world.settle()
    finally:
        give_back(world)
    return times


def read_only(world, times):
    store = world.school.folder / 'store'
    try:
        for _ in range(times):
            world.school.stop()
            world.write()
            subprocess.run(['mount', '-o', 'remount,ro', store], check=True)
            world.serve()
            time.sleep(2)
            if world.school.gateway.poll() is not None:
                raise Broken(f'a read-only disk ended the gateway; see {world.school.log_path}')
            subprocess.run(['mount', '-o', 'remount,rw', store], check=True)
            # A school that cannot be opened is tried again, at least every minute.
            world.settle(90)
    finally:
        give_back(world)
    return times
