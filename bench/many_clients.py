"""What an event-driven client costs that opens 10,000 connections, beside a minimal one in C.

A part of bench/run; docs/performance.md says what is measured and how.
"""

import json
import os
import re
import resource
import statistics
import subprocess
import time

import harness

YARDSTICK = "minimal C client"
OURS = ["client from PHP", "client from C", "client from Rust"]
CONNECTIONS = 10_000
UNANSWERED = 500  # so many wait for their answer at once: fewer than the server's backlog, or the kernel makes some wait for a second
BYTES = 64
WANTED = {"client from PHP": 1.5, "client from C": 1.5}
SPARE = 100  # descriptors beside those of the connections
RUST = os.path.join(harness.ROOT, "target", "release", "examples", "many_clients")


class Clients:
    """The programs under test, and the server that all of them connect to."""

    def __init__(self, bench):
        self.bench = bench
        self.cpus = sorted(os.sched_getaffinity(0))
        port = harness.free_port()
        cpu = self.cpus[0] if len(self.cpus) > 1 else None
        self.server = harness.Server("echo server", [f"{bench.directory}/minimal", str(port), "echo"], port, f"{bench.directory}/{port}.log", cpu)
        self.missing = {f"client from {face}": why for face, why in bench.lacking.items()}
        if "C" not in bench.lacking:
            try:
                bench.compile("clients", *bench.library)
            except subprocess.CalledProcessError:
                self.missing["client from C"] = "bench/clients.c did not compile"
                bench.failures.append("bench/clients.c did not compile; the compiler's message is above")
        if not os.path.exists(RUST):
            self.missing["client from Rust"] = f"{RUST} is not built"

    def command(self, name):
        program = {
            YARDSTICK: [f"{self.bench.directory}/minimal_client"],
            "client from C": [f"{self.bench.directory}/clients"],
            "client from Rust": [RUST],
        }.get(name) or harness.php_command(f"{harness.ROOT}/bench/clients.php")
        pinned = ["taskset", "-c", str(self.cpus[1])] if len(self.cpus) > 1 else []
        return [*pinned, *program, *map(str, (self.server.port, CONNECTIONS, UNANSWERED, BYTES))]

    def one_round(self, name):
        """Seconds of wall and CPU time that the client took, without its start."""
        done = subprocess.run(
            self.command(name), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False
        )
        self.server.check()
        if done.returncode != 0 or not done.stdout.startswith("{"):
            raise harness.ServerFailed(f"{name}: ended with {done.returncode}:\n{done.stdout[-4000:]}")
        self.wait_idle()
        return json.loads(done.stdout)

    def wait_idle(self):
        """Returns once the server has closed all connections."""
        deadline = time.monotonic() + 10
        while len(os.listdir(f"/proc/{self.server.pid}/fd")) > SPARE:
            if time.monotonic() > deadline:
                raise harness.ServerFailed("echo server: it has connections left 10 s after their client has ended")
            time.sleep(0.01)


def measure(clients, names, rounds):
    """Runs all in turn. Returns {name: [seconds per round]}."""
    results = {name: [] for name in names}
    clients.server.wait_ready()
    for number in range(rounds + 1):
        for name in list(names):
            try:
                figures = clients.one_round(name)
                if number > 0:  # the first is not counted
                    results[name].append(figures)
            except (harness.ServerFailed, subprocess.TimeoutExpired) as error:
                clients.bench.failures.append(str(error))
                names.remove(name)
                clients.wait_idle()
    return results


def run(bench, rounds, only=None):
    """Measures and prints the table. Returns the lines of what was wanted, and the record."""
    print(f"\n### {CONNECTIONS:,} connections of one client, a message of {BYTES} bytes echoed on each\n")
    needed = CONNECTIONS + SPARE
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < needed:
        why = f"it needs {needed} descriptors, and this user may have {hard} (ulimit -Hn)"
        print(f"not run: {why}.")
        return [f"not measured: {name}, wanted at most {wanted}" for name, wanted in WANTED.items()], {}
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    clients = None
    try:
        bench.compile("minimal_client")
        clients = Clients(bench)
        names = [n for n in OURS if n not in clients.missing and (not only or re.search(only, n))]
        results = measure(clients, [YARDSTICK, *names], rounds)
    except (subprocess.CalledProcessError, harness.ServerFailed) as error:
        bench.failures.append(f"clients: {error}")
        return [f"not measured: {name}, wanted at most {wanted}" for name, wanted in WANTED.items()], {}
    finally:
        if clients:
            clients.server.stop()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    print("| client | connections/s | CPU µs/connection | against the minimal client (min–max) |")
    print("|---|--:|--:|--:|")
    lines = []
    for name, taken in results.items():
        ratios = [mine["cpu"] / base["cpu"] for mine, base in zip(taken, results[YARDSTICK])]
        wanted = WANTED.get(name)
        if not ratios:
            if wanted:
                lines.append(f"not measured: {name}, wanted at most {wanted}")
            continue
        rate = CONNECTIONS / statistics.median(r["wall"] for r in taken)
        cpu = statistics.median(r["cpu"] for r in taken) * 1e6 / CONNECTIONS
        found = f"{statistics.median(ratios):.2f}** ({min(ratios):.2f}–{max(ratios):.2f})"
        print(f"| {name} | {rate:,.0f} | {cpu:.2f} | **{found} |")
        if wanted:
            met = "met" if statistics.median(ratios) <= wanted else "NOT MET"
            lines.append(f"{met}: {CONNECTIONS:,} connections: {name} {found.replace('**', '')}, wanted at most {wanted}")
    for name, why in clients.missing.items():
        print(f"\n{name}: not run, {why}.")
        if name in WANTED:
            lines.append(f"not measured: {name}, wanted at most {WANTED[name]}")
    return lines, {"connections": CONNECTIONS, "bytes": BYTES, "unanswered": UNANSWERED, "rounds": results}
