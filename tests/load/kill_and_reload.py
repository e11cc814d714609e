#!/usr/bin/env python3
"""Many clients of an echo server whose workers are killed and reloaded again and again, in both modes.

Shown, per mode and kind of trouble: no connection is refused; in PROCESS mode none is closed; every
answer comes whole, once and in order; what is lost is at most what the killed workers had in hand
(PROCESS: one message each; nothing at all on reload); the server's counters add up.
Ends with one line `N passed, N failed`; exit code 1 if something failed.
"""

import argparse
import json
import multiprocessing
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
    """Asks the server for its figures, and keeps account of what asking adds to them."""

    def __init__(self, port):
        self.port = port
        self.connects = self.queries = self.bytes_out = self.bytes_in = 0
        self.open()

    def open(self):
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        self.connects += 1

    def figures(self):
        """The server's figures, and ours as they were when it answered."""
        self.queries += 1
        self.bytes_out += self.socket.send(b"STATS\r\n")
        ours = {"connects": self.connects, "queries": self.queries, "bytes_out": self.bytes_out, "bytes_in": self.bytes_in}
        answer = b""
        while not answer.endswith(b"\r\n"):
            more = self.socket.recv(65536)
            if not more:
                raise OSError(f"the server closed the control connection after {answer!r}")
            answer += more
        self.bytes_in += len(answer)
        return json.loads(answer) | {"ours": ours}

    def close(self):
        self.socket.close()


class Trouble:
    """Kills and reloads, each at its own pace, in a process of its own: the clients must not stop for it."""

    def __init__(self, kind, server, manager, seconds):
        self.kind, self.server, self.manager, self.seconds = kind, server, manager, seconds
        self.counts = multiprocessing.Array("i", 2)  # kills, reloads
        self.process = multiprocessing.get_context("fork").Process(target=self.run)

    def workers(self):
        """The living workers: the manager's children."""
        found = []
        for pid in harness.tree(self.server.pid)[1:]:
            fields = harness.stat_fields(pid)
            if fields and int(fields[1]) == self.manager and fields[0] not in "ZX":
                found.append(pid)
        return found

    def run(self):
        dice = random.Random(3)
        end = time.monotonic() + self.seconds
        next_kill = next_reload = time.monotonic() + 0.2
        while (now := time.monotonic()) < end:
            if self.kind != "reload" and now >= next_kill:
                next_kill = now + dice.uniform(0.02, 0.25)
                if workers := self.workers():
                    try:
                        os.kill(dice.choice(workers), signal.SIGKILL)
                        self.counts[0] += 1
                    except ProcessLookupError:
                        pass
            if self.kind != "kill" and now >= next_reload:
                next_reload = now + dice.uniform(0.2, 0.6)
                os.kill(self.server.pid, signal.SIGUSR1)
                self.counts[1] += 1
            time.sleep(0.005)

    @property
    def kills(self):
        return self.counts[0]

    @property
    def reloads(self):
        return self.counts[1]


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
    control = Control(ports[0])
    first = control.figures()
    control.close()

    crowd = clients.Crowd([(ports[0], clients.Lines), (ports[1], clients.Lengths)], given.steady, given.brief)
    trouble = Trouble(kind, server, first["manager_pid"] or server.pid, given.seconds)
    trouble.process.start()
    while trouble.process.is_alive():
        crowd.run(time.monotonic() + 0.1)
        server.check()
    all_there = wait_for(lambda: len(trouble.workers()) >= given.workers)
    crowd.run(time.monotonic() + 0.5)  # calm: who is still there gets answers
    deadline = time.monotonic() + 20
    while reloading(server) and time.monotonic() < deadline:
        crowd.run(time.monotonic() + 0.1)  # in BASE mode a reload under way still closes connections
    crowd.finish(20)

    control.open()

    def figures_agree():
        # The last reload may have been asked for and not begun: clients go on noticing that they are closed.
        crowd.run(time.monotonic() + 0.05)
        return adds_up(control.figures(), len(crowd.clients) + 1)

    balanced = wait_for(figures_agree)
    open_now = len(crowd.clients) + 1
    loaded = control.figures()
    crowd.close()
    emptied = wait_for(lambda: adds_up(control.figures(), 1))
    last = control.figures()
    control.close()

    print(
        f"# {mode}, {kind}: {trouble.kills} kills, {trouble.reloads} reloads, {crowd.connects} connections, {crowd.sent:,} messages:"
        f" {crowd.answered:,} answered, {crowd.lost} lost, {crowd.unanswered} open at a close;"
        f" {crowd.closes} closed, {crowd.resets} reset, {len(crowd.pids)} workers seen"
    )

    def check(good, what, found):
        report.check(good, f"{mode}, {kind}: {what}", found)

    check_clients(mode, kind, crowd, trouble, check)
    seen, living = len(crowd.pids), len(trouble.workers())
    check(all_there and seen > given.workers, "new workers take over", f"{seen} workers gave answers, {living} live")
    check(balanced, "accept_count - close_count is connection_num, the open ones", f"{brief(loaded)}, {open_now} open")
    check(emptied, "the same when the clients have gone", brief(last))
    check_figures(mode, crowd, trouble, first, last, check)


