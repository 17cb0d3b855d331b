"""A scripted SMTP server for faults that no real server makes on demand. Standard library only.

Usage: smtp_peer.py CERT KEY LOG [--starttls] [OPTION ...]

Prints its port on the first line, serves until its standard input ends (a line on it lets go what is held), and appends one JSON object a line to LOG:
{"event": "connect" | "login" | "command" | "message" | "quit" | "lost", ...}. A message carries the bytes between
the 354 and the final dot exactly as they came over the wire, base64.

How it answers follows from the local part of the recipient: see `RECIPIENT` and `DATA` below. How it opens a
connection follows from the options of the command line.
"""
import argparse, base64, json, socket, ssl, sys, threading, time

RECIPIENT = {
    "rcpt550": "550 5.1.1 No such user",
    "rcpt452": "452 4.2.2 Mailbox full",
    "rcpt421": "421 4.3.2 Shutting down",
    "rcpt-plain": "553 Mailbox name not allowed",
    "rcpt-lines": "550-5.7.1 Refused for\r\n550-5.7.1 two reasons;\r\n550 5.7.1 see the page",
    "rcpt-300": "334 this is no answer to RCPT",
    "rcpt-nonsense": "hello?",
    "rcpt-mixed": "550-first\r\n250 second",
}
FINAL = {
    "final550": "550 5.7.1 Looks like spam",
    "final452": "452 4.3.1 Disk full",
    "final-lines": "250-2.0.0 Ok\r\n250-kept\r\n250 2.0.0 queued as ABC123",
    "final-bare": "250",
    "final-252": "252 2.0.0 will try",
    "final-latin1": "250 2.0.0 g\udce9r\udce9",
    "final-huge-line": "250 2.0.0 " + "x" * 20_000,
    "final-monstrous-line": "250 2.0.0 " + "x" * 400_000,
    "final-many-lines": "250-2.0.0 more of it\r\n" * 20_000 + "250 2.0.0 end",
    "final-long": "250-2.0.0 " + "y" * 400 + "\r\n" + ("250-2.0.0 " + "y" * 400 + "\r\n") * 20 + "250 2.0.0 end",
}
lock = threading.Lock()
released = threading.Event()


def log(event, **fields):
    with lock, open(options.log, "a") as file:
        file.write(json.dumps({"event": event, **fields}) + "\n")


