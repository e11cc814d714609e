#!/usr/bin/env python3
"""The Autobahn cases against a WebSocket server in PHP, in both modes: tests/websocket/run.py [CASE...]

kosoku (PyPI) runs the cases of the Autobahn suite natively; it is installed into target/websocket-venv if it is not there. `make build` comes first. CASE is a
number or a pattern (`9.*`). Without one, all 517 are run in BASE mode, and all but those of compression (12 and 13, which send
a thousand messages each and meet the same code) in PROCESS mode. WEBSOCKET_SERVER names another server: a command that takes a port and a mode.

A case that fails because kosoku's own clock ran out (a second for the server's last word) is run once more, by itself: this machine may be
busy. The last line is `N passed, N failed`.
"""
import asyncio
import os
import pathlib
import shlex
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
VENV = ROOT / "target" / "websocket-venv"
KOSOKU = "kosoku==0.1.0"
PATIENCE = 30  # seconds until the server listens
AT_ONCE = 4
COMPRESSION = ["12.*", "13.*"]


def in_venv():
    """This program again, by a Python that has kosoku."""
    python = VENV / "bin" / "python"
    if pathlib.Path(sys.prefix) == VENV:
        return
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    if subprocess.run([python, "-c", "import kosoku"], stderr=subprocess.DEVNULL).returncode:
        subprocess.run([python, "-m", "pip", "install", "--quiet", KOSOKU], check=True)
    os.execv(python, [str(python), *sys.argv])


def command():
    named = os.environ.get("WEBSOCKET_SERVER")
    if named:
        return shlex.split(named)
    extension = ROOT / "target" / "release" / "libswoole.so"
    if not extension.exists():
        sys.exit(f"{extension} is not there: run `make build` first")
    return ["php", "-n", "-d", f"extension={extension}", str(ROOT / "tests" / "websocket" / "server.php")]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(program, mode):
    port = free_port()
    server = subprocess.Popen([*program, str(port), mode], stdout=subprocess.DEVNULL, start_new_session=True)
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return server, port
        except OSError:
            time.sleep(0.05)  # until it listens
    stop(server)
    sys.exit(f"the server did not listen within {PATIENCE} s: {shlex.join(program)}")


def stop(server):
    server.terminate()
    try:
        server.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, 9)
        server.wait()


async def run(port, cases, excluded, at_once):
    import kosoku

    try:
        return await kosoku.run_fuzzingclient(f"ws://127.0.0.1:{port}", cases or None, excluded or None, at_once)
    except kosoku.FailureError as failure:
        return failure.results


def ran_out(result):
    """Whether a case failed because kosoku waited no longer."""
    return result.was_close_handshake_timeout or result.was_server_connection_drop_timeout or result.was_open_handshake_timeout


def judge(port, mode, cases):
    """Runs cases; how many passed and failed."""
    excluded = COMPRESSION if mode == "process" and not cases else []
    results = {result.case_id: result for result in asyncio.run(run(port, cases, excluded, AT_ONCE))}
    again = [case for case, result in results.items() if not result.passed and ran_out(result)]
    if again:
        print(f"# {mode}: once more, since kosoku waited no longer: {', '.join(again)}")
        results |= {result.case_id: result for result in asyncio.run(run(port, again, [], 1))}
    for case, result in results.items():
        if not result.passed:
            print(f"not ok {mode} {case}: {result.behavior.value}, its end {result.behavior_close.value}")
            print(f"    {result.result}; {result.result_close}")
    good = [result for result in results.values() if result.passed]
    lax = [result.case_id for result in good if result.behavior.value == "NON-STRICT"]
    print(f"{mode}: {len(good)} of {len(results)} cases passed" + (f", not strictly: {', '.join(lax)}" if lax else ""))
    return len(good), len(results) - len(good)


def main():
    in_venv()
    program, passed, failed = command(), 0, 0
    for mode in ("base", "process"):
        server, port = start(program, mode)
        try:
            good, bad = judge(port, mode, sys.argv[1:])
        finally:
            stop(server)
        passed, failed = passed + good, failed + bad + (good + bad == 0)
    print(f"{passed} passed, {failed} failed", flush=True)
    # Not by way of kosoku's threads, which may still be at something.
    os._exit(1 if failed else 0)


if __name__ == "__main__":
    main()
