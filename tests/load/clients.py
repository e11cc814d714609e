"""Many echo clients in one process, which keep account of every message they send.

Each message carries the number of its connection, its own number, and bytes that follow from both,
so an answer shows by itself whether it is whole, to which message it belongs, and which worker gave it.
"""

import collections
import errno
import random
import selectors
import socket
import time

POOL = bytes(random.Random(1).choices(b"abcdefghijklmnopqrstuvwxyz0123456789", k=1 << 18))
WINDOW = 16  # messages a steady client has under way at most
READ = 1 << 18
NUDGE = 0.5  # seconds of silence after which a client sends one more message
STUCK = 15.0  # seconds of silence after which it gives up


def message(connection, number):
    """The body of one message: mostly short, now and then some KiB, seldom 100 KiB."""
    dice = random.Random(connection * 1_000_003 + number)
    kind = dice.random()
    size = dice.randrange(300) if kind < 0.95 else dice.randrange(8_000) if kind < 0.995 else dice.randrange(100_000)
    start = dice.randrange(len(POOL) - size)
    return b"%d:%d:%b" % (connection, number, POOL[start : start + size])


class Lines:
    """Packages that end with CR LF."""

    @staticmethod
    def pack(body):
        return body + b"\r\n"

    @staticmethod
    def unpack(buffer):
        """Cuts the first whole package off the buffer; None if there is none."""
        end = buffer.find(b"\r\n")
        if end < 0:
            return None
        body = bytes(buffer[:end])
        del buffer[: end + 2]
        return body


class Lengths:
    """Packages with their length in front, 4 bytes, big endian."""

    @staticmethod
    def pack(body):
        return len(body).to_bytes(4, "big") + body

    @staticmethod
    def unpack(buffer):
        """Cuts the first whole package off the buffer; None if there is none."""
        if len(buffer) < 4:
            return None
        end = 4 + int.from_bytes(buffer[:4], "big")
        if len(buffer) < end:
            return None
        body = bytes(buffer[4:end])
        del buffer[:end]
        return body


class Client:
    """One connection. `limit`: it closes after that many messages; None: it goes on until told to stop."""

    def __init__(self, crowd, number, port, codec, limit):
        self.crowd, self.number, self.port, self.codec, self.limit = crowd, number, port, codec, limit
        self.sent = self.answered = self.lost = 0
        self.waiting = collections.deque()  # numbers of the messages under way
        self.input, self.output = bytearray(), bytearray()
        self.moved, self.nudges = time.monotonic(), 0
        self.connected = self.writing = False
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.connect_ex(("127.0.0.1", port))
        crowd.selector.register(self.socket, selectors.EVENT_WRITE, self)

    def send_one(self):
        self.waiting.append(self.sent)
        self.output += self.codec.pack(message(self.number, self.sent))
        self.sent += 1

    def fill(self):
        """Sends bursts: a full window, whenever half of it has been answered."""
        if len(self.waiting) <= WINDOW // 2 and not self.crowd.stopping:
            while len(self.waiting) < WINDOW and (self.limit is None or self.sent < self.limit):
                self.send_one()

    def done(self):
        """Nothing under way, and nothing more to send."""
        ended = self.crowd.stopping if self.limit is None else self.sent >= self.limit or self.crowd.stopping
        return ended and self.connected and not self.waiting

    def flush(self):
        if self.output:
            try:
                taken = self.socket.send(self.output)
                del self.output[:taken]
                self.crowd.bytes_out += taken
            except BlockingIOError:
                pass
        if bool(self.output) != self.writing:
            self.writing = bool(self.output)
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if self.writing else 0)
            self.crowd.selector.modify(self.socket, events, self)

    def ready(self, events):
        try:
            if not self.connected:
                error = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if error:
                    raise OSError(error, "")
                self.connected = self.writing = True
                self.crowd.connects += 1
            if events & selectors.EVENT_READ:
                data = self.socket.recv(READ)
                if not data:
                    return self.end(None)
                self.take(data)
            self.fill()
            self.flush()
        except BlockingIOError:
            pass
        except OSError as error:
            self.end(error.errno)

    def take(self, data):
        self.crowd.bytes_in += len(data)
        self.input += data
        while (body := self.codec.unpack(self.input)) is not None:
            self.moved, self.nudges = time.monotonic(), 0
            self.take_answer(body)

    def take_answer(self, body):
        pid, _, echo = body.partition(b" ")
        head = echo[:40].split(b":")
        if len(head) < 3 or not (pid.isdigit() and head[0].isdigit() and head[1].isdigit()):
            return self.crowd.wrong("not an answer", f"connection {self.number} got {body[:60]!r}")
        connection, number = int(head[0]), int(head[1])
        if connection != self.number:
            return self.crowd.wrong("an answer meant for another", f"connection {self.number} got {body[:60]!r}")
        if number not in self.waiting:
            kind = "an answer that came twice or out of order" if number < self.sent else "an answer to nothing"
            return self.crowd.wrong(kind, f"connection {self.number}, message {number}, waiting for {list(self.waiting)[:5]}")
        if echo != message(connection, number):
            return self.crowd.wrong("a damaged answer", f"connection {connection}, message {number}: {len(echo)} bytes")
        while self.waiting.popleft() != number:
            self.lost += 1  # a later message was answered first, so this one never will be
        self.answered += 1
        self.crowd.pids.add(int(pid))

    def end(self, error):
        """The server ended the connection; None: in an orderly way. What came in before still counts."""
        try:
            while self.connected and (data := self.socket.recv(READ)):
                self.take(data)
        except OSError:
            pass
        self.crowd.ended_by_server(self, error)

    def tick(self, now):
        silent = now - self.moved
        if not self.connected:
            if silent > STUCK:
                self.crowd.wrong("a connection that was never made", f"connection {self.number} to port {self.port}")
                self.crowd.drop(self)
        elif self.waiting and silent > STUCK:
            self.crowd.wrong("a client that got no answer", f"connection {self.number} waits for {list(self.waiting)[:5]}")
            self.crowd.drop(self)
        elif self.waiting and silent > NUDGE * (self.nudges + 1) and not self.output:
            # If the last answers were lost with a worker, only a later one can tell.
            self.nudges += 1
            self.send_one()
            try:
                self.flush()
            except OSError as error:
                self.end(error.errno)


