"""Network faults: a wire between the gateway and a server, and a mail server with moods."""
import random
import smtplib
import socket
import ssl
import threading
import time

from rig.sinks import free_port


class Link:
    """One connection over a wire."""

    def __init__(self, near, far, limit):
        self.near, self.far, self.limit, self.passed = near, far, limit, 0
        # Whether something was done to it, and whether it says nothing any more.
        self.troubled = self.silent = False
        self.lock, self.is_over = threading.Lock(), False


class Wire:
    """Passes octets on between a port of its own and a server's, until told otherwise: `pass`; `hang` (connections fall
    silent in both directions, and stay so); `slow` (an octet a second from the server); `cut` (closes after some octets
    in the direction of `cutting`); `garble` (one octet in each piece from the server is another: TLS fails that worked);
    `impostor` (whoever connects meets a server with another certificate)."""

    def __init__(self, target, cutting, limits, certificate, greeting):
        self.target, self.cutting, self.limits, self.port = target, cutting, limits, free_port()
        self.impostor = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.impostor.load_cert_chain(*certificate)
        self.greeting, self.random, self.links = greeting, random.Random(0), set()
        # When connections ended that something had been done to.
        self.losses = []
        # Connections that this cut, and that the client left while they were silent or slow; pieces that it garbled; clients
        # that met the impostor, and that said something to it.
        self.cuts = self.given_up = self.garbled = self.met = self.trusted = 0
        self.mood = 'pass'
        self.listener = socket.create_server(('127.0.0.1', self.port), backlog=64)
        threading.Thread(target=self.accept, daemon=True).start()

    def turn(self, mood):
        self.mood = mood
        for link in list(self.links):
            link.limit, link.passed = self.random.randint(*self.limits), 0
            link.silent = link.silent or mood == 'hang'
            link.troubled = link.troubled or mood in ('hang', 'slow', 'garble')

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
                if self.mood == 'impostor':
                    threading.Thread(target=self.deceive, args=(near,), daemon=True).start()
                    continue
                far = socket.create_connection(('127.0.0.1', self.target), 5)
                # Only to connect: who is silent afterwards is so until the other end leaves.
                far.settimeout(None)
            except OSError:
                if self.listener.fileno() < 0:
                    return
                near.close()
                continue
            link = Link(near, far, self.random.randint(*self.limits))
            link.silent = self.mood == 'hang'
            link.troubled = self.mood in ('hang', 'slow', 'garble')
            self.links.add(link)
            for pair, direction in (((near, far), 'up'), ((far, near), 'down')):
                threading.Thread(target=self.carry, args=(link, *pair, direction), daemon=True).start()

    def deceive(self, near):
        self.met += 1
        try:
            with self.impostor.wrap_socket(near, server_side=True) as tls:
                tls.settimeout(5)
                tls.sendall(self.greeting)
                # Who leaves may say so.
                if (said := tls.recv(4096)) and b'LOGOUT' not in said:
                    self.trusted += 1
        except OSError:
            pass

    def carry(self, link, source, sink, direction):
        try:
            while octets := source.recv(65536):
                if link.silent:
                    continue
                if self.mood == 'slow' and direction == 'down':
                    self.dawdle(octets, sink)
                    continue
                if self.mood == 'garble' and direction == 'down':
                    octets = octets[:-1] + bytes([octets[-1] ^ 0x55])
                    self.garbled += 1
                if direction == self.cutting:
                    link.passed += len(octets)
                    if self.mood == 'cut' and link.passed > link.limit:
                        # A part of it has arrived.
                        sink.sendall(octets[:len(octets) // 2])
                        self.cuts, link.troubled = self.cuts + 1, True
                        break
                sink.sendall(octets)
            else:
                if direction == 'up' and (link.silent or self.mood == 'slow'):
                    self.given_up += 1
        except OSError:
            pass
        self.end(link)

    def dawdle(self, octets, sink):
        for place in range(len(octets)):
            sink.sendall(octets[place:place + 1])
            if self.mood == 'slow':
                time.sleep(1)

    def end(self, link):
        with link.lock:
            if link.is_over:
                return
            link.is_over = True
        if link.troubled:
            self.losses.append(time.time())
        self.links.discard(link)
        for end in (link.near, link.far):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    def cut_all(self):
        for link in list(self.links):
            link.troubled = True
            self.end(link)

    def close(self):
        self.mood = 'pass'
        self.listener.close()
        self.cut_all()


STAGES = ('greeting', 'ehlo', 'auth', 'mail', 'rcpt', 'data', 'end')
# Instead of a reply: the connection is closed while the message comes.
CLOSED = 'closed'


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
                try:
                    self.talk(tls, tls.makefile('rb'))
                finally:
                    self.open.discard(tls)
        except (OSError, ValueError):
            pass

    def talk(self, tls, lines):
        def say(stage, usual):
            if self.latency:
                time.sleep(self.latency)
            line = self.answer(stage)
            tls.sendall(((line or usual) + '\r\n').encode())
            if line and line.startswith('421'):
                raise ConnectionError
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
                    mail = self.message(lines)
                    if self.answer_end(say, mail, to):
                        self.accepted.append((to, time.monotonic()))
            elif verb == 'QUIT':
                tls.sendall(b'221 2.0.0 bye\r\n')
                return
            else:
                sender = False
                tls.sendall(b'250 2.0.0 ok\r\n')

    def message(self, lines):
        mail, last = b'', 20 if self.answer('middle') == CLOSED else 0
        while (line := lines.readline()) != b'.\r\n':
            if not line or mail.count(b'\n') + 1 == last:
                raise ConnectionError
            mail += line[1:] if line.startswith(b'.') else line
        return mail

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
