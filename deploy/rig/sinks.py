"""Servers that only take mail: Postfix's smtp-sink behind TLS for speed, and one of our own that behaves as it is told."""
import os
import random
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
    can do neither."""

    def __init__(self, folder):
        folder = Path(folder)
        tls = folder / 'tls'
        tls.mkdir()
        make_certificates(tls)
        self.ca = tls / 'ca.pem'
        program = folder / 'sink'
        subprocess.run(['cc', '-O2', '-o', program, Path(__file__).with_name('sink.c'), '-lssl', '-lcrypto', '-lpthread'], check=True)
        self.plain, self.port = free_port(), free_port()
        quiet = {name: subprocess.DEVNULL for name in ('stdin', 'stdout', 'stderr')}
        self.processes = [
            subprocess.Popen([*SINK, '-c', f'127.0.0.1:{self.plain}', '1024'], **quiet),
            subprocess.Popen([program, str(self.port), tls / 'trusted.pem', tls / 'trusted.key'], **quiet)]
        for port, process in zip((self.plain, self.port), self.processes):
            wait_for(port, process)

    def stop(self):
        for process in self.processes:
            process.terminate()
            process.wait(10)
