"""Network faults: a wire between the gateway and a server, and a mail server with moods."""
import random
import smtplib
import socket
import ssl
import threading
import time

from rig.sinks import free_port


class Wire:
    """Passes octets on between a port of its own and a server's, until told otherwise: `pass`, `hang` (silent, in both
    directions), `slow` (an octet a second from the server), `cut` (closes after some octets from the client), `garble`
    (one octet in each piece from the server is another: TLS fails that worked)."""

    def __init__(self, target, seed=0):
        self.target, self.mood, self.port = target, 'pass', free_port()
        self.random = random.Random(seed)
        self.open, self.cuts = set(), 0
        self.listener = socket.create_server(('127.0.0.1', self.port), backlog=64)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
                far = socket.create_connection(('127.0.0.1', self.target), 5)
            except OSError:
                if self.listener.fileno() < 0:
                    return
                near.close()
                continue
            self.open |= {near, far}
            for pair, direction in (((near, far), 'up'), ((far, near), 'down')):
                threading.Thread(target=self.carry, args=(*pair, direction), daemon=True).start()

    def carry(self, source, sink, direction):
        passed, limit = 0, self.random.randint(2_500, 9_000)
        try:
            while octets := source.recv(65536):
                while self.mood == 'hang':
                    time.sleep(0.05)
                if self.mood == 'slow' and direction == 'down':
                    for place in range(len(octets)):
                        sink.sendall(octets[place:place + 1])
                        if self.mood == 'slow':
                            time.sleep(1)
                    continue
                if self.mood == 'garble' and direction == 'down':
                    octets = octets[:-1] + bytes([octets[-1] ^ 0x55])
                passed += len(octets)
                if self.mood == 'cut' and direction == 'up' and passed > limit:
                    self.cuts += 1
                    break
                sink.sendall(octets)
        except OSError:
            pass
        for end in (source, sink):
            self.drop(end)

    def drop(self, end):
        self.open.discard(end)
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        end.close()

    def cut_all(self):
        for end in list(self.open):
            self.drop(end)

    def close(self):
        self.mood = 'pass'
        self.listener.close()
        self.cut_all()


STAGES = ('greeting', 'ehlo', 'auth', 'mail', 'rcpt', 'data', 'end')


class MoodyServer:
    """An SMTP server behind TLS that answers as it is told, and hands on what it accepts to a real one. `answer(stage)`
    gives a reply line instead of the usual one, or None; a latency goes before every reply."""

    def __init__(self, forward, certificate, latency=0.0, answer=lambda stage: None):
        self.forward, self.certificate, self.latency, self.answer = forward, certificate, latency, answer
        self.port, self.accepted = free_port(), []
        self.listener = socket.create_server(('127.0.0.1', self.port), backlog=256)
        self.open = set()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.certificate)
        try:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with context.wrap_socket(client, server_side=True) as tls:
                self.open.add(tls)
                self.talk(tls, tls.makefile('rb'))
                self.open.discard(tls)
        except (OSError, ValueError):
            pass

    def talk(self, tls, lines):
        def say(stage, usual):
            if self.latency:
                time.sleep(self.latency)
            line = self.answer(stage)
            tls.sendall(((line or usual) + '\r\n').encode())
            return not line

        if not say('greeting', '220 moody ESMTP'):
            return
        sender, to = False, None
        for raw in lines:
            words = raw.decode(errors='replace').strip()
            verb = words[:4].upper()
            if verb == 'EHLO':
                say('ehlo', '250-moody\r\n250-PIPELINING\r\n250-AUTH PLAIN\r\n250 ENHANCEDSTATUSCODES')
            elif verb == 'AUTH':
                if len(words.split()) == 2:
                    tls.sendall(b'334 \r\n')
                    lines.readline()
                say('auth', '235 2.7.0 ok')
            elif verb == 'MAIL':
                sender, to = say('mail', '250 2.1.0 ok'), None
            elif verb == 'RCPT' and sender:
                if say('rcpt', '250 2.1.5 ok'):
                    to = words[words.index('<') + 1:words.index('>')]
            elif verb in ('RCPT', 'DATA') and not to:
                tls.sendall(b'503 5.5.1 not now\r\n')
            elif verb == 'DATA':
                if say('data', '354 go'):
                    sender = False
                    mail = b''
                    while (line := lines.readline()) not in (b'.\r\n', b''):
                        mail += line[1:] if line.startswith(b'.') else line
                    if self.answer_end(say, mail, to):
                        self.accepted.append((to, time.monotonic()))
            elif verb == 'QUIT':
                tls.sendall(b'221 2.0.0 bye\r\n')
                return
            else:
                sender = False
                tls.sendall(b'250 2.0.0 ok\r\n')

    def answer_end(self, say, mail, to):
        """Handed on before it is accepted, as every server must."""
        if self.forward:
            line = self.answer('end')
            if line:
                say('end-said', line)
                return False
            with smtplib.SMTP('127.0.0.1', self.forward, timeout=20) as server:
                server.sendmail('moody@outside.test', [to], mail)
            return say('accepted', '250 2.0.0 taken')
        return say('end', '250 2.0.0 taken')

    def cut_all(self):
        """From here: a thread that reads keeps a socket open that is only closed."""
        for tls in list(self.open):
            self.open.discard(tls)
            try:
                socket.socket.shutdown(tls, socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.listener.close()
        self.cut_all()
