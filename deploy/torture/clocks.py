"""A clock that can be turned while the gateway runs: a debug build adds the seconds that a file holds to its own.
(libfaketime would do it from outside, but Swift's runtime does not start under it.)"""
import contextlib
import time


class Clock:
    def __init__(self, file):
        self.file, self.seconds = file, 0
        self.turn(0)

    def turn(self, seconds):
        """So far from the true time, and from when the gateway looks next."""
        self.seconds = seconds
        new = self.file.with_suffix('.new')
        new.write_text(f'{seconds}\n')
        new.rename(self.file)

    def forward(self, seconds):
        self.turn(self.seconds + seconds)


@contextlib.contextmanager
def turned_clock(world):
    """Serves with such a clock."""
    clock = Clock(world.folder / 'clock')
    world.serve(POSTPLEIN_CLOCK=str(clock.file))
    yield clock


def jumps(world, times):
    """A day forward and a day back, under load; sometimes while no gateway is there to see it."""
    with turned_clock(world) as clock:
        for number in range(times):
            for place, seconds in enumerate((86_400, 0, -86_400, 0)):
                world.busy(0.2)
                time.sleep(1)
                if (number + place) % 2:
                    world.crash()
                clock.turn(seconds)
                if not world.school.gateway:
                    world.serve(POSTPLEIN_CLOCK=str(clock.file))
                time.sleep(0.5)
                world.rest()
        world.settle(60)
    return times
