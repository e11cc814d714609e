#!/usr/bin/env python3
"""The Autobahn cases against a WebSocket server, in both modes: tests/websocket/run.py [CASE...]

kosoku (PyPI) runs the cases of the Autobahn suite natively; it is installed into target/websocket-venv if it is not there. The
server is the Rust example, which is built if need be, or what WEBSOCKET_SERVER names: a command that takes a port and a mode (`base`, `process`).
CASE is a number or a pattern (`9.*`). Each case is a test; those that kosoku gets wrong are named below, and what they would have shown is shown
by tests of ours. The last line is `N passed, N failed`.
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

# Cases that break in kosoku itself, whatever the server does, with the reason.
BROKEN = {}


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
    build = ["cargo", "build", "--quiet", "--release", "-p", "swoole-core", "--example", "websocket"]
    subprocess.run(build, cwd=ROOT, check=True)
    return [str(ROOT / "target" / "release" / "examples" / "websocket")]


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


async def run(port, cases):
    import kosoku

    try:
        return await kosoku.run_fuzzingclient(f"ws://127.0.0.1:{port}", cases or None, list(BROKEN) or None, AT_ONCE)
    except kosoku.FailureError as failure:
        return failure.results


def main():
    in_venv()
    program, passed, failed = command(), 0, 0
    for mode in ("base", "process"):
        server, port = start(program, mode)
        try:
            results = asyncio.run(run(port, sys.argv[1:]))
        finally:
            stop(server)
        good = [result for result in results if result.passed]
        for result in results:
            if not result.passed:
                print(f"not ok {mode} {result.case_id}: {result.behavior.value}, close {result.behavior_close.value}")
                print(f"    {result.result}; {result.result_close}")
        lax = [result.case_id for result in good if result.behavior.value == "NON-STRICT"]
        print(f"{mode}: {len(good)} of {len(results)} cases passed" + (f", not strictly: {', '.join(lax)}" if lax else ""))
        passed, failed = passed + len(good), failed + len(results) - len(good)
        if not results:
            print("not ok: no case was run")
            failed += 1
    for case, why in BROKEN.items():
        print(f"# {case} is left out: {why}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
