"""Servers that only take mail: Postfix's smtp-sink behind TLS for speed, and one of our own that behaves as it is told."""
import os
import random
import socket
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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
    """smtp-sink(1), which takes all and keeps nothing; before it nginx's mail proxy, since the gateway speaks TLS and logs
    in, and smtp-sink can do neither. After the login nginx only passes octets on."""

    def __init__(self, folder):
        folder = Path(folder)
        tls = folder / 'tls'
        tls.mkdir()
        make_certificates(tls)
        self.ca = tls / 'ca.pem'
        self.plain, self.port = free_port(), free_port()
        self.sink = subprocess.Popen([*SINK, '-c', f'127.0.0.1:{self.plain}', '1024'],
                                     stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.doorman = ThreadingHTTPServer(('127.0.0.1', 0), self.everybody_may_in())
        threading.Thread(target=self.doorman.serve_forever, daemon=True).start()
        configuration = folder / 'nginx.conf'
        configuration.write_text(
            f'load_module /usr/lib/nginx/modules/ngx_mail_module.so;\ndaemon off;\nworker_processes 1;\n'
            f'pid {folder}/nginx.pid;\nerror_log {folder}/nginx.log;\nevents {{ worker_connections 256; }}\n'
            f'mail {{ auth_http 127.0.0.1:{self.doorman.server_port}/; server_name localhost; xclient off;\n'
            f'  server {{ listen 127.0.0.1:{self.port} ssl; protocol smtp; smtp_auth plain login; timeout 60s;\n'
            f'    ssl_certificate {tls}/trusted.pem; ssl_certificate_key {tls}/trusted.key; }} }}\n')
        self.front = subprocess.Popen(['/usr/sbin/nginx', '-p', str(folder), '-c', str(configuration)], stdin=subprocess.DEVNULL,
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.plain, self.sink)
        wait_for(self.port, self.front)

    def everybody_may_in(self):
        plain = self.plain

        class Doorman(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                for field, value in (('Auth-Status', 'OK'), ('Auth-Server', '127.0.0.1'), ('Auth-Port', str(plain))):
                    self.send_header(field, value)
                self.end_headers()

            def log_message(self, *_):
                pass

        return Doorman

    def stop(self):
        self.doorman.shutdown()
        for process in (self.front, self.sink):
            process.terminate()
            process.wait(10)
