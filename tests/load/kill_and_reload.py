#!/usr/bin/env python3
"""Many clients of an echo server whose workers are killed and reloaded again and again, in both modes.

Shown, per mode and kind of trouble: no connection is refused; in PROCESS mode none is closed; every
answer comes whole, once and in order; what is lost is at most what the killed workers had in hand
(PROCESS: one message each; nothing at all on reload); the server's counters add up.
Ends with one line `N passed, N failed`; exit code 1 if something failed.
"""

import argparse
import json
import os
import random
import signal
import socket
import sys
import tempfile
import time

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "bench"))

import clients
import harness

KINDS = ("kill", "reload", "both")


class Control:
    """A connection that asks the server for its figures."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)

    def figures(self):
        self.socket.sendall(b"STATS\r\n")
        answer = b""
        while not answer.endswith(b"\r\n"):
            more = self.socket.recv(65536)
            if not more:
                raise OSError(f"the server closed the control connection after {answer!r}")
            answer += more
        return json.loads(answer)

    def close(self):
        self.socket.close()


class Trouble:
    """Kills and reloads, each at its own pace."""

    def __init__(self, kind, server, manager):
        self.server, self.manager = server, manager
        self.kills = self.reloads = 0
        self.dice = random.Random(3)
        now = time.monotonic()
        self.next_kill = now + 0.3 if kind != "reload" else float("inf")
        self.next_reload = now + 0.3 if kind != "kill" else float("inf")

    def workers(self):
        """The living workers: the manager's children."""
        found = []
        for pid in harness.tree(self.server.pid)[1:]:
            fields = harness.stat_fields(pid)
            if fields and int(fields[1]) == self.manager and fields[0] not in "ZX":
                found.append(pid)
        return found

    def strike(self, now):
        if now >= self.next_kill:
            self.next_kill = now + self.dice.uniform(0.03, 0.3)
            if workers := self.workers():
                try:
                    os.kill(self.dice.choice(workers), signal.SIGKILL)
                    self.kills += 1
                except ProcessLookupError:
                    pass
        if now >= self.next_reload:
            self.next_reload = now + self.dice.uniform(0.3, 0.8)
            os.kill(self.server.pid, signal.SIGUSR1)
            self.reloads += 1


class Report:
    """Counts and prints what was found."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, good, what, found=""):
        if good:
            self.passed += 1
        else:
            self.failed += 1
        print(f"{'ok' if good else 'FAILED'}: {what}{f' ({found})' if found else ''}", flush=True)


def wait_for(condition, seconds=10.0):
    """Whether the condition comes true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def run(mode, kind, given, directory, report):
    """One server, one kind of trouble."""
    lines, lengths = harness.free_port(), harness.free_port()
    log = os.path.join(directory, f"{mode}-{kind}.log")
    command = harness.php_command(f"{HERE}/echo_server.php", mode, given.workers, lines, lengths)
    server = harness.Server(f"echo server, {mode}", command, lines, log)
    try:
        server.wait_ready()
        failed_before = report.failed
        put_to_the_test(mode, kind, given, server, (lines, lengths), report)
        if report.failed > failed_before:
            print(f"the server's output:\n{server.output()}")
    except (harness.ServerFailed, OSError) as error:
        report.check(False, f"{mode}, {kind}: the server works", f"{error}; its output:\n{server.output()}")
    finally:
        code = server.stop(15)
    report.check(code == 0 and not server.left_behind, f"{mode}, {kind}: SIGTERM ends the server and leaves no process behind", f"exit code {code}, left behind: {server.left_behind}")


