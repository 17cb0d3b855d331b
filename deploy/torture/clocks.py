"""A clock that can be turned while the gateway runs, by libfaketime(1)."""
import contextlib
import glob

from torture.world import Broken


class Clock:
    def __init__(self, file):
        self.file, self.seconds = file, 0
        self.turn(0)

    def turn(self, seconds):
        """So far from the true time, and from when the gateway looks next."""
        self.seconds = seconds
        new = self.file.with_suffix('.new')
        new.write_text(f'{seconds:+d}s\n')
        new.rename(self.file)

    def forward(self, seconds):
        self.turn(self.seconds + seconds)


@contextlib.contextmanager
def turned_clock(world):
    """Serves with such a clock."""
    libraries = glob.glob('/usr/lib/*/faketime/libfaketimeMT.so.1')
    if not libraries:
        raise Broken('faketime is not installed: deploy/install --campaign')
    clock = Clock(world.folder / 'clock')
    world.serve(LD_PRELOAD=libraries[0], FAKETIME_TIMESTAMP_FILE=str(clock.file), FAKETIME_NO_CACHE='1', FAKETIME_DONT_FAKE_MONOTONIC='1')
    yield clock


def jumps(world, times):
    """A day forward and a day back, under load."""
    with turned_clock(world) as clock:
        for _ in range(times):
            for seconds in (86_400, 0, -86_400, 0):
                world.busy(0.2)
                clock.turn(seconds)
                world.random.random()
                import time
                time.sleep(2)
                world.rest()
        world.settle(90)
    return times
