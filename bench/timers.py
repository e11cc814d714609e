"""What a timer costs that is set and cleared again, beside SplPriorityQueue, both from PHP and with 100,000 alive.

A part of bench/run; docs/performance.md says what is measured and how.
"""

import json
import statistics
import subprocess

import harness

PAIRS = 100_000  # insert + extract, or add + clear, in one round
ROUNDS = 8  # in one process
WANTED = 1 / 3


def one_process():
    """One run of bench/timers.php: a list of {"queue": nanoseconds, "timer": nanoseconds}."""
    command = harness.php_command(f"{harness.ROOT}/bench/timers.php", ROUNDS, PAIRS)
    found = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False)
    if found.returncode != 0 or not found.stdout.startswith("["):
        raise harness.ServerFailed(f"timers: bench/timers.php ended with {found.returncode}:\n{found.stdout[-4000:]}")
    return json.loads(found.stdout)


def run(bench, processes):
    """Measures and prints the table. Returns the lines of what was wanted, and the record."""
    print("\n### A timer set and cleared, 100,000 alive\n")
    rounds, missing = [], bench.lacking.get("PHP")
    try:
        for _ in range(0 if missing else processes):
            rounds += one_process()
    except (harness.ServerFailed, subprocess.TimeoutExpired) as error:
        bench.failures.append(str(error))
        missing = "it failed"
    if not rounds:
        print(f"not run: {missing}.")
        return [f"not measured: timer from PHP against SplPriorityQueue, wanted at most {WANTED:.2f}"], []
    ratios = [r["timer"] / r["queue"] for r in rounds]
    found = f"{statistics.median(ratios):.2f}** ({min(ratios):.2f}–{max(ratios):.2f})"
    print("| from PHP | ns | against SplPriorityQueue (min–max) |")
    print("|---|--:|--:|")
    print(f"| SplPriorityQueue: insert + extract | {statistics.median(r['queue'] for r in rounds):.0f} | **1.00** |")
    print(f"| swoole_timer_after + swoole_timer_clear | {statistics.median(r['timer'] for r in rounds):.0f} | **{found} |")
    met = "met" if statistics.median(ratios) <= WANTED else "NOT MET"
    return [f"{met}: timer from PHP against SplPriorityQueue: {found.replace('**', '')}, wanted at most {WANTED:.2f}"], rounds
