"""What a row of a Swoole\\Table costs from PHP, beside an ArrayObject that holds the same rows, and whether two processes get in each other's way.

A part of bench/run; docs/performance.md says what is measured and how.
"""

import json
import os
import statistics
import subprocess

import harness

ROWS = 50_000
ROUNDS = 5  # in one process
# method of the table → method of ArrayObject, highest ratio
WANTED = {
    "set": ("offsetSet", 1.1),
    "get": ("offsetGet", 2.5),
    "exist": ("offsetExists", 1.1),
    "get of a field": ("offsetExists", 1.1),
    "incr": ("offsetExists", 1.5),
}
TOGETHER = 1.7  # two processes, times one


def one_process():
    """One run of bench/tables.php: a list of {loop: nanoseconds}."""
    command = harness.php_command(f"{harness.ROOT}/bench/tables.php", ROUNDS, ROWS)
    found = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
    if found.returncode != 0 or not found.stdout.startswith("["):
        raise harness.ServerFailed(f"tables: bench/tables.php ended with {found.returncode}:\n{found.stdout[-4000:]}")
    return json.loads(found.stdout)


def line(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def run(bench, processes):
    """Measures and prints the table. Returns the lines of what was wanted, and the record."""
    print(f"\n### {ROWS:,} rows of three columns, from PHP\n")
    rounds, missing = [], bench.lacking.get("PHP")
    try:
        for _ in range(0 if missing else processes):
            rounds += one_process()
    except (harness.ServerFailed, subprocess.TimeoutExpired) as error:
        bench.failures.append(str(error))
        missing = "it failed"
    if not rounds:
        print(f"not run: {missing}.")
        return ["not measured: rows of a table against an ArrayObject's"], []
    lines = []
    print("| Swoole\\Table | ns | ArrayObject | ns | ratio (min–max) |")
    print("|---|--:|---|--:|--:|")
    for ours, (theirs, wanted) in WANTED.items():
        ratios = [r[ours] / r[theirs] for r in rounds]
        cost = {name: statistics.median(r[name] for r in rounds) for name in (ours, theirs)}
        middle, rest = line(ratios).split(" ", 1)
        print(f"| {ours} | {cost[ours]:.0f} | {theirs} | {cost[theirs]:.0f} | **{middle}** {rest} |")
        met = "met" if statistics.median(ratios) <= wanted else "NOT MET"
        lines.append(f"{met}: table from PHP: {ours} against {theirs}: {line(ratios)}, wanted at most {wanted}")
    if len(os.sched_getaffinity(0)) < 2:
        print("\nTwo processes at once: not run, it needs two cores.")
        return lines, rounds
    one, two = ([r[f"{n} at once"] for r in rounds] for n in (1, 2))
    ratios = [b / a for a, b in zip(one, two)]
    print(f"\nRows set a second: {statistics.median(one):,.0f} by one process, {statistics.median(two):,.0f} by two on different rows: {line(ratios)} times.")
    met = "met" if statistics.median(ratios) >= TOGETHER else "NOT MET"
    lines.append(f"{met}: table from PHP: two processes at once against one: {line(ratios)}, wanted at least {TOGETHER}")
    return lines, rounds
