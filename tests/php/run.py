#!/usr/bin/env python3
"""Runs the PHP tests, each in a process of its own, in both server modes.

    run.py [-j N] [-v] [--mode PROCESS|BASE] [NAME...]

A test is a file tests/php/<class>/<behaviour>.php. It passed when it ended with code 0, printed
nothing, and left no process behind. Comments of this form in it are for this runner:

    // mode: PROCESS         only in that mode; "any": once, because no server mode matters to it
    // php: -d opcache.jit=on    further arguments for php
    // timeout: 120          seconds, instead of 60
    // alone: why            nothing else runs beside it

NAME chooses the tests whose path contains it. The last line is "N passed, N failed".
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
GUARD = ROOT / "tests/support/guard.py"
EXTENSION = os.environ.get("SWOOLE_TEST_EXTENSION", str(ROOT / "target/release/libswoole.so"))
# -n: of Debian's configuration only what a test asks for. Opcache and Xdebug are on in it.
PHP = ["php", "-n", "-d", "log_errors=0", "-d", "extension=posix", "-d", "extension=sockets", "-d", f"extension={EXTENSION}"]
MODES = ["PROCESS", "BASE"]


class Test:
    def __init__(self, path):
        self.path = path
        self.name = str(path.relative_to(HERE))[: -len(".php")]
        head = path.read_text()[:4000]

        def note(key, otherwise):
            found = re.search(rf"^// {key}: *(.*)$", head, re.M)
            return found.group(1).strip() if found else otherwise

        self.mode = note("mode", "both")
        self.arguments = note("php", "").split()
        self.timeout = float(note("timeout", "60"))
        self.alone = note("alone", "") != ""

    def modes(self, wanted):
        if self.mode == "any":
            return ["PROCESS"] if "PROCESS" in wanted else []
        return [m for m in wanted if self.mode in ("both", m)]

    def run(self, mode):
        """Gives (passed, what it said)."""
        directory = tempfile.mkdtemp(prefix="swoole-test-")
        os.chmod(directory, 0o777)  # a worker that gave up its rights writes here too
        try:
            done = subprocess.run(
                [sys.executable, str(GUARD), "--timeout", str(self.timeout), "--", *PHP, *self.arguments, str(self.path)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=directory,
                env={**os.environ, "SWOOLE_TEST_MODE": mode, "SWOOLE_TEST_DIR": directory, "SWOOLE_TEST_EXTENSION": EXTENSION},
            )
            said = done.stdout.decode(errors="replace")
            return done.returncode == 0 and not said, f"exit code {done.returncode}\n{said}"
        finally:
            shutil.rmtree(directory, ignore_errors=True)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("-j", type=int, default=os.cpu_count() + 1, help="so many at once: most of them wait now and then")
    options.add_argument("-v", action="store_true", help="name each test as it ends")
    options.add_argument("--mode", choices=MODES)
    options.add_argument("names", nargs="*")
    options = options.parse_args()
    if not os.path.exists(EXTENSION):
        print(f"{EXTENSION} is not there: run `make build` first.")
        print("0 passed, 1 failed")
        sys.exit(1)

    tests = [Test(p) for p in sorted(HERE.glob("*/*.php"))]
    if options.names:
        tests = [t for t in tests if any(n in t.name for n in options.names)]
    modes = [options.mode] if options.mode else MODES
    jobs = [(t, m) for t in tests for m in t.modes(modes)]
    failed = []
    lock = threading.Lock()

    def job(test, mode):
        begin = time.monotonic()
        passed, said = test.run(mode)
        with lock:
            if options.v or not passed:
                print(f"{'ok  ' if passed else 'FAIL'} {test.name} [{mode}] {time.monotonic() - begin:.1f} s", flush=True)
            if not passed:
                failed.append(f"{test.name} [{mode}]")
                print("    " + said.rstrip().replace("\n", "\n    "), flush=True)

    with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
        list(pool.map(lambda j: job(*j), [j for j in jobs if not j[0].alone]))
    for test, mode in jobs:
        if test.alone:
            job(test, mode)

    if failed:
        print("Failed: " + ", ".join(sorted(failed)))
    print(f"{len(jobs) - len(failed)} passed, {len(failed)} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
