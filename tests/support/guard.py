#!/usr/bin/env python3
"""Runs one command and lets nothing that it started outlive it.

    guard.py [--timeout SECONDS] -- COMMAND...

The guard is the reaper of every process below it, also of those that made themselves daemons. It
ends with the command's exit code; 124 when the time was up; 125 when the command ended well but
left processes behind. Whatever is left is killed, and named on stderr.
"""
import ctypes
import os
import resource
import signal
import sys
import time

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
GRACE = 3.0  # seconds that processes may take to end after the command has


def prctl(option, value):
    if ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def below(root):
    """The live processes below `root`, with their command lines."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat", "rb") as f:
                    fields = f.read().rpartition(b")")[2].split()
            except OSError:
                continue
            if fields[0] != b"Z":
                parents[int(name)] = int(fields[1])
    found, added = {root}, True
    while added:
        added = False
        for pid, parent in parents.items():
            if parent in found and pid not in found:
                found.add(pid)
                added = True
    found.discard(root)
    return found


def describe(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as f:
            return f"{pid}: " + f.read().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return str(pid)


def reap(command):
    """Takes every exit status there is; gives the command's, if it is among them."""
    status = None
    while True:
        try:
            pid, got = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return status
        if pid == 0:
            return status
        if pid == command:
            status = got


def kill_all():
    """Kills until nothing is left: a process may fork while it is being looked for."""
    while below(os.getpid()):
        for pid in below(os.getpid()):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.01)
        reap(0)


def main():
    arguments = sys.argv[1:]
    timeout = 60.0
    if arguments[:1] == ["--timeout"]:
        timeout, arguments = float(arguments[1]), arguments[2:]
    if arguments[:1] != ["--"] or len(arguments) < 2:
        sys.exit(__doc__)
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: (kill_all(), os._exit(130)))

    command = os.fork()
    if command == 0:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):
            signal.signal(number, signal.SIG_DFL)
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        os.setpgid(0, 0)
        most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
        try:
            os.execvp(arguments[1], arguments[1:])
        except OSError as error:
            os.write(2, f"{arguments[1]}: {error}\n".encode())
            os._exit(127)

    deadline = time.monotonic() + timeout
    status = None
    while status is None and time.monotonic() < deadline:
        status = reap(command)
        if status is None:
            time.sleep(0.01)
    if status is None:
        print(f"guard: not done after {timeout:g} s; killed with what it had started:", file=sys.stderr)
        for pid in sorted(below(os.getpid())):
            print("  " + describe(pid), file=sys.stderr)
        kill_all()
        sys.exit(124)

    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
    if code != 0:
        kill_all()
        sys.exit(code)
    deadline = time.monotonic() + GRACE
    left = below(os.getpid())
    while left and time.monotonic() < deadline:
        time.sleep(0.01)
        reap(command)
        left = below(os.getpid())
    if left:
        print("guard: the command ended and left these behind:", file=sys.stderr)
        for pid in sorted(left):
            print("  " + describe(pid), file=sys.stderr)
        kill_all()
        sys.exit(125)
    sys.exit(0)


if __name__ == "__main__":
    main()
