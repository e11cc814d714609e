#!/usr/bin/env python3
"""Holds a server to the cases of cases.py, in both modes: tests/http/run.py [--mode PROCESS|BASE] [WORD...]

WORD chooses the cases whose words contain it. The server is server.php with target/release/libswoole.so, or what SWOOLE_TEST_EXTENSION names. One
more test holds docs/http-compliance.md to the cases; `--write` writes it. The last line is `N passed, N failed`.
"""
import argparse
import os
import pathlib
import socket
import subprocess
import sys
import time

sys.dont_write_bytecode = True
import cases

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
MANUAL = ROOT / "docs/http-compliance.md"
EXTENSION = os.environ.get("SWOOLE_TEST_EXTENSION", str(ROOT / "target/release/libswoole.so"))
PATIENCE = 10  # seconds for anything the server does
ALIVE = b"GET /alive HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


class Failure(Exception):
    pass


class Connection:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.bytes = b""
        self.ended = False

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            pass  # refused already: what it answered can be read

    def more(self):
        """Reads on; False: the server has closed."""
        try:
            data = self.socket.recv(65536)
        except TimeoutError:
            raise Failure(f"nothing came for {PATIENCE} seconds; before: {self.bytes[-300:]!r}") from None
        except ConnectionResetError:
            raise Failure(f"the connection was reset; before: {self.bytes[-300:]!r}") from None
        self.bytes += data
        self.ended = not data
        return bool(data)

    def take(self, count):
        data, self.bytes = self.bytes[:count], self.bytes[count:]
        return data

    def until(self, mark):
        while mark not in self.bytes:
            if not self.more():
                raise Failure(f"the connection was closed in an answer; what came: {self.bytes[-300:]!r}")
        return self.take(self.bytes.index(mark) + len(mark))

    def exactly(self, count):
        while len(self.bytes) < count:
            if not self.more():
                raise Failure("the connection was closed in an answer")
        return self.take(count)

    def answer(self, without_body):
        """Status, headers and body of the next answer, read with no mercy."""
        head = self.until(b"\r\n\r\n").decode("latin-1")
        line, *lines = head[:-4].split("\r\n")
        version, _, status = line.partition(" ")
        if version != "HTTP/1.1" or not status[:3].isdigit() or "\n" in head.replace("\r\n", ""):
            raise Failure(f"no head of an answer: {head!r}")
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            if name.lower() in headers and name.lower() != "set-cookie":
                raise Failure(f"{name} comes twice: {head!r}")
            headers[name.lower()] = value.strip()
        status = int(status[:3])
        if 200 <= status < 500 and "date" not in headers:
            raise Failure(f"an answer without Date: {head!r}")
        body = b""
        if without_body or status < 200 or status in (204, 304):
            pass
        elif "transfer-encoding" in headers:
            if headers["transfer-encoding"] != "chunked" or "content-length" in headers:
                raise Failure(f"it is not clear where the body ends: {head!r}")
            while True:
                size = int(self.until(b"\r\n"), 16)
                body += self.exactly(size)
                if self.exactly(2) != b"\r\n":
                    raise Failure("a chunk does not end in CRLF")
                if size == 0:
                    break
        elif "content-length" in headers:
            body = self.exactly(int(headers["content-length"]))
        else:
            while self.more():
                pass
            body = self.take(len(self.bytes))
        return status, headers, body.decode("utf-8", "replace")

    def closed(self):
        while not self.ended:
            self.more()
        return self.bytes


def check(port, sent, answers, end):
    """Raises a Failure if the server does something else."""
    connection = Connection(port)
    pieces = [sent] if isinstance(sent, str) else sent
    for piece in pieces:
        if isinstance(piece, int):
            status, _, _ = connection.answer(True)
            if status != piece:
                raise Failure(f"{piece} was expected in between, {status} came")
        else:
            connection.send(piece.encode("latin-1"))
    is_head = "".join(piece for piece in pieces if isinstance(piece, str)).startswith("HEAD ")
    headers = {}
    for number, expected in enumerate(answers):
        status, body = expected if isinstance(expected, tuple) else (expected, "")
        found, headers, said = connection.answer(is_head and number == 0)
        if found != status or (body or "") not in said:
            raise Failure(f"answer {number + 1}: {status} {body!r} was expected, it was {found} {said[:200]!r}")
        if "x-split" in headers or "set-cookie" in headers or "x-other" in headers:
            raise Failure(f"the answer was split: {headers}")
    if end == cases.CLOSED:
        if headers.get("connection", "").lower() != "close":
            raise Failure(f"the last answer does not say that the connection is closed: {headers}")
        left = connection.closed()
        if left:
            raise Failure(f"something came behind the last answer: {left[:200]!r}")
        return
    connection.send(ALIVE)
    status, headers, said = connection.answer(False)
    if (status, said) != (200, "GET /alive 0 "):
        raise Failure(f"the next request over the connection was answered {status} {said[:200]!r}")
    if connection.closed():
        raise Failure("something came behind the last answer")


