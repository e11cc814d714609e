"""Clients that keep their connections while the server reloads, and while it shuts down: none of them meets a reset, or an end without an answer."""
import random
import signal
import socket
import threading
import time

from support import PATIENCE, Failure, eventually, ok

REQUEST = b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n"
CLIENTS = 12


class Client(threading.Thread):
    """Asks again and again. `pause`: seconds at most between an answer and the next request."""

    def __init__(self, port, number, until, again):
        super().__init__()
        self.port, self.until, self.again = port, until, again
        self.pause, self.path = [(0, b"/hello"), (0.01, b"/hello"), (0, b"/nap"), (0.03, b"/parts")][number % 4]
        self.dice = random.Random(number)
        self.answers = self.connections = self.told = 0
        self.fault = None

    def run(self):
        try:
            while not self.until.is_set():
                if not self.connection() or not self.again:
                    return
        except Exception as error:
            self.fault = f"{type(error).__name__}: {error}"

    def connection(self):
        """Uses one connection as long as it lasts; False: there is no server any more."""
        try:
            wire = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        except ConnectionRefusedError:
            if self.again:
                raise
            return False
        self.connections += 1
        with wire:
            wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            served, rest = 0, b""
            while not (self.again and self.until.is_set()):
                try:
                    wire.sendall(REQUEST % self.path)
                    head, rest = self.answer(wire, rest)
                except (ConnectionResetError, BrokenPipeError) as error:
                    raise Failure(f"after {served} answers over this connection, none of which said that it closes: {error}") from None
                if head is None:
                    raise Failure(f"the connection ended before an answer, after {served} over it, none of which said that it closes")
                served, self.answers = served + 1, self.answers + 1
                if b"\r\nConnection: close\r\n" in head:
                    self.told += 1
                    if wire.recv(1) != b"":
                        raise Failure("something comes behind the last answer")
                    return True
                if self.pause:
                    time.sleep(self.dice.random() * self.pause)  # time: a client that thinks
        return True

    @staticmethod
    def answer(wire, data):
        """The head of the next answer, when all of it is there, and what came behind; None: the end came before it."""
        while True:
            head, mark, body = data.partition(b"\r\n\r\n")
            if mark:
                if not head.startswith(b"HTTP/1.1 200 OK\r\n"):
                    raise Failure(f"an answer begins with {head[:60]!r}")
                if b"Transfer-Encoding: chunked" in head:
                    if b"0\r\n\r\n" in body:
                        return head + mark, body.partition(b"0\r\n\r\n")[2]
                elif len(body) >= 12:
                    return head + mark, body[12:]
            more = wire.recv(65536)
            if not more:
                if data:
                    raise Failure(f"the connection ended within an answer: {data!r}")
                return None, b""
            data += more


def crowd(server, again):
    until = threading.Event()
    clients = [Client(server.port, number, until, again) for number in range(CLIENTS)]
    for each in clients:
        each.start()
    eventually(lambda: all(each.answers >= 3 or each.fault for each in clients), "all of them are under way")
    return until, clients


def settle(clients):
    for each in clients:
        each.join(PATIENCE)
    faults = [each.fault for each in clients if each.fault]
    ok(not faults, f"{len(faults)} of {len(clients)} clients: " + "; ".join(sorted(set(faults))))
    ok(not any(each.is_alive() for each in clients), "all clients come to an end")


def nobody_meets_a_reset_when_it_reloads(server):
    workers = lambda: set(server.processes())
    until, clients = crowd(server, again=True)
    try:
        for _ in range(3):
            before = workers()
            server.signal(signal.SIGUSR1)
            eventually(lambda: len(workers() - before) >= 2, "both workers are new")
            answered = sum(each.answers for each in clients)
            eventually(lambda: sum(each.answers for each in clients) >= answered + 50, "they serve")
    finally:
        until.set()
    settle(clients)
    told = sum(each.told for each in clients)
    ok(told == 0 if server.mode == "PROCESS" else told > 0, f"PROCESS keeps all connections, BASE says which it closes: {told} were told")


def nobody_meets_a_reset_when_it_shuts_down(server):
    until, clients = crowd(server, again=False)
    server.is_ending = True
    server.signal(signal.SIGTERM)
    try:
        settle(clients)
    finally:
        until.set()
    ok(all(each.told for each in clients), "each connection was told that it closes")


nobody_meets_a_reset_when_it_shuts_down.ends_it = True
TESTS = [nobody_meets_a_reset_when_it_reloads, nobody_meets_a_reset_when_it_shuts_down]
