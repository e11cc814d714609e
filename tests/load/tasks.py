#!/usr/bin/env python3
"""Tasks under load, in both modes: a million small ones, workers that are killed, and tasks that block.

Shown: of a million tasks with 64 in flight each is answered once; with `task_retry` none is lost by kills of task
workers, in shared memory or in a message queue; kills of workers and task workers at any moment leave nothing stuck; a
worker whose tasks block answers other connections as fast as before.
Ends with one line `N passed, N failed`; exit code 1 if something failed.
"""

import argparse
import json
import os
import random
import signal
import socket
import statistics
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "bench"))

import harness
from kill_and_reload import Report, wait_for

PATIENCE = 120  # seconds that anything may take


class Connection:
    """Lines to the server and back."""

    def __init__(self, port, patience=PATIENCE):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=patience)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")

    def ask(self, line):
        self.socket.sendall(line.encode() + b"\n")
        answer = self.file.readline()
        if not answer:
            raise OSError(f"the server closed the connection after {line!r}")
        return answer.decode().rstrip("\n")

    def figures(self, line):
        return json.loads(self.ask(line))

    def close(self):
        self.file.close()
        self.socket.close()


def million(server, connection, given, check):
    begin = time.monotonic()
    got = connection.figures(f"COUNT {given.tasks}")
    seconds = time.monotonic() - begin
    print(f"# {got['given']:,} tasks with 64 in flight in {seconds:.1f} s, {got['given'] / seconds:,.0f} a second")
    check(got["given"] == got["answered"] == given.tasks and got["twice"] == 0, "each of a million tasks is answered once", got)
    settled(connection, check)


class Killer:
    """Kills one process below the server at a time, but for those that are spared, until it is stopped."""

    def __init__(self, server, spared, least, most):
        self.server, self.spared, self.pause = server, {server.pid, *spared}, (least, most)
        self.count = 0
        self.done = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        dice = random.Random(4)
        while not self.done.wait(dice.uniform(*self.pause)):
            others = [pid for pid in harness.tree(self.server.pid) if pid not in self.spared]
            others = [pid for pid in others if (fields := harness.stat_fields(pid)) and fields[0] not in "ZX"]
            if others:
                try:
                    os.kill(dice.choice(others), signal.SIGKILL)
                    self.count += 1
                except ProcessLookupError:
                    pass

    def stop(self):
        self.done.set()
        self.thread.join()


def kills(server, connection, given, check):
    """Kills task workers while 64 tasks are in flight."""
    killer = Killer(server, connection.figures("PIDS").values(), 0.01, 0.1)
    threading.Timer(given.seconds, killer.done.set).start()
    try:
        got = connection.figures(f"SECONDS {given.seconds}")
    finally:
        killer.stop()
    print(f"# {got['given']:,} tasks, {killer.count} kills of task workers, {got['twice']} tasks answered twice")
    check(killer.count > 10 and got["given"] > 1000, "there were kills, and load", f"{killer.count} kills, {got['given']} tasks")
    check(got["given"] == got["answered"], "with task_retry none is lost", got)
    check(got["twice"] <= killer.count, "a task is run again only when its task worker was killed", f"{got['twice']} twice, {killer.count} kills")
    settled(connection, check)


def kills_everywhere(server, connection, given, check):
    """Kills workers and task workers while several clients have tasks in flight."""
    pids = connection.figures("PIDS")
    connection.close()
    rounds = broken = 0
    end = time.monotonic() + given.seconds

    def client():
        nonlocal rounds, broken
        while time.monotonic() < end:
            try:
                own = Connection(server.port, 2)
                while time.monotonic() < end:
                    own.ask("COUNT 200")
                    rounds += 1
            except OSError:
                broken += 1
            finally:
                own.close()

    killer = Killer(server, [pids["master"], pids["manager"]], 0.01, 0.1)
    clients = [threading.Thread(target=client) for _ in range(6)]
    for thread in clients:
        thread.start()
    for thread in clients:
        thread.join()
    killer.stop()
    print(f"# {killer.count} kills of workers and task workers, {rounds} rounds of 200 tasks done, {broken} broken off")
    check(killer.count > 10 and rounds > 10, "there were kills, and load", f"{killer.count} kills, {rounds} rounds")
    after = [Connection(server.port) for _ in range(6)]
    got = [own.figures("COUNT 1000") for own in after]
    check(all(g["answered"] == 1000 for g in got), "afterwards all clients get all their answers", got)
    settled(after[0], check)
    for own in after:
        own.close()


