#!/usr/bin/env python3
"""Runs every test there is and ends with one line "N passed, N failed".

    tests/run.py [SUITE...]        rust, loom, house, c, php, http, websocket, clients, browser, load; all without an argument
    tests/run.py build SUITE...    builds what they need first
    tests/run.py autobahn          all 517 cases of it, for which several minutes are needed: `websocket` has about half of them

The C and PHP tests use what `build`, which is `make build`, has left in target/release.
"""
import os
import pathlib
import re
import signal
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


# Minutes of mere computing: done beside the rest, by what the rest leaves of the processors. In a directory of its own, as cargo lets nobody else into one.
BESIDE = ["loom"]
# Before the tests, in the same directory: the C libraries of crates, build scripts and macros are built once for both.
CLIPPY = ["cargo", "clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]
LOOM = ["cargo", "test", "-p", "swoole-core", "--profile", "loom", "--lib", "--target-dir", "target/loom", "loom_"]
# Of the Autobahn suite: all that is about the protocol, the longest messages, and of each kind of compression a case of short ones.
QUICK = ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "9.*.6", "10.*", "12.*.3", "13.*.3"]
# What runs only if it is asked for.
ASKED = ["autobahn"]
# Linux shares the processors out among sessions first, and nice counts within one only: so what runs beside has a session, and that is nice too.
MODEST = ["sh", "-c", 'echo 19 2>/dev/null >/proc/$$/autogroup; exec nice -n 19 "$@"', "sh"]
# What runs in such a session: no Ctrl-C reaches it.
APART = []
# Tests at once: most of them wait now and then.
AT_ONCE = str((os.cpu_count() or 1) + 1)
SUITES = {
    "build": lambda: [("Build", ["cargo", "build", "--release", "--workspace"], {}, one_check)],
    "rust": lambda: [
        ("Rust: format", ["cargo", "fmt", "--check"], {}, one_check),
        ("Rust: clippy", CLIPPY, {}, one_check),
        ("Rust tests", ["cargo", "test", "--workspace", "--no-fail-fast"], {"RUST_TEST_THREADS": AT_ONCE}, cargo_test),
    ],
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


def run(title, command, environment, count, beside=False):
    """What came of it, which is printed as it comes; `beside`: it takes what the rest leaves of the processors, and is printed only if it failed."""
    show = not beside
    began = f"\n== {title}: {' '.join(command)}"
    if show:
        print(began, flush=True)
    begin = time.monotonic()
    said = []
    process = subprocess.Popen(
        [*MODEST, *command] if beside else command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=beside,
    )
    if beside:
        APART.append(process)
    for line in process.stdout:
        said.append(line)
        if show and not SUMMARY.match(line):  # there is one such line, and it comes last of all
            print(line, end="", flush=True)
    passed, failed = count(process.wait(), said)
    if not show:
        print(began + (f"\n{''.join(said)}" if failed else ""))
    print(f"-- {title}: passed {passed}, failed {failed}, {time.monotonic() - begin:.0f} s", flush=True)
    return title, passed, failed


def main():
    # That of the make outside, if there is one: a Python of pyenv's puts something in front of it, and then cargo builds anew.
    os.environ["PATH"] = os.environ.get("BUILD_PATH", os.environ["PATH"])
    chosen = sys.argv[1:] or [name for name in SUITES if name not in ASKED]
    unknown = [name for name in chosen if name not in SUITES]
    if unknown:
        sys.exit(f"no suite {', '.join(unknown)}: there are {', '.join(SUITES)}")
    with ThreadPoolExecutor() as pool:
        beside = [pool.submit(run, *suite, True) for name in chosen if name in BESIDE for suite in SUITES[name]()]
        results = []
        try:
            for name in chosen:
                results += [run(*suite) for suite in SUITES[name]() if name not in BESIDE]
                if name == "build" and results[-1][2]:
                    break  # there is nothing to be tested
            results += [suite.result() for suite in beside]
        except KeyboardInterrupt:
            for process in APART:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGTERM)
            raise
    print()
    for title, passed, failed in results:
        print(f"   {title}: {'ok' if failed == 0 else f'FAILED, {failed} of {passed + failed}'}")
    failed = sum(r[2] for r in results)
    print(f"{sum(r[1] for r in results)} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
