"""The two servers as child processes: start, stop, kill, and never leave one behind."""
import ctypes
import os
import random
import signal
import socket
import subprocess
import time

from mail.world import PORTS, Failure

READY_SECONDS = 20
STOP_SECONDS = 10
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def adopt_orphans():
    """What a killed server leaves behind becomes our child, so that we can wait for it."""
    subreaper = 36  # PR_SET_CHILD_SUBREAPER, prctl(2)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(subreaper, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), 'prctl')


class Guard:
    """A process that kills the servers once this one is gone, even by SIGKILL. Postfix changes its user at the start,
    which clears PR_SET_PDEATHSIG (prctl(2)), so a pipe tells instead."""

    def __init__(self):
        reading, self.pipe = os.pipe()
        self.process = os.fork()
        if self.process == 0:
            try:
                os.setsid()
                os.close(self.pipe)
                null = os.open(os.devnull, os.O_RDWR)
                for descriptor in (0, 1, 2):
                    os.dup2(null, descriptor)
                self.watch(reading)
            finally:
                os._exit(0)
        os.close(reading)

    def note(self, sign, group):
        os.write(self.pipe, f'{sign}{group}\n'.encode())

    def watch(self, pipe):
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        groups = set()
        for line in os.fdopen(pipe):
            (groups.add if line[0] == '+' else groups.discard)(int(line[1:]))
        for group in groups:
            try:
                os.killpg(group, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def close(self):
        os.close(self.pipe)
        os.waitpid(self.process, 0)


class Server:
    """One server: its first process, and by its process group all the others."""

    def __init__(self, name, command, port, greeting, output, guard):
        self.name, self.command, self.port, self.greeting, self.output = name, command, port, greeting, output
        self.guard, self.group = guard, None

    def start(self):
        if self.group:
            raise Failure(f'{self.name} runs already')
        with open(self.output, 'ab') as output:
            self.group = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
                preexec_fn=lambda: self.guard.note('+', os.getpid())).pid
        deadline = time.monotonic() + READY_SECONDS
        while not self.answers():
            if not self.alive() or time.monotonic() > deadline:
                self.kill()
                raise Failure(f'{self.name} did not start; see {self.output} and the logs beside it')
            time.sleep(0.01)

    def answers(self):
        """Whether this very instance greets at its port, not one that took the port before it."""
        try:
            with socket.create_connection(('127.0.0.1', self.port), 1) as connection:
                return self.greeting in connection.recv(512).decode(errors='replace')
        except OSError:
            return False

    def alive(self):
        """Reaps what ended. As a subreaper we inherit the group's orphans, so all of it is our child in the end."""
        try:
            while self.group and os.waitpid(-self.group, os.WNOHANG)[0]:
                pass
            return bool(self.group) and os.path.exists(f'/proc/{self.group}')
        except ChildProcessError:
            return False

    def stop(self):
        if not self.group:
            return
        if self.alive():
            os.kill(self.group, signal.SIGTERM)
            deadline = time.monotonic() + STOP_SECONDS
            while self.alive() and time.monotonic() < deadline:
                time.sleep(0.01)
        self.kill()

    def kill(self):
        if not self.group:
            return
        try:
            os.killpg(self.group, signal.SIGKILL)
            while os.waitpid(-self.group, 0):
                pass
        except (ProcessLookupError, ChildProcessError):
            pass
        self.guard.note('-', self.group)
        self.group = None


def free_ports(base):
    """The ports from the base, or from a free one below the ephemeral range (ip(7): 32768 and up), where no client's
    own port can take the place of a server that a test has stopped."""
    for _ in range(1000):
        first = base or random.randrange(10000, 32000, len(PORTS))
        ports = {name: first + index for index, name in enumerate(PORTS)}
        try:
            for port in ports.values():
                with socket.socket() as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind(('127.0.0.1', port))
            return ports
        except OSError:
            if base:
                raise Failure(f'a port of {base} to {base + len(PORTS) - 1} is taken')
    raise Failure('no free ports')