def blocking(server, connection, given, check):
    """Times of round trips of another connection, without and with tasks that block."""
    other = Connection(server.port)

    def trips(seconds):
        times = []
        end = time.monotonic() + seconds
        while (begin := time.monotonic()) < end:
            other.ask("hello")
            times.append(time.monotonic() - begin)
        return statistics.median(times), statistics.quantiles(times, n=100)[98]

    free = trips(1.0)
    block, number = 0.25, 8
    connection.ask(f"BLOCK {number} {int(block * 1e6)}")
    blocked = trips(block * number / 2 * 0.8)
    waiting = connection.figures("STATS")["tasking_num"]
    found = "median {:.0f} us, 99 % {:.0f} us; without {:.0f} and {:.0f}".format(*(t * 1e6 for t in (*blocked, *free)))
    print(f"# round trips while tasks block: {found}")
    check(waiting > 0, "tasks blocked all the time", f"{waiting} were left")
    check(blocked[0] < 3 * free[0] + 0.001 and blocked[1] < block / 4, "a blocking task does not slow other connections", found)
    other.close()
    settled(connection, check)


def settled(connection, check):
    """Nothing is under way, and nothing was lost."""
    last = {}

    def looks_so():
        last.update(connection.figures("STATS"))
        return last["tasking_num"] == 0

    wait_for(looks_so, 15)
    found = {key: last.get(key) for key in ("tasking_num", "task_lost_count")}
    check(list(found.values()) == [0, 0], "no task is left or counted as lost", found)


# what is shown; workers, task workers, microseconds that a task takes, task_ipc_mode
SCENES = [
    (million, 1, 2, 0, 1),
    (kills, 1, 3, 50, 1),
    (kills, 1, 3, 50, 3),
    (kills_everywhere, 3, 3, 50, 1),
    (blocking, 1, 2, 0, 1),
]


def run(mode, scene, arguments, given, directory, report):
    """One server, one scene."""
    port = harness.free_port()
    log = os.path.join(directory, f"{mode}-{scene.__name__}.log")
    server = harness.Server(f"task server, {mode}", harness.php_command(f"{HERE}/task_server.php", mode, port, *arguments), port, log)
    name = f"{mode}, {scene.__name__}" + (", message queue" if arguments[-1] > 1 else "")

    def check(good, what, found):
        report.check(good, f"{name}: {what}", found)

    failed_before = report.failed
    try:
        server.wait_ready()
        connection = Connection(port)
        scene(server, connection, given, check)
        connection.close()
    except (harness.ServerFailed, OSError) as error:
        check(False, "the server works", str(error))
    finally:
        code = server.stop(15)
    check(code == 0 and not server.left_behind, "SIGTERM ends the server and leaves no process behind", f"exit code {code}, left behind: {server.left_behind}")
    if report.failed > failed_before:
        print(f"the server's output:\n{server.output()}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--modes", default="BASE,PROCESS")
    parser.add_argument("--scenes", default=",".join(dict.fromkeys(scene.__name__ for scene, *_ in SCENES)))
    parser.add_argument("--tasks", type=int, default=1_000_000, help="of the scene `million`")
    parser.add_argument("--seconds", type=float, default=3, help="of kills, per scene (3)")
    given = parser.parse_args()
    harness.end_on_signals()
    if not os.path.exists(harness.EXTENSION):
        sys.exit(f"tasks.py: {harness.EXTENSION} is not there; build it with cargo build --release --workspace")
    report = Report()
    with tempfile.TemporaryDirectory(prefix="swoole-load-") as directory:
        for mode in given.modes.split(","):
            for scene, *arguments in SCENES:
                if scene.__name__ in given.scenes.split(","):
                    run(mode, scene, arguments, given, directory, report)
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
