"""What a task and its answer cost, beside a message and its answer through a Unix datagram socketpair.

A part of bench/run; docs/performance.md says what is measured and how.
"""

import json
import re
import socket
import statistics
import subprocess
import time

import harness

YARDSTICK = "socketpair"
OURS = ["BASE from PHP", "BASE from C", "PROCESS from PHP", "PROCESS from C"]
ROUND_TRIPS = 100_000  # for each second of a round; the yardstick takes about a second for 200,000
BYTES = 64
IN_FLIGHT = 64
WANTED = 0.60


def ask(server, round_trips, seconds=20):
    """Has a server do so many tasks. Returns when it says that they are done."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=seconds) as s:
        s.sendall(b"%d\n" % round_trips)
        try:
            said = s.recv(64)
        except TimeoutError:
            said = b""
    server.check()
    if said != b"done\n":
        raise harness.ServerFailed(
            f"tasks, {server.name}: {round_trips} tasks were not done within {seconds} s; its output:\n{server.output()}"
        )


def one_round(bench, server, round_trips):
    """One round of a server, or of the yardstick (None). Seconds of wall and CPU time."""
    if server is None:
        command = [f"{bench.directory}/{YARDSTICK}", str(round_trips), str(BYTES), str(IN_FLIGHT)]
        said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
        return json.loads(said)
    before, begun = harness.precise_cpu_seconds(server.pid), time.monotonic()
    ask(server, round_trips)
    wall = time.monotonic() - begun
    return {"wall": wall, "cpu": harness.precise_cpu_seconds(server.pid) - before}


def measure(bench, names, rounds, round_trips):
    """Runs all in turn. Returns {name: [seconds per round]}."""
    servers, results = {YARDSTICK: None}, {name: [] for name in [YARDSTICK, *names]}
    try:
        for name in names:
            try:
                mode, _, face = name.split()
                port = harness.free_port()
                program = [f"{bench.directory}/tasks", str(port)]
                if face == "PHP":
                    program = harness.php_command(f"{harness.ROOT}/bench/tasks.php", port)
                command = [*program, mode, str(BYTES), str(IN_FLIGHT)]
                servers[name] = harness.Server(name, command, port, f"{bench.directory}/{port}.log")
                servers[name].wait_ready()
                ask(servers[name], round_trips // 10)  # warms it up; not counted
            except (harness.ServerFailed, OSError) as error:
                bench.failures.append(str(error))
                if server := servers.pop(name, None):
                    server.stop()
        for _ in range(rounds):
            for name, server in list(servers.items()):
                try:
                    results[name].append(one_round(bench, server, round_trips))
                except harness.ServerFailed as error:
                    bench.failures.append(str(error))
                    servers.pop(name).stop()
    finally:
        for server in servers.values():
            if server:
                server.stop()
    return results


def run(bench, rounds, seconds, only=None):
    """Measures and prints the table. Returns the lines of what was wanted, and the record."""
    round_trips = ROUND_TRIPS * seconds
    missing = {n: why for n, why in bench.missing.items() if n in OURS}
    try:
        bench.compile(YARDSTICK)
        if not all(n in missing for n in OURS if n.endswith("C")):
            bench.compile("tasks", *bench.library)
    except subprocess.CalledProcessError:
        bench.failures.append("a C program of the task bench did not compile; the compiler's message is above")
        return [], {}
    names = [n for n in OURS if n not in missing and (not only or re.search(only, n))]
    results = measure(bench, names, rounds, round_trips)

    print(f"\n### A task and its answer, {IN_FLIGHT} in flight, {BYTES} bytes each\n")
    print("| server | tasks/s | CPU µs/task | against the socketpair (min–max) |")
    print("|---|--:|--:|--:|")
    lines = []
    for name, taken in results.items():
        ratios = [mine["cpu"] / base["cpu"] for mine, base in zip(taken, results[YARDSTICK])]
        if not ratios:
            continue
        rate = round_trips / statistics.median(r["wall"] for r in taken)
        cpu = statistics.median(r["cpu"] for r in taken) * 1e6 / round_trips
        found = f"{statistics.median(ratios):.2f}** ({min(ratios):.2f}–{max(ratios):.2f})"
        print(f"| {name} | {rate:,.0f} | {cpu:.2f} | **{found} |")
        if name != YARDSTICK:
            met = "met" if statistics.median(ratios) <= WANTED else "NOT MET"
            lines.append(f"{met}: task round trip: {name} {found.replace('**', '')}, wanted at most {WANTED}")
    for name in OURS:
        if name in missing:
            print(f"\n{name}: not run, {missing[name]}.")
            lines.append(f"not measured: task round trip: {name}, wanted at most {WANTED}")
    return lines, {"round_trips": round_trips, "bytes": BYTES, "in_flight": IN_FLIGHT, "rounds": results}