def put_to_the_test(mode, kind, given, server, ports, report):
    title = f"{mode}, {kind}"
    control = Control(ports[0])
    first = control.figures()
    control.close()

    crowd = clients.Crowd([(ports[0], clients.Lines), (ports[1], clients.Lengths)], given.steady, given.brief)
    trouble = Trouble(kind, server, first["manager_pid"] or server.pid)
    end = time.monotonic() + given.seconds
    while (now := time.monotonic()) < end:
        trouble.strike(now)
        crowd.run(min(now + 0.02, end))
        server.check()
    all_there = wait_for(lambda: len(trouble.workers()) >= given.workers)
    crowd.run(time.monotonic() + 0.5)  # calm: who is still there gets answers
    crowd.finish(20)
    opened, steady = crowd.connects, len(crowd.clients)

    control = Control(ports[0])
    open_now = steady + 1
    balanced = wait_for(lambda: adds_up(control.figures(), open_now))
    loaded = control.figures()
    crowd.close()
    emptied = wait_for(lambda: adds_up(control.figures(), 1))
    last = control.figures()
    control.close()

    print(
        f"# {title}: {trouble.kills} kills, {trouble.reloads} reloads, {opened} connections, {crowd.sent:,} messages:"
        f" {crowd.answered:,} answered, {crowd.lost} lost, {crowd.unanswered} open at a close;"
        f" {crowd.closes} closed, {crowd.resets} reset, {len(crowd.pids)} workers seen"
    )
    disturbed = "kill" if kind != "reload" else "reload"
    report.check(crowd.refused == 0, f"{title}: no connection is refused", f"{crowd.refused} refused")
    report.check(
        not crowd.wrongs,
        f"{title}: every answer comes whole, once and in order",
        "; ".join(f"{count} × {what}, first: {example}" for what, (count, example) in crowd.wrongs.items()),
    )
    if mode == "PROCESS":
        report.check(crowd.closes + crowd.resets == 0, f"{title}: no connection is closed", f"{crowd.closes} closed, {crowd.resets} reset")
        limit = trouble.kills if disturbed == "kill" else 0
        report.check(crowd.lost <= limit, f"{title}: at most one message is lost per kill, none by a reload", f"{crowd.lost} lost, {trouble.kills} kills")
    else:
        report.check(crowd.lost == 0, f"{title}: no answer is left out", f"{crowd.lost} lost")
        if disturbed == "reload":
            report.check(crowd.torn == 0, f"{title}: connections are closed only after whole answers", f"{crowd.torn} in the middle of one")
    report.check(all_there and len(crowd.pids) > given.workers, f"{title}: new workers take over", f"{len(crowd.pids)} workers gave answers, {len(trouble.workers())} live")

    report.check(balanced, f"{title}: accept_count - close_count is connection_num, the open ones", f"{brief(loaded)}, {open_now} open")
    report.check(emptied, f"{title}: the same when the clients have gone", brief(last))
    accepted = last["accept_count"] - first["accept_count"]
    made = opened + 1  # and the second control connection
    off = trouble.kills if mode == "BASE" else 0  # a worker may be killed between accept and counting
    report.check(made - off <= accepted <= made, f"{title}: every connection is counted once", f"{made} made, {accepted} counted")


def adds_up(figures, open_now):
    return figures["accept_count"] - figures["close_count"] == figures["connection_num"] == open_now


def brief(figures):
    return ", ".join(f"{key} {figures.get(key)}" for key in ("accept_count", "close_count", "connection_num"))


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8, help="of trouble, per mode and kind (8)")
    parser.add_argument("--modes", default="BASE,PROCESS")
    parser.add_argument("--kinds", default=",".join(KINDS), help="of " + ", ".join(KINDS))
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--steady", type=int, default=60, help="clients that stay (60)")
    parser.add_argument("--brief", type=int, default=10, help="clients that come and go (10)")
    return parser.parse_args()


def main():
    given = options()
    harness.end_on_signals()
    if not os.path.exists(harness.EXTENSION):
        sys.exit(f"kill_and_reload.py: {harness.EXTENSION} is not there; build it with cargo build --release --workspace")
    report = Report()
    with tempfile.TemporaryDirectory(prefix="swoole-load-") as directory:
        for mode in given.modes.split(","):
            for kind in given.kinds.split(","):
                run(mode, kind, given, directory, report)
    print(f"{report.passed} passed, {report.failed} failed")
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main())
