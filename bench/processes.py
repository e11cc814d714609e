"""What a process of a script's own costs: its start and end beside pcntl's, and a message through its pipe and back beside a bare socketpair in C.

A part of bench/run; docs/performance.md says what is measured and how.
"""

import json
import os
import statistics
import subprocess

import harness

FORKS = 200  # of each kind in one round
ROUND_TRIPS = 30_000  # for each second of a round
BYTES = 64
WANTED_FORK = 1.10
WANTED_PIPE = 1.10


def output(command):
    found = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
    try:
        return json.loads(found.stdout)
    except ValueError:
        said = f"processes: {' '.join(command[-4:])} ended with {found.returncode}:\n{found.stdout[-4000:]}"
        raise harness.ServerFailed(said) from None


def php(*arguments):
    return harness.php_command(f"{harness.ROOT}/bench/processes.php", *arguments)


def line(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def run(bench, rounds, seconds):
    """Measures and prints the table. Returns the lines of what was wanted, and the record."""
    print("\n### Processes from PHP\n")
    bench.compile("socketpair")
    trips, core = ROUND_TRIPS * seconds, str(min(os.sched_getaffinity(0)))
    forks, pipes, missing = [], [], bench.lacking.get("PHP")
    try:
        if not missing:
            forks = output(php("fork", 2 * rounds, FORKS))
        for i in range(0 if missing else rounds):
            # Both ends on one core: else it is the waking of a sleeping core that is measured.
            c = lambda: output(["taskset", "-c", core, f"{bench.directory}/socketpair", str(trips), str(BYTES), "1"])["wall"]
            ours = lambda: output(["taskset", "-c", core, *php("pipe", trips, BYTES)])
            pair = {"C": c(), "PHP": ours()} if i % 2 else {"PHP": ours(), "C": c()}
            pipes.append(pair)
    except (harness.ServerFailed, subprocess.TimeoutExpired) as error:
        bench.failures.append(str(error))
        missing = "it failed"
    if not forks or not pipes:
        print(f"not run: {missing}.")
        return ["not measured: processes from PHP"], []
    fork_ratios = [r["ours"] / r["pcntl"] for r in forks]
    pipe_ratios = [r["PHP"] / r["C"] for r in pipes]
    micros = lambda values, count: statistics.median(values) * 1e6 / count
    print("| | µs | beside | µs | ratio (min–max) |")
    print("|---|--:|---|--:|--:|")
    for name, ratios, ours, other, theirs in [
        ("Process start + wait", fork_ratios, micros([r["ours"] for r in forks], FORKS), "pcntl_fork + pcntl_waitpid", micros([r["pcntl"] for r in forks], FORKS)),
        ("64 bytes through the pipe and back", pipe_ratios, micros([r["PHP"] for r in pipes], trips), "a socketpair in C", micros([r["C"] for r in pipes], trips)),
    ]:
        middle, rest = line(ratios).split(" ", 1)
        print(f"| {name} | {ours:.1f} | {other} | {theirs:.1f} | **{middle}** {rest} |")
    verdict = lambda ratios, wanted: "met" if statistics.median(ratios) <= wanted else "NOT MET"
    return [
        f"{verdict(fork_ratios, WANTED_FORK)}: start + wait against pcntl: {line(fork_ratios)}, wanted at most {WANTED_FORK:.2f}",
        f"{verdict(pipe_ratios, WANTED_PIPE)}: pipe from PHP against a socketpair in C: {line(pipe_ratios)}, wanted at most {WANTED_PIPE:.2f}",
    ], {"forks": forks, "pipes": pipes}