def check_clients(mode, kind, crowd, trouble, check):
    """What the clients saw."""
    came = (trouble.kills > 0 or kind == "reload") and (trouble.reloads > 0 or kind == "kill")
    check(came and crowd.answered > 1000, "there was trouble, and load", f"{crowd.answered} answers")
    check(crowd.refused == 0, "no connection is refused", f"{crowd.refused} refused")
    wrongs = "; ".join(f"{count} × {what}, first: {example}" for what, (count, example) in crowd.wrongs.items())
    check(not crowd.wrongs, "every answer comes whole, once and in order", wrongs)
    ends = f"{crowd.closes} closed, {crowd.resets} reset, {crowd.torn} of them in the middle of an answer"
    if mode == "PROCESS":
        check(crowd.closes + crowd.resets == 0, "no connection is closed", ends)
        limit = "at most one message is lost per kill" if trouble.kills else "no message is lost"
        check(crowd.lost <= trouble.kills, limit, f"{crowd.lost} lost, {trouble.kills} kills")
    else:
        check(crowd.lost == 0, "no answer is left out", f"{crowd.lost} lost")
        if not trouble.kills:
            check(crowd.torn == 0, "connections are closed only after whole answers", ends)


def check_figures(mode, crowd, trouble, first, last, check):
    """What the server counted, against what the clients did."""

    def counted(key):
        return last[key] - first[key]

    def asked(key):
        return last["ours"][key] - first["ours"][key]

    # A worker may be killed between doing something and counting it.
    off = trouble.kills
    made = crowd.connects + asked("connects")
    check(
        made - (off if mode == "BASE" else 0) <= counted("accept_count") <= made,
        "every connection is counted once",
        f"{made} made, {counted('accept_count')} counted",
    )
    answers = crowd.answered + asked("queries")
    most = answers + off
    if mode == "BASE" and off:
        most = crowd.sent + asked("queries")  # what a worker had answered and not yet written died with it
    for key in ("request_count", "response_count"):
        what = f"{key} is the number of answers" + (", but for what killed workers had in hand" if off else "")
        check(answers - off <= counted(key) <= most, what, f"{answers} answers, {counted(key)} counted, {off} kills")
    if mode == "PROCESS" or not trouble.kills:
        taken = crowd.bytes_in + asked("bytes_in")
        check(counted("total_send_bytes") == taken, "every byte sent has arrived", f"{counted('total_send_bytes')} sent, {taken} arrived")
    if mode == "PROCESS":
        given = crowd.bytes_out + asked("bytes_out")
        check(counted("total_recv_bytes") == given, "every byte is received", f"{given} bytes, {counted('total_recv_bytes')} received")


def reloading(server):
    """Whether a reload has begun and is not over."""
    said = server.output()
    return said.rfind("one after another") > said.rfind("all workers are reloaded")


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
