#!/usr/bin/env python3
"""Runs every test there is and ends with one line "N passed, N failed".

    tests/run.py [SUITE...]        rust, clippy, loom, house, c, php, http, websocket, clients, browser, load; all without an argument
    tests/run.py autobahn          all 517 cases of it, for which several minutes are needed: `websocket` has about half of them

`make build` comes first: the C and PHP tests use what it left in target/release.
"""
import os
import pathlib
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parent.parent
SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed\s*$")
CARGO_SUMMARY = re.compile(r"^test result: \w+\. (\d+) passed; (\d+) failed;")


def one_check(code, said):
    """A command that is one test: its exit code says how it went."""
    return (1, 0) if code == 0 else (0, 1)


def summary_line(code, said):
    """A command whose last line is "N passed, N failed"."""
    for line in reversed(said):
        found = SUMMARY.match(line)
        if found:
            passed, failed = int(found[1]), int(found[2])
            return passed, failed or int(code != 0)
    return 0, 1


def cargo_test(code, said):
    """cargo test: the sum over its test programs. One that did not compile counts as one failure."""
    found = [CARGO_SUMMARY.match(line) for line in said]
    passed = sum(int(f[1]) for f in found if f)
    failed = sum(int(f[2]) for f in found if f)
    return passed, failed or int(code != 0)


def c_suite():
    return [("C tests", [sys.executable, "tests/c/run.py"], {}, summary_line)]


# Minutes of mere computing: done beside the rest, by what the rest leaves of the processors.
BESIDE = ["clippy", "loom"]
# In a directory of its own, as cargo lets nobody else into one.
CLIPPY = ["cargo", "clippy", "--workspace", "--all-targets", "--target-dir", "target/clippy", "--", "-D", "warnings"]
LOOM = ["cargo", "test", "-p", "swoole-core", "--profile", "loom", "--lib", "--target-dir", "target/loom", "loom_"]
# Of the Autobahn suite: all that is about the protocol, the longest messages, and of each kind of compression a case of short ones.
QUICK = ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "9.*.6", "10.*", "12.*.3", "13.*.3"]
# What runs only if it is asked for.
ASKED = ["autobahn"]
SUITES = {
    "rust": lambda: [
        ("Rust: format", ["cargo", "fmt", "--check"], {}, one_check),
        ("Rust tests", ["cargo", "test", "--workspace", "--no-fail-fast"], {}, cargo_test),
    ],
    "clippy": lambda: [("Rust: clippy", CLIPPY, {}, one_check)],
    "loom": lambda: [("Rust tests under loom", LOOM, {"RUSTFLAGS": "--cfg loom"}, cargo_test)],
    "house": lambda: [
        ("Tidiness", ["tests/tidy.py"], {}, summary_line),
        ("Installing", ["tests/install.py"], {}, summary_line),
    ],
    "c": c_suite,
    "php": lambda: [("PHP tests", ["tests/php/run.py"], {}, summary_line)],
    "http": lambda: [("HTTP/1.1 by the book", ["tests/http/run.py"], {}, summary_line)],
    "websocket": lambda: [("Cases of the Autobahn suite", ["tests/websocket/run.py", *QUICK], {}, summary_line)],
    "autobahn": lambda: [("The Autobahn suite", ["tests/websocket/run.py"], {}, summary_line)],
    "clients": lambda: [("Clients that people use", ["tests/clients/run.py"], {}, summary_line)],
    "browser": lambda: [("A page in a browser", ["tests/browser/run.py"], {}, summary_line)],
    "load": lambda: [
        ("Kills and reloads under load", ["tests/load/kill_and_reload.py"], {}, summary_line),
        ("Tasks under load", ["tests/load/tasks.py"], {}, summary_line),
    ],
}


def run(title, command, environment, count, show=True):
    """What came of it; `show`: it is printed as it comes, else where it failed."""
    began = f"\n== {title}: {' '.join(command)}"
    if show:
        print(began, flush=True)
    begin = time.monotonic()
    said = []
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    for line in process.stdout:
        said.append(line)
        if show and not SUMMARY.match(line):  # there is one such line, and it comes last of all
            print(line, end="", flush=True)
    passed, failed = count(process.wait(), said)
    if not show:
        print(began + (f"\n{''.join(said)}" if failed else ""))
    print(f"-- {title}: passed {passed}, failed {failed}, {time.monotonic() - begin:.0f} s", flush=True)
    return title, passed, failed


def run_beside(title, command, environment, count):
    return run(title, ["nice", "-n", "19", *command], environment, count, show=False)


def main():
    chosen = sys.argv[1:] or [name for name in SUITES if name not in ASKED]
    unknown = [name for name in chosen if name not in SUITES]
    if unknown:
        sys.exit(f"no suite {', '.join(unknown)}: there are {', '.join(SUITES)}")
    with ThreadPoolExecutor() as pool:
        beside = [pool.submit(run_beside, *suite) for name in chosen if name in BESIDE for suite in SUITES[name]()]
        results = [run(*suite) for name in chosen if name not in BESIDE for suite in SUITES[name]()]
        results += [suite.result() for suite in beside]
    print()
    for title, passed, failed in results:
        print(f"   {title}: {'ok' if failed == 0 else f'FAILED, {failed} of {passed + failed}'}")
    failed = sum(r[2] for r in results)
    print(f"{sum(r[1] for r in results)} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