class Crowd:
    """All the clients: `steady` ones that stay, `brief` ones that come and go, spread over the ports."""

    def __init__(self, ports, steady, brief):
        self.ports = ports  # [(port, codec)]
        self.selector = selectors.DefaultSelector()
        self.clients = set()
        self.stopping = False
        self.steady, self.brief = steady, brief
        self.made = self.connects = 0
        self.refused = self.resets = self.closes = self.torn = 0
        self.sent = self.answered = self.lost = self.unanswered = 0
        self.bytes_out = self.bytes_in = 0
        self.pids = set()
        self.wrongs = collections.OrderedDict()  # kind → [count, first example]
        self.dice = random.Random(2)

    def wrong(self, kind, example):
        self.wrongs.setdefault(kind, [0, example])[0] += 1

    def add(self, limit):
        port, codec = self.ports[self.made % len(self.ports)]
        self.made += 1
        self.clients.add(Client(self, self.made, port, codec, limit))

    def drop(self, client):
        """Closes a client and adds its account to the sums."""
        self.clients.discard(client)
        self.selector.unregister(client.socket)
        client.socket.close()
        self.sent += client.sent
        self.answered += client.answered
        self.lost += client.lost
        self.unanswered += len(client.waiting)

    def ended_by_server(self, client, error):
        if error == errno.ECONNREFUSED:
            self.refused += 1
        elif error is None:
            self.closes += 1
        else:
            self.resets += 1
        if client.input:
            self.torn += 1
        self.drop(client)

    def run(self, until):
        """Runs the clients until that time, or until all are done when they are to stop."""
        next_tick = 0.0
        while (now := time.monotonic()) < until:
            if now >= next_tick:
                next_tick = now + 0.05
                for client in list(self.clients):
                    client.tick(now)
            if not self.stopping:
                self.refill()
            for key, events in self.selector.select(min(0.05, until - now)):
                client = key.data
                if client in self.clients:
                    client.ready(events)
                    if client in self.clients and client.limit is not None and client.done():
                        self.drop(client)
            if self.stopping and all(c.done() for c in self.clients):
                return

    def refill(self):
        steady = sum(c.limit is None for c in self.clients)
        brief = len(self.clients) - steady
        for _ in range(self.steady - steady):
            self.add(None)
        for _ in range(self.brief - brief):
            self.add(self.dice.randrange(20))

    def finish(self, seconds):
        """Lets what is under way come to an end. Clients that stay keep their connections."""
        self.stopping = True
        for client in self.clients:
            client.moved = time.monotonic()
        self.run(time.monotonic() + seconds)
        for client in [c for c in self.clients if not c.done()]:
            self.wrong("a client that got no answer", f"connection {client.number} waits for {list(client.waiting)[:5]}")
            self.drop(client)
        for client in [c for c in self.clients if c.limit is not None]:
            self.drop(client)

    def close(self):
        for client in list(self.clients):
            self.drop(client)
