"""Servers that only take mail: Postfix's smtp-sink behind TLS for speed, and one of our own that behaves as it is told."""
import os
import random
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from mail.world import make_certificates  # noqa: E402


# As root it wants a user to become.
SINK = ['/usr/sbin/smtp-sink', *(['-u', 'nobody'] if os.geteuid() == 0 else [])]


def free_port():
    """Below the ephemeral range (ip(7)), where no client's own port can take it."""
    while True:
        port = random.randrange(10000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(('127.0.0.1', port))
                return port
            except OSError:
                continue


def wait_for(port, process, seconds=20):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(('127.0.0.1', port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    sys.exit(f'{process.args[0]} does not answer at port {port}')


class FastSink:
    """Takes all and keeps nothing: sink.c for the gateway, which speaks TLS and logs in, and smtp-sink(1) for peers that
    can do neither. The first waits so many milliseconds before each answer."""

    def __init__(self, folder, latency=0):
        folder = Path(folder)
        tls = folder / 'tls'
        tls.mkdir()
        make_certificates(tls)
        self.ca = tls / 'ca.pem'
        program = folder / 'sink'
        subprocess.run(['cc', '-O2', '-o', program, Path(__file__).with_name('sink.c'), '-lssl', '-lcrypto', '-lpthread'], check=True)
        self.plain, self.port = free_port(), free_port()
        self.counts, self.log = folder / 'smtp-sink.counts', folder / 'sink.log'
        commands = {self.counts: [*SINK, '-c', f'127.0.0.1:{self.plain}', '1024'],
                    self.log: [program, str(self.port), tls / 'trusted.pem', tls / 'trusted.key', str(latency)]}
        self.processes = [subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=open(file, 'ab'), stderr=subprocess.DEVNULL)
                          for file, command in commands.items()]
        for port, process in zip((self.plain, self.port), self.processes):
            wait_for(port, process)

    def accepted(self):
        """Of each mail that the gateway's sink took: when, for whom, how large, answered where, of which list."""
        for line in self.log.read_text().splitlines():
            at, *words = line.split(' ')
            yield float(at), *words

    def largest(self):
        return max(int(octets) for _, _, octets, *_ in self.accepted())

    def count(self):
        return self.log.read_bytes().count(b'\n')

    def plainly_accepted(self):
        """How many mails smtp-sink(1) took: it writes `sess=… quit=… mesg=N` over and over."""
        with open(self.counts, 'rb') as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - 200))
            found = re.findall(rb'mesg=(\d+)', file.read())
        return int(found[-1]) if found else 0

    def stop(self):
        for process in self.processes:
            process.terminate()
            process.wait(10)