class Session:
    def __init__(self, sock, number):
        self.sock, self.number, self.buffer, self.messages = sock, number, b"", 0
        self.unsent, self.refused, self.in_transaction = b"", False, False

    def send(self, text):
        """Held back while more commands lie there, as a pipelining server may (RFC 2920, section 3.2)."""
        self.unsent += text.encode("ascii", "surrogateescape") + b"\r\n"
        if not self.buffer:
            self.flush()

    def flush(self):
        octets, self.unsent = self.unsent, b""
        self.sock.sendall(octets)

    def read_until(self, end):
        while end not in self.buffer:
            self.flush()
            got = self.sock.recv(65536)
            if not got:
                raise EOFError
            self.buffer += got
        line, self.buffer = self.buffer.split(end, 1)
        return line

    def line(self):
        return self.read_until(b"\r\n").decode("utf-8", "surrogateescape")

    def upgrade(self):
        self.sock = context.wrap_socket(self.sock, server_side=True)

    def run(self):
        if options.reset_handshake:
            self.sock.recv(100)
            return
        if not options.starttls and not options.clear:
            self.upgrade()
        if options.silent:
            time.sleep(60)
        self.send(options.greeting)
        secure = not options.starttls
        while True:
            line = self.line()
            verb = line.upper().split(" ")[0]
            if verb not in ("AUTH",):
                log("command", connection=self.number, line=line, ahead=b"\r\n" in self.buffer)
            if verb == "EHLO":
                offers = ["peer.test", "SIZE 10240000", "8BITMIME"]
                offers += ["SMTPUTF8"] * (not options.no_smtputf8) + ["PIPELINING"] * (not options.lock_step)
                if not secure and not options.no_starttls:
                    offers.append("STARTTLS")
                if secure and options.auth:
                    offers.append("AUTH " + options.auth)
                self.send("\r\n".join("250" + ("-" if o is not offers[-1] else " ") + o for o in offers))
            elif verb == "STARTTLS":
                self.send(options.starttls_reply)
                if options.starttls_reply.startswith("220"):
                    self.upgrade()
                    secure = True
            elif verb == "AUTH":
                self.auth(line)
            elif verb == "MAIL":
                if options.idle_reply and self.messages:
                    self.buffer = b""
                    self.send(options.idle_reply)
                    return
                if self.in_transaction:
                    self.send("503 5.5.1 Nested MAIL")
                    continue
                self.mail, self.refused, self.in_transaction = line, "mail550" in line, "mail550" not in line
                self.send("550 5.7.1 Sender refused" if self.refused else "250 2.1.0 Ok")
                if self.refused and options.leave_refused:
                    self.flush()
                    return
            elif verb == "RSET":
                self.in_transaction = False
                self.send(options.rset_reply)
            elif verb in ("RCPT", "DATA") and not self.in_transaction:
                self.send("503 5.5.1 MAIL first")
            elif verb == "RCPT":
                if not self.rcpt(line):
                    return
            elif verb == "DATA":
                if not self.data():
                    return
                if options.close_after and self.messages >= options.close_after:
                    time.sleep(0.05)
                    if options.close_with_421:
                        self.send("421 4.4.2 peer.test Error: timeout exceeded")
                    self.flush()
                    return
            elif verb == "QUIT":
                log("quit", connection=self.number)
                if options.silent_quit:
                    time.sleep(60)
                self.send("221 2.0.0 Bye")
                return
            else:
                self.send("250 2.0.0 Ok")

    def auth(self, line):
        words = line.split(" ")
        if words[1].upper() == "LOGIN":
            self.send("334 VXNlcm5hbWU6")
            name = base64.b64decode(self.line())
            self.send("334 UGFzc3dvcmQ6")
            password = base64.b64decode(self.line())
        else:
            self.send("334 ")
            _, name, password = base64.b64decode(self.line()).split(b"\0")
        right = password == b"geheim woord"
        log("login", connection=self.number, mechanism=words[1], right=right)
        self.send(options.auth_reply or ("235 2.7.0 Ok" if right else "535 5.7.8 Wrong"))

    def rcpt(self, line):
        self.rcpt_line = line
        self.key = line.split("<")[1].split("@")[0]
        if self.key == "rcpt-silent":
            time.sleep(60)
        if self.key == "rcpt-close":
            return False
        self.refused = self.key in ("rcpt550", "rcpt452", "rcpt-plain", "rcpt-lines")
        if self.key == "rcpt421":
            self.buffer = b""
        self.send(RECIPIENT.get(self.key, "250 2.1.5 Ok"))
        return self.key != "rcpt421"

    def data(self):
        if self.key == "data554" or self.refused and not options.ask_refused:
            self.send("554 5.5.1 No valid recipients")
            return True
        self.send("354 End data with <CR><LF>.<CR><LF>")
        self.in_transaction = False
        if self.key == "data-early552":
            # Says so when it has heard enough, and hears no more.
            self.sock.recv(1000)
            self.send("552 5.3.4 Too large")
            time.sleep(60)
        if self.key == "data-early-close":
            self.sock.recv(1000)
            self.send("552 5.3.4 Too large")
            return False
        if self.key == "data-close":
            self.sock.recv(1000)
            return False
        if self.key == "data-stall":
            time.sleep(60)
        # The CRLF of the 354 counts as the line end before the first line: an empty message is a dot alone.
        self.buffer = b"\r\n" + self.buffer
        wire = self.read_until(b"\r\n.\r\n")
        body = wire[2:] + b"\r\n" if wire else b""
        if self.refused:
            log("nothing", connection=self.number, octets=len(body))
            self.send("554 5.5.1 No valid recipients")
            return True
        self.messages += 1
        log("message", connection=self.number, mail=self.mail, rcpt=self.rcpt_line, body=base64.b64encode(body).decode(), ahead=bool(self.buffer))
        if self.key == "final-close":
            return False
        if self.key == "final-silent":
            time.sleep(60)
        if self.key == "final-held":
            released.wait()
        if self.key == "final-endless":
            while True:
                self.send("250-2.0.0 and on")
        self.send(FINAL.get(self.key, f"250 2.0.0 Ok: queued as {self.number}.{self.messages}"))
        return True


def serve(sock, number):
    session = Session(sock, number)
    try:
        log("connect", connection=number)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        session.run()
    except (EOFError, OSError) as error:
        log("lost", connection=number, error=type(error).__name__)
    finally:
        session.sock.close()


parser = argparse.ArgumentParser()
parser.add_argument("cert")
parser.add_argument("key")
parser.add_argument("log")
parser.add_argument("--starttls", action="store_true", help="clear text first, TLS by STARTTLS")
parser.add_argument("--clear", action="store_true", help="clear text where the client expects TLS")
parser.add_argument("--reset-handshake", action="store_true", help="close the connection during the TLS handshake")
parser.add_argument("--silent", action="store_true", help="no greeting")
parser.add_argument("--silent-quit", action="store_true", help="no answer to QUIT")
parser.add_argument("--no-starttls", action="store_true", help="do not offer STARTTLS")
parser.add_argument("--starttls-reply", default="220 2.0.0 Ready")
parser.add_argument("--greeting", default="220 peer.test ESMTP")
parser.add_argument("--auth", default="PLAIN LOGIN", help="the mechanisms to offer")
parser.add_argument("--auth-reply")
parser.add_argument("--idle-reply", help="answers the second MAIL of a connection by this, and closes")
parser.add_argument("--lock-step", action="store_true", help="no PIPELINING")
parser.add_argument("--no-smtputf8", action="store_true")
parser.add_argument("--ask-refused", action="store_true", help="354 though the recipient was refused")
parser.add_argument("--leave-refused", action="store_true", help="close after a refused MAIL, before the rest is answered")
parser.add_argument("--rset-reply", default="250 2.0.0 Ok")
parser.add_argument("--close-after", type=int, help="close after so many messages")
parser.add_argument("--close-with-421", action="store_true", help="and say so")
options = parser.parse_args()
if not options.clear:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(options.cert, options.key)

listener = socket.create_server(("127.0.0.1", 0), backlog=128)
print(listener.getsockname()[1], flush=True)


def accept():
    number = 0
    while True:
        sock, _ = listener.accept()
        number += 1
        threading.Thread(target=serve, args=(sock, number), daemon=True).start()


threading.Thread(target=accept, daemon=True).start()
sys.stdin.readline()
released.set()
sys.stdin.read()