def whole_and_cut(port, sent, answers, end):
    """As it is, and short ones byte by byte too: nothing may hang on how it arrives."""
    check(port, sent, answers, end)
    if isinstance(sent, str) and len(sent) < 400 and "Expect" not in sent:
        check(port, list(sent), answers, end)


class Server:
    def __init__(self, mode):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = ["php", "-n", "-d", f"extension={EXTENSION}", str(HERE / "server.php"), str(self.port), mode]
        self.process = subprocess.Popen(command, start_new_session=True)

    def __enter__(self):
        until = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                if self.process.poll() is not None or time.monotonic() > until:
                    self.process.kill()
                    sys.exit(f"the server did not start; is {EXTENSION} built?")
                time.sleep(0.02)

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, 9)
            self.process.wait()


def shown(sent):
    """What is sent, for the manual: a line of code."""
    pieces = []
    text = "".join(piece if isinstance(piece, str) else f"\0{piece}\0" for piece in ([sent] if isinstance(sent, str) else sent))
    if "\0100\0" in text and not isinstance(sent, str):
        text = text.replace("\0100\0", "\u2026")
    for char in text:
        code = ord(char)
        pieces.append({"\r": "\\r", "\n": "\\n", "\t": "\\t"}.get(char) or (char if 32 <= code < 127 or char == "\u2026" else f"\\x{code:02x}"))
    text = "".join(pieces)
    if len(text) > 160:
        text = text[:100] + " \u2026 " + text[-40:]
    return "`` " + text.replace("|", "\\|") + " ``"


def manual():
    lines = [
        "# HTTP/1.1: what is served and what is refused",
        "",
        "Made from `tests/http/cases.py` by `tests/http/run.py --write`; a test sends each of these to a server, in both modes, and holds this page to it.",
        "The limits are those of the test: `package_max_length` is 64 KiB. *closed*: the answer says `Connection: close`, and the server closes the connection; *open*: the next",
        "request over it is answered. Requests that are refused never reach a callback.",
        "",
    ]
    for title, text, table in cases.SECTIONS:
        lines += [f"## {title}", "", text, "", "| sent | bytes | answer | connection |", "|---|---|---|---|"]
        for what, sent, answers, end, why in table:
            statuses = ", ".join(str(answer[0] if isinstance(answer, tuple) else answer) for answer in answers)
            if isinstance(sent, list) and 100 in sent:
                statuses = "100, " + statuses
            what = what.replace("|", "\\|") + (f" {why}" if why else "")
            lines.append(f"| {what} | {shown(sent)} | {statuses} | {end} |")
        lines.append("")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mode", choices=["PROCESS", "BASE"])
    parser.add_argument("--write", action="store_true")
    parser.add_argument("words", nargs="*")
    options = parser.parse_args()
    if options.write:
        MANUAL.write_text(manual())
        return 0
    passed = failed = 0

    def count(name, problem):
        nonlocal passed, failed
        if problem is None:
            passed += 1
        else:
            failed += 1
            print(f"FAILED {name}\n    {problem}", flush=True)

    if not options.words:
        same = MANUAL.exists() and MANUAL.read_text() == manual()
        count("the manual has these cases", None if same else f"{MANUAL.name} is not what the cases say: tests/http/run.py --write")
    for mode in [options.mode] if options.mode else ["PROCESS", "BASE"]:
        with Server(mode) as server:
            for title, _, table in cases.SECTIONS:
                for what, sent, answers, end, _ in table:
                    if not all(word.lower() in f"{title} {what}".lower() for word in options.words):
                        continue
                    problem = None
                    try:
                        whole_and_cut(server.port, sent, answers, end)
                    except Failure as failure:
                        problem = failure
                    count(f"{mode}: {title}: {what}", problem)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
