"""Disks that give errors, are full, or may not be written."""
import shutil
import subprocess
import time

from torture.world import Broken


def faults(some):
    yield 'errors of fsync and write (EIO, ENOSPC)', errors, some(24, 2), {}
    yield 'a full disk, and room again', full, some(5, 1), {'prepare': small_disk, 'wants': 'mount'}
    yield 'a read-only disk, and writable again', read_only, some(3, 0), {'prepare': small_disk, 'wants': 'mount'}


def errors(world, times):
    """A call fails again and again for seconds. The gateway lives on, and sends nothing twice: it knows what was accepted."""
    kinds = [(call, error) for error in ('EIO', 'ENOSPC') for call in ('fsync', 'fdatasync', 'pwrite', 'rename')]
    failed = 0
    for number in range(times):
        call, error = kinds[(number * 3 + 1) % len(kinds)]
        world.serve(f'{call}:{error}:{world.random.randint(1, 12) if call != "rename" else 1}:{world.random.randint(1, 3)}:2')
        world.busy(0.1)
        deadline = time.monotonic() + 20
        while not world.told and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(2.5)
        world.rest()
        world.must_live(f'{error} of {call}')
        if not world.told:
            raise Broken(f'{call} was not called, so that {error} was not tried')
        failed += world.told
        world.settle(120)
        world.school.stop()
    world.note = f'{failed} calls failed'
    world.serve()
    world.settle()
    return times


def small_disk(store):
    store.mkdir(mode=0o700)
    subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=24m,mode=0700', 'tmpfs', store], check=True)


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
            world.must_live('a full disk')
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
            world.must_live('a read-only disk')
            subprocess.run(['mount', '-o', 'remount,rw', store], check=True)
            # A school that cannot be opened is tried again, at least every minute.
            world.settle(90)
    finally:
        give_back(world)
    return times
