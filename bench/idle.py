#!/usr/bin/env python3
"""What an idle connection costs in memory, in both modes.

Opens many connections to an echo server, each from this one process, and compares the memory of the
server's process tree in user space before and after: once when they have only been opened, once
when each has had one message echoed and is idle again. Then all of them are closed.
Ends with one line `N passed, N failed`; exit code 1 if something failed.
"""

import argparse
import os
import resource
import socket
import sys
import tempfile
import time

sys.dont_write_bytecode = True
import harness

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCES = 8  # client addresses, 127.0.0.2 and on: one alone could run out of ports
IP_BIND_ADDRESS_NO_PORT = 24  # linux/in.h: the port is chosen by connect(), per destination


class Failed(Exception):
    """Something the server should have done did not happen."""


def open_connections(port, number):
    """That many connections, or as many as there can be within a minute."""
    found, deadline = [], time.monotonic() + 60
    while len(found) < number:
        s = socket.socket()
        s.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        s.bind((f"127.0.0.{2 + len(found) % SOURCES}", 0))
        s.settimeout(10)
        found.append(s)
        try:
            s.connect(("127.0.0.1", port))
        except OSError as error:
            raise Failed(f"connection {len(found)} of {number} to port {port} failed: {error}") from None
        if time.monotonic() > deadline:
            raise Failed(f"only {len(found)} of {number} connections were made in a minute")
    return found


def echo(connections, label):
    """Has a message echoed on each of them."""
    for start in range(0, len(connections), 500):
        batch = list(enumerate(connections[start : start + 500], start))
        for number, s in batch:
            s.sendall(b"%b %d\n" % (label, number))
        for number, s in batch:
            wanted, answer = b"%b %d\n" % (label, number), b""
            while len(answer) < len(wanted):
                try:
                    more = s.recv(100)
                except OSError as error:
                    raise Failed(f"connection {number} got no echo: {error}") from None
                if not more:
                    raise Failed(f"connection {number} was closed by the server")
                answer += more
            if answer != wanted:
                raise Failed(f"connection {number} got {answer!r} for {wanted!r}")


def descriptors(pid):
    """Open descriptors of the whole tree."""
    total = 0
    for member in harness.tree(pid):
        try:
            total += len(os.listdir(f"/proc/{member}/fd"))
        except (FileNotFoundError, ProcessLookupError):
            pass
    return total


def wait_for(condition, what):
    deadline = time.monotonic() + 15
    while not condition():
        if time.monotonic() > deadline:
            raise Failed(f"within 15 s it did not come true that {what}")
        time.sleep(0.05)


def measure(mode, given, directory):
    """Yields (whether it is good, what was found)."""
    port = harness.free_port()
    command = harness.php_command(f"{HERE}/echo.php", port, mode, given.workers)
    server = harness.Server(f"echo server, {mode}", command, port, os.path.join(directory, f"{mode}.log"))
    connections = []
    try:
        server.wait_ready()
        warm = open_connections(port, 100)
        echo(warm, b"warm")
        for s in warm:
            s.close()
        time.sleep(0.5)
        empty, before = descriptors(server.pid), harness.memory(server.pid)
        connections = open_connections(port, given.connections)
        wait_for(lambda: descriptors(server.pid) >= empty + given.connections, "the server has accepted every connection")
        yield True, f"{given.connections:,} connections are open at once"
        for state in ("only opened", "after one echo each"):
            if state != "only opened":
                echo(connections, b"hello")
                time.sleep(0.5)
            after = harness.memory(server.pid)
            each = {key: (after[key] - before[key]) / given.connections for key in after}
            yield each["Pss"] <= given.max_bytes, (
                f"a connection, {state}, costs at most {given.max_bytes} bytes"
                f" ({each['Pss']:.0f} found; {each['Rss']:.0f} if shared pages count in each process)"
            )
        step = max(1, len(connections) // 500)
        echo(connections[::step], b"again")
        yield True, "they all still answer"
        for s in connections:
            s.close()
        connections = []
        wait_for(lambda: descriptors(server.pid) <= empty, "the server has closed every connection")
        left = harness.memory(server.pid)["Pss"] - before["Pss"]
        yield True, f"all are closed again ({left / 1024:.0f} KiB more in use than before)"
    except (Failed, harness.ServerFailed) as error:
        yield False, f"{error}; the server's output:\n{server.output()}"
    finally:
        for s in connections:
            s.close()
        server.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", type=int, default=15000)
    parser.add_argument("--max-bytes", type=int, default=1024, help="highest cost of a connection (1024)")
    parser.add_argument("--modes", default="BASE,PROCESS")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    harness.end_on_signals()
    if not os.path.exists(harness.EXTENSION):
        sys.exit(f"idle.py: {harness.EXTENSION} is not there; build it with cargo build --release --workspace")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    need = given.connections + 100
    if hard != resource.RLIM_INFINITY and hard < need:
        sys.exit(f"idle.py: {given.connections} connections need {need} descriptors per process, the limit is {hard} (ulimit -Hn)")
    if soft < need:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard if hard != resource.RLIM_INFINITY else need, hard))
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="swoole-idle-") as directory:
        for mode in given.modes.split(","):
            for good, what in measure(mode, given, directory):
                passed, failed = passed + good, failed + (not good)
                print(f"{'ok' if good else 'FAILED'}: {mode}: {what}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
