#!/usr/bin/env python3
"""Clients that people use, against a server of ours, in both modes: tests/clients/run.py [--mode PROCESS|BASE] [WORD...]

curl, ab, wrk, openssl, Python's websockets (by /usr/bin/python3) and node's ws; and keep-alive clients while the server reloads and shuts
down. WORD chooses the tests whose names contain it. The server is server.php with target/release/libswoole.so, or what SWOOLE_TEST_EXTENSION
names. The last line is `N passed, N failed`.
"""
import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

sys.dont_write_bytecode = True
import curl
import keep_alive
import others
import upload
from support import PATIENCE, Failure, Server

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EXTENSION = os.environ.get("SWOOLE_TEST_EXTENSION", str(ROOT / "target/release/libswoole.so"))
TESTS = [*curl.TESTS, *others.TESTS, *upload.TESTS, *keep_alive.TESTS]
NEEDED = ["curl", "ab", "wrk", "openssl", "node", "php"]


def certificates(directory):
    """An authority's own certificate for 127.0.0.1 and localhost."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem"],
        cwd=directory, check=True, capture_output=True)


def run(test, server):
    """(whether it passed, what there is to say)."""
    try:
        test(server)
        if server.process.poll() is not None and not server.is_ending:
            raise Failure(f"the server ended with code {server.process.returncode}")
        return True, ""
    except Failure as failure:
        return False, str(failure)
    except Exception:  # whatever it is, it is a failure of the test and not of its runner
        return False, traceback.format_exc()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--mode", choices=["PROCESS", "BASE"])
    options.add_argument("words", nargs="*")
    options = options.parse_args()
    missing = [name for name in NEEDED if not shutil.which(name)]
    if missing or not os.path.exists(EXTENSION):
        print(f"FAIL not found: {', '.join(missing) or EXTENSION}; run scripts/deps.sh test and make build\n0 passed, 1 failed")
        return 1
    chosen = [test for test in TESTS if not options.words or any(word in test.__name__ for word in options.words)]
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="swoole-clients-") as name:
        directory = pathlib.Path(name)
        certificates(directory)
        for mode in [options.mode] if options.mode else ["PROCESS", "BASE"]:
            server = Server(EXTENSION, directory, mode)
            try:
                for test in chosen:
                    if getattr(test, "ends_it", False) or server.process.poll() is not None:
                        # It wants a server for itself.
                        server.stop()
                        server = Server(EXTENSION, directory, mode)
                    begin = time.monotonic()
                    good, said = run(test, server)
                    passed, failed = passed + good, failed + (not good)
                    print(f"{'ok  ' if good else 'FAIL'} {mode} {test.__name__.replace('_', ' ')}, {time.monotonic() - begin:.1f} s", flush=True)
                    if said:
                        print("    " + said.rstrip().replace("\n", "\n    "), flush=True)
            finally:
                said = server.stop()
            good = said is None
            passed, failed = passed + good, failed + (not good)
            print(f"{'ok  ' if good else 'FAIL'} {mode} the server ends well and has nothing to complain of{'' if good else f': {said}'}", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
